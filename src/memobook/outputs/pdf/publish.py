"""Publish a book as a PDF: lay out its sections, settle their numbers, bind them.

What goes in: a numbered book and a theme. What comes out: the PDF's bytes and the page
map. A section that shows page numbers is laid out again when they move, in a loop that
ends when nothing moves.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time
from pathlib import Path

from memobook.book.model import Book, Heading, Memo, NoteMode, Repeat
from memobook.design.medium import Adjustments, Print
from memobook.design.section import Folio, Kind, Section
from memobook.design.sections import Maker, section_of_anchors
from memobook.design.theme import Theme
from memobook.design.words import words
from memobook.diagnostics import Code, Diagnostic, Reporter, Span
from memobook.outputs.pdf.bind import Leaf, OutlineItem, bind
from memobook.outputs.pdf.layout import Task
from memobook.outputs.pdf.metadata import Facts
from memobook.outputs.pdf.sheet import Sheet

__all__ = ["Edition", "Layout", "PdfJob"]

Layout = Callable[[Task], Sheet]
"""Lays a section out, in this process or another."""

MAX_ROUNDS = 8
"""How often a book is settled before its page numbers are given up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """A finished PDF."""

    pdf: bytes
    pages: int
    cover: Sheet
    folios: Mapping[str, str]
    """The page map: anchor -> folio of its page."""
    inputs: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Set:
    """A section in its place."""

    section: Section
    sheet: Sheet
    first_page: int
    """0-based, in the whole PDF."""
    first_folio: int
    blank_before: bool

    @property
    def end(self) -> int:
        """The page after its last one."""
        return self.first_page + self.sheet.pages


@dataclass(slots=True)
class PdfJob:
    """One book's way to a PDF."""

    book: Book
    theme: Theme
    root: Path
    layout: Layout
    reporter: Reporter
    repeat: Repeat
    memos_start_right: bool
    sources: Mapping[str, str]
    """Path -> text, to find the place of a character that no font has."""
    progress: Callable[[str], None] = lambda _: None
    """Told the title of each section that is being laid out."""
    _sheets: dict[Task, Sheet] = field(default_factory=dict)
    _adjustments: dict[str, Adjustments] = field(default_factory=dict)

    def sections(self) -> tuple[Section, ...]:
        """Return all sections as they are before a layout, to find what is wrong."""
        maker = self._maker({})
        memos = (maker.memo(memo) for memo in self.book.memos)
        return (*maker.front(), *memos, *maker.notes())

    def cover(self) -> Sheet:
        """Return the laid-out cover alone."""
        return self._lay_out(self._maker({}).front()[0], 0, 1)

    def publish(self) -> Edition:
        """Return the PDF. Reports what the layout found."""
        front, body = self._settled()
        leaves = (*front, *body)
        for leaf in leaves:
            found = leaf.sheet.diagnostics
            self.reporter.extend(_found_in(d, self.sources) for d in found)
        self.reporter.stop_on_errors()
        self._report_moved(body)
        pdf = bind([_leaf(s) for s in leaves], self._outline(), self._facts())
        return Edition(
            pdf=pdf,
            pages=leaves[-1].end,
            cover=front[0].sheet,
            folios=_folios(leaves),
            inputs={k: v for s in leaves for k, v in s.sheet.inputs},
        )

    # Settling

    def _settled(self) -> tuple[list[_Set], list[_Set]]:
        """Lay the book out until no page number and no note moves any more."""
        folios: dict[str, str] = {}
        front: list[_Set] = []
        body: list[_Set] = []
        for _ in range(MAX_ROUNDS):
            body = self._body(self._maker(folios), front[-1].end if front else 4)
            front = self._front(self._maker(_folios(body)))
            before, folios = folios, _folios((*front, *body))
            if folios == before and not self._adjusted(body):
                return front, body
        span = self.book.memos[0].span
        message = f"page numbers still moved after {MAX_ROUNDS} layouts"
        hint = "take one of the links to another page out of the text"
        self.reporter.warning(Code.PAGES_UNSETTLED, span, message, hint)
        return front, body

    def _front(self, maker: Maker) -> list[_Set]:
        return self._in_order(maker.front(), 0)

    def _body(self, maker: Maker, start: int) -> list[_Set]:
        known = self._adjustments
        memos = (maker.memo(memo, known.get(memo.id)) for memo in self.book.memos)
        return self._in_order((*memos, *maker.notes()), start)

    def _in_order(self, sections: tuple[Section, ...], page: int) -> list[_Set]:
        """Lay sections out one after the other; each begins where the last one ended."""
        out: list[_Set] = []
        folio = 1
        for section in sections:
            blank = section.starts_right and page % 2 == 1
            page += blank
            # The blank page before the first one of a numbering has no number.
            folio += blank and bool(out) and out[-1].section.folio is section.folio
            if out and out[-1].section.folio is not section.folio:
                folio = 1
            sheet = self._lay_out(section, page, folio)
            out.append(_Set(section, sheet, page, folio, blank))
            page, folio = page + sheet.pages, folio + sheet.pages
        return out

    def _lay_out(self, section: Section, page: int, folio: int) -> Sheet:
        task = Task(
            section=section,
            stylesheets=self.theme.print_sheets,
            faces=self.theme.faces,
            root=self.root,
            first_folio=folio,
            on_left=page % 2 == 1,
        )
        if task not in self._sheets:
            self.progress(section.title)
            self._sheets[task] = self.layout(task)
        return self._sheets[task]

    def _adjusted(self, body: list[_Set]) -> bool:
        """Take up what the layout taught about notes; tell whether that is new."""
        before = dict(self._adjustments)
        memos = {memo.id: memo for memo in self.book.memos}
        for leaf in body:
            memo = memos.get(leaf.section.id)
            if memo is not None:
                old = self._adjustments.get(memo.id, Adjustments())
                self._adjustments[memo.id] = Adjustments(
                    # Once moved, a note stays: without it the page looks roomy again.
                    moved=old.moved | leaf.sheet.moved,
                    repeated=self._repeated(memo, leaf.sheet) | old.repeated,
                )
        return self._adjustments != before

    def _repeated(self, memo: Memo, sheet: Sheet) -> frozenset[str]:
        """Return the calls that are the first of their note on a later page."""
        if self.repeat is not Repeat.PAGE or memo.notes_mode is not NoteMode.FOOTNOTES:
            return frozenset()
        places = dict(sheet.anchors)
        found: set[str] = set()
        for note in memo.notes:
            seen = {places[note.calls[0].anchor].page}
            for call in note.calls[1:]:
                page = places[call.anchor].page
                if page not in seen:
                    found.add(call.anchor)
                seen.add(page)
        return frozenset(found)

    def _maker(self, folios: Mapping[str, str]) -> Maker:
        sections = section_of_anchors(self.book)
        page = words(self.book.language)["page"]
        return Maker(
            book=self.book,
            theme=self.theme,
            reporter=self.reporter,
            medium=lambda here, adjustments: Print(
                here, sections, folios, page, adjustments
            ),
            folios=folios,
            memos_start_right=self.memos_start_right,
        )

    # Around the pages

    def _report_moved(self, body: list[_Set]) -> None:
        moved = {a for x in self._adjustments.values() for a in x.moved}
        for memo in self.book.memos:
            for note in memo.notes:
                if note.anchor in moved:
                    self.reporter.warning(
                        Code.NOTE_MOVED,
                        note.span or memo.span,
                        f"note {note.number} is too tall for the foot of a page",
                        "it stands at the memo's end; shorten it to bring it back",
                    )

    def _outline(self) -> list[OutlineItem]:
        title = words(self.book.language)
        items = [OutlineItem(title["contents"], "contents-title")]
        items += [
            OutlineItem(memo.title, memo.id, _nested(memo.headings))
            for memo in self.book.memos
        ]
        if any(
            m.notes_mode is NoteMode.BOOK_NOTES and m.notes for m in self.book.memos
        ):
            items.append(OutlineItem(title["notes"], Kind.NOTES.value))
        return items

    def _facts(self) -> Facts:
        book = self.book
        return Facts(
            title=book.title,
            authors=tuple(c.name for c in book.authors),
            language=book.language,
            description=book.description,
            subjects=book.subjects,
            rights=book.rights,
            publisher=book.publisher,
            modified=datetime.combine(book.date, time(), UTC),
        )


def _leaf(placed: _Set) -> Leaf:
    return Leaf(
        sheet=placed.sheet,
        folio=placed.section.folio,
        first_folio=placed.first_folio,
        blank_before=placed.blank_before,
    )


def _folios(leaves: tuple[_Set, ...] | list[_Set]) -> dict[str, str]:
    """Return the page map of arabic pages; nothing refers to the front's."""
    return {
        anchor: str(leaf.first_folio + place.page)
        for leaf in leaves
        if leaf.section.folio is Folio.ARABIC
        for anchor, place in leaf.sheet.anchors
    }


def _nested(headings: tuple[Heading, ...]) -> tuple[OutlineItem, ...]:
    return tuple(_items(headings))


def _items(headings: tuple[Heading, ...]) -> Iterator[OutlineItem]:
    """Yield the outline of headings: each takes the deeper ones after it."""
    index = 0
    while index < len(headings):
        heading, end = headings[index], index + 1
        while end < len(headings) and headings[end].level > heading.level:
            end += 1
        below = _nested(headings[index + 1 : end])
        yield OutlineItem(heading.title, heading.anchor, below)
        index = end


def _found_in(diagnostic: Diagnostic, sources: Mapping[str, str]) -> Diagnostic:
    """Return a diagnostic with the place of the character that no font has."""
    character = re.search("“(.)”", diagnostic.message, re.DOTALL)
    text = sources.get(diagnostic.span.path)
    if diagnostic.code is not Code.GLYPH_MISSING or not character or text is None:
        return diagnostic
    offset = text.find(character[1])
    if offset < 0:
        return diagnostic
    line = text.count("\n", 0, offset) + 1
    column = offset - (text.rfind("\n", 0, offset) + 1) + 1
    return replace(diagnostic, span=Span(diagnostic.span.path, line, column, 1))
