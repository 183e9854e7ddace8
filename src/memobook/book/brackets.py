"""Read the brackets that point to something: [@fig:orbits], [@hoyt2020, p. 12; @wu].

What goes in: the text of a <cite refs="..."> that convert.py made. What comes out: its
items, each a key with the words around it. Where a key leads is not known here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from memobook.book.tree import Node

__all__ = ["PREFIXES", "Item", "is_bracket", "is_cross_reference", "items_of"]

PREFIXES = ("fig", "tbl", "sec", "memo", "eq")
"""What stands before the colon of a key that leads to a place in the book. Every other
key is a citation's."""

# -@key or -@{any key}. A full stop that ends a sentence is no part of a key.
_KEY = re.compile(
    r"(?P<bare>-?)@(?:\{(?P<any>[^{}]+)\}|(?P<key>\w(?:[\w:.#$%&+?<>~/-]*[\w/])?))"
)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a bracket points to."""

    key: str
    """Without its sign: fig:orbits, hoyt2020."""
    prefix: str = ""
    """The words before the key: see."""
    suffix: str = ""
    """The words behind it, without the comma: p. 12."""
    is_bare: bool = False
    """Whether a hyphen stands before it: of a citation without its author's name, of a
    cross-reference the number without its word."""

    @property
    def kind(self) -> str:
        """Return fig, tbl, sec, memo or eq; for a citation, nothing."""
        kind, colon, _ = self.key.partition(":")
        return kind if colon and kind in PREFIXES else ""


def is_bracket(node: Node) -> bool:
    """Tell whether a node is a bracket that nobody has resolved yet."""
    return node.tag == "cite" and node.has("refs")


def items_of(node: Node) -> tuple[Item, ...]:
    """Return what a bracket points to, in its order."""
    found = (_item(part.strip()) for part in node.get("refs").split(";"))
    return tuple(item for item in found if item)


def _item(text: str) -> Item | None:
    key = _KEY.search(text)
    if key is None:
        return None
    return Item(
        key["any"] or key["key"],
        text[: key.start()].strip(),
        text[key.end() :].lstrip(" ,").rstrip(),
        bool(key["bare"]),
    )


def is_cross_reference(node: Node) -> bool:
    """Tell whether a bracket leads to places in the book, and is no citation."""
    return any(item.kind for item in items_of(node))
