"""A memo's own contents: the list of its headings that stands before its text.

What goes in: a numbered memo and a medium. What comes out: nested lists of links, with
page numbers in print.
"""

from __future__ import annotations

from memobook.book.model import Heading, Memo
from memobook.book.references import TARGET
from memobook.book.tree import Child, Node
from memobook.design.medium import Medium

__all__ = ["memo_contents"]


def memo_contents(memo: Memo, medium: Medium) -> tuple[Child, ...]:
    """Return the list; nothing if the memo wants none or has no heading."""
    deepest = 1 + (memo.contents or 0)
    headings = tuple(h for h in memo.headings if h.level <= deepest)
    return (_list(headings, medium),) if headings else ()


def _list(headings: tuple[Heading, ...], medium: Medium) -> Node:
    """Return a list in which each heading takes the deeper ones after it."""
    items: list[Node] = []
    index = 0
    while index < len(headings):
        heading, end = headings[index], index + 1
        while end < len(headings) and headings[end].level > heading.level:
            end += 1
        below = headings[index + 1 : end]
        inner = (_list(below, medium),) if below else ()
        items.append(Node("li", (), (*_line(heading, medium), *inner)))
        index = end
    return Node("ul", (), tuple(items))


def _line(heading: Heading, medium: Medium) -> tuple[Child, ...]:
    target = TARGET + heading.anchor
    link = Node("a", (("href", target),), (heading.shown,))
    shown = link.with_attributes(href=medium.target(target))
    return (shown, *medium.reference(link))
