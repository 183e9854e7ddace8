"""Find what a shelf gives to all of its books: the house's styles, links and cache.

What goes in: a project folder. What comes out: the shared folders that the shelf.toml
above it names, so that a book looks the same whether it is built with its shelf or
alone. Whether shelf.toml is right is said by shelf.py; a wrong one gives nothing here.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any

from memobook.project.opening import text_of
from memobook.project.trust import TRUSTED, Trust

__all__ = [
    "SHARED_LINKS",
    "SHARED_STYLES",
    "SHELF_FILE",
    "House",
    "house_of",
    "is_listed",
    "seen_from",
]

SHELF_FILE = "shelf.toml"
_SHARED = "@shelf"
SHARED_STYLES = f"{_SHARED}/styles"
"""Where a project's files have the shelf's styles: no folder of this name is there."""
SHARED_LINKS = f"{_SHARED}/links.toml"
"""Where they have the shelf's registry of links."""


@dataclass(frozen=True, slots=True)
class House:
    """What the books of a shelf share; None is what they do not."""

    file: Path
    """The shelf.toml."""
    styles: Path | None
    """A folder as a project's styles/; resolved, as the others."""
    links: Path | None
    """A registry as a project's links.toml."""
    cache: Path | None

    @property
    def mounts(self) -> dict[str, Path]:
        """Path among a project's files -> the shared folder or file."""
        found = {SHARED_STYLES: self.styles, SHARED_LINKS: self.links}
        return {name: path for name, path in found.items() if path is not None}


def house_of(root: Path, trust: Trust = TRUSTED) -> House | None:
    """Return what a project shares with others; None if it is on no shelf.

    The nearest shelf.toml counts that lists the project: in its folder or above it. Of
    an untrusted project, what it shares must be below the folder of shelf.toml, which
    may have come with the project.
    """
    here = root.resolve()
    for folder in (here, *here.parents):
        file = folder / SHELF_FILE
        try:
            status = file.stat()
        except OSError:
            continue
        table = _table(file, status.st_mtime_ns, status.st_size)
        if is_listed(here.relative_to(folder).as_posix(), table):
            shared = [_shared(folder, table.get(k)) for k in _SHARED_KEYS]
            if not trust.shares_outside:
                shared = [p if p and p.is_relative_to(folder) else None for p in shared]
            return House(file, *shared)
    return None


_SHARED_KEYS = ("styles", "links", "cache")


def _shared(folder: Path, name: object) -> Path | None:
    return (folder / name).resolve() if isinstance(name, str) and name else None


@lru_cache(maxsize=16)
def _table(file: Path, _time: int, _size: int) -> Mapping[str, Any]:
    # Not above: few projects are on a shelf.
    from memobook.project.located import read_own_toml

    try:
        table = read_own_toml(text_of(file))["shelf"]
    except (OSError, ValueError, KeyError, RecursionError):
        return {}
    return table if isinstance(table, dict) else {}


def is_listed(name: str, table: Mapping[str, Any]) -> bool:
    """Tell whether [shelf] lists a folder: by `books`, and not by `leave_out`.

    `name` is its path below the shelf's folder, "." for that folder itself.
    """
    return _fits_any(name, table.get("books")) and not _fits_any(
        name, table.get("leave_out")
    )


def _fits_any(name: str, patterns: object) -> bool:
    listed = patterns if isinstance(patterns, (list, tuple)) else ()
    parts = PurePosixPath(name).parts
    return any(
        _fits(parts, PurePosixPath(pattern).parts)
        for pattern in listed
        if isinstance(pattern, str)
    )


def _fits(parts: Sequence[str], pattern: Sequence[str]) -> bool:
    """Tell whether a path fits a pattern; `**` is any number of folders."""
    if not pattern:
        return not parts
    if pattern[0] == "**":
        return any(_fits(parts[i:], pattern[1:]) for i in range(len(parts) + 1))
    return (
        bool(parts)
        and fnmatchcase(parts[0], pattern[0])
        and _fits(parts[1:], pattern[1:])
    )


def seen_from(root: Path, text: str) -> str:
    """Return a path or a message with the paths that the author finds.

    `root` is the project folder; what the shelf shares lies outside of it.
    """
    house = house_of(root) if _SHARED in text else None
    for name, place in (house.mounts if house else {}).items():
        found = os.path.relpath(place, root.resolve()).replace(os.sep, "/")
        text = text.replace(name, found)
    return text
