"""Cut static fonts of a book's characters out of variable ones, once for both outputs.

What goes in: faces, the book's characters, the weights that its style sheets use. What
comes out: faces whose files stand in the store. Why not the variable fonts as they are:
WeasyPrint would instance them anew for every section, which took two thirds of a build;
and no reading system of age takes them.

A cut holds more than the book's characters, whole blocks of 128, so that an edit rarely
asks for a new one. HarfBuzz cuts in milliseconds what takes fontTools seconds.
"""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import uharfbuzz as hb
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables.DefaultTable import DefaultTable

from memobook.design.fonts import Face, characters_of
from memobook.design.section import Stylesheet
from memobook.store import Store, key_of

__all__ = [
    "DISPLAY",
    "Cut",
    "Need",
    "cut_faces",
    "needs",
    "weights_in",
]

DISPLAY = " Display"
"""What the name of a family for titles ends with."""

_TEXT_OPTICAL, _DISPLAY_OPTICAL = 11.0, 32.0
"""In points: the sizes that a cut of a font with optical sizes is drawn for."""

# Beyond what scripts need to be shaped, which features does a book's style ask for?
# Figures of all kinds and small capitals.
_STYLE_FEATURES = "lnum onum pnum smcp tnum".split()

# What every cut of a main font holds: Latin with its supplement, punctuation, currency
# signs, arrows, and the boxes of a task list.
_COMMON = frozenset(
    chr(c)
    for start, end in ((0x20, 0x7F), (0xA0, 0x100), (0x2000, 0x2080), (0x20A0, 0x20C0))
    for c in range(start, end)
) | frozenset("•←↑→↓↔↩−×÷≈≠≤≥∞√☐☑✓✗")

# A line that changes its font still has spaces.
_SPACES = frozenset(" \xa0")


@dataclass(frozen=True, slots=True)
class Cut:
    """One static font to be made of a face."""

    weight: int
    is_display: bool = False
    """Whether it is for titles, and so drawn for a large optical size."""


@dataclass(frozen=True, slots=True)
class Need:
    """What a face is needed for."""

    face: Face
    cuts: tuple[Cut, ...]
    characters: frozenset[str]


# Which cuts do the built-in style sheets use, upright and italic?
_CUTS = {
    "text": (
        (Cut(400), Cut(600), Cut(400, is_display=True), Cut(600, is_display=True)),
        (Cut(400), Cut(600)),
    ),
    "heading": ((Cut(400), Cut(500), Cut(600)), (Cut(400),)),
    "code": ((Cut(400), Cut(600)), (Cut(400),)),
    "fallback": ((Cut(400), Cut(600)), ()),
}


def needs(
    faces: tuple[Face, ...],
    uses: Mapping[str, frozenset[str]],
    text: frozenset[str],
    code: frozenset[str],
    extra_weights: frozenset[int],
) -> tuple[Need, ...]:
    """Return what a book needs of its faces.

    `uses` says what a family is for: text, heading, code, fallback. `text` and `code`
    are the characters of each; `extra_weights` what the project's own sheets ask for.
    """
    main = [f for f in faces if uses[f.family] & {"text", "heading"}]
    # Line ends are in no font, and are not set.
    lacking = frozenset(c for c in text - characters_of(main) if not c.isspace())
    wanted = {"text": text, "heading": text, "code": code, "fallback": lacking}
    out: list[Need] = []
    for face in faces:
        roles = sorted(uses[face.family])
        characters = frozenset[str]().union(*(wanted[r] for r in roles))
        if characters:
            cuts = [c for r in roles for c in _CUTS[r][face.is_italic]]
            cuts += [Cut(weight) for weight in sorted(extra_weights)]
            common = _SPACES if roles == ["fallback"] else _COMMON
            blocks = _blocks(characters) | common | characters
            # What it lacks anyway must not make it another cut.
            held = blocks & characters_of([face])
            out.append(Need(face, tuple(dict.fromkeys(cuts)), held))
    return tuple(out)


_WEIGHT = re.compile(r"\b([1-9]00)\b(?![%\w.])|\b(bold)\b")


def weights_in(sheets: Iterable[Stylesheet]) -> frozenset[int]:
    """Return the font weights that style sheets name; too many do no harm."""
    found = (m for sheet in sheets for m in _WEIGHT.finditer(sheet.text))
    return frozenset(int(m[1]) if m[1] else 700 for m in found)


def _blocks(characters: frozenset[str]) -> frozenset[str]:
    """Return the whole blocks of 128 that characters beyond the common ones are in."""
    starts = {ord(c) // 128 * 128 for c in characters - _COMMON}
    return frozenset(chr(s + i) for s in starts for i in range(128) if s >= 0x80)


def cut_faces(wanted: Iterable[Need], store: Store) -> tuple[Face, ...]:
    """Return the static faces, cut now or taken from the store."""
    return tuple(face for need in wanted for face in _cut_one(need, store))


def _cut_one(need: Need, store: Store) -> Iterator[Face]:
    face = need.face
    if face.weight is not None:
        yield face
        return
    data = face.path.read_bytes()
    whose = key_of(data)
    has_optical = "opsz" in _axes(data)
    for cut in need.cuts:
        if cut.is_display and not has_optical:
            continue
        key = key_of(
            whose, "".join(sorted(need.characters)), repr(cut), hb.__version__, _VERSION
        )
        path = store.path("fonts", key, ".ttf")
        family = face.family + DISPLAY * cut.is_display
        if path is None:
            font = _instance(data, family, cut, need)
            path = store.keep("fonts", key, ".ttf", font)
        yield replace(face, family=family, path=path, weight=cut.weight)


_VERSION = "2"
"""Of this module's cuts: raise it when they change."""


def reduced(
    data: bytes,
    characters: Iterable[str],
    location: Mapping[str, float] = MappingProxyType({}),
) -> bytes:
    """Return a font with just these characters, its axes pinned at a location.

    Axes that the location does not name are pinned at their default; a value beyond an
    axis is its end. The same font gives the same bytes.
    """
    face = hb.Face(hb.Blob(data))
    wanted = hb.SubsetInput()
    wanted.unicode_set.update(ord(c) for c in characters)
    # HarfBuzz keeps by itself the features that shape scripts, Indic ones included.
    features = (int.from_bytes(f.encode(), "big") for f in _STYLE_FEATURES)
    wanted.layout_feature_tag_set.update(features)
    wanted.flags = hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NOTDEF_OUTLINE
    for axis in face.axis_infos:
        value = location.get(axis.tag, axis.default_value)
        value = min(max(value, axis.min_value), axis.max_value)
        wanted.pin_axis_location(face, axis.tag, value)
    return bytes(hb.subset(face, wanted).blob.data)


def _axes(data: bytes) -> frozenset[str]:
    return frozenset(axis.tag for axis in hb.Face(hb.Blob(data)).axis_infos)


def _instance(data: bytes, family: str, cut: Cut, need: Need) -> bytes:
    """Return the font of a cut, with its own names."""
    optical = _DISPLAY_OPTICAL if cut.is_display else _TEXT_OPTICAL
    location = {"wght": float(cut.weight), "opsz": optical}
    small = io.BytesIO(reduced(data, need.characters, location))
    with TTFont(small, recalcTimestamp=False) as font:
        if "STAT" in font:  # it still tells of axes that are gone
            del font["STAT"]
        _name(font, family, cut.weight, is_italic=need.face.is_italic)
        out = io.BytesIO()
        font.save(out)
    return out.getvalue()


# What does a name of the name table hold?
# https://learn.microsoft.com/typography/opentype/spec/name#name-ids
_FAMILY, _STYLE, _UNIQUE, _FULL, _POSTSCRIPT = 1, 2, 3, 4, 6
# OS/2.fsSelection and head.macStyle
_ITALIC_SELECTION, _BOLD_SELECTION, _REGULAR_SELECTION = 1 << 0, 1 << 5, 1 << 6
_BOLD_STYLE, _ITALIC_STYLE = 1 << 0, 1 << 1
# Where do OS/2.usWeightClass and OS/2.fsSelection stand?
# https://learn.microsoft.com/typography/opentype/spec/os2
_WEIGHT_AT, _SELECTION_AT = 4, 62
_BOLD_FROM = 600
_STYLE_NAMES = {400: "Regular", 500: "Medium", 600: "SemiBold", 700: "Bold"}


def _name(font: TTFont, family: str, weight: int, *, is_italic: bool) -> None:
    """Write the names and style bits by which reading systems match a font."""
    style = _STYLE_NAMES.get(weight, str(weight)) + " Italic" * is_italic
    postscript = f"{family}-{style}".replace(" ", "")
    for number in (16, 17, 21, 22, 25):
        font["name"].removeNames(nameID=number)
    for number, text in (
        (_FAMILY, family),
        (_STYLE, style),
        (_UNIQUE, f"{postscript};{weight};memobook"),
        (_FULL, f"{family} {style}"),
        (_POSTSCRIPT, postscript),
    ):
        font["name"].removeNames(nameID=number)
        font["name"].setName(text, number, 3, 1, 0x409)
    is_bold = weight >= _BOLD_FROM
    selection = is_italic * _ITALIC_SELECTION | is_bold * _BOLD_SELECTION
    kept = ~(_ITALIC_SELECTION | _BOLD_SELECTION | _REGULAR_SELECTION)
    # As it is: fontTools would look for its first and last character, in all of cmap.
    os2 = bytearray(font.getTableData("OS/2"))
    (before,) = struct.unpack_from(">H", os2, _SELECTION_AT)
    chosen = before & kept | (selection or _REGULAR_SELECTION)
    struct.pack_into(">H", os2, _SELECTION_AT, chosen)
    struct.pack_into(">H", os2, _WEIGHT_AT, weight)
    font["OS/2"] = DefaultTable("OS/2")
    font["OS/2"].data = bytes(os2)
    font["head"].macStyle = is_bold * _BOLD_STYLE | is_italic * _ITALIC_STYLE
