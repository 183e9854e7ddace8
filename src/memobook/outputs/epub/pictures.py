"""Make an EPUB's pictures fit, and each only once: scaling a photograph takes a while.

What goes in: a picture's bytes and what an EPUB's pictures may be. What comes out: the
bytes that are packed, from the store where the same picture was made to fit before.
"""

from __future__ import annotations

from dataclasses import dataclass

from memobook.book.rasters import SCREEN, Limits, fitted
from memobook.fresh import versions_of
from memobook.store import Store, key_of

__all__ = ["Fitting"]

_KIND, _SUFFIX = "pictures", ".picture"
_FORMAT = "2"
"""Of a picture's making: raise it when the same one is made otherwise."""


@dataclass(frozen=True, slots=True)
class Fitting:
    """How pictures are made to fit."""

    limits: Limits = SCREEN
    store: Store | None = None
    """Where pictures are kept; None if they are not."""

    def fit(self, data: bytes) -> bytes:
        """Return a picture as an EPUB can have it."""
        if self.store is None:
            return fitted(data, self.limits)
        size = f"{self.limits.width} {self.limits.height}"
        key = key_of(_FORMAT, *versions_of(("memobook", "pillow")), size, data)
        found = self.store.load(_KIND, key, _SUFFIX)
        if found is not None:
            return found
        made = fitted(data, self.limits)
        if made is not data:
            self.store.keep(_KIND, key, _SUFFIX, made)
        return made
