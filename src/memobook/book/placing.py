"""Give a value another place: text that comes from several files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import TypeVar, cast

from memobook.diagnostics import Span

__all__ = ["placed"]

_Placed = TypeVar("_Placed")


def placed(value: _Placed, place: Callable[[Span], Span]) -> _Placed:
    """Return a memo, or any part of one, with another place for each of its own.

    Text that comes from several files gets its places back so.
    """
    if isinstance(value, Span):
        return cast("_Placed", place(value))
    if isinstance(value, tuple):
        return cast("_Placed", tuple(placed(each, place) for each in value))
    if is_dataclass(value) and not isinstance(value, type):
        old = {f.name: getattr(value, f.name) for f in fields(value)}
        new = {name: placed(each, place) for name, each in old.items()}
        changed = {name: each for name, each in new.items() if each != old[name]}
        return replace(value, **changed) if changed else value
    return value
