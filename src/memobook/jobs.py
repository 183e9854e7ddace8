"""Say what is to be published of a manuscript: a job for each output.

What goes in: a manuscript and its settings. What comes out: jobs whose books have their
notes numbered, and that render their sections before anything is laid out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from memobook.book.model import Book, NoteMode, Repeat
from memobook.book.notes import number_notes
from memobook.book.rasters import epub_limits
from memobook.book.sources import list_sources
from memobook.design.section import Kind, Section
from memobook.design.theme import Theme
from memobook.design.words import words
from memobook.diagnostics import Reporter
from memobook.manuscript import Manuscript
from memobook.outputs.epub.accessibility import Certificate
from memobook.outputs.epub.pictures import Fitting
from memobook.outputs.epub.publish import EpubJob
from memobook.outputs.pdf.press import Press
from memobook.outputs.pdf.publish import PdfJob
from memobook.outputs.pdf.rendering import Renderer
from memobook.project.schema import BookFile
from memobook.project.standards import Standards

__all__ = ["Jobs", "jobs_of", "own_cover", "render_all"]


def _numbered(
    text: Manuscript, output: str, own_mode: str | None, reporter: Reporter
) -> Book:
    links = text.project.settings.links
    mode = _mode(text, own_mode)
    book = number_notes(text.books[output], mode, Repeat(links.repeat), reporter)
    return list_sources(book, words(book.language, book.words))


def _mode(text: Manuscript, own_mode: str | None) -> NoteMode:
    return NoteMode(own_mode or text.project.settings.links.notes)


@dataclass(frozen=True, slots=True)
class Jobs:
    """What is to be published."""

    pdf: PdfJob
    """Makes at least the cover; its book has no notes if it makes no more."""
    epub: EpubJob | None
    prints: bool
    """Whether there is to be a PDF."""
    wants_page_list: bool
    """Of the EPUB, if there is to be one."""

    @property
    def book(self) -> Book:
        """The book as it is in the PDF, or else in the EPUB."""
        return self.epub.book if self.epub and not self.prints else self.pdf.book

    @property
    def draws_cover(self) -> bool:
        """Whether a cover is to be laid out for the EPUB that no PDF has."""
        return bool(self.epub) and not (self.prints and self.pdf.book.front)

    def with_theme(self, theme: Theme) -> Jobs:
        """Return the jobs with cut fonts."""
        epub = self.epub and replace(self.epub, theme=theme)
        # A cover alone has begun already.
        pdf = replace(self.pdf, theme=theme) if self.prints else self.pdf
        return replace(self, pdf=pdf, epub=epub)


def jobs_of(
    text: Manuscript,
    press: Press,
    formats: tuple[str, ...],
    progress: Callable[[str], None],
    reporter: Reporter,
) -> Jobs:
    """Return the jobs of a manuscript."""
    settings: BookFile = text.project.settings
    prints = "pdf" in formats
    book = text.books["pdf"]
    if prints:
        book = _numbered(text, "pdf", settings.pdf.notes, reporter)
    starts_right = settings.pdf.memos_start == "right"
    pdf = PdfJob(
        book=book,
        theme=text.theme,
        root=text.files.root,
        press=press,
        reporter=reporter,
        repeat=Repeat(settings.links.repeat),
        renderer=Renderer(book, text.theme, reporter, starts_right),
        sources=text.texts["pdf"],
        standards=Standards.of(settings.pdf.standard),
        allowed=settings.limits,
        picture_dpi=settings.pdf.picture_dpi,
        attached=text.sources if settings.pdf.attach_sources else {},
        gray=settings.pdf.gray,
        progress=progress,
    )
    epub = _epub_job(text, press, reporter) if "epub" in formats else None
    return Jobs(pdf, epub, prints, bool(epub) and settings.epub.page_list)


def _epub_job(text: Manuscript, press: Press, reporter: Reporter) -> EpubJob:
    settings, printed = text.project.settings.epub, text.project.settings.pdf
    claim = settings.accessibility
    # The list of sources names notes, which one output may have and the other not; and
    # those at the end of the book may be more in one.
    has_other_notes = _mode(text, settings.notes) is not _mode(text, printed.notes)
    kinds = (Kind.SOURCES, Kind.NOTES) if has_other_notes else ()
    other = frozenset(kind.value for kind in kinds)
    return EpubJob(
        book=_numbered(text, "epub", settings.notes, reporter),
        theme=text.theme,
        files=text.files,
        reporter=reporter,
        fitting=Fitting(
            epub_limits(settings.picture_pixels),
            press.store,
            text.project.settings.limits,
            press.workers,
        ),
        certificate=Certificate(**claim.model_dump()) if claim else None,
        differing=text.differing | other,
    )


def render_all(jobs: Jobs) -> tuple[tuple[Section, ...], tuple[Section, ...]]:
    """Render every template and style sheet, so that all faults show at once.

    Returns what is to be printed, and what is to be read on a screen.
    """
    printed = jobs.pdf.sections() if jobs.prints else ()
    if jobs.draws_cover:
        printed = (jobs.pdf.cover_section(), *printed)
    if jobs.epub is None:
        return printed, ()
    jobs.epub.stylesheet()
    return printed, jobs.epub.sections()


def own_cover(text: Manuscript) -> str:
    """Return the name of the author's own cover, which a memo alone has not."""
    cover = text.project.settings.epub.cover
    return cover if cover and not text.books["pdf"].host else ""
