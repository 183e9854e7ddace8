"""What a PDF is bound of: leaves, an outline, and what it says of its book.

Nothing is bound here, so that a build without a PDF loads no library for one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from memobook.design.section import Folio
from memobook.outputs.pdf.sheet import Dressing, Sheet
from memobook.project.standards import Standards

__all__ = ["Facts", "Leaf", "OutlineItem", "visible"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """A sheet in its place in the book."""

    sheet: Sheet
    folio: Folio
    first_folio: int
    """The number of its first page."""
    blank_before: bool = False
    """Whether an empty page stands before it, so that it begins on a right-hand one."""
    dressings: tuple[Dressing, ...] = ()
    """What is done to each page; empty for a sheet that is complete as it is."""


@dataclass(frozen=True, slots=True)
class OutlineItem:
    """A line of the outline, which readers show as bookmarks."""

    title: str
    anchor: str
    children: tuple[OutlineItem, ...] = ()
    is_open: bool = False
    """Whether its children are shown from the start."""

    @property
    def visible(self) -> int:
        """How many lines are shown below it when it is open."""
        return visible(self.children)


def _visible(items: Sequence[OutlineItem]) -> int:
    return sum(1 + (item.visible if item.is_open else 0) for item in items)


def visible(items: Sequence[OutlineItem]) -> int:
    """Return how many lines of an outline are shown from the start."""
    return sum(1 + (item.visible if item.is_open else 0) for item in items)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a PDF says of its book."""

    title: str
    authors: tuple[str, ...] = ()
    language: str
    """BCP 47."""
    identifier: str = ""
    """Of the PDF itself, which an EPUB names as the source of its page numbers."""
    description: str = ""
    subjects: tuple[str, ...] = ()
    rights: str = ""
    publisher: str = ""
    relation: str = ""
    """The identifier of the book that it is a part of."""
    modified: datetime
    """With a time zone. The book's date, never the clock: same input, same bytes."""
    standards: Standards
    attached: Mapping[str, str] = field(default_factory=dict)
    """Path -> text of the sources that go with the PDF."""
