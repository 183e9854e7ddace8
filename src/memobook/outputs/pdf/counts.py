"""Count what a PDF holds: each sheet when it is laid out, and the bound book.

What goes in: a sheet's PDF and its structure tree, or a finished PDF. What comes out:
counts that can be added up and compared, so that no build delivers a PDF which has lost
something of its sheets.

A finished PDF is opened once, and its structure tree not walked: there are 30 elements
a page, so their kinds are counted in the object streams as they are. ISO 32000-1, 7.5.7
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import pikepdf
from pikepdf import Name, Pdf

from memobook.book.references import TARGET
from memobook.design.section import PAGE_SCHEME
from memobook.outputs.pdf.elements import Element
from memobook.outputs.pdf.source import STRING

if TYPE_CHECKING:
    from memobook.outputs.pdf.navigation import OutlineItem

__all__ = [
    "NONE",
    "Counts",
    "bookmarks",
    "links",
    "lost",
    "of_book",
    "of_tree",
    "pictures",
]

_INSIDE = (TARGET, PAGE_SCHEME)
_PICTURE = b"/Subtype /Image"
_OBJECTS = b"/Type /ObjStm"
_KINDS = {"notes": (b"/S /Note ", b"/S /FENote "), "figures": (b"/S /Figure ",)}
_TEXTS = re.compile(STRING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How much there is of what must not get lost."""

    pages: int = 0
    addresses: int = 0
    """Live areas that lead out of the book."""
    references: int = 0
    """Live areas that lead to a place in it."""
    branches: int = 0
    """What stands at the top of a sheet's structure tree."""
    notes: int = 0
    figures: int = 0
    """In the structure tree, where they have an alternative text."""
    pictures: int = 0
    """Raster pictures, masks included."""
    bookmarks: int = 0
    files: int = 0
    """Those that are attached."""

    def __add__(self, other: Counts) -> Counts:
        """Return what both hold together."""
        names = (f.name for f in fields(self))
        return Counts(**{n: getattr(self, n) + getattr(other, n) for n in names})


NONE = Counts()

_SAID = {
    "pages": "pages",
    "addresses": "links out of the book",
    "references": "links inside the book",
    "branches": "parts of the text for screen readers",
    "notes": "notes",
    "figures": "pictures with a text",
    "pictures": "pictures",
    "bookmarks": "bookmarks",
    "files": "attached files",
}


def lost(wanted: Counts, found: Counts) -> Iterator[str]:
    """Yield a few words for each difference; more pictures may be in running heads."""
    for name, said in _SAID.items():
        ours, theirs = getattr(wanted, name), getattr(found, name)
        if theirs < ours or (theirs > ours and name != "pictures"):
            yield f"{theirs} {said} instead of {ours}"


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


def bookmarks(outline: Sequence[OutlineItem]) -> int:
    """Count the lines of an outline."""
    return sum(1 + bookmarks(item.children) for item in outline)


# The book


def of_book(data: bytes, wanted: Counts) -> Counts:
    """Count what a finished PDF holds, exactly where it is not what was wanted."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        root = pdf.Root
        kinds = _kinds(pdf, data, wanted)
        more = Counts(
            pages=len(pdf.pages),
            branches=_branches(root),
            pictures=pictures(data),
            bookmarks=_lines(root.get(Name.Outlines)),
            files=_files(root),
            **kinds,
        )
        return links(pdf, ()) + more


def _files(root: Any) -> int:  # noqa: ANN401
    names = root.get(Name.Names)
    tree = None if names is None else names.get(Name.EmbeddedFiles)
    return 0 if tree is None else len(tree.get(Name.Names, ())) // 2


def _branches(root: Any) -> int:  # noqa: ANN401
    """Count what stands in the parts of the book's tree."""
    tree = root.get(Name.StructTreeRoot)
    if tree is None:
        return 0
    parts = (part for document in _kids(tree) for part in _kids(document))
    return sum(len(_kids(part)) for part in parts)


def _kids(element: Any) -> Sequence[Any]:  # noqa: ANN401
    found = element.get(Name.K, ())
    return list(found) if isinstance(found, pikepdf.Array) else [found]


def _lines(above: Any) -> int:  # noqa: ANN401
    """Count the lines of an outline below one, by what leads from line to line."""
    count = 0
    line = None if above is None else above.get(Name.First)
    while line is not None:
        count += 1 + _lines(line)
        line = line.get(Name.Next)
    return count


def _kinds(pdf: Pdf, data: bytes, wanted: Counts) -> dict[str, int]:
    """Count notes and figures; an author's texts may look like them."""
    texts = [pdf.get_object(n, 0).read_bytes() for n in _streams_of_objects(data)]
    found = _counted(texts)
    if any(count != getattr(wanted, name) for name, count in found.items()):
        found = _counted(_TEXTS.sub(b"()", text) for text in texts)
    return found


def _counted(texts: Iterable[bytes]) -> dict[str, int]:
    found = dict.fromkeys(_KINDS, 0)
    for text in texts:
        for name, kinds in _KINDS.items():
            found[name] += sum(text.count(kind) for kind in kinds)
    return found


def _streams_of_objects(data: bytes) -> Iterator[int]:
    """Yield the numbers of the streams that hold objects."""
    place = data.find(_OBJECTS)
    while place != -1:
        end = data.rfind(b" 0 obj", 0, place)
        yield int(data[data.rfind(b"\n", 0, end) + 1 : end])
        place = data.find(_OBJECTS, place + 1)
