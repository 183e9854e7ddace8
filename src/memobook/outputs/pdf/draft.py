"""Guess where everything will stand, before or while the sections are laid out.

What goes in: a book, the order of its sections, and the sheets that there are. What
comes out: about how many pages each section has and where each anchor stands. Nothing
of it is printed: a number of the same length as the right one saves a layout, another
length costs one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from memobook.book.model import Book, Memo
from memobook.book.structure import branches
from memobook.book.tree import Child
from memobook.design.paper import Paper
from memobook.design.section import Kind, Section
from memobook.outputs.pdf.beginnings import folio_of
from memobook.outputs.pdf.setting import placed
from memobook.outputs.pdf.sheet import Sheet

__all__ = ["Draft", "Rooms", "draft", "is_sure", "rooms"]

_OPENER = 500
"""Characters that would stand in the room that a title and a byline take."""
_ROOM = {
    "p": 30, "li": 30, "dt": 30, "dd": 30, "h2": 190, "h3": 160, "h4": 130,
    "blockquote": 100, "figure": 800, "math": 120, "pre": 400, "table": 150, "tr": 60,
}  # fmt: skip
"""Element -> how many characters would stand in the room that it takes beside its own:
ends of lines, space above and below, a picture."""
_NOTE = 80
"""The same for a note at the foot of the page."""
_TITLE, _ENTRY, _BYLINE, _BELOW = 4.0, 1.0, 1.0, 1.0
"""How many lines of text would stand in the room of what a list of contents holds."""
_GAP, _GAP_IN_PART = 1.0, 0.5
"""The same for the room below an entry."""
_DOUBT = 0.15
"""How far a guess may be from what it will be, as a share of it."""


@dataclass(frozen=True, slots=True)
class Draft:
    """About where a book's text will stand."""

    pages: Mapping[str, int]
    """Section -> how many pages it has."""
    folios: Mapping[str, str]
    """Anchor -> its page number."""

    @property
    def digits(self) -> int:
        """How many digits the last page's number may have."""
        numbers = (int(folio) for folio in self.folios.values() if folio.isdecimal())
        return len(str(round(max(numbers, default=1) * (1 + _DOUBT))))


Rooms = Mapping[str, Mapping[str, int]]
"""Memo -> how much room is taken before each of its anchors, and before its end; in
characters of plain text."""


def rooms(book: Book) -> Rooms:
    """Return what a guess asks of a book; it is the same for all of them."""
    return {memo.id: _offsets(memo) for memo in book.memos}


def draft(
    book: Book,
    texts: Rooms,
    frames: Sequence[Section],
    sheets: Mapping[str, Sheet],
    paper: Paper,
) -> Draft:
    """Return a guess that knows what is laid out already.

    `texts` are the book's rooms, and `frames` all sections in their order; what they
    hold does not matter.
    """
    rate = _rate(texts, sheets, paper)
    pages = {Kind.CONTENTS.value: _pages_of_contents(book, paper)}
    spots: dict[str, Iterable[tuple[str, int]]] = {f.id: ((f.id, 0),) for f in frames}
    for name, offsets in texts.items():
        pages[name] = max(1, round(offsets[name + _END] / rate + 0.5))
        spots[name] = ((anchor, int(n / rate)) for anchor, n in offsets.items())
    for name, sheet in sheets.items():
        pages[name] = sheet.pages
        spots[name] = ((anchor, place.page) for anchor, place in sheet.anchors)
    folios = {
        anchor: folio_of(place.section.folio, place.folio + page)
        for place in placed(frames, pages)
        for anchor, page in spots[place.section.id]
    }
    return Draft(pages, folios)


def _rate(texts: Rooms, sheets: Mapping[str, Sheet], paper: Paper) -> float:
    """Return how many characters a page holds: as on those that are laid out."""
    size = sum(texts[name][name + _END] for name in sheets)
    count = sum(sheet.pages for sheet in sheets.values())
    return size / count if size else paper.characters


def _pages_of_contents(book: Book, paper: Paper) -> int:
    """Return how many pages the list of contents will most likely have.

    No entry is parted from what stands below it, so that few pages are full.
    """
    pages, room = 1, paper.lines - _TITLE
    for lines in _entries(book):
        if lines > room:
            pages, room = pages + 1, paper.lines
        room -= lines
    return pages


def _entries(book: Book) -> Iterator[float]:
    """Yield how many lines each entry of the contents takes, with the room below it.

    WeasyPrint lets an entry stand at the foot of a page only with that room.
    """
    for branch in branches(book):
        yield _lines(branch.memo) + (_GAP_IN_PART if branch.below else _GAP)
        yield from (_lines(memo) + _GAP_IN_PART for memo in branch.below)
    yield from (_ENTRY + _GAP for _ in book.made)


def _lines(memo: Memo) -> float:
    headings = sum(heading.level == 2 for heading in memo.headings)
    return _ENTRY + bool(memo.authors) * _BYLINE + headings * _BELOW


def is_sure(folio: str) -> bool:
    """Tell whether a guessed number will hardly have a digit more or less.

    >>> is_sure("97"), is_sure("102"), is_sure("50")
    (False, False, True)
    """
    number = int(folio)
    low, high = number * (1 - _DOUBT), number * (1 + _DOUBT)
    return len(str(round(low))) == len(str(round(high)))


_END = "\n"  # in no anchor


def _offsets(memo: Memo) -> dict[str, int]:
    """Return how much room is taken before each anchor of a memo, and its end."""
    found = {memo.id: 0}
    # A page that opens a part, or lists something, has no byline and no abstract.
    count = _OPENER if memo.abstract else 0
    before = (memo.abstract, *memo.key_points)
    stack: list[Child] = [memo.body, *(c for content in before for c in content)]
    while stack:
        child = stack.pop()
        if isinstance(child, str):
            count += len(child)
            continue
        if child.has("id"):
            found[child.get("id")] = count
        count += _ROOM.get(child.tag, _NOTE if child.has("data-note") else 0)
        stack += reversed(child.children)
    found[memo.id + _END] = count
    return found
