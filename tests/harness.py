"""Make whole books for tests: small ones, and the three that all tests share.

What goes in: a project's files. What comes out: the project built, with its outputs
ready to be read back by readers.py.
"""

from __future__ import annotations

import pickle
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from memobook.book.assemble import Apparatus, gather, resolved
from memobook.book.model import FRONT as SECTIONS
from memobook.book.model import Book, NoteMode, Repeat
from memobook.book.notes import number_notes
from memobook.book.sources import list_sources
from memobook.checks.packed import PackedBook
from memobook.checks.printed import PrintedBook
from memobook.cited import read_library
from memobook.design.words import words
from memobook.diagnostics import Reporter
from memobook.fresh import FORMATS
from memobook.intake import Text
from memobook.pipeline import build
from memobook.project.config import load
from memobook.project.files import Files
from memobook.project.registry import read_registry
from memobook.project.scaffold import create
from memobook.reading import expanded
from memobook.report import BuildReport
from memobook.workers import Workers

ROOT = Path(__file__).resolve().parents[1]
HARD = ROOT / "tests" / "hard"
FRONT = len(SECTIONS)
"""How many sections stand before the memos in print."""

SETTINGS = """
[book]
title = "A Small Book"
language = "en-US"
date = 2025-06-09
publisher = "The Press"

[contents]
memos = [{memos}]
"""


# Projects


def make(
    root: Path, files: Mapping[str, str | bytes], settings: str = "[pdf]\npaper='a5'\n"
) -> Path:
    """Write a project and return its folder.

    Its book holds the memos among `files` in their order; `settings` are the tables of
    book.toml after [contents], unless book.toml is one of the files.
    """
    memos = [p.removeprefix("manuscript/") for p in files if p.endswith(".md")]
    listed = ", ".join(f'"{name}"' for name in memos)
    book = SETTINGS.format(memos=listed) + settings
    for path, content in {"manuscript/book.toml": book, **files}.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        data = content.encode() if isinstance(content, str) else content
        target.write_bytes(data)
    return root


def copy(source: Path, root: Path) -> Path:
    """Copy what a project's author wrote, without its build/."""
    for name in ("manuscript", "styles"):
        if (source / name).is_dir():
            shutil.copytree(source / name, root / name, dirs_exist_ok=True)
    return root


def read(root: Path, output: str = "pdf", profiles: tuple[str, ...] = ()) -> Book:
    """Return the book as its sources say it, before any note or page is made."""
    reporter = Reporter()
    files = Files(root.resolve())
    project = load(files, reporter, profiles)
    assert project is not None
    table = project.settings.book
    sources = {}
    for path in (item.path for item in project.memos if item.path):
        text = files.text(path, reporter)
        assert text is not None
        sources[path] = text
    texts = expanded(project, sources, files, (output,), reporter)[0][output]
    memos = [Text(source, table.language).read().content for source in texts.values()]
    assert table.date is not None
    apparatus = Apparatus(
        listed=project.memos,
        titles=words(table.language, project.settings.words),
        library=read_library(project, files, reporter),
        registry=read_registry(files, reporter).entries,
    )
    book = gather(project.settings, tuple(memos), apparatus, table.date, reporter)
    return resolved(book, reporter)


@dataclass(frozen=True)
class Built:
    """A project that was built, and its outputs as their readers see them."""

    root: Path
    report: BuildReport
    profiles: tuple[str, ...] = ()

    @cached_property
    def book(self) -> Book:
        """What the sources say."""
        return read(self.root, profiles=self.profiles)

    def numbered(self, kind: str) -> Book:
        """Return the book with its notes as one of the outputs has them."""
        reporter = Reporter()
        project = load(Files(self.root.resolve()), reporter, self.profiles)
        assert project is not None
        settings = project.settings
        own = settings.pdf.notes if kind == "pdf" else settings.epub.notes
        mode = NoteMode(own or settings.links.notes)
        repeat = Repeat(settings.links.repeat)
        book = read(self.root, kind, self.profiles)
        noted = number_notes(book, mode, repeat, reporter)
        return list_sources(noted, words(book.language, book.words))

    def path(self, kind: str) -> Path:
        """Return the path of the pdf, epub or json in build/."""
        (found,) = (self.root / "build").glob(f"*.{kind}")
        return found

    @cached_property
    def pdf(self) -> PrintedBook:
        """The PDF, read back."""
        return PrintedBook(self.path("pdf").read_bytes())

    @cached_property
    def epub(self) -> PackedBook:
        """The EPUB, read back."""
        return PackedBook(self.path("epub").read_bytes())


_SESSION: dict[str, Any] = {}
"""What all books of a test session share: cache and workers; set by a fixture."""


def built(
    root: Path,
    *,
    formats: tuple[str, ...] = FORMATS,
    codes: tuple[str, ...] = (),
    profiles: tuple[str, ...] = (),
) -> Built:
    """Build a project. Its diagnostics must have just these codes, sorted."""
    report = build(root, formats=formats, profiles=profiles, **_SESSION)
    found = tuple(sorted(d.code.value for d in report.diagnostics))
    assert found == codes, report.diagnostics
    return Built(root, report, profiles)


# Shared books: built once, whichever worker comes first


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Return the folder that all workers of a session share."""
    base = tmp_path_factory.getbasetemp()
    return base if worker_id == "master" else base.parent


@pytest.fixture(scope="session", autouse=True)
def shared_cache(shared: Path) -> Iterator[Path]:
    """Share cache and worker between all books: they take longer than a small book."""
    with Workers(1) as workers:
        _SESSION.update(cache=shared / "cache", workers=workers)
        yield shared / "cache"
    _SESSION.clear()


def fonts_of(cache: Path, root: Path) -> Path:
    """Return a new cache at `root` that has the fonts of another, and no page."""
    if (cache / "fonts").is_dir():
        shutil.copytree(cache / "fonts", root / "fonts")
    return root


@pytest.fixture(scope="session")
def example(shared: Path, shared_cache: Path) -> Built:
    """Return the repository's own book."""
    return once(shared / "example", lambda root: copy(ROOT, root))


@pytest.fixture(scope="session")
def hard(shared: Path, shared_cache: Path) -> Built:
    """Return the book of hard cases."""
    return once(shared / "hard", lambda root: copy(HARD, root))


@pytest.fixture(scope="session")
def scaffold(shared: Path, shared_cache: Path) -> Built:
    """Return what `memobook new` makes."""
    return once(shared / "scaffold", lambda root: create(root, "A New Book"))


def once(root: Path, write: Callable[[Path], object]) -> Built:
    """Build the project that `write` makes, unless another worker does or did."""
    told = root / "report.pickle"
    try:
        root.mkdir(parents=True)
    except FileExistsError:
        return Built(root, _awaited(told))
    try:
        write(root)
        made = built(root)
    except BaseException as error:
        _tell(told, error)
        raise
    _tell(told, made.report)
    return made


def _tell(told: Path, report: BuildReport | BaseException) -> None:
    aside = told.with_suffix(".part")
    aside.write_bytes(pickle.dumps(report))
    aside.replace(told)


def _awaited(told: Path) -> BuildReport:
    for _ in range(3000):
        if told.is_file():
            break
        time.sleep(0.1)
    report = pickle.loads(told.read_bytes())
    if isinstance(report, BaseException):
        raise report
    assert isinstance(report, BuildReport)
    return report
