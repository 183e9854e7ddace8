"""Build many books at once, over one pool of workers.

What goes in: orders, each for one project. What comes out: an outcome for each, as they
are done; a book that fails stops no other.

Why most books are one task each: as long as there are as many books left as workers, a
worker that builds a whole book is never idle, no tree of a memo and no sheet is sent
from process to process, and whatever a build changes in its process (the collector's
thresholds, WeasyPrint's fonts) is nobody else's. The other way is a thread here for
each book in work, and only sections and memos in the pool. Measured with 12 copies of
the example on two cores, both take the same: 20.4 to 21.4 s of CPU as whole books, 20.3
to 20.7 s with threads, and neither leaves a core idle. But 0.37 s of a book's 1.7 s are
then spent here, where Python runs one thread at a time, so that more than four workers
would wait for this process; whole books have no such end.

The last books, fewer than the workers, are built in threads here by their sections,
through the same pool: else one large book would keep one worker busy and the others
idle.
"""

from __future__ import annotations

import gc
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    Future,
    ThreadPoolExecutor,
    wait,
)
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from typing import Any, Protocol, TypeVar

from memobook.bounds import ExceededError
from memobook.diagnostics import Diagnostic, MachineError, MemobookError
from memobook.fresh import Order
from memobook.report import BuildReport
from memobook.workers import Serial, Workers

T = TypeVar("T")
R = TypeVar("R")

__all__ = [
    "Here",
    "Outcome",
    "Place",
    "Told",
    "build_all",
    "build_whole",
    "built",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of an order."""

    order: Order
    report: BuildReport | None = None
    """None if the book was not made."""
    diagnostics: tuple[Diagnostic, ...] = ()
    lack: MachineError | None = None
    """What the machine lacks for it."""
    fault: BaseException | None = None
    """A mistake of memobook's own, which is to be raised when all others are done."""
    seconds: float = 0

    @property
    def exit_code(self) -> int:
        """As of the command line, without --strict."""
        return 4 if self.lack else 0 if self.report else 1


Told = Callable[[Order, str], None]
"""Is told that a book was begun, "", and which section of it was laid out last."""


class Place(Protocol):
    """Where books are built."""

    @property
    def jobs(self) -> int:
        """How many books are in work at once."""

    @property
    def ahead(self) -> int:
        """How many more may wait there, so that none waits for the way there."""

    def is_whole(self, order: Order, left: int) -> bool:
        """Tell whether a book is one task, if so many are left with it."""

    def begun(self, order: Order) -> Future[Any]:
        """Begin a whole book and return at once."""

    def done(self, made: Any) -> Outcome:  # noqa: ANN401 (each place has its own)
        """Take in what `begun` has made."""

    def by_sections(self, order: Order, told: Callable[[str], None]) -> Outcome:
        """Build a book, its sections in the pool; called in a thread for each."""

    def stop(self) -> None:
        """End all work at once."""


@dataclass(frozen=True, slots=True)
class Here:
    """The machine that memobook was started on, as a place."""

    workers: Workers
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def jobs(self) -> int:
        """One book a worker."""
        return max(self.workers.jobs, 1)

    @property
    def ahead(self) -> int:
        """None: the next one is there at once."""
        return 0

    def is_whole(self, order: Order, left: int) -> bool:
        """Tell whether there is a book for every worker."""
        return left >= self.jobs

    def begun(self, order: Order) -> Future[Any]:
        """Begin a whole book in a worker."""
        if next(self._numbers) % (_RENEWED * self.jobs) == 0:
            self.workers.renew()
        return self.workers.begun(build_whole, order)

    def done(self, made: Any) -> Outcome:  # noqa: ANN401 (each place has its own)
        """Return the outcome: its files are where they belong."""
        assert isinstance(made, Outcome)
        return made

    def by_sections(self, order: Order, told: Callable[[str], None]) -> Outcome:
        """Build a book in this process."""
        return built(order, self.workers, told)

    def stop(self) -> None:
        """End the workers."""
        self.workers.stop()


_RENEWED = 200
"""Books after which a worker makes room for a new one: each book leaves some 0.3 MB
behind in the C libraries, and nothing in Python."""


def build_all(
    orders: Iterable[Order], place: Place, told: Told = lambda *_: None
) -> Iterator[Outcome]:
    """Build books, the largest first; yield each outcome as soon as it is there."""
    ordered = sorted(orders, key=lambda order: order.weight, reverse=True)
    run = _Run(place, deque(ordered), told)
    with ThreadPoolExecutor(place.jobs) as run.threads:
        try:
            while run.waiting or run.flying:
                run.fill()
                yield from run.landed()
        except BaseException:
            # Ctrl-C, or nobody wants the rest: the threads must end before this does.
            place.stop()
            raise


@dataclass(slots=True)
class _Run:
    place: Place
    waiting: deque[Order]
    told: Told
    threads: ThreadPoolExecutor = field(init=False)
    flying: dict[Future[Any], Order] = field(default_factory=dict)
    whole: set[Future[Any]] = field(default_factory=set)
    lost: set[Order] = field(default_factory=set)
    """Books whose worker ended: by their sections it shows which one it was."""

    def fill(self) -> None:
        most = self.place.jobs + self.place.ahead
        while self.waiting and len(self.flying) < most:
            order = self.waiting[0]
            is_whole = self.place.is_whole(order, len(self.waiting))
            self.waiting.popleft()
            self.told(order, "")
            if is_whole and order not in self.lost:
                future = self.place.begun(order)
                self.whole.add(future)
            else:
                tell = partial(self.told, order)
                future = self.threads.submit(self.place.by_sections, order, tell)
            self.flying[future] = order

    def landed(self) -> Iterator[Outcome]:
        done, _ = wait(self.flying, return_when=FIRST_COMPLETED)
        for future in done:
            order = self.flying.pop(future)
            is_whole = future in self.whole
            self.whole.discard(future)
            fault = future.exception()
            if isinstance(fault, BrokenExecutor | ExceededError) and is_whole:
                self.lost.add(order)
                self.waiting.appendleft(order)
            elif isinstance(fault, MachineError):
                yield Outcome(order=order, lack=fault)
            elif fault is not None:
                yield Outcome(order=order, fault=fault)
            else:
                made = future.result()
                yield self.place.done(made) if is_whole else made


def build_whole(order: Order) -> Outcome:
    """Build a book in this process alone, as a worker does."""
    try:
        return built(order, _Frozen(), lambda _: None)
    finally:
        gc.unfreeze()
        gc.collect()
        gc.freeze()


class _Frozen(Serial):
    """Keeps the book out of the way of the collector, which runs after each layout.

    Else the trees of all memos would be walked once for each section.
    """

    __slots__ = ()

    def finished(
        self, work: Callable[[T], R], items: Iterable[T]
    ) -> Iterator[tuple[T, Future[R]]]:
        """Yield items as they are done."""
        gc.freeze()
        return super().finished(work, items)


def built(order: Order, workers: Workers, told: Callable[[str], None]) -> Outcome:
    """Build a book with the workers that do its sections; return what became of it."""
    # Not above: whether anything has changed is asked before an engine is loaded.
    from memobook import pipeline

    start = time.monotonic()
    report, lack = None, None
    diagnostics: tuple[Diagnostic, ...] = ()
    try:
        listener = pipeline.Listener(told)
        (report,) = pipeline.build_each(order, workers=workers, listener=listener)
        diagnostics = report.diagnostics
    except MemobookError as error:
        diagnostics = error.diagnostics
    except MachineError as error:
        lack = error
    return Outcome(
        order=order,
        report=report,
        diagnostics=diagnostics,
        lack=lack,
        seconds=time.monotonic() - start,
    )
