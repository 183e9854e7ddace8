"""Find the named regions of a file, which a memo may include one by one.

What goes in: a file's lines. What comes out: each region's name and where it is. The
lines of its marks are `{{ region name }}` and `{{ end }}`, also as a comment of code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from memobook.book.positions import code_lines

__all__ = ["ALONE", "IN_CODE", "regions"]

ALONE = re.compile(r"^[ \t]*(?:<!-- *)?\{\{ +([^{}\n]*?) +\}\}(?: *-->)?[ \t]*$")
"""A directive that has its line for itself."""
IN_CODE = re.compile(r"^\W*\{\{ +((?:region|end|include)\b[^{}\n]*?) +\}\}\W*$")
"""The same as a comment of whatever language."""


def regions(lines: list[str]) -> Iterator[tuple[str, tuple[int, int]]]:
    """Yield each region's name, and its lines without those of its marks."""
    fenced = code_lines(lines)
    opened: list[tuple[str, int]] = []
    for row, line in enumerate(lines):
        found = IN_CODE.match(line) or (row not in fenced and ALONE.match(line))
        name, _, rest = found[1].partition(" ") if found else ("", "", "")
        if name in {"if", "region"}:
            opened.append((rest.strip() if name == "region" else "", row + 1))
        elif name == "end" and opened:
            region, start = opened.pop()
            if region:
                yield region, (start, row)
