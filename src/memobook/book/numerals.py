"""Numbers as they are shown where they are no plain figures.

What goes in: a number. What comes out: roman numerals, or letters.
"""

from __future__ import annotations

__all__ = ["letters", "roman"]

_NUMERALS = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


def roman(number: int) -> str:
    """Return a number in small roman numerals.

    >>> roman(14)
    'xiv'
    """
    out = ""
    for value, numeral in _NUMERALS:
        count, number = divmod(number, value)
        out += numeral * count
    return out


def letters(number: int) -> str:
    """Return a number as capital letters, as appendices have them.

    >>> letters(1), letters(26), letters(27)
    ('A', 'Z', 'AA')
    """
    out = ""
    while number:
        number, rest = divmod(number - 1, 26)
        out = chr(ord("A") + rest) + out
    return out
