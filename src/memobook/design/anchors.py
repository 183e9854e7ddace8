"""Where everything of a book stands, and what of it is code.

What goes in: a numbered book. What comes out: the section of each anchor, and the
characters that are set in the font for code.
"""

from __future__ import annotations

from memobook.book.model import Book, NoteMode
from memobook.book.tree import Node, text_of
from memobook.design.fonts import characters_in
from memobook.design.section import Kind

__all__ = ["code_characters", "section_of_anchors"]


def section_of_anchors(book: Book) -> dict[str, str]:
    """Return in which section every anchor of a numbered book stands."""
    found: dict[str, str] = {}
    if book.index:
        found[Kind.INDEX.value] = Kind.INDEX.value
    for page in book.back:
        found[page.kind.value] = page.kind.value
        _take_anchors(page.body, page.kind.value, found)
    for memo in book.memos:
        for tree in (memo.body, *(n for _, n in memo.footnotes)):
            _take_anchors(tree, memo.id, found)
        found[memo.id] = memo.id
        listed = memo.notes_mode is NoteMode.BOOK_NOTES
        for note in memo.notes:
            found[note.anchor] = Kind.NOTES.value if listed else memo.id
    return found


def _take_anchors(node: Node, section: str, found: dict[str, str]) -> None:
    # All of a book's elements are looked at: no generator goes through them.
    for name, value in node.attributes:
        if name == "id":
            found[value] = section
    for child in node.children:
        if isinstance(child, Node):
            _take_anchors(child, section, found)


def code_characters(book: Book) -> frozenset[str]:
    """Return the characters that are set in the font for code."""
    found: list[str] = []
    for memo in book.memos:
        for tree in (memo.body, *(n for _, n in memo.footnotes)):
            _take_code(tree, found)
    return characters_in(found)


_CODE = frozenset(["code", "kbd", "pre", "samp"])


def _take_code(node: Node, found: list[str]) -> None:
    if node.tag in _CODE:
        found.append(text_of(node))
        return
    for child in node.children:
        if isinstance(child, Node):
            _take_code(child, found)
