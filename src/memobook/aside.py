"""Write files aside, under names that tell whose they are.

What goes in: a path and bytes, or a folder. What comes out: the file, moved into its
place when it is whole. A process that is killed leaves what it was writing: each such
name tells its writer, and whoever comes next takes away what has none any more.
"""

from __future__ import annotations

import atexit
import contextlib
import hashlib
import os
import re
import shutil
import sys
import tempfile
import time
from functools import cache
from pathlib import Path

__all__ = [
    "PREFIX",
    "begin_aside",
    "is_abandoned",
    "own_temporary_folder",
    "sweep",
    "write_aside",
]

PREFIX = ".memobook-"
"""Of a file that is being written, in the folder in which it will stand."""
_FOLDER = "memobook-"
"""Of a process's own folder of temporary files."""
_MARK = re.compile(r"\.?memobook-([0-9a-f]{8})-(\d+)-(\d+)-")
_ABANDONED = 3600
"""Seconds after which a file has lost its writer, where nobody can tell."""
_LONGEST = 60
"""Bytes of a folder's path: a socket below it may have a hundred, and needs forty."""
_SHORT = Path("/tmp")  # noqa: S108 (a folder of a name of its own is made in it)
"""Where temporary files go if the path of the folder for them is too long."""


def write_aside(path: Path, data: bytes, mode: int | None = None) -> None:
    """Write a file beside its place and move it there: never half of it.

    `mode` are its permissions, else for its owner alone. Raises OSError if it cannot.
    """
    temporary = begin_aside(path.parent, data, mode)
    try:
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def begin_aside(folder: Path, data: bytes, mode: int | None = None) -> Path:
    """Write a file that is to be moved within a folder; return where it is for now."""
    handle, name = tempfile.mkstemp(dir=folder, prefix=f"{PREFIX}{_mark()}-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        if mode is not None:
            Path(name).chmod(mode)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return Path(name)


def sweep(folder: Path) -> None:
    """Take away the files that a killed process was writing in a folder."""
    with contextlib.suppress(OSError):
        for path in folder.glob(f"{PREFIX}*"):
            if path.is_file() and is_abandoned(path):
                path.unlink(missing_ok=True)


def is_abandoned(path: Path) -> bool:
    """Tell whether nobody writes a file any more. Raises OSError if it is gone.

    On another machine, or in another box, a process is not to be seen from here: then
    its age must tell.
    """
    found = _MARK.match(path.name)
    if found and found[1] == _here() and _START_IS_KNOWN:
        return _start(int(found[2])) != found[3]
    return path.stat().st_mtime < time.time() - _ABANDONED


def own_temporary_folder() -> None:
    """Give this process and its workers a folder for temporary files, until it ends.

    Takes away those of processes that were killed. Without room for it, or where there
    is no such folder at all, all stays as it is: who needs a file will tell.
    """
    try:
        general = Path(tempfile.gettempdir())
        _sweep_folders(general)
        if len(os.fsencode(general)) > _LONGEST and _SHORT.is_dir():
            general = _SHORT
            _sweep_folders(general)
        own = tempfile.mkdtemp(prefix=f"{_FOLDER}{_mark()}-", dir=general)
    except OSError:
        return
    tempfile.tempdir = own
    os.environ["TMPDIR"] = own
    atexit.register(shutil.rmtree, own, ignore_errors=True)


def _sweep_folders(general: Path) -> None:
    for path in general.glob(f"{_FOLDER}*"):
        with contextlib.suppress(OSError):
            if _MARK.match(path.name) and path.is_dir() and is_abandoned(path):
                # Nothing happens to another user's.
                shutil.rmtree(path, ignore_errors=True)


# Who is it that writes?

# Elsewhere than on Linux a process's start cannot be told without a library.
_START_IS_KNOWN = sys.platform == "linux"


def _mark() -> str:
    """Return what tells this process from all others, also from later ones."""
    return _mark_of(os.getpid())


@cache
def _mark_of(number: int) -> str:
    return f"{_here()}-{number}-{_start(number)}"


@cache
def _here() -> str:
    """Return a name of where the numbers of processes mean what they mean here."""
    facts = [os.uname().nodename if hasattr(os, "uname") else sys.platform]
    with contextlib.suppress(OSError):
        facts.append(Path("/proc/sys/kernel/random/boot_id").read_text("ascii"))
        facts.append(str(Path("/proc/self/ns/pid").stat().st_ino))
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()[:8]


def _start(number: int) -> str:
    """Return when a process began, in ticks since the machine did; 0 if there is none.

    proc(5): the 22nd field of its status, whose second one may hold spaces.
    """
    try:
        status = Path(f"/proc/{number}/stat").read_text("utf-8", "replace")
    except OSError:
        return "0"
    fields = status.rpartition(")")[2].split()
    # A process that has ended and was not asked for its end writes no more.
    return "0" if fields[0] in {"Z", "X"} else fields[19]
