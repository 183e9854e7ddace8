"""Find the links of a numbered book that lead out of it, and the note that each makes.

What goes in: a book. What comes out: its links in reading order, but those of links
that memobook itself makes, such as those of a list of works.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from memobook.book.backpages import is_back_page
from memobook.book.model import Book, Memo, Note, NoteKind
from memobook.book.tree import Node, nodes, text_of
from memobook.book.urls import same_key
from memobook.diagnostics import Span
from memobook.project.config import BOOK_FILE
from memobook.project.links_schema import LinkEntry

__all__ = ["BookLink", "by_key", "external_links", "registered"]


@dataclass(frozen=True, slots=True)
class BookLink:
    """A link that leads out of the book."""

    url: str
    text: str
    """The words that are the link."""
    title: str
    """What the text says of the page it leads to."""
    span: Span
    memo: Memo | None = None
    """None for one of the imprint or the book's epigraph."""
    note: Note | None = None
    """The note that it makes, or stands in; None if it has none."""

    @property
    def key(self) -> str:
        """What it has in common with other links to the same page."""
        return same_key(self.url)


def external_links(book: Book) -> tuple[BookLink, ...]:
    """Return the links of the memos in their order, those of the imprint last."""
    found = [
        link
        for memo in book.memos
        if not is_back_page(memo)  # it says again what others say
        for link in _as_read(list(_links_of(memo)))
    ]
    found += [
        BookLink(n.get("href"), text_of(n), _title(n), n.span or Span(BOOK_FILE))
        for text in (book.epigraph, book.imprint)
        for n in _external(text)
    ]
    return tuple(found)


def by_key(entries: Mapping[str, LinkEntry]) -> dict[str, LinkEntry]:
    """Return what a registry says, by what links to the same page have in common."""
    return {same_key(url): entry for url, entry in reversed(list(entries.items()))}


def registered(book: Book, link: BookLink) -> LinkEntry | None:
    """Return what the registry says of the page that a link leads to."""
    return book.registry.get(link.key)


def _as_read(links: Sequence[BookLink]) -> list[BookLink]:
    """Return a memo's links, those in a note of the author's where it is called."""
    places: list[int] = []
    reached = 0
    for link in links:
        number = link.note.number if link.note else 0
        if link.note is None or link.note.kind is NoteKind.LINK:
            number = reached = max(reached, number)
        places.append(number)
    order = sorted(range(len(links)), key=places.__getitem__)
    return [links[n] for n in order]


def _links_of(memo: Memo) -> Iterator[BookLink]:
    notes = _notes_by_key(memo)
    for part in (memo.abstract, *memo.key_points):
        for node in _external(Node("div", (), part)):
            yield _link(node, memo, None)
    for node in _external(memo.body):
        same = notes.get(same_key(node.get("href")), ())
        own = (n for n in same if n.span == node.span)
        text = node.get("note")
        like = (n for n in same if not text or n.content == (text,))
        is_noted = "no-note" not in node.classes
        yield _link(node, memo, next(iter((*own, *like)), None) if is_noted else None)
    yield from _links_in_notes(memo)


def _links_in_notes(memo: Memo) -> Iterator[BookLink]:
    numbered = [n for n in memo.notes if n.kind is NoteKind.AUTHOR]
    for note in numbered:
        for node in _external(Node("div", (), note.content)):
            yield _link(node, memo, note)
    if not numbered:  # before the notes are numbered
        for _, content in memo.footnotes:
            yield from (_link(node, memo, None) for node in _external(content))


def _notes_by_key(memo: Memo) -> dict[str, tuple[Note, ...]]:
    found: dict[str, tuple[Note, ...]] = {}
    for note in memo.notes:
        if note.kind is NoteKind.LINK:
            key = same_key(note.url)
            found[key] = (*found.get(key, ()), note)
    return found


def _external(tree: Node) -> Iterator[Node]:
    return (n for n in nodes(tree) if n.tag == "a" and "external" in n.classes)


def _link(node: Node, memo: Memo, note: Note | None) -> BookLink:
    span = node.span or memo.span
    text = " ".join(text_of(node).split())
    return BookLink(node.get("href"), text, _title(node), span, memo, note)


def _title(node: Node) -> str:
    return node.get("note") or node.get("title")
