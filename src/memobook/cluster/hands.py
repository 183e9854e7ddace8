"""Let the workers of a cluster do what worker processes do: parse, and lay out.

What goes in: an executor, and the pieces of a book. What comes out: futures, as from
the pool of this machine. What the cluster loses is done here, so that it shows which
section ends its process.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future
from typing import Any, TypeVar

from memobook.cluster.kit import kit
from memobook.cluster.parcels import packed
from memobook.cluster.there import Luggage, work_with
from memobook.fresh import Order
from memobook.outputs.pdf.task import Task
from memobook.store import key_of
from memobook.workers import StoppedError, Workers

__all__ = ["Hands", "lost_as_broken"]

T = TypeVar("T")
R = TypeVar("R")


class Hands(Workers):
    """Workers elsewhere, for the sections of one book."""

    def __init__(
        self,
        executor: Executor,
        jobs: int,
        spare: Workers,
        order: Order,
        scatter: Callable[[Luggage], Any] | None,
    ) -> None:
        """Take an executor; `scatter` sends files there, or None if they are seen."""
        super().__init__(jobs)
        self.executor = executor
        self.spare = spare
        self.order = order
        self.scatter = scatter
        self.sent: dict[tuple[str, ...], Any] = {}

    def begun(self, work: Callable[[T], R], item: T) -> Future[R]:
        """Begin some work on a worker; what is lost there is begun here."""
        return or_else(self._there(work, item), lambda: self.spare.begun(work, item))

    begun_later = begun

    def _there(self, work: Callable[[T], R], item: T) -> Future[R]:
        if self.scatter is None or not isinstance(item, Task):
            return lost_as_broken(self.executor.submit(work, item))
        luggage = self._luggage(item, self.scatter)
        submit: Any = self.executor.submit  # a layout is work on a task
        return lost_as_broken(submit(work_with, luggage, kit(), work, item))

    def aside(self) -> Workers:
        """Return a process here: it sees the cache, and its death harms nothing."""
        return self.spare.aside()

    def get_ready(self) -> None:
        """Do nothing: they are."""

    def close(self) -> None:
        """Do nothing: others need them."""

    def _luggage(self, task: Task, scatter: Callable[[Luggage], Any]) -> Any:  # noqa: ANN401 (a future of Dask)
        paths = tuple(sorted({str(face.path) for face in task.faces}))
        if paths not in self.sent:
            fonts = {str(f.path): f.path.read_bytes() for f in task.faces}
            files = packed(self.order).files
            content = {**files, **fonts}
            parts = (part for name in sorted(content) for part in (name, content[name]))
            self.sent[paths] = scatter(Luggage(key_of(*parts), files, fonts))
        return self.sent[paths]


def lost_as_broken(future: Future[R]) -> Future[R]:
    """Return a future that raises BrokenExecutor where a cluster loses the work."""
    told: Future[R] = Future()

    def tell(done: Future[R]) -> None:
        if done.cancelled():
            told.set_exception(BrokenExecutor("the cluster let it go"))
            return
        error = done.exception()
        if error is None:
            told.set_result(done.result())
        elif type(error).__name__ in _LOST:
            told.set_exception(BrokenExecutor(str(error)))
        else:
            told.set_exception(error)

    future.add_done_callback(tell)
    return told


def or_else(future: Future[R], instead: Callable[[], Future[R]]) -> Future[R]:
    """Return a future of the same work; of another one if the first is broken."""
    told: Future[R] = Future()

    def tell(done: Future[R]) -> None:
        error = done.exception()
        if error is None:
            told.set_result(done.result())
        else:
            told.set_exception(error)

    def look(done: Future[R]) -> None:
        if not isinstance(done.exception(), BrokenExecutor):
            tell(done)
            return
        try:
            instead().add_done_callback(tell)
        except StoppedError as error:
            told.set_exception(error)

    future.add_done_callback(look)
    return told


# How does Dask say that a worker, or the scheduler, is gone? By name, as the door to
# Dask is elsewhere.
_LOST = frozenset(
    ["CancelledError", "CommClosedError", "FutureCancelledError", "KilledWorker"]
)
