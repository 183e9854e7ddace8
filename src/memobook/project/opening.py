"""Open a file so that what was looked at is what is read.

What goes in: the real path of a file, with no link in it. What comes out: its bytes, if
it is a plain file that is still there under this very path. Whoever swaps a folder or
the file for a link between the look and the reading gets nothing. A hard link is no
link in this sense: it is the file itself, and nobody can tell where else it stands.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from memobook.diagnostics import Code

__all__ = ["OutsideError", "RefusedError", "TooLargeError", "bytes_of", "text_of"]


class RefusedError(OSError):
    """A file is there and is not read; the message says why."""

    code = Code.FILE_OUTSIDE
    hint = ""


class OutsideError(RefusedError):
    """A path leads out of the project folder."""


class TooLargeError(RefusedError):
    """A file, or all of them together, are larger than [limits] allows."""

    code = Code.FILE_TOO_LARGE
    hint = (
        "make it smaller, or raise the limit in book.toml: [limits] file_mb, total_mb;"
        " an untrusted project cannot"
    )


_FLAGS = (
    os.O_RDONLY
    # A pipe would else be waited for, and a terminal become this process's own.
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
_ATTEMPTS = 3
"""An author's editor may be putting a new file in the place of the old one."""


def bytes_of(real: Path, limit: int) -> bytes:
    """Return a plain file's bytes. `real` is resolved.

    Raises TooLargeError above `limit` bytes, FileNotFoundError for what is no plain
    file or no more there, and OSError if the system refuses.
    """
    for _ in range(_ATTEMPTS):
        handle = os.open(real, _FLAGS)
        try:
            status = os.fstat(handle)
            if not stat.S_ISREG(status.st_mode):
                break
            if status.st_size > limit:
                message = f"{status.st_size:,} bytes are more than {limit:,}"
                raise TooLargeError(message)
            if not _is_at(handle, status, real):
                continue
            data = _whole(handle, status.st_size)
            if data is not None:
                return data
        finally:
            os.close(handle)
    message = f"{real.name} is no file that can be read"
    raise FileNotFoundError(message)


def text_of(path: Path, limit: int = 16 << 20) -> str:
    """Return the text of a plain file that a link may lead to, wherever it is.

    For what is read beside a project's own files: a pipe would be waited for, and a
    device has no end. Raises as bytes_of, and UnicodeDecodeError.
    """
    return bytes_of(path.resolve(), limit).decode("utf-8-sig")


def _is_at(handle: int, status: os.stat_result, real: Path) -> bool:
    """Tell whether an open file is the one that has this real path now."""
    try:
        return Path(f"/proc/self/fd/{handle}").readlink() == real
    except OSError:  # a system without /proc
        return os.path.realpath(real) == str(real) and os.path.samestat(
            status, os.lstat(real)
        )


def _whole(handle: int, size: int) -> bytes | None:
    """Return all bytes of a file; None if it has another size by now."""
    parts: list[bytes] = []
    left = size + 1
    while left and (part := os.read(handle, left)):
        parts.append(part)
        left -= len(part)
    return b"".join(parts) if left == 1 else None
