"""What a build works with, and who is told how it goes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from memobook.store import Store
from memobook.workers import Workers

if TYPE_CHECKING:
    from memobook.outputs.pdf.publish import Edition

__all__ = ["Listener", "Means"]


@dataclass(frozen=True, slots=True)
class Listener:
    """What is called while a build goes on; see pipeline.build."""

    progress: Callable[[str], None] = lambda _: None
    printed: Callable[[Edition], None] = lambda _: None


@dataclass(frozen=True, slots=True)
class Means:
    """What a build works with."""

    store: Store
    workers: Workers
    apart: Workers
    """A process of its own, for what must not wait for the workers."""
    listener: Listener
