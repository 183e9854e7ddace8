"""The quotation marks of each language.

What goes in: a language. What comes out: its marks, which convert.py puts for straight
ones and crossrefs.py around a title.
"""

from __future__ import annotations

__all__ = ["quotation_marks"]

# How does a language quote: left and right double, left and right single?
# https://www.unicode.org/cldr/charts/latest/summary/root.html
_ANGULAR, _LOW = ("«", "»", "“", "”"), ("„", "“", "‚", "‘")
_LOW_HIGH, _ALL_RIGHT = ("„", "”", "‚", "’"), ("”", "”", "’", "’")
_MIXED, _CORNERS = ("«", "»", "„", "“"), ("「", "」", "『", "』")
_QUOTES = {
    **dict.fromkeys(("de", "cs", "sk", "sl", "is", "lt", "et", "bg", "ka"), _LOW),
    **dict.fromkeys(("pl", "ro", "hu", "hr", "bs"), _LOW_HIGH),
    **dict.fromkeys(("fi", "sv", "he"), _ALL_RIGHT),
    **dict.fromkeys(("es", "it", "pt-PT", "el", "no", "nb", "nn", "da"), _ANGULAR),
    **dict.fromkeys(("ru", "uk", "be"), _MIXED),
    **dict.fromkeys(("ja", "zh-Hant", "zh-TW", "zh-HK"), _CORNERS),
    "fr": ("«\u202f", "\u202f»", "‹\u202f", "\u202f›"),
    "fr-CA": ("«\xa0", "\xa0»", "‹\xa0", "\xa0›"),
    "fr-CH": ("«", "»", "‹", "›"),
    "de-CH": ("«", "»", "‹", "›"),
    "ar": ("”", "“", "’", "‘"),
    "fa": ("«", "»", "‹", "›"),
}
_ENGLISH_QUOTES = ("“", "”", "‘", "’")


def quotation_marks(language: str) -> tuple[str, str, str, str]:
    """Return a language's double marks, left and right, and its single ones."""
    parts = language.split("-")
    names = ("-".join(parts[:n]) for n in range(len(parts), 0, -1))
    return next((_QUOTES[n] for n in names if n in _QUOTES), _ENGLISH_QUOTES)
