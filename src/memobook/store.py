"""Keep what was costly to make: a content-addressed cache of bytes.

What goes in: a key made of everything that a value depends on. What comes out: the
value, if it is there and whole. A damaged entry is no entry, and a cache that cannot be
written costs time but no book: what does not fit into it goes to a temporary folder.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import tempfile
import time
import weakref
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from memobook.aside import PREFIX, is_abandoned, sweep, write_aside

__all__ = ["LIMIT", "Store", "key_of"]

LIMIT = 1_000_000_000
"""Bytes that a store may hold: some twenty books of 5,000 pages."""

# So that backup programs leave the folder out. https://bford.info/cachedir/
_TAG = "Signature: 8a477f597d28d172789f06886806bc55\n# This is a cache of memobook.\n"
_TAG_NAME = "CACHEDIR.TAG"
_DIGEST = ".sha256"
_HASH_LENGTH = 64
# A folder that somebody names as the cache may hold other things.
_OURS = re.compile(rf"[0-9a-f]{{64}}\.\w+({re.escape(_DIGEST)})?|{re.escape(PREFIX)}.*")
_IN_USE = 600
"""Seconds for which an entry may be read by the build that has found it."""


def key_of(*parts: str | bytes) -> str:
    """Return a key of all parts, each with its length, so that none runs into another.

    >>> key_of("ab", "c") == key_of("a", "bc")
    False
    """
    digest = hashlib.sha256()
    for part in parts:
        data = (
            part.encode("utf-8", "surrogateescape") if isinstance(part, str) else part
        )
        digest.update(f"{len(data)}:".encode() + data)
    return digest.hexdigest()


@dataclass(slots=True, weakref_slot=True)
class Store:
    """A folder of entries."""

    folder: Path
    is_writable: bool = True
    """Whether new entries go to the folder, and not to a temporary one."""
    failure: str = ""
    """Why the folder could not be written, if it could not."""
    _spare: Path | None = None
    _began: float = field(default_factory=time.time)

    def path(self, kind: str, key: str, suffix: str) -> Path | None:
        """Return the path of an entry if the entry is there and whole."""
        return next((p for p, _ in self._whole(kind, key, suffix)), None)

    def load(self, kind: str, key: str, suffix: str) -> bytes | None:
        """Return an entry if it is there and whole."""
        return next((data for _, data in self._whole(kind, key, suffix)), None)

    def keep(self, kind: str, key: str, suffix: str, data: bytes) -> Path:
        """Write an entry aside and move it into place; return its path.

        Raises OSError if there is no room for it anywhere.
        """
        if self.is_writable:
            try:
                return self._keep_in(self.folder, kind, f"{key}{suffix}", data)
            except OSError as error:
                self.is_writable = False
                self.failure = error.strerror or str(error)
        if self._spare is None:
            self._spare = Path(tempfile.mkdtemp(prefix="memobook-"))
            weakref.finalize(self, shutil.rmtree, self._spare, ignore_errors=True)
        return self._keep_in(self._spare, kind, f"{key}{suffix}", data)

    def trim(self, limit: int = LIMIT) -> None:
        """Remove what was not used for longest, until the store is within its limit.

        What was used since this store was opened stays, whatever its size, and so does
        what was used shortly before: this build or another one may be reading it.
        """
        with contextlib.suppress(OSError):
            entries = sorted(self._entries())
            size = sum(entry_size for _, entry_size, _ in entries)
            for used, entry_size, path in entries:
                if size <= limit or used >= self._began - _IN_USE:
                    break
                path.unlink(missing_ok=True)
                _digest_path(path).unlink(missing_ok=True)
                size -= entry_size

    def sweep(self) -> None:
        """Take away what a build that was killed was writing."""
        for folder in (self.folder, *self.folder.glob("*/")):
            sweep(folder)

    def clear(self) -> None:
        """Remove all entries, and the folder if nothing else is in it."""
        for path in self.folder.glob("*/*"):
            if _OURS.fullmatch(path.name) and path.is_file():
                path.unlink(missing_ok=True)
        (self.folder / _TAG_NAME).unlink(missing_ok=True)
        for folder in (*self.folder.glob("*/"), self.folder):
            with contextlib.suppress(OSError):
                folder.rmdir()

    def _whole(self, kind: str, key: str, suffix: str) -> Iterator[tuple[Path, bytes]]:
        for folder in (self.folder, self._spare):
            if folder is None:
                continue
            path = folder / kind / f"{key}{suffix}"
            try:
                data = path.read_bytes()
                expected = _digest_path(path).read_text("ascii")
                if expected[:_HASH_LENGTH] == _digest(path, data):
                    os.utime(path)
                    yield path, data
            except (OSError, ValueError):
                continue

    def _keep_in(self, folder: Path, kind: str, name: str, data: bytes) -> Path:
        path = folder / kind / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not (folder / _TAG_NAME).exists():
            write_aside(folder / _TAG_NAME, _TAG.encode())
        for place, content in (
            (path, data),
            (_digest_path(path), _digest(path, data).encode()),
        ):
            if place.is_dir():
                shutil.rmtree(place)
            write_aside(place, content)
        return path

    def _entries(self) -> Iterator[tuple[float, int, Path]]:
        """Yield when each entry was used, its size and its path."""
        for path in self.folder.glob("*/*"):
            if not (_OURS.fullmatch(path.name) and path.is_file()):
                continue
            status = path.stat()
            if path.name.startswith("."):
                if is_abandoned(path):
                    path.unlink(missing_ok=True)
            elif path.suffix != _DIGEST:
                yield status.st_mtime, status.st_size, path


def _digest(path: Path, data: bytes) -> str:
    """Return a hash of an entry and its name, as the entry of another is none."""
    return key_of(path.name, data)


def _digest_path(path: Path) -> Path:
    return path.with_name(path.name + _DIGEST)
