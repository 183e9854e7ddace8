"""Give a build its processes, memory and room on the disk, and take them back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from memobook.store import Store
from memobook.workers import Workers, default_jobs
from memobook.workplace import rare_collections, room_told

__all__ = ["opened"]


@contextmanager
def opened(
    formats: tuple[str, ...], workers: Workers | None, store: Store
) -> Iterator[tuple[Workers, Workers]]:
    """Yield the processes that are given, or new ones, and the one beside them.

    A build that is broken off leaves nothing in the store that was being written.
    """
    try:
        with ExitStack() as stack:
            stack.enter_context(room_told())
            stack.enter_context(rare_collections())
            if workers is None:
                made = Workers(default_jobs(), "pdf" in formats)
                workers = stack.enter_context(made)
            yield workers, stack.enter_context(workers.aside())
    except Exception:
        raise
    except BaseException:
        # They were ended wherever they were; only when they are gone is it left.
        if workers is not None:
            workers.close()
        store.sweep()
        raise
