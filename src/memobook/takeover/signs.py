"""Say a sign that no font has in signs that are there.

What goes in: a sign, and those that the fonts of the book have. What comes out: what
stands in its place. Letters of a script that has no font at all stay: it wants one, and
the build says which.
"""

from __future__ import annotations

import unicodedata

__all__ = ["spelt"]

_SYMBOLS = frozenset(["So", "Sk", "Sm", "Cn", "Co"])


def spelt(sign: str, known: frozenset[str]) -> str:
    """Return what a sign is said with; "" if it must stay, as a letter does.

    A digit of another form becomes a plain one, an emoji its name, and a rare character
    of a script whose common ones are there its code point.
    """
    plain = unicodedata.normalize("NFKC", sign)
    if plain != sign and known.issuperset(plain):
        return plain
    if unicodedata.category(sign) in _SYMBOLS:
        return f"[{unicodedata.name(sign, _code(sign)).lower()}]"
    is_rare = ord(sign) > 0xFFFF and _common(sign) in known
    return f"[{_code(sign)}]" if is_rare else ""


def _code(sign: str) -> str:
    return f"U+{ord(sign):04X}"


def _common(sign: str) -> str:
    """Return a character that any font for the sign's script has; "" for most."""
    return "一" if unicodedata.name(sign, "").startswith("CJK UNIFIED") else ""
