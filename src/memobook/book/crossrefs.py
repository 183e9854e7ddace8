"""Find out where each bracket such as [@fig:orbits] leads.

What goes in: a book whose anchors have names. What comes out: brackets as links to the
book's own anchors, and every one that leads nowhere reported with its place.
"""

from __future__ import annotations

from dataclasses import replace

from memobook.book.brackets import is_bracket, items_of
from memobook.book.model import Book, Memo
from memobook.book.tree import Child, Node, rewrite
from memobook.diagnostics import Code, Reporter, Span
from memobook.project.config import BOOK_FILE

__all__ = ["resolve_brackets"]


def resolve_brackets(book: Book, reporter: Reporter) -> Book:
    """Resolve every bracket; one that leads nowhere keeps its text and is reported."""

    def resolve(node: Node) -> Child:
        if not is_bracket(node):
            return node
        for item in items_of(node):
            span = node.span or Span(BOOK_FILE)
            message = f"nothing in the book is called @{item.key}"
            hint = "write \\[ if the bracket is meant as it stands"
            reporter.error(Code.REFERENCE_UNKNOWN, span, message, hint)
        return f"[{node.get('refs')}]"

    def resolved(memo: Memo) -> Memo:
        return replace(
            memo,
            body=rewrite(memo.body, resolve),
            footnotes=tuple((k, rewrite(n, resolve)) for k, n in memo.footnotes),
            abstract=rewrite(Node("div", (), memo.abstract), resolve).children,
            key_points=tuple(
                rewrite(Node("div", (), p), resolve).children for p in memo.key_points
            ),
        )

    memos = tuple(map(resolved, book.memos))
    return replace(book, memos=memos, imprint=rewrite(book.imprint, resolve))
