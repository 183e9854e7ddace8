"""Sort words as a language's dictionaries do. The only module that knows pyuca.

What goes in: words and a language. What comes out: keys to sort by, and the letter
under which a word stands. The order is that of the Unicode Collation Algorithm, with
the letters that a language puts elsewhere. https://www.unicode.org/reports/tr10/

Why pyuca: PyICU has no wheels and needs ICU's headers, icu4py (44 MB) sorts nothing,
and Babel neither. pyuca is 8 MB of Python and Unicode's own table. What it lacks, the
languages' own letters, is the table below.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Any, cast

__all__ = ["initial", "sort_key"]

# After which letter do a language's own letters stand, in their order?
# https://github.com/unicode-org/cldr/tree/main/common/collation
_NORDIC = ("z å ä ö",)
_DANISH = ("z æ ø å",)
_ADRIATIC = ("c č ć", "d đ", "s š", "z ž")
_OWN_LETTERS: dict[str, tuple[str, ...]] = {
    "bs": _ADRIATIC,
    "cs": ("c č", "h ch", "r ř", "s š", "z ž"),
    "da": _DANISH,
    "es": ("n ñ",),
    "et": ("s š", "w õ ä ö ü"),
    "fi": _NORDIC,
    "hr": _ADRIATIC,
    "hu": ("o ö", "u ü"),
    "lt": ("c č", "s š", "z ž"),
    "lv": ("c č", "g ģ", "k ķ", "l ļ", "n ņ", "s š", "z ž"),
    "nb": _DANISH,
    "nn": _DANISH,
    "no": _DANISH,
    "pl": ("a ą", "c ć", "e ę", "l ł", "n ń", "o ó", "s ś", "z ź ż"),
    "ro": ("a ă â", "i î", "s ș", "t ț"),
    "sk": ("a ä", "c č", "h ch", "o ô", "s š", "z ž"),
    "sl": ("c č", "s š", "z ž"),
    "sv": _NORDIC,
    "tr": ("c ç", "g ğ", "h ı", "o ö", "s ş", "u ü"),
}
_ABOVE_ALL = 0xFFF0
"""A weight that no character has: behind a letter's own, it is that letter's last."""


def sort_key(text: str, language: str) -> tuple[Any, ...]:
    """Return what to sort a word by; marks before its first letter do not count."""
    key = _collator(_bare_language(language)).sort_key(_without_marks(text))
    return (key, text)


def initial(text: str, language: str) -> str:
    """Return the letter under which a word stands; empty for a digit or a sign.

    Also for the characters of Chinese, of which there are too many for headings.

    >>> initial("“Änderung”", "de"), initial("Ängel", "sv"), initial("2001", "de")
    ('A', 'Ä', '')
    """
    word = _without_marks(text)
    if not word or not word[0].isalpha():
        return ""
    for letter in _own_letters(_bare_language(language)):
        if unicodedata.normalize("NFC", word).lower().startswith(letter):
            return letter.capitalize()
    first = _primary(word[0])
    latin = _latin().get(first)
    if latin:
        return latin
    base = unicodedata.normalize("NFD", word[0])[0].upper()
    return "" if "CJK" in unicodedata.name(base, "CJK") else base


def _bare_language(language: str) -> str:
    return language.split("-")[0].lower()


def _without_marks(text: str) -> str:
    """Return a word without the quotation marks and the like that it begins with."""
    for index, character in enumerate(text):
        if unicodedata.category(character)[0] in "LN":
            return text[index:]
    return text


@cache
def _own_letters(language: str) -> tuple[str, ...]:
    rules = _OWN_LETTERS.get(language, ())
    return tuple(letter for rule in rules for letter in rule.split()[1:])


@cache
def _collator(language: str) -> Any:  # noqa: ANN401 (pyuca has no types)
    if language and language not in _OWN_LETTERS:
        return _collator("")
    # Not above: reading its table takes a third of a second, and few books need it.
    from pyuca import Collator

    collator = Collator()
    for rule in _OWN_LETTERS.get(language, ()):
        before, *letters = rule.split()
        for number, letter in enumerate(letters):
            for written in {letter, letter.upper(), letter.capitalize()}:
                _put_after(collator, before, written, _ABOVE_ALL + number)
    return collator


def _put_after(collator: Any, before: str, letter: str, weight: int) -> None:  # noqa: ANN401
    """Make a letter the last of those that begin as another one."""
    ((primary, secondary, tertiary),) = collator.collation_elements(before)
    case = 8 if letter != letter.lower() else tertiary
    elements = [[primary, secondary, case], [weight, 0, 0]]
    codes = [ord(c) for c in unicodedata.normalize("NFD", letter)]
    collator.table.add(codes, elements)


@cache
def _latin() -> dict[int, str]:
    """Return the letters of the Latin alphabet by their weights."""
    return {_primary(letter): letter for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}


def _primary(character: str) -> int:
    elements = _collator("").collation_elements(unicodedata.normalize("NFD", character))
    return cast("int", elements[0][0])
