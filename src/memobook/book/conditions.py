"""Take a condition apart, and know when it can never be true.

What goes in: what stands behind {{ if. What comes out: its words, and whether an output
can be what it asks for. What is true of one output is not decided here.
"""

from __future__ import annotations

__all__ = ["OUTPUTS", "Choices", "is_never", "parted"]

OUTPUTS = ("pdf", "epub")
"""What a condition may ask for beside profiles."""

Choices = tuple[tuple[str, ...], ...]
"""One of these must be true, and of it all: (("pdf", "not draft"), ("epub",))."""


def parted(condition: str) -> Choices:
    """Return a condition's words, which have not, and, or between them."""
    return tuple(
        tuple(word.strip() for word in part.split(" and "))
        for part in condition.split(" or ")
    )


def is_never(choices: Choices) -> bool:
    """Tell whether no output is what each choice asks for."""
    return not any(_may_be(words, output) for words in choices for output in OUTPUTS)


def _may_be(words: tuple[str, ...], output: str) -> bool:
    bare = {word: word.removeprefix("not ").strip() for word in words}
    asked = ((b == output) == (b == word) for word, b in bare.items() if b in OUTPUTS)
    return all(asked)
