"""Let WeasyPrint 70 print the head and the foot of a table that have no room, too.

What goes in: nothing. What comes out: WeasyPrint, in which one that is too
tall to stand on a page beside a row is laid out once, as any other rows. Left alone,
WeasyPrint leaves it out, and with it all that is written there. A table that has
nothing but a head is never broken there; here it is, as a table of rows.
"""

from __future__ import annotations

import importlib
from typing import Any

from memobook.outputs.pdf.engine.styles import replace_everywhere

__all__ = ["keep_table_heads"]


def keep_table_heads() -> None:
    """Mend WeasyPrint's tables; once in a process, before others wrap them."""
    table: Any = importlib.import_module("weasyprint.layout.table")
    block: Any = importlib.import_module("weasyprint.layout.block")
    kept = _kept(table.table_layout, block.remove_placeholders)
    replace_everywhere(table.table_layout, kept)


def _kept(original: Any, forget: Any) -> Any:  # noqa: ANN401 (WeasyPrint's own)
    """Return the layout of a table that never leaves out what it repeats."""

    def table_layout(*arguments: Any) -> Any:  # noqa: ANN401
        context, table, _, skip_stack, _, _, absolute_boxes, fixed_boxes = arguments
        if len(_repeated(table)) == len(table.children):
            _once(table, _repeated(table))
        found = original(*arguments)
        # On a later page it is a copy, which may be missing.
        while not skip_stack and (lost := _lost(table, found[0])):
            forget(context, [found[0]], absolute_boxes, fixed_boxes)
            _once(table, lost)
            found = original(*arguments)
        return found

    return table_layout


def _repeated(table: Any) -> list[Any]:  # noqa: ANN401
    """Return the groups of rows that stand on each page of a table."""
    return [g for g in table.children if g.is_header or g.is_footer]


def _lost(table: Any, laid_out: Any) -> list[Any]:  # noqa: ANN401
    """Return those that should stand in what was laid out, and do not."""
    if laid_out is None:
        return []
    kept = {group.element for group in _repeated(laid_out)}
    return [group for group in _repeated(table) if group.element not in kept]


def _once(table: Any, groups: list[Any]) -> None:  # noqa: ANN401
    """Let groups of rows be as any others, on all pages.

    A break must be allowed between all then, or WeasyPrint finds no place for a group
    that has no room below such a tall one, and gives up.
    """
    for group in groups:
        group.is_header = group.is_footer = False
    for group in table.children:
        for box in (group, *group.children[:1]):
            box.style["break_before"] = "auto"
        for box in (group, *group.children[-1:]):
            box.style["break_after"] = "auto"
