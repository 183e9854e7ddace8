"""Say of each cell of a table what it heads, or what heads it.

What goes in: a structure tree. What comes out: the same, with its tables' parts in the
order that PDF/UA wants, and with scopes, spans and headers on the cells.
ISO 32000-1, 14.8.5.7; ISO 14289-1, 7.5
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

from memobook.outputs.pdf.elements import Element

__all__ = ["mend_tables"]

_ORDER = ("Caption", "THead", "TR", "TBody", "TFoot")
_SCOPES = {"row": "Row", "rowgroup": "Row", "col": "Column", "colgroup": "Column"}


def mend_tables(document: Element, section: str) -> None:
    """Mend all tables; `section` begins their cells' identifiers."""
    numbers = count(1)
    for table in list(document.below()):
        if table.kind == "Table":
            table.kids.sort(key=_rank)
            _Grid(f"{section}.table-{next(numbers)}").fill(table)


def _rank(kid: object) -> int:
    kind = kid.kind if isinstance(kid, Element) else ""
    return _ORDER.index(kind) if kind in _ORDER else len(_ORDER)


@dataclass(slots=True)
class _Grid:
    """A table's cells in their rows and columns."""

    name: str
    _columns: dict[int, list[str]] = field(default_factory=dict)
    """Column -> the names of the cells that head it."""
    _rows: dict[int, list[str]] = field(default_factory=dict)
    _taken: set[tuple[int, int]] = field(default_factory=set)

    def fill(self, table: Element) -> None:
        """Place every cell, then tell the plain ones their headers."""
        places = []
        for y, row in enumerate(_rows(table)):
            x = 0
            for cell in row.elements:
                while (y, x) in self._taken:
                    x += 1
                width, height = _span(cell, "colspan"), _span(cell, "rowspan")
                self._taken |= {
                    (y + down, x + right)
                    for down in range(height)
                    for right in range(width)
                }
                places.append((cell, range(x, x + width), range(y, y + height)))
                if cell.kind == "TH":
                    self._head(cell, row, range(x, x + width), range(y, y + height))
                x += width
        for cell, columns, rows in places:
            self._finish(cell, columns, rows)

    def _head(self, cell: Element, row: Element, columns: range, rows: range) -> None:
        is_above = row.parent is not None and row.parent.kind == "THead"
        is_head = is_above or all(kid.kind == "TH" for kid in row.elements)
        wanted = _SCOPES.get(str(cell.attributes.pop("scope", "")))
        # A converter gives every header cell the scope of a column, also at a row.
        is_lone = not is_head and columns.start == 0 and wanted is None
        scope = "Row" if is_lone else wanted or ("Column" if is_head else "Row")
        cell.attributes["Scope"] = scope
        cell.name = f"{self.name}.{rows.start + 1}.{columns.start + 1}"
        heads, found = (
            (self._rows, rows) if scope == "Row" else (self._columns, columns)
        )
        for number in found:
            heads.setdefault(number, []).append(cell.name)

    def _finish(self, cell: Element, columns: range, rows: range) -> None:
        cell.attributes.pop("scope", None)
        if len(columns) > 1:
            cell.attributes["ColSpan"] = len(columns)
        if len(rows) > 1:
            cell.attributes["RowSpan"] = len(rows)
        if cell.kind == "TD":
            heads = [n for number in rows for n in self._rows.get(number, ())]
            heads += [n for number in columns for n in self._columns.get(number, ())]
            if heads:
                cell.attributes["Headers"] = list(dict.fromkeys(heads))


def _rows(table: Element) -> Iterator[Element]:
    for part in table.elements:
        if part.kind == "TR":
            yield part
        elif part.kind in {"THead", "TBody", "TFoot"}:
            yield from (row for row in part.elements if row.kind == "TR")


def _span(cell: Element, name: str) -> int:
    value = str(cell.attributes.pop(name, "1"))
    return max(1, int(value)) if value.isdecimal() else 1
