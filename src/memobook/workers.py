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
from concurrent.futures import Future, as_completed
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field
from types import FrameType
from typing import TypeVar

from memobook.crew import Crew

__all__ = [
    "Serial",
    "StoppedError",
    "Workers",
    "default_jobs",
    "get_ready",
    "postponed",
]

# Not fork: a worker must not inherit this process's threads and memory.
_METHOD = "forkserver" if sys.platform == "linux" else "spawn"

# Before all else, as libraries may start threads. The benchmark measures without it.
_BOX = ("memobook.boxed",)

# What a build loads at once, and what it loads while its texts are read.
_ALL = ("memobook.pipeline", "memobook.composing", "memobook.making")

T = TypeVar("T")
R = TypeVar("R")


class StoppedError(Exception):
    """The workers were stopped, and do nothing more."""


@dataclass(slots=True)
class Workers:
    """A pool of processes; it can serve builds one after the other, or at once."""

    jobs: int
    """How many there are at most."""
    lay_out: bool = True
    """Whether they are to lay out sections, and so load WeasyPrint at once."""
    whole_books: bool = False
    """Whether they are to build whole books, too, and so load all of memobook."""
    _crew: Crew | None = None
    _crews: list[Crew] = field(default_factory=list)
    """All that there are, also those aside."""
    _stopped: threading.Event = field(default_factory=threading.Event)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        # Who types Ctrl-C does not want to wait for what is being laid out.
        if kind is not None and not issubclass(kind, Exception):
            self.stop()
        self.close()

    def finished(
        self, work: Callable[[T], R], items: Iterable[T]
    ) -> Iterator[tuple[T, Future[R]]]:
        """Yield items as they are done; the future raises if the work did.

        Who asks for no more takes back what no process has begun.
        """
        futures = {self.begun(work, item): item for item in items}
        try:
            for future in as_completed(futures):
                yield futures[future], future
        finally:
            for future in futures:
                future.cancel()

    def begun(self, work: Callable[[T], R], item: T) -> Future[R]:
        """Begin some work and return at once. `work` must be a module's function.

        Raises StoppedError if the workers were stopped.
        """
        with self._lock, postponed():
            return self._started().begun(work, item)

    def begun_later(self, work: Callable[[T], R], item: T) -> Future[R]:
        """Begin some work when there is no other; return at once, as `begun` does."""
        with self._lock, postponed():
            return self._started().begun(work, item, can_wait=True)

    def aside(self) -> Workers:
        """Return a single process of the same kind, for what must not wait for these.

        It starts with its first work.
        """
        other = copy(self)
        other.jobs, other._crew = 1, None
        return other

    def get_ready(self) -> None:
        """Let the processes load what they need while this one does the same."""
        self._started()
        get_ready(lay_out=self.lay_out, whole_books=self.whole_books)

    def close(self) -> None:
        """End the processes; the next work starts new ones."""
        if crew := self._taken():
            crew.cancel()

    def renew(self) -> None:
        """Let new processes do what is begun from now on; the old ones end in time."""
        if crew := self._taken():
            crew.close()

    def stop(self) -> None:
        """End the processes at once, and start no new ones; what they do is lost."""
        with self._lock:
            self._stopped.set()
            running = tuple(self._crews)
        for crew in running:
            crew.stop()

    def _taken(self) -> Crew | None:
        with self._lock:
            crew, self._crew = self._crew, None
            if crew is not None:
                self._crews.remove(crew)
            return crew

    def _started(self) -> Crew:
        with self._lock:
            if self._stopped.is_set():
                raise StoppedError
            if self._crew is None:
                get_ready(lay_out=self.lay_out, whole_books=self.whole_books)
                context = multiprocessing.get_context(_METHOD)
                self._crew = Crew(max(self.jobs, 1), context)
                self._crews.append(self._crew)
            return self._crew


class Serial(Workers):
    """Does all work at once, in this process: the one that it is in works for others.

    Building a whole book so costs nothing beside the work: no tree of a memo and no
    sheet goes from process to process.
    """

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(1)

    def finished(
        self, work: Callable[[T], R], items: Iterable[T]
    ) -> Iterator[tuple[T, Future[R]]]:
        """Yield items as they are done, and do none before it is asked for."""
        for item in items:
            yield item, self.begun(work, item)

    def begun(self, work: Callable[[T], R], item: T) -> Future[R]:
        """Do some work; return a future that is done."""
        future: Future[R] = Future()
        try:
            future.set_result(work(item))
        except Exception as error:  # whatever it is: the future is to raise it
            future.set_exception(error)
        return future

    begun_later = begun

    def aside(self) -> Workers:
        """Return this one: there is no other process."""
        return self

    def get_ready(self) -> None:
        """Do nothing: this process is as ready as it can be."""


def get_ready(*, lay_out: bool, whole_books: bool = False) -> None:
    """Let the process that workers are forked from load what they need.

    Does nothing if it does so already, or where there is none.
    """
    _preload(lay_out=lay_out, whole_books=whole_books)
    if _METHOD == "forkserver":
        # Not above: Windows has no fork server.
        from multiprocessing.forkserver import ensure_running

        with _uninterrupted():
            ensure_running()


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Let a process that starts now ignore Ctrl-C, which is its parent's to answer.

    What a terminal interrupts is all processes at once, and each would print where.
    """
    with _answering(signal.SIG_IGN):
        yield


@contextmanager
def postponed() -> Iterator[None]:
    """Answer Ctrl-C when something is done that must not be broken off.

    No one can end a worker that has not started, and a library in C that is broken off
    while it is loaded aborts the process.
    """
    came: list[int] = []
    with _answering(lambda number, _: came.append(number)):
        yield
    if came:
        raise KeyboardInterrupt


@contextmanager
def _answering(
    handler: Callable[[int, FrameType | None], object] | int,
) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _preload(*, lay_out: bool, whole_books: bool) -> None:
    if _METHOD == "forkserver":
        modules = [*_BOX, "memobook.collector", "memobook.worker"]
        # All of memobook first: what is frozen with WeasyPrint stays out of the way of
        # the collector of garbage.
        modules += _ALL if whole_books else []
        modules += ["memobook.outputs.pdf.worker"] if lay_out else []
        multiprocessing.set_forkserver_preload(modules)


def default_jobs() -> int:
    """Return how many workers this machine can keep busy."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
