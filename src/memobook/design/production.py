"""What a printing house asks for: colour beyond the edge, and marks where to cut.

What goes in: the settings of the PDF. What comes out: a style sheet, if there is need
of one. The page itself, which the marks enclose, keeps its size.
"""

from __future__ import annotations

from collections.abc import Iterator

from memobook.design.section import Stylesheet
from memobook.project.schema import PdfTable

__all__ = ["PRODUCTION", "production_sheets"]

PRODUCTION = "memobook/production.css"

_MARKS = "5mm"
"""The room for marks outside what is printed."""


def production_sheets(settings: PdfTable) -> Iterator[Stylesheet]:
    """Yield the sheet for bleed and crop marks; none where neither is wanted."""
    if not settings.bleed and not settings.crop_marks:
        return
    bleed = settings.bleed or "0mm"
    marks = "marks: crop" if settings.crop_marks else ""
    # The cover is the only page with colour at its edge.
    rules = (
        f"@page {{ bleed: {_sum(bleed, settings.crop_marks)}; {marks} }}\n"
        f".cover-band {{ margin: calc(-1 * {bleed}) calc(-1 * {bleed}) 0;"
        f" padding: calc(var(--page-height) * 0.11 + {bleed})"
        f" calc(var(--page-width) * 0.11 + {bleed}) calc(var(--page-width) * 0.11);"
        f" height: calc(var(--page-height) * 0.66 + {bleed}) }}"
    )
    yield Stylesheet(PRODUCTION, rules, is_builtin=True)


_MILLIMETRES = {"mm": 1.0, "cm": 10.0, "in": 25.4, "pt": 25.4 / 72}


def _sum(bleed: str, marks: bool) -> str:
    """Return how far the sheet goes beyond the page: `bleed` takes no calc()."""
    number, unit = float(bleed[:-2]), bleed[-2:]
    room = number * _MILLIMETRES[unit] + (float(_MARKS[:-2]) if marks else 0)
    return f"{room:g}mm"
