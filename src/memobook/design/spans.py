"""Make blocks stand in a line, as a note at the foot of a page does.

What goes in: a note's blocks. What comes out: spans in their place. WeasyPrint takes a
note out of its paragraph, and a paragraph has no blocks in it.
"""

from __future__ import annotations

from collections.abc import Iterable

from memobook.book.tree import Child, Node, joined, nodes, rewrite

__all__ = ["has_rigid_block", "in_line"]

_SPANS = {
    "p": "block",
    "div": "block",
    "ul": "block",
    "ol": "block",
    "li": "block item",
    "blockquote": "block quote",
}

_RIGID = frozenset("table figure pre dl aside hr details".split())
"""For these no span can stand."""


def has_rigid_block(content: Iterable[Child]) -> bool:
    """Tell whether there is a block, such as a table, that cannot stand in a line."""
    return any(n.tag in _RIGID for c in content for n in nodes(c))


def in_line(blocks: tuple[Child, ...]) -> tuple[Child, ...]:
    """Return blocks as spans; a single one as what is in it."""
    content = rewrite(Node("span", (), blocks), _flat).children
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
