"""Take one memo out of its book: a book of that memo alone.

What goes in: a book whose memos, headings, figures and tables have their numbers. What
comes out: a book of one memo that keeps these numbers, as others cite by them, and
knows the book that it comes from. What leads to another memo becomes words.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace

from memobook.book.host import Host
from memobook.book.model import BackKind, Book, Contributor, Matter, Memo
from memobook.book.references import INSIDE, TARGET
from memobook.book.tree import Child, Node, nodes, rewrite, text_of
from memobook.project.config import BOOK_FILE

__all__ = ["LONG", "can_stand_alone", "say_outside", "take_apart", "without_lists"]

LONG = (3000, 4)
"""From how many words and headings on a memo alone lists its headings before its text,
where neither its block nor the book says how many levels are listed."""

_TAKEN = frozenset(["changes"])
"""What the names of other outputs end with."""
_NAMED = frozenset(["memo", "appendix", "part"])
"""What a reference calls a memo."""


def can_stand_alone(memo: Memo) -> bool:
    """Tell whether a memo has a text of its own, and opens no part."""
    return memo.path != BOOK_FILE and memo.matter is not Matter.PART


def take_apart(
    book: Book, memo: Memo, labels: Mapping[str, str], taken: frozenset[str]
) -> Book:
    """Return the book of one memo.

    `labels` say of every memo which one of the book it is, by id: Memo 3 of Orbits;
    `taken` are words that the outputs' names may end with otherwise.
    """
    key = f"{book.identifier}#{memo.id}"
    identifier = f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, key)}"
    between = "-memo-" if memo.id in _TAKEN | taken else "-"
    made = _settled(memo, book, labels[memo.id])
    return replace(
        book,
        name=f"{book.name}{between}{memo.id}",
        title=memo.title,
        subtitle=memo.subtitle,
        language=memo.language,
        date=memo.date or book.date,
        identifier=identifier,
        print_identifier=f"{identifier}#pdf",
        isbn="",
        edition="",
        description=" ".join(text_of(memo.abstract).split()),
        series=labels[memo.id],
        contributors=_people(book, made),
        imprint=Node("div"),
        epigraph=Node("div"),
        sources=None,
        memos=(made,),
        outside=tuple(m for m in book.memos if m.id != memo.id),
        host=Host(
            title=book.title,
            identifier=book.identifier,
            position=memo.number if memo.matter is Matter.MEMO else None,
            labels=labels,
        ),
    )


def _settled(memo: Memo, book: Book, label: str) -> Memo:
    """Return a memo whose title block says all that is else said of the book."""
    words, headings = LONG
    is_long = (
        len(text_of(memo.body).split()) >= words
        and sum(h.level == 2 for h in memo.headings) >= headings
    )
    return replace(
        memo,
        label=label,
        matter=Matter.MEMO,
        part=0,
        authors=memo.authors or book.authors,
        date=memo.date or book.date,
        contents=memo.contents or int(is_long),
    )


def _people(book: Book, memo: Memo) -> tuple[Contributor, ...]:
    """Return the memo's authors, and who else had a part in its book."""
    return (*memo.authors, *(c for c in book.contributors if c.role != "aut"))


def say_outside(book: Book) -> Book:
    """Return a memo alone with words for what leads to another memo.

    Its links and references are resolved: “the treaty” becomes “the treaty (Memo 4 of
    Orbits)”, and “Memo 4” becomes “Memo 4 of Orbits”.
    """
    if book.host is None:
        return book
    owners = {a: m for m in book.outside for a in _anchors(m)}
    labels = book.host.labels

    def change(node: Node) -> Child | tuple[Child, ...]:
        if node.tag != "a" or INSIDE.isdisjoint(node.classes):
            return node
        memo = owners.get(node.get("href").removeprefix(TARGET))
        return node if memo is None else _said(node, labels[memo.id])

    def inline(content: tuple[Child, ...]) -> tuple[Child, ...]:
        return rewrite(Node("div", (), content), change).children

    def memo_of(memo: Memo) -> Memo:
        return replace(
            memo,
            body=rewrite(memo.body, change),
            footnotes=tuple((k, rewrite(n, change)) for k, n in memo.footnotes),
            abstract=inline(memo.abstract),
            key_points=tuple(map(inline, memo.key_points)),
        )

    return replace(book, memos=tuple(map(memo_of, book.memos)), outside=())


def _anchors(memo: Memo) -> frozenset[str]:
    trees = (memo.body, *(note for _, note in memo.footnotes))
    found = {n.get("id") for tree in trees for n in nodes(tree) if n.has("id")}
    return frozenset({memo.id, *found})


def _said(link: Node, label: str) -> tuple[Child, ...]:
    """Return words for a link; a term of the glossary needs no more of them."""
    if "term" in link.classes:
        return link.children
    if link.get("data-kind") in _NAMED:
        return (label, *link.children)
    kind = {n: link.get(n) for n in ("data-kind", "data-number") if link.has(n)}
    named = Node("span", tuple(kind.items()), link.children, link.span)
    words: tuple[Child, ...] = (named,) if kind else link.children
    return (*words, f" ({label})")


def without_lists(book: Book) -> Book:
    """Return a memo alone without what serves a whole book.

    It has no index; and the list of abbreviations stands only where none is spelled
    out in the text.
    """
    if book.host is None:
        return book
    table = book.abbreviations
    is_spelt = table is not None and table.spell_out != "never"
    back = (
        p for p in book.back if p.kind is not BackKind.ABBREVIATIONS or not is_spelt
    )
    return replace(book, back=tuple(back), index=())
