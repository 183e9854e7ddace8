"""Make spans of the blocks of a note that stands at the foot of a page.

What goes in: a note, or its blocks. What comes out: whether spans can stand for them,
and spans. A note at the foot is a span in its paragraph.
"""

from __future__ import annotations

from collections.abc import Iterable

from memobook.book.model import Note
from memobook.book.tree import Child, Node, joined, nodes, rewrite

__all__ = ["flattened", "has_block"]

_SPANS = {
    "p": "block",
    "div": "block",
    "ul": "block",
    "ol": "block",
    "li": "block item",
    "blockquote": "block quote",
}


def has_block(note: Note) -> bool:
    """Tell whether a note has a block, such as a table, that no span can stand for."""
    rigid = {"table", "figure", "pre", "dl", "aside", "hr", "details"}
    return any(
        n.tag in rigid for c in note.content for n in nodes(c) if isinstance(c, Node)
    )


def flattened(blocks: Iterable[Child]) -> tuple[Child, ...]:
    """Return blocks as spans; the content alone of a single one."""
    content = rewrite(Node("span", (), tuple(blocks)), _flat).children
    only = content[0] if len(content) == 1 else None
    return joined(only.children if isinstance(only, Node) else content)


def _flat(node: Node) -> Node:
    name = _SPANS.get(node.tag)
    if name is None:
        return node
    return Node("span", (("class", name),), _without_line_ends(node.children))


def _without_line_ends(children: tuple[Child, ...]) -> tuple[Child, ...]:
    """Leave out the line ends between blocks: among spans they would be empty lines."""
    if not any(isinstance(c, Node) and "block" in c.classes for c in children):
        return children
    return tuple(c for c in children if not isinstance(c, str) or c.strip())
