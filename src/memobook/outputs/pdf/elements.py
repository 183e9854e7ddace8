"""A structure tree that is being made: its elements, and what they hold.

What goes in: nothing. What comes out: plain values, which structure.py and ties.py
fill and treetext.py spells. They know their page by its number, and nothing of a PDF.
ISO 32000-1, 14.7
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

__all__ = [
    "GROUPING",
    "INLINE",
    "Annotation",
    "Box",
    "Content",
    "Element",
    "Kid",
]

GROUPING = frozenset(
    "Document Sect Art Div BlockQuote TOC TOCI L Table THead TBody TFoot TR".split()
)
"""Kinds that hold elements only; text in one of them needs a P."""

INLINE = frozenset(("Span", "Code", "Quote", "Link", "Reference", "Formula"))
"""Kinds that stand within a line; Figure stands on both sides."""

Box = tuple[float, float, float, float]
"""Left, lower, right and upper edge, in PDF points from the page's lower left."""


@dataclass(frozen=True, slots=True)
class Content:
    """A marked piece of a page."""

    page: int
    number: int
    """Its MCID."""


@dataclass(slots=True, eq=False)
class Annotation:
    """A link's live area on a page."""

    page: int
    box: Box
    handle: Any
    """WeasyPrint's own object, which is written in the end."""


@dataclass(slots=True, eq=False)
class Element:
    """An element. Equal to no other, as two paragraphs may say the same."""

    kind: str
    """A standard structure type: P, TOCI."""
    parent: Element | None = None
    kids: list[Kid] = field(default_factory=list)
    level: int = 0
    """A heading's as the author wrote it."""
    name: str = ""
    """Its identifier in the book; most have none."""
    language: str = ""
    """Where it differs from what is around it."""
    alternative: str = ""
    """What a picture shows."""
    refers: list[str] = field(default_factory=list)
    """The anchors of what this is about: a note's calls, an entry's heading."""
    expansion: str = ""
    """Of an abbreviation."""
    attributes: dict[str, str | int | Box | list[str]] = field(default_factory=dict)
    """A str is a name, a list holds identifiers."""

    def add(self, kid: Kid, index: int | None = None) -> None:
        """Take a kid in, at the end or before the one with an index."""
        if isinstance(kid, Element):
            kid.parent = self
        self.kids.insert(len(self.kids) if index is None else index, kid)

    def make(self, kind: str, index: int | None = None) -> Element:
        """Return a new element in this one."""
        made = Element(kind)
        self.add(made, index)
        return made

    @property
    def elements(self) -> list[Element]:
        """Its kids that are elements."""
        return [kid for kid in self.kids if isinstance(kid, Element)]

    def below(self) -> Iterator[Element]:
        """Yield every element in this one, parents first."""
        stack = self.elements[::-1]
        while stack:
            found = stack.pop()
            yield found
            stack += found.elements[::-1]

    def above(self) -> Iterator[Element]:
        """Yield what it stands in, the nearest first."""
        found = self.parent
        while found is not None:
            yield found
            found = found.parent


Kid = Element | Content | Annotation
