"""Lay the structure trees of the sheets end to end under one Document.

What goes in: a sheet's objects, of which its tree's roots are taken. What comes out: a
Part for each sheet, and the trees that lead from pages and links to their elements and
from identifiers to theirs. ISO 32000-1, 14.7

A PDF 2.0 says more: which elements its anchors stand for, and what a call, a note and
an entry of the contents refer to. Then a note is a FENote. ISO 32000-2, 14.7 and 14.8
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import pikepdf

from memobook.outputs.pdf.source import (
    STRING,
    Source,
    array,
    references,
    renumbered,
)
from memobook.outputs.pdf.treetext import ANCHORS
from memobook.outputs.pdf.writer import Writer

__all__ = ["Tree"]

_ENTRY = re.compile(rb"(\d+) (\[[^\]]*\]|\d+ 0 R)")
_NAME = re.compile(rb"(%b|<[0-9a-f]*>) (\d+ 0 R)" % STRING)
_NUMS = re.compile(rb"/Nums \[(.*)\]")
_NAMES = re.compile(rb"/Names \[(.*)\]")
_REFERRING = re.compile(rb"/Ref \[ ((?:(?:%b|<[0-9a-f]*>) )+)\] ?" % STRING)
_ANCHOR = re.compile(rb"%b|<[0-9a-f]*>" % STRING)
_NAMESPACE = b"<< /NS (http://iso.org/pdf2/ssn) /Type /Namespace >>"
_LANGUAGE = re.compile(rb"/Lang %b" % STRING)


@dataclass(frozen=True, slots=True)
class Roots:
    """The roots of a sheet's tree, whose references are still the sheet's own."""

    part: int
    """The number of the book's element for the sheet."""
    kids: bytes
    parents: bytes
    ids: bytes
    anchors: bytes
    language: bytes
    """The sheet's, as an entry."""


@dataclass(slots=True)
class Tree:
    """The book's structure tree."""

    writer: Writer
    is_pdf_2: bool = False
    elements: dict[str, int] = field(default_factory=dict)
    """Anchor -> the number of what it stands for; of a PDF 2.0 only."""
    _references: dict[tuple[str, ...], int] = field(default_factory=dict)
    """Anchors -> the number of a list with what they stand for."""
    _namespace: int = 0
    _root: int = field(init=False)
    _document: int = field(init=False)
    _parts: list[int] = field(default_factory=list)
    _parents: list[bytes] = field(default_factory=list)
    _ids: list[tuple[bytes, bytes]] = field(default_factory=list)
    """(raw identifier, entry)"""

    def __post_init__(self) -> None:
        self._root, self._document = self.writer.reserve(), self.writer.reserve()
        if self.is_pdf_2:
            self._namespace = self.writer.add(_NAMESPACE)

    def take(self, source: Source) -> tuple[Roots | None, dict[int, int]]:
        """Take the roots out of a sheet; return what to use in their stead."""
        root = source.value(source.root, b"StructTreeRoot")
        if root is None:
            return None, {}
        parents = source.value(root, b"ParentTree")
        ids = source.value(root, b"IDTree")
        anchors = source.value(root, ANCHORS)
        documents = tuple(references(array(source.objects[root], b"K")))
        roots = Roots(
            part=self.writer.reserve(),
            kids=b"".join(array(source.objects[n], b"K") for n in documents),
            parents=_inside(_NUMS, source, parents),
            ids=_inside(_NAMES, source, ids),
            anchors=_inside(_NAMES, source, anchors),
            language=_language(source.objects[source.root]),
        )
        taken = (root, parents, ids, anchors, *documents)
        source.drop(n for n in taken if n is not None)
        return roots, {root: self._document, **dict.fromkeys(documents, roots.part)}

    def add(self, roots: Roots, numbers: Mapping[bytes, bytes], first_key: int) -> None:
        """Put a sheet's tree to the book's; `numbers` are its objects' new ones.

        The sheet's keys into the parent tree go on with `first_key`.
        """
        self._parts.append(roots.part)
        kids = renumbered(roots.kids, numbers)
        above = b"/P %d 0 R /S /Part /Type /StructElem" % self._document
        facts = kids, roots.language, above
        self.writer.put(roots.part, b"<< /K [%b] %b%b >>" % facts)
        for key, value in _ENTRY.findall(renumbered(roots.parents, numbers)):
            self._parents.append(b"%d %b" % (int(key) + first_key, value))
        for name, element in _NAME.findall(renumbered(roots.ids, numbers)):
            raw = bytes(pikepdf.Object.parse(name))
            self._ids.append((raw, b"%b %b" % (name, element)))

        if self.is_pdf_2:
            for name, element in _NAME.findall(renumbered(roots.anchors, numbers)):
                anchor = str(pikepdf.Object.parse(name))
                self.elements[anchor] = int(element.partition(b" ")[0])

    def rewritten(self, element: bytes) -> bytes:
        """Return an element of a sheet as the book has it."""
        if not self.is_pdf_2:
            element = _NEW_NUMBERING.sub(_old_numbering, element)
            return _REFERRING.sub(b"", element)
        note = b"/NS %d 0 R /S /FENote" % self._namespace
        element = element.replace(b"/S /Note ", note + b" ")
        return _REFERRING.sub(self._reference, element)

    def _reference(self, found: re.Match[bytes]) -> bytes:
        names = _ANCHOR.findall(found[1])
        anchors = tuple(str(pikepdf.Object.parse(name)) for name in names)
        if anchors not in self._references:
            self._references[anchors] = self.writer.reserve()
        return b"/Ref %d 0 R " % self._references[anchors]

    def close(self, next_key: int) -> int | None:
        """Write the roots, with the first free key; return the root's number.

        None if no sheet is tagged.
        """
        for anchors, number in self._references.items():
            listed = b" ".join(b"%d 0 R" % self.elements[a] for a in anchors)
            self.writer.put(number, b"[ %b ]" % listed)
        parts = b" ".join(b"%d 0 R" % part for part in self._parts)
        space = b"/NS %d 0 R " % self._namespace if self.is_pdf_2 else b""
        document = b"<< /K [ %b ] %b/P %d 0 R /S /Document /Type /StructElem >>"
        self.writer.put(self._document, document % (parts, space, self._root))
        parents = self.writer.add(b"<< /Nums [ %b ] >>" % b" ".join(self._parents))
        entries = b"/K [ %d 0 R ] /ParentTree %d 0 R /ParentTreeNextKey %d " % (
            self._document,
            parents,
            next_key,
        )
        if self._ids:
            names = b" ".join(entry for _, entry in sorted(self._ids))
            ids = self.writer.add(b"<< /Names [ %b ] >>" % names)
            entries = b"/IDTree %d 0 R " % ids + entries
        if self.is_pdf_2:
            entries += b"/Namespaces [ %d 0 R ] " % self._namespace
        self.writer.put(self._root, b"<< %b/Type /StructTreeRoot >>" % entries)
        return self._root if self._parts else None


# How did PDF 1.7 call the numbering of lists? One with marks is not "None", so that
# whoever reads it knows them from the terms of a list of definitions.
_NEW_NUMBERING = re.compile(rb"/ListNumbering /(Description|Ordered|Unordered)\b")
_OLD_NUMBERING = {
    b"Description": b"None",
    b"Ordered": b"Decimal",
    b"Unordered": b"Disc",
}


def _old_numbering(found: re.Match[bytes]) -> bytes:
    return b"/ListNumbering /" + _OLD_NUMBERING[found[1]]


def _language(catalogue: bytes) -> bytes:
    found = _LANGUAGE.search(catalogue)
    return found[0] + b" " if found else b""


def _inside(pattern: re.Pattern[bytes], source: Source, number: int | None) -> bytes:
    found = pattern.search(source.objects[number]) if number is not None else None
    return found[1] if found else b""
