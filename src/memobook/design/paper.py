"""Papers: how large a page is, where the text stands on it, and how large it is.

What goes in: the name or size of a paper and the author's wishes. What comes out: a
page whose measure holds 60 to 72 characters of a line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from memobook.project.schema import BookFile

__all__ = [
    "MARGIN_BOXES",
    "MILLIMETRES_PER_INCH",
    "PIXELS_PER_MILLIMETRE",
    "POINTS_PER_MILLIMETRE",
    "POINTS_PER_PIXEL",
    "PRESETS",
    "Paper",
    "paper",
]

# https://www.w3.org/TR/css-page-3/#margin-boxes
MARGIN_BOXES = (
    "top-left-corner top-left top-center top-right top-right-corner left-top "
    "left-middle left-bottom right-top right-middle right-bottom bottom-left-corner "
    "bottom-left bottom-center bottom-right bottom-right-corner"
).split()

# The absolute lengths. https://www.w3.org/TR/css-values-4/#absolute-lengths
POINTS_PER_PIXEL = 72 / 96
MILLIMETRES_PER_INCH = 25.4
POINTS_PER_MILLIMETRE = 72 / 25.4
PIXELS_PER_MILLIMETRE = 96 / 25.4

# How many millimetres is one unit?
_MILLIMETRES = {"mm": 1.0, "cm": 10.0, "in": 25.4, "pt": 25.4 / 72}


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A page; all lengths in millimetres, but for those that say points."""

    width: float
    height: float
    top: float
    bottom: float
    inner: float
    """At the spine: left on a right-hand page."""
    outer: float
    text_size: float
    """Points."""
    leading: float
    """Points from baseline to baseline."""

    @property
    def measure(self) -> float:
        """The width of the text."""
        return self.width - self.inner - self.outer

    @property
    def lines(self) -> float:
        """How many lines of text stand on a full page."""
        leading = self.leading / POINTS_PER_MILLIMETRE
        return (self.height - self.top - self.bottom) / leading

    @property
    def characters(self) -> float:
        """About how many characters a page of text holds, with what it leaves empty."""
        width = self.measure * POINTS_PER_MILLIMETRE
        return self.lines * 2 * width / self.text_size * 0.83


# Literata sets about two characters on the width of its own size, so a measure of 31
# times the size holds about 65.
PRESETS = {
    "letter": Paper(
        width=215.9, height=279.4, top=28, bottom=30, inner=42, outer=53,
        text_size=11, leading=15.5,
    ),
    "a4": Paper(
        width=210, height=297, top=29, bottom=33, inner=40, outer=51,
        text_size=11, leading=15.5,
    ),
    "a5": Paper(
        width=148, height=210, top=20, bottom=23, inner=18, outer=22,
        text_size=9.75, leading=13.75,
    ),
    "6x9in": Paper(
        width=152.4, height=228.6, top=22, bottom=25, inner=19, outer=23,
        text_size=10, leading=14.25,
    ),
}  # fmt: skip


def paper(settings: BookFile) -> Paper:
    """Return the paper of a book, with the author's own sizes where there are some."""
    name = settings.pdf.paper
    found = PRESETS.get(name) or _scaled(*map(_millimetres, name.split()))
    style = settings.style
    if style.text_size:
        size = _points(style.text_size)
        found = replace(found, text_size=size, leading=round(size * 1.4, 2))
    if style.leading:
        found = replace(found, leading=_points(style.leading))
    if style.measure:
        share = found.inner / (found.inner + found.outer)
        margins = found.width - _millimetres(style.measure)
        inner = round(margins * share, 3)
        found = replace(found, inner=inner, outer=round(margins - inner, 3))
    return found


def _scaled(width: float, height: float) -> Paper:
    """Return a paper of any size, its margins in the proportions of the nearest one."""
    nearest = min(PRESETS.values(), key=lambda p: abs(p.width - width))
    across, down = width / nearest.width, height / nearest.height
    return replace(
        nearest,
        width=width,
        height=height,
        top=round(nearest.top * down, 2),
        bottom=round(nearest.bottom * down, 2),
        inner=round(nearest.inner * across, 2),
        outer=round(nearest.outer * across, 2),
    )


def _millimetres(length: str) -> float:
    found = re.fullmatch(r"([\d.]+)(mm|cm|in|pt)", length)
    if found is None:
        message = f"{length} is no length"
        raise ValueError(message)
    return float(found[1]) * _MILLIMETRES[found[2]]


def _points(length: str) -> float:
    return round(_millimetres(length) / _MILLIMETRES["pt"], 2)
