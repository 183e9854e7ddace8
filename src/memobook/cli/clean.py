"""`memobook clean`: remove what was made."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated

import typer

from memobook.cli.screen import Projects, cache_folder, fail, show
from memobook.cli.shelf import named
from memobook.console import Format
from memobook.fresh import BUILD, store_of
from memobook.project.files import BOOK_FILE
from memobook.project.house import house_of
from memobook.project.trust import TRUSTED, UNTRUSTED

__all__ = ["clean"]


def clean(
    projects: Projects = None,
    *,
    cache: Annotated[
        bool, typer.Option("--cache", help="Only the cache; the outputs stay.")
    ] = False,
) -> None:
    """Remove the project's build/ folder, or only the cache; also of a whole shelf."""
    found = named(projects)
    show(found.diagnostics, Path(), Format.FULL)
    shelves = {file.resolve() for file in found.shelves}
    for root in found.books:
        if not (root / BOOK_FILE).is_file():
            fail(f"{root} is no book project", "name a folder that has " + BOOK_FILE)
        house = house_of(root)
        # The cache of a shelf is that of its other books, too.
        if cache or (house and house.file in shelves):
            for trust in (TRUSTED, UNTRUSTED):
                store_of(root, cache_folder(), trust).clear()
        if not cache:
            _remove(root / BUILD)
    if any(d.is_error for d in found.diagnostics):
        raise typer.Exit(1)


def _remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    if folder.is_dir():
        text = f"{folder} cannot be removed whole"
        fail(text, f"make it writable: chmod -R u+w {folder}")
