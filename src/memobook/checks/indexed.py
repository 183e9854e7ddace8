"""Look whether a finished file's index is complete and names the right pages.

What goes in: a file that was read back, and the book with its index. What comes out:
diagnostics on lines that are missing and on pages that are wrong.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from memobook.book.model import Book, IndexEntry
from memobook.book.tree import Node, nodes, text_of
from memobook.checks.anew import ANEW
from memobook.checks.packed import PackedBook
from memobook.checks.printed import Element, PrintedBook
from memobook.diagnostics import Code, Reporter, Span

__all__ = ["check_packed_index", "check_printed_index"]


def check_printed_index(
    pdf: PrintedBook, parts: Iterable[Element], book: Book, file: Span, report: Reporter
) -> None:
    """Report what is wrong with a printed index; `parts` are those behind the memos."""
    _missing("PDF", pdf.destinations, book, file, report)
    for part in parts if book.index else ():
        for link in part.all("Link"):
            folio = "".join(run.text for run in link.runs()).strip()
            page = pdf.destinations.get(link.target, -1)
            if not folio.isdecimal() or page < 0 or pdf.labels[page] == folio:
                continue
            message = f"the index says page {folio}, and it is page {pdf.labels[page]}"
            report.error(Code.PARITY_LINKS, file, message, ANEW)


def check_packed_index(
    epub: PackedBook, book: Book, file: Span, report: Reporter
) -> None:
    """Report what is wrong with the index of an EPUB."""
    page = epub.pages.get("index", Node("html")) if book.index else Node("html")
    _missing("EPUB", {n.get("id") for n in nodes(page)}, book, file, report)
    for link in nodes(page):
        if "locator" not in link.classes:
            continue
        stem, _, anchor = link.get("href").partition(".xhtml#")
        right = _label_of(epub.pages.get(stem, Node("html")), anchor)
        said = re.match(r"\w+", text_of(link))
        is_page = said and right and said[0].isdecimal()
        # A word that goes over two pages stands on the first; the second's mark is
        # before it.
        if is_page and said and int(right) - int(said[0]) not in {0, 1}:
            message = f"the index says page {said[0]}, and it is page {right}"
            report.error(Code.PARITY_LINKS, file, message, ANEW)


def _label_of(page: Node, anchor: str) -> str:
    """Return the last page that is marked before an anchor; empty if none is."""
    label = ""
    for node in nodes(page):
        if node.get("role") == "doc-pagebreak":
            label = node.get("aria-label")
        if node.get("id") == anchor:
            return label if label.isdecimal() else ""
    return ""


def _missing(
    output: str, anchors: Collection[str], book: Book, file: Span, report: Reporter
) -> None:
    for anchor, term in _lines(book.index, "index_"):
        if anchor not in anchors:
            message = f"“{term}” is not in the index of the {output}"
            report.error(Code.PARITY_CONTENTS, file, message, ANEW)


def _lines(entries: Iterable[IndexEntry], above: str) -> Iterator[tuple[str, str]]:
    """Yield the anchor and the term of each line."""
    sign = "_" if above == "index_" else "-"
    for number, entry in enumerate(entries, start=1):
        anchor = f"{above}{sign}{number}"
        yield anchor, entry.term
        yield from _lines(entry.below, anchor)
