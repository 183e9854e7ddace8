"""Spare WeasyPrint 70 to tell Pango the same of each line.

What goes in: nothing. What comes out: WeasyPrint, which draws a line with the layout
that it was measured with. It would throw the layout away and make it anew for drawing,
as a long document has many; here a document is a section, so that they are few.
"""

from __future__ import annotations

import importlib
from copy import copy
from typing import Any

from memobook.outputs.pdf.styles import replace_everywhere

__all__ = ["spare_shaping", "text_key"]

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


def text_key(style: Any) -> str:  # noqa: ANN401 (WeasyPrint's own, untyped)
    """Return what two styles share whose texts look alike.

    Kept with the style, and made anew when a `::first-line` changes it.
    """
    facts = tuple(map(style.__getitem__, _STYLE))
    kept = vars(style).get("memobook_key")
    if kept is None or kept[0] != facts:
        kept = vars(style)["memobook_key"] = (facts, repr(facts))
    return str(kept[1])


def spare_shaping() -> None:
    """Spare WeasyPrint's use of Pango; once in a process."""
    breaks: Any = importlib.import_module("weasyprint.text.line_break")
    drawing: Any = importlib.import_module("weasyprint.draw.text")
    layout = breaks.Layout
    anew = layout.reactivate
    replace_everywhere(drawing.draw_first_line, _afresh(drawing.draw_first_line, anew))
    layout.reactivate = _reuse(anew)
    layout.deactivate = lambda _: None


def _reuse(original: Any) -> Any:  # noqa: ANN401
    """Draw with the layout that was kept, unless its words are to be spread."""

    def reactivate(layout: Any, style: Any) -> None:  # noqa: ANN401
        # More than one line: it is to be drawn without a width, all of it.
        if layout.justification_spacing or layout.get_first_line()[1] is not None:
            original(layout, style)

    return reactivate


def _afresh(original: Any, anew: Any) -> Any:  # noqa: ANN401
    """Cut a text with an ellipsis in a layout of its own, as that changes it."""

    def draw_first_line(
        stream: Any,  # noqa: ANN401
        box: Any,  # noqa: ANN401
        text_overflow: str,
        block_ellipsis: Any,  # noqa: ANN401
        matrix: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401
        if text_overflow == "ellipsis" or block_ellipsis != "none":
            box.pango_layout = copy(box.pango_layout)
            anew(box.pango_layout, box.style)
        return original(stream, box, text_overflow, block_ellipsis, matrix)

    return draw_first_line
