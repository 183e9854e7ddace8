"""Wait for saves: the door to watchfiles.

What goes in: a project folder. What comes out: the paths that were saved, as often as
something was. Only manuscript/ and styles/ are watched, which a build reads; its own
outputs, a repository or an environment beside them are none of its business.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

from watchfiles import Change, DefaultFilter, awatch

from memobook.design.theme import STYLES
from memobook.project.config import MANUSCRIPT

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


async def saves(root: Path, stop: asyncio.Event) -> AsyncIterator[tuple[str, ...]]:
    """Yield what was saved, relative to the project, until `stop` is set."""
    found: asyncio.Queue[frozenset[Path]] = asyncio.Queue()
    root = root.resolve()
    watching = asyncio.create_task(_watch(root, found, stop))
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
    inside = (p.relative_to(root) for p in paths if p.is_relative_to(root))
    return tuple(sorted(path.as_posix() for path in inside))


async def _watch(
    root: Path, found: asyncio.Queue[frozenset[Path]], stop: asyncio.Event
) -> None:
    """Watch the folders that are there; begin anew when one comes or goes."""
    while not stop.is_set():
        again = asyncio.Event()
        folders = [root / name for name in _FOLDERS if (root / name).is_dir()]
        watchers = [
            asyncio.create_task(_into(found, folders, again, recursive=True)),
            asyncio.create_task(_shape(root, found, again)),
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
    *,
    recursive: bool,
) -> None:
    watching = awatch(
        *folders,
        watch_filter=_Filter(),
        debounce=_LONGEST,
        step=_STEP,
        stop_event=stop,
        rust_timeout=500,
        recursive=recursive,
    )
    async for changes in watching:
        found.put_nowait(frozenset(Path(path) for _, path in changes))


async def _shape(
    root: Path, found: asyncio.Queue[frozenset[Path]], again: asyncio.Event
) -> None:
    """Begin anew when one of the folders is made, renamed or removed."""
    watching = awatch(
        root,
        watch_filter=_is_folder,
        stop_event=again,
        rust_timeout=500,
        recursive=False,
    )
    async for changes in watching:
        found.put_nowait(frozenset(Path(path) for _, path in changes))
        again.set()


def _is_folder(change: Change, path: str) -> bool:
    return change is not Change.modified and Path(path).name in _FOLDERS
