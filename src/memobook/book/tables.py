"""Let cells of a Markdown table span columns and rows: {colspan=2}, {rowspan=3}.

What goes in: a table as Python-Markdown leaves it, in which every row has as many cells
as the head. What comes out: one without the empty cells that a span covers.
"""

from __future__ import annotations

from dataclasses import replace

from memobook.book.tree import Child, Node, nodes

__all__ = ["LANDSCAPE", "MOST_SPANNED", "spanned", "with_parts_in_order"]

LANDSCAPE = "landscape"
"""The class of a table that is turned in print, on a page of its own."""

_CELLS = frozenset(["td", "th"])
_GROUPS = frozenset(["thead", "tbody", "tfoot"])


# In which order does a table of EPUB have its parts?
_ORDER = ("caption", "colgroup", "thead", "tbody", "tfoot")
_ONE = frozenset(["thead", "tfoot"])


def with_parts_in_order(table: Node) -> Node:
    """Return a table with its head first and its foot last, and one of each.

    A browser takes several, and in any order.
    """
    parts = [c.tag for c in table.children if isinstance(c, Node)]
    ranks = [_ORDER.index(tag) for tag in parts if tag in _ORDER]
    is_ordered = ranks == sorted(ranks) and all(parts.count(tag) < 2 for tag in _ONE)
    if is_ordered and "colgroup" not in parts:
        return table
    seen: set[str] = set()
    found = [_part(c, seen) for c in table.children if isinstance(c, Node)]
    found.sort(key=lambda part: _ORDER.index(part.tag))
    return table.with_children(found)


def _part(part: Node, seen: set[str]) -> Node:
    """Return a part of a table as it may stand behind others of some kinds."""
    if part.tag in _ONE and part.tag in seen:
        return replace(part, tag="tbody")
    seen.add(part.tag)
    if part.tag == "colgroup" and part.children:
        return part.with_attributes(span=None)
    return part


def spanned(table: Node) -> Node:
    """Return a table without the cells that others cover.

    A table in HTML has none of them, and stays as it is.
    """
    rows = [n for n in nodes(table) if n.tag == "tr"]
    cells = [cell for row in rows for cell in _cells(row)]
    if not any(cell.has("colspan") or cell.has("rowspan") for cell in cells):
        return table
    width = max(len(_cells(row)) for row in rows)
    groups = (
        _group(c, width) if isinstance(c, Node) and c.tag in _GROUPS else c
        for c in table.children
    )
    return table.with_children(groups)


def _group(group: Node, width: int) -> Node:
    # A cell of the head does not span a row of the body.
    below: dict[int, int] = {}
    rows = (
        _row(c, width, below) if isinstance(c, Node) and c.tag == "tr" else c
        for c in group.children
    )
    return group.with_children(rows)


def _cells(row: Node) -> list[Node]:
    return [c for c in row.children if isinstance(c, Node) and c.tag in _CELLS]


def _row(row: Node, width: int, below: dict[int, int]) -> Node:
    """Return a row without what is covered; `below` is column -> rows to cover."""
    covered = {column for column, count in below.items() if count}
    for column in covered:
        below[column] -= 1
    taken = sum(_span(cell, "colspan") for cell in _cells(row)) + len(covered)
    if taken <= width and not any(_span(c, "rowspan") > 1 for c in _cells(row)):
        return row
    out: list[Child] = []
    column, hidden = 0, 0
    is_over = taken > width
    for child in row.children:
        if not isinstance(child, Node) or child.tag not in _CELLS:
            out.append(child)
            continue
        is_hidden = hidden > 0 or column in covered
        hidden = max(hidden - 1, 0)
        if is_over and is_hidden and not _is_full(child):
            column += 1
            continue
        hidden = _span(child, "colspan") - 1
        for offset in range(hidden + 1):
            below[column + offset] = _span(child, "rowspan") - 1
        column += 1
        out.append(child)
    return row.with_children(out)


MOST_SPANNED = 1000
"""Columns or rows.
https://html.spec.whatwg.org/multipage/tables.html#algorithm-for-processing-rows"""
_DIGITS = 5


def _is_full(cell: Node) -> bool:
    return any(isinstance(c, Node) or c.strip() for c in cell.children)


def _span(cell: Node, name: str) -> int:
    value = cell.get(name)
    is_number = value.isascii() and value.isdigit()
    # No browser has more; the lint says so.
    return min(max(int(value[:_DIGITS]), 1), MOST_SPANNED) if is_number else 1
