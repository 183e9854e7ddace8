"""The words that a book says by itself, in its own language.

What goes in: a language and what the author wants to be called otherwise. What comes
out: each word by its name. Every language has a file in languages/.
"""

from __future__ import annotations

import string
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from importlib import resources

from memobook.diagnostics import Code, Reporter
from memobook.project.config import Project
from memobook.project.located import read_own_toml

__all__ = ["LANGUAGES", "check_words", "has_words", "words"]

LANGUAGES = ("ar", "de", "en", "es", "fr", "hi", "ja", "zh")
"""Those that have a file."""


def words(language: str, own: Mapping[str, str]) -> Mapping[str, str]:
    """Return the words of a language; English where there are none.

    `own` are the book's, which stand in their places: see `Book.words`.
    """
    builtin = _builtin(language.split("-")[0] if has_words(language) else "en")
    return {**builtin, **own} if own else builtin


def has_words(language: str) -> bool:
    """Tell whether the built-in words are in a language."""
    return language.split("-")[0] in LANGUAGES


@cache
def _builtin(language: str) -> Mapping[str, str]:
    file = resources.files("memobook.design").joinpath("languages", f"{language}.toml")
    return read_own_toml(file.read_text("utf-8"))


def check_words(project: Project, reporter: Reporter) -> None:
    """Report words of the settings that no book says, or that lack a place."""
    builtin = words(project.settings.book.language, {})
    for name, text in project.settings.words.items():
        if name not in builtin:
            near = get_close_matches(name, builtin, n=1)
            known = ", ".join(builtin)
            hint = f"did you mean {near[0]}?" if near else f"known: {known}"
            span = project.located.key(("words", name))
            reporter.error(
                Code.CONFIG_UNKNOWN_KEY, span, f"unknown key words.{name}", hint
            )
        elif (found := _places(text)) != (expected := _places(builtin[name])):
            span = project.located.value(("words", name))
            message = f"words.{name}: {_problem(found, expected)}"
            hint = f"the built-in text is “{builtin[name]}”"
            reporter.error(Code.CONFIG_WRONG_VALUE, span, message, hint)


def _places(text: str) -> frozenset[str] | None:
    """Return which values a text has places for; None if its braces are no places."""
    try:
        parts = tuple(string.Formatter().parse(text))
    except ValueError:
        return None
    if any(spec or conversion for _, _, spec, conversion in parts):
        return None
    return frozenset(name for _, name, _, _ in parts if name is not None)


def _problem(found: frozenset[str] | None, expected: frozenset[str] | None) -> str:
    if missing := sorted((expected or frozenset()) - (found or frozenset())):
        return f"this must hold {{{missing[0]}}}"
    return "this must hold no braces of its own"
