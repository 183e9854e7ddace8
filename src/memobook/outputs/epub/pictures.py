"""Make an EPUB's pictures fit, and each only once: scaling a photograph takes a while.

What goes in: a picture's bytes and what an EPUB's pictures may be. What comes out: the
bytes that are packed, from the store where the same picture was made to fit before.
"""

from __future__ import annotations

from concurrent.futures import BrokenExecutor
from dataclasses import dataclass, field

from memobook.book.rasters import SCREEN, Limits, fitted
from memobook.bounds import Bound, ExceededError, bounded
from memobook.checks.pictures import MEGAPIXEL, pixels_of
from memobook.fresh import versions_of
from memobook.project.limits_schema import LimitsTable
from memobook.store import Store, key_of
from memobook.workers import Workers

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
    allowed: LimitsTable = field(default_factory=LimitsTable)
    """What making one may take."""
    workers: Workers | None = None
    """Who makes the large ones, which need much memory."""

    def fit(self, data: bytes) -> bytes:
        """Return a picture as an EPUB can have it.

        Raises ValueError if it has more pixels than it may have.
        """
        if self.store is None:
            return self._made(data)
        size = f"{self.limits.width} {self.limits.height}"
        key = key_of(_FORMAT, *versions_of(("memobook", "pillow")), size, data)
        found = self.store.load(_KIND, key, _SUFFIX)
        if found is not None:
            return found
        made = self._made(data)
        if made != data:
            self.store.keep(_KIND, key, _SUFFIX, made)
        return made

    def _made(self, data: bytes) -> bytes:
        pixels = pixels_of(data)
        if pixels > self.allowed.picture_megapixels * MEGAPIXEL:
            message = "a picture is larger than it may be"
            raise ValueError(message)  # it was reported, see checks/pictures.py
        if self.workers is None or pixels < _LARGE:
            return fitted(data, self.limits)
        bound = self.allowed.bound(0)
        try:
            return self.workers.begun(_fitted, (data, self.limits, bound)).result()
        except (ExceededError, BrokenExecutor):
            return data


_LARGE = 8 * MEGAPIXEL


def _fitted(job: tuple[bytes, Limits, Bound]) -> bytes:
    data, limits, bound = job
    with bounded(bound):
        return fitted(data, limits)
