"""Keep what was costly to make: a content-addressed cache of bytes.

What goes in: a key made of everything that a value depends on. What comes out: the
value's path, if it is there and whole. A damaged entry is no entry.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Store", "key_of"]

# So that backup programs leave the folder out. https://bford.info/cachedir/
_TAG = "Signature: 8a477f597d28d172789f06886806bc55\n# This is a cache of memobook.\n"
_HASH_LENGTH = 64


def key_of(*parts: str | bytes) -> str:
    """Return a key of all parts, each with its length, so that none runs into another.

    >>> key_of("ab", "c") == key_of("a", "bc")
    False
    """
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(f"{len(data)}:".encode() + data)
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Store:
    """A folder of entries."""

    folder: Path

    def path(self, kind: str, key: str, suffix: str) -> Path:
        """Return where an entry stands, whether it is there or not."""
        return self.folder / kind / f"{key}{suffix}"

    def find(self, kind: str, key: str, suffix: str) -> Path | None:
        """Return an entry's path if the entry is there and whole."""
        path = self.path(kind, key, suffix)
        try:
            expected = path.with_name(path.name + ".sha256").read_text("ascii")
            found = hashlib.sha256(path.read_bytes()).hexdigest()
        except (OSError, ValueError):
            return None
        return path if expected[:_HASH_LENGTH] == found else None

    def keep(self, kind: str, key: str, suffix: str, data: bytes) -> Path:
        """Write an entry aside and move it into place; return its path."""
        path = self.path(kind, key, suffix)
        path.parent.mkdir(parents=True, exist_ok=True)
        tag = self.folder / "CACHEDIR.TAG"
        if not tag.exists():
            _write(tag, _TAG.encode())
        _write(path, data)
        digest = hashlib.sha256(data).hexdigest()
        _write(path.with_name(path.name + ".sha256"), digest.encode())
        return path


def _write(path: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
