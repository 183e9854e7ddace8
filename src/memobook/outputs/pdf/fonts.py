"""Share the fonts of a bound book: each face once, whatever the number of sheets.

What goes in: the sheets of a book, each with its own subsets of the same faces. What
comes out: fonts of which each has the glyphs of all subsets of a face.

WeasyPrint 70 keeps the numbers of the glyphs in a subset (HB_SUBSET_FLAGS_RETAIN_GIDS
in its pdf/fonts.py), so a text that is written in them says the same with the union.
Subsets are put together only if they draw every common glyph alike: a wrong guess about
a face cannot change a page. What is no such TrueType font stays as it is: CFF, bitmaps,
a font that lacks a character.

ISO 32000-1, 9.7 and 9.9
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar

from memobook.outputs.pdf.source import Source
from memobook.outputs.pdf.truetype import (
    Glyph,
    Program,
    read_program,
    written_program,
)
from memobook.outputs.pdf.writer import Writer

__all__ = ["SharedFonts"]


@dataclass(slots=True)
class SharedFonts:
    """The fonts of all sheets that were read; they are written when no more come.

    Where two sheets give a glyph another text or width, each keeps a font of its own,
    but all have one program. Equal sheets become equal fonts.
    """

    writer: Writer
    _unions: _Unions = field(init=False)
    _numbers: dict[_Place, int] = field(default_factory=dict)
    """Of the fonts that will be written, in the order of their first use."""

    def __post_init__(self) -> None:
        self._unions = _Unions()

    def take(self, source: Source) -> dict[int, int]:
        """Take a sheet's fonts out of it; return what to use in their stead."""
        begun = {n: t for n, t in source.objects.items() if t.startswith(_FONT)}
        fonts = [n for n, text in begun.items() if _CID_FONT.search(text)]
        subsets = {n: subset for n in fonts if (subset := _read(source, n))}
        found = {n: self._number(subset) for n, subset in subsets.items()}
        # A font that stays may have its widths in common with one that does not.
        stay = set[int]().union(*(_parts(source, n) for n in fonts if n not in found))
        source.drop(set[int]().union(*(_parts(source, n) for n in found)) - stay)
        return found

    def _number(self, subset: _Subset) -> int:
        place = self._unions.add(subset)
        if place not in self._numbers:
            self._numbers[place] = self.writer.reserve()
        return self._numbers[place]

    def write(self) -> None:
        """Write the fonts that were taken."""
        unions = self._unions
        programs: dict[Hashable, int] = {}
        measured: dict[Hashable, int] = {}
        for place, number in self._numbers.items():
            order, face, width, text = place
            if face not in programs:
                tables = unions.firsts[face].program.tables
                glyphs, characters = unions.glyphs[face], unions.orders[order]
                data = written_program(tables, glyphs, characters)
                head = b"<< /Length1 %d >>" % len(data)
                programs[face] = self.writer.compressed(head, data)
            if width not in measured:
                first, widths = unions.firsts[width], unions.widths[width]
                program = programs[face]
                measured[width] = _write_widths(self.writer, first, widths, program)
            spelt = _written_texts(unions.firsts[text].texts_head, unions.texts[text])
            texts = self.writer.compressed(b"<< >>", spelt)
            font = _CID_FONT.sub(
                b"/DescendantFonts [ %d 0 R ]" % measured[width],
                unions.firsts[text].font,
            )
            self.writer.put(number, _refer(font, b"ToUnicode", texts))


def _parts(source: Source, number: int) -> set[int]:
    """Return the objects that a font is made of."""
    return source.reached(number)


def _refer(text: bytes, key: bytes, number: int) -> bytes:
    return re.sub(rb"/%b \d+ 0 R" % key, b"/%b %d 0 R" % (key, number), text)


@dataclass(frozen=True, slots=True)
class _Subset:
    """A sheet's font, read."""

    font: bytes
    cid_font: bytes  # has the widths
    descriptor: bytes  # has the program
    program: Program
    glyphs: Mapping[int, Glyph]
    """Those that the text can name, and .notdef."""
    widths: Mapping[int, bytes]  # in thousandths of the font's size, as written
    texts: Mapping[int, bytes]  # what each glyph spells: UTF-16 in hexadecimal
    texts_head: bytes  # how the map of these begins


_FONT = b"<< /BaseFont "  # a string could hold it, but not in the beginning
_CID_FONT = re.compile(rb"/DescendantFonts \[ (\d+) 0 R \]")


def _read(source: Source, number: int) -> _Subset | None:
    """Return what a font holds, or None if it is not of the kind that can be shared."""
    font = source.objects[number]
    below = _CID_FONT.search(font)
    texts_at = source.value(number, b"ToUnicode")
    descriptor = source.value(int(below[1]), b"FontDescriptor") if below else None
    if not (below and texts_at and descriptor):
        return None
    cid_font = source.objects[int(below[1])]
    program_at = source.value(descriptor, b"FontFile2")
    is_plain = b"/Encoding /Identity-H " in font
    if not (program_at and is_plain and b"/CIDToGIDMap /Identity " in cid_font):
        return None
    head, end, body = source.streams[texts_at].decoded().partition(_HEAD_END)
    widths, texts = _widths(cid_font), _texts(body)
    program = read_program(source.streams[program_at].decoded())
    glyphs = program.shown({0, *widths}) if program else None
    if not (widths and texts and program and glyphs):
        return None
    described = source.objects[descriptor]
    return _Subset(
        font, cid_font, described, program, glyphs, widths, texts, head + end
    )


_FIXED_PITCH = 1 << 0  # of a descriptor's flags: ISO 32000-1, table 123
_WIDTHS = re.compile(rb"/W (\[[^/]*\])")
_BOX = re.compile(rb"/FontBBox \[ (\S+) (\S+) \S+ (\S+) \]")
_FLAGS = re.compile(rb"/Flags (\d+)")


def _facts(subset: _Subset) -> tuple[bytes, ...]:
    """Return what its dictionaries say, without what depends on the glyphs."""
    metrics = _refer(_WIDTHS.sub(b"", subset.cid_font), b"FontDescriptor", 0)
    described = _refer(_BOX.sub(b"", subset.descriptor), b"FontFile2", 0)
    return metrics, _with_flag(described, is_fixed=False)


def _with_flag(descriptor: bytes, *, is_fixed: bool) -> bytes:
    def flags(found: re.Match[bytes]) -> bytes:
        return b"/Flags %d" % (int(found[1]) & ~_FIXED_PITCH | _FIXED_PITCH * is_fixed)

    return _FLAGS.sub(flags, descriptor)


_RUN = re.compile(rb"(\d+)\s*\[([^\[\]]*)\]")


def _widths(cid_font: bytes) -> dict[int, bytes]:
    """Return a font's widths; {} if they are not written as WeasyPrint writes them."""
    array = _WIDTHS.search(cid_font)
    if array is None or _RUN.sub(b"", array[1]).strip(b"[] \n"):
        return {}
    return {
        number: width
        for first, run in _RUN.findall(array[1])
        for number, width in enumerate(run.split(), int(first))
    }


_HEAD_END = b"endcodespacerange\n"
_TEXT = re.compile(rb"<([0-9A-Fa-f]{4})>\s*<([0-9A-Fa-f]*)>")


def _texts(body: bytes) -> dict[int, bytes]:
    """Return a ToUnicode map's texts; {} if it is not written as WeasyPrint does."""
    if b"bfrange" in body:
        return {}
    return {int(number, 16): text.lower() for number, text in _TEXT.findall(body)}


# Putting subsets together

_Value = TypeVar("_Value")


def _join(
    unions: dict[Hashable, dict[int, _Value]], key: Hashable, one: Mapping[int, _Value]
) -> Hashable:
    """Add a map to the first union under its key that agrees; return which that is."""
    number = 0
    while True:
        known = unions.setdefault((key, number), {})
        if list(map(known.get, one, one.values())) == list(one.values()):
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
    glyphs: dict[Hashable, dict[int, Glyph]] = field(default_factory=dict)
    widths: dict[Hashable, dict[int, bytes]] = field(default_factory=dict)
    texts: dict[Hashable, dict[int, bytes]] = field(default_factory=dict)
    firsts: dict[Hashable, _Subset] = field(default_factory=dict)
    """By any key: the subset whose dictionaries become the shared ones."""

    def add(self, subset: _Subset) -> _Place:
        """Put a subset to those that it agrees with."""
        name = subset.font.split(maxsplit=3)[2]
        facts = (name, *subset.program.facts())
        order = _join(self.orders, facts, subset.program.characters)
        face = _join(self.glyphs, order, subset.glyphs)
        width = _join(self.widths, (face, _facts(subset)), subset.widths)
        text = _join(self.texts, width, subset.texts)
        for key in (face, width, text):
            self.firsts.setdefault(key, subset)
        return order, face, width, text


def _write_widths(
    writer: Writer, subset: _Subset, widths: Mapping[int, bytes], program: int
) -> int:
    """Write a subset's dictionaries with these widths, and what follows from them."""
    values = {Decimal(width.decode()): width for width in widths.values()}
    is_fixed = len(widths) > 1 and len(values) == 1
    box = b"/FontBBox [ \\1 \\2 %b \\3 ]" % values[max(values)]
    descriptor = _with_flag(_BOX.sub(box, subset.descriptor), is_fixed=is_fixed)
    described = writer.add(_refer(descriptor, b"FontFile2", program))
    parts: list[bytes] = []
    for number in sorted(widths):
        if number - 1 not in widths:
            parts.append(b"] %d [" % number)
        parts.append(widths[number])
    runs = b" ".join(parts).removeprefix(b"] ")
    cid_font = _WIDTHS.sub(b"/W [ %b ] ]" % runs, subset.cid_font)
    return writer.add(_refer(cid_font, b"FontDescriptor", described))


_CMAP_END = b"endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
_BLOCK = 100  # the most entries of one: Adobe Technical Note 5014


def _written_texts(head: bytes, texts: Mapping[int, bytes]) -> bytes:
    """Return a ToUnicode map, which begins as the one of a sheet."""
    lines = [b"<%04x> <%b>\n" % (number, texts[number]) for number in sorted(texts)]
    blocks = [lines[at : at + _BLOCK] for at in range(0, len(lines), _BLOCK)]
    body = b"".join(
        b"%d beginbfchar\n%bendbfchar\n" % (len(block), b"".join(block))
        for block in blocks
    )
    return head + body + _CMAP_END
