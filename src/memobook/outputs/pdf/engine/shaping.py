"""Spare WeasyPrint 70 to tell Pango the same of each line.

What goes in: nothing. What comes out: WeasyPrint, which sets up Pango once for a style,
and draws a line with the layout that it was measured with. It would throw the layout
away and make it anew for drawing, as a long document has many; here a document is a
section, so that they are few.
"""

from __future__ import annotations

import importlib
from copy import copy
from typing import Any

from memobook.outputs.pdf.engine.styles import replace_everywhere

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

# In the order in which font_features() takes them.
_FEATURES = (
    "font_kerning", "font_variant_ligatures", "font_variant_position",
    "font_variant_caps", "font_variant_numeric", "font_variant_alternates",
    "font_variant_east_asian", "font_feature_settings",
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
    layout.setup = _set_up_once(breaks, layout.setup)
    anew = layout.reactivate
    replace_everywhere(drawing.draw_first_line, _afresh(drawing.draw_first_line, anew))
    layout.reactivate = _reuse(anew)
    layout.deactivate = lambda _: None


def _set_up_once(breaks: Any, original: Any) -> Any:  # noqa: ANN401
    """Tell Pango about a style's font and language once, and not for each line.

    A layout changes neither Pango's context nor the description of a font. Not for
    underlined text, of which more is to be known.
    """

    def setup(layout: Any, style: Any) -> None:  # noqa: ANN401
        if style["text_decoration_line"] != "none":
            original(layout, style)
            return
        key = text_key(style)
        kept = vars(style).get("memobook_pango")
        if kept is None or kept[0] is not key:
            kept = vars(style)["memobook_pango"] = (key, *_told(breaks, style))
        _, context, layout.language, font, features = kept
        layout.style, layout.first_line_direction = style, 0
        layout.ascent = layout.underline_position = layout.strikethrough_position = None
        pango = breaks.pango
        made = pango.pango_layout_new(context)
        layout.layout = breaks.ffi.gc(made, breaks.gobject.g_object_unref)
        pango.pango_layout_set_auto_dir(made, False)
        pango.pango_layout_set_font_description(made, font)
        if features is not None:
            # A list of its own, which set_text() adds to.
            attributes = pango.pango_attr_list_new()
            pango.pango_attr_list_insert(attributes, features)
            pango.pango_layout_set_attributes(made, attributes)

    return setup


def _told(breaks: Any, style: Any) -> tuple[Any, ...]:  # noqa: ANN401
    """Return what Pango is told of a style: context, language, font and features."""
    pango, ffi = breaks.pango, breaks.ffi
    made = pango.pango_font_map_create_context(style.font_config.font_map)
    context = ffi.gc(made, breaks.gobject.g_object_unref)
    pango.pango_context_set_round_glyph_positions(context, False)
    side = breaks.PANGO_DIRECTION[style["direction"]]
    pango.pango_context_set_base_dir(context, side)
    language = pango.pango_language_get_default()
    name = style["lang"]
    if style["font_language_override"] != "normal":
        name = style["font_language_override"]
        name = breaks.LST_TO_ISO.get(name.lower(), name)
    if name:
        language = pango.pango_language_from_string(breaks.unicode_to_char_p(name)[0])
        pango.pango_context_set_language(context, language)
    font = breaks.get_font_description(style)
    wanted = breaks.font_features(*(style[name] for name in _FEATURES))
    features = None
    if wanted:
        text = ",".join(f"{name} {value}" for name, value in wanted.items()).encode()
        known = style.font_config.font_features
        if text not in known:
            known[text] = pango.pango_attr_font_features_new(text)
        features = known[text]
    return context, language, font, features


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
