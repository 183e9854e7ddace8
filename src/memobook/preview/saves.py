"""Wait for saves: the door to watchfiles.

What goes in: a project folder. What comes out: the paths that were saved, as often as
something was. Only manuscript/ and styles/ are watched, which a build reads, and what a
shelf shares with the project; its own outputs, a repository or an environment beside
them are none of its business.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from pathlib import Path

from watchfiles import Change, DefaultFilter, awatch

from memobook.design.theme import STYLES
from memobook.project.config import MANUSCRIPT
from memobook.project.house import house_of
from memobook.project.trust import TRUSTED, Trust

__all__ = ["saves"]

_STEP = 20
"""Milliseconds of quiet after which a save is complete."""
_LONGEST = 200
"""Milliseconds that are waited at most for an editor to be quiet."""
_FOLDERS = (MANUSCRIPT, STYLES)


class _Filter(DefaultFilter):
    """Leave out what editors write beside a file: swap files, backups, locks."""

    ignore_entity_patterns = (
        *DefaultFilter.ignore_entity_patterns,
        r"^4913$",  # Vim tries out whether it may write here
        r"^\.#",
        r"^#.*#$",
        r"\.(tmp|bak|part|crdownload)$",
    )


async def saves(
    root: Path, stop: asyncio.Event, trust: Trust = TRUSTED
) -> AsyncIterator[tuple[str, ...]]:
    """Yield what was saved, relative to the project, until `stop` is set.

    `trust` is what the project may do: read what its shelf shares, or not.
    """
    found: asyncio.Queue[frozenset[Path]] = asyncio.Queue()
    root = root.resolve()
    watching = asyncio.create_task(_watch(root, trust, found, stop))
    ending = asyncio.create_task(stop.wait())
    try:
        while True:
            getting = asyncio.create_task(found.get())
            await asyncio.wait({getting, ending}, return_when="FIRST_COMPLETED")
            if not getting.done():
                getting.cancel()
                return
            paths = set(getting.result())
            while not found.empty():
                paths |= found.get_nowait()
            yield _named(paths, root)
    finally:
        for task in (watching, ending):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task


def _named(paths: Iterable[Path], root: Path) -> tuple[str, ...]:
    seen = (os.path.relpath(path, root) for path in paths)
    return tuple(sorted(name.replace(os.sep, "/") for name in seen))


@dataclass(frozen=True, slots=True)
class _Places:
    """What is watched: files may come and go, and so may folders."""

    folders: frozenset[Path]
    """With all that is in them."""
    files: frozenset[Path]
    shelf: frozenset[Path]
    """The shelf.toml, which may name other places."""

    @staticmethod
    def of(root: Path, trust: Trust) -> _Places:
        folders = frozenset(root / name for name in _FOLDERS)
        house = house_of(root, trust)
        if house is None:
            return _Places(folders, frozenset(), frozenset())
        shared = frozenset([house.styles] if house.styles else [])
        files = frozenset([house.links] if house.links else [])
        return _Places(folders | shared, files, frozenset([house.file]))

    @property
    def homes(self) -> list[Path]:
        """The folders in which these places are, as far as they are there."""
        above = {p.parent for p in (*self.folders, *self.files, *self.shelf)}
        return [folder for folder in sorted(above) if folder.is_dir()]

    def is_one(self, change: Change, path: str) -> bool:
        """Tell whether it is a folder that comes or goes, or a file that changes."""
        place = Path(path)
        comes = change is not Change.modified and place in self.folders
        return comes or place in self.files or place in self.shelf


async def _watch(
    root: Path,
    trust: Trust,
    found: asyncio.Queue[frozenset[Path]],
    stop: asyncio.Event,
) -> None:
    """Watch the folders that are there; begin anew when one comes or goes."""
    while not stop.is_set():
        again = asyncio.Event()
        places = _Places.of(root, trust)
        folders = [folder for folder in sorted(places.folders) if folder.is_dir()]
        watchers = [
            asyncio.create_task(_into(found, folders, again)),
            asyncio.create_task(_shape(places, found, again)),
        ]
        ending = asyncio.create_task(stop.wait())
        turning = asyncio.create_task(again.wait())
        try:
            await asyncio.wait({ending, turning}, return_when="FIRST_COMPLETED")
        finally:
            again.set()
            for task in (ending, turning):
                task.cancel()
            await asyncio.gather(*watchers, ending, turning, return_exceptions=True)


async def _into(
    found: asyncio.Queue[frozenset[Path]],
    folders: Iterable[Path],
    stop: asyncio.Event,
) -> None:
    watching = awatch(
        *folders,
        watch_filter=_Filter(),
        debounce=_LONGEST,
        step=_STEP,
        stop_event=stop,
        rust_timeout=500,
    )
    async for changes in watching:
        found.put_nowait(frozenset(Path(path) for _, path in changes))


async def _shape(
    places: _Places, found: asyncio.Queue[frozenset[Path]], again: asyncio.Event
) -> None:
    """Tell of shared files; begin anew when other places may be named or there."""
    watching = awatch(
        *places.homes,
        watch_filter=places.is_one,
        stop_event=again,
        rust_timeout=500,
        recursive=False,
    )
    async for changes in watching:
        paths = frozenset(Path(path) for _, path in changes)
        found.put_nowait(paths)
        if not paths <= places.files:
            again.set()
