"""What is measured: a book's builds, one change after the other, and its rivals.

What goes in: a book. What comes out: cases in the order in which they must run, as each
finds what the one before it left. A round of all cases begins from nothing, so that
rounds can be repeated.
"""

from __future__ import annotations

import re
import shutil
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks import rivals
from tests.benchmarks.books import COLOUR, NAME, blocks, make_book, memo_paths, prose
from tests.benchmarks.constructs import add_constructs
from tests.benchmarks.measure import Command, Cost, measure

__all__ = ["CONSTRUCTS", "UNTAGGED", "Case", "Project", "edit", "one_word", "workshop"]

_SOURCES = ("manuscript", "styles")
UNTAGGED = "clean, PDF without tags"
CONSTRUCTS = "clean, all constructs"
UNBOXED = "clean, PDF without the box"
_NO_BOX = (
    "import memobook.workers as w; w._BOX = (); "
    "from memobook.__main__ import main; main()"
)
"""Starts memobook with workers that are held by nothing."""
_STANDARD = re.compile("^standard = .*$", re.MULTILINE)
_PAGE = 340
"""Words of plain prose that fill more than a page."""


@dataclass(frozen=True, slots=True)
class Case:
    """One thing to measure."""

    name: str
    commands: tuple[Command, ...]
    cwd: Path
    output: Path | None = None
    """Whose pages and size are told."""
    rival: str = ""
    """The case that it is compared with in the table."""
    prepare: Callable[[], None] = lambda: None
    """What happens before the clock starts."""
    is_fresh: bool = True
    """Whether it needs nothing that the case before it left."""
    environment: Mapping[str, str] = field(default_factory=dict)

    def run(self) -> Cost:
        """Prepare and measure."""
        self.prepare()
        return measure(self.commands, self.cwd, self.environment)


@dataclass(frozen=True, slots=True)
class Project:
    """A copy of a book's project that is built again and again."""

    original: Path
    root: Path
    options: tuple[str, ...] = ()

    @property
    def pdf(self) -> Path:
        return self.root / "build" / f"{NAME}.pdf"

    def reset(self) -> None:
        """Bring back the sources as they were; forget all outputs and the cache.

        They are put aside: ext4 looks at all that was removed within five seconds before
        it makes a file, which no clean build has to wait for.
        """
        if self.root.exists():
            aside = self.root.with_name(f"{self.root.name}-{time.monotonic_ns()}")
            self.root.rename(aside)
        self.take(self.original)

    def take(self, other: Path) -> None:
        """Copy another project's sources, and nothing that was built of them."""
        for name in _SOURCES:
            shutil.copytree(other / name, self.root / name)

    def build(self, kind: str = "") -> Command:
        """Return the command that builds one format, or both."""
        wanted = ("--format", kind) if kind else ()
        memobook = (sys.executable, "-m", "memobook", "build", str(self.root))
        return (*memobook, *wanted, *self.options)

    def unboxed(self) -> Case:
        """Return the case of a clean PDF whose workers are in no box."""
        command = tuple(self.build("pdf")[3:])
        commands = ((sys.executable, "-c", _NO_BOX, *command),)
        return Case(UNBOXED, commands, self.root, self.pdf, "", self.reset)

    def case(
        self, name: str, prepare: Callable[[], None], kind: str = "", rival: str = ""
    ) -> Case:
        """Return a case that builds this project."""
        output = self.root / "build" / f"{NAME}.{kind or 'pdf'}"
        command = self.build(kind)
        is_fresh = prepare == self.reset or name in {UNTAGGED, CONSTRUCTS}
        return Case(name, (command,), self.root, output, rival, prepare, is_fresh)


@dataclass(frozen=True, slots=True)
class Workshop:
    """A book with all its cases."""

    pages: int
    project: Project
    cases: tuple[Case, ...]


def workshop(
    folder: Path, pages: int, options: tuple[str, ...] = (), *, with_one_shot: bool
) -> Workshop:
    """Write a book into a folder and return what can be measured with it."""
    original = make_book(folder / "original", pages)
    project = Project(original, folder / "project", options)
    epub = Project(original, folder / "epub", options)
    others = tuple(_others(original, folder, with_one_shot=with_one_shot))
    cases = (*_builds(project, epub), *others)
    return Workshop(pages, project, cases)


def _builds(project: Project, epub: Project) -> Iterator[Case]:
    root = project.root
    shot = "one-shot WeasyPrint"
    yield project.case("clean, PDF and EPUB", project.reset)
    yield project.case("nothing changed", lambda: None, rival=rivals.IMPORT.name)
    yield project.case("edit, PDF and EPUB", lambda: edit(root))
    yield project.case("clean, PDF", project.reset, "pdf", shot)
    plain = Project(project.original, root.with_name("plain"), project.options)
    yield plain.case(UNTAGGED, lambda: _without_tags(plain), "pdf")
    yield project.case("edit, PDF", lambda: edit(root), "pdf", shot)
    yield project.case("page at the front, PDF", lambda: add_page(root), "pdf", shot)
    yield project.case("another colour, PDF", lambda: repaint(root), "pdf", shot)
    yield Project(
        project.original, root.with_name("unboxed"), project.options
    ).unboxed()
    full = Project(project.original, root.with_name("full"), project.options)
    yield full.case(CONSTRUCTS, lambda: _with_constructs(full))
    yield epub.case("clean, EPUB", epub.reset, "epub", "pandoc to EPUB")


def _others(original: Path, folder: Path, *, with_one_shot: bool) -> Iterable[Case]:
    one = rivals.one_shot(original, folder / "one-shot")
    pandoc = folder / "pandoc"
    fonts = folder / "one-shot" / "faces"
    found = (
        *((one,) if with_one_shot else ()),
        rivals.pandoc_typst(original, pandoc, fonts),
        rivals.pandoc_epub(original, pandoc),
        rivals.IMPORT,
    )
    return (
        Case(r.name, r.commands, original, r.output, environment=r.environment)
        for r in found
    )


# Changes of a project


def _without_tags(project: Project) -> None:
    """Bring back the sources, and let the PDF promise nothing."""
    project.reset()
    path = project.root / "manuscript" / "book.toml"
    text, count = _STANDARD.subn("standard = []", path.read_text("utf-8"))
    if count != 1:
        message = f"{path} names its standards {count} times, not once"
        raise ValueError(message)
    path.write_text(text, "utf-8", newline="\n")


def _with_constructs(project: Project) -> None:
    """Bring back the sources, with one of everything in every memo."""
    project.reset()
    add_constructs(project.root)


def edit(root: Path, word: str = "plainly") -> None:
    """Change one word in the middle of the memo in the middle."""
    paths = memo_paths(root)
    path = paths[len(paths) // 2]
    path.write_text(one_word(path.read_text("utf-8"), word), "utf-8", newline="\n")


def one_word(text: str, word: str) -> str:
    """Return a memo with another word in the middle of its middle paragraph."""
    pieces = blocks(text)
    plain = prose(text)
    index = plain[len(plain) // 2]
    words = list(re.finditer(r"\b[a-z]+\b", pieces[index]))
    old = words[len(words) // 2]
    pieces[index] = pieces[index][: old.start()] + word + pieces[index][old.end() :]
    return "\n\n".join(pieces)


def add_page(root: Path) -> None:
    """Add a page of prose to the first memo, before its own first paragraph."""
    paths = memo_paths(root)
    text = paths[0].read_text("utf-8")
    pieces, plain = blocks(text), prose(text)
    more: list[str] = []
    while len(" ".join(more).split()) < _PAGE:
        more.append(pieces[plain[len(more) % len(plain)]])
    pieces[plain[0] : plain[0]] = more
    paths[0].write_text("\n\n".join(pieces), "utf-8", newline="\n")


def repaint(root: Path) -> None:
    """Change one colour of the project's style sheet."""
    path = root / "styles" / "print.css"
    before = path.read_text("utf-8")
    after = before.replace(COLOUR, "#7a2e1f")
    if after == before:
        message = f"{path} has no {COLOUR}"
        raise ValueError(message)
    path.write_text(after, "utf-8", newline="\n")
