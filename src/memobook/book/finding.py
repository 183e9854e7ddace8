"""Find where a piece of a text is written that another module made something of.

What goes in: a text and pieces of it, in reading order. What comes out: their spans.
For what Markdown hands on as it stands, such as formulas and diagrams.
"""

from __future__ import annotations

from dataclasses import dataclass

from memobook.diagnostics import Span

__all__ = ["Finder"]


@dataclass(slots=True)
class Finder:
    """A text that is gone through."""

    text: str
    whole: Span
    """The file, for what is not found."""
    place: int = 0
    """Where the last piece ended."""

    def find(self, piece: str) -> Span:
        """Return where the next piece begins: the next place that says the same.

        Only its first line counts, as others may have lost an indent or quote signs.
        """
        first = piece.strip().split("\n", 1)[0].strip()
        place = self.text.find(first, self.place)
        place = self.text.find(first) if place < 0 else place
        if place < 0 or not first:
            return self.whole
        self.place = place + len(first)
        return self.span(place, len(first))

    def inside(self, piece: str, offset: int, length: int, start: Span) -> Span:
        """Return the place of what stands in the last piece, or where it starts."""
        first = piece.split("\n", 1)[0]
        place = self.text.find(piece, max(self.place - len(first), 0))
        if not start.line or place < 0:
            return start
        return self.span(place + offset, length)

    def span(self, place: int, length: int) -> Span:
        """Return an offset of the text as a span."""
        line = self.text.count("\n", 0, place) + 1
        column = place - self.text.rfind("\n", 0, place)
        return Span(self.whole.path, line, column, length)
