"""Load WeasyPrint's libraries by their names, without asking a compiler for them.

What goes in: nothing. What comes out: an imported WeasyPrint. It tries the names that a
library has on each system, and for one that has no dot cffi asks `ctypes.util`, which
runs ldconfig, gcc and ld: fifty processes, a fifth of a second, before the right one's
turn. https://docs.python.org/3/library/ctypes.html#finding-shared-libraries
"""

from __future__ import annotations

import contextlib
import ctypes.util
import sys
from collections.abc import Iterator

__all__ = ["import_engine"]


def import_engine() -> None:
    """Import WeasyPrint. Raises OSError where a library is missing."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError), _without_search():
            import weasyprint

            return
    import weasyprint  # noqa: F401 (what only a compiler finds)


@contextlib.contextmanager
def _without_search() -> Iterator[None]:
    before = ctypes.util.find_library
    ctypes.util.find_library = _found_nowhere
    try:
        yield
    finally:
        ctypes.util.find_library = before


def _found_nowhere(name: str) -> str | None:
    return None
