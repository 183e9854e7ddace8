"""Put memos into the structure of a book: front matter, parts, appendices and so on.

What goes in: parsed memos, and what [contents] lists. What comes out: memos in the
order of the book, with those that have no file of their own, and their numbers. The
memos' numbers go on through the parts; appendices have letters, front and back matter
nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import get_args

from memobook.book.model import Book, Matter, Memo
from memobook.book.numerals import letters, roman
from memobook.book.outline import slug
from memobook.book.punctuation import punctuated
from memobook.book.tree import Node
from memobook.project.config import BOOK_FILE
from memobook.project.contents import Listed
from memobook.project.schema import MemoKind

__all__ = ["Branch", "arranged", "branches", "neighbours", "number_memos"]

_KINDS = frozenset(get_args(MemoKind))
_OTHER_NAMES = {"acknowledgments": "acknowledgements", "executive-summary": "summary"}


def arranged(
    memos: Sequence[Memo],
    listed: Sequence[Listed],
    titles: Mapping[str, str],
    language: str,
) -> tuple[Memo, ...]:
    """Return the memos as they are listed, with the pages that memobook makes.

    A memo that could not be read is left out; what is wrong was reported.
    """
    read = {memo.path: memo for memo in memos}
    found: list[Memo] = []
    part = 0
    for item in listed:
        part += item.matter is Matter.PART
        is_in_part = item.matter in {Matter.PART, Matter.MEMO}
        memo = read.get(item.path) if item.path else _made(item, titles, language)
        if memo is not None:
            own = part if is_in_part else 0
            memo = replace(memo, matter=item.matter, part=own, kind=_kind(memo, item))
            found.append(memo)
    return tuple(found)


def _made(item: Listed, titles: Mapping[str, str], language: str) -> Memo:
    """Return a page without a text."""
    return Memo(
        id=item.made or f"part-{slug(item.title)}",
        path=BOOK_FILE,
        title=titles[item.made] if item.made else punctuated(item.title, language),
        title_span=item.span,
        language=language,
        body=Node("div", (), (), item.span),
        span=item.span,
    )


def _kind(memo: Memo, item: Listed) -> str:
    """Return what a memo is: as its block says, else as its file is called."""
    if memo.kind or item.made or item.matter not in {Matter.FRONT, Matter.BACK}:
        return memo.kind or item.made
    stem = PurePosixPath(memo.path).stem.lower().replace("_", "-").replace(" ", "-")
    name = _OTHER_NAMES.get(stem, stem)
    return name if name in _KINDS else ""


def number_memos(book: Book) -> Book:
    """Give memos, appendices and parts their numbers, each from the first one on."""
    count: Counter[Matter] = Counter()
    memos = []
    for memo in book.memos:
        if shown := _NUMERALS.get(memo.matter):
            count[memo.matter] += 1
            number = count[memo.matter]
            memo = replace(memo, number=number, numeral=shown(number))
        memos.append(memo)
    return replace(book, memos=tuple(memos))


# How is the number of each kind shown? Front and back matter has none.
_NUMERALS: Mapping[Matter, Callable[[int], str]] = {
    Matter.PART: lambda number: roman(number).upper(),
    Matter.MEMO: str,
    Matter.APPENDIX: letters,
}


def neighbours(book: Book, memo: Memo) -> tuple[Memo | None, Memo | None]:
    """Return what stands before and behind a memo."""
    memos = book.memos
    at = next(i for i, other in enumerate(memos) if other.id == memo.id)
    before = memos[at - 1] if at else None
    return before, memos[at + 1] if at + 1 < len(memos) else None


@dataclass(frozen=True, slots=True)
class Branch:
    """A memo, and those that stand below it in contents: a part's."""

    memo: Memo
    below: tuple[Memo, ...] = ()


def branches(book: Book) -> Iterator[Branch]:
    """Yield the book's memos as contents show them: a part holds its own."""
    for memo in book.memos:
        if memo.matter is Matter.PART:
            own = (m for m in book.memos if m.part == memo.part and m is not memo)
            yield Branch(memo, tuple(own))
        elif not memo.part:
            yield Branch(memo)
