"""Mend a fault of WeasyPrint 70's line breaking that its own options cannot avoid.

What goes in: nothing. What comes out: WeasyPrint, whose lines do not end early. With
layout.py the only module that knows WeasyPrint; a test holds that the fault is there,
so that this module goes when it does.

The fault: a text before an inline element ends with a space. If all of it fits into the
line but for that space, WeasyPrint takes the text for one word that is too long, and
breaks after its first word. About one in a thousand lines of a text with many links
ends after one word.
"""

from __future__ import annotations

import importlib
from math import inf
from typing import Any

__all__ = ["mend_line_breaks"]

_SHORTEST_LETTER = 0.25
"""Of the font's size; a text that is longer cannot fit into one line."""


def mend_line_breaks() -> None:
    """Let a space hang over the line's end, as CSS says; once in a process.

    https://www.w3.org/TR/css-text-3/#white-space-phase-2
    """
    inline: Any = importlib.import_module("weasyprint.layout.inline")
    original = inline.split_first_line

    def split_first_line(
        text: str,
        style: Any,  # noqa: ANN401 (WeasyPrint's own, untyped)
        context: Any,  # noqa: ANN401
        max_width: float | None,
        justification_spacing: float,
        **options: bool,
    ) -> Any:  # noqa: ANN401
        def split(part: str, width: float | None) -> Any:  # noqa: ANN401
            return original(
                part, style, context, width, justification_spacing, **options
            )

        found = split(text, max_width)
        bare = text.rstrip(" ")
        _, _, resume_index, *_ = found
        if max_width in {None, inf} or resume_index is None or bare == text:
            return found
        if len(bare) * style["font_size"] * _SHORTEST_LETTER > max_width:
            return found
        _, _, resume_index, width, *_ = split(bare, max_width)
        if resume_index is None and width <= max_width:
            return split(text, inf)
        return found

    inline.split_first_line = split_first_line
