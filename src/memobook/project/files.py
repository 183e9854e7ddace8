"""Read the project's files: the only door to the project folder.

What goes in: a path inside the project. What comes out: bytes, and a record of all
that was read or looked for. No parsing, and no path leads outside, but for what the
project's shelf shares with all of its books.
"""

from __future__ import annotations

import codecs
import hashlib
import os
import posixpath
from dataclasses import dataclass, field
from pathlib import Path

from memobook.diagnostics import Code, Reporter, Span
from memobook.project.house import house_of
from memobook.project.opening import (
    OutsideError,
    RefusedError,
    TooLargeError,
    bytes_of,
)
from memobook.project.trust import TRUSTED, Trust

__all__ = [
    "ANY_SIZE",
    "BOOK_FILE",
    "BUILT_IN",
    "MANUSCRIPT",
    "MISSING",
    "Files",
    "OutsideError",
    "RefusedError",
    "Sizes",
    "TooLargeError",
]

MANUSCRIPT = "manuscript"
BOOK_FILE = f"{MANUSCRIPT}/book.toml"
"""What makes a folder a project."""
MISSING = "missing"
"""What is recorded instead of a hash for a file that was looked for in vain."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much may be read, in bytes; see [limits] in book.toml."""

    file: int = 64 << 20
    total: int = 1024 << 20
    """Of all different files together."""


BUILT_IN = Sizes()
"""Those that hold where book.toml says nothing."""


ANY_SIZE = Sizes(1 << 62, 1 << 62)
"""For what memobook wrote, or has read before within the limits of that time."""


@dataclass(slots=True)
class Files:
    """The files of one project; remembers what it read."""

    root: Path
    """The project folder, resolved."""
    inputs: dict[str, str] = field(default_factory=dict)
    """Path relative to the root -> SHA-256 in hex, or MISSING."""
    listings: dict[str, str] = field(default_factory=dict)
    """Folder and pattern -> SHA-256 of the names found, in hex."""
    trust: Trust = TRUSTED
    """What the project may do."""
    sizes: Sizes = BUILT_IN
    """How much may be read: what is built in, until book.toml is read."""
    total: int = field(default=0, init=False)
    """Bytes of all different files that were read."""
    shared: dict[str, Path] = field(init=False)
    """Path here -> folder or file that the project's shelf shares; see House.mounts."""

    def __post_init__(self) -> None:
        house = house_of(self.root, self.trust)
        self.shared = house.mounts if house else {}

    def copy(self) -> Files:
        """Return the same files, for a reader whose inputs are its own from now on."""
        inputs, listings = dict(self.inputs), dict(self.listings)
        return Files(self.root, inputs, listings, self.trust, self.sizes)

    def read(self, path: str) -> bytes:
        """Return a plain file's bytes.

        Raises RefusedError if it is outside or too large, and OSError if it is not
        there.
        """
        target = self._inside(path)
        try:
            data = bytes_of(target, self.sizes.file)
        except TooLargeError as error:
            self.inputs[path] = MISSING
            message = f"{path} is too large: {error}"
            raise TooLargeError(message) from None
        except OSError:
            self.inputs[path] = MISSING
            raise
        self._count(path, len(data))
        self.inputs[path] = hashlib.sha256(data).hexdigest()
        return data

    def _count(self, path: str, size: int) -> None:
        """Add a file to all that was read. Raises TooLargeError if it is too much."""
        if self.inputs.get(path, MISSING) == MISSING:
            self.total += size
        if self.total > self.sizes.total:
            message = f"with {path} the files of the book are more than "
            message += f"{self.sizes.total:,} bytes"
            raise TooLargeError(message)

    def exists(self, path: str) -> bool:
        """Tell whether there is a file; a file that is not there is an input too."""
        try:
            found = self._inside(path).is_file()
        except OutsideError:
            raise
        except OSError:  # a name that no file can have
            found = False
        if not found:
            self.inputs[path] = MISSING
        return found

    def has(self, path: str, reporter: Reporter) -> bool:
        """Tell whether there is a file; report one that is not to be read."""
        try:
            return self.exists(path)
        except OutsideError as error:
            hint = "copy the file to this place"
            reporter.error(error.code, Span(path), str(error), hint)
            return False

    def listing(self, folder: str, pattern: str = "*") -> tuple[str, ...]:
        """Return the paths of a folder's matching files, sorted.

        What a link leads out to is none of them.
        """
        try:
            base = self._inside(folder)
        except OutsideError:
            return ()
        found = (p for p in base.glob(pattern) if p.is_file() and self._is_own(p))
        home, name = self._home(posixpath.normpath(folder))
        below = (p.relative_to(home).as_posix() for p in found)
        names = tuple(sorted(posixpath.join(name, path) for path in below))
        digest = hashlib.sha256("\n".join(names).encode()).hexdigest()
        self.listings[f"{folder} {pattern}"] = digest
        return names

    def _is_own(self, path: Path) -> bool:
        real = os.path.realpath(path)
        homes = (self.root, *self.shared.values())
        return any(real.startswith(f"{home}{os.sep}") for home in homes)

    def listing_digest(self, key: str) -> str:
        """Return what a listing of `listings` would be recorded as now."""
        folder, _, pattern = key.rpartition(" ")
        self.listing(folder, pattern)
        return self.listings[key]

    def text(self, path: str, reporter: Reporter) -> str | None:
        """Return a text file with Unix line ends and no byte order mark.

        Reports `source-not-utf8` with the place of the first bad byte, or
        `file-too-large`, and returns None.
        """
        try:
            data = self.read(path).removeprefix(codecs.BOM_UTF8)
        except TooLargeError as error:
            reporter.error(error.code, Span(path), str(error), error.hint)
            return None
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError as error:
            line, column = _place(data, error.start)
            reporter.error(
                Code.SOURCE_NOT_UTF8,
                Span(path, line, column),
                f"byte 0x{data[error.start]:02x} is not UTF-8",
                "save the file with the encoding UTF-8",
            )
            return None
        return text.replace("\r\n", "\n").replace("\r", "\n")

    def _inside(self, path: str) -> Path:
        normal = posixpath.normpath(path)
        home, name = self._home(normal)
        try:
            target = (home / normal[len(name) :].lstrip("/" if name else "")).resolve()
        except (ValueError, RuntimeError) as error:
            # A null character, or links that lead round in a circle.
            raise FileNotFoundError(str(error)) from None
        if not target.is_relative_to(home):
            message = f"{path} leads out of the project folder"
            raise OutsideError(message)
        return target

    def _home(self, path: str) -> tuple[Path, str]:
        """Return the folder or file that a path is in, and its own path here."""
        for name, home in self.shared.items():
            if path == name or path.startswith(f"{name}/"):
                return home, name
        return self.root, ""


def _place(data: bytes, offset: int) -> tuple[int, int]:
    before = data[:offset]
    start = max(before.rfind(b"\n"), before.rfind(b"\r")) + 1
    line = before.replace(b"\r\n", b"\n").replace(b"\r", b"\n").count(b"\n") + 1
    return line, len(before[start:].decode("utf-8", "replace")) + 1
