"""Bound what a template may use up: rounds, calls, and the texts that it makes.

What goes in: every step and every value. What comes out: nothing, or an error that says
what to look for. Counting is fair: what ends on one machine ends on all of them.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["BOUNDS", "Budget", "TooMuchError"]

_MOST_BITS = 4_096
_MOST_PARTS = 100_000
"""What Jinja's sandbox allows of range, for what does not know its own length."""
_WIDE = re.compile(r"%[^%a-zA-Z]*(\*|\d{4})")


class TooMuchError(ValueError):
    """A template uses up more than any page needs."""


@dataclass(slots=True)
class Budget:
    """What one template may use up."""

    steps: int = 500_000
    """Rounds of loops, calls, and values that are looked through."""
    characters: int = 50_000_000
    """Of all texts that are made or written."""
    largest: int = 5_000_000
    """Characters of one text, or of all that one list holds."""
    widest: int = 1_000
    """The largest number that says how wide something is."""
    seconds: float = 60
    """For what counting does not see, such as to compare two long texts."""
    clock: Callable[[], float] = time.monotonic
    _end: float = field(init=False)

    def __post_init__(self) -> None:
        self._end = self.clock() + self.seconds

    def spend(self, steps: int, characters: int = 0) -> None:
        """Count what is done. Raises TooMuchError when the budget is used up."""
        self.steps -= steps
        self.characters -= characters
        if self.steps < 0 or self.clock() > self._end:
            message = "the template comes to no end. Look for a loop in a loop"
            raise TooMuchError(message)
        if self.characters < 0:
            self.allow(self.largest + 1)

    def allow(self, length: int) -> None:
        """Raise TooMuchError if a text of this length must not be made."""
        if length > self.largest:
            message = "the template makes too long a text. Look for what it repeats"
            raise TooMuchError(message)

    def allow_number(self, bits: int) -> None:
        """Raise TooMuchError for a number that no page has room for."""
        if bits > _MOST_BITS:
            message = "the template makes too large a number"
            raise TooMuchError(message)

    def look(self, value: Any) -> int:  # noqa: ANN401 (a template's)
        """Return how many characters a value holds, if it is not too large."""
        waiting, weight = [value], 0
        while waiting:
            one = waiting.pop()
            if isinstance(one, str):
                weight += len(one)
            elif isinstance(one, int):
                self.allow_number(one.bit_length())
            elif isinstance(one, (list, tuple, set, frozenset)):
                waiting += one
            elif isinstance(one, dict):
                waiting += (*one, *one.values())
            self.spend(1)
            self.allow(weight)
        return weight

    def pay(self, value: Any) -> None:  # noqa: ANN401 (a template's)
        """Count a value that was made or written."""
        self.spend(0, self.look(value))


# What could make a long text of a short one? Each gets the text and what else is given.


def _of_width(budget: Budget, _: object, *given: object) -> None:
    for value in given:
        width = len(value) if isinstance(value, str) else value
        if isinstance(width, int) and abs(width) > budget.widest:
            message = f"{width} is too wide. {budget.widest} is the most"
            raise TooMuchError(message)


def _of_pattern(budget: Budget, pattern: object, *given: object) -> None:
    text = str(pattern)
    if wide := _WIDE.search(text):
        message = f"{wide[0]} is too wide. {budget.widest - 1} is the most"
        raise TooMuchError(message)
    budget.allow(len(text) + text.count("%") * budget.look(given))


def _of_join(budget: Budget, parts: object, between: object = "", *_: object) -> None:
    count = len(parts) if hasattr(parts, "__len__") else _MOST_PARTS
    budget.allow(count * len(str(between)))


def _of_replace(
    budget: Budget, text: object, old: object = "", new: object = "", *_: object
) -> None:
    budget.allow(str(text).count(str(old)) * len(str(new)))


BOUNDS: Mapping[str, Callable[..., None]] = {
    **dict.fromkeys(
        "batch center indent round slice tojson truncate wordwrap".split(), _of_width
    ),
    "format": _of_pattern,
    "join": _of_join,
    "replace": _of_replace,
}
"""Name of a filter -> what raises TooMuchError for what it must not make."""
