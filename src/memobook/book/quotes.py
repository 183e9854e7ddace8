"""The quotation marks of each language.

What goes in: a language. What comes out: its marks, which convert.py puts for straight
ones and crossrefs.py around a title.
"""

from __future__ import annotations

__all__ = ["quotation_marks"]

# How does a language quote: left and right double, left and right single?
# https://www.unicode.org/cldr/charts/latest/summary/root.html
_QUOTES = {
    "de": ("„", "“", "‚", "‘"),
    "es": ("«", "»", "“", "”"),
    "fr": ("«\xa0", "\xa0»", "‹\xa0", "\xa0›"),
    "it": ("«", "»", "“", "”"),
    "pl": ("„", "”", "‚", "’"),
    "ru": ("«", "»", "„", "“"),
}
_ENGLISH_QUOTES = ("“", "”", "‘", "’")


def quotation_marks(language: str) -> tuple[str, str, str, str]:
    """Return a language's double marks, left and right, and its single ones."""
    return _QUOTES.get(language.split("-")[0], _ENGLISH_QUOTES)
