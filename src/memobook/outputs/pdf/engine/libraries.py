"""Load WeasyPrint without what costs more than it is worth.

What goes in: nothing. What comes out: an imported WeasyPrint.

- It tries the names that a library has on each system, and for one that has no dot cffi
  asks `ctypes.util`, which runs ldconfig, gcc and ld: fifty processes, a fifth of a
  second, before the right one's turn.
  https://docs.python.org/3/library/ctypes.html#finding-shared-libraries
- A third of its import are parts of fontTools that only a variable font needs, or a
  HarfBuzz that cannot cut fonts. They are loaded by their first call.
"""

from __future__ import annotations

import contextlib
import ctypes.util
import importlib
import sys
from collections.abc import Callable, Iterator, MutableSequence
from types import ModuleType
from typing import Any

__all__ = ["import_engine"]

_RARE = ("fontTools.subset", "fontTools.varLib", "fontTools.varLib.instancer")


def import_engine() -> None:
    """Import WeasyPrint. Raises OSError where a library is missing."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError), _without_search(), _without_rare():
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


@contextlib.contextmanager
def _without_rare() -> Iterator[None]:
    rare = [name for name in _RARE if name not in sys.modules]
    sys.modules |= {name: _Rare(name) for name in rare}
    try:
        yield
    finally:
        for name in rare:
            del sys.modules[name]


class _Rare(ModuleType):
    """A module whose functions and classes are loaded when they are called."""

    __path__: MutableSequence[str] = []  # noqa: RUF012 (as a package has it)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("__"):
            raise AttributeError(name)

        def loaded(*arguments: object, **options: object) -> object:
            module = importlib.import_module(self.__name__)
            return getattr(module, name)(*arguments, **options)

        return loaded
