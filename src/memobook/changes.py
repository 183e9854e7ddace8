"""Make a manuscript that shows what changed since another one.

What goes in: a manuscript as it was and as it is. What comes out: a manuscript with
marks, which goes the way of every book; its file has a name of its own.
"""

from __future__ import annotations

from dataclasses import replace

from memobook.book.compare import compared
from memobook.book.model import Book
from memobook.design.words import words
from memobook.manuscript import Manuscript

__all__ = ["with_changes"]


def with_changes(old: Manuscript, new: Manuscript, revision: str) -> Manuscript:
    """Return the new manuscript with its changes marked; `revision` names the old one.

    The title page says what it is compared with.
    """
    was, now = old.files.inputs, new.files.inputs
    changed = frozenset(path for path in now if now[path] != was.get(path))
    before, after = old.books["pdf"], new.books["pdf"]
    marked = compared(before, after, changed)
    said = words(after.language, after.words)["changes_since"]
    named: Book = replace(
        marked,
        name=f"{after.name}-changes",
        edition=said.format(revision=revision),
        identifier=f"{after.identifier}#changes",
        print_identifier=f"{after.identifier}#changes",
    )
    return replace(new, books={"pdf": named, "epub": named})
