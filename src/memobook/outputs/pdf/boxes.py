"""Ask WeasyPrint's boxes where things stand after a layout.

What goes in: a laid-out document. What comes out: the places of its anchors, and the
notes that did not fit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from memobook.design.paper import POINTS_PER_PIXEL
from memobook.outputs.pdf.sheet import Place

if TYPE_CHECKING:
    from weasyprint.document import Document
    from weasyprint.formatting_structure.boxes import Box

__all__ = ["TALLEST_NOTE", "anchors_of", "lost_notes", "too_tall"]

TALLEST_NOTE = 0.6
"""Share of the text area's height that a note may take. WeasyPrint never breaks a note,
and cuts off what does not fit; the rest of the height is for the line of its call."""


def anchors_of(document: Document) -> dict[str, Place]:
    """Return where every id of a document stands."""
    # WeasyPrint's own style sheet makes an anchor of every id.
    found: dict[str, Place] = {}
    for number, page in enumerate(document.pages):
        for name, (x, y, _, _) in page.anchors.items():
            # A box that is broken over pages is found at its beginning.
            place = Place(
                number, x * POINTS_PER_PIXEL, (page.height - y) * POINTS_PER_PIXEL
            )
            found.setdefault(name, place)
    return found


def too_tall(document: Document) -> frozenset[str]:
    """Return the ids of the notes that take too much of a page, or overflow it."""
    # The page's boxes are WeasyPrint's own business, but nothing else knows a height.
    found: set[str] = set()
    for page in document.pages:
        box = page._page_box
        for area in box.children:
            if type(area).__name__ != "FootnoteAreaBox":
                continue
            heights = _note_heights(area)
            found |= {i for i, h in heights.items() if h > box.height * TALLEST_NOTE}
            if area.position_y < box.content_box_y() and heights:
                found.add(max(heights, key=lambda i: (heights[i], i)))
    return frozenset(found)


def _note_heights(area: Box) -> dict[str, float]:
    heights: dict[str, float] = {}
    for box in area.descendants():
        if box.element is None or not _is_note(box.element):
            continue
        # The lines of a note belong to the same element: its own box is the tallest.
        name = box.element.get("id")
        heights[name] = max(heights.get(name, 0), box.margin_height())
    return heights


def lost_notes(document: Document, anchors: dict[str, Place]) -> frozenset[str]:
    """Return the ids of the notes that stand nowhere."""
    root = document._html.etree_element
    notes = {e.get("id") for e in root.iter() if _is_note(e)}
    return frozenset(notes - anchors.keys())


def _is_note(element: Element) -> bool:
    return "footnote" in element.get("class", "").split() and bool(element.get("id"))
