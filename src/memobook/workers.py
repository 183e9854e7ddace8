"""Do work in processes of their own, several at once.

What goes in: a function of a module and what it is to be applied to. What comes out:
futures, in the order in which they are done. What the work is, nobody knows here.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from typing import TypeVar

__all__ = ["Workers", "default_jobs", "get_ready"]

# Not fork: a worker must not inherit this process's threads and memory.
_METHOD = "forkserver" if sys.platform == "linux" else "spawn"

T = TypeVar("T")
R = TypeVar("R")


@dataclass(slots=True)
class Workers:
    """A pool of processes; it can serve one build after another."""

    jobs: int
    """How many there are at most."""
    lay_out: bool = True
    """Whether they are to lay out sections, and so load WeasyPrint at once."""
    _pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def finished(
        self, work: Callable[[T], R], items: Iterable[T]
    ) -> Iterator[tuple[T, Future[R]]]:
        """Yield items as they are done; the future raises if the work did."""
        futures = {self.begun(work, item): item for item in items}
        for future in as_completed(futures):
            yield futures[future], future

    def begun(self, work: Callable[[T], R], item: T) -> Future[R]:
        """Begin some work and return at once. `work` must be a module's function."""
        return self._started().submit(work, item)

    def aside(self) -> Workers:
        """Return a single process of the same kind, for what must not wait for these.

        It starts with its first work.
        """
        other = copy(self)
        other.jobs, other._pool = 1, None
        return other

    def get_ready(self) -> None:
        """Let the processes load what they need while this one does the same."""
        self._started()

    def close(self) -> None:
        """End the processes; the next work starts new ones."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None

    def _started(self) -> ProcessPoolExecutor:
        if self._pool is None:
            context = multiprocessing.get_context(_METHOD)
            get_ready(lay_out=self.lay_out)
            self._pool = ProcessPoolExecutor(
                max(self.jobs, 1), mp_context=context, initializer=_end_with_parent
            )
        return self._pool


def get_ready(*, lay_out: bool) -> None:
    """Let the process that workers are forked from load what they need.

    Does nothing if it does so already, or where there is none.
    """
    if _METHOD != "forkserver":
        return
    modules = ["memobook.collector", "memobook.worker"]
    more = ["memobook.outputs.pdf.worker"] if lay_out else []
    multiprocessing.set_forkserver_preload(modules + more)
    # Not above: Windows has no fork server.
    from multiprocessing import forkserver, resource_tracker

    # First, as its start lets Ctrl-C in again.
    resource_tracker.ensure_running()
    with _interrupts_waiting():
        forkserver.ensure_running()


@contextmanager
def _interrupts_waiting() -> Iterator[None]:
    """Let no Ctrl-C in: a process that is started now never hears of one.

    In a terminal it reaches all processes, and it is for their parent to say what
    becomes of them.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _end_with_parent() -> None:
    """Let this worker end when the process that started it does, however it ended.

    A worker waits for its next task on a pipe that its siblings hold open, too, so that
    it would wait for ever after a parent that was killed. The fork server does not end
    before its workers. Ctrl-C is their parent's affair, see above.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # where none could be kept waiting
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_follow, args=(parent,), daemon=True).start()


def _follow(parent: BaseProcess) -> None:
    parent.join()
    # Not sys.exit, which would end this thread alone.
    os._exit(1)


def default_jobs() -> int:
    """Return how many workers this machine can keep busy."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
