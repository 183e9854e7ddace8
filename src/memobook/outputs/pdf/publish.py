"""Publish a book as a PDF: lay out its sections, settle their numbers, bind them.

What goes in: a numbered book and a theme. What comes out: the PDF's bytes and the page
map. A section that shows page numbers is laid out again when they move, in a loop that
ends when nothing moves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time
from pathlib import Path

from memobook.book.direction import direction
from memobook.book.model import Book, Memo, NoteMode, Repeat, Source
from memobook.book.rasters import PRINT_FORMATS, Limits
from memobook.checks.kept import Wanted
from memobook.design.medium import Adjustments
from memobook.design.pagination import Pagination
from memobook.design.paper import MILLIMETRES_PER_INCH
from memobook.design.section import OF_MEMOS, Kind, Section, Stylesheet
from memobook.design.theme import Theme
from memobook.design.words import words
from memobook.diagnostics import Code, Reporter
from memobook.outputs.pdf.draft import Draft, is_sure
from memobook.outputs.pdf.furniture import (
    Furniture,
    bare_sheet,
    furnish,
    is_neutral,
    stampable,
)
from memobook.outputs.pdf.glyphs import gathered
from memobook.outputs.pdf.leaves import Facts
from memobook.outputs.pdf.losses import report_losses, report_lost_headings
from memobook.outputs.pdf.outlining import outline_of
from memobook.outputs.pdf.press import Press
from memobook.outputs.pdf.rendering import Renderer
from memobook.outputs.pdf.setting import Place, Setting, leaf_of, placed
from memobook.outputs.pdf.sheet import Sheet
from memobook.outputs.pdf.task import Task
from memobook.project.config import BOOK_FILE
from memobook.project.limits_schema import LimitsTable
from memobook.project.standards import Standards

__all__ = ["Edition", "PdfJob"]

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
    pagination: Pagination
    """Where its pages begin in the text."""
    inputs: Mapping[str, str]


@dataclass(slots=True)
class PdfJob:
    """One book's way to a PDF."""

    book: Book
    theme: Theme
    root: Path
    press: Press
    reporter: Reporter
    repeat: Repeat
    renderer: Renderer
    sources: Mapping[str, Source]
    """Path -> text, to find the place of a character that no font has."""
    standards: Standards = field(default_factory=Standards)
    allowed: LimitsTable = field(default_factory=LimitsTable)
    """What a layout may take."""
    picture_dpi: int = 300
    attached: Mapping[str, str] = field(default_factory=dict)
    """Path -> text of the sources that go with the PDF."""
    gray: bool = False
    """Whether all colours become shades of gray."""
    progress: Callable[[str], None] = lambda _: None
    """Told the title of each section that is laid out."""
    _adjustments: dict[str, Adjustments] = field(default_factory=dict)

    def sections(self) -> tuple[Section, ...]:
        """Return all sections as they are before a layout, to find what is wrong."""
        return self.renderer.sections(self.renderer.guess({}).folios, self._adjustments)

    def cover_section(self) -> Section:
        """Return the cover's section."""
        return self.renderer.cover()

    def begin_cover(self) -> None:
        """Let a worker lay out and draw the cover that will be asked for alone."""
        self.press.begin_picture(self._task(self.cover_section(), 0, 1))

    def begin(self) -> None:
        """Let workers lay out what `publish` will ask for, while others are bound."""
        guess = self.renderer.guess({})
        sections = self.renderer.sections(guess.folios, self._adjustments)
        if is_neutral(self.theme.print_sheets, sections):
            sure = (s for s in sections if self._is_sure(s, guess))
            around = self._around(sections, guess.pages)
            self.press.begin([*map(self._bare_task, sure), *around])

    def _around(
        self, sections: Sequence[Section], pages: Mapping[str, int]
    ) -> Iterator[Task]:
        """Yield the tasks of the front, and of heads and folios.

        No page number changes them: in the contents all have the same room.
        """
        for place in placed(sections, pages):
            if not stampable(place.section):
                yield self._placed_task(place)
        furniture = furnish(self.renderer.maker({}), sections, self.theme.paper)
        yield from self._furniture_tasks(furniture)

    def cover(self) -> Sheet:
        """Return the laid-out cover alone."""
        task = self._task(self.cover_section(), 0, 1)
        return self._laid_out([task])[task]

    def publish(self) -> Edition:
        """Return the PDF. Reports what the layout found."""
        # Not above: who draws a cover alone needs no library that writes a PDF. The
        # pipeline has loaded it by now.
        from memobook.outputs.pdf.binding import bound

        setting = self._settled()
        found = (d for sheet in setting.sheets.values() for d in sheet.diagnostics)
        self.reporter.extend(gathered(found, self.sources))
        report_losses(setting.sheets, self._wanted, self.reporter)
        self.reporter.stop_on_errors()
        self._report_moved()
        leaves = [leaf_of(place, setting) for place in setting.places]
        pdf = bound(
            leaves,
            outline_of(self.book),
            self._facts(),
            setting.folios,
            self.reporter,
            gray=self.gray,
        )
        self.reporter.stop_on_errors()
        return Edition(
            pdf=pdf,
            pages=setting.end,
            cover=leaves[0].sheet,
            folios=setting.folios,
            pagination=setting.pagination,
            inputs={k: v for s in setting.sheets.values() for k, v in s.inputs},
        )

    @property
    def _wanted(self) -> Wanted:
        labels = words(self.book.language, self.book.words)
        return Wanted("PDF", self.book, self.sources, labels)

    # Settling

    def _settled(self) -> Setting:
        """Lay the book out until no page number and no note moves any more."""
        guess = self._drafted()
        setting = self._round(guess.pages, guess.folios)
        for _ in range(MAX_ROUNDS):
            adjusted = self._adjusted(setting)
            adjusted |= self.renderer.widened(setting.folios)
            before, setting = setting, self._round(setting.pages, setting.folios)
            same = (before.pages, before.folios) == (setting.pages, setting.folios)
            if same and not adjusted:
                return setting
        span = self.book.memos[0].span
        message = f"page numbers still moved after {MAX_ROUNDS} layouts"
        hint = "take one of the links to another page out of the text"
        self.reporter.warning(Code.PAGES_UNSETTLED, span, message, hint)
        return setting

    def _drafted(self) -> Draft:
        """Lay out what will need no second layout; return about where all stands.

        A memo that names a page which may be the 99th or the 100th waits until others
        are known, and the index until all are.
        """
        known: dict[str, Sheet] = {}
        for is_next in (self._is_sure, self._is_text, self._is_text_or_index):
            guess = self.renderer.guess(known)
            sections = self.renderer.sections(guess.folios, self._adjustments)
            if not is_neutral(self.theme.print_sheets, sections):
                return guess
            chosen = (s for s in sections if stampable(s) and is_next(s, guess))
            made = self._laid_out(list(map(self._bare_task, chosen)))
            known |= {task.section.id: sheet for task, sheet in made.items()}
        return self.renderer.guess(known)

    def _is_sure(self, section: Section, guess: Draft) -> bool:
        if not self._is_text(section, guess):
            return False
        anchors, _ = self.renderer.asked(section)
        return all(is_sure(guess.folios.get(anchor, "1")) for anchor in anchors)

    def _is_text(self, section: Section, guess: Draft) -> bool:
        if not self._is_text_or_index(section, guess):
            return False
        anchors, _ = self.renderer.asked(section)
        return not anchors or section.span.path != BOOK_FILE

    def _is_text_or_index(self, section: Section, guess: Draft) -> bool:
        if section.kind not in OF_MEMOS:
            return False
        _, only_length = self.renderer.asked(section)
        return only_length

    def _round(self, pages: Mapping[str, int], folios: Mapping[str, str]) -> Setting:
        """Lay everything out with the page numbers that the last round found."""
        sections = self.renderer.sections(folios, self._adjustments)
        neutral = is_neutral(self.theme.print_sheets, sections)
        tasks = []
        for place in placed(sections, pages):
            if neutral and stampable(place.section):
                tasks.append(self._bare_task(place.section))
            else:
                tasks.append(self._placed_task(place))
        furniture = None
        if neutral:
            maker = self.renderer.maker(folios)
            furniture = furnish(maker, sections, self.theme.paper)
            tasks += self._furniture_tasks(furniture)
        made = self._laid_out(tasks)
        sheets = {task.section.id: sheet for task, sheet in made.items()}
        report_lost_headings(sheets, self._wanted, self.reporter)
        self.reporter.stop_on_errors()
        counts = {section.id: sheets[section.id].pages for section in sections}
        return Setting(placed(sections, counts), sheets, furniture)

    def _furniture_tasks(self, furniture: Furniture) -> Iterator[Task]:
        for section in (furniture.heads, furniture.folios):
            yield self._task(section, 0, 1, furniture.sheets_of(section))

    def _placed_task(self, place: Place) -> Task:
        # A book from right to left begins with a left-hand page.
        begins_left = direction(self.book.language) == "rtl"
        on_left = (place.page % 2 == 1) is not begins_left
        task = self._task(place.section, place.page, place.folio)
        return replace(task, on_left=on_left)

    def _bare_task(self, section: Section) -> Task:
        return self._task(section, 0, 1, (bare_sheet(self.theme.paper),))

    def _task(
        self,
        section: Section,
        page: int,
        folio: int,
        more: tuple[Stylesheet, ...] = (),
    ) -> Task:
        return Task(
            section=section,
            stylesheets=(*self.theme.print_sheets, *more),
            faces=self.theme.faces,
            root=self.root,
            first_folio=folio,
            on_left=page % 2 == 1,
            trust=self.press.files.trust,
            sizes=self.press.files.sizes,
            is_tagged=self.standards.is_tagged,
            limits=self._limits(section),
            bound=self.allowed.bound(len(section.html)),
        )

    def _limits(self, section: Section) -> Limits:
        """Return how large pictures may be: the cover's as the page, else the text."""
        paper, dots = self.theme.paper, self.picture_dpi / MILLIMETRES_PER_INCH
        width, height = paper.width, paper.height
        if section.kind is not Kind.COVER:
            width -= paper.inner + paper.outer
            height -= paper.top + paper.bottom
        return Limits(PRINT_FORMATS, round(width * dots), round(height * dots))

    def _laid_out(self, tasks: Sequence[Task]) -> dict[Task, Sheet]:
        return self.press.sheets(tasks, self.reporter, self.progress)

    def _adjusted(self, setting: Setting) -> bool:
        """Take up what the layout taught about notes; tell whether that is new."""
        before = dict(self._adjustments)
        for memo in self.book.memos:
            sheet = setting.sheets[memo.id]
            old = before.get(memo.id, Adjustments())
            self._adjustments[memo.id] = Adjustments(
                # Once moved, a note stays: without it the page looks roomy again.
                moved=old.moved | sheet.moved,
                repeated=self._repeated(memo, sheet) | old.repeated,
            )
        return any(
            adjustments != before.get(memo, Adjustments())
            for memo, adjustments in self._adjustments.items()
        )

    def _repeated(self, memo: Memo, sheet: Sheet) -> frozenset[str]:
        """Return the calls that are the first of their note on a later page."""
        if self.repeat is not Repeat.PAGE or memo.notes_mode is not NoteMode.FOOTNOTES:
            return frozenset()
        places = dict(sheet.anchors)
        found: set[str] = set()
        for note in memo.notes:
            # A call that a style sheet hides stands nowhere.
            calls = [call for call in note.calls if call.anchor in places]
            seen = {places[call.anchor].page for call in calls[:1]}
            for call in calls[1:]:
                page = places[call.anchor].page
                if page not in seen:
                    found.add(call.anchor)
                seen.add(page)
        return frozenset(found)

    # Around the pages

    def _report_moved(self) -> None:
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

    def _facts(self) -> Facts:
        book = self.book
        return Facts(
            title=book.title,
            authors=tuple(c.name for c in book.authors),
            language=book.language,
            identifier=book.print_identifier,
            description=book.description,
            subjects=book.subjects,
            rights=book.rights,
            publisher=book.publisher,
            relation=book.host.identifier if book.host else "",
            modified=datetime.combine(book.date, time(), UTC),
            standards=self.standards,
            attached=self.attached,
        )
