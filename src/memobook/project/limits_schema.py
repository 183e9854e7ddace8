"""The limits of a build that book.toml may set: [limits].

The class is a table as those of schema.py; its docstrings are the descriptions in
`memobook schema`. An untrusted project may only lower them; see bounded.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from memobook.bounds import Bound
from memobook.project.trust import Trust

__all__ = ["MOST_MEGAPIXELS", "LimitsTable", "bounded"]

MOST_MEGAPIXELS = 178
"""Pillow opens no picture that has more."""

_Positive = Annotated[int, Field(ge=1)]


class LimitsTable(BaseModel):
    """How much a build may take; what exceeds it is an error that names the limit."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    file_mb: _Positive = 64
    """Megabytes (2^20 bytes) of one file: a text, picture, font, style or table."""
    total_mb: _Positive = 1024
    """Megabytes of all different files of the project that a build reads."""
    memo_seconds: _Positive = 60
    """Of the processor, to read a memo or to lay it out, and as many again for each
    100,000 characters of it."""
    memory_mb: _Positive = 2048
    """Megabytes of memory for the same, and as many again for each 1,000,000
    characters."""
    picture_megapixels: Annotated[int, Field(ge=1, le=MOST_MEGAPIXELS)] = 64
    """Millions of pixels of one picture."""

    def bound(self, size: int) -> Bound:
        """Return what the reading or the layout of so many characters may take."""
        return Bound(
            seconds=self.memo_seconds * (1 + size / _CHARACTERS_IN_TIME),
            memory=round(self.memory_mb * _MEGABYTE * (1 + size / _IN_MEMORY)),
            more_seconds=f"memo_seconds = {2 * self.memo_seconds}",
            more_memory=f"memory_mb = {2 * self.memory_mb}",
        )


# A page has some 3,000 characters and takes some 50 ms and 2 MB: bounds are far beyond.
_CHARACTERS_IN_TIME = 100_000
_IN_MEMORY = 1_000_000
_MEGABYTE = 1 << 20


def bounded(own: LimitsTable, trust: Trust) -> LimitsTable:
    """Return the limits that hold: an untrusted project may only lower them."""
    if trust.raises_limits:
        return own
    built_in = LimitsTable().model_dump()
    return LimitsTable(**{k: min(v, built_in[k]) for k, v in own.model_dump().items()})
