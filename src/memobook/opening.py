"""Give a build its processes, memory and room on the disk, and take them back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from memobook.workers import Workers, default_jobs
from memobook.workplace import rare_collections, room_told

__all__ = ["opened"]


@contextmanager
def opened(
    formats: tuple[str, ...], workers: Workers | None
) -> Iterator[tuple[Workers, Workers]]:
    """Yield the processes that are given, or new ones, and the one beside them."""
    with ExitStack() as stack:
        stack.enter_context(room_told())
        stack.enter_context(rare_collections())
        if workers is None:
            made = Workers(default_jobs(), "pdf" in formats)
            workers = stack.enter_context(made)
        yield workers, stack.enter_context(workers.aside())
