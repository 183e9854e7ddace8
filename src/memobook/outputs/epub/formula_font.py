"""Pack the font of a book's formulas, cut down to their characters.

What goes in: the EPUB's pages. What comes out: one font, its rule and its licence; none
for a book without formulas. A reading system sets MathML by the tables of such a font,
and few have one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from html import unescape
from pathlib import Path

from fontTools.ttLib import TTFont

from memobook.book.formulas import font_file
from memobook.design.cut import reduced
from memobook.outputs.epub.container import Resource
from memobook.outputs.epub.fonts import FontSubset

__all__ = ["formula_font"]

_FORMULA = re.compile(r"<math\b.*?</math>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_RULE = '@font-face { font-family: "Formulas"; src: url(../fonts/formulas.ttf) }\n'

# Letters as they are set in a formula: a lone v in <mi> is shown as U+1D463.
# https://www.w3.org/TR/mathml-core/#new-text-transform-values
_ITALIC = {
    unicodedata.normalize("NFKC", character): character
    for character in ("\u210e", *map(chr, range(0x1D434, 0x1D468)))
} | {
    unicodedata.normalize("NFKC", character): character
    for character in map(chr, range(0x1D6E2, 0x1D71C))
    if unicodedata.name(character, "").startswith("MATHEMATICAL ITALIC")
}


def formula_font(pages: Iterable[str]) -> FontSubset:
    """Return the font for the formulas of some pages."""
    characters = {
        character
        for page in pages
        for formula in _FORMULA.findall(page)
        for character in unescape(_TAG.sub("", formula))
    }
    path = font_file() if characters else None
    if path is None:
        return FontSubset()
    letters = {_ITALIC[c] for c in characters if c in _ITALIC}
    data = reduced(path.read_bytes(), characters | letters | {" "})
    licence = Resource("fonts/OFL-formulas.txt", "text/plain", _licence(path))
    font = Resource("fonts/formulas.ttf", "font/ttf", data)
    return FontSubset((font, licence), _RULE)


def _licence(path: Path) -> bytes:
    """Return what the font says of itself, which its cut copy no longer does."""
    with TTFont(path, lazy=True) as font:
        names = (font["name"].getDebugName(number) for number in (4, 0, 13, 14))
        return "".join(f"{name}\n" for name in names if name).encode()
