"""Spell abbreviations out where they are first used, and list them.

What goes in: a book, the abbreviations of its settings, and those that its memos say
themselves: <abbr title="...">. What comes out: every one marked, spelled out at its
first use in running text, and a page that lists those that are used.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from memobook.book.backpages import is_named
from memobook.book.collation import sort_key
from memobook.book.model import BackKind, BackPage, Book, Memo
from memobook.book.tree import Child, Node
from memobook.diagnostics import Code, Reporter, Span
from memobook.project.works_schema import AbbreviationsTable

__all__ = ["spell_out"]

# In what is an abbreviation never spelled out, as there is no room or it is no text?
_SHORT = frozenset("a caption dt figcaption h1 h2 h3 h4 h5 h6 summary table".split())
_NO_TEXT = frozenset("abbr code kbd math pre samp svg".split())


def spell_out(book: Book, reporter: Reporter) -> Book:
    """Return the book with its abbreviations, if its settings ask for that."""
    if book.abbreviations is None:
        return book
    work = _Work(book.abbreviations, reporter)
    memos = tuple(map(work.memo, book.memos))
    listed = book.abbreviations.listed or is_named(book, BackKind.ABBREVIATIONS)
    page = tuple(work.page(book.language)) if listed else ()
    return replace(book, memos=memos, back=(*page, *book.back))


@dataclass(slots=True)
class _Work:
    """The abbreviations of one book."""

    table: AbbreviationsTable
    reporter: Reporter
    used: dict[str, str] = field(default_factory=dict)
    """Abbreviation -> what it means, of those that stand in the text."""
    seen: set[str] = field(default_factory=set)
    """Those that were spelled out."""
    pattern: re.Pattern[str] | None = None
    span: Span = field(default_factory=lambda: Span(""))
    """Of the memo at hand."""

    def __post_init__(self) -> None:
        # The longer of two that begin alike comes first.
        names = sorted(self.table.terms, key=lambda name: (-len(name), name))
        if names:
            joined = "|".join(map(re.escape, names))
            self.pattern = re.compile(rf"(?<!\w)(?:{joined})(?!\w)")

    def memo(self, memo: Memo) -> Memo:
        """Return a memo with its abbreviations marked and spelled out."""
        self.span = memo.span
        if self.table.spell_out == "memo":
            self.seen = set()
        before = set(self.seen)
        abstract = self._marked(Node("div", (), memo.abstract), is_short=False)
        # An abstract is read alone: what follows begins anew.
        self.seen = before
        return replace(
            memo,
            abstract=abstract.children,
            key_points=tuple(
                self._marked(Node("div", (), p), is_short=True).children
                for p in memo.key_points
            ),
            body=self._marked(memo.body, is_short=False),
            footnotes=tuple(
                (name, self._marked(note, is_short=False))
                for name, note in memo.footnotes
            ),
        )

    def _marked(self, node: Node, *, is_short: bool) -> Node:
        """Return an element with its abbreviations, top down, so in reading order."""
        children: list[Child] = []
        for child in node.children:
            if isinstance(child, str):
                for part in self._parts(child):
                    self._add(part, children, is_short=is_short)
            elif child.tag == "abbr" and child.has("title"):
                self._add(child, children, is_short=is_short)
            elif child.tag in _NO_TEXT:
                children.append(child)
            else:
                short = is_short or child.tag in _SHORT
                children.append(self._marked(child, is_short=short))
        if len(children) == len(node.children) and children == list(node.children):
            return node
        return node.with_children(children)

    def _parts(self, text: str) -> Iterator[Child]:
        """Yield a text with its abbreviations as elements."""
        end = 0
        for found in self.pattern.finditer(text) if self.pattern else ():
            yield text[end : found.start()]
            meaning = self.table.terms[found[0]]
            yield Node("abbr", (("title", meaning),), (found[0],))
            end = found.end()
        yield text[end:]

    def _add(self, part: Child, children: list[Child], *, is_short: bool) -> None:
        if isinstance(part, str):
            children.append(part)
            return
        name, meaning = str(part.children[0]), part.get("title")
        self._check(name, meaning, part.span or self.span)
        before = "".join(c for c in children[-2:] if isinstance(c, str))
        is_spelt = before.casefold().endswith(f"{meaning} (".casefold())
        is_first = name not in self.seen and not is_short
        if is_first:
            self.seen.add(name)
        if not is_first or is_spelt or self.table.spell_out == "never":
            children.append(part)
        else:
            children += [f"{meaning} (", part, ")"]

    def _check(self, name: str, meaning: str, span: Span) -> None:
        known = self.used.setdefault(name, meaning)
        if known != meaning:
            message = f"{name} means “{meaning}” here, and “{known}” elsewhere"
            hint = "let it mean one thing in the whole book"
            self.reporter.warning(Code.ABBREVIATION_TWICE, span, message, hint)
            # Of each memo once.
            self.used[name] = meaning

    def page(self, language: str) -> Iterator[BackPage]:
        """Yield the list, if there is anything to list."""
        names = sorted(self.used, key=lambda name: sort_key(name, language))
        parts = [
            part
            for name in names
            for part in (Node("dt", (), (name,)), Node("dd", (), (self.used[name],)))
        ]
        if parts:
            body = Node("div", (), (Node("dl", (), tuple(parts)),))
            yield BackPage(BackKind.ABBREVIATIONS, body)
