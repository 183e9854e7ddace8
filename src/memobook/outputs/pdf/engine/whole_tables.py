"""Let WeasyPrint 70 break a table only where it must, and never below its caption.

What goes in: nothing. What comes out: WeasyPrint, in which a table that a style sheet
wants whole (`break-inside: avoid`) goes to the next page if it fits there, and else
begins where it stands. Left alone, WeasyPrint moves a table that is longer than a page
to the next one, which leaves a hole; there it sees the caption above the table, takes
the page for one that is not empty, and moves the table once more, without its caption.
"""

from __future__ import annotations

import importlib
from typing import Any

from memobook.outputs.pdf.engine.styles import replace_everywhere

__all__ = ["keep_tables_whole"]

_BOX, _PAGE_IS_EMPTY = 1, 5
"""Where WeasyPrint's `_in_flow_layout` has these two of its arguments."""
_FIRST = "memobook_is_first"


def keep_tables_whole() -> None:
    """Mend WeasyPrint's tables; once in a process."""
    block: Any = importlib.import_module("weasyprint.layout.block")
    flow = block._in_flow_layout

    def _in_flow_layout(*arguments: Any) -> Any:  # noqa: ANN401 (WeasyPrint's own)
        box = arguments[_BOX]
        if box.is_table_wrapper:
            setattr(box, _FIRST, arguments[_PAGE_IS_EMPTY])
        return flow(*arguments)

    block._in_flow_layout = _in_flow_layout
    table: Any = importlib.import_module("weasyprint.layout.table")
    whole = _whole(table.table_layout, block.remove_placeholders)
    replace_everywhere(table.table_layout, whole)


def _whole(original: Any, forget: Any) -> Any:  # noqa: ANN401
    """Return the layout of a table that decides by itself whether to stay whole."""

    def table_layout(
        context: Any,  # noqa: ANN401
        table: Any,  # noqa: ANN401
        bottom_space: float,
        skip_stack: Any,  # noqa: ANN401
        wrapper: Any,  # noqa: ANN401
        page_is_empty: bool,
        absolute_boxes: list[Any],
        fixed_boxes: list[Any],
    ) -> Any:  # noqa: ANN401
        def lay_out(space: float, *, is_first: bool) -> Any:  # noqa: ANN401
            return original(
                context, table, space, skip_stack, wrapper, is_first,
                absolute_boxes, fixed_boxes,
            )  # fmt: skip

        def remove(box: Any) -> None:  # noqa: ANN401
            if box is not None:
                forget(context, [box], absolute_boxes, fixed_boxes)

        wish = table.style["break_inside"]
        if wish not in {"avoid", "avoid-page"} or context.in_column:
            return lay_out(bottom_space, is_first=page_is_empty)
        table.style["break_inside"] = "auto"
        try:
            is_first = page_is_empty or getattr(wrapper, _FIRST, False)
            found = lay_out(bottom_space, is_first=is_first)
            box, resume_at, *_ = found
            if is_first or skip_stack or (box is not None and resume_at is None):
                return found
            remove(box)
            above = _above(context, wrapper)
            other, resume_at, *_ = lay_out(bottom_space - above, is_first=True)
            remove(other)
            if box is None or (other is not None and resume_at is None):
                return (None, None, *found[2:])
            return lay_out(bottom_space, is_first=False)
        finally:
            table.style["break_inside"] = wish

    return table_layout


def _above(context: Any, wrapper: Any) -> float:  # noqa: ANN401
    """Return how much room the page has for other things than this table.

    In CSS pixels: what stands above its caption, and the notes at the foot.
    """
    page = context.current_footnote_area.page
    foot = page.content_box_y() + page.height - context.page_bottom
    return float(wrapper.content_box_y() - page.content_box_y() + foot)
