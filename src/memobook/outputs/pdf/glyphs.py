"""Find where a character is written that no font has."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from memobook.book.model import Source
from memobook.diagnostics import Code, Diagnostic, Span

__all__ = ["found_in"]


def found_in(diagnostic: Diagnostic, sources: Mapping[str, Source]) -> Diagnostic:
    """Return a diagnostic with the place of the character that no font has."""
    character = re.search("“(.)”", diagnostic.message, re.DOTALL)
    source = sources.get(diagnostic.span.path)
    if diagnostic.code is not Code.GLYPH_MISSING or not character or source is None:
        return diagnostic
    text = source.text
    offset = text.find(character[1])
    if offset < 0:
        return diagnostic
    line = text.count("\n", 0, offset) + 1
    column = offset - (text.rfind("\n", 0, offset) + 1) + 1
    span = source.place(Span(source.path, line, column, 1))
    return replace(diagnostic, span=span)
