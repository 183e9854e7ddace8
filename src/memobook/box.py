"""Put a process into a box: what it does not need, it cannot reach.

What goes in: the process that this is called in, before it works. What comes out: the
same without a network, without the right to more rights, with few descriptors and a
small environment. What a system does not have is left out; `walls` says what is there.
What a single work may take is told in bounds.py.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import re
import signal
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Walls", "enter", "network", "walls"]

if sys.platform != "win32":
    import resource

_DESCRIPTORS = 1024
_FILE = 1 << 32
"""Bytes: a file of an EPUB cannot be larger, and no PDF has to be."""
_RECURSION = 10_000
"""Calls within calls, of Python: lists in lists, 100 deep, are some thousands."""

# What of the environment does a worker need? Where programs and temporary files are,
# how the machine speaks, what fontconfig and Python are told, and what Windows needs to
# load anything at all.
_NEEDED = re.compile(
    r"PATH|LANG|LANGUAGE|LC_\w+|TZ|TMPDIR|TEMP|TMP|FONTCONFIG_\w+|"
    r"SOURCE_DATE_EPOCH|PYTHON\w*|(DY)?LD_LIBRARY_PATH|DYLD_\w+|"
    r"SYSTEMROOT|SYSTEMDRIVE|WINDIR|PATHEXT|COMSPEC|USERPROFILE",
    re.IGNORECASE,
)

# https://man7.org/linux/man-pages/man2/unshare.2.html
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000
# https://man7.org/linux/man-pages/man2/PR_SET_NO_NEW_PRIVS.2const.html
_NO_NEW_PRIVILEGES = 38


def enter() -> None:
    """Enter the box, as far as this system has one; a second time does nothing new."""
    for name in [*os.environ]:
        if not _NEEDED.fullmatch(name):
            del os.environ[name]
    sys.setrecursionlimit(_RECURSION)
    if sys.platform != "win32":
        _lower(resource.RLIMIT_CORE, 0)
        _lower(resource.RLIMIT_NOFILE, _DESCRIPTORS)
        _lower(resource.RLIMIT_FSIZE, _FILE)
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # so that a write says why
    if sys.platform == "linux" and not _is_boxed():
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        _leave_network(libc)


def _lower(limit: int, most: int) -> None:
    with contextlib.suppress(OSError, ValueError):
        _, hard = resource.getrlimit(limit)
        if hard == resource.RLIM_INFINITY or hard > most:
            resource.setrlimit(limit, (most, most))


def _is_boxed() -> bool:
    return _status("NoNewPrivs") == "1"


def _leave_network(libc: ctypes.CDLL) -> None:
    """Go where there is no network, by root's right or in a user namespace of its own.

    Where neither is allowed, as in many containers, the network stays. A process with
    several threads cannot have a user namespace, so this comes before them.
    """
    user, group = os.geteuid(), os.getegid()
    if libc.unshare(_NEW_NETWORK) == 0 or threading.active_count() > 1:
        return
    if libc.unshare(_NEW_USER | _NEW_NETWORK) == 0:
        # The process stays who it is: without these lines it would be nobody.
        for name, text in (
            ("setgroups", "deny"),
            ("uid_map", f"{user} {user} 1"),
            ("gid_map", f"{group} {group} 1"),
        ):
            with contextlib.suppress(OSError):
                Path("/proc/self", name).write_text(text)


# What holds?


@dataclass(frozen=True, slots=True)
class Walls:
    """Which walls the box has on this machine; asked in a worker."""

    time: bool
    """Whether a work that takes too long is ended."""
    memory: bool
    """Whether a work's memory is bounded."""
    files: bool
    """Whether files, descriptors and core dumps are bounded."""
    network: bool
    """Whether there is none."""
    privileges: bool
    """Whether it can get none that it has not."""
    environment: bool
    """Whether it sees nothing of the environment that it does not need."""


def walls(outside: str) -> Walls:
    """Return which walls there are around this process.

    `outside` is what `network` says in a process that is not in the box.
    """
    is_posix = sys.platform != "win32"
    return Walls(
        time=is_posix,
        memory=sys.platform == "linux",
        files=is_posix and resource.getrlimit(resource.RLIMIT_CORE) == (0, 0),
        network=network() != outside,
        privileges=_is_boxed(),
        environment=all(map(_NEEDED.fullmatch, os.environ)),
    )


def network() -> str:
    """Return which network this process is in; empty where it cannot be told."""
    try:
        return str(Path("/proc/self/ns/net").readlink())
    except OSError:
        return ""


def _status(name: str) -> str:
    """Return a value of /proc/self/status; empty where there is none."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/status").read_text("ascii", "replace").split("\n"):
            key, _, value = line.partition(":")
            if key == name:
                return value.strip()
    return ""
