"""Let WeasyPrint 70 do no work twice: what depends on its arguments only is kept.

What goes in: nothing. What comes out: WeasyPrint, which lays out the same pages in less
time. A note at the foot is laid out again for each note that follows on its page, and
so are all lines of a paragraph that goes to the next page; the height of an empty line
is asked for at each word. What is spared in its reading, its styles, its shaping of
text and its talk to libraries in C stands in xhtml.py, styles.py, shaping.py and
foreign.py. A test compares the pages with those of a WeasyPrint that is left alone.
"""

from __future__ import annotations

import importlib
from typing import Any

from memobook.design.paper import MARGIN_BOXES
from memobook.outputs.pdf.engine.foreign import know_types
from memobook.outputs.pdf.engine.shaping import spare_shaping, text_key
from memobook.outputs.pdf.engine.styles import replace_everywhere, spare_styles
from memobook.outputs.pdf.engine.xhtml import read_as_xml

__all__ = ["spare_engine"]


def spare_engine() -> None:
    """Spare WeasyPrint its repetitions; once in a process, before it is mended."""
    know_types()
    read_as_xml()
    spare_styles()
    spare_shaping()
    breaks: Any = importlib.import_module("weasyprint.text.line_break")
    inline: Any = importlib.import_module("weasyprint.layout.inline")
    inline.split_first_line = _keeping_lines(breaks.split_first_line)
    inline.strut = _keeping_struts(breaks.strut)
    page: Any = importlib.import_module("weasyprint.layout.page")
    margins = _no_empty_margins(page.make_margin_boxes)
    replace_everywhere(page.make_margin_boxes, margins)


def _keeping_lines(original: Any) -> Any:  # noqa: ANN401 (WeasyPrint's own, untyped)
    """Keep what the first line of a text is, as long as its document is laid out."""

    def split_first_line(
        text: str,
        style: Any,  # noqa: ANN401
        context: Any,  # noqa: ANN401
        max_width: float | None,
        justification_spacing: float,
        **options: bool,
    ) -> Any:  # noqa: ANN401
        arguments = (text, style, context, max_width, justification_spacing)
        kept = vars(context).setdefault("memobook_lines", {})
        width = (max_width, justification_spacing)
        key = (text, text_key(style), width, *sorted(options.items()))
        if key not in kept:
            kept[key] = original(*arguments, **options)
        return kept[key]

    return split_first_line


def _keeping_struts(original: Any) -> Any:  # noqa: ANN401
    """Keep the height of an empty line with its style."""

    def strut(style: Any) -> Any:  # noqa: ANN401
        key = text_key(style)
        kept = vars(style).get("memobook_strut")
        if kept is None or kept[0] is not key:
            kept = vars(style)["memobook_strut"] = (key, original(style))
        return kept[1]

    return strut


_MARGINS = tuple(f"@{name}" for name in MARGIN_BOXES)
_EMPTY = ("normal", "inhibit", "none")


def _no_empty_margins(original: Any) -> Any:  # noqa: ANN401
    """Do not measure margins in which nothing stands."""

    def make_margin_boxes(context: Any, page: Any, state: Any) -> Any:  # noqa: ANN401
        styles = (context.style_for(page.page_type, name) for name in _MARGINS)
        if all(s is None or s["content"] in _EMPTY for s in styles):
            return iter(())
        return original(context, page, state)

    return make_margin_boxes
