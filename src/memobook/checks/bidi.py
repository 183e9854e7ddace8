"""Read lines that are written from right to left.

What goes in: a line as it stands on the page. What comes out: its text in the order of
reading. The page alone does not tell it: “kg 500” may be 500 and then kg, or the
reverse, by what stands before. So where a line has the expected letters, the expected
order is taken; the order of the lines is still looked at.
"""

from __future__ import annotations

import unicodedata
from collections import Counter

__all__ = ["as_expected", "runs_left", "same_letters"]

# A bracket is drawn as its twin, and a PDF may tell either.
_TWINS = str.maketrans(")]}»›", "([{«‹")
_LEFTWARD = frozenset(["R", "AL"])


def runs_left(text: str) -> bool:
    """Tell whether a text holds a letter that is written from right to left."""
    return any(unicodedata.bidirectional(c) in _LEFTWARD for c in text)


def same_letters(one: str, two: str) -> bool:
    """Tell whether two texts have the same letters, in whatever order."""
    first, second = ("".join(t.translate(_TWINS).split()) for t in (one, two))
    return Counter(first) == Counter(second)


def as_expected(line: str, expected: str, spaces: set[int], place: int) -> str | None:
    """Return a line in the order of reading; None if it has other letters.

    `line` and `expected` have no spaces; `place` is where in `expected` the line
    begins, and `spaces` tells before which of its characters one stands.
    """
    part = expected[place : place + len(line)]
    if not same_letters(part, line):
        return None
    return "".join(
        f" {character}" if index in spaces else character
        for index, character in enumerate(part, start=place)
    )
