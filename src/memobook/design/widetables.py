"""Give wide tables the room that they need, in each medium its own.

What goes in: a table, whose caption may end with {.wide} or {.landscape}. What comes
out: the table, or what holds it. How large its type is, a style sheet says.
"""

from __future__ import annotations

from memobook.book.tree import Node, nodes, text_of

__all__ = ["scrolling", "turned"]

_WIDE, _LANDSCAPE = "wide", "landscape"
_MANY = 6
"""Columns that no telephone has room for."""


def turned(table: Node) -> Node:
    """Return what turns a table, if it wants a page in landscape."""
    if _LANDSCAPE not in table.classes:
        return table
    return Node("div", (("class", "turned"),), (table,))


def scrolling(table: Node, word: str) -> Node:
    """Return what lets a wide table scroll, also for who has only a keyboard.

    `word` names it if it has no caption.
    """
    is_wide = not {_LANDSCAPE, _WIDE}.isdisjoint(table.classes)
    if not is_wide and _columns(table) < _MANY:
        return table
    labels = (n for n in nodes(table) if "caption-label" in n.classes)
    name = next((text_of(n) for n in labels), word)
    attributes = (
        ("class", "scroll"),
        ("role", "group"),
        ("aria-label", name),
        ("tabindex", "0"),
    )
    return Node("div", attributes, (table,))


def _columns(table: Node) -> int:
    rows = (n for n in nodes(table) if n.tag == "tr")
    widths = (sum(isinstance(c, Node) for c in row.children) for row in rows)
    return max(widths, default=0)
