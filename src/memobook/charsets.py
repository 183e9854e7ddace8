"""Let Python prepare each set of characters for a regular expression once.

Nothing goes in or comes out: import this before libraries that compile many. pymdownx
names all punctuation of Unicode, or all that is not ASCII, up to twenty times in an
expression, and Python looks through every range of it each time: a quarter of what a
process that reads Markdown takes to start.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

__all__: list[str] = []


def _keeping(original: Callable[..., Any]) -> Callable[..., Any]:
    kept: dict[tuple[object, ...], Any] = {}

    def optimized(charset: list[Any], *how: object) -> Any:  # noqa: ANN401 (re's own)
        # What says how are functions and a table that are there as long as Python is.
        key = (tuple(charset), *map(id, how))
        if key not in kept:
            kept[key] = original(charset, *how)
        return kept[key]

    return optimized


_compiler: Any = importlib.import_module("re._compiler")
# Python's own, and private: where it is another one, nothing is spared.
if hasattr(_compiler, "_optimize_charset"):
    _compiler._optimize_charset = _keeping(_compiler._optimize_charset)
