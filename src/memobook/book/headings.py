"""Number the headings of memos and appendices: 2.1, 2.1.3, A.1.

What goes in: a book whose memos are numbered and know their headings. What comes out:
the same book; a heading's number is the first thing in it, as data, so that text,
contents, outline and references all say the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from memobook.book.model import Book, Heading, Matter, Memo
from memobook.book.tree import Node, rewrite

__all__ = ["NUMBER", "number_headings"]

NUMBER = "heading-number"
"""The class of the number in a heading."""

_UNNUMBERED = "unnumbered"
_LEVELS = {f"h{level}": level for level in range(2, 7)}
_NUMBERED = frozenset([Matter.MEMO, Matter.APPENDIX])


def number_headings(book: Book) -> Book:
    """Give headings their numbers, as deep as each memo wants it."""
    return replace(book, memos=tuple(map(_numbered, book.memos)))


def _numbered(memo: Memo) -> Memo:
    if not memo.number_headings or memo.matter not in _NUMBERED:
        return memo
    counting = _Counting(memo.numeral, memo.number_headings + 1)
    body = rewrite(memo.body, counting.number)
    headings = tuple(_with_number(h, counting.found) for h in memo.headings)
    return replace(memo, body=body, headings=headings)


def _with_number(heading: Heading, found: dict[str, str]) -> Heading:
    return replace(heading, number=found.get(heading.anchor, ""))


@dataclass(slots=True)
class _Counting:
    """Counts the headings of one memo, in reading order."""

    numeral: str
    deepest: int
    """The level of the deepest headings that have numbers."""
    counts: list[int] = field(default_factory=list)
    bare: int = 0
    """The level of the heading without a number that this is below; 0 if it is not."""
    found: dict[str, str] = field(default_factory=dict)
    """Anchor -> number."""

    def number(self, node: Node) -> Node:
        level = _LEVELS.get(node.tag)
        if level is None:
            return node
        if self.bare and level > self.bare:
            return node
        self.bare = level if _UNNUMBERED in node.classes else 0
        if self.bare or level > self.deepest:
            return node
        self.counts = [*self.counts, 0, 0, 0, 0, 0][: level - 1]
        self.counts[-1] += 1
        number = ".".join((self.numeral, *map(str, self.counts)))
        self.found[node.get("id")] = number
        label = Node("span", (("class", NUMBER),), (number,))
        numbered = node.with_items({"data-number": number})
        return numbered.with_children((label, " ", *node.children))
