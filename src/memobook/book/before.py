"""The texts that a book's settings have for the pages before its memos.

What goes in: a book and a change of nodes. What comes out: the book with its imprint
and its epigraph changed, as its memos are by a pass.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from memobook.book.model import Book
from memobook.book.tree import Child, Node, rewrite

__all__ = ["rewritten_before"]


def rewritten_before(
    book: Book, change: Callable[[Node], Child | tuple[Child, ...]]
) -> Book:
    """Return the book with all nodes of these texts replaced; see rewrite()."""
    imprint, epigraph = rewrite(book.imprint, change), rewrite(book.epigraph, change)
    return replace(book, imprint=imprint, epigraph=epigraph)
