"""What differs between print and screen: the form of a link, a call, a note, a picture.

What goes in: an element of the book. What comes out: what stands for it in the medium.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from memobook.book.model import Memo, Note
from memobook.book.tree import Child, Node

__all__ = ["Adjustments", "Medium"]


@dataclass(frozen=True, slots=True)
class Adjustments:
    """What the layout of a memo taught about its notes."""

    moved: frozenset[str] = frozenset()
    """Anchors of notes that are too tall for the foot of a page."""
    repeated: frozenset[str] = frozenset()
    """Anchors of calls whose note is printed again, as they are on another page."""


class Medium(Protocol):
    """A way of reading."""

    @property
    def name(self) -> str:
        """What templates call it: print or screen."""

    def target(self, href: str) -> str:
        """Return the href of a link to an anchor of the book."""

    @property
    def words(self) -> Mapping[str, str]:
        """The built-in words, in the book's language."""

    def reference(self, link: Node) -> tuple[Child, ...]:
        """Return what stands behind a link to an anchor of the book."""

    def page_target(self, anchor: str) -> str:
        """Return the href of a link that holds an anchor's page number."""

    def page_number(self, anchor: str, *, in_column: bool = False) -> tuple[Child, ...]:
        """Return an anchor's page number; empty where there are no pages.

        `in_column` tells that it stands below others, at the end of the line.
        """

    def address(self, url: str) -> tuple[Child, ...]:
        """Return an address with marks where a line may end."""

    def picture(self, path: str) -> str:
        """Return the address of a picture of the project."""

    def table(self, table: Node) -> Node:
        """Return a table as it is, or what holds it if it is wide."""

    def counted(self, item: Node) -> Node:
        """Return a list, or an item of one, whose number is not the next one."""

    def led(self, link: Node) -> Node:
        """Return a link to a page that memobook makes: see LED."""

    def formula(self, formula: Node) -> Node:
        """Return a formula as it is shown."""

    def call(self, call: Node, note: Note, memo: Memo) -> tuple[Child, ...]:
        """Return the call of a note, with the note itself where that stands there."""
