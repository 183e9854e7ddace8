"""What the commands share: options, exit codes, and the screen that they print on."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from memobook.console import Format, render
from memobook.diagnostics import Diagnostic, MachineError, Severity, Span, UsageError

if TYPE_CHECKING:
    from rich.console import Console

__all__ = [
    "MessageFormat",
    "Profiles",
    "Projects",
    "Strict",
    "cache_folder",
    "complain",
    "epoch",
    "fail",
    "paper",
    "progress",
    "refuse",
    "screen",
    "show",
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

    return Console(stderr=stderr, highlight=False, soft_wrap=True)


Projects = Annotated[
    list[Path] | None,
    typer.Argument(help="Project folders; the current folder by default."),
]
MessageFormat = Annotated[
    Format, typer.Option(help="How findings are written.", case_sensitive=False)
]
Profiles = Annotated[
    list[str] | None,
    typer.Option("--profile", help="Profiles instead of the book's own: draft, ..."),
]
Strict = Annotated[bool, typer.Option("--strict", help="Exit 3 if there are warnings.")]


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


def complain(error: MachineError) -> None:
    """Say what the machine lacks, and what to type."""
    screen().print(f"error: {error.message}", markup=False)
    screen().print(f"   hint: {error.hint}", markup=False)
    if error.is_of_pdf:
        screen().print("   an EPUB needs none of it: memobook build --format epub")


# Which exit code tells most where several projects have different ones?
_PRECEDENCE = (2, 4, 1, 3, 0)


def worst(codes: list[int]) -> int:
    """Return the exit code of several projects."""
    return min(codes, key=_PRECEDENCE.index)


def refuse(error: UsageError) -> None:
    """Say what was asked for and is not there."""
    screen().print(f"error: {error.message}", markup=False)
    screen().print(f"   hint: {error.hint}", markup=False)


def fail(message: str, hint: str) -> NoReturn:
    """Print what is wrong with the command and stop."""
    screen().print(f"error: {message}", markup=False)
    screen().print(f"   hint: {hint}", markup=False)
    raise typer.Exit(2)


def show(found: tuple[Diagnostic, ...], root: Path, style: Format) -> None:
    """Print what was found in a project."""
    if not found:
        return
    text = render(found, style, lambda span: _line(root, span))
    (paper if style is Format.JSON else screen)().print(text, markup=False)
    if style is Format.FULL:
        errors = sum(d.is_error for d in found)
        warnings = sum(d.severity is Severity.WARNING for d in found)
        screen().print(f"\n{errors} errors, {warnings} warnings", markup=False)


def _line(root: Path, span: Span) -> str | None:
    try:
        lines = (root / span.path).read_text("utf-8-sig", "replace").split("\n")
    except OSError:
        return None
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
