"""Put a book together from texts that workers read, and look through it.

What goes in: a project's texts. What comes out: the manuscript, with all that was found
in it. It is loaded while the workers read, as it needs most of memobook.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial

from memobook.book.assemble import Apparatus, gather, resolved
from memobook.book.library import Library
from memobook.book.model import Book, Source
from memobook.book.unshown import say_unshown
from memobook.checks.colours import check_colours
from memobook.checks.pictures import check_pictures, check_pixels, media_type
from memobook.checks.registry import check_registry
from memobook.checks.source import lint_titles
from memobook.cited import read_library
from memobook.design.theme import Theme, load_theme
from memobook.design.words import words
from memobook.diagnostics import Code, MemobookError, Reporter
from memobook.intake import Intake
from memobook.manuscript import Manuscript, Taken, distinct
from memobook.project.config import MANUSCRIPT, Project
from memobook.project.fetched import read_fetched
from memobook.project.files import Files, RefusedError
from memobook.project.links_schema import Registry
from memobook.project.registry import read_registry
from memobook.project.standards import Standards

__all__ = ["compose"]

# What a project without a date and without SOURCE_DATE_EPOCH is dated: never the clock.
_NO_DATE = dt.date(1980, 1, 1)

_Texts = Mapping[str, Source]


def compose(
    taken: Taken,
    epoch: int | None,
    reporter: Reporter,
    nearly: Callable[[Project, Theme, Iterable[str]], None],
) -> Manuscript:
    """Return the manuscript; see Meanwhile for `nearly`."""
    project, files = taken.project, taken.files
    registry, fetched = read_registry(files, reporter), read_fetched(files, reporter)
    said = (project.located.text, *registry.texts, *taken.sources.values())
    theme = load_theme(project, files, reporter, said)
    library = read_library(project, files, reporter)
    read = taken.begun.finish(reporter, partial(nearly, project, theme, said))
    gathered = _of_each(
        taken.texts,
        lambda output: _gathered(
            project, library, registry, fetched, epoch, reporter, read[output]
        ),
    )
    books = _of_each(taken.texts, lambda output: resolved(gathered[output], reporter))
    most = project.settings.limits.picture_megapixels
    unshown = check_pictures(distinct(books), files, most, reporter)
    books = _told(books, unshown)
    each = distinct(books)
    check_registry(registry, each, reporter)
    _check_cover(project, files, reporter)
    if Standards.of(project.settings.pdf.standard).archival:
        _check_colours(each, theme, files, reporter)
    return Manuscript(
        project=project,
        books=books,
        theme=theme,
        files=files,
        sources=taken.sources,
        texts=taken.texts,
        asking=taken.asking,
        gathered=gathered,
        unshown=unshown,
    )


def _told(books: Mapping[str, Book], unshown: frozenset[str]) -> dict[str, Book]:
    """Return the books with words for some pictures; outputs still share one."""
    told = {id(book): say_unshown(book, unshown) for book in distinct(books)}
    return {output: told[id(book)] for output, book in books.items()}


def _check_colours(
    books: Iterable[Book], theme: Theme, files: Files, reporter: Reporter
) -> None:
    own = {s.path: s.text for s in theme.print_sheets if not s.is_builtin}
    for book in books:
        check_colours(book, own, files, reporter)


def _check_cover(project: Project, files: Files, reporter: Reporter) -> None:
    """Report a cover of the author's that is missing, outside or unreadable."""
    name = project.settings.epub.cover
    if not name:
        return
    span = project.located.value(("epub", "cover"))
    try:
        data, most = files.read(f"{MANUSCRIPT}/{name}"), project.settings.limits
        if not check_pixels(data, name, span, most.picture_megapixels, reporter):
            return
        if media_type(data) is None:
            message = (
                f"{name} is no SVG, PNG, JPEG, GIF, WebP or AVIF picture, or is damaged"
            )
            hint = "open it in a picture editor and export it as PNG or JPEG"
            reporter.error(Code.IMAGE_UNREADABLE, span, message, hint)
    except RefusedError as error:
        hint = error.hint or f"copy the picture into {MANUSCRIPT}/"
        reporter.error(error.code, span, str(error), hint)
    except OSError:
        message = f"there is no picture {MANUSCRIPT}/{name}"
        reporter.error(Code.IMAGE_MISSING, span, message)


def _of_each(
    texts: Mapping[str, _Texts], made: Callable[[str], Book]
) -> dict[str, Book]:
    """Return each output's book; outputs that have the same texts share one."""
    books: dict[str, Book] = {}
    for output, sources in texts.items():
        same = next((o for o in books if texts[o] is sources), None)
        books[output] = books[same] if same else made(output)
    return books


def _gathered(
    project: Project,
    library: Library | None,
    registry: Registry,
    fetched: Mapping[str, str],
    epoch: int | None,
    reporter: Reporter,
    taken: Intake,
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
    apparatus = Apparatus(
        imprint=taken.imprint,
        epigraph=taken.epigraph,
        listed=project.memos,
        titles=titles,
        library=library,
        registry=registry.known,
    )
    book = gather(settings, memos, apparatus, date, reporter)
    name = f"{book.name}{project.suffix}"
    return replace(book, name=name, mark=settings.text.mark, fetched=fetched)
