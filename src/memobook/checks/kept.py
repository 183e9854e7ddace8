"""Compare what a build has made with the book, before anything of it is delivered.

What goes in: a numbered book and the pages that were made of it, as bytes. What comes
out: an error for each word, heading, note, link, picture and table of a memo that is
not there, with its place in the Markdown. The same rules as in `memobook check`, but
that nothing is said of what a template adds: nothing is lost by it.

A memo that was found whole is known by what was compared, so that the next build looks
at nothing but what has changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from lxml import etree

from memobook.book.model import Book, Memo, NoteMode, Source
from memobook.book.references import TARGET
from memobook.book.tree import Child, Node
from memobook.checks.packed import node_of
from memobook.checks.parity import Comparison, compare
from memobook.checks.places import Places
from memobook.checks.readings import Reading, as_uri, from_screen, from_source
from memobook.diagnostics import Code, Reporter
from memobook.store import key_of

__all__ = ["DELIBERATE", "Wanted", "compare_pages", "root_of"]

DELIBERATE = (
    "a template or style sheet of the book does it; what one output is not to say"
    " stands between {{ if pdf }} or {{ if epub }} and {{ end }}; or write warn ="
    ' ["parity-words"] under [check] in book.toml'
)
"""What to do about something that is lost: it may have been meant."""
_FORMAT = "1"
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


def compare_pages(
    wanted: Wanted,
    pages: Mapping[str, bytes],
    known: frozenset[str],
    reporter: Reporter,
) -> frozenset[str]:
    """Report what the pages of the memos lack; return the keys of those that are whole.

    `pages` are XHTML by the ids of their sections, `known` what this function returned
    for the last build.
    """
    whole = set()
    for memo in wanted.book.memos:
        if memo.id not in pages:
            message = f"the memo “{memo.title}” is not in the {wanted.output}"
            span = memo.title_span or memo.span
            reporter.error(Code.PARITY_ORDER, span, message, DELIBERATE)
            continue
        read = {memo.id: pages[memo.id]}
        if memo.notes_mode is NoteMode.BOOK_NOTES and "notes" in pages:
            read["notes"] = pages["notes"]
        expected = from_source(memo, wanted.labels)
        key = key_of(_FORMAT, wanted.output, memo.id, repr(expected), *read.values())
        if key in known or _is_whole(memo, expected, read, wanted, reporter):
            whole.add(key)
    return frozenset(whole)


def _is_whole(
    memo: Memo,
    expected: Reading,
    pages: Mapping[str, bytes],
    wanted: Wanted,
    reporter: Reporter,
) -> bool:
    """Report what the pages of a memo lack; tell whether that is nothing."""
    trees = {name: node_of(root_of(page)) for name, page in pages.items()}
    if wanted.output == "PDF":
        shown = {name: _as_on_screen(page) for name, page in trees.items()}
        found = _spelt(from_screen(shown, memo))
    else:
        found = from_screen(trees, memo)
    if found == expected:
        return True  # most are, so that nothing is to be compared word by word
    own = Reporter(reporter.lowered)
    places = wanted.places(memo)
    both = Comparison(
        wanted.output, expected, found, places, hint=DELIBERATE, only_losses=True
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
    for child in node.children:
        if isinstance(child, str):
            yield child
        elif "footnote" in child.classes:
            named = (("role", "doc-footnote"), ("id", child.get("id")))
            notes.append(Node("aside", named, tuple(_children(child, notes))))
        elif child.tag == "img" and "formula" in child.classes:
            # Print draws what a screen has as MathML.
            yield Node("math", (("alttext", child.get("alt")),))
        elif "page-reference" not in child.classes:
            yield _shown(child, notes)


def _attributes(node: Node) -> Iterator[tuple[str, str]]:
    for name, value in node.attributes:
        is_inside = name == "href" and value.startswith(TARGET)
        yield name, f"#{value.removeprefix(TARGET)}" if is_inside else value
    if "call" in node.classes and not node.has("role"):
        yield "role", "doc-noteref"
