"""`memobook fetch`: save in the project, once, the pictures that are on the web."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from memobook.cli.screen import MessageFormat, complain, paper, progress, show
from memobook.console import Format
from memobook.diagnostics import UsageError

__all__ = ["fetch"]


def fetch(
    project: Annotated[
        Path, typer.Argument(help="A project folder; the current one by default.")
    ] = Path(),
    *,
    again: Annotated[
        bool, typer.Option("--again", help="Also what was fetched before.")
    ] = False,
    private: Annotated[
        bool,
        typer.Option("--private", help="Also from this machine and its own network."),
    ] = False,
    message_format: MessageFormat = Format.FULL,
) -> None:
    """Save the pictures that the memos name by an address of the web."""
    from memobook.weblinks.fetching import Wishes, fetch

    wishes = Wishes(again=again, may_be_private=private)
    try:
        with progress() as told:
            saved = fetch(project, wishes, told)
    except UsageError as error:
        raise typer.Exit(complain(error)) from None
    show(saved.diagnostics, project, message_format)
    if message_format.is_read_by_people:
        for url, file in saved.files.items():
            paper().print(f"{url}  {file.file}", markup=False)
        text = f"{len(saved.files)} fetched, {saved.known} there before"
        paper().print(text, markup=False)
    raise typer.Exit(int(any(d.is_error for d in saved.diagnostics)))
