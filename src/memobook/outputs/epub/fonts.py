"""Cut a book's fonts down to its characters, as static TrueType files for an EPUB.

What goes in: a face, characters, weights. What comes out: font files, the licence and
@font-face rules. TTF and not WOFF2, although EPUB 3.3 takes both: Kindle and the older
reading systems on Adobe's engine know only TTF and OTF, none takes variable fonts, and
the EPUB's zip makes most of the difference in size good.
https://www.w3.org/TR/epub-33/#sec-core-media-types
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from fontTools import subset as font_subset
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

from memobook.design.fonts import Face
from memobook.outputs.epub.container import Resource

__all__ = ["OPTICAL_SIZE", "FontSubset", "join", "subset"]

OPTICAL_SIZE = 12.0
"""In points: the size of running text, as a static font has one drawing for all."""

# Beyond what scripts need to be shaped, which features does a book's style ask for?
# Figures of all kinds, small capitals, fractions, a zero with a slash.
_STYLE_FEATURES = "case c2sc lnum onum pnum smcp sups tnum zero".split()

# A space is in every line, even if the characters came from words.
_ALWAYS = frozenset(" ")

# What does a name of the name table hold?
# https://learn.microsoft.com/typography/opentype/spec/name#name-ids
_FAMILY, _STYLE, _UNIQUE, _FULL, _POSTSCRIPT = 1, 2, 3, 4, 6
_KEPT_NAMES = (0, _FAMILY, _STYLE, _UNIQUE, _FULL, 5, _POSTSCRIPT, 13, 14)

# OS/2.fsSelection and head.macStyle
_ITALIC_SELECTION, _BOLD_SELECTION, _REGULAR_SELECTION = 1 << 0, 1 << 5, 1 << 6
_BOLD_STYLE, _ITALIC_STYLE = 1 << 0, 1 << 1
_BOLD_FROM = 600


@dataclass(frozen=True, slots=True)
class FontSubset:
    """The files that embed a face, or several of them, and the rules that name them."""

    resources: tuple[Resource, ...] = ()
    """Font files, then licences."""
    css: str = ""
    """@font-face rules; their addresses are relative to css/book.css."""


def subset(
    face: Face, characters: frozenset[str], weights: tuple[int, ...]
) -> FontSubset:
    """Return the face cut down to `characters`, one file for each weight.

    A static face has one weight and gives one file, whatever `weights` says. The
    result is empty if the face has none of the characters. Takes about a second for
    each weight: cache it by the face's bytes and the arguments.
    """
    wanted = {ord(c) for c in characters | _ALWAYS}
    with TTFont(face.path, recalcTimestamp=False, lazy=True) as font:
        if not characters or not {ord(c) for c in characters} & set(font.getBestCmap()):
            return FontSubset()
        # Cutting comes first: instancing all glyphs takes ten times as long.
        is_variable = "fvar" in font
        cut = _cut(font, wanted)
    chosen = tuple(sorted(set(weights))) if is_variable else (face.weight or 400,)
    files = [(weight, _static(cut, face, weight)) for weight in chosen]
    is_cff = files[0][1].startswith(b"OTTO")
    resources = [_resource(face, weight, data, is_cff=is_cff) for weight, data in files]
    rules = [_rule(face, w, r.path) for w, r in zip(chosen, resources, strict=True)]
    return FontSubset((*resources, *_licence(face)), "".join(rules))


def join(subsets: Iterable[FontSubset]) -> FontSubset:
    """Return the subsets of several faces as one; a licence comes once."""
    parts = tuple(subsets)
    unique = {r.path: r for part in parts for r in part.resources}
    return FontSubset(tuple(unique.values()), "".join(part.css for part in parts))


def _cut(font: TTFont, characters: Iterable[int]) -> bytes:
    options = font_subset.Options(
        hinting=False,  # e-readers hint by themselves, and instancing breaks hints
        notdef_outline=True,
        recalc_timestamp=False,
        name_IDs=list(_KEPT_NAMES),
        drop_tables=[*font_subset.Options().drop_tables, "DSIG", "vhea", "vmtx"],
    )
    # The default features are those that shape every script, Indic ones included.
    options.layout_features = [*options.layout_features, *_STYLE_FEATURES]
    subsetter = font_subset.Subsetter(options)
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)
    return _bytes(font)


def _static(cut: bytes, face: Face, weight: int) -> bytes:
    """Return the font at one weight, all other axes pinned, with its own names."""
    font = TTFont(io.BytesIO(cut), recalcTimestamp=False)
    if "fvar" in font:
        location = dict(_location(font, weight))
        font = instantiateVariableFont(font, location, inplace=True, static=True)
        if "STAT" in font:  # it still tells of axes that are gone
            del font["STAT"]
    _name(font, face, weight)
    return _bytes(font)


def _location(font: TTFont, weight: int) -> Iterator[tuple[str, float]]:
    wanted = {"wght": float(weight), "opsz": OPTICAL_SIZE}
    for axis in font["fvar"].axes:
        value = wanted.get(axis.axisTag, axis.defaultValue)
        yield axis.axisTag, min(max(value, axis.minValue), axis.maxValue)


def _name(font: TTFont, face: Face, weight: int) -> None:
    """Write the names and style bits by which old reading systems match a font."""
    is_bold = weight >= _BOLD_FROM
    words = [w for w, on in (("Bold", is_bold), ("Italic", face.is_italic)) if on]
    style = " ".join(words) or "Regular"
    postscript = f"{face.family}-{style}".replace(" ", "")
    for number, text in (
        (_FAMILY, face.family),
        (_STYLE, style),
        (_UNIQUE, f"{postscript};{weight};subset"),
        (_FULL, f"{face.family} {style}"),
        (_POSTSCRIPT, postscript),
    ):
        font["name"].removeNames(nameID=number)
        font["name"].setName(text, number, 3, 1, 0x409)
    selection = face.is_italic * _ITALIC_SELECTION | is_bold * _BOLD_SELECTION
    kept = ~(_ITALIC_SELECTION | _BOLD_SELECTION | _REGULAR_SELECTION)
    os2 = font["OS/2"]
    os2.fsSelection = os2.fsSelection & kept | (selection or _REGULAR_SELECTION)
    os2.usWeightClass = weight
    font["head"].macStyle = is_bold * _BOLD_STYLE | face.is_italic * _ITALIC_STYLE


def _bytes(font: TTFont) -> bytes:
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def _resource(face: Face, weight: int, data: bytes, *, is_cff: bool) -> Resource:
    suffix = "otf" if is_cff else "ttf"
    italic = "-italic" if face.is_italic else ""
    path = f"fonts/{_slug(face.family)}-{weight}{italic}.{suffix}"
    return Resource(path, f"font/{suffix}", data)


def _rule(face: Face, weight: int, path: str) -> str:
    family = face.family.replace("\\", "\\\\").replace('"', '\\"')
    style = "italic" if face.is_italic else "normal"
    return (
        f'@font-face {{ font-family: "{family}"; font-weight: {weight};'
        f" font-style: {style}; src: url(../{path}) }}\n"
    )


def _licence(face: Face) -> tuple[Resource, ...]:
    if face.licence is None:
        return ()
    path = f"fonts/OFL-{_slug(face.family)}.txt"
    return (Resource(path, "text/plain", face.licence.read_bytes()),)


def _slug(family: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", family.lower()).strip("-") or "font"
