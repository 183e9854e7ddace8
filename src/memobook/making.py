"""Make what was ordered of a manuscript: number, lay out, bind, pack, deliver.

What goes in: a manuscript. What comes out: files in its project's build/ folder, and
what the next build is to know of this one. It is loaded while the workers read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial

from memobook.alone import UnknownMemoError, alone, memos_alone
from memobook.changes import with_changes
from memobook.checks.kept import Looks
from memobook.deliver import Made, deliver
from memobook.design.cutting import begin_cuts, code_in, with_cut_fonts
from memobook.design.indexing import index_folios
from memobook.design.theme import Theme
from memobook.diagnostics import (
    Code,
    Diagnostic,
    MachineError,
    MemobookError,
    Reporter,
    Span,
)
from memobook.fresh import Order
from memobook.jobs import Jobs, jobs_of, own_cover, render_all
from memobook.lastpdf import LastPdf
from memobook.manuscript import Manuscript, distinct
from memobook.means import Listener, Means
from memobook.memory import last_pdf, remember
from memobook.outputs.epub.container import LossError
from memobook.outputs.epub.publish import EpubJob
from memobook.outputs.pdf.press import Press, warm_up
from memobook.outputs.pdf.publish import Edition, PdfJob
from memobook.project.config import BOOK_FILE, MANUSCRIPT, Project
from memobook.report import BuildReport
from memobook.store import Store
from memobook.wholeness import Readback
from memobook.workers import Workers

__all__ = ["begin_beside", "make_changes", "make_each"]


def begin_beside(
    project: Project,
    theme: Theme,
    texts: Iterable[str],
    formats: tuple[str, ...],
    store: Store,
    apart: Workers,
) -> None:
    """Let a process of its own begin with what a book of these texts will need."""
    begin_cuts(theme, texts, store, apart)
    # Where a PDF is laid out, the workers have loaded all they need by now.
    if "pdf" not in formats and not project.settings.epub.cover:
        warm_up(apart, store)


def make_each(
    order: Order,
    text: Manuscript,
    names: tuple[str, ...],
    reporter: Reporter,
    means: Means,
    *,
    every: bool,
) -> tuple[BuildReport, ...]:
    """Make the book, and memos alone; see pipeline.build_each."""
    if every:
        names = tuple(dict.fromkeys((*names, *memos_alone(text.books["pdf"]))))
    # All are taken out before anything is built, so that one that is not there is
    # told at once, and none knows what another one read.
    wanted = {
        name: alone(text, name, reporter) if name else (text, reporter)
        for name in names
    }
    press = partial(Press, means.store, workers=means.workers, apart=means.apart)
    works = (
        _Work(order, name, own, press(own.files), found, means.listener)
        for name, (own, found) in wanted.items()
    )
    return _all_done(works)


def make_changes(
    order: Order,
    new: Manuscript,
    old: Manuscript,
    revision: str,
    memo: str,
    reporter: Reporter,
    means: Means,
) -> BuildReport:
    """Make the PDF that shows what changed; see pipeline.build_changes."""
    if memo:
        new, reporter = alone(new, memo, reporter)
        old = _alone_then(old, memo)
    marked = with_changes(old, new, revision)
    name = f"{memo} since {revision}"
    press = Press(means.store, marked.files, means.workers, means.apart)
    work = _Work(order, name, marked, press, reporter, means.listener)
    (report,) = _all_done([work])
    return report


def _alone_then(old: Manuscript, memo: str) -> Manuscript:
    """Return a memo as it was: without a text if it was not there yet."""
    try:
        return alone(old, memo, Reporter())[0]
    except UnknownMemoError:
        none = {output: replace(b, memos=()) for output, b in old.books.items()}
        return replace(old, books=none)


def _all_done(works: Iterable[_Work]) -> tuple[BuildReport, ...]:
    """Finish all work, each while the next one is laid out; tell all errors at once."""
    reports: list[BuildReport] = []
    errors: list[Diagnostic] = []
    waiting: tuple[_Work, _Begun] | None = None
    for work in (*works, None):
        begun: tuple[_Work, _Begun] | None = None
        try:
            if work is not None:
                begun = work, work.begun()
        except MemobookError as error:
            errors += error.diagnostics
        try:
            if waiting is not None:
                reports.append(waiting[0].done(waiting[1]))
        except MemobookError as error:
            errors += error.diagnostics
        waiting = begun
    if errors:
        raise MemobookError(tuple(dict.fromkeys(errors)))
    return tuple(reports)


@dataclass(frozen=True, slots=True)
class _Work:
    """The book, or one memo, on its way to build/."""

    order: Order
    memo: str
    """As it was asked for; empty for the book."""
    text: Manuscript
    press: Press
    reporter: Reporter
    listener: Listener

    @property
    def readback(self) -> Readback:
        """What looks at what is made, before it is delivered."""
        root, press = self.order.root, self.press
        return Readback.of(root, self.memo, press.store, press.workers, self.reporter)

    def begun(self) -> _Begun:
        """Render all sections; let workers begin to lay them out, and to read them."""
        order, text, store = self.order, self.text, self.press.store
        jobs = jobs_of(
            text, self.press, order.formats, self.listener.progress, self.reporter
        )
        books = distinct(text.books)
        cut = partial(with_cut_fonts, text.theme, books, code_in(books))
        draws = jobs.draws_cover and not own_cover(text)
        if draws and not jobs.prints:
            cover = cut([jobs.pdf.cover_section()], store)
            jobs = replace(jobs, pdf=replace(jobs.pdf, theme=cover))
            jobs.pdf.begin_cover()
        printed, shown = render_all(jobs)
        self.reporter.stop_on_errors()
        jobs = jobs.with_theme(cut((*printed, *shown), store))
        if not jobs.prints:
            return _Begun(jobs, None)
        if draws:
            jobs.pdf.begin_cover()
        jobs.pdf.begin()
        pages = {section.id: section.html.encode() for section in printed}
        sources = text.texts["pdf"]
        looks = self.readback.begin("PDF", jobs.pdf.book, sources, pages)
        return _Begun(jobs, looks)

    def done(self, begun: _Begun) -> BuildReport:
        """Write the outputs, and what the next build is to know of this one."""
        last = last_pdf(self.text, self.order, self.press.store, self.memo)
        made, report = _delivered(self, begun, last)
        remember(last, self.text, made, report)
        return report


@dataclass(frozen=True, slots=True)
class _Begun:
    """What workers are at."""

    jobs: Jobs
    looks: Looks | None
    """At the pages that are to be printed."""


def _delivered(work: _Work, begun: _Begun, last: LastPdf) -> tuple[Made, BuildReport]:
    press, reporter, jobs = work.press, work.reporter, begun.jobs
    made = _made(work, begun, last)
    reporter.stop_on_errors()
    memos = made.book.memos
    outputs = deliver(made, work.order.root, reporter, work.order.trust)
    if jobs.prints:
        last.keep(made.pagination, index_folios(made.book, made.folios))
    if failure := press.store.failure:
        message = f"the cache cannot be written: {failure}"
        hint = "make room or make it writable; the next build makes everything again"
        span = Span(str(press.store.folder))
        reporter.warning(Code.CACHE_NOT_WRITTEN, span, message, hint)
    return made, BuildReport(
        outputs=outputs,
        pages=made.pages,
        memos=sum(memo.path != BOOK_FILE for memo in memos),
        notes=sum(len(memo.notes) for memo in memos),
        calls=sum(len(n.calls) for memo in memos for n in memo.notes),
        laid_out=press.laid_out,
        diagnostics=reporter.diagnostics,
        alone=() if made.book.host else memos_alone(made.book),
        lacks_page_list=jobs.wants_page_list and not made.pagination,
    )


def _made(work: _Work, begun: _Begun, last: LastPdf) -> Made:
    """Return what was made; it is not to be delivered if there are errors."""
    text, reporter, jobs = work.text, work.reporter, begun.jobs
    files: dict[str, bytes] = {}
    read = dict(text.files.inputs)
    edition = _printed(work, jobs.pdf, begun.looks) if begun.looks else None
    pagination = edition.pagination if edition else last.pagination()
    folios = edition.folios if edition else last.folios()
    if edition:
        work.listener.printed(edition)
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
        files["epub"] = _packed(work, epub, cover)
    return Made(
        book=jobs.book,
        files=files,
        pages=edition.pages if edition else None,
        folios=edition.folios if edition else {},
        pagination=pagination,
        # What has changed since it was read first is no input of this build.
        inputs=text.files.inputs | read,
    )


def _printed(work: _Work, job: PdfJob, looks: Looks) -> Edition:
    """Return the PDF; report what its pages lack, also where they cannot be bound."""
    try:
        edition = job.publish()
    except MemobookError:
        work.readback.finish(looks)
        work.reporter.stop_on_errors()
        raise
    work.readback.finish(looks)
    return edition


def _cover(
    text: Manuscript, edition: Edition | None, job: PdfJob, reporter: Reporter
) -> bytes | None:
    """Return the cover's picture: the author's, or the first page of the PDF."""
    with suppress(OSError):  # which was reported, and may be no error here
        if own := own_cover(text):
            return text.files.read(f"{MANUSCRIPT}/{own}")
    try:
        drawn = edition.cover if edition and job.book.front else job.cover()
        return job.press.picture(drawn)
    except MachineError as error:
        message = f"the EPUB has no cover picture: {error.message}"
        reporter.warning(Code.COVER_NOT_DRAWN, Span(BOOK_FILE), message, error.hint)
        return None


def _packed(work: _Work, job: EpubJob, cover: Callable[[], bytes | None]) -> bytes:
    """Return the EPUB; report what is lost in it."""
    looks: list[Looks] = []
    begin = partial(work.readback.begin, "EPUB", job.book, work.text.texts["epub"])
    try:
        made = job.publish(cover, lambda pages: looks.append(begin(pages)))
    except LossError as error:
        hint = "please report this with the memo that causes it"
        message = f"the EPUB is not what was put into it: {error}"
        work.reporter.error(Code.OUTPUT_INCOMPLETE, Span(BOOK_FILE), message, hint)
        return b""
    for each in looks:
        work.readback.finish_epub(each, job.theme.screen_sheets)
    return made
