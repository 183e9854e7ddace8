"""Make the outline of a book: parts hold their memos, and memos their headings.

What goes in: a numbered book. What comes out: the items that readers show as bookmarks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from memobook.book.model import Book, Heading, Memo, NoteMode
from memobook.book.structure import branches
from memobook.design.labels import title_in_lists
from memobook.design.section import Kind
from memobook.design.words import words
from memobook.outputs.pdf.leaves import OutlineItem

__all__ = ["outline_of"]


def outline_of(book: Book) -> list[OutlineItem]:
    """Return the outline, from the contents to the index."""
    said = words(book.language, book.words)
    items = [OutlineItem(said["contents"], "contents-title")] if book.front else []
    for branch in branches(book):
        below = [_memo(memo, said) for memo in branch.below]
        items.append(_memo(branch.memo, said, below))
    modes = {m.notes_mode for m in book.memos if m.notes}
    if NoteMode.BOOK_NOTES in modes:
        items.append(OutlineItem(said["notes"], Kind.NOTES.value))
    items += [OutlineItem(said[name], name) for name in book.made]
    return items


def _memo(
    memo: Memo, said: Mapping[str, str], below: list[OutlineItem] | None = None
) -> OutlineItem:
    inner = (*_items(memo.headings), *(below or ()))
    return OutlineItem(title_in_lists(memo, said), memo.id, inner, bool(below))


def _items(headings: tuple[Heading, ...]) -> Iterator[OutlineItem]:
    """Yield the outline of headings: each takes the deeper ones after it."""
    index = 0
    while index < len(headings):
        heading, end = headings[index], index + 1
        while end < len(headings) and headings[end].level > heading.level:
            end += 1
        below = tuple(_items(headings[index + 1 : end]))
        yield OutlineItem(heading.shown, heading.anchor, below)
        index = end
