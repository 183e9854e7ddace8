"""The pipeline in a loop: build, wait for a save, build again.

What goes in: a project folder. What comes out: events, in the order in which they
happen. The workers and the cache stay from one build to the next, so that only what
changed is laid out.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial

from memobook import pipeline
from memobook.diagnostics import Diagnostic, MachineError, MemobookError
from memobook.fresh import Order
from memobook.report import BuildReport
from memobook.workers import Workers

__all__ = [
    "Began",
    "Building",
    "Event",
    "Failed",
    "Finished",
    "Printed",
    "Working",
    "keep_building",
]


@dataclass(frozen=True, slots=True)
class Began:
    """A build begins."""

    paths: tuple[str, ...]
    """What was saved, relative to the project; empty for the first build."""


@dataclass(frozen=True, slots=True)
class Working:
    """A piece of the book was laid out."""

    title: str


@dataclass(frozen=True, slots=True)
class Printed:
    """The PDF is made; the EPUB follows."""

    pdf: bytes
    folios: Mapping[str, str]
    """Anchor -> folio of its page."""
    seconds: float
    """Since the build began."""


@dataclass(frozen=True, slots=True)
class Finished:
    """Both outputs are in build/."""

    report: BuildReport
    seconds: float


@dataclass(frozen=True, slots=True)
class Failed:
    """The outputs are those of an earlier build."""

    diagnostics: tuple[Diagnostic, ...]
    """What is wrong with the book; empty if it is the machine."""
    seconds: float
    message: str = ""
    """What is wrong with the machine."""
    hint: str = ""


Event = Began | Working | Printed | Finished | Failed


class _Stopped(Exception):  # noqa: N818 (it is no error)
    """Nobody waits for this build any more."""


@dataclass(slots=True)
class Building:
    """What all builds of a loop share."""

    order: Order
    workers: Workers
    stopped: bool = field(default=False, init=False)
    """Whether a build that is under way is to end at its next section."""
    _built: int = field(default=0, init=False)

    def build(self, paths: tuple[str, ...], tell: Callable[[Event], None]) -> None:
        """Build once, after a save of `paths`.

        Whatever happens is told, and nothing is raised.
        """
        tell(Began(paths))
        start = time.perf_counter()

        def passed() -> float:
            return time.perf_counter() - start

        try:
            listener = pipeline.Listener(
                progress=lambda title: self._progress(title, tell),
                printed=lambda made: tell(Printed(made.pdf, made.folios, passed())),
            )
            (report,) = pipeline.build_each(
                self.order, workers=self.workers, listener=listener
            )
        except _Stopped:
            return
        except MemobookError as error:
            tell(Failed(error.diagnostics, passed()))
        except MachineError as error:
            tell(Failed((), passed(), error.message, error.hint))
        except Exception as error:
            hint = "save again; if it stays, please report it with the memo"
            message = f"memobook failed: {type(error).__name__}: {error}"
            tell(Failed((), passed(), message, hint))
        else:
            tell(Finished(report, passed()))
        self._built += 1
        if self._built % _RENEWED == 0:
            self.workers.renew()

    def _progress(self, title: str, tell: Callable[[Event], None]) -> None:
        if self.stopped:
            raise _Stopped
        tell(Working(title))


_RENEWED = 100
"""Builds after which new processes take over: each leaves some 0.05 MB behind in the C
libraries, and nothing in Python."""


async def keep_building(
    building: Building,
    saves: AsyncIterator[tuple[str, ...]],
    tell: Callable[[Event], None],
) -> None:
    """Build now, and again after each of `saves`, until there are no more.

    `tell` is called in the thread that builds, one event at a time. What is
    saved during a build, also during the first one, is built after it.
    """
    paths: tuple[str, ...] | None = ()
    # Always the same: C's memory of each thread would grow to that of a whole build.
    thread = ThreadPoolExecutor(1)
    loop = asyncio.get_running_loop()
    try:
        while paths is not None:
            # Before the build: what is saved meanwhile must not be missed.
            coming = asyncio.create_task(_next(saves))
            try:
                work = partial(building.build, paths, tell)
                await loop.run_in_executor(thread, work)
                paths = await coming
            except asyncio.CancelledError:
                building.stopped = True
                coming.cancel()
                raise
    finally:
        await asyncio.to_thread(thread.shutdown)


async def _next(saves: AsyncIterator[tuple[str, ...]]) -> tuple[str, ...] | None:
    return await anext(saves, None)
