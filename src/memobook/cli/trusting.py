"""`memobook trust`: say which folders are one's own; `--untrusted`, `--trusted`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from memobook.cli.screen import fail, paper
from memobook.project.trust import (
    TRUSTED,
    UNTRUSTED,
    Trust,
    distrust,
    is_trusted,
    trusted_folders,
)
from memobook.project.trust import trust as remember

__all__ = ["Untrusted", "trust", "trust_of", "trust_of_each"]

Untrusted = Annotated[
    bool | None,
    typer.Option(
        "--untrusted/--trusted",
        help="Believe nothing in the folder, or all that book.toml and styles/ say. "
        "By default one project is believed, and of several those below a folder of "
        "`memobook trust`.",
        show_default=False,
    ),
]


def trust_of(root: Path, untrusted: bool | None, *, is_chosen: bool) -> Trust:
    """Return what a project may do.

    `untrusted` is what the command line says; `is_chosen` whether a project is believed
    where it says nothing and the user has not said so before.
    """
    if untrusted is None:
        untrusted = not (is_chosen or is_trusted(root))
    return UNTRUSTED if untrusted else TRUSTED


def trust_of_each(
    roots: Iterable[Path], untrusted: bool | None, *, is_chosen: bool
) -> dict[Path, Trust]:
    """Return what each of several projects may do."""
    return {r: trust_of(r, untrusted, is_chosen=is_chosen) for r in roots}


def trust(
    folders: Annotated[
        list[Path] | None,
        typer.Argument(help="Folders; without any, those that are trusted are listed."),
    ] = None,
    *,
    remove: Annotated[
        bool, typer.Option("--remove", help="Trust them no more.")
    ] = False,
) -> None:
    """Say once that folders, and all projects below them, are your own."""
    for folder in folders or ():
        paper().print(_said(folder, remove=remove), markup=False)
    if not folders:
        for known in trusted_folders():
            paper().print(str(known), markup=False)


def _said(folder: Path, *, remove: bool) -> str:
    if remove:
        was = distrust(folder)
        return f"{folder.resolve()} is {'no more' if was else 'not'} trusted by itself"
    if not folder.is_dir():
        fail(f"there is no folder {folder}", "name a project's folder, or one above")
    try:
        is_new = remember(folder)
    except ValueError as error:
        fail(str(error), "give it another name")
    return f"{folder.resolve()} is trusted{'' if is_new else ' already'}"
