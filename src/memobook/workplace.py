"""What a build needs of the machine around it: room on its disk, and few collections.

What goes in: nothing. What comes out: contexts in which a build runs.
"""

from __future__ import annotations

import errno
import gc
from collections.abc import Iterator
from contextlib import contextmanager

from memobook.diagnostics import MachineError

__all__ = ["rare_collections", "room_told"]

# Of objects that may be garbage: some 100 memos have as many.
_COLLECTED = 300_000


@contextmanager
def rare_collections() -> Iterator[None]:
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
def room_told() -> Iterator[None]:
    """Tell of a full disk what to do about it."""
    try:
        yield
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EDQUOT, errno.EROFS}:
            raise
        message = f"a file of a build cannot be written: {error}"
        hint = "make room, or name another folder for such files: TMPDIR=/path"
        raise MachineError(message, hint) from None
