"""Look at a project's sources: everything that is wrong, and nothing is written.

What goes in: a project folder. What comes out: its settings, theme and books, with all
that was found on the way.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

from memobook.alone import alone
from memobook.book.model import Book, Source
from memobook.design.theme import Theme
from memobook.diagnostics import Diagnostic, MemobookError, Reporter
from memobook.fresh import FORMATS, store_of
from memobook.jobs import jobs_of, render_all
from memobook.outputs.pdf.press import Press
from memobook.project.config import BOOK_FILE, Project
from memobook.project.trust import TRUSTED, Trust
from memobook.reading import read
from memobook.workers import Workers, default_jobs

__all__ = ["Look", "check", "look_through"]


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
    root: Path,
    *,
    epoch: int | None = None,
    profiles: tuple[str, ...] = (),
    memo: str = "",
    trust: Trust = TRUSTED,
    cache: Path | None = None,
    workers: Workers | None = None,
) -> Look:
    """Read a project, or a memo alone, templates included, and write nothing.

    `cache` and `workers` are as in pipeline.build.
    """
    reporter = Reporter()
    try:
        store = replace(store_of(root, cache, trust), is_writable=False)
        with ExitStack() as stack:
            if workers is None:
                made = Workers(default_jobs(), lay_out=False)
                workers = stack.enter_context(made)
            source = (root, epoch, store, workers, reporter)
            text = read(*source, profiles=profiles, trust=trust)
        if memo:
            text, reporter = alone(text, memo, reporter)
        idle = Press(store, text.files, workers, workers)
        jobs = jobs_of(text, idle, FORMATS, lambda _: None, reporter)
        render_all(jobs)
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
    root: Path | str,
    *,
    epoch: int | None = None,
    profiles: tuple[str, ...] = (),
    trust: Trust = TRUSTED,
) -> tuple[Diagnostic, ...]:
    """Return everything that is wrong in the sources, templates included."""
    look = look_through(Path(root), epoch=epoch, profiles=profiles, trust=trust)
    return look.reporter.diagnostics
