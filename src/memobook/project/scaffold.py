"""Make a new project: a book that builds at once and reads as a guide to writing one.

What goes in: a folder. What comes out: its files, copied from the package. An existing
file is never touched.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

__all__ = ["create"]


def create(folder: Path, title: str) -> tuple[Path, ...]:
    """Write the files of a new project and return their paths.

    Raises FileExistsError with the first file that is there already.
    """
    source = resources.files("memobook.project").joinpath("new")
    files = {folder / path: data for path, data in _files(source, "")}
    for path in files:
        if path.exists():
            raise FileExistsError(path)
    for path, data in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.name == "book.toml":
            quoted = title.replace("\\", "\\\\").replace('"', '\\"')
            data = data.replace(b"A Book of Memos", quoted.encode())
        path.write_bytes(data)
    return tuple(files)


def _files(folder: Traversable, base: str) -> Iterator[tuple[str, bytes]]:
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        path = f"{base}{entry.name}"
        if entry.is_dir():
            yield from _files(entry, f"{path}/")
        else:
            # A file of that name in the package would be read by packaging tools.
            yield path.replace("dot-gitignore", ".gitignore"), entry.read_bytes()
