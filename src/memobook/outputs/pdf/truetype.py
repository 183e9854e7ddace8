"""Take TrueType programs apart into glyphs, and write one of the glyphs of many.

What goes in: the programs that WeasyPrint embeds. What comes out: glyphs that can be
compared, whatever their subset calls their components; and a program with all that a
CIDFont asks for.

https://learn.microsoft.com/typography/opentype/spec/glyf
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import NamedTuple

import uharfbuzz as hb
from fontTools.ttLib.sfnt import SFNTWriter

__all__ = ["Glyph", "Program", "read_program", "written_program"]


class Glyph(NamedTuple):
    """What a glyph draws, whatever its subset calls its components.

    WeasyPrint cuts a subset after the text's last glyph, and numbers components beyond
    it anew. So they are known by what they draw, and not by their numbers.
    """

    outline: bytes
    """Its entry in glyf, where the number of every component is 0."""
    metrics: bytes
    """As in hmtx: advance width and left side bearing, in units of the font."""
    components: tuple[Glyph, ...] = ()


_TABLES = "glyf head hhea hmtx loca maxp name".split()
_HINTS = ("cvt ", "fpgm", "prep")

# Where in a composite's outline do its components stand, and what follows each?
# https://learn.microsoft.com/typography/opentype/spec/glyf#composite-glyph-description
_COMPOSITE = b"\x80"  # the first byte of a negative count of contours
_FIRST_COMPONENT = 10
_MORE_COMPONENTS = 0x20
_SIZES = ((0x01, 2), (0x08, 2), (0x40, 4), (0x80, 8))
"""Flag -> bytes that it adds to the 6 of a component."""


@dataclass(slots=True)
class Program:
    """A TrueType program, of which only the glyphs that are asked for are read."""

    tables: dict[str, bytes]
    characters: Mapping[int, int]  # code points and their glyphs
    offsets: tuple[int, ...]
    """Where each glyph begins in glyf, and where the last one ends, in units."""
    unit: int
    """Bytes of which the offsets are a count."""
    advances: int
    """How many glyphs have one in hmtx; the last one holds for all that follow."""
    glyphs: dict[int, Glyph] = field(default_factory=dict)
    """Those that were read."""

    def shown(self, numbers: set[int]) -> dict[int, Glyph] | None:
        """Return glyphs by number; None if others draw, which would be lost."""
        if max(numbers) >= len(self.offsets) - 1:
            return None
        found = {number: self._glyph(number) for number in sorted(numbers)}
        drawing = sum(1 for glyph in self.glyphs.values() if glyph.outline)
        return found if drawing == len(set(self.offsets)) - 1 else None

    def facts(self) -> Iterator[bytes]:
        """Yield what is the same in each subset: no counts, sums and formats."""
        head, hhea, maxp = (self.tables[tag] for tag in ("head", "hhea", "maxp"))
        yield from (head[:8], head[12:50], hhea[:34], maxp[:4], maxp[6:])
        yield from (self.tables[tag] for tag in ("name", *_HINTS))

    def _glyph(self, number: int) -> Glyph:
        if number in self.glyphs:
            return self.glyphs[number]
        start, end = self.offsets[number : number + 2]
        outline = self.tables["glyf"][start * self.unit : end * self.unit]
        if len(outline) % 2:  # with short offsets none is odd, with long ones it may be
            outline += b"\0"
        components: tuple[Glyph, ...] = ()
        if outline[:1] >= _COMPOSITE:
            outline, components = self._composite(outline)
        found = Glyph(outline, self._metrics(number), components)
        self.glyphs[number] = found
        return found

    def _composite(self, outline: bytes) -> tuple[bytes, tuple[Glyph, ...]]:
        bare = bytearray(outline)
        components: list[Glyph] = []
        for place in _component_places(outline):
            components.append(self._glyph(*struct.unpack_from(">H", outline, place)))
            struct.pack_into(">H", bare, place, 0)
        return bytes(bare), tuple(components)

    def _metrics(self, number: int) -> bytes:
        hmtx = self.tables["hmtx"]
        if number < self.advances:
            return hmtx[4 * number : 4 * number + 4]
        last = self.advances - 1  # bearings alone follow it
        bearing = 2 * (number + self.advances)
        return hmtx[4 * last : 4 * last + 2] + hmtx[bearing : bearing + 2]


def read_program(data: bytes) -> Program | None:
    """Return a program, or None if it has no TrueType outlines."""
    face = hb.Face(data)
    tables = {t: bytes(face.reference_table(t).data) for t in (*_TABLES, *_HINTS)}
    loca = tables["loca"]
    if not loca:
        return None
    # indexToLocFormat; a short offset counts pairs of bytes.
    code, size, unit = ("L", 4, 1) if tables["head"][51] else ("H", 2, 2)
    offsets = struct.unpack(f">{len(loca) // size}{code}", loca)
    (advances,) = struct.unpack_from(">H", tables["hhea"], 34)
    font = hb.Font(face)
    characters = {c: font.get_nominal_glyph(c) for c in face.unicodes}
    return Program(tables, characters, offsets, unit, advances)


def _component_places(outline: bytes) -> Iterator[int]:
    """Yield where a composite's outline names its components; nothing for others."""
    if outline[:1] < _COMPOSITE:
        return
    place, flags = _FIRST_COMPONENT, _MORE_COMPONENTS
    while flags & _MORE_COMPONENTS:
        (flags,) = struct.unpack_from(">H", outline, place)
        yield place + 2
        place += 6 + sum(size for flag, size in _SIZES if flags & flag)


def written_program(
    tables: Mapping[str, bytes],
    glyphs: Mapping[int, Glyph],
    characters: Mapping[int, int],
) -> bytes:
    """Return a program of what a CIDFont asks for: ISO 32000-1, table 126."""
    complete, numbers = _with_components(glyphs)
    glyf, offsets, hmtx = bytearray(), [0], bytearray()
    for number in range(max(complete) + 1):
        glyph = complete.get(number, Glyph(b"", bytes(4)))
        outline = bytearray(glyph.outline)
        places = _component_places(glyph.outline)
        for place, component in zip(places, glyph.components, strict=True):
            struct.pack_into(">H", outline, place, numbers[component])
        glyf += outline
        offsets.append(len(glyf))
        hmtx += glyph.metrics
    total = struct.pack(">H", len(offsets) - 1)
    head, hhea, maxp = (tables[tag] for tag in ("head", "hhea", "maxp"))
    known = {code: n for code, n in sorted(characters.items()) if n in glyphs}
    made = {"glyf": bytes(glyf), "hmtx": bytes(hmtx), "cmap": _written_cmap(known)}
    made |= {tag: tables[tag] for tag in _HINTS if tables[tag]}
    made["loca"] = struct.pack(f">{len(offsets)}L", *offsets)
    made["head"] = head[:50] + struct.pack(">h", 1) + head[52:]
    made["hhea"] = hhea[:34] + total
    made["maxp"] = maxp[:4] + total + maxp[6:]
    return _sfnt(made)


def _written_cmap(characters: Mapping[int, int]) -> bytes:
    """Return a cmap, of format 12, which the text does without.

    FreeType's autohinter looks up in it how high an x is; Ghostscript draws with that.
    """
    groups = b"".join(struct.pack(">3L", c, c, n) for c, n in characters.items())
    head = struct.pack(">2H3L", 12, 0, 16 + len(groups), 0, len(characters))
    return struct.pack(">4HL", 0, 1, 3, 10, 12) + head + groups


def _sfnt(tables: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    writer = SFNTWriter(out, len(tables))
    for tag, table in sorted(tables.items()):
        writer[tag] = table
    writer.close()
    return out.getvalue()


def _with_components(
    glyphs: Mapping[int, Glyph],
) -> tuple[dict[int, Glyph], dict[Glyph, int]]:
    """Return glyphs with all of their components, by number and by glyph.

    A component that is no glyph of the text gets a number that the text does not use.
    """
    complete = dict(sorted(glyphs.items()))
    numbers = {glyph: number for number, glyph in reversed(complete.items())}
    free = (number for number in count(1) if number not in glyphs)
    waiting = list(complete.values())
    for glyph in waiting:
        for component in glyph.components:
            if component not in numbers:
                numbers[component] = next(free)
                complete[numbers[component]] = component
                waiting.append(component)
    return complete, numbers
