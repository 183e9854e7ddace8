"""The command line: arguments, exit codes, and the only module that prints.

Exit codes: 0 good, 1 the book has errors, 2 wrong usage, 3 warnings under --strict,
4 the machine lacks something. Engines are imported inside the commands that use them,
so that --help is quick.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn

from memobook.console import Format, render
from memobook.diagnostics import Code, Diagnostic, MachineError, MemobookError, Span
from memobook.fresh import BUILD, FORMATS, store_of, unchanged
from memobook.report import BuildReport

__all__ = ["app"]

app = typer.Typer(
    name="memobook",
    help="Make a print PDF and an EPUB of a folder of Markdown memos.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
_screen = Console(stderr=True, highlight=False, soft_wrap=True)
_paper = Console(highlight=False, soft_wrap=True)

Projects = Annotated[
    list[Path] | None,
    typer.Argument(help="Project folders; the current folder by default."),
]
MessageFormat = Annotated[
    Format, typer.Option(help="How findings are written.", case_sensitive=False)
]
Strict = Annotated[bool, typer.Option("--strict", help="Exit 3 if there are warnings.")]


@app.command()
def new(
    folder: Annotated[Path, typer.Argument(help="The folder to make.")],
    title: Annotated[str, typer.Option(help="The book's title.")] = "",
) -> None:
    """Make a new book project that builds at once."""
    from memobook.project.scaffold import create

    name = title or folder.resolve().name.replace("-", " ").replace("_", " ").title()
    try:
        files = create(folder, name)
    except FileExistsError as error:
        _fail(f"{error} is there already", "choose a folder that does not exist yet")
    except OSError as error:
        _fail(f"{folder} cannot be written: {error.strerror}", "choose another folder")
    for path in files:
        _paper.print(f"  {path}", style="dim")
    _paper.print(f"Now type: cd {folder} && memobook build")


@app.command()
def build(
    projects: Projects = None,
    *,
    formats: Annotated[
        list[str] | None,
        typer.Option("--format", help="pdf or epub; both by default."),
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option(min=1, help="Worker processes; one a core by default."),
    ] = None,
    strict: Strict = False,
    message_format: MessageFormat = Format.FULL,
) -> None:
    """Make the PDF and the EPUB in the project's build/ folder."""
    wanted = tuple(dict.fromkeys(formats or FORMATS))
    for name in wanted:
        if name not in FORMATS:
            _fail(f"there is no format {name}", "write --format pdf or --format epub")
    codes = [
        _build_one(
            root, partial(_made, root, wanted, jobs), message_format, strict=strict
        )
        for root in projects or [Path()]
    ]
    raise typer.Exit(_worst(codes))


def _made(
    root: Path,
    formats: tuple[str, ...],
    jobs: int | None,
    progress: Callable[[str], None],
) -> BuildReport:
    """Build one project, or find that there is nothing to do."""
    store = store_of(root, _cache())
    if found := unchanged(root, formats, _epoch(), store):
        return found
    from memobook.workers import Workers, default_jobs

    with Workers(jobs or default_jobs(), "pdf" in formats) as workers:
        workers.get_ready()
        from memobook import pipeline

        return pipeline.build(
            root,
            formats=formats,
            epoch=_epoch(),
            cache=_cache(),
            workers=workers,
            progress=progress,
        )


def _build_one(
    root: Path,
    make: Callable[[Callable[[str], None]], BuildReport],
    style: Format,
    *,
    strict: bool,
) -> int:
    start = time.monotonic()
    try:
        with _progress() as told:
            report = make(told)
    except MemobookError as error:
        _show(error.diagnostics, root, style)
        return 1
    except MachineError as error:
        _screen.print(f"error: {error.message}", markup=False)
        _screen.print(f"   hint: {error.hint}", markup=False)
        _screen.print("   an EPUB needs none of it: memobook build --format epub")
        return 4
    _show(report.diagnostics, root, style)
    if style is not Format.JSON:
        _tell(report, time.monotonic() - start)
    return 3 if strict and report.diagnostics else 0


def _tell(report: BuildReport, seconds: float) -> None:
    for output in report.outputs:
        size = f"{output.size / 1000:,.0f} kB"
        pages = f"{report.pages} pages, " if output.path.suffix == ".pdf" else ""
        _paper.print(f"{output.path}  {pages}{size}", markup=False)
    if report.lacks_page_list:
        _paper.print("the EPUB has no page list: build the PDF with it, or before it")
    if report.nothing_changed:
        _paper.print(f"nothing has changed, in {seconds:.1f} s", markup=False)
        return
    notes = f"{report.notes} notes with {report.calls} calls"
    laid_out = f"{report.laid_out} sections laid out"
    text = f"{report.memos} memos, {notes}, {laid_out}, in {seconds:.1f} s"
    _paper.print(text, markup=False)


@app.command()
def check(
    projects: Projects = None,
    *,
    strict: Strict = False,
    message_format: MessageFormat = Format.FULL,
) -> None:
    """Say everything that is wrong in the sources, with file, line and column."""
    from memobook import pipeline

    codes = []
    for root in projects or [Path()]:
        found = pipeline.check(root, epoch=_epoch())
        _show(found, root, message_format)
        if not found and message_format is Format.FULL:
            _paper.print(f"{root}: nothing is wrong", markup=False)
        has_errors = any(d.is_error for d in found)
        codes.append(1 if has_errors else 3 if found and strict else 0)
    raise typer.Exit(_worst(codes))


@app.command()
def clean(
    projects: Projects = None,
    *,
    cache: Annotated[
        bool, typer.Option("--cache", help="Only the cache; the outputs stay.")
    ] = False,
) -> None:
    """Remove the project's build/ folder, or only the cache."""
    from memobook.project.config import BOOK_FILE

    for root in projects or [Path()]:
        if not (root / BOOK_FILE).is_file():
            _fail(f"{root} is no book project", "name a folder that has " + BOOK_FILE)
        if cache:
            store_of(root, _cache()).clear()
        else:
            shutil.rmtree(root / BUILD, ignore_errors=True)


@app.command()
def doctor() -> None:
    """Say whether this machine has all that memobook needs."""
    from memobook.outputs.pdf.layout import prepare_process

    _paper.print(f"memobook {version('memobook')}, Python {platform.python_version()}")
    for name in ("weasyprint", "ebooklib", "markdown", "pikepdf", "uharfbuzz"):
        _paper.print(f"{name} {version(name)}", markup=False)
    try:
        prepare_process()
    except MachineError as error:
        _paper.print(f"Pango: missing. {error.message}", markup=False)
        _paper.print(f"   type: {error.hint}", markup=False)
        _paper.print("   without it, memobook build --format epub still works")
        raise typer.Exit(4) from None
    _paper.print("Pango: there")


@app.command()
def explain(
    code: Annotated[str, typer.Argument(help="A code, such as link-target-missing.")],
) -> None:
    """Explain a code of a finding."""
    from difflib import get_close_matches

    names = {member.value: member for member in Code}
    if code not in names:
        near = get_close_matches(code, names, n=1)
        hint = f"did you mean {near[0]}?" if near else ", ".join(sorted(names))
        _fail(f"there is no code {code}", hint)
    _paper.print(f"{code}\n\n{names[code].explanation}", markup=False)


@app.command()
def schema() -> None:
    """Print the JSON Schema of book.toml and of a memo's block."""
    from memobook.project.schema import BookFile, MemoBlock

    found = {
        "book": BookFile.model_json_schema(),
        "memo": MemoBlock.model_json_schema(),
    }
    _paper.print(json.dumps(found, indent=2), markup=False)


@app.callback(invoke_without_command=True)
def main(
    *,
    show_version: Annotated[
        bool, typer.Option("--version", help="Print the version.")
    ] = False,
) -> None:
    """Make a print PDF and an EPUB of a folder of Markdown memos."""
    if show_version:
        _paper.print(f"memobook {version('memobook')}")
        raise typer.Exit


# Around the commands


def _epoch() -> int | None:
    """Return SOURCE_DATE_EPOCH.

    https://reproducible-builds.org/specs/source-date-epoch/
    """
    text = os.environ.get("SOURCE_DATE_EPOCH", "")
    if text and not text.isdigit():
        _fail("SOURCE_DATE_EPOCH is no number of seconds", "unset SOURCE_DATE_EPOCH")
    return int(text) if text else None


def _cache() -> Path | None:
    """Return the folder that several projects share as their cache, if one is named."""
    folder = os.environ.get("MEMOBOOK_CACHE", "")
    return Path(folder) if folder else None


# Which exit code tells most where several projects have different ones?
_PRECEDENCE = (4, 1, 3, 0)


def _worst(codes: list[int]) -> int:
    return min(codes, key=_PRECEDENCE.index)


def _fail(message: str, hint: str) -> NoReturn:
    """Print what is wrong with the command and stop."""
    _screen.print(f"error: {message}", markup=False)
    _screen.print(f"   hint: {hint}", markup=False)
    raise typer.Exit(2)


def _show(found: tuple[Diagnostic, ...], root: Path, style: Format) -> None:
    if not found:
        return
    text = render(found, style, lambda span: _line(root, span))
    (_paper if style is Format.JSON else _screen).print(text, markup=False)
    if style is Format.FULL:
        errors = sum(d.is_error for d in found)
        warnings = len(found) - errors
        _screen.print(f"\n{errors} errors, {warnings} warnings", markup=False)


def _line(root: Path, span: Span) -> str | None:
    try:
        lines = (root / span.path).read_text("utf-8-sig", "replace").split("\n")
    except OSError:
        return None
    return lines[span.line - 1] if 0 < span.line <= len(lines) else None


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """Show a bar on a terminal, and nothing in a pipe."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(None))
    with Progress(
        *columns, console=_screen, transient=True, disable=not _screen.is_terminal
    ) as bar:
        task = bar.add_task("reading", total=None)
        yield lambda text: bar.update(task, description=text)
