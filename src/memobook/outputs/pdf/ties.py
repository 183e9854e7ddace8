"""Tie link annotations to their elements in the structure tree of a sheet.

What goes in: a Link, and an annotation for every box of its `a`. What comes out: one
annotation a line. WeasyPrint makes one for emphasis or code in a link, too, which lies
on the first. ISO 32000-1, 14.8.4.4.2
"""

from __future__ import annotations

from collections.abc import Iterable

from memobook.outputs.pdf.elements import Annotation, Box, Element

__all__ = ["tie"]


def tie(link: Element, annotations: Iterable[Annotation]) -> None:
    """Give a link its annotations; one that lies on another joins it."""
    for annotation in annotations:
        mate = next((a for a in _ties(link) if _is_within(annotation, a)), None)
        if mate is None:
            link.add(annotation)
        else:
            mate.box = _union(mate.box, annotation.box)


def _ties(link: Element) -> Iterable[Annotation]:
    return (kid for kid in link.kids if isinstance(kid, Annotation))


def _is_within(one: Annotation, around: Annotation) -> bool:
    """Tell whether one stands on the same line, not wider than the one around it."""
    box, outer = one.box, around.box
    middle = (box[1] + box[3]) / 2
    is_on_line = one.page == around.page and outer[1] <= middle <= outer[3]
    return is_on_line and box[0] >= outer[0] - 1 and box[2] <= outer[2] + 1


def _union(one: Box, other: Box) -> Box:
    return (
        min(one[0], other[0]),
        min(one[1], other[1]),
        max(one[2], other[2]),
        max(one[3], other[3]),
    )
