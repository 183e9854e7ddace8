"""Rewrite the link annotations of a sheet for their place in the book.

What goes in: an annotation as text. What comes out: its text with a destination that
the book knows, the page number in its description, and its place on a page that moved.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

import pikepdf

from memobook.book.references import TARGET
from memobook.design.section import PAGE_SCHEME
from memobook.outputs.pdf.source import STRING

__all__ = ["Links", "spelt", "spelt_number"]

_SHORT = 1e5
"""Below it, six digits say a number of points well."""

_TEXT = rb"(?:%b|<[0-9a-f]*>)" % STRING
_ENTRY = re.compile(
    rb"/A << /S /URI /Type /Action /URI (?P<uri>%(text)b) >>"
    rb"|/Contents (?P<words>%(text)b)"
    rb"|/Dest (?P<name>%(text)b)"
    rb"|/(?P<box>Rect|QuadPoints) \[ (?P<points>[^\]]*) \]"
    rb"|/(?P<tree>StructParents?) (?P<key>\d+)"
    rb"|%(text)b" % {b"text": _TEXT}
)


def spelt_number(number: float) -> bytes:
    """Return a number of points as a PDF spells it: it knows no 1e+06."""
    short = round(number, 2)
    return (b"%g" if abs(short) < _SHORT else b"%.0f") % short


def spelt(text: str) -> bytes:
    """Return a text as a PDF spells it; always the same, as readers compare bytes."""
    return pikepdf.String(text).unparse()


def _text(spelling: bytes) -> str:
    if spelling[:1] == b"(" and b"\\" not in spelling and spelling.isascii():
        return spelling[1:-1].decode()
    return str(pikepdf.Object.parse(spelling))


@dataclass(slots=True)
class Links:
    """All that links of the book say."""

    names: Mapping[str, bytes]
    """Anchor -> its name as it is spelt."""
    folios: Mapping[str, str]
    """Anchor -> the number of its page, for those that a reference names."""
    highest: int = field(default=-1, init=False)
    """Of the keys into the parent tree that were written."""

    def rewritten(self, annotation: bytes, shift: float, first_key: int) -> bytes:
        """Return an annotation that is moved to the right, with a key of the book's.

        Or a page, which has nothing of what is rewritten but a key.

        Raises ValueError for a link to an anchor that no sheet has.
        """
        folio = ""

        def entry(found: re.Match[bytes]) -> bytes:
            nonlocal folio
            kind = found.lastgroup
            if kind == "uri":
                uri = _text(found["uri"])
                if uri.startswith(PAGE_SCHEME):
                    folio = self.folios.get(uri.removeprefix(PAGE_SCHEME), "")
                return self._action(uri) or found[0]
            if kind == "words" and folio:
                # The last number is the page's; others may be in a title.
                words = re.sub(r"\d+(?=\D*$)", folio, _text(found["words"]))
                return b"/Contents " + spelt(words)
            if kind == "name":
                return self._destination(_text(found["name"]))
            if kind == "points" and shift:
                return b"/%b [ %b ]" % (found["box"], _shifted(found["points"], shift))
            if kind == "key":
                key = int(found["key"]) + first_key
                self.highest = max(self.highest, key)
                return b"/%b %d" % (found["tree"], key)
            return found[0]

        return _ENTRY.sub(entry, annotation)

    def _action(self, uri: str) -> bytes:
        for scheme in (TARGET, PAGE_SCHEME):
            if uri.startswith(scheme):
                # WeasyPrint writes what is not ASCII with percent signs.
                return self._destination(unquote(uri.removeprefix(scheme)))
        return b""

    def _destination(self, anchor: str) -> bytes:
        if anchor not in self.names:
            message = f"a link leads to {anchor!r}, which no sheet has"
            raise ValueError(message)
        return b"/Dest " + self.names[anchor]


def _shifted(points: bytes, shift: float) -> bytes:
    """Return x and y in turns, with every x moved."""
    numbers = list(map(float, points.split()))
    numbers[::2] = [x + shift for x in numbers[::2]]
    spellings = (b"%.4f" % number for number in numbers)
    return b" ".join(number.rstrip(b"0").rstrip(b".") for number in spellings)
