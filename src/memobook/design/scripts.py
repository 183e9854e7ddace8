"""Name the fonts for writing that the book's own fonts have no letters for.

What goes in: texts, or a character. What comes out: the families that would do, the
best first, and the package that brings one of them. Nothing is installed here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from memobook.design.fonts import characters_in

__all__ = ["Script", "advice", "script_of", "scripts_in"]


@dataclass(frozen=True, slots=True)
class Script:
    """A way of writing that the default fonts do not have."""

    name: str
    letters: re.Pattern[str]
    families: tuple[str, ...]
    """The best first."""
    package: str
    """What brings one of them."""


def _script(name: str, ranges: str, families: str, package: str) -> Script:
    names = tuple(part.strip() for part in families.split(","))
    return Script(name, re.compile(f"[{ranges}]"), names, package)


_CJK = "justmytype-intl-cjk"
_SCRIPTS = (
    _script(
        "Arabic",
        "\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefc",
        "Amiri, Noto Naskh Arabic, Noto Sans Arabic, IBM Plex Sans Arabic, Cairo",
        "fontpkg-amiri",
    ),
    _script(
        "Hebrew",
        "\u0590-\u05ff\ufb1d-\ufb4f",
        "Frank Ruhl Libre, Noto Serif Hebrew, Noto Sans Hebrew, Heebo, Assistant",
        "fontpkg-frank-ruhl-libre",
    ),
    _script(
        "Devanagari",
        "\u0900-\u097f\ua8e0-\ua8ff",
        "Noto Sans Devanagari, Noto Serif Devanagari, Mukta, Hind",
        "fontpkg-noto-sans-devanagari",
    ),
    _script(
        "Bengali",
        "\u0980-\u09ff",
        "Noto Sans Bengali, Hind Siliguri",
        "fontpkg-hind-siliguri",
    ),
    _script(
        "Tamil",
        "\u0b80-\u0bff",
        "Noto Sans Tamil, Catamaran",
        "fontpkg-noto-sans-tamil",
    ),
    _script(
        "Telugu",
        "\u0c00-\u0c7f",
        "Noto Sans Telugu, Anek Telugu",
        "fontpkg-noto-sans-telugu",
    ),
    _script(
        "Thai", "\u0e00-\u0e7f", "Noto Sans Thai, Sarabun", "fontpkg-noto-sans-thai"
    ),
    _script("Khmer", "\u1780-\u17ff", "Noto Sans Khmer", "fontpkg-noto-sans-khmer"),
    _script("Japanese", "\u3040-\u30ff", "Noto Serif JP, Noto Sans JP", _CJK),
    _script(
        "Korean", "\u1100-\u11ff\uac00-\ud7af", "Noto Serif KR, Noto Sans KR", _CJK
    ),
    _script(
        "Chinese",
        "\u2e80-\u2fdf\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef",
        "Noto Serif SC, Noto Sans SC, Noto Serif TC, Noto Sans TC",
        _CJK,
    ),
)
# Which families have Chinese characters as another language writes them?
_OF_LANGUAGE = {
    "ja": ("Noto Serif JP", "Noto Sans JP"),
    "ko": ("Noto Serif KR", "Noto Sans KR"),
    "zh-hant": ("Noto Serif TC", "Noto Sans TC"),
    "zh-tw": ("Noto Serif TC", "Noto Sans TC"),
    "zh-hk": ("Noto Serif TC", "Noto Sans TC"),
}


def scripts_in(texts: Iterable[str], language: str) -> Iterator[Script]:
    """Yield the scripts that texts are written in; `language` is the book's."""
    found = "".join(characters_in(texts))
    for script in _SCRIPTS:
        if script.letters.search(found):
            yield _as_written_in(script, language)


def _as_written_in(script: Script, language: str) -> Script:
    if script.name != "Chinese":
        return script
    tag = language.lower()
    own = next((f for name, f in _OF_LANGUAGE.items() if tag.startswith(name)), ())
    families = (*own, *(f for f in script.families if f not in own))
    return Script(script.name, script.letters, families, script.package)


def advice(character: str) -> str:
    """Return what to do for a character that no font of the book has."""
    for script in _SCRIPTS:
        if script.letters.match(character):
            return f"type: pip install {script.package}, which brings {script.name}"
    return "add a font that has it to styles/fonts/ and name it in [style] fallback"


def script_of(character: str) -> str:
    """Return the name of the script that a character belongs to; of a sign nothing."""
    for script in _SCRIPTS:
        if script.letters.match(character):
            return script.name
    # Not above: hardly a book lacks anything.
    from fontTools import unicodedata

    code = unicodedata.script(character)
    return "" if code in _OF_ALL else str(unicodedata.script_name(code))


# What belongs to no script in particular, as signs do? UAX #24, 2.2
_OF_ALL = frozenset(["Zyyy", "Zinh", "Zzzz"])
