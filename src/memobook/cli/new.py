"""`memobook new`: a book project that builds at once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from memobook.cli.screen import fail, paper

__all__ = ["new"]


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
        fail(f"{error} is there already", "choose a folder that does not exist yet")
    except OSError as error:
        fail(f"{folder} cannot be written: {error.strerror}", "choose another folder")
    for path in files:
        paper().print(f"  {path}", style="dim")
    paper().print(f"Now type: cd {folder} && memobook build")
