"""Compare what a build has made with the book, before anything of it is delivered.

What goes in: a numbered book and the pages that were made of it, as bytes. What comes
out: an error for each word, heading, note, link, picture and table of a memo that is
not there, with its place in the Markdown. The same rules as in `memobook check`, but
that nothing is said of what a template adds: nothing is lost by it.

The workers compare, while this process goes on. A memo that was found whole is known by
what was compared, so that the next build looks at nothing but what has changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import BrokenExecutor, Future
from dataclasses import dataclass, replace
from typing import Any

from lxml import etree

from memobook.book.model import Book, Memo, Source
from memobook.book.references import TARGET
from memobook.book.tree import Child, Node
from memobook.checks.packed import node_of
from memobook.checks.parity import Comparison, compare
from memobook.checks.places import Places
from memobook.checks.readings import (
    Reading,
    as_uri,
    from_screen,
    from_source,
    notes_page,
)
from memobook.diagnostics import Code, Reporter
from memobook.store import key_of
from memobook.workers import Workers

__all__ = ["DELIBERATE", "Looks", "Wanted", "begin_looks", "root_of"]

DELIBERATE = (
    "a template or style sheet of the book does it; what one output is not to say"
    " stands between {{ if pdf }} or {{ if epub }} and {{ end }}; or write warn ="
    ' ["parity-words"] under [check] in book.toml'
)
"""What to do about something that is lost: it may have been meant."""
_FORMAT = "2"
"""Raise it when the same pages are judged in another way."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an output is to say."""

    output: str
    """What the author calls it: PDF or EPUB."""
    book: Book
    """Numbered as it is in this output."""
    sources: Mapping[str, Source]
    """Path -> text, to find the place of what is lost."""
    labels: Mapping[str, str]
    """The words of the book's language."""

    def places(self, memo: Memo) -> Places:
        """Return where everything of a memo was written."""
        return Places(memo, self.sources.get(memo.path, Source(memo.path, "")))


@dataclass(frozen=True, slots=True)
class Look:
    """The pages that are to say what a memo says."""

    output: str
    name: str
    """The memo's id."""
    notes: str
    """The page that has its notes."""
    pages: Mapping[str, bytes]
    """XHTML by the ids of their sections."""

    def key(self, said: Reading) -> str:
        """Return the name of pages that say this: what says the same has the same."""
        said = _spelt(said) if self.output == "PDF" else said
        # Print has its notes where they are called, and not by their numbers.
        notes = dict(sorted(said.notes.items()))
        addresses = dict(sorted(said.addresses.items()))
        told = repr(replace(said, notes=notes, addresses=addresses))
        return key_of(_FORMAT, self.output, self.name, told, *self.pages.values())

    @property
    def found(self) -> Reading:
        """What the pages say."""
        trees = {name: node_of(root_of(page)) for name, page in self.pages.items()}
        if self.output != "PDF":
            return from_screen(trees, self.name, self.notes)
        shown = {name: _as_on_screen(page) for name, page in trees.items()}
        return _spelt(from_screen(shown, self.name, self.notes))


@dataclass(frozen=True, slots=True)
class Looks:
    """Pages that are being compared with their memos."""

    wanted: Wanted
    pages: Mapping[str, bytes]
    """By the ids of their sections."""
    known: frozenset[str]
    """The keys of what was whole before."""
    begun: Mapping[str, _Begun]
    """By the ids of the memos."""

    def finish(self, reporter: Reporter) -> frozenset[str]:
        """Report what the pages lack; return the keys of the memos that are whole."""
        whole = set()
        for memo in self.wanted.book.memos:
            if memo.id not in self.begun:
                message = f"the memo “{memo.title}” is not in the {self.wanted.output}"
                span = memo.title_span or memo.span
                reporter.error(Code.PARITY_ORDER, span, message, DELIBERATE)
                continue
            begun = self.begun[memo.id]
            if begun.is_same or _has_all(begun, self.wanted.places(memo), reporter):
                whole.add(begun.key)
        return frozenset(whole)


@dataclass(frozen=True, slots=True)
class _Begun:
    """Pages that are being read, and what they are to say."""

    look: Look
    expected: Reading
    key: str
    """Of pages that say it."""
    found: Future[str] | None
    """The key of what they say; None where they were found to say it before."""

    @property
    def is_same(self) -> bool:
        """Whether the pages say just that; most do, and are not compared by words."""
        try:
            return self.found is None or self.found.result() == self.key
        except BrokenExecutor:  # what ended a worker is tried once more, here
            return False


def begin_looks(
    wanted: Wanted, pages: Mapping[str, bytes], known: frozenset[str], workers: Workers
) -> Looks:
    """Let workers compare the pages of the memos with these, and return at once.

    `pages` are XHTML by the ids of their sections, `known` what was found to be whole
    by the last build.
    """
    begun: dict[str, _Begun] = {}
    for memo in wanted.book.memos:
        if memo.id in pages:
            notes = notes_page(memo)
            read = {name: pages[name] for name in (memo.id, notes) if name in pages}
            expected = from_source(memo, wanted.labels)
            look = Look(wanted.output, memo.id, notes, read)
            key = look.key(expected)
            found = None if key in known else workers.begun_later(key_of_found, look)
            begun[memo.id] = _Begun(look, expected, key, found)
    return Looks(wanted, pages, known, begun)


def key_of_found(look: Look) -> str:
    """Return the key of what pages say: to send all of it would take as long."""
    return look.key(look.found)


def _has_all(begun: _Begun, places: Places, reporter: Reporter) -> bool:
    """Report what a memo's pages lack; tell whether that is nothing."""
    own = Reporter(reporter.lowered)
    both = Comparison(
        begun.look.output,
        begun.expected,
        begun.look.found,
        places,
        hint=DELIBERATE,
        only_losses=True,
    )
    compare(both, own)
    reporter.extend(own)
    return not own.diagnostics


def _spelt(found: Reading) -> Reading:
    """Return a reading whose addresses are spelt as a PDF has them."""
    addresses = {n: tuple(map(as_uri, urls)) for n, urls in found.addresses.items()}
    return replace(found, urls=tuple(map(as_uri, found.urls)), addresses=addresses)


def root_of(page: bytes) -> Any:  # noqa: ANN401 (lxml has no types)
    """Return a page's root element."""
    # An EPUB's pages are well-formed; of print, a template may have made others.
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=True,
        recover=True,
    )
    return etree.fromstring(page, parser)


def _as_on_screen(page: Node) -> Node:
    """Return a page as a screen shows it: print has notes where they are called."""
    notes: list[Child] = []
    shown = _shown(page, notes)
    return replace(shown, children=(*shown.children, *notes))


def _shown(node: Node, notes: list[Child]) -> Node:
    return replace(
        node,
        attributes=tuple(_attributes(node)),
        children=tuple(_children(node, notes)),
    )


def _children(node: Node, notes: list[Child]) -> Iterator[Child]:
    following = (*node.children[1:], "")
    for child, after in zip(node.children, following, strict=False):
        if isinstance(child, str):
            # A space parts a link's words from the page that they name.
            yield child.rstrip(" ") if _names_page(after) else child
        elif "footnote" in child.classes:
            named = (("role", "doc-footnote"), ("id", child.get("id")))
            notes.append(Node("aside", named, tuple(_children(child, notes))))
        elif child.tag == "img" and "formula" in child.classes:
            # Print draws what a screen has as MathML.
            yield Node("math", (("alttext", child.get("alt")),))
        elif not _names_page(child):
            yield _shown(child, notes)


def _names_page(child: Child) -> bool:
    return isinstance(child, Node) and "page-reference" in child.classes


def _attributes(node: Node) -> Iterator[tuple[str, str]]:
    for name, value in node.attributes:
        is_inside = name == "href" and value.startswith(TARGET)
        yield name, f"#{value.removeprefix(TARGET)}" if is_inside else value
    if "call" in node.classes and not node.has("role"):
        yield "role", "doc-noteref"
