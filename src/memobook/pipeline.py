"""The story of a build: load, read, parse, assemble, publish.

What goes in: a project folder. What comes out: files in its build/ folder and a report.
Everything else is told by the rooms that this module calls one after the other.
"""

from __future__ import annotations

import datetime as dt
import errno
import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from memobook.book.assemble import assemble
from memobook.book.model import Book, NoteMode, Repeat
from memobook.book.notes import number_notes
from memobook.checks.pictures import check_pictures, media_type
from memobook.checks.source import lint_titles
from memobook.deliver import Made, deliver
from memobook.design.cut import cut_faces, needs, weights_in
from memobook.design.section import Section
from memobook.design.sections import code_characters
from memobook.design.theme import Theme, load_theme
from memobook.diagnostics import (
    Code,
    Diagnostic,
    MachineError,
    MemobookError,
    Reporter,
    Span,
)
from memobook.fresh import FORMATS, Record, keep_record, store_of
from memobook.intake import Imprint, Intake, take_in
from memobook.lastpdf import LastPdf
from memobook.outputs.epub.accessibility import Certificate
from memobook.outputs.epub.container import LossError
from memobook.outputs.epub.publish import EpubJob
from memobook.outputs.pdf.press import Press
from memobook.outputs.pdf.publish import Edition, PdfJob
from memobook.outputs.pdf.rendering import Renderer
from memobook.project.config import BOOK_FILE, MANUSCRIPT, Project, load
from memobook.project.files import Files, OutsideError
from memobook.project.schema import BookFile
from memobook.report import BuildReport
from memobook.store import Store
from memobook.workers import Workers, default_jobs

__all__ = ["build", "check"]


# What a project without a date and without SOURCE_DATE_EPOCH is dated: never the clock.
_NO_DATE = dt.date(1980, 1, 1)


@dataclass(frozen=True, slots=True)
class _Manuscript:
    """A checked book, before its notes are numbered for an output."""

    project: Project
    book: Book
    theme: Theme
    files: Files
    sources: Mapping[str, str]


def build(
    root: Path,
    *,
    formats: tuple[str, ...] = FORMATS,
    epoch: int | None = None,
    cache: Path | None = None,
    workers: Workers | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> BuildReport:
    """Build the book of a project folder.

    `epoch` is SOURCE_DATE_EPOCH, in seconds; `cache` a folder to use instead of the
    project's own, which several projects may share; `workers` are processes that serve
    several builds. Raises MemobookError with every diagnostic if the book has errors;
    the outputs are then as they were. Raises MachineError if the machine lacks what a
    format needs.
    """
    reporter = Reporter()
    store = store_of(root, cache)
    with ExitStack() as stack:
        stack.enter_context(_room())
        if workers is None:
            made = Workers(default_jobs(), "pdf" in formats)
            workers = stack.enter_context(made)
        text = _read(root, epoch, store, workers, reporter)
        press = Press(store, text.files, workers)
        if not text.project.settings.epub.cover:
            press.warm_up()
        last = _last_pdf(text, epoch, store)
        report = _published(root, text, press, last, formats, progress, reporter)
        with suppress(OSError):  # without it the next build does all of this again
            keep_record(root, formats, epoch, store, _record(text, last, report))
        store.trim()
        return report


@contextmanager
def _room() -> Iterator[None]:
    """Tell of a full disk what to do about it."""
    try:
        yield
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EDQUOT, errno.EROFS}:
            raise
        message = f"a file of a build cannot be written: {error}"
        hint = "make room, or name another folder for such files: TMPDIR=/path"
        raise MachineError(message, hint) from None


def _published(
    root: Path,
    text: _Manuscript,
    press: Press,
    last: LastPdf,
    formats: tuple[str, ...],
    progress: Callable[[str], None],
    reporter: Reporter,
) -> BuildReport:
    jobs = _jobs(text, press, formats, progress, reporter)
    sections = _render_all(jobs)
    reporter.stop_on_errors()
    jobs = jobs.with_theme(_with_cut_fonts(text, sections, press.store))
    made = _made(text, jobs, last, reporter)
    reporter.stop_on_errors()
    memos = made.book.memos
    outputs = deliver(made, root, reporter)
    if jobs.prints:
        last.keep(made.pagination)
    if failure := press.store.failure:
        message = f"the cache cannot be written: {failure}"
        hint = "make room or make it writable; the next build makes everything again"
        span = Span(str(press.store.folder))
        reporter.warning(Code.CACHE_NOT_WRITTEN, span, message, hint)
    return BuildReport(
        outputs=outputs,
        pages=made.pages,
        memos=len(memos),
        notes=sum(len(memo.notes) for memo in memos),
        calls=sum(len(n.calls) for memo in memos for n in memo.notes),
        laid_out=press.laid_out,
        diagnostics=reporter.diagnostics,
        lacks_page_list=jobs.wants_page_list and not made.pagination,
    )


def _made(text: _Manuscript, jobs: _Jobs, last: LastPdf, reporter: Reporter) -> Made:
    """Return what was made; it is not to be delivered if there are errors."""
    files: dict[str, bytes] = {}
    edition = jobs.pdf.publish() if jobs.prints else None
    pagination = edition.pagination if edition else last.pagination()
    if edition:
        files["pdf"] = edition.pdf
        text.files.inputs.update(edition.inputs)
    if jobs.epub:
        jobs.pdf.progress("EPUB")
        cover = _cover(text, edition, jobs.pdf, reporter)
        listed = pagination if jobs.wants_page_list else {}
        files["epub"] = _packed(replace(jobs.epub, pagination=listed), cover, reporter)
    return Made(
        book=jobs.book,
        files=files,
        pages=edition.pages if edition else None,
        folios=edition.folios if edition else {},
        pagination=pagination,
        inputs=text.files.inputs,
    )


def _last_pdf(text: _Manuscript, epoch: int | None, store: Store) -> LastPdf:
    fonts = sorted({face.path for face in text.theme.faces})
    return LastPdf(
        files=text.files,
        fonts={str(p): hashlib.sha256(p.read_bytes()).hexdigest() for p in fonts},
        settings=text.project.settings,
        epoch=epoch,
        store=store,
    )


def _record(text: _Manuscript, last: LastPdf, report: BuildReport) -> Record:
    # Whether the page list is still true is to be seen before the next build, too.
    more = last.inputs() if report.pages is None else {}
    return Record(
        inputs={**more, **text.files.inputs},
        listings=text.files.listings,
        fonts=dict(last.fonts),
        report=report.as_dict(),
    )


def check(root: Path, *, epoch: int | None = None) -> tuple[Diagnostic, ...]:
    """Return everything that is wrong in the sources, templates included."""
    reporter = Reporter()
    try:
        store = replace(store_of(root, None), is_writable=False)
        with Workers(default_jobs(), lay_out=False) as workers:
            text = _read(root, epoch, store, workers, reporter)
        idle = Press(store, text.files, workers)
        _render_all(_jobs(text, idle, FORMATS, lambda _: None, reporter))
    except MemobookError as error:
        return error.diagnostics
    return reporter.diagnostics


# Reading


def _read(
    root: Path, epoch: int | None, store: Store, workers: Workers, reporter: Reporter
) -> _Manuscript:
    files = Files(root.resolve())
    if not files.exists(BOOK_FILE):
        hint = "run memobook in a project's folder, or make one: memobook new my-book"
        message = f"there is no {BOOK_FILE} in {root}"
        reporter.error(Code.PROJECT_NOT_FOUND, Span(str(root)), message, hint)
    reporter.stop_on_errors()
    project = load(files, reporter)
    if project is None:
        raise MemobookError(reporter.diagnostics)
    sources = {}
    for path, _ in project.memos:
        source = files.text(path, reporter)
        if source is not None:
            sources[path] = source
    table = project.settings.book
    imprint = Imprint(table.imprint, project.located, table.language)
    taken = take_in(sources, imprint, store, workers, reporter)
    book = _assembled(project, taken, epoch, reporter)
    check_pictures(book, files, reporter)
    _check_cover(project, files, reporter)
    theme = load_theme(project, files, reporter)
    return _Manuscript(project, book, theme, files, sources)


def _check_cover(project: Project, files: Files, reporter: Reporter) -> None:
    """Report a cover of the author's that is missing, outside or unreadable."""
    name = project.settings.epub.cover
    if not name:
        return
    span = project.located.value(("epub", "cover"))
    try:
        if media_type(files.read(f"{MANUSCRIPT}/{name}")) is None:
            message = f"{name} is no SVG, PNG, JPEG, GIF or WebP picture, or is damaged"
            hint = "open it in a picture editor and export it as PNG or JPEG"
            reporter.error(Code.IMAGE_UNREADABLE, span, message, hint)
    except OutsideError as error:
        hint = f"copy the picture into {MANUSCRIPT}/"
        reporter.error(Code.FILE_OUTSIDE, span, str(error), hint)
    except OSError:
        message = f"there is no picture {MANUSCRIPT}/{name}"
        reporter.error(Code.IMAGE_MISSING, span, message)


def _assembled(
    project: Project, taken: Intake, epoch: int | None, reporter: Reporter
) -> Book:
    memos = taken.memos
    lint_titles(memos, reporter)
    if not memos:
        # Nothing can be laid out; what is wrong was reported.
        raise MemobookError(reporter.diagnostics)
    date = _NO_DATE
    if epoch is not None:
        date = dt.datetime.fromtimestamp(epoch, dt.UTC).date()
    return assemble(project.settings, memos, date, reporter, taken.imprint)


# Publishing


def _numbered(text: _Manuscript, own_mode: str | None, reporter: Reporter) -> Book:
    links = text.project.settings.links
    mode = NoteMode(own_mode or links.notes)
    return number_notes(text.book, mode, Repeat(links.repeat), reporter)


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
        return replace(self, pdf=replace(self.pdf, theme=theme), epub=epub)


def _jobs(
    text: _Manuscript,
    press: Press,
    formats: tuple[str, ...],
    progress: Callable[[str], None],
    reporter: Reporter,
) -> _Jobs:
    settings: BookFile = text.project.settings
    prints = "pdf" in formats
    book = _numbered(text, settings.pdf.notes, reporter) if prints else text.book
    starts_right = settings.pdf.memos_start == "right"
    pdf = PdfJob(
        book=book,
        theme=text.theme,
        root=text.files.root,
        press=press,
        reporter=reporter,
        repeat=Repeat(settings.links.repeat),
        renderer=Renderer(book, text.theme, reporter, starts_right),
        sources=text.sources,
        progress=progress,
    )
    epub = None
    if "epub" in formats:
        book = _numbered(text, settings.epub.notes, reporter)
        claim = settings.epub.accessibility
        epub = EpubJob(
            book=book,
            theme=text.theme,
            files=text.files,
            reporter=reporter,
            certificate=Certificate(**claim.model_dump()) if claim else None,
        )
    return _Jobs(pdf, epub, prints, bool(epub) and settings.epub.page_list)


def _render_all(jobs: _Jobs) -> tuple[Section, ...]:
    """Render every template and style sheet, so that all faults show at once."""
    printed = jobs.pdf.sections() if jobs.prints else (jobs.pdf.cover_section(),)
    if jobs.epub is None:
        return printed
    jobs.epub.stylesheet()
    return (*printed, *jobs.epub.sections())


def _with_cut_fonts(
    text: _Manuscript, sections: tuple[Section, ...], store: Store
) -> Theme:
    """Return the theme with static fonts that hold the book's characters."""
    theme = text.theme
    own = (*theme.print_sheets, *theme.screen_sheets)
    wanted = needs(
        theme.faces,
        theme.uses,
        # Every character of the documents; their markup is in any font anyway.
        text=frozenset("".join(section.html for section in sections)),
        code=code_characters(text.book),
        extra_weights=weights_in(s for s in own if not s.is_builtin),
    )
    return replace(theme, faces=cut_faces(wanted, store))


def _cover(
    text: _Manuscript, edition: Edition | None, job: PdfJob, reporter: Reporter
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


def _packed(job: EpubJob, cover: bytes | None, reporter: Reporter) -> bytes:
    try:
        return job.publish(cover)
    except LossError as error:
        hint = "please report this with the memo that causes it"
        message = f"the EPUB is not what was put into it: {error}"
        reporter.error(Code.OUTPUT_INCOMPLETE, Span(BOOK_FILE), message, hint)
        return b""
