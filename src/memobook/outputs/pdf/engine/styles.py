"""Spare WeasyPrint 70 what it asks of its styles again and again.

What goes in: nothing. What comes out: WeasyPrint, whose styles take plain values
without a detour and whose boxes take lengths without percentages as they are. A box's
style is final before the box is laid out; where WeasyPrint changes one later, it
changes a copy, which begins without what was kept here.
"""

from __future__ import annotations

import importlib
import sys
from typing import Any

__all__ = ["replace_everywhere", "spare_styles"]


def spare_styles() -> None:
    """Spare WeasyPrint's styles; once in a process."""
    css: Any = importlib.import_module("weasyprint.css")
    css.ComputedStyle.__missing__ = _quick_values(css, css.ComputedStyle.__missing__)
    percent: Any = importlib.import_module("weasyprint.layout.percent")
    original = percent.resolve_percentages
    replace_everywhere(original, _quick_lengths(original))


def replace_everywhere(original: Any, other: Any) -> None:  # noqa: ANN401 (untyped)
    """Put a function in the place of another, in all modules that imported it."""
    for name, module in list(sys.modules.items()):
        if name.startswith("weasyprint."):
            for key, value in list(vars(module).items()):
                if value is original:
                    setattr(module, key, other)


# Which properties does a style not just inherit, or take the initial value of?
_INVOLVED = frozenset(["position", "float", "display", "page"])
_DECORATION = "text_decoration_"


def _quick_values(css: Any, original: Any) -> Any:  # noqa: ANN401
    """Take at once what nothing in the style sheets says.

    Two thirds of all values are of this kind, and each went through a function of 160
    lines.
    """
    plain = {
        key: key in css.INHERITED
        for key in css.INITIAL_VALUES
        if key not in _INVOLVED and not key.startswith(_DECORATION)
        if key in css.INHERITED or key not in css.INITIAL_NOT_COMPUTED
    }
    # A physical property may be set by a logical one, in either direction.
    others = {
        key: frozenset(f(block="ttb", inline=d) for d in ("ltr", "rtl"))
        for key, f in css.PHYSICAL_FUNCTIONS.items()
    }

    def __missing__(style: Any, key: str) -> Any:  # noqa: ANN401, N807
        is_inherited = plain.get(key)
        parent = style.parent_style
        if is_inherited is None or parent is None or key in style.cascaded:
            return original(style, key)
        if not others.get(key, frozenset()).isdisjoint(style.cascaded):
            return original(style, key)
        value = parent[key] if is_inherited else css.INITIAL_VALUES[key]
        style[key] = value
        return value

    return __missing__


# What a box gets of its style, in this order.
_SIDES = ("top", "right", "bottom", "left")
_LENGTHS = (
    *(f"{kind}_{side}" for kind in ("margin", "padding") for side in _SIDES),
    "width", "min_width", "max_width", "height", "min_height", "max_height",
)  # fmt: skip
_BORDERS = tuple(f"border_{side}_width" for side in _SIDES)


def _quick_lengths(original: Any) -> Any:  # noqa: ANN401
    """Give a box its lengths at once if none depends on the box around it."""

    def resolve_percentages(box: Any, containing_block: Any) -> None:  # noqa: ANN401
        kept = vars(box.style).get("memobook_lengths")
        if kept is None:
            kept = vars(box.style)["memobook_lengths"] = _fixed_lengths(box.style)
        if kept:
            vars(box).update(kept)
        else:
            original(box, containing_block)

    return resolve_percentages


def _fixed_lengths(style: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return the lengths in pixels by attribute; nothing if one is not fixed."""
    if style["border_collapse"] == "collapse" or style["box_sizing"] != "content-box":
        return {}
    found: dict[str, Any] = {}
    for name in _LENGTHS:
        value = style[name]
        unit = getattr(value, "unit", None)
        if value != "auto" and (unit is None or unit.lower() != "px"):
            return {}
        found[name] = value if value == "auto" else value.value
    for name in ("min_width", "min_height"):
        found[name] = 0 if found[name] == "auto" else found[name]
    return found | {name: style[name] for name in _BORDERS}
