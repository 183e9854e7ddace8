"""Count what a PDF holds: each sheet when it is laid out, and the bound book.

What goes in: a sheet's PDF and its structure tree, or a finished PDF. What comes out:
counts that can be added up and compared, so that no build delivers a PDF which has lost
something of its sheets.

A finished PDF is opened once, and neither its pages nor its structure tree are walked:
there are 30 elements a page, of 3 KB each as objects of qpdf, so all is counted in the
object streams as they are. ISO 32000-1, 7.5.7
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import pikepdf
from pikepdf import Name, Pdf

from memobook.book.references import TARGET
from memobook.design.section import PAGE_SCHEME
from memobook.outputs.pdf.counts import Counts
from memobook.outputs.pdf.elements import Element
from memobook.outputs.pdf.source import STRING

__all__ = ["links", "of_book", "of_tree", "pictures"]

_INSIDE = (TARGET, PAGE_SCHEME)
_PICTURE = b"/Subtype /Image"
_OBJECTS = b"/Type /ObjStm"


# As qpdf and bind.py write them
_AREAS, _AREA, _KIDS = b"/Annots [", b"/Subtype /Link", b"/K ["
_DOCUMENT, _PART, _FIGURE = b"/S /Document ", b"/S /Part ", b"/S /Figure "
_NOTES = (b"/S /Note ", b"/S /FENote ")
_COUNTED = (_AREAS, _AREA, _DOCUMENT, _PART, _FIGURE, *_NOTES)
_KIND = re.compile(b"|".join(map(re.escape, _COUNTED)))
_ADDRESS = b"/S /URI "
_WAY = re.compile(_ADDRESS + b"|/Dest ")
_REFERENCE = re.compile(rb"(\d+) 0 R")
_STRINGS = re.compile(STRING)


# A sheet


def of_tree(document: Element) -> Counts:
    """Count what a sheet's structure tree holds."""
    kinds = [element.kind for element in document.below()]
    return Counts(
        branches=len(document.elements),
        notes=kinds.count("Note"),
        figures=kinds.count("Figure"),
    )


def links(pdf: Pdf, inside: tuple[str, ...] = _INSIDE) -> Counts:
    """Count live areas; `inside` begins the addresses that become places when bound."""
    out = within = 0
    for page in pdf.pages:
        for annotation in page.obj.get(Name.Annots, ()):
            if Name.Dest in annotation:
                within += 1
            elif Name.A in annotation:
                is_inside = inside and str(annotation.A.URI).startswith(inside)
                within, out = within + bool(is_inside), out + (not is_inside)
    return Counts(addresses=out, references=within)


def pictures(data: bytes) -> int:
    """Count the raster pictures of a PDF, whose streams stand open in it."""
    return data.count(_PICTURE)


# The book


def of_book(data: bytes, wanted: Counts) -> Counts:
    """Count what a finished PDF holds, exactly where it is not what was wanted."""
    # Pages that are asked for what they inherit load all objects: 80 KB a page.
    with pikepdf.open(io.BytesIO(data), inherit_page_attributes=False) as pdf:
        root = pdf.Root
        more = Counts(
            pages=len(root.Pages.Kids),
            pictures=pictures(data),
            bookmarks=_lines(root.get(Name.Outlines)),
            files=_files(root),
        )
        found = more + _counted(_objects(pdf, data))
        if found != wanted:
            # An author's words may look like what is counted.
            plain = ((n, _STRINGS.sub(b"()", text)) for n, text in _objects(pdf, data))
            found = more + _counted(plain)
        return found


def _files(root: Any) -> int:  # noqa: ANN401
    names = root.get(Name.Names)
    tree = None if names is None else names.get(Name.EmbeddedFiles)
    return 0 if tree is None else len(tree.get(Name.Names, ())) // 2


def _lines(above: Any) -> int:  # noqa: ANN401
    """Count the lines of an outline below one, by what leads from line to line."""
    count = 0
    line = None if above is None else above.get(Name.First)
    while line is not None:
        count += 1 + _lines(line)
        line = line.get(Name.Next)
    return count


def _objects(pdf: Pdf, data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the objects that stand in streams, with their numbers."""
    place = data.find(_OBJECTS)
    while place != -1:
        end = data.rfind(b" 0 obj", 0, place)
        stream = pdf.get_object(int(data[data.rfind(b"\n", 0, end) + 1 : end]), 0)
        text, first = stream.read_bytes(), int(stream.First)
        facts = list(map(int, text[:first].split()))
        starts = [first + start for start in facts[1::2]]
        for number, start, stop in zip(
            facts[::2], starts, [*starts[1:], len(text)], strict=True
        ):
            yield number, text[start:stop]
        place = data.find(_OBJECTS, place + 1)


def _counted(objects: Iterable[tuple[int, bytes]]) -> Counts:
    """Count the objects of each kind; of areas and branches those that are in use."""
    kinds: Counter[bytes] = Counter()
    outside: dict[bytes, bool] = {}
    branches: dict[bytes, int] = {}
    areas, parts = [], []
    for number, text in objects:
        for kind in _KIND.findall(text):
            kinds[kind] += 1
            if kind == _AREA and (way := _WAY.search(text)):
                outside[b"%d" % number] = way[0] == _ADDRESS
            elif kind == _AREAS:
                areas += _references(kind, text)
            elif kind == _PART:
                branches[b"%d" % number] = len(_references(_KIDS, text))
            elif kind == _DOCUMENT:
                parts = _references(_KIDS, text)
    ways = Counter(outside[area] for area in areas if area in outside)
    return Counts(
        addresses=ways[True],
        references=ways[False],
        branches=sum(branches.get(part, 0) for part in parts),
        notes=sum(kinds[kind] for kind in _NOTES),
        figures=kinds[_FIGURE],
    )


def _references(key: bytes, text: bytes) -> list[bytes]:
    """Return the numbers of the objects in the array that follows a key."""
    array = text.partition(key)[2].partition(b"]")[0]
    return _REFERENCE.findall(array)
