"""Read a project: its settings, its memos, its theme, and what is wrong in them.

What goes in: a project folder. What comes out: a checked book, before its notes are
numbered for an output.
"""

from __future__ import annotations

import datetime as dt
import os
import posixpath
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import partial
from pathlib import Path

from memobook.book.assemble import gather, resolved
from memobook.book.critic import Mode
from memobook.book.library import Library
from memobook.book.model import Book, Source
from memobook.book.reuse import OUTPUTS, Reuse, expand
from memobook.checks.colours import check_colours
from memobook.checks.pictures import check_pictures, check_pixels, media_type
from memobook.checks.registry import check_registry
from memobook.checks.source import lint_titles
from memobook.cited import read_library
from memobook.design.section import Kind
from memobook.design.theme import Theme, load_theme
from memobook.design.words import words
from memobook.diagnostics import Code, MemobookError, Reporter, Span
from memobook.intake import Imprint, Intake, begin
from memobook.project.config import (
    BOOK_FILE,
    MANUSCRIPT,
    Project,
    load,
    report_unlisted,
)
from memobook.project.fetched import read_fetched
from memobook.project.files import Files, RefusedError
from memobook.project.house import house_of
from memobook.project.links_schema import Registry
from memobook.project.registry import read_registry
from memobook.project.shelf import check_house
from memobook.project.standards import Standards
from memobook.project.trust import TRUSTED, Trust
from memobook.store import Store
from memobook.workers import Workers

__all__ = ["Manuscript", "Meanwhile", "expanded", "read"]


_OF_ALL = (Kind.NOTES.value, Kind.SOURCES.value)
"""Sections that are made of all memos once their notes are numbered."""

# What a project without a date and without SOURCE_DATE_EPOCH is dated: never the clock.
_NO_DATE = dt.date(1980, 1, 1)


@dataclass(frozen=True, slots=True)
class Manuscript:
    """A book whose sources are read and looked through."""

    project: Project
    books: Mapping[str, Book]
    """Output -> the book for it; the same one, if no text asks for the output."""
    theme: Theme
    files: Files
    sources: Mapping[str, str]
    """Path -> text as it stands in the file."""
    texts: Mapping[str, Mapping[str, Source]]
    """Output -> path -> the text with all that it takes from elsewhere."""
    asking: frozenset[str]
    """The paths of those that ask which output they are for."""
    gathered: Mapping[str, Book] = field(default_factory=dict)
    """Output -> the book before its links were resolved, to take a memo out of."""

    @property
    def differing(self) -> frozenset[str]:
        """The sections whose text a condition may have made another in each output.

        Notes that are listed for the whole book are those of all memos, and so are the
        pages that memobook makes at its back.
        """
        book = self.books["epub"]
        found = frozenset(m.id for m in book.memos if m.path in self.asking)
        return found | {*_OF_ALL, *book.made} if found else found


Meanwhile = Callable[[Project, Theme, Iterable[str]], None]
"""Told the project, its theme and all texts that the book is made of."""


def read(
    root: Path,
    epoch: int | None,
    store: Store,
    workers: Workers,
    reporter: Reporter,
    meanwhile: Meanwhile = lambda *_: None,
    profiles: tuple[str, ...] = (),
    outputs: tuple[str, ...] = OUTPUTS,
    trust: Trust = TRUSTED,
) -> Manuscript:
    """Return the manuscript.

    `meanwhile` begins other work when most of the memos that are not kept are read.
    """
    files = Files(root.resolve(), trust=trust)
    project = _loaded(root, files, profiles, reporter)
    sources = _sources(project, files, reporter)
    imprint = _imprint(project)
    texts, asking = expanded(project, sources, files, outputs, reporter)
    begun = begin({o: t.values() for o, t in texts.items()}, imprint, store, workers)
    registry, fetched = read_registry(files, reporter), read_fetched(files, reporter)
    said = (project.located.text, *registry.texts, *sources.values())
    theme = load_theme(project, files, reporter, said)
    library = read_library(project, files, reporter)
    taken = begun.finish(reporter, partial(meanwhile, project, theme, said))
    gathered = _of_each(
        texts,
        lambda output: _gathered(
            project, library, registry, fetched, epoch, reporter, taken[output]
        ),
    )
    books = _of_each(texts, lambda output: resolved(gathered[output], reporter))
    most = project.settings.limits.picture_megapixels
    check_pictures(books.values(), files, most, reporter)
    check_registry(registry, books.values(), reporter)
    _check_cover(project, files, reporter)
    if Standards.of(project.settings.pdf.standard).archival:
        _check_colours(books, theme, files, reporter)
    return Manuscript(project, books, theme, files, sources, texts, asking, gathered)


def _imprint(project: Project) -> Imprint:
    table, limits = project.settings.book, project.settings.limits
    return Imprint(table.imprint, project.located, table.language, limits)


def _check_colours(
    books: Mapping[str, Book], theme: Theme, files: Files, reporter: Reporter
) -> None:
    own = {s.path: s.text for s in theme.print_sheets if not s.is_builtin}
    for book in books.values():
        check_colours(book, own, files, reporter)


def _loaded(
    root: Path, files: Files, profiles: tuple[str, ...], reporter: Reporter
) -> Project:
    """Return the project in a folder. Raises MemobookError if there is none."""
    if not files.has(BOOK_FILE, reporter) and not reporter.has_errors:
        hint = "run memobook in a project's folder, or make one: memobook new my-book"
        message = f"there is no {BOOK_FILE} in {root}"
        reporter.error(Code.PROJECT_NOT_FOUND, Span(str(root)), message, hint)
    if house := house_of(files.root, files.trust):
        seen = Path(os.path.relpath(house.file, files.root)).as_posix()
        check_house(house, seen, reporter)
    reporter.stop_on_errors()
    project = load(files, reporter, profiles)
    if project is None:
        raise MemobookError(reporter.diagnostics)
    return project


def _sources(project: Project, files: Files, reporter: Reporter) -> dict[str, str]:
    """Return the memos' texts by their paths, as they stand in their files."""
    paths = (item.path for item in project.memos if item.path)
    texts = ((path, files.text(path, reporter)) for path in paths)
    return {path: text for path, text in texts if text is not None}


_Texts = Mapping[str, Source]


def expanded(
    project: Project,
    sources: Mapping[str, str],
    files: Files,
    outputs: tuple[str, ...],
    reporter: Reporter,
) -> tuple[dict[str, _Texts], frozenset[str]]:
    """Return the texts for every output, with all that they take from elsewhere.

    They are the same object where no text asks for the output. Also returns the paths
    of those that do, whichever outputs are wanted.
    """
    found: dict[str, _Texts] = {}
    included: set[str] = set()
    asking: set[str] = set()
    for output in outputs:
        reuse = _reuse(project, output, files)
        made = {p: expand(p, text, reuse, reporter) for p, text in sources.items()}
        for each in made.values():
            included |= each.included
        found[output] = {path: each.source for path, each in made.items()}
        asking |= {path for path, each in made.items() if each.has_output}
        if not asking:
            found = dict.fromkeys(OUTPUTS, found[output])
            break
    report_unlisted(project, frozenset(included), reporter)
    only = found[outputs[0]]
    return {name: found.get(name, only) for name in OUTPUTS}, frozenset(asking)


def _reuse(project: Project, output: str, files: Files) -> Reuse:
    settings = project.settings
    book = settings.book
    facts = {
        "book.title": book.title,
        "book.subtitle": book.subtitle,
        "book.publisher": book.publisher,
        "book.edition": book.edition,
        "book.rights": book.rights,
        "book.date": str(book.date or ""),
    }

    def included(
        name: str, base: str, span: Span, reporter: Reporter
    ) -> tuple[str, str] | None:
        path = posixpath.normpath(f"{posixpath.dirname(base)}/{name}")
        return _included(files, path, name, span, reporter)

    return Reuse(
        output=output,
        variables={**{k: v for k, v in facts.items() if v}, **settings.variables},
        profiles={name: name in project.profiles for name in settings.profiles},
        critic=Mode(settings.text.critic),
        read=included,
    )


def _included(
    files: Files, path: str, name: str, span: Span, reporter: Reporter
) -> tuple[str, str] | None:
    """Return path and text of a file that a text includes; None if it cannot be."""
    try:
        if files.exists(path):
            text = files.text(path, reporter)
            return None if text is None else (path, text)
    except RefusedError as error:
        hint = error.hint or f"copy the file into {MANUSCRIPT}/"
        reporter.error(error.code, span, str(error), hint)
        return None
    folder = posixpath.dirname(path)
    near = get_close_matches(path, _neighbours(files, folder), n=1, cutoff=0.7)
    base = posixpath.dirname(span.path)
    hint = f"did you mean {posixpath.relpath(near[0], base)}?" if near else ""
    hint = hint or f"make the file {path}, or take the include out"
    reporter.error(Code.INCLUDE_MISSING, span, f"there is no file {name}", hint)
    return None


def _neighbours(files: Files, folder: str) -> tuple[str, ...]:
    try:
        return files.listing(folder)
    except OSError:
        return ()


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
    book = gather(
        settings,
        memos,
        date,
        reporter,
        taken.imprint,
        project.memos,
        titles,
        library,
        registry.known,
    )
    name = f"{book.name}{project.suffix}"
    return replace(book, name=name, mark=settings.text.mark, fetched=fetched)
