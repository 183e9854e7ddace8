"""The book that a memo alone was taken out of, as far as the memo speaks of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["Host"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """A book, seen from one of its memos."""

    title: str
    identifier: str
    """As Book.identifier."""
    position: int | None = None
    """The memo's number in it; None for what has none, as a foreword."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """Memo id -> how a reader is sent to it: Memo 4 of Orbits."""
