"""Make a new project: a book that builds at once and reads as a guide to writing one.

What goes in: a folder. What comes out: its files, copied from the package. An existing
file is never touched.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from memobook.project.config import MANUSCRIPT
from memobook.project.described import SCHEMA_FILE, schema_file

__all__ = ["create"]


def create(folder: Path, title: str) -> tuple[Path, ...]:
    """Write the files of a new project and return their paths.

    Raises FileExistsError with the first file that is in the way; nothing is then
    written.
    """
    source = resources.files("memobook.project").joinpath("new")
    files = {folder / path: data for path, data in _files(source, "")}
    # Beside book.toml, whose first line tells editors of it.
    files[folder / MANUSCRIPT / SCHEMA_FILE] = schema_file()
    for path in files:
        if (taken := _in_the_way(path)) is not None:
            raise FileExistsError(taken)
    for path, data in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.name == "book.toml":
            data = data.replace(_TITLE, _quoted(title))
        path.write_bytes(data)
    return tuple(sorted(files))


def _in_the_way(path: Path) -> Path | None:
    """Return a file or link at a path, or a parent of it that is no folder."""
    if path.exists() or path.is_symlink():
        return path
    return next((p for p in path.parents if p.exists() and not p.is_dir()), None)


_TITLE = b'"A Book of Memos"'


def _quoted(text: str) -> bytes:
    """Return a text as a string of TOML, whose escapes are those of JSON.

    Of the control characters that TOML forbids, JSON leaves one as it is.
    https://toml.io/en/v1.0.0#string
    """
    quoted = json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
    # A folder's name may hold bytes that are no text.
    return quoted.encode("utf-8", "replace")


def _files(folder: Traversable, base: str) -> Iterator[tuple[str, bytes]]:
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        path = f"{base}{entry.name}"
        if entry.is_dir():
            yield from _files(entry, f"{path}/")
        else:
            # A file of that name in the package would be read by packaging tools.
            yield path.replace("dot-gitignore", ".gitignore"), entry.read_bytes()
