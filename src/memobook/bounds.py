"""Hold a piece of work to what it may take: time, memory, depth, the size of a file.

What goes in: a bound, and the work in a `with` block. What comes out: its result, or an
ExceededError. It is done by the system's own means, so that it holds in any code; where
a system has none of them, there is no bound. A bound holds in a process's main thread,
which is where a worker works.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

__all__ = ["FREE", "Bound", "ExceededError", "Limit", "bounded", "overstepped"]

if sys.platform != "win32":
    import resource

_GRACE = 1.0
"""CPU seconds that a work over its time has to end by itself before it is killed."""
_PATIENCE = 10
"""Times its CPU seconds, and a minute, that a work may take by the clock: it waits for
nothing but the processor, which others may keep busy."""


class Limit(StrEnum):
    """What was exceeded."""

    TIME = "time"
    MEMORY = "memory"
    DEPTH = "depth"
    FILE = "file"


class ExceededError(Exception):
    """A piece of work took more than it may."""

    def __init__(self, limit: Limit) -> None:
        super().__init__(limit)
        self.limit = limit


@dataclass(frozen=True, slots=True)
class Bound:
    """What a piece of work may take; 0 stands for as much as it likes."""

    seconds: float = 0
    """Of the processor."""
    memory: int = 0
    """Bytes, beyond what its process has already."""
    more_seconds: str = ""
    """What the author writes to allow more."""
    more_memory: str = ""


class _OverTimeError(BaseException):
    """Ends Python code over its time; no engine may take it for a fault of a file."""


FREE = Bound()
"""As much as it likes."""


@contextmanager
def bounded(bound: Bound) -> Iterator[None]:
    """Raise ExceededError if what is done in it takes more than the bound.

    A work over its time that does not end within a second of its own, because it is in
    the code of a C library, ends the process; see `overstepped`. A bound within another
    one holds alone while it lasts.
    """
    try:
        with _in_time(bound.seconds), _in_room(bound.memory):
            yield
    except _OverTimeError:
        raise ExceededError(Limit.TIME) from None
    except MemoryError:
        raise ExceededError(Limit.MEMORY) from None
    except RecursionError:
        raise ExceededError(Limit.DEPTH) from None
    except OSError as error:
        if error.errno != errno.EFBIG:
            raise
        raise ExceededError(Limit.FILE) from None


def overstepped(code: int | None) -> bool:
    """Tell whether a process that ended with an exit code was over its time."""
    if sys.platform == "win32":
        return False
    return code in {-signal.SIGPROF, -signal.SIGALRM}


@contextmanager
def _in_time(seconds: float) -> Iterator[None]:
    is_main = threading.current_thread() is threading.main_thread()
    if sys.platform == "win32" or not seconds or not is_main:
        yield
        return
    # Which clock, and when does it strike? The first is Python's to answer; the others
    # end the process whatever it is at.
    wanted = (
        (signal.ITIMER_VIRTUAL, seconds),
        (signal.ITIMER_PROF, seconds + _GRACE),
        (signal.ITIMER_REAL, seconds * _PATIENCE + 60),
    )
    handler = signal.signal(signal.SIGVTALRM, _end)
    before = [(timer, *signal.setitimer(timer, end)) for timer, end in wanted]
    try:
        yield
    finally:
        for timer, *rest in before:
            signal.setitimer(timer, *rest)
        signal.signal(signal.SIGVTALRM, handler)


def _end(*_: object) -> None:
    raise _OverTimeError


@contextmanager
def _in_room(memory: int) -> Iterator[None]:
    """Let the process get so many bytes more of private memory, where it can be said.

    Not of addresses: libraries reserve much that they never use.
    """
    if sys.platform != "linux" or not memory:
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    most = _private() + memory
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def _private() -> int:
    """Return how many bytes of private memory this process has.

    https://man7.org/linux/man-pages/man5/proc_pid_statm.5.html
    """
    pages = int(Path("/proc/self/statm").read_bytes().split()[5])
    return pages * os.sysconf("SC_PAGE_SIZE")
