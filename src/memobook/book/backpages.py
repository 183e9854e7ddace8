"""Put the pages that memobook makes for the back where [contents] names them.

What goes in: a book with its pages for the back. What comes out: the same book, a page
whose name stands in `front` or `back` of [contents] there, among the memos. What is not
named stays behind all memos, in the usual order.
"""

from __future__ import annotations

from dataclasses import replace

from memobook.book.model import BackKind, BackPage, Book, Memo
from memobook.book.tree import Node
from memobook.diagnostics import Code, Reporter

__all__ = ["is_back_page", "is_named", "place_back", "report_unmade"]

_KINDS = frozenset(kind.value for kind in BackKind)


def is_back_page(memo: Memo) -> bool:
    """Tell whether a memo stands for a page that memobook makes for the back."""
    return memo.kind in _KINDS


def is_named(book: Book, kind: BackKind) -> bool:
    """Tell whether [contents] names a page."""
    return any(memo.kind == kind.value for memo in book.memos)


def place_back(book: Book) -> Book:
    """Return the book with the pages that it has so far in their places."""
    pages = {page.kind.value: page for page in book.back}
    if not any(memo.kind in pages for memo in book.memos):
        return book
    memos = tuple(
        _filled(m, pages[m.kind]) if m.kind in pages else m for m in book.memos
    )
    named = {memo.kind for memo in book.memos}
    return replace(
        book, memos=memos, back=tuple(p for p in book.back if p.kind.value not in named)
    )


def _filled(memo: Memo, page: BackPage) -> Memo:
    look = Node("div", (("class", "back-page"),), page.body.children)
    return replace(memo, body=memo.body.with_children((look,)))


_LACKS = {
    BackKind.ABBREVIATIONS: (
        "the book has no abbreviation to list",
        "write `[abbreviations]` and `terms = { … }`, or take “abbreviations” out",
    ),
    BackKind.BIBLIOGRAPHY: (
        "the book cites no work that a bibliography lists",
        "cite one, or take “bibliography” out",
    ),
    BackKind.SOURCES: (
        "the book lists no sources",
        'write `[links]` and `sources = "memo"`, or take “sources” out',
    ),
}


def report_unmade(book: Book, reporter: Reporter) -> None:
    """Report pages that are named and that there is nothing to write on."""
    for memo in book.memos:
        if memo.kind not in _KINDS or memo.body.children:
            continue
        kind = BackKind(memo.kind)
        if kind is BackKind.SOURCES and book.sources:
            continue  # it is written when the notes have their numbers
        message, hint = _LACKS[kind]
        reporter.error(Code.CONFIG_WRONG_VALUE, memo.span, message, hint)
