"""Move the boxes of pictures with the pages that they stand on.

What goes in: the objects of a sheet, and how far each of its pages was moved to the
side. What comes out: the same, the box of each Figure where the picture is now. A
sheet's pages are laid out as right-hand ones; see furniture.py.

ISO 32000-1, table 344: BBox
"""

from __future__ import annotations

import re
from collections.abc import Mapping

__all__ = ["move_boxes"]

_BOX = re.compile(rb"/BBox \[ (\S+) (\S+) (\S+) (\S+) \]")
_PAGE = re.compile(rb"/Pg (\d+) 0 R")
_DRAWN = re.compile(rb"/S /(Figure|Formula)\b")


def move_boxes(texts: dict[int, bytes], shifts: Mapping[int, float]) -> None:
    """Change the boxes in place; `shifts` are points by the pages' numbers."""
    for number, text in texts.items():
        if not _DRAWN.search(text):
            continue
        page, box = _PAGE.search(text), _BOX.search(text)
        shift = shifts.get(int(page[1]), 0.0) if page else 0.0
        if box and shift:
            left, lower, right, upper = box.groups()
            edges = (float(left) + shift, lower, float(right) + shift, upper)
            moved = b"/BBox [ %.4f %b %.4f %b ]" % edges
            texts[number] = text[: box.start()] + moved + text[box.end() :]
