"""The story of a build: load, read, parse, assemble, publish.

What goes in: a project folder. What comes out: files in its build/ folder and a report.
Everything else is told by the rooms that this module calls one after the other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from memobook.book.model import Book, NoteMode, Repeat, Source
from memobook.book.notes import number_notes
from memobook.book.rasters import epub_limits
from memobook.deliver import Made, deliver
from memobook.design.cutting import begin_cuts, with_cut_fonts
from memobook.design.indexing import index_folios
from memobook.design.section import Section
from memobook.design.theme import Theme
from memobook.diagnostics import (
    Code,
    Diagnostic,
    MachineError,
    MemobookError,
    Reporter,
    Span,
)
from memobook.fresh import FORMATS, Record, keep_record, store_of
from memobook.lastpdf import LastPdf
from memobook.outputs.epub.accessibility import Certificate
from memobook.outputs.epub.container import LossError
from memobook.outputs.epub.pictures import Fitting
from memobook.outputs.epub.publish import EpubJob
from memobook.outputs.pdf.press import Press, warm_up
from memobook.outputs.pdf.publish import Edition, PdfJob
from memobook.outputs.pdf.rendering import Renderer
from memobook.project.config import BOOK_FILE, MANUSCRIPT, Project
from memobook.project.schema import BookFile
from memobook.project.standards import Standards
from memobook.reading import Manuscript, Meanwhile, read
from memobook.report import BuildReport
from memobook.store import Store
from memobook.workers import Workers, default_jobs
from memobook.workplace import rare_collections, room_told

__all__ = ["Look", "build", "check", "look_through"]


def build(
    root: Path,
    *,
    formats: tuple[str, ...] = FORMATS,
    epoch: int | None = None,
    cache: Path | None = None,
    workers: Workers | None = None,
    profiles: tuple[str, ...] = (),
    progress: Callable[[str], None] = lambda _: None,
    printed: Callable[[Edition], None] = lambda _: None,
) -> BuildReport:
    """Build the book of a project folder.

    `epoch` is SOURCE_DATE_EPOCH, in seconds; `cache` a folder to use instead of the
    project's own, which several projects may share; `workers` are processes that serve
    several builds; `profiles` those that hold instead of the book's own; `printed` is
    told of the PDF at once, before the EPUB is made and anything written. Raises
    MemobookError with every diagnostic if the book has errors; the outputs are then as
    they were. Raises MachineError if the machine lacks what a format needs.
    """
    reporter = Reporter()
    store = store_of(root, cache)
    with ExitStack() as stack:
        stack.enter_context(room_told())
        stack.enter_context(rare_collections())
        if workers is None:
            workers = stack.enter_context(Workers(default_jobs(), "pdf" in formats))
        apart = stack.enter_context(workers.aside())
        beside = _beside(formats, store, apart)
        text = read(root, epoch, store, workers, reporter, beside, profiles, formats)
        press = Press(store, text.files, workers, apart)
        last = _last_pdf(text, epoch, store)
        report = _published(
            root, text, press, last, formats, progress, printed, reporter
        )
        with suppress(OSError):  # without it the next build does all of this again
            record = _record(text, last, report)
            keep_record(root, formats, epoch, store, record, profiles)
        store.trim()
        return report


def _beside(formats: tuple[str, ...], store: Store, apart: Workers) -> Meanwhile:
    """Return what a process of its own is to do while the memos are put together."""

    def meanwhile(project: Project, theme: Theme, texts: Iterable[str]) -> None:
        begin_cuts(theme, texts, store, apart)
        # Where a PDF is laid out, the workers have loaded all they need by now.
        if "pdf" not in formats and not project.settings.epub.cover:
            warm_up(apart, store)

    return meanwhile


def _published(
    root: Path,
    text: Manuscript,
    press: Press,
    last: LastPdf,
    formats: tuple[str, ...],
    progress: Callable[[str], None],
    printed: Callable[[Edition], None],
    reporter: Reporter,
) -> BuildReport:
    jobs = _jobs(text, press, formats, progress, reporter)
    cut = partial(with_cut_fonts, text.theme, tuple(text.books.values()))
    if not jobs.prints and not text.project.settings.epub.cover:
        cover = cut([jobs.pdf.cover_section()], press.store)
        jobs = replace(jobs, pdf=replace(jobs.pdf, theme=cover))
        jobs.pdf.begin_cover()
    sections = _render_all(jobs)
    reporter.stop_on_errors()
    jobs = jobs.with_theme(cut(sections, press.store))
    made = _made(text, jobs, last, printed, reporter)
    reporter.stop_on_errors()
    memos = made.book.memos
    outputs = deliver(made, root, reporter)
    if jobs.prints:
        last.keep(made.pagination, index_folios(made.book, made.folios))
    if failure := press.store.failure:
        message = f"the cache cannot be written: {failure}"
        hint = "make room or make it writable; the next build makes everything again"
        span = Span(str(press.store.folder))
        reporter.warning(Code.CACHE_NOT_WRITTEN, span, message, hint)
    return BuildReport(
        outputs=outputs,
        pages=made.pages,
        memos=sum(memo.path != BOOK_FILE for memo in memos),
        notes=sum(len(memo.notes) for memo in memos),
        calls=sum(len(n.calls) for memo in memos for n in memo.notes),
        laid_out=press.laid_out,
        diagnostics=reporter.diagnostics,
        lacks_page_list=jobs.wants_page_list and not made.pagination,
    )


def _made(
    text: Manuscript,
    jobs: _Jobs,
    last: LastPdf,
    printed: Callable[[Edition], None],
    reporter: Reporter,
) -> Made:
    """Return what was made; it is not to be delivered if there are errors."""
    files: dict[str, bytes] = {}
    edition = jobs.pdf.publish() if jobs.prints else None
    pagination = edition.pagination if edition else last.pagination()
    folios = edition.folios if edition else last.folios()
    if edition:
        printed(edition)
        files["pdf"] = edition.pdf
        text.files.inputs.update(edition.inputs)
    if jobs.epub:
        jobs.pdf.progress("EPUB")
        cover = partial(_cover, text, edition, jobs.pdf, reporter)
        listed = pagination if jobs.wants_page_list else {}
        named: dict[str, str] = {}
        if listed:
            # Another text has other anchors.
            other = jobs.epub.differing
            named = index_folios(jobs.epub.book, folios, without=other)
        epub = replace(jobs.epub, pagination=listed, folios=named)
        files["epub"] = _packed(epub, cover, reporter)
    return Made(
        book=jobs.book,
        files=files,
        pages=edition.pages if edition else None,
        folios=edition.folios if edition else {},
        pagination=pagination,
        inputs=text.files.inputs,
    )


def _last_pdf(text: Manuscript, epoch: int | None, store: Store) -> LastPdf:
    fonts = sorted({face.path for face in text.theme.faces})
    return LastPdf(
        files=text.files,
        fonts={str(p): hashlib.sha256(p.read_bytes()).hexdigest() for p in fonts},
        settings=text.project.settings,
        epoch=epoch,
        store=store,
        profiles=text.project.profiles,
    )


def _record(text: Manuscript, last: LastPdf, report: BuildReport) -> Record:
    # Whether the page list is still true is to be seen before the next build, too.
    more = last.inputs() if report.pages is None else {}
    return Record(
        inputs={**more, **text.files.inputs},
        listings=text.files.listings,
        fonts=dict(last.fonts),
        report=report.as_dict(),
    )


@dataclass(frozen=True, slots=True)
class Look:
    """What a look at the sources found."""

    reporter: Reporter
    """With everything that is wrong in them."""
    project: Project | None = None
    """None if the book cannot be made at all."""
    theme: Theme | None = None
    texts: Mapping[str, Mapping[str, Source]] = field(default_factory=dict)
    """Format -> path -> text."""
    books: Mapping[str, Book] = field(default_factory=dict)
    """Format -> the book, its notes numbered as that output has them."""


def look_through(
    root: Path, *, epoch: int | None = None, profiles: tuple[str, ...] = ()
) -> Look:
    """Read a project, templates included, and write nothing."""
    reporter = Reporter()
    try:
        store = replace(store_of(root, None), is_writable=False)
        with Workers(default_jobs(), lay_out=False) as workers:
            text = read(root, epoch, store, workers, reporter, profiles=profiles)
        idle = Press(store, text.files, workers, workers)
        jobs = _jobs(text, idle, FORMATS, lambda _: None, reporter)
        _render_all(jobs)
    except MemobookError:
        return Look(reporter)
    books = {"pdf": jobs.pdf.book}
    if jobs.epub:
        books["epub"] = jobs.epub.book
    # Pages that memobook makes come from the settings.
    settings = {BOOK_FILE: Source(BOOK_FILE, text.project.located.text)}
    texts = {output: {**settings, **found} for output, found in text.texts.items()}
    return Look(reporter, text.project, text.theme, texts, books)


def check(
    root: Path, *, epoch: int | None = None, profiles: tuple[str, ...] = ()
) -> tuple[Diagnostic, ...]:
    """Return everything that is wrong in the sources, templates included."""
    return look_through(root, epoch=epoch, profiles=profiles).reporter.diagnostics


# Publishing


def _numbered(
    text: Manuscript, output: str, own_mode: str | None, reporter: Reporter
) -> Book:
    links = text.project.settings.links
    mode = NoteMode(own_mode or links.notes)
    return number_notes(text.books[output], mode, Repeat(links.repeat), reporter)


@dataclass(frozen=True, slots=True)
class _Jobs:
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
        return self.epub.book if self.epub and not self.prints else self.pdf.book

    def with_theme(self, theme: Theme) -> _Jobs:
        epub = self.epub and replace(self.epub, theme=theme)
        # A cover alone has begun already.
        pdf = replace(self.pdf, theme=theme) if self.prints else self.pdf
        return replace(self, pdf=pdf, epub=epub)


def _jobs(
    text: Manuscript,
    press: Press,
    formats: tuple[str, ...],
    progress: Callable[[str], None],
    reporter: Reporter,
) -> _Jobs:
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
        picture_dpi=settings.pdf.picture_dpi,
        attached=text.sources if settings.pdf.attach_sources else {},
        gray=settings.pdf.gray,
        progress=progress,
    )
    epub = _epub_job(text, press, reporter) if "epub" in formats else None
    return _Jobs(pdf, epub, prints, bool(epub) and settings.epub.page_list)


def _epub_job(text: Manuscript, press: Press, reporter: Reporter) -> EpubJob:
    settings = text.project.settings.epub
    claim = settings.accessibility
    return EpubJob(
        book=_numbered(text, "epub", settings.notes, reporter),
        theme=text.theme,
        files=text.files,
        reporter=reporter,
        fitting=Fitting(epub_limits(settings.picture_pixels), press.store),
        certificate=Certificate(**claim.model_dump()) if claim else None,
        differing=text.differing,
    )


def _render_all(jobs: _Jobs) -> tuple[Section, ...]:
    """Render every template and style sheet, so that all faults show at once."""
    printed = jobs.pdf.sections() if jobs.prints else (jobs.pdf.cover_section(),)
    if jobs.epub is None:
        return printed
    jobs.epub.stylesheet()
    return (*printed, *jobs.epub.sections())


def _cover(
    text: Manuscript, edition: Edition | None, job: PdfJob, reporter: Reporter
) -> bytes | None:
    """Return the cover's picture: the author's, or the first page of the PDF."""
    own = text.project.settings.epub.cover
    if own:
        return text.files.read(f"{MANUSCRIPT}/{own}")
    try:
        return job.press.picture(edition.cover if edition else job.cover())
    except MachineError as error:
        message = f"the EPUB has no cover picture: {error.message}"
        reporter.warning(Code.COVER_NOT_DRAWN, Span(BOOK_FILE), message, error.hint)
        return None


def _packed(
    job: EpubJob, cover: Callable[[], bytes | None], reporter: Reporter
) -> bytes:
    try:
        return job.publish(cover)
    except LossError as error:
        hint = "please report this with the memo that causes it"
        message = f"the EPUB is not what was put into it: {error}"
        reporter.error(Code.OUTPUT_INCOMPLETE, Span(BOOK_FILE), message, hint)
        return b""
