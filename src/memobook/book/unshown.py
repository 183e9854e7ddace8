"""Let a picture that cannot be shown be told by its alternative text.

What goes in: a book whose pictures are known by their paths, and those of which there
is nothing to show. What comes out: the book with words in their places, so that every
output says the same. Why they cannot be shown was reported before.
"""

from __future__ import annotations

import posixpath
from collections.abc import Collection
from dataclasses import replace
from functools import partial

from memobook.book.model import Book, Memo
from memobook.book.tree import Child, Node

__all__ = ["say_unshown"]

_CLASS = ("class", "unshown")


def say_unshown(book: Book, paths: Collection[str]) -> Book:
    """Return the book without the pictures of some paths, told by their words."""
    if not paths:
        return book
    return replace(book, memos=tuple(_told(memo, paths) for memo in book.memos))


def _told(memo: Memo, paths: Collection[str]) -> Memo:
    kept = tuple(p for p in memo.pictures if p.path not in paths)
    if len(kept) == len(memo.pictures):
        return memo
    return replace(memo.rewritten(partial(_in_words, paths)), pictures=kept)


def _in_words(paths: Collection[str], node: Node) -> Child | tuple[Child, ...]:
    if node.tag == "img" and node.get("src") in paths:
        return _words(node)
    if node.tag == "figure":
        children = tuple(map(_paragraph, node.children))
        has_content = any(isinstance(c, Node) or c.strip() for c in children)
        return node.with_children(children) if has_content else ()
    return node


def _words(image: Node) -> tuple[Child, ...]:
    said = image.get("alt").strip()
    if not said and "decorative" in image.classes:
        return ()
    # Without a text, its name is all that is known of what it shows.
    said = said or posixpath.basename(image.get("src"))
    name = (("id", image.get("id")),) if image.has("id") else ()
    return (Node("span", (_CLASS, *name), (said,), image.span),)


def _paragraph(child: Child) -> Child:
    is_told = isinstance(child, Node) and child.attributes[:1] == (_CLASS,)
    if isinstance(child, Node) and is_told and child.tag == "span":
        return replace(child, tag="p")
    return child
