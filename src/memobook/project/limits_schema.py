"""The limits of a build that book.toml may set: [limits].

The class is a table as those of schema.py; its docstrings are the descriptions in
`memobook schema`. An untrusted project may only lower them; see bounded.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from memobook.project.trust import Trust

__all__ = ["LimitsTable", "bounded"]

_Positive = Annotated[int, Field(ge=1)]


class LimitsTable(BaseModel):
    """How much a build may take; what exceeds it is an error that names the limit."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    file_mb: _Positive = 64
    """Megabytes (2^20 bytes) of one file: a text, picture, font, style or table."""
    total_mb: _Positive = 1024
    """Megabytes of all different files of the project that a build reads."""


def bounded(own: LimitsTable, trust: Trust) -> LimitsTable:
    """Return the limits that hold: an untrusted project may only lower them."""
    if trust.raises_limits:
        return own
    built_in = LimitsTable().model_dump()
    return LimitsTable(**{k: min(v, built_in[k]) for k, v in own.model_dump().items()})
