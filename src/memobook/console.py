"""Diagnostics and results as text; nothing is printed here.

What goes in: diagnostics, and the source lines that they are about. What comes out:
text in one of the formats of `--message-format`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from enum import StrEnum

from memobook.diagnostics import Diagnostic, Span

__all__ = ["Format", "render"]


class Format(StrEnum):
    """How diagnostics are written."""

    FULL = "full"
    SHORT = "short"
    JSON = "json"


def render(
    diagnostics: tuple[Diagnostic, ...],
    style: Format,
    line_of: Callable[[Span], str | None],
) -> str:
    """Return all diagnostics as text, without a line end behind the last one.

    `line_of` returns the source's line at a place, None where there is none.
    """
    if style is Format.JSON:
        return "\n".join(
            json.dumps(_as_json(d), ensure_ascii=False) for d in diagnostics
        )
    if style is Format.SHORT:
        return "\n".join(map(short, diagnostics))
    return "\n\n".join(full(d, line_of(d.span)) for d in diagnostics)


def short(diagnostic: Diagnostic) -> str:
    """Return `path:line:column: severity[code]: message`."""
    span = diagnostic.span
    place = ":".join(str(part) for part in (span.path, span.line, span.column) if part)
    code = f"{diagnostic.severity.value}[{diagnostic.code.value}]"
    return f"{place}: {code}: {diagnostic.message}"


def full(diagnostic: Diagnostic, line: str | None) -> str:
    """Return the short form, the source's line with a mark below, and the hint."""
    out = [short(diagnostic)]
    if line is not None and diagnostic.span.line:
        out += _excerpt(diagnostic.span, line.expandtabs(1))
    if diagnostic.hint:
        out.append(f"   hint: {diagnostic.hint}")
    return "\n".join(out)


_WIDEST = 100


def _excerpt(span: Span, line: str) -> list[str]:
    column = max(span.column, 1)
    # A paragraph is often one long line: show the part around the place.
    start = max(0, column - 40) if len(line) > _WIDEST else 0
    cut = line[start : start + _WIDEST]
    number = str(span.line)
    gutter = " " * max(5, len(number) + 1)
    out = [f"{number:>{len(gutter)}} | {cut}"]
    if span.column:
        room = max(1, len(cut) - (column - 1 - start))
        mark = "^" * min(max(span.length, 1), room)
        out.append(f"{gutter} | {' ' * (column - 1 - start)}{mark}")
    return out


def _as_json(diagnostic: Diagnostic) -> Mapping[str, object]:
    span = diagnostic.span
    return {
        "path": span.path,
        "line": span.line,
        "column": span.column,
        "length": span.length,
        "severity": diagnostic.severity.value,
        "code": diagnostic.code.value,
        "message": diagnostic.message,
        "hint": diagnostic.hint,
    }
