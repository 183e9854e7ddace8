"""Diagnostics and results as text; nothing is printed here.

What goes in: diagnostics, and the source lines that they are about. What comes out:
text in one of the formats of `--message-format`.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from memobook.diagnostics import Diagnostic, Severity, Span
from memobook.report import BuildReport

__all__ = ["Format", "Placed", "counted", "github", "render", "result"]


class Format(StrEnum):
    """How diagnostics are written."""

    FULL = "full"
    SHORT = "short"
    JSON = "json"
    GITHUB = "github"
    """Annotations of GitHub's pages, for an action."""
    SARIF = "sarif"
    """One document for all projects."""

    @property
    def is_read_by_people(self) -> bool:
        """Whether other text may stand around the findings."""
        return self not in {Format.JSON, Format.SARIF}

    @property
    def is_whole(self) -> bool:
        """Whether the findings of all projects are written at once, at the end."""
        return self in {Format.GITHUB, Format.SARIF}


@dataclass(frozen=True, slots=True)
class Placed:
    """A finding as it is seen from outside of its project."""

    diagnostic: Diagnostic
    path: str
    """Of its file, from the folder that whoever reads it stands in."""
    line: str | None = None
    """The source's line, without its end; None where there is none."""


def counted(number: int, word: str) -> str:
    """Return a number with its word: 1 error, 2 errors."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def render(
    diagnostics: tuple[Diagnostic, ...],
    style: Format,
    line_of: Callable[[Span], str | None],
) -> str:
    """Return a project's diagnostics as text, without a line end behind the last one.

    `line_of` returns the source's line at a place, None where there is none.
    """
    if style is Format.JSON:
        return "\n".join(
            json.dumps(_as_json(d), ensure_ascii=False) for d in diagnostics
        )
    if style is Format.SHORT:
        return "\n".join(map(short, diagnostics))
    return "\n\n".join(full(d, line_of(d.span)) for d in diagnostics)


def result(root: Path, report: BuildReport, seconds: float) -> str:
    """Return what a build of a project made as one line of JSON."""
    facts = report.as_dict()
    del facts["diagnostics"]  # each has a line of its own
    built = {"project": str(root), **facts, "seconds": round(seconds, 3)}
    return json.dumps({"built": built}, ensure_ascii=False)


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


# How does GitHub call a severity, and how many of one does it show of a step?
# https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
_COMMANDS = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFO: "notice",
}
_SHOWN = 10


def github(found: Sequence[Placed]) -> Iterator[str]:
    """Yield a line for each finding: annotations, as far as GitHub shows them.

    What is beyond its limit stands in the step's log, in the short form.
    """
    shown: Counter[Severity] = Counter()
    left: list[Placed] = []
    for each in found:
        severity = each.diagnostic.severity
        shown[severity] += 1
        if shown[severity] > _SHOWN:
            left.append(each)
        else:
            yield _annotation(each)
    if left:
        yield f"GitHub shows {_SHOWN} of a kind as annotations; {len(left)} more:"
    for each in left:
        # Indented, as a line of the text itself must not become a command.
        yield "  " + _escaped(f"{each.path}: {short(each.diagnostic)}")


def _annotation(each: Placed) -> str:
    finding = each.diagnostic
    span = finding.span
    end = span.column + max(span.length, 1) - 1 if span.column else 0
    wanted = {
        "file": each.path,
        "line": span.line,
        "col": span.column,
        "endColumn": end,
        "title": finding.code.value,
    }
    told = ((name, _escaped(str(value))) for name, value in wanted.items() if value)
    properties = ",".join(
        f"{name}={value.replace(':', '%3A').replace(',', '%2C')}"
        for name, value in told
    )
    hint = f"\nhint: {finding.hint}" if finding.hint else ""
    command = _COMMANDS[finding.severity]
    return f"::{command} {properties}::{_escaped(finding.message + hint)}"


def _escaped(text: str) -> str:
    text = text.encode("utf-8", "replace").decode("utf-8")
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


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
