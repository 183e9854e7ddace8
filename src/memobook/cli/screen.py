"""What the commands share: options, exit codes, and the screen that they print on."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from memobook.console import Format, Placed, counted, github, render
from memobook.diagnostics import (
    Diagnostic,
    MachineError,
    Severity,
    Span,
    TroubleError,
)
from memobook.fresh import FORMATS
from memobook.project.house import seen_from
from memobook.project.opening import bytes_of

if TYPE_CHECKING:
    from rich.console import Console

__all__ = [
    "Formats",
    "Jobs",
    "MessageFormat",
    "Profiles",
    "Projects",
    "Strict",
    "cache_folder",
    "complain",
    "epoch",
    "fail",
    "formats_of",
    "paper",
    "progress",
    "screen",
    "seen",
    "show",
    "tabulate",
    "worst",
]


@cache
def screen() -> Console:
    """Return where it is told what goes wrong."""
    return _console(stderr=True)


@cache
def paper() -> Console:
    """Return where results are told."""
    return _console(stderr=False)


def _console(*, stderr: bool) -> Console:
    # Not above: it is loaded while the workers do the same.
    from rich.console import Console

    return Console(stderr=stderr, highlight=False, emoji=False, soft_wrap=True)


def _profiles(incomplete: str) -> list[str]:
    """Return the profiles of the project that stands here, for a shell."""
    from memobook.diagnostics import Reporter
    from memobook.project.config import BOOK_FILE
    from memobook.project.files import Files
    from memobook.project.located import read_toml

    reporter = Reporter()
    text = Files(Path.cwd()).text(BOOK_FILE, reporter)
    written = read_toml(text, BOOK_FILE, reporter) if text is not None else None
    found = written.data.get("profiles", {}) if written else {}
    return [name for name in found if name.startswith(incomplete)]


Projects = Annotated[
    list[Path] | None,
    typer.Argument(help="Project folders; the current folder by default."),
]


@dataclass(slots=True)
class _Log:
    """What is written at the end of a command, in a format that is whole."""

    style: Format
    found: list[Placed] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def write(self) -> None:
        """Write the document, whatever the command's end was."""
        _logs.clear()
        if self.style is Format.GITHUB:
            lines = github(self.found)
        else:
            lines = iter([self._sarif()])
        for line in lines:
            paper().print(line, markup=False)

    def _sarif(self) -> str:
        from importlib.metadata import version

        from memobook.sarif import document

        # A command ends by an exit; any other end is none.
        code = getattr(sys.exc_info()[1], "exit_code", 2)
        return document(
            self.found,
            version=version("memobook"),
            failures=self.failures,
            successful=code in {0, 1, 3},
        )


_logs: list[_Log] = []
"""The one of the command that runs, if its format is whole."""


def _opened(context: typer.Context, style: Format) -> Format:
    _logs.clear()
    if style.is_whole and not context.resilient_parsing:
        _logs.append(_Log(style))
        context.call_on_close(_logs[-1].write)
    return style


MessageFormat = Annotated[
    Format,
    typer.Option(
        help="How findings are written.", case_sensitive=False, callback=_opened
    ),
]
Profiles = Annotated[
    list[str] | None,
    typer.Option(
        "--profile",
        help="Profiles instead of the book's own: draft, ...",
        autocompletion=_profiles,
    ),
]
Formats = Annotated[
    list[str] | None,
    typer.Option(
        "--format",
        help="pdf or epub; both by default.",
        autocompletion=lambda: list(FORMATS),
    ),
]
Jobs = Annotated[
    int | None, typer.Option(min=1, help="Worker processes; one a core by default.")
]
Strict = Annotated[bool, typer.Option("--strict", help="Exit 3 if there are warnings.")]


def formats_of(named: list[str] | None) -> tuple[str, ...]:
    """Return what --format asks for, each once; stop if there is no such format."""
    wanted = tuple(dict.fromkeys(named or FORMATS))
    for name in wanted:
        if name not in FORMATS:
            fail(f"there is no format {name}", "write --format pdf or --format epub")
    return wanted


def epoch() -> int | None:
    """Return SOURCE_DATE_EPOCH.

    https://reproducible-builds.org/specs/source-date-epoch/
    """
    text = os.environ.get("SOURCE_DATE_EPOCH", "")
    if text and not text.isdigit():
        fail("SOURCE_DATE_EPOCH is no number of seconds", "unset SOURCE_DATE_EPOCH")
    return int(text) if text else None


def cache_folder() -> Path | None:
    """Return the folder that several projects share as their cache, if one is named."""
    folder = os.environ.get("MEMOBOOK_CACHE", "")
    return Path(folder) if folder else None


def complain(error: TroubleError) -> int:
    """Say what is not there and what to type; return the exit code."""
    for log in _logs:
        log.failures.append(f"{error.message}; {error.hint}")
    screen().print(f"error: {error.message}", markup=False)
    screen().print(f"   hint: {error.hint}", markup=False)
    if "Pango" in error.message:
        screen().print("   an EPUB needs none of it: memobook build --format epub")
    return 4 if isinstance(error, MachineError) else 2


# Which exit code tells most where several projects have different ones?
_PRECEDENCE = (2, 4, 1, 3, 0)


def worst(codes: list[int]) -> int:
    """Return the exit code of several projects."""
    return min(codes, key=_PRECEDENCE.index)


def fail(message: str, hint: str) -> NoReturn:
    """Print what is wrong with the command and stop."""
    screen().print(f"error: {message}", markup=False)
    screen().print(f"   hint: {hint}", markup=False)
    raise typer.Exit(2)


def show(found: tuple[Diagnostic, ...], root: Path, style: Format) -> None:
    """Print what was found in a project."""
    found = tuple(seen(d, root) for d in found)
    if style.is_whole:
        placed = (Placed(d, _outside(root, d), _line(root, d.span)) for d in found)
        for log in _logs:
            log.found += placed
        return
    if not found:
        return
    text = render(found, style, lambda span: _line(root, span))
    (paper if style is Format.JSON else screen)().print(text, markup=False)
    if style is Format.FULL:
        errors = sum(d.is_error for d in found)
        warnings = sum(d.severity is Severity.WARNING for d in found)
        text = f"{counted(errors, 'error')}, {counted(warnings, 'warning')}"
        screen().print(f"\n{text}", markup=False)


def _outside(root: Path, found: Diagnostic) -> str:
    """Return a finding's path from the repository, or from the current folder.

    Absolute if the project is somewhere else.
    """
    here = Path.cwd()
    # A code host shows the files of a repository, wherever in it the command runs.
    base = next((f for f in (here, *here.parents) if (f / ".git").exists()), here)
    path = here / root / found.span.path
    path = Path(os.path.normpath(path))
    return path.relative_to(base).as_posix() if path.is_relative_to(base) else str(path)


def seen(diagnostic: Diagnostic, root: Path) -> Diagnostic:
    """Return a finding with the paths that the author knows; see seen_from."""
    return replace(
        diagnostic,
        span=replace(diagnostic.span, path=seen_from(root, diagnostic.span.path)),
        message=seen_from(root, diagnostic.message),
        hint=seen_from(root, diagnostic.hint),
    )


def tabulate(lines: Sequence[Sequence[str]], right: frozenset[int]) -> None:
    """Print a table; the columns `right` stand on the right."""
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = (
            cell.rjust(width) if index in right else cell.ljust(width)
            for index, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        paper().print("  ".join(cells).rstrip(), markup=False)


_LARGEST = 1 << 30
"""Bytes of a file that a finding's line is shown of."""


def _line(root: Path, span: Span) -> str | None:
    if not span.line:
        return None
    try:
        data = bytes_of((root / span.path).resolve(), _LARGEST)
    except (OSError, RuntimeError, ValueError):
        return None
    lines = data.decode("utf-8-sig", "replace").split("\n")
    return lines[span.line - 1] if 0 < span.line <= len(lines) else None


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """Show a bar on a terminal, and nothing in a pipe."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(None))
    with Progress(*columns, console=screen(), transient=True) as bar:
        task = bar.add_task("reading", total=None)
        yield lambda text: bar.update(task, description=text)
