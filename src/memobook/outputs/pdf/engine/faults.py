"""Tell a fault of the engine from one of memobook's own.

What goes in: a layout. What comes out: DiedError where the engine fails, as it does for
a font of a thousand million pixels. Our own faults stay as they are, and are found.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from memobook.bounds import ExceededError
from memobook.crew import DiedError
from memobook.diagnostics import MachineError

__all__ = ["engine_faults"]

_OURS = str(Path(__file__).parents[3])


@contextmanager
def engine_faults() -> Iterator[None]:
    """Raise DiedError for what is raised in the engine or in what it uses."""
    try:
        yield
    except (MachineError, ExceededError, MemoryError, RecursionError, OSError):
        raise
    except Exception as error:  # whatever an engine raises that has no word for it
        if _place(error.__traceback__).startswith(_OURS):
            raise
        message = f"the engine found no way out: {type(error).__name__}: {error}"
        raise DiedError(message) from error


def _place(trace: TracebackType | None) -> str:
    """Return the file in which an error was raised."""
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "" if trace is None else trace.tb_frame.f_code.co_filename
