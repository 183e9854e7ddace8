"""Write where a book's anchors stand, and its outline, which readers show as bookmarks.

What goes in: anchors and their places. What comes out: entries of the catalogue.
ISO 32000-1, 12.3
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pikepdf

from memobook.outputs.pdf.leaves import OutlineItem, visible
from memobook.outputs.pdf.links import spelt, spelt_number
from memobook.outputs.pdf.sheet import Place
from memobook.outputs.pdf.writer import Writer

__all__ = ["OutlineItem", "write_destinations", "write_outline"]


def write_destinations(
    writer: Writer,
    places: Mapping[str, Place],
    pages: Sequence[int],
    elements: Mapping[str, int],
) -> bytes:
    """Write the anchors' tree of names; return its entry of the catalogue's names.

    `elements` are the numbers of what the anchors stand for: PDF 2.0 has links lead to
    them, too. ISO 32000-2, 12.3.2.3
    """
    found: list[tuple[bytes, bytes]] = []
    for anchor, place in places.items():
        name = pikepdf.String(anchor)
        x, y = map(spelt_number, (place.x, place.y))
        # A null zoom keeps the reader's own.
        spot = b"/XYZ %b %b null" % (x, y)
        there = b"[ %d 0 R %b ]" % (pages[place.page], spot)
        if anchor in elements:
            element = b"[ %d 0 R %b ]" % (elements[anchor], spot)
            there = b"<< /D %b /SD %b >>" % (there, element)
        found.append((bytes(name), name.unparse() + b" " + there))
    names = b" ".join(entry for _, entry in sorted(found))
    tree = writer.add(b"<< /Names [ %b ] >>" % names)
    return b"/Dests %d 0 R " % tree


def write_outline(
    writer: Writer, outline: Sequence[OutlineItem], names: Mapping[str, bytes]
) -> bytes:
    """Write the outline; return its entry of the catalogue.

    Raises ValueError for an item whose anchor has no name.
    """
    if not outline:
        return b""
    root = writer.reserve()
    ends = _write_items(writer, outline, names, root)
    facts = b"<< /Count %d %b/Type /Outlines >>" % (visible(outline), ends)
    writer.put(root, facts)
    return b"/Outlines %d 0 R " % root


def _write_items(
    writer: Writer,
    items: Sequence[OutlineItem],
    names: Mapping[str, bytes],
    parent: int,
) -> bytes:
    """Write the items below another; return the entries that lead to them."""
    first = writer.reserve(len(items))
    last = first + len(items) - 1
    for number, item in enumerate(items, first):
        if item.anchor not in names:
            message = f"the outline leads to {item.anchor!r}, which no sheet has"
            raise ValueError(message)
        facts = b"/Dest %b /Parent %d 0 R " % (names[item.anchor], parent)
        if item.children:
            ends = _write_items(writer, item.children, names, number)
            # A negative count says that the item is closed.
            count = item.visible if item.is_open else -item.visible
            facts += b"/Count %d %b" % (count, ends)
        if number > first:
            facts += b"/Prev %d 0 R " % (number - 1)
        if number < last:
            facts += b"/Next %d 0 R " % (number + 1)
        writer.put(number, b"<< %b/Title %b >>" % (facts, spelt(item.title)))
    return b"/First %d 0 R /Last %d 0 R " % (first, last)
