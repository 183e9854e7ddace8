"""`memobook clean`: remove what was made."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated

import typer

from memobook.cli.screen import Projects, cache_folder, fail
from memobook.fresh import BUILD, store_of
from memobook.project.trust import TRUSTED, UNTRUSTED

__all__ = ["clean"]


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
            fail(f"{root} is no book project", "name a folder that has " + BOOK_FILE)
        if cache:
            for trust in (TRUSTED, UNTRUSTED):
                store_of(root, cache_folder(), trust).clear()
        elif (root / BUILD).is_symlink():
            # What it leads to may hold other things, too.
            text = f"{root / BUILD} is a link to {(root / BUILD).readlink()}"
            fail(text, "remove the link, and what is there, yourself")
        else:
            shutil.rmtree(root / BUILD, ignore_errors=True)
            if (root / BUILD).is_dir():
                text = f"{root / BUILD} cannot be removed whole"
                fail(text, f"make it writable: chmod -R u+w {root / BUILD}")
