"""Turn what WeasyPrint logs into diagnostics, by its records' values, not their text.

Nothing is imported from WeasyPrint: its logger is known by name, and a kind of record
by its template, as `"Ignored `%s:%s` at %d:%d, %s."`.
"""

from __future__ import annotations

import logging
from collections.abc import Container, Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

import tinycss2

from memobook.design.scripts import advice
from memobook.design.section import Section, Stylesheet
from memobook.diagnostics import Code, Diagnostic, Severity, Span

__all__ = ["listening", "style_findings", "text_findings"]

_AT = " at %d:%d"


class _Listener(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@contextmanager
def listening() -> Iterator[list[logging.LogRecord]]:
    """Collect WeasyPrint's warnings and errors, and keep them from the terminal."""
    logger = logging.getLogger("weasyprint")
    listener = _Listener()
    before = logger.propagate
    logger.addHandler(listener)
    logger.propagate = False
    try:
        yield listener.records
    finally:
        logger.removeHandler(listener)
        logger.propagate = before


def style_findings(
    records: list[logging.LogRecord], stylesheet: Stylesheet, failures: Container[str]
) -> list[Diagnostic]:
    """Return what was ignored while this style sheet was parsed.

    `failures` holds the URLs that were refused or not found: they have been reported.
    """
    return [
        _finding(record, Span(stylesheet.path))
        if _kind(record)
        else _ignored(record, stylesheet)
        for record in records
        if not _is_known(record, failures)
    ]


def text_findings(
    records: list[logging.LogRecord],
    section: Section,
    stylesheets: tuple[Stylesheet, ...],
    failures: Container[str],
) -> list[Diagnostic]:
    """Return what was found while the section was laid out and written.

    `failures` holds the URLs that were refused or not found: they have been reported.
    """
    found: list[Diagnostic] = []
    for record in records:
        if _is_known(record, failures):
            continue
        if sheet := _sheet_of(record, stylesheets):
            found.append(_ignored(record, sheet))
        else:
            found.append(_finding(record, section.span))
    return found


def _is_known(record: logging.LogRecord, failures: Container[str]) -> bool:
    if str(record.msg).startswith(_HARMLESS):
        return True
    return any(isinstance(value, str) and value in failures for value in _args(record))


def _finding(record: logging.LogRecord, span: Span) -> Diagnostic:
    kind = _kind(record)
    if kind is None:
        message = _lower(record.getMessage())
        return Diagnostic(span, Severity.WARNING, Code.LAYOUT_NOTE, message)
    _, code, message, hint = kind
    said = message % _args(record)
    if code is Code.GLYPH_MISSING:
        hint = advice(str(_args(record)[0]))
    return Diagnostic(span, Severity.ERROR, code, said, hint)


def _kind(record: logging.LogRecord) -> tuple[str, Code, str, str] | None:
    template = str(record.msg)
    return next((kind for kind in _KINDS if template.startswith(kind[0])), None)


# What is an error, and how is it said with the record's values?
_KINDS = (
    (
        ".notdef glyph rendered",
        Code.GLYPH_MISSING,
        "no font has “%s” (U+%04X)",
        "",
    ),
    ("Failed to load image", Code.IMAGE_UNREADABLE, "cannot read %.200s: %s", ""),
    ("Failed to render SVG image", Code.IMAGE_UNREADABLE, "cannot draw %.200s", ""),
    ("Font-face", Code.FONT_NOT_FOUND, "the font file of %s cannot be read", ""),
    # Every link was resolved before, and a dead one would be left out in silence.
    ("No anchor", Code.OUTPUT_INCOMPLETE, "a link leads to #%s, which is lost", ""),
    (
        "Anchor defined twice",
        Code.OUTPUT_INCOMPLETE,
        "the anchor %s is there twice",
        "",
    ),
)

# The lint has spoken about pictures without alternative text; what is left is
# decoration, and becomes an artifact.
_HARMLESS = ('Image "%s" has no required alt description',)


def _ignored(record: logging.LogRecord, stylesheet: Stylesheet) -> Diagnostic:
    template, args = str(record.msg), _args(record)
    line = column = 0
    at = [i for i, pair in enumerate(pairwise(args)) if _is_place(pair)]
    if _AT in template and at:
        line, column = args[at[0]], args[at[0] + 1]
        args = args[: at[0]] + args[at[0] + 2 :]
        template = template.replace(_AT, "", 1)
    elif template.startswith("Invalid or unsupported selector"):
        line, column = _selector_place(str(args[0]), stylesheet.text)
    # A built-in sheet's fault is ours, and must not keep a book from being made.
    severity = Severity.WARNING if stylesheet.is_builtin else Severity.ERROR
    span = Span(stylesheet.path, line, column)
    message = _lower((template % args).rstrip("."))
    return Diagnostic(span, severity, Code.STYLE_IGNORED, message)


def _is_place(pair: tuple[Any, Any]) -> bool:
    return isinstance(pair[0], int) and isinstance(pair[1], int)


def _selector_place(reason: str, text: str) -> tuple[int, int]:
    """Return the place of the rule whose selector a record quotes, or (0, 0).

    The record of an unknown selector is the only one that has no line and column.
    """
    rules = list(tinycss2.parse_stylesheet(text))
    while rules:
        rule = rules.pop(0)
        if rule.type == "at-rule" and rule.content is not None:
            rules[:0] = tinycss2.parse_rule_list(rule.content)
        if rule.type == "qualified-rule" and reason.startswith(
            f"'{tinycss2.serialize(rule.prelude)}'"
        ):
            return rule.source_line, rule.source_column
    return 0, 0


def _sheet_of(
    record: logging.LogRecord, stylesheets: tuple[Stylesheet, ...]
) -> Stylesheet | None:
    """Return the sheet of a declaration that turned out wrong when it was used.

    With var() in it a value is checked only then, and the record has a line but no
    file: it is the file that has the property in this line. The project's come first.
    """
    args = _args(record)
    if not str(record.msg).startswith("Ignored `%s: %s` at"):
        return None
    name, line = str(args[0]), int(args[2])
    for sheet in reversed(stylesheets):
        lines = sheet.text.split("\n")
        if line <= len(lines) and name in lines[line - 1]:
            return sheet
    return None


def _args(record: logging.LogRecord) -> tuple[Any, ...]:
    return record.args if isinstance(record.args, tuple) else ()


def _lower(message: str) -> str:
    return message[:1].lower() + message[1:]
