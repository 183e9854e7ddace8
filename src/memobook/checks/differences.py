"""Find where two texts differ, in one walk through both.

What goes in: what a text should say and what it says. What comes out: the stretches
that differ, as words. Spaces and line ends' hyphens do not count, as print hides them.

Why not difflib: on a memo's characters it takes minutes. Two readings of a memo are
the same but for a few places, and behind each of them 24 characters are found again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["Difference", "differences"]

_CHUNK = 24
"""How many characters must agree for two texts to go together again."""
_HIDDEN = " \u2010"


@dataclass(frozen=True, slots=True)
class Difference:
    """A stretch that differs, widened to whole words."""

    first: int
    """The index of the first word concerned in what should be said."""
    expected: tuple[str, ...]
    """The words that should be there; empty if some are too many."""
    found: str
    """What is there instead, in whole words; empty if they are missing."""


@dataclass(frozen=True, slots=True)
class _Solid:
    """A text without its spaces, that knows its words."""

    text: str
    whole: str
    """With its spaces."""
    words: tuple[str, ...]
    word_at: tuple[int, ...]
    """The index of the word that each character is in."""
    place: tuple[int, ...]
    """Where each character stands in the whole."""

    def is_inside(self, index: int) -> bool:
        """Tell whether a place is in the middle of a word."""
        at = self.word_at
        return 0 < index < len(at) and at[index - 1] == at[index]

    def words_of(self, start: int, end: int) -> tuple[int, int]:
        """Return the range of the words that have a character of a stretch."""
        if start == end:
            at = self.word_at[start] if start < len(self.text) else len(self.words)
            return at, at
        return self.word_at[start], self.word_at[end - 1] + 1

    def original(self, start: int, end: int) -> str:
        """Return a stretch with its spaces."""
        if start == end:
            return ""
        return self.whole[self.place[start] : self.place[end - 1] + 1]


def _solid(text: str) -> _Solid:
    words = tuple(text.split())
    whole = " ".join(words)
    kept = [i for i, character in enumerate(whole) if character not in _HIDDEN]
    spaces, at = 0, []
    for character in whole:
        spaces += character == " "
        at.append(spaces)
    return _Solid(
        text="".join(whole[i] for i in kept),
        whole=whole,
        words=words,
        word_at=tuple(at[i] for i in kept),
        place=tuple(kept),
    )


def differences(expected: str, found: str) -> tuple[Difference, ...]:
    """Return where the texts differ; nothing if they say the same."""
    if expected == found or _bare(expected) == _bare(found):
        return ()
    return tuple(_described(_solid(expected), _solid(found)))


def _bare(text: str) -> str:
    """Return the characters that count, without knowing their words."""
    return "".join(text.split()).replace("\u2010", "")


def _described(should: _Solid, does: _Solid) -> Iterator[Difference]:
    done = 0
    for stretch in _stretches(should.text, does.text):
        a1, a2, b1, b2 = _slid(should, does, stretch)
        if a1 < done:  # in the word that was told of
            continue
        # By the words of both: in print, those behind a difference may be torn.
        for one, at in ((should, 0), (does, 1), (should, 0)):
            while one.is_inside((a1, b1)[at]) and min(a1, b1) > 0:
                a1, b1 = a1 - 1, b1 - 1
            while one.is_inside((a2, b2)[at]) and _goes_on(should, does, a2, b2):
                a2, b2 = a2 + 1, b2 + 1
        done = a2
        first, end = should.words_of(a1, a2)
        yield Difference(first, should.words[first:end], does.original(b1, b2).strip())


def _goes_on(should: _Solid, does: _Solid, a: int, b: int) -> bool:
    return a < len(should.text) and b < len(does.text)


def _slid(
    should: _Solid, does: _Solid, stretch: tuple[int, int, int, int]
) -> tuple[int, int, int, int]:
    """Return a stretch that is in one text only where it begins with a word.

    “two” is missing from “one two three”, not “wo t”.
    """
    a1, a2, b1, b2 = stretch
    one, start, end = (should, a1, a2) if b1 == b2 else (does, b1, b2)
    if (a1 != a2 and b1 != b2) or not one.is_inside(start):
        return stretch
    for back in range(1, start + 1):
        if one.text[start - back] != one.text[end - back]:
            return stretch
        if not one.is_inside(start - back):
            return a1 - back, a2 - back, b1 - back, b2 - back
    return stretch


def _stretches(a: str, b: str) -> Iterator[tuple[int, int, int, int]]:
    """Yield start and end in both texts of what differs."""
    i = j = 0
    while i < len(a) or j < len(b):
        same = _common(a, b, i, j)
        i, j = i + same, j + same
        if i == len(a) and j == len(b):
            return
        skip_a, skip_b = _again(a, b, i, j)
        yield i, i + skip_a, j, j + skip_b
        i, j = i + skip_a, j + skip_b


def _common(a: str, b: str, i: int, j: int) -> int:
    """Return how many characters are the same from here on."""
    most = min(len(a) - i, len(b) - j)
    low, step = 0, 4096
    while step:
        while (
            low + step <= most
            and a[i + low : i + low + step] == b[j + low : j + low + step]
        ):
            low += step
        step //= 2
    return low


def _again(a: str, b: str, i: int, j: int) -> tuple[int, int]:
    """Return how much must be skipped in both until they go together again."""
    best: tuple[int, int] | None = None
    for skip in range(len(a) - i - _CHUNK + 1):
        if best and skip >= sum(best):
            break
        place = b.find(a[i + skip : i + skip + _CHUNK], j)
        if place >= 0 and (best is None or skip + place - j < sum(best)):
            best = (skip, place - j)
    if best:
        return best
    # Only what is at the very end may still agree.
    tail = 0
    most = min(len(a) - i, len(b) - j)
    while tail < most and a[len(a) - 1 - tail] == b[len(b) - 1 - tail]:
        tail += 1
    return len(a) - i - tail, len(b) - j - tail
