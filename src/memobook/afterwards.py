"""Put off what nobody need wait for: a worker does it when its answer is on its way.

What goes in: something to be done. Where no worker serves it is done at once.
"""

from __future__ import annotations

from collections.abc import Callable

__all__ = ["catch_up", "put_off", "serving"]

_owed: list[Callable[[], None]] = []
_serves: list[bool] = []


def serving() -> None:
    """Tell that this process catches up after each answer."""
    _serves[:] = [True]


def put_off(work: Callable[[], None]) -> None:
    """Do something later, if this process serves others, else now."""
    _owed.append(work)
    if not _serves:
        catch_up()


def catch_up() -> None:
    """Do what was put off."""
    while _owed:
        _owed.pop()()
