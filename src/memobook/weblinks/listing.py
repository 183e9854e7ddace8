"""List the links of a project's books with what is known of each.

What goes in: the numbered books of the outputs, and the lock. What comes out: rows that
a table, CSV or JSON can say.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from memobook.book.links import BookLink, external_links, registered
from memobook.book.model import Book
from memobook.diagnostics import Span
from memobook.project.links_schema import LinkEntry
from memobook.weblinks.checking import is_of_the_web
from memobook.weblinks.findings import Known, Lock

__all__ = ["Row", "rows_of"]


@dataclass(frozen=True, slots=True)
class Row:
    """A link of the book."""

    link: BookLink
    known: Known
    entry: LinkEntry | None
    """What the registry says."""

    @property
    def note(self) -> int | None:
        """The number of its note, in its memo."""
        return self.link.note.number if self.link.note else None

    @property
    def memo(self) -> str:
        """The memo's title; empty for the imprint."""
        return self.link.memo.title if self.link.memo else ""

    @property
    def title(self) -> str:
        """What is known of the page: by the text, the registry, or the page itself."""
        registered_title = self.entry.title if self.entry else ""
        return self.link.title or registered_title or self.known.title

    @property
    def archive(self) -> str:
        """The address of an archived copy."""
        own = self.entry.archive if self.entry else ""
        return own or self.known.archive

    @property
    def archived(self) -> dt.date | None:
        """When that was made."""
        if self.entry and self.entry.archive:
            return self.entry.archived
        return self.known.archived

    @property
    def is_of_the_web(self) -> bool:
        """Whether it can be looked at."""
        return is_of_the_web(self.link.url)

    @property
    def state(self) -> str:
        """The verdict; empty for what cannot be looked at."""
        return self.known.verdict.value if self.is_of_the_web else ""

    def as_dict(self) -> dict[str, object]:
        """Return all of it as JSON can hold it."""
        span, known = self.link.span, self.known
        return {
            "note": self.note,
            "memo": self.memo,
            "path": span.path,
            "line": span.line,
            "column": span.column,
            "url": self.link.url,
            "text": self.link.text,
            "title": self.title,
            "publisher": self.entry.publisher if self.entry else "",
            "state": self.state,
            "status": known.status or None,
            "address": known.address,
            "detail": known.detail,
            "checked": _moment(known.checked),
            "seen": _moment(known.seen),
            "archive": self.archive,
            "archived": self.archived.isoformat() if self.archived else None,
        }


def _moment(moment: dt.datetime | None) -> str | None:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None


def rows_of(books: Mapping[str, Book], lock: Lock) -> tuple[Row, ...]:
    """Return the links of all outputs; one of several outputs stands there once.

    Its note is that of the PDF, where it has one there.
    """
    found: dict[tuple[Span, str], tuple[Book, BookLink]] = {}
    for book in books.values():
        for link in external_links(book):
            key = (link.span, link.url)
            if key not in found or (link.note and not found[key][1].note):
                found[key] = (book, link)
    return tuple(
        Row(link, lock.get(link.key), registered(book, link))
        for book, link in found.values()
    )
