"""Processes that take their work from one line, each with a thread here that hands it.

What goes in: a module's function and what it is to be applied to. What comes out: a
future. Why not the standard library's pool: there a process that dies takes the work of
all others with it, and nobody knows which work ended it. Here a death costs the work
that the process was at, and a new process takes its place.
"""

from __future__ import annotations

import contextlib
import pickle
import shutil
import signal
import tempfile
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Future
from dataclasses import dataclass, field
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from multiprocessing.reduction import ForkingPickler
from typing import Any

from memobook.bounds import ExceededError, Limit, overstepped
from memobook.serving import serve

__all__ = ["Crew", "DiedError"]


class DiedError(BrokenExecutor):
    """A process, or the engine in it, ended in the midst of a work."""

    def __init__(self, how: str) -> None:
        """Take how it ended, as a sentence."""
        super().__init__(how)
        self.how = how


@dataclass(slots=True, eq=False)
class _Job:
    work: Callable[[Any], Any]
    item: Any
    future: Future[Any] = field(default_factory=Future)
    is_begun: bool = False
    deaths: int = 0
    """How many processes ended in it."""

    def begin(self) -> bool:
        """Tell whether it is to be done; it cannot be taken back any more."""
        self.is_begun = self.is_begun or self.future.set_running_or_notify_cancel()
        return self.is_begun


_AHEAD = 2
"""Jobs that a process has at once, so that it need not wait for the next one."""


class Crew:
    """Up to so many processes, which start when there is work for them."""

    def __init__(self, jobs: int, context: BaseContext) -> None:
        self._jobs = jobs
        self._context = context
        self._changed = threading.Condition()
        self._waiting: deque[_Job] = deque()
        self._patient: deque[_Job] = deque()
        """What waits until no other job does."""
        self._idle = 0
        self._closing = self._stopped = False
        self._threads: list[threading.Thread] = []
        self._processes: set[BaseProcess] = set()

    def begun(
        self,
        work: Callable[[Any], Any],
        item: Any,  # noqa: ANN401 (what the work is applied to)
        *,
        can_wait: bool = False,
    ) -> Future[Any]:
        """Put work at the end of the line, and return at once.

        What can wait is done when no other work is there.
        """
        job = _Job(work, item)
        with self._changed:
            (self._patient if can_wait else self._waiting).append(job)
            if self._count() > self._idle and len(self._threads) < self._jobs:
                name = f"worker {len(self._threads)}"
                thread = threading.Thread(target=self._hand, name=name, daemon=True)
                self._threads.append(thread)
                thread.start()
            self._changed.notify()
        return job.future

    def close(self) -> None:
        """Let the processes end when all is done that was begun; return at once."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()

    def cancel(self) -> None:
        """Take back what no process is at, and wait until the others have ended."""
        for job in self._taken_back():
            job.future.cancel()
        self.close()
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join()

    def stop(self) -> None:
        """End all processes at once; what they are at is lost."""
        with self._changed:
            self._stopped = self._closing = True
            running = tuple(self._processes)
            self._changed.notify_all()
        for job in self._taken_back():
            if job.begin():
                job.future.set_exception(DiedError("its process was stopped"))
        for process in running:
            with contextlib.suppress(ValueError):  # it has ended, and is closed by now
                process.terminate()

    def _count(self) -> int:
        return len(self._waiting) + len(self._patient)

    def _taken_back(self) -> list[_Job]:
        with self._changed:
            waiting = [*self._waiting, *self._patient]
            self._waiting.clear()
            self._patient.clear()
        return waiting

    # In a thread of its own for each process

    def _hand(self) -> None:
        process: _Process | None = None
        while True:
            while job := self._taken(len(process.jobs) if process else 0):
                try:
                    process = process or self._started()
                except OSError as error:  # no process, no descriptor left
                    job.future.set_exception(error)
                    continue
                process.send(job)
            if process is None or not process.jobs:
                break
            if not process.land():
                self._buried(process)
                process = None
        if process is not None:
            process.end()
            self._processes.discard(process.process)

    def _taken(self, busy: int) -> _Job | None:
        """Return the next job, or None if there is none for now, or none any more.

        A process that is at one already gets a second one only while there are enough
        for all; one that is at none waits.
        """
        with self._changed:
            while not (busy or self._count() or self._closing):
                self._idle += 1
                self._changed.wait()
                self._idle -= 1
            has_plenty = busy < _AHEAD and self._count() > self._jobs
            while self._count() and not self._stopped and (not busy or has_plenty):
                job = (self._waiting or self._patient).popleft()
                if job.begin():
                    return job
            return None

    def _started(self) -> _Process:
        started = _Process(self._context)
        with self._changed:
            self._processes.add(started.process)
            if self._stopped:
                started.process.terminate()
        return started

    def _buried(self, dead: _Process) -> None:
        """See to the jobs of a process that ended in the first of them."""
        code = dead.end()
        first, *others = dead.jobs
        first.deaths += 1
        is_lost = self._stopped or first.deaths > 1 or _is_own(code)
        with self._changed:
            self._processes.discard(dead.process)
            self._waiting.extendleft(reversed(others if is_lost else dead.jobs))
        if is_lost:
            first.future.set_exception(_fault(code))


class _Process:
    """A process, and what it was given to do."""

    def __init__(self, context: BaseContext) -> None:
        self.jobs: deque[_Job] = deque()
        # Its own, so that nothing is left of it however it ends.
        self._folder = tempfile.mkdtemp(prefix="memobook-")
        theirs, self._to = context.Pipe(duplex=False)
        self._from, back = context.Pipe(duplex=False)
        arguments = (theirs, back, self._folder)
        # Not a context's own class, which has no common type.
        self.process: BaseProcess = context.Process(  # type: ignore[attr-defined]
            target=serve, args=arguments, daemon=True
        )
        self.process.start()
        theirs.close()
        back.close()

    def send(self, job: _Job) -> None:
        """Give it a job."""
        try:
            data = ForkingPickler.dumps((job.work, job.item))
        except Exception as error:  # whatever its parts say of being sent
            job.future.set_exception(error)
            return
        self.jobs.append(job)
        with contextlib.suppress(OSError):  # a dead one is found when it is to answer
            self._to.send_bytes(data)

    def land(self) -> bool:
        """Wait until its first job is done; return False if it ended instead."""
        try:
            data = self._from.recv_bytes()
        except (EOFError, OSError):
            return False
        job = self.jobs.popleft()
        try:
            is_good, made = pickle.loads(data)  # noqa: S301 (of our own process)
        except Exception as error:  # an error that cannot be read back
            is_good, made = False, error
        if is_good:
            job.future.set_result(made)
        else:
            job.future.set_exception(made)
        return True

    def end(self) -> int | None:
        """Let it end, if it has not; return its exit code."""
        self._to.close()
        self.process.join()
        self._from.close()
        shutil.rmtree(self._folder, ignore_errors=True)
        code = self.process.exitcode
        self.process.close()
        return code


# What ends a process only by what it did itself?
_OWN = ("SIGABRT", "SIGBUS", "SIGFPE", "SIGILL", "SIGSEGV", "SIGTRAP")


def _is_own(code: int | None) -> bool:
    return overstepped(code) or _named(code) in _OWN


def _fault(code: int | None) -> Exception:
    return (
        ExceededError(Limit.TIME)
        if overstepped(code)
        else DiedError(f"its process ended with {_named(code)}")
    )


def _named(code: int | None) -> str:
    """Return how a process ended, in words for its exit code."""
    if code is not None and code < 0:
        with contextlib.suppress(ValueError):
            return signal.Signals(-code).name
    return f"exit code {code}"
