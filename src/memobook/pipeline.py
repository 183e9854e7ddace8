"""The story of a build: load, read, parse, assemble, publish.

What goes in: a project folder. What comes out: files in its build/ folder and a report.
Everything else is told by the rooms that this module calls one after the other.
"""

from __future__ import annotations

import datetime as dt
import errno
import gc
import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from memobook.book.assemble import assemble
from memobook.book.model import Book, NoteMode, Repeat
from memobook.book.notes import number_notes
from memobook.checks.colours import check_colours
from memobook.checks.pictures import check_pictures, media_type
from memobook.checks.source import lint_titles
from memobook.deliver import Made, deliver
from memobook.design.cut import cut_faces, needs, weights_in
from memobook.design.fonts import characters_in
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
from memobook.outputs.epub.container import LossError
from memobook.outputs.epub.publish import EpubJob
from memobook.outputs.pdf.press import Press, warm_up
from memobook.outputs.pdf.publish import Edition, PdfJob
from memobook.outputs.pdf.rendering import Renderer
from memobook.project.config import BOOK_FILE, MANUSCRIPT, Project, load
from memobook.project.files import Files, OutsideError
from memobook.project.schema import BookFile
from memobook.project.standards import Standards
from memobook.report import BuildReport
from memobook.store import Store
from memobook.workers import Workers, default_jobs

__all__ = ["Look", "build", "check", "look_through"]


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
        stack.enter_context(_rare_collections())
        if workers is None:
            made = Workers(default_jobs(), "pdf" in formats)
            workers = stack.enter_context(made)
        # Where a PDF is laid out, the workers have loaded all they need by now.
        meanwhile = partial(warm_up, workers, store) if "pdf" not in formats else None
        text = _read(root, epoch, store, workers, reporter, meanwhile)
        press = Press(store, text.files, workers)
        report = _published(root, text, press, formats, progress, reporter)
        with suppress(OSError):  # without it the next build does all of this again
            keep_record(root, formats, epoch, store, _record(text, report))
        store.trim()
        return report


# Of objects that may be garbage: some 100 memos have as many.
_COLLECTED = 300_000


@contextmanager
def _rare_collections() -> Iterator[None]:
    """Look for garbage rarely: a book's trees are many objects, and they stay.

    To walk them all again and again took an eighth of the time.
    """
    before = gc.get_threshold()
    gc.set_threshold(_COLLECTED, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


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
    formats: tuple[str, ...],
    progress: Callable[[str], None],
    reporter: Reporter,
) -> BuildReport:
    jobs = _jobs(text, press, formats, progress, reporter)
    sections = _render_all(jobs)
    reporter.stop_on_errors()
    jobs = jobs.with_theme(_with_cut_fonts(text, sections, press.store))
    if jobs.epub and not jobs.prints and not text.project.settings.epub.cover:
        jobs.pdf.begin_cover()
    made = _made(text, jobs, reporter)
    reporter.stop_on_errors()
    memos = made.book.memos
    outputs = deliver(made, root, reporter)
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
    )


def _made(text: _Manuscript, jobs: _Jobs, reporter: Reporter) -> Made:
    """Return what was made; it is not to be delivered if there are errors."""
    files: dict[str, bytes] = {}
    edition = jobs.pdf.publish() if jobs.prints else None
    if edition:
        files["pdf"] = edition.pdf
        text.files.inputs.update(edition.inputs)
    if jobs.epub:
        jobs.pdf.progress("EPUB")
        cover = partial(_cover, text, edition, jobs.pdf, reporter)
        files["epub"] = _packed(jobs.epub, cover, reporter)
    return Made(
        book=jobs.book,
        files=files,
        pages=edition.pages if edition else None,
        folios=edition.folios if edition else {},
        inputs=text.files.inputs,
    )


def _record(text: _Manuscript, report: BuildReport) -> Record:
    faces = {face.path for face in text.theme.faces}
    return Record(
        inputs=text.files.inputs,
        listings=text.files.listings,
        fonts={
            str(p): hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(faces)
        },
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
    sources: Mapping[str, str] = field(default_factory=dict)
    """Path -> text."""
    books: Mapping[str, Book] = field(default_factory=dict)
    """Format -> the book, its notes numbered as that output has them."""


def look_through(root: Path, *, epoch: int | None = None) -> Look:
    """Read a project, templates included, and write nothing."""
    reporter = Reporter()
    try:
        store = replace(store_of(root, None), is_writable=False)
        with Workers(default_jobs(), lay_out=False) as workers:
            text = _read(root, epoch, store, workers, reporter)
        idle = Press(store, text.files, workers)
        jobs = _jobs(text, idle, FORMATS, lambda _: None, reporter)
        _render_all(jobs)
    except MemobookError:
        return Look(reporter)
    books = {"pdf": jobs.pdf.book}
    if jobs.epub:
        books["epub"] = jobs.epub.book
    return Look(reporter, text.project, text.theme, text.sources, books)


def check(root: Path, *, epoch: int | None = None) -> tuple[Diagnostic, ...]:
    """Return everything that is wrong in the sources, templates included."""
    return look_through(root, epoch=epoch).reporter.diagnostics


# Reading


def _read(
    root: Path,
    epoch: int | None,
    store: Store,
    workers: Workers,
    reporter: Reporter,
    for_cover: Callable[[], None] | None = None,
) -> _Manuscript:
    """Return the manuscript; `for_cover` begins what its drawing needs."""
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
    has_own = bool(project.settings.epub.cover)
    meanwhile = (lambda: None) if for_cover is None or has_own else for_cover
    taken = take_in(sources, imprint, store, workers, reporter, meanwhile)
    book = _assembled(project, taken, epoch, reporter)
    check_pictures(book, files, reporter)
    _check_cover(project, files, reporter)
    theme = load_theme(project, files, reporter)
    if Standards.of(project.settings.pdf.standard).archival:
        own = {s.path: s.text for s in theme.print_sheets if not s.is_builtin}
        check_colours(book, own, files, reporter)
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

    @property
    def book(self) -> Book:
        return self.epub.book if self.epub and not self.prints else self.pdf.book

    def with_theme(self, theme: Theme) -> _Jobs:
        epub = self.epub and replace(self.epub, theme=theme)
        return _Jobs(replace(self.pdf, theme=theme), epub, self.prints)


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
        standards=Standards.of(settings.pdf.standard),
        attached=text.sources if settings.pdf.attach_sources else {},
        progress=progress,
    )
    epub = None
    if "epub" in formats:
        book = _numbered(text, settings.epub.notes, reporter)
        epub = EpubJob(book=book, theme=text.theme, files=text.files, reporter=reporter)
    return _Jobs(pdf, epub, prints)


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
        text=characters_in(section.html for section in sections),
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
