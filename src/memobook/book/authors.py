"""Write the page about the authors, from what the memos say of theirs.

What goes in: a book whose memos have their names. What comes out: the same book; the
page that [contents] lists as "authors" has a list of everybody who wrote a memo, with
place, a few words on the person, and links to the memos.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import quote

from memobook.book.collation import sort_key
from memobook.book.model import Book, Contributor, Memo
from memobook.book.outline import own_anchor, slug
from memobook.book.tree import Child, Node, text_of
from memobook.diagnostics import Code, Reporter
from memobook.project.config import MANUSCRIPT
from memobook.project.contents import AUTHORS

__all__ = ["write_authors"]


@dataclass(frozen=True, slots=True)
class _Author:
    """One person, as all memos together say it."""

    person: Contributor
    memos: tuple[Memo, ...]

    @property
    def sorted_as(self) -> str:
        """The last name first, if nothing else is said."""
        first, _, last = self.person.name.rpartition(" ")
        return self.person.sort or f"{last}, {first}"


def write_authors(book: Book, reporter: Reporter) -> Book:
    """Write the page, if the book has one; report what cannot be on it."""
    page = next((m for m in book.memos if m.kind == AUTHORS), None)
    authors = _authors(book.memos, reporter)
    if page is None:
        _report_unused(book, reporter)
        return book
    if not authors:
        message = "no memo names an author"
        hint = "write `authors:` in the memos’ blocks, or take this out"
        reporter.error(Code.CONFIG_WRONG_VALUE, page.span, message, hint)
    listed = sorted(
        authors.values(), key=lambda author: sort_key(author.sorted_as, book.language)
    )
    items = tuple(item for author in listed for item in _items(author, page))
    body = page.body.with_children((Node("dl", (("class", "authors"),), items),))
    made = replace(page, body=body if authors else page.body)
    return replace(book, memos=tuple(made if m is page else m for m in book.memos))


def _authors(memos: tuple[Memo, ...], reporter: Reporter) -> dict[str, _Author]:
    """Return everybody by name; what one memo does not say of them, another may."""
    found: dict[str, _Author] = {}
    for memo in memos:
        for person in memo.authors:
            known = found.setdefault(person.name, _Author(person, ()))
            _check_same(known, person, memo, reporter)
            merged = Contributor(
                name=person.name,
                sort=known.person.sort or person.sort,
                affiliation=known.person.affiliation or person.affiliation,
                place=known.person.place or person.place,
                bio=known.person.bio or person.bio,
            )
            found[person.name] = _Author(merged, (*known.memos, memo))
    return found


def _check_same(
    known: _Author, person: Contributor, memo: Memo, reporter: Reporter
) -> None:
    before = text_of(known.person.bio)
    if person.bio and before and text_of(person.bio) != before:
        message = f"{known.memos[0].path} says something else about {person.name}"
        hint = "say it once: the other memos need no bio"
        span = person.span or memo.span
        reporter.warning(Code.AUTHOR_BIO, span, message, hint)


def _report_unused(book: Book, reporter: Reporter) -> None:
    for memo in book.memos:
        for person in memo.authors:
            if person.bio:
                message = f"nothing shows what is said about {person.name}"
                hint = 'write `back = ["authors"]` under [contents] in book.toml'
                span = person.span or memo.span
                reporter.warning(Code.AUTHOR_BIO, span, message, hint)


def _items(author: _Author, page: Memo) -> Iterator[Child]:
    name = author.person.name
    yield Node("dt", (("id", own_anchor(page.id, slug(name))),), (name,), page.span)
    blocks = tuple(_blocks(author.person))
    memos = Node("ul", (("class", "author-memos"),), tuple(map(_line, author.memos)))
    yield Node("dd", (), (*blocks, memos), page.span)


def _blocks(person: Contributor) -> Iterator[Node]:
    facts = ", ".join(filter(None, (person.affiliation, person.place)))
    if facts:
        yield Node("p", (("class", "author-place"),), (facts,))
    if person.bio:
        yield Node("p", (), person.bio)


def _line(memo: Memo) -> Node:
    path = posixpath.relpath(memo.path, MANUSCRIPT)
    link = Node("a", (("href", quote(path)),), (memo.title,))
    return Node("li", (), (link,))
