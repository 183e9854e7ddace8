"""A book whose sources are read: what outputs are made of.

What goes in: what reading.py found. What comes out: one value, and what may be done
while it is found. Nothing is loaded here for long: texts are handed out before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from memobook.book.backpages import is_back_page
from memobook.book.model import Book, Source
from memobook.design.section import Kind
from memobook.intake import Begun
from memobook.project.config import Project
from memobook.project.files import Files

if TYPE_CHECKING:
    from memobook.design.theme import Theme

__all__ = ["Manuscript", "Meanwhile", "Taken", "distinct"]

_OF_ALL = (Kind.NOTES.value, Kind.SOURCES.value)
"""Sections that are made of all memos once their notes are numbered."""


@dataclass(frozen=True, slots=True)
class Manuscript:
    """A book whose sources are read and looked through."""

    project: Project
    books: Mapping[str, Book]
    """Output -> the book for it; the same one, if no text asks for the output."""
    theme: Theme
    files: Files
    sources: Mapping[str, str]
    """Path -> text as it stands in the file."""
    texts: Mapping[str, Mapping[str, Source]]
    """Output -> path -> the text with all that it takes from elsewhere."""
    asking: frozenset[str]
    """The paths of those that ask which output they are for."""
    gathered: Mapping[str, Book] = field(default_factory=dict)
    """Output -> the book before its links were resolved, to take a memo out of."""
    unshown: frozenset[str] = frozenset()
    """The paths of pictures that cannot be shown, and are told in words."""

    @property
    def differing(self) -> frozenset[str]:
        """The sections whose text a condition may have made another in each output.

        Notes that are listed for the whole book are those of all memos, and so are the
        pages that memobook makes at its back.
        """
        book = self.books["epub"]
        found = frozenset(m.id for m in book.memos if m.path in self.asking)
        if not found:
            return found
        named = (memo.id for memo in book.memos if is_back_page(memo))
        return found | {*_OF_ALL, *book.made, *named}


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """What is to be done while workers read the texts."""

    begun: Callable[[], None] = lambda: None
    """Called when they have begun."""
    nearly: Callable[[Project, Theme, Iterable[str]], None] = lambda *_: None
    """Told the project, its theme and all texts that the book is made of, when most of
    those that are not kept are read."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A project whose texts are being read."""

    project: Project
    files: Files
    sources: Mapping[str, str]
    """Path -> text as it stands in the file."""
    texts: Mapping[str, Mapping[str, Source]]
    """Output -> path -> the text with all that it takes from elsewhere."""
    asking: frozenset[str]
    """The paths of those that ask which output they are for."""
    begun: Begun


def distinct(books: Mapping[str, Book]) -> tuple[Book, ...]:
    """Return each book once: outputs share one if no text asks for which it is."""
    return tuple({id(book): book for book in books.values()}.values())
