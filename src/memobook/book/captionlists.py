"""Write the lists of figures and of tables, which [contents] may ask for.

What goes in: a book whose captions have numbers and whose references are resolved. What
comes out: the same book; the pages that it lists as "figures" and "tables" have a line
for every caption, a link to it. The page's number behind it is the medium's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from memobook.book.captions import CAPTIONS
from memobook.book.model import Book, Memo
from memobook.book.outline import own_anchor
from memobook.book.references import TARGET
from memobook.book.tree import Child, Node, nodes, rewrite
from memobook.diagnostics import Code, Reporter
from memobook.project.contents import FIGURES, TABLES

__all__ = ["write_lists"]

_KINDS = {FIGURES: "figure", TABLES: "table"}
_CAPTIONED = frozenset(["figure", "table"])


def write_lists(book: Book, reporter: Reporter) -> Book:
    """Write the pages, if the book has them; report one that would be empty."""
    wanted = {_KINDS[m.kind] for m in book.memos if m.kind in _KINDS}
    if not wanted:
        return book
    memos = tuple(_with_anchors(memo, wanted) for memo in book.memos)
    book = replace(book, memos=memos)
    return replace(book, memos=tuple(_written(m, book, reporter) for m in memos))


def _with_anchors(memo: Memo, wanted: set[str]) -> Memo:
    """Return a memo whose captioned figures and tables can all be led to."""

    def name(node: Node) -> Node:
        caption = _caption(node)
        if caption is None or node.has("id") or caption.get("data-kind") not in wanted:
            return node
        kind, number = caption.get("data-kind"), caption.get("data-number")
        return node.with_items({"id": own_anchor(memo.id, f"{kind}-{number}")})

    return replace(memo, body=rewrite(memo.body, name))


def _caption(node: Node) -> Node | None:
    """Return the caption of a figure or table itself."""
    if node.tag not in _CAPTIONED:
        return None
    captions = (
        c for c in node.children if isinstance(c, Node) and c.has("data-number")
    )
    return next((c for c in captions if c.tag in CAPTIONS), None)


def _written(page: Memo, book: Book, reporter: Reporter) -> Memo:
    if page.kind not in _KINDS:
        return page
    lines = tuple(_lines(book, _KINDS[page.kind]))
    if not lines:
        message = f"no {_KINDS[page.kind]} of the book has a caption"
        hint = f"write captions, or take “{page.kind}” out"
        reporter.error(Code.CONFIG_WRONG_VALUE, page.span, message, hint)
        return page
    listed = Node("ol", (("class", "captions"),), lines)
    return replace(page, body=page.body.with_children((listed,)))


def _lines(book: Book, kind: str) -> Iterator[Node]:
    for memo in book.memos:
        for node in nodes(memo.body):
            caption = _caption(node)
            if caption is not None and caption.get("data-kind") == kind:
                yield _line(node.get("id"), caption)


def _line(anchor: str, caption: Node) -> Node:
    attributes = (
        ("class", "xref caption-entry"),
        ("href", TARGET + anchor),
        ("data-kind", caption.get("data-kind")),
        ("data-number", caption.get("data-number")),
    )
    text = rewrite(caption, _plain).children
    link = Node("a", attributes, (" ", *text), caption.span)
    return Node("li", (), (Node("p", (), (link,)),))


def _plain(node: Node) -> Child | tuple[Child, ...]:
    """Return what of a caption may stand in a link of the list."""
    if node.has("data-note") or "credit" in node.classes or node.tag == "img":
        return ()
    if node.tag == "a" and node.has("data-number"):
        named = {k: node.get(k) for k in ("data-kind", "data-number")}
        return Node("span", tuple(named.items()), node.children)
    if node.tag in {"a", "p"}:
        return node.children
    return node.with_items({"id": None}) if node.has("id") else node
