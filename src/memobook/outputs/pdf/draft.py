"""Guess where everything will stand, before or while the sections are laid out.

What goes in: a book, and the sheets that there are. What comes out: about how many
pages each section has and where each anchor stands. Nothing of it is printed: a number
of the same length as the right one saves a layout, another length costs one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from memobook.book.model import Book, Matter, Memo
from memobook.book.numerals import roman
from memobook.book.tree import Child
from memobook.design.paper import Paper
from memobook.outputs.pdf.sheet import Sheet

__all__ = ["Draft", "draft", "is_sure"]

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
_FRONT = 4
"""The roman number of the first page after a short list of contents."""
_DOUBT = 0.15
"""How far a guess may be from what it will be, as a share of it."""


@dataclass(frozen=True, slots=True)
class Draft:
    """About where a book's text will stand."""

    pages: Mapping[str, int]
    """Memo -> how many pages it has."""
    folios: Mapping[str, str]
    """Anchor -> its page number."""


def draft(book: Book, sheets: Mapping[str, Sheet], paper: Paper) -> Draft:
    """Return a guess that knows the memos that are laid out already."""
    texts = {memo.id: _offsets(memo) for memo in book.memos}
    known = [(texts[i][i + _END], sheet.pages) for i, sheet in sheets.items()]
    pages_known = sum(pages for _, pages in known)
    size_known = sum(size for size, _ in known)
    rate = size_known / pages_known if pages_known else paper.characters
    pages: dict[str, int] = {}
    folios: dict[str, str] = {}
    first, first_roman = 1, _FRONT
    for memo in book.memos:
        sheet = sheets.get(memo.id)
        offsets = texts[memo.id]
        if sheet is None:
            pages[memo.id] = max(1, round(offsets[memo.id + _END] / rate + 0.5))
            places = {name: int(count / rate) for name, count in offsets.items()}
        else:
            pages[memo.id] = sheet.pages
            places = {name: place.page for name, place in sheet.anchors}
        if memo.matter is Matter.FRONT:
            folios |= {n: roman(first_roman + page) for n, page in places.items()}
            first_roman += pages[memo.id]
        else:
            folios |= {name: str(first + page) for name, page in places.items()}
            first += pages[memo.id]
    return Draft(pages, folios)


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
    """Return how much room is taken before each anchor of a memo, and before its end.

    In characters of plain text.
    """
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
