"""Count what must not get lost between a book, its sheets and its PDF.

What goes in: an outline, or counts. What comes out: counts that can be added up and
compared. What a PDF holds is counted in counting.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from memobook.outputs.pdf.leaves import OutlineItem

__all__ = ["NONE", "Counts", "bookmarks", "lost"]


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


def bookmarks(outline: Sequence[OutlineItem]) -> int:
    """Count the lines of an outline."""
    return sum(1 + bookmarks(item.children) for item in outline)
