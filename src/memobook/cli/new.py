"""`memobook new`: a book project that builds at once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from memobook.cli.screen import complain, fail, paper, show
from memobook.console import Format
from memobook.diagnostics import MachineError

__all__ = ["new"]


def new(
    folder: Annotated[Path, typer.Argument(help="The folder to make.")],
    title: Annotated[str, typer.Option(help="The book's title.")] = "",
    source: Annotated[
        Path | None,
        typer.Option(
            "--from",
            help="A book to take over: an mdBook, a Quarto book, a pandoc file list, "
            "a folder of Markdown, Word files.",
        ),
    ] = None,
) -> None:
    """Make a new book project that builds at once, also of a book that exists."""
    if source is not None:
        _taken_over(folder, source, title)
        return
    from memobook.project.scaffold import create

    name = title or folder.resolve().name.replace("-", " ").replace("_", " ").title()
    try:
        files = create(folder, name)
    except FileExistsError as error:
        fail(f"{error} is there already", "choose a folder that does not exist yet")
    except OSError as error:
        fail(f"{folder} cannot be written: {error.strerror}", "choose another folder")
    for path in files:
        paper().print(f"  {path}", style="dim")
    paper().print(f"Now type: cd {folder} && memobook build")


def _taken_over(folder: Path, source: Path, title: str) -> None:
    from memobook.takeover.counts import KINDS
    from memobook.takeover.take import LEDGER, take_over

    try:
        taken = take_over(source, folder, title)
    except FileNotFoundError as error:
        hint = (
            "name an mdBook, a Quarto book, a file list, a folder of Markdown or .docx"
        )
        fail(f"there is no book in {error}", hint)
    except FileExistsError as error:
        fail(f"{error} is there already", "choose a folder that does not exist yet")
    except MachineError as error:
        complain(error)
        raise typer.Exit(4) from None
    except OSError as error:
        fail(f"{folder} cannot be written: {error.strerror}", "choose another folder")
    paper().print(f"{taken.kind}: {taken.chapters} chapters", markup=False)
    for kind in KINDS:
        text = f"  {kind:<9} {taken.before[kind]:>6} there, {taken.after[kind]:>6} here"
        paper().print(text, markup=False)
    text = f"  {taken.changed} things changed, {taken.lost} lost: see {folder / LEDGER}"
    paper().print(text, markup=False)
    if taken.left:
        show(taken.left, folder, Format.FULL)
        raise typer.Exit(1)
    paper().print(f"Now type: cd {folder} && memobook build", markup=False)
