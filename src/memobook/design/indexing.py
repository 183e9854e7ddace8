"""The index as a template gets it: its lines by letters, with the places to look.

What goes in: a book's index, the pages on which its anchors stand, and a medium. What
comes out: values for `index.html.j2`. On paper a place is a page, and a page is named
once; on a screen it is a link that says the page of the print edition, or the memo's
title where there is none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from markupsafe import Markup

from memobook.book.model import Book, IndexEntry, Locator
from memobook.book.references import TARGET
from memobook.book.tree import Child, Node, serialize
from memobook.design.medium import Medium

__all__ = ["index_folios", "index_groups", "merged"]


def index_groups(
    book: Book, medium: Medium, folios: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Return letters and the lines below each; `folios` are by anchor."""
    names = dict(_names(book.index))
    lines = _Lines(book, medium, folios, {n: a for a, n in names.items()})
    return [
        {"letter": letter, "entries": [lines.line(entry) for entry in entries]}
        for letter, entries in groupby(book.index, key=lambda entry: entry.letter)
    ]


def index_folios(
    book: Book, folios: Mapping[str, str], without: Collection[str] = ()
) -> dict[str, str]:
    """Return the pages of the anchors that a book's index names, by anchor.

    `without` are memos whose pages are others.
    """
    anchors: set[str] = set()
    lines = list(book.index)
    while lines:
        line = lines.pop()
        known = [each for each in line.locators if each.memo not in without]
        anchors |= {a for each in known for a in (each.start, each.end)}
        lines += line.below
    return {anchor: folios[anchor] for anchor in sorted(anchors & folios.keys())}


def _names(
    entries: Iterable[IndexEntry], before: tuple[str, ...] = ()
) -> Iterator[tuple[str, str]]:
    """Yield an anchor for each line, and its term as `see` says it."""
    for number, entry in enumerate(entries, start=1):
        at = (*before, str(number))
        yield f"index__{'-'.join(at)}", entry.term
        for name, term in _names(entry.below, at):
            yield name, f"{entry.term} > {term}"


@dataclass(frozen=True, slots=True)
class _Lines:
    """Makes the lines of one index."""

    book: Book
    medium: Medium
    folios: Mapping[str, str]
    anchors: Mapping[str, str]
    """Term, with those above it -> its line's anchor."""

    def line(self, entry: IndexEntry, above: str = "") -> dict[str, Any]:
        name = f"{above} > {entry.term}" if above else entry.term
        return {
            "anchor": self.anchors[name],
            "term": entry.term,
            # Serialized from the tree, where every text was escaped.
            "locators": Markup(serialize(self._locators(entry.locators))),  # noqa: S704
            "see": [self._reference(term) for term in entry.see],
            "see_also": [self._reference(term) for term in entry.see_also],
            "below": [self.line(each, name) for each in entry.below],
        }

    def _reference(self, term: str) -> dict[str, str]:
        said = term.replace(" > ", ", ")
        return {"term": said, "href": f"#{self.anchors.get(term, 'index')}"}

    def _locators(self, locators: tuple[Locator, ...]) -> tuple[Child, ...]:
        titles = {memo.id: memo.title for memo in self.book.memos}
        out: list[Child] = []
        for locator in merged(locators, self.folios):
            out += [", ", *self._place(locator, titles[locator.memo])]
        # None of it is in the text that print and screen share: see stream.py.
        return (Node("span", (("class", "locators"),), tuple(out)),) if out else ()

    def _place(self, locator: Locator, title: str) -> Iterator[Child]:
        if self.medium.name == "print":
            yield self._page(locator.start)
            if locator.end:
                yield from ("–", self._page(locator.end))
            return
        said = self.folios.get(locator.start, title)
        if locator.end in self.folios:
            said += f"–{self.folios[locator.end]}"
        href = self.medium.target(TARGET + locator.start)
        yield Node("a", (("class", "locator"), ("href", href)), (said,))

    def _page(self, anchor: str) -> Node:
        attributes = (("class", "locator"), ("href", self.medium.page_target(anchor)))
        return Node("a", attributes, self.medium.page_number(anchor))


def merged(
    locators: Iterable[Locator], folios: Mapping[str, str]
) -> tuple[Locator, ...]:
    """Return places in the order of their pages, each page and passage once.

    A place in a passage goes; a passage on one page is a place. Where no page is known,
    a memo is one page.
    """
    found: dict[tuple[str, str], Locator] = {}
    for locator in sorted(locators, key=lambda each: _number(folios, each.start)):
        start = folios.get(locator.start, locator.memo)
        end = folios.get(locator.end, locator.memo) if locator.end else start
        single = Locator(locator.memo, locator.start)
        found.setdefault((start, end), locator if end != start else single)
    passages = [range(_page(a), _page(b) + 1) for a, b in found if a != b]
    return tuple(
        locator
        for (start, end), locator in found.items()
        if start != end or not any(_page(start) in pages for pages in passages)
    )


def _page(folio: str) -> int:
    # A roman number, or a memo's name, is in no passage of arabic ones.
    return int(folio) if folio.isdecimal() else -1


def _number(folios: Mapping[str, str], anchor: str) -> int:
    return _page(folios.get(anchor, ""))
