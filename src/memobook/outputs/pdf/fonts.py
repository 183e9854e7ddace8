"""Share the fonts of a bound book: each face once, whatever the number of sheets.

What goes in: a PDF bound of sheets, each with its own subsets of the same faces. It is
changed in place: the subsets of a face become one, which has the glyphs of all.

WeasyPrint 70 keeps the numbers of the glyphs in a subset (HB_SUBSET_FLAGS_RETAIN_GIDS
in its pdf/fonts.py), so a text that is written in them says the same with the union.
Subsets are put together only if they draw every common glyph alike: a wrong guess about
a face cannot change a page. What is no such TrueType font stays as it is: CFF, bitmaps,
a font that lacks a character.

ISO 32000-1, 9.7 and 9.9; https://learn.microsoft.com/typography/opentype/spec/glyf
"""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Hashable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import count
from typing import NamedTuple, TypeVar

import uharfbuzz as hb
from fontTools.ttLib.sfnt import SFNTWriter
from pikepdf import Array, Dictionary, Name, Object, Pdf

__all__ = ["share_fonts"]

_Key = tuple[int, int]  # an object's number and generation


def share_fonts(pdf: Pdf) -> None:
    """Make one font of all subsets of a face; the pages look and read as before.

    Where two sheets give a glyph another text or width, each keeps a font of its own,
    but all have one program. Equal PDFs become equal ones.
    """
    uses = list(_uses(pdf))
    fonts = {font.objgen: font for _, _, font in uses}
    subsets = {key: subset for key, font in fonts.items() if (subset := _read(font))}
    unions = _Unions()
    places = {key: unions.add(subset) for key, subset in subsets.items()}
    unions.write(pdf, tuple(places.values()))
    for dictionary, name, font in uses:
        if font.objgen in places:
            *_, text = places[font.objgen]
            dictionary[name] = unions.firsts[text].font


def _uses(pdf: Pdf) -> Iterator[tuple[Object, str, Object]]:
    """Yield each font of pages, form XObjects and patterns after what names it."""
    seen: set[_Key] = set()
    waiting: list[Object] = [page.obj for page in reversed(pdf.pages)]
    while waiting:
        owner = waiting.pop()
        resources = owner.get(Name.Resources, Dictionary())
        # Pages of a sheet have theirs in common, and a form stands on many pages.
        key = resources.objgen if resources.is_indirect else owner.objgen
        if key in seen:
            continue
        seen.add(key)
        for name, font in sorted(resources.get(Name.Font, Dictionary()).items()):
            if font.is_indirect and font.get(Name.Subtype) == Name.Type0:
                yield resources.Font, name, font
        for kind in (Name.XObject, Name.Pattern):
            waiting += resources.get(kind, Dictionary()).values()


class _Glyph(NamedTuple):
    """What a glyph draws, whatever its subset calls its components.

    WeasyPrint cuts a subset after the text's last glyph, and numbers components beyond
    it anew. So they are known by what they draw, and not by their numbers.
    """

    outline: bytes
    """Its entry in glyf, where the number of every component is 0."""
    metrics: bytes
    """As in hmtx: advance width and left side bearing, in units of the font."""
    components: tuple[_Glyph, ...] = ()


@dataclass(frozen=True, slots=True)
class _Subset:
    """A sheet's font, read."""

    font: Object
    cid_font: Object  # has the widths
    descriptor: Object  # has the program
    program: _Program
    glyphs: Mapping[int, _Glyph]
    """Those that the text can name, and .notdef."""
    widths: Mapping[int, bytes]  # in thousandths of the font's size, as written
    texts: Mapping[int, bytes]  # what each glyph spells: UTF-16 in hexadecimal


def _read(font: Object) -> _Subset | None:
    """Return what a font holds, or None if it is not of the kind that can be shared."""
    cid_font = font.DescendantFonts[0]
    descriptor = cid_font.get(Name.FontDescriptor, Dictionary())
    codes = (font.get(Name.Encoding), cid_font.get(Name.CIDToGIDMap))
    is_plain = codes == (Name("/Identity-H"), Name.Identity)
    if not (is_plain and Name.FontFile2 in descriptor and Name.ToUnicode in font):
        return None
    widths = _widths(cid_font.get(Name.W, Array()).unparse())
    texts = _texts(font.ToUnicode.read_bytes())
    program = _program(descriptor.FontFile2.read_bytes())
    glyphs = program.shown({0, *widths}) if program else None
    if not (widths and texts and program and glyphs):
        return None
    return _Subset(font, cid_font, descriptor, program, glyphs, widths, texts)


_FIXED_PITCH = 1 << 0  # of a descriptor's flags: ISO 32000-1, table 123


def _facts(subset: _Subset) -> tuple[bytes, bytes]:
    """Return what its dictionaries say, without what depends on the glyphs."""
    metrics, described = copy(subset.cid_font), copy(subset.descriptor)
    del metrics.W, metrics.FontDescriptor, described.FontFile2, described.FontBBox
    described.Flags = int(described.Flags) & ~_FIXED_PITCH
    return metrics.unparse(), described.unparse()


_RUN = re.compile(rb"(\d+)\s*\[([^\[\]]*)\]")


def _widths(array: bytes) -> dict[int, bytes]:
    """Return a W array's widths; {} if it is not written as WeasyPrint writes it."""
    if _RUN.sub(b"", array).strip(b"[] \n"):
        return {}
    return {
        number: width
        for first, run in _RUN.findall(array)
        for number, width in enumerate(run.split(), int(first))
    }


_HEAD_END = b"endcodespacerange\n"
_TEXT = re.compile(rb"<([0-9A-Fa-f]{4})>\s*<([0-9A-Fa-f]*)>")


def _texts(cmap: bytes) -> dict[int, bytes]:
    """Return a ToUnicode map's texts; {} if it is not written as WeasyPrint does."""
    _, _, body = cmap.partition(_HEAD_END)
    if b"bfrange" in body:
        return {}
    return {int(number, 16): text.lower() for number, text in _TEXT.findall(body)}


# TrueType programs

_TABLES = "glyf head hhea hmtx loca maxp name".split()
_HINTS = ("cvt ", "fpgm", "prep")

# Where in a composite's outline do its components stand, and what follows each?
# https://learn.microsoft.com/typography/opentype/spec/glyf#composite-glyph-description
_FIRST_COMPONENT = 10
_MORE_COMPONENTS = 0x20
_SIZES = ((0x01, 2), (0x08, 2), (0x40, 4), (0x80, 8))
"""Flag -> bytes that it adds to the 6 of a component."""


@dataclass(slots=True)
class _Program:
    """A TrueType program, of which only the glyphs that are asked for are read."""

    tables: dict[str, bytes]
    characters: Mapping[int, int]  # code points and their glyphs
    offsets: tuple[int, ...]
    """Where each glyph begins in glyf, and where the last one ends."""
    glyphs: dict[int, _Glyph] = field(default_factory=dict)
    """Those that were read."""

    def shown(self, numbers: set[int]) -> dict[int, _Glyph] | None:
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

    def _glyph(self, number: int) -> _Glyph:
        if number in self.glyphs:
            return self.glyphs[number]
        start, end = self.offsets[number : number + 2]
        outline = self.tables["glyf"][start:end]
        # With short offsets every length is even, with long ones it need not be.
        bare = bytearray(outline + b"\0" * (len(outline) % 2))
        components: list[_Glyph] = []
        for place in _component_places(outline):
            components.append(self._glyph(*struct.unpack_from(">H", outline, place)))
            struct.pack_into(">H", bare, place, 0)
        found = _Glyph(bytes(bare), self._metrics(number), tuple(components))
        self.glyphs[number] = found
        return found

    def _metrics(self, number: int) -> bytes:
        hmtx = self.tables["hmtx"]
        (full,) = struct.unpack_from(">H", self.tables["hhea"], 34)
        # The last advance holds for all glyphs that follow; they have bearings alone.
        last = min(number, full - 1)
        bearing = 2 * (number + last + 1)
        return hmtx[4 * last : 4 * last + 2] + hmtx[bearing : bearing + 2]


def _program(data: bytes) -> _Program | None:
    face = hb.Face(data)
    tables = {t: bytes(face.reference_table(t).data) for t in (*_TABLES, *_HINTS)}
    if not tables["loca"]:
        return None
    code, unit = (">L", 1) if tables["head"][51] else (">H", 2)  # indexToLocFormat
    starts = struct.iter_unpack(code, tables["loca"])
    font = hb.Font(face)
    characters = {c: font.get_nominal_glyph(c) for c in face.unicodes}
    return _Program(tables, characters, tuple(at * unit for (at,) in starts))


def _component_places(outline: bytes) -> Iterator[int]:
    """Yield where a composite's outline names its components; nothing for others."""
    if outline[:1] < b"\x80":  # a composite has -1 contours
        return
    place, flags = _FIRST_COMPONENT, _MORE_COMPONENTS
    while flags & _MORE_COMPONENTS:
        (flags,) = struct.unpack_from(">H", outline, place)
        yield place + 2
        place += 6 + sum(size for flag, size in _SIZES if flags & flag)


def _written_program(
    tables: Mapping[str, bytes],
    glyphs: Mapping[int, _Glyph],
    characters: Mapping[int, int],
) -> bytes:
    """Return a program of what a CIDFont asks for: ISO 32000-1, table 126."""
    complete, numbers = _with_components(glyphs)
    glyf, offsets, hmtx = bytearray(), [0], bytearray()
    for number in range(max(complete) + 1):
        glyph = complete.get(number, _Glyph(b"", bytes(4)))
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
    glyphs: Mapping[int, _Glyph],
) -> tuple[dict[int, _Glyph], dict[_Glyph, int]]:
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


# Putting subsets together

_Value = TypeVar("_Value")


def _join(
    unions: dict[Hashable, dict[int, _Value]], key: Hashable, one: Mapping[int, _Value]
) -> Hashable:
    """Add a map to the first union under its key that agrees; return which that is."""
    number = 0
    while True:
        known = unions.setdefault((key, number), {})
        if all(known.get(glyph, value) == value for glyph, value in one.items()):
            known.update(one)
            return key, number
        number += 1


_Place = tuple[Hashable, Hashable, Hashable, Hashable]
"""Keys of the unions that a subset is in: orders, glyphs, widths, texts."""


@dataclass(slots=True)
class _Unions:
    """What subsets say without a contradiction, put together."""

    orders: dict[Hashable, dict[int, int]] = field(default_factory=dict)
    """Code points and their glyphs: another cut has other numbers."""
    glyphs: dict[Hashable, dict[int, _Glyph]] = field(default_factory=dict)
    widths: dict[Hashable, dict[int, bytes]] = field(default_factory=dict)
    texts: dict[Hashable, dict[int, bytes]] = field(default_factory=dict)
    firsts: dict[Hashable, _Subset] = field(default_factory=dict)
    """By any key: the subset whose objects become the shared ones."""

    def add(self, subset: _Subset) -> _Place:
        """Put a subset to those that it agrees with."""
        facts = (str(subset.font.BaseFont), *subset.program.facts())
        order = _join(self.orders, facts, subset.program.characters)
        face = _join(self.glyphs, order, subset.glyphs)
        width = _join(self.widths, (face, _facts(subset)), subset.widths)
        text = _join(self.texts, width, subset.texts)
        for key in (face, width, text):
            self.firsts.setdefault(key, subset)
        return order, face, width, text

    def write(self, pdf: Pdf, places: Sequence[_Place]) -> None:
        """Make the shared fonts of the first subsets' objects."""
        programs: dict[Hashable, Object] = {}
        for order, face, width, text in dict.fromkeys(places):
            if face not in programs:
                tables = self.firsts[face].program.tables
                data = _written_program(tables, self.glyphs[face], self.orders[order])
                programs[face] = pdf.make_stream(data, Length1=len(data))
            measured, font = self.firsts[width], self.firsts[text].font
            measured.descriptor.FontFile2 = programs[face]
            _measure(measured, self.widths[width])
            font.DescendantFonts = Array([measured.cid_font])
            _spell(pdf, font, self.texts[text])


def _measure(subset: _Subset, widths: Mapping[int, bytes]) -> None:
    """Give a subset's objects the widths, and what follows from them."""
    values = {Decimal(width.decode()) for width in widths.values()}
    is_fixed = len(widths) > 1 and len(values) == 1
    flags = int(subset.descriptor.Flags) & ~_FIXED_PITCH
    left, bottom, _, top = subset.descriptor.FontBBox
    subset.descriptor.FontBBox = Array([left, bottom, max(values), top])
    subset.descriptor.Flags = flags | _FIXED_PITCH * is_fixed
    parts: list[bytes] = []
    for number in sorted(widths):
        if number - 1 not in widths:
            parts.append(b"] %d [" % number)
        parts.append(widths[number])
    runs = b" ".join(parts).removeprefix(b"]")
    subset.cid_font.W = Object.parse(b"[%b]]" % runs)


_CMAP_END = b"endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
_BLOCK = 100  # the most entries of one: Adobe Technical Note 5014


def _spell(pdf: Pdf, font: Object, texts: Mapping[int, bytes]) -> None:
    """Give a font a ToUnicode map, which begins as the one that it has."""
    head, _, _ = font.ToUnicode.read_bytes().partition(_HEAD_END)
    lines = [b"<%04x> <%b>\n" % (number, texts[number]) for number in sorted(texts)]
    blocks = [lines[at : at + _BLOCK] for at in range(0, len(lines), _BLOCK)]
    body = b"".join(
        b"%d beginbfchar\n%bendbfchar\n" % (len(block), b"".join(block))
        for block in blocks
    )
    font.ToUnicode = pdf.make_stream(head + _HEAD_END + body + _CMAP_END)
