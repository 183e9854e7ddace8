"""Make a Markdown table of a CSV file that a memo includes.

What goes in: the file's text, and which columns are wanted. What comes out: the lines
of a table, each with its place in the file, so that a finding in a cell names it there.
Cells may hold Markdown. A column of numbers only is set to the right.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from memobook.diagnostics import Code, Reporter, Span

__all__ = ["is_table", "table_lines"]

_SUFFIXES = (".csv", ".tsv")
_NUMBER = re.compile(r"[-+−–±]?[\d.,'’\s]*\d[\d.,'’\s]*(?:\s?%)?|[-–—]?")


@dataclass(frozen=True, slots=True)
class _Row:
    cells: tuple[str, ...]
    line: int


def is_table(path: str) -> bool:
    """Tell whether a file that is included is a table."""
    return path.lower().endswith(_SUFFIXES)


def table_lines(
    path: str, text: str, wanted: str, span: Span, reporter: Reporter
) -> Iterator[tuple[str, Span]]:
    """Yield the lines of a table in Markdown.

    `wanted` names columns and their order, with commas between; all if it is empty.
    `span` is where the memo includes the file.
    """
    rows = [row for row in _rows(path, text) if any(row.cells)]
    if len(rows) < 2:
        message = f"{path} has no row below its head"
        hint = "write the names of the columns in its first line, and rows below it"
        reporter.error(Code.TABLE_FILE, span, message, hint)
        return
    head, *body = rows
    chosen = _chosen(head, wanted, path, span, reporter)
    for row in body:
        if len(row.cells) != len(head.cells):
            message = f"this row has {len(row.cells)} cells, the head {len(head.cells)}"
            hint = "a cell that holds the separator stands in quotation marks"
            reporter.error(Code.TABLE_FILE, Span(path, row.line, 1), message, hint)
    ends = [_rule([_cell(row, index) for row in body]) for index in chosen]
    yield _line([_cell(head, index) for index in chosen]), Span(path, head.line, 1)
    yield _line(ends), Span(path, head.line, 1)
    for row in body:
        yield _line([_cell(row, index) for index in chosen]), Span(path, row.line, 1)


def _rows(path: str, text: str) -> Iterator[_Row]:
    reader = csv.reader(io.StringIO(text), delimiter=_delimiter(path, text))
    line = 1
    for cells in reader:
        yield _Row(tuple(cell.strip() for cell in cells), line)
        line = reader.line_num + 1


def _delimiter(path: str, text: str) -> str:
    """Return what stands between cells: where a comma is in numbers, a semicolon."""
    if path.lower().endswith(".tsv"):
        return "\t"
    head = text.partition("\n")[0]
    return ";" if head.count(";") > head.count(",") else ","


def _chosen(
    head: _Row, wanted: str, path: str, span: Span, reporter: Reporter
) -> list[int]:
    """Return the indexes of the columns that are wanted."""
    found: list[int] = []
    for name in filter(None, map(str.strip, wanted.split(","))):
        if name in head.cells:
            found.append(head.cells.index(name))
            continue
        near = get_close_matches(name, head.cells, n=1)
        hint = f"columns: {', '.join(head.cells)}"
        hint = f"did you mean {near[0]}?" if near else hint
        message = f"{path} has no column {name}"
        reporter.error(Code.TABLE_FILE, span, message, hint)
    return found or list(range(len(head.cells)))


def _cell(row: _Row, index: int) -> str:
    return row.cells[index] if index < len(row.cells) else ""


def _rule(cells: Sequence[str]) -> str:
    is_number = any(cells) and all(_NUMBER.fullmatch(cell) for cell in cells)
    return "---:" if is_number else "---"


def _line(cells: Sequence[str]) -> str:
    plain = (re.sub(r"(?<!\\)\|", r"\\|", cell) for cell in cells)
    # A line may not end within a row of a table.
    return f"| {' | '.join('<br/>'.join(c.splitlines()) for c in plain)} |"
