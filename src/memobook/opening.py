"""Give a build its processes, memory and room on the disk, and take them back."""

from __future__ import annotations

import errno
import gc
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from memobook.diagnostics import MachineError
from memobook.workers import Workers, default_jobs

__all__ = ["opened"]


@contextmanager
def opened(
    formats: tuple[str, ...], workers: Workers | None
) -> Iterator[tuple[Workers, Workers]]:
    """Yield processes, and the one beside them."""
    with ExitStack() as stack:
        stack.enter_context(_room())
        stack.enter_context(_rare_collections())
        if workers is None:
            made = Workers(default_jobs(), "pdf" in formats)
            workers = stack.enter_context(made)
        yield workers, stack.enter_context(workers.aside())


# Of objects that may be garbage: some 100 memos have as many.
_COLLECTED = 300_000


@contextmanager
def _rare_collections() -> Iterator[None]:
    """Look for garbage rarely: a book's trees are many objects, and they stay.

    To walk them all again and again took an eighth of the time.
    """
    before = gc.get_threshold()
    gc.set_threshold(_COLLECTED, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


@contextmanager
def _room() -> Iterator[None]:
    """Tell of a full disk what to do about it."""
    try:
        yield
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EDQUOT, errno.EROFS}:
            raise
        message = f"a file of a build cannot be written: {error}"
        hint = "make room, or name another folder for such files: TMPDIR=/path"
        raise MachineError(message, hint) from None
