"""Write the list of sources: every page of the web that the book has a link to.

What goes in: a book whose notes are numbered. What comes out: the same book with a page
at its back, its lines grouped by memo or by domain, each with the way back to the notes
in which it stands. The number of a printed page behind it is the medium's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from memobook.book.backpages import place_back
from memobook.book.linknotes import description
from memobook.book.links import BookLink, external_links, registered
from memobook.book.model import BackKind, BackPage, Book, Matter, Memo, Note
from memobook.book.references import TARGET
from memobook.book.tree import Child, Node
from memobook.book.urls import scheme

__all__ = ["list_sources"]

_LISTED = frozenset(["http", "https", "doi"])
"""Schemes of what one can look up: no telephone numbers."""


@dataclass(slots=True)
class _Source:
    """A page of the web and all links to it, within a group."""

    links: list[BookLink] = field(default_factory=list)


def list_sources(book: Book, words: Mapping[str, str]) -> Book:
    """Return the book with its list of sources, if it wants one and has any."""
    if book.sources is None:
        return book
    links = [n for n in external_links(book) if n.memo and scheme(n.url) in _LISTED]
    of = _domain if book.sources == "domain" else _memo
    groups: dict[str, dict[str, _Source]] = {}
    for link in links:
        group = groups.setdefault(of(link), {})
        group.setdefault(link.key, _Source()).links.append(link)
    if not groups:
        return book
    names = sorted(groups) if book.sources == "domain" else list(groups)
    blocks = [b for name in names for b in _group(book, name, groups[name], words)]
    page = BackPage(BackKind.SOURCES, Node("div", (), tuple(blocks)))
    return place_back(replace(book, back=(*book.back, page)))


def _memo(link: BookLink) -> str:
    return link.memo.id if link.memo else ""


def _domain(link: BookLink) -> str:
    host = urlsplit(link.url).hostname or "doi.org"
    return host.removeprefix("www.")


def _group(
    book: Book, name: str, sources: Mapping[str, _Source], words: Mapping[str, str]
) -> Iterator[Node]:
    titles = {memo.id: memo for memo in book.memos}
    heading: tuple[Child, ...] = (name,)
    attributes: tuple[tuple[str, str], ...] = (("lang", "zxx"),)
    if book.sources == "memo":
        memo = titles[name]
        heading = (memo.title,)
        attributes = (("lang", memo.language),) * (memo.language != book.language)
    yield Node("h2", attributes, heading)
    ordered: Iterable[_Source] = sources.values()
    if book.sources == "domain":
        ordered = sorted(ordered, key=lambda source: source.links[0].key)
    items = tuple(_item(book, source, words) for source in ordered)
    yield Node("ul", (("class", "works sources"), ("role", "list")), items)


def _item(book: Book, source: _Source, words: Mapping[str, str]) -> Node:
    first = next((link for link in source.links if link.title), source.links[0])
    own: tuple[Child, ...] = (first.title,) if first.title else ()
    said = description(first.url, own, registered(book, first), words)
    ways = tuple(_ways(book, source, words))
    places = (Node("p", (("class", "places"),), ways),) if ways else ()
    return Node("li", (), (Node("p", (), said), *places))


def _ways(book: Book, source: _Source, words: Mapping[str, str]) -> Iterator[Child]:
    """Yield the ways back: to the calls of notes; to the memo where there are none.

    To a call and not to its note: some reading systems hide notes.
    """
    seen: set[str] = set()
    for link in source.links:
        memo, note = link.memo, link.note
        if memo is None or (note is None and book.sources == "memo"):
            continue
        anchor = note.calls[0].anchor if note else memo.id
        if anchor in seen:
            continue
        if seen:
            yield words["semicolon" if book.sources == "domain" else "comma"]
        seen.add(anchor)
        name = _label(memo, words) if book.sources == "domain" else ""
        yield _way(anchor, name, note, words)


def _label(memo: Memo, words: Mapping[str, str]) -> str:
    """Return what a memo is called among others, in short."""
    if memo.matter is Matter.MEMO and memo.numeral:
        return f"{words['memo']}\xa0{memo.numeral}"
    if memo.matter is Matter.APPENDIX:
        return words["appendix"].format(number=memo.numeral).replace(" ", "\xa0")
    return memo.title


def _way(anchor: str, name: str, note: Note | None, words: Mapping[str, str]) -> Node:
    attributes = (("class", "xref source-note"), ("href", TARGET + anchor))
    number = f"{words['note']}\xa0{note.number}" if note else ""
    between = words["comma"] if name and number else ""
    return Node("a", attributes, (f"{name}{between}{number}",))
