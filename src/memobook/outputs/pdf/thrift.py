"""Let WeasyPrint 70 do no work twice: what depends on its arguments only is kept.

What goes in: nothing. What comes out: WeasyPrint, which lays out the same pages in less
time. A note at the foot is laid out again for each note that follows on its page, and
so are all lines of a paragraph that goes to the next page; the height of an empty line
is asked for at each word. With layout.py and mends.py the only module that knows
WeasyPrint; a test compares the pages with those of a WeasyPrint that is left alone.
"""

from __future__ import annotations

import importlib
from typing import Any

from memobook.design.paper import MARGIN_BOXES

__all__ = ["spare_engine"]

# What of a style do weasyprint/text/*.py look at?
_STYLE = (
    "direction", "font_family", "font_feature_settings", "font_kerning",
    "font_language_override", "font_size", "font_stretch", "font_style",
    "font_variant_alternates", "font_variant_caps", "font_variant_east_asian",
    "font_variant_ligatures", "font_variant_numeric", "font_variant_position",
    "font_variation_settings", "font_weight", "hyphenate_character",
    "hyphenate_limit_chars", "hyphenate_limit_zone", "hyphens", "lang",
    "letter_spacing", "line_height", "overflow_wrap", "tab_size",
    "text_decoration_line", "white_space", "word_break", "word_spacing",
)  # fmt: skip


def spare_engine() -> None:
    """Spare WeasyPrint its repetitions; once in a process, before it is mended."""
    breaks: Any = importlib.import_module("weasyprint.text.line_break")
    inline: Any = importlib.import_module("weasyprint.layout.inline")
    inline.split_first_line = _keeping_lines(breaks.split_first_line)
    inline.strut = _keeping_struts(breaks.strut)
    page: Any = importlib.import_module("weasyprint.layout.page")
    page.make_margin_boxes = _no_empty_margins(page.make_margin_boxes)


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
        key = (text, _key(style), width, *sorted(options.items()))
        if key not in kept:
            kept[key] = original(*arguments, **options)
        return kept[key]

    return split_first_line


def _keeping_struts(original: Any) -> Any:  # noqa: ANN401
    """Keep the height of an empty line with its style."""

    def strut(style: Any) -> Any:  # noqa: ANN401
        key = _key(style)
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


def _key(style: Any) -> str:  # noqa: ANN401
    """Return what two styles share whose texts look alike.

    Kept with the style, and made anew when a `::first-line` changes it.
    """
    facts = tuple(map(style.__getitem__, _STYLE))
    kept = vars(style).get("memobook_key")
    if kept is None or kept[0] != facts:
        kept = vars(style)["memobook_key"] = (facts, repr(facts))
    return str(kept[1])
