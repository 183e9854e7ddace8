"""Tell at once that a memo has nothing of some kind: no index term, no formula.

What goes in: a memo as it was read. What comes out: the tags, attributes and classes in
it. Half of what a book is taken through looks for something that few memos have, and
would walk through all elements of all memos to find nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from memobook.book.model import Memo
from memobook.book.tree import Node, nodes

__all__ = ["lacks", "with_marks"]


def with_marks(memo: Memo) -> Memo:
    """Return a memo that knows what stands in it."""
    inline = Node("div", (), (*memo.abstract, *(c for p in memo.key_points for c in p)))
    trees = (inline, memo.body, *(note for _, note in memo.footnotes))
    found: set[str] = set()
    for tree in trees:
        for node in nodes(tree):
            found.add(node.tag)
            for name, value in node.attributes:
                found.add(name)
                if name == "class":
                    found.update(value.split())
    return replace(memo, marks=frozenset(found))


def lacks(memo: Memo, marks: Iterable[str]) -> bool:
    """Tell whether a memo surely has none of some tags, attributes and classes."""
    return memo.marks is not None and memo.marks.isdisjoint(marks)
