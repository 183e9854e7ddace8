"""Find the place in the Markdown of what a validator points at.

What goes in: a page of the EPUB with a line, a piece of its markup, or veraPDF's path
to an object. What comes out: a span; None where the text of no memo is meant.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from html import unescape

from memobook.book.model import Book
from memobook.checks.packed import FOLDER, PackedBook
from memobook.checks.places import Places
from memobook.checks.printed import Element, PrintedBook
from memobook.checks.whole import memo_parts
from memobook.diagnostics import Span

__all__ = ["Landmarks"]

_TAG = re.compile(r"<[^<>]*>")
_ID = re.compile(r"""\bid\s*=\s*["']([^"']+)["']""")
_ALT = re.compile(r"""\balt\s*=\s*["']([^"']*)["']""")
_WORDS = 12
"""Of the text behind an element, how many are looked for."""
_OBJECT = re.compile(r"\((\d+) \d+ obj")
_PAGE = re.compile(r"pages\[(\d+)\]")


@dataclass(frozen=True)
class Landmarks:
    """Where everything was written, as a validator needs it."""

    places: Mapping[str, Places]
    """By memo id."""
    book: Book | None = None
    epub: PackedBook | None = None
    pdf: PrintedBook | None = None

    def in_page(self, stem: str, line: int, column: int) -> Span | None:
        """Return the place of the element whose start tag ends at a line and column."""
        if stem not in self.places or self.epub is None:
            return None
        data = self.epub.files.get(f"{FOLDER}text/{stem}.xhtml", b"")
        rows = data.decode("utf-8", "replace").split("\n")
        if not 0 < line <= len(rows):
            return self.places[stem].whole
        row = rows[line - 1]
        end = column - 1 if column else row.find(">") + 1
        start = max(row.rfind("<", 0, end), 0)
        rest = row[start:] + " " + " ".join(rows[line : line + 4])
        return self.of_markup(stem, rest)

    def of_markup(self, stem: str, markup: str, anchor: str = "") -> Span | None:
        """Return the place of an element that is given as markup, or by its id."""
        places = self.places.get(stem)
        if places is None:
            return None
        tag = _TAG.match(markup)
        found = _ID.search(tag[0]) if tag else None
        name = anchor or (found[1] if found else "")
        if name and (span := places.of_anchor(name)):
            return span
        alt = _ALT.search(tag[0]) if tag else None
        if tag and tag[0].startswith("<img"):
            return places.of_picture(unescape(alt[1]) if alt else "")
        text = unescape(_TAG.sub(" ", markup))
        words = " ".join(text.split()[:_WORDS])
        return places.of_words(words) if words else places.whole

    def in_pdf(self, path: str) -> Span | None:
        """Return the place of the innermost object of veraPDF's path."""
        for number in map(int, reversed(_OBJECT.findall(path))):
            if number in self._elements:
                return self._of_element(*self._elements[number])
        if page := _PAGE.search(path):
            return self._on_page(int(page[1]))
        return None

    @cached_property
    def _elements(self) -> Mapping[int, tuple[Element, Places]]:
        """The number of an element's object -> the element and its memo."""
        if self.pdf is None or self.book is None:
            return {}
        return {
            element.number: (element, self.places[memo])
            for memo, part in memo_parts(self.pdf, self.book).items()
            for element in part.everything()
        }

    def _of_element(self, element: Element, places: Places) -> Span:
        if element.kind == "Figure":
            return places.of_picture(element.alt or "")
        text = " ".join(run.text for run in element.runs())
        words = " ".join(text.split()[:_WORDS])
        return places.of_words(words) if words else places.whole

    def _on_page(self, page: int) -> Span | None:
        if self.pdf is None or self.book is None:
            return None
        for memo, part in memo_parts(self.pdf, self.book).items():
            text = " ".join(r.text for r in part.runs() if r.page == page)
            if text.strip():
                return self.places[memo].of_words(" ".join(text.split()[:_WORDS]))
        return None
