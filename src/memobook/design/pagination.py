"""Where the printed pages begin in the text: what an EPUB's page list is made of.

A section's text is one stream of characters that print and screen share, see stream.py;
a page begins behind so and so many of them. The layout of a PDF finds that out, an EPUB
marks it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["Beginning", "Pagination", "PrintedPage", "PrintedSection"]


@dataclass(frozen=True, slots=True)
class Beginning:
    """A place in a section's text."""

    note: str
    """The anchor of the listed note that it stands in; empty for the section's text."""
    offset: int
    """How many characters of that text stand before it."""


@dataclass(frozen=True, slots=True)
class PrintedPage:
    """A page of the PDF on which something of the book stands."""

    label: str
    """Its number as it is printed: 12, or iv in the front matter."""
    begins: Beginning


@dataclass(frozen=True, slots=True)
class PrintedSection:
    """The pages of one section."""

    text: str
    """Its own stream in print, to compare with the one of another medium."""
    pages: tuple[PrintedPage, ...]


Pagination = Mapping[str, PrintedSection]
"""A section's id -> its pages, in the order of the book."""
