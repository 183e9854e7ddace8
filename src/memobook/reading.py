"""Read a project: its settings, its memos, its theme, and what is wrong in them.

What goes in: a project folder. What comes out: a checked book, before its notes are
numbered for an output.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from memobook.book.assemble import assemble
from memobook.book.model import Book
from memobook.checks.colours import check_colours
from memobook.checks.pictures import check_pictures, media_type
from memobook.checks.source import lint_titles
from memobook.design.theme import Theme, load_theme
from memobook.design.words import words
from memobook.diagnostics import Code, MemobookError, Reporter, Span
from memobook.intake import Imprint, Intake, take_in
from memobook.project.config import BOOK_FILE, MANUSCRIPT, Project, load
from memobook.project.files import Files, OutsideError
from memobook.project.standards import Standards
from memobook.store import Store
from memobook.workers import Workers

__all__ = ["Manuscript", "read"]


# What a project without a date and without SOURCE_DATE_EPOCH is dated: never the clock.
_NO_DATE = dt.date(1980, 1, 1)


@dataclass(frozen=True, slots=True)
class Manuscript:
    """A book whose sources are read and looked through."""

    project: Project
    book: Book
    theme: Theme
    files: Files
    sources: Mapping[str, str]


def read(
    root: Path,
    epoch: int | None,
    store: Store,
    workers: Workers,
    reporter: Reporter,
    for_cover: Callable[[], None] | None = None,
) -> Manuscript:
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
    for path in (item.path for item in project.memos if item.path):
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
    return Manuscript(project, book, theme, files, sources)


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
    settings = project.settings
    titles = words(settings.book.language, settings.words)
    return assemble(
        settings, memos, date, reporter, taken.imprint, project.memos, titles
    )
