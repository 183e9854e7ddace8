"""Say in a PDF what its letters spell, where the glyphs alone tell something else.

What goes in: nothing. What comes out: WeasyPrint, which writes the text of such a run
beside its glyphs (ISO 32000-1, 14.9.4). A test holds that the fault is there, so that
this module goes when it does.

The fault: a PDF tells the text of each glyph once for a whole font, and WeasyPrint 70
takes the text of the glyph's first use. In Devanagari, Bengali or Thai the same glyph
stands for other letters elsewhere, or before the letter that it follows in the text; in
a font for code, a ligature's half does. What is copied, searched or read aloud then
loses letters.

Not for Hebrew and Arabic: readers take all text for the order of the page, and turn it
round themselves (Poppler 22.12, PDFium 159), so that this would turn it twice.
"""

from __future__ import annotations

import importlib
import re
import struct
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

__all__ = ["mend_extraction"]

# Marks for line breaking, which the author did not write.
_BREAK_MARKS = str.maketrans("", "", "\u200b\u2060\u00ad")

_GLYPHS = re.compile(rb"<([0-9a-f]*)>")


def mend_extraction() -> None:
    """Write the text of runs into their marks where needed; once in a process."""
    pydyf: Any = importlib.import_module("pydyf")
    stream: Any = importlib.import_module("weasyprint.pdf.stream").Stream
    original = stream.marked

    @contextmanager
    def marked(self: Any, box: Any, tag: str) -> Iterator[None]:  # noqa: ANN401 (WeasyPrint's own, untyped)
        with original(self, box, tag):
            start = len(self.stream)
            yield
            text = getattr(box, "text", None)
            if self._tags is None or text is None:
                return
            told = _told(self.stream[start:], self._fonts.values())
            if _differ(told, text) and not _runs_left(text):
                # `/Span`, `<</MCID 7>>` and `BDC` stand before what was drawn.
                spelt = pydyf.String(text.translate(_BREAK_MARKS))
                self.stream[start - 2]["ActualText"] = spelt

    stream.marked = marked


def _told(drawn: Iterable[Any], fonts: Collection[Any]) -> str:
    """Return the text that a reader takes from glyphs by their fonts' tables."""
    out: list[str] = []
    texts: Mapping[int, str] = {}
    for operator in drawn:
        if not isinstance(operator, bytes):
            continue
        if operator.endswith(b" TJ"):
            codes = bytes.fromhex(b"".join(_GLYPHS.findall(operator)).decode())
            glyphs = struct.unpack(f">{len(codes) // 2}H", codes)
            out += [texts.get(glyph, "") for glyph in glyphs]
        elif operator.endswith(b" Tf"):
            name = operator[1:].partition(b" ")[0].decode()
            texts = next(font.to_unicode for font in fonts if font.hash == name)
    return "".join(out)


def _differ(told: str, text: str) -> bool:
    """Tell whether letters are lost: not spaces, and not marks without a shape."""
    # Nearly always the same, which this finds ten times as fast.
    if "".join(told.split()) == "".join(text.split()):
        return False
    return _letters(told) != _letters(text)


def _runs_left(text: str) -> bool:
    """Tell whether a text holds a letter that is written from right to left."""
    return any(unicodedata.bidirectional(c) in {"R", "AL"} for c in text)


def _letters(text: str) -> str:
    return "".join(
        c for c in text if not c.isspace() and unicodedata.category(c) != "Cf"
    )
