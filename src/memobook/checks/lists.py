"""Give lists the indents that Python-Markdown needs, so that they nest as on GitHub.

What goes in: a text. What comes out: the same text, in which each list that would be
read otherwise than GitHub reads it has four spaces a level, an empty line before it and
a full stop behind its numbers. What is a list and what belongs to it, markdown-it-py
says, which reads as GitHub does: this is the only module that knows it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from memobook.project.config import split_block

__all__ = ["with_mended_lists"]

_MARK = re.compile(r"^( *)([-*+]|\d{1,9}[.)])( *)(.*)$", re.DOTALL)
_STEP = 4
"""Spaces of a level."""
_WIDEST = 4
"""Spaces behind a mark: what stands further off is code."""
# What may a line be that a list must not follow directly?
_PLAIN = re.compile(r"^ {0,3}(?![+*#>|`~:!<\[/]|- |\d+[.)] )\S")


@dataclass(frozen=True, slots=True)
class _Item:
    """An item of a list: the lines from `start` to before `end`."""

    start: int
    end: int
    depth: int
    """Of a list in no other list it is 0."""
    list_start: int


def with_mended_lists(text: str) -> str:
    """Return a text whose lists are read by Python-Markdown as GitHub reads them."""
    _, skip = split_block(text)
    lines = text.split("\n")
    hidden = [""] * skip + lines[skip:]
    items = tuple(_items("\n".join(hidden)))
    for first, end in reversed(tuple(_spans(items))):
        inside = tuple(i for i in items if first <= i.start < end)
        lines[first:end] = _mended(hidden, inside, first, end)
    return "\n".join(lines)


def _items(text: str) -> Iterator[_Item]:
    """Yield the items of the lists that stand in no quotation."""
    from markdown_it import MarkdownIt

    starts: list[int] = []
    quotes = 0
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        if token.type.startswith("blockquote"):
            quotes += token.nesting
        elif token.type in {"bullet_list_open", "ordered_list_open"} and token.map:
            starts.append(token.map[0])
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            starts.pop()
        elif token.type == "list_item_open" and token.map and not quotes:
            yield _Item(token.map[0], token.map[1], len(starts) - 1, starts[-1])


def _spans(items: tuple[_Item, ...]) -> Iterator[tuple[int, int]]:
    """Yield first and last line of each list that is in no other one."""
    outer = [item for item in items if not item.depth]
    for start in dict.fromkeys(item.list_start for item in outer):
        ends = [item.end for item in outer if item.list_start == start]
        yield start, max(ends)


def _mended(
    lines: list[str], items: tuple[_Item, ...], first: int, end: int
) -> list[str]:
    """Return the lines of a list, and an empty one before it where it needs one."""
    above = lines[first - 1] if first else ""
    gap = [""] if _goes_on(above, lines[first]) else []
    whole = [line.expandtabs(_STEP) for line in lines[first:end]]
    marks = {item.start - first: item for item in items}
    if len(marks) < len(items) or not all(_MARK.match(whole[row]) for row in marks):
        return gap + lines[first:end]  # a list in the line of another one's mark
    owners = _owners(items, first, end)
    if not any(_is_astray(whole, row, marks, owners) for row in range(len(whole))):
        return gap + lines[first:end]
    out: list[str] = list(gap)
    for row in range(len(whole)):
        if row in marks and _needs_gap(whole, row, marks):
            out.append("")
        out.append(_reindented(whole, row, marks, owners[row]))
    return out


def _goes_on(above: str, line: str) -> bool:
    """Tell whether a list would be taken for a part of the line above it."""
    if not above.strip():
        return False
    mark, before = _MARK.match(line.expandtabs(_STEP)), _MARK.match(above.lstrip())
    if mark and before and before[3]:
        return mark[2][0].isdigit() != before[2][0].isdigit()
    return bool(_PLAIN.match(above))


def _owners(items: tuple[_Item, ...], first: int, end: int) -> list[_Item]:
    """Return the innermost item of every line."""
    return [
        max(
            (i for i in items if i.start <= row < i.end),
            key=lambda i: i.depth,
            default=items[0],
        )
        for row in range(first, end)
    ]


def _is_astray(
    whole: list[str], row: int, marks: dict[int, _Item], owners: list[_Item]
) -> bool:
    """Tell whether Python-Markdown would not take a line as GitHub does."""
    line = whole[row]
    indent = len(line) - len(line.lstrip(" "))
    if row in marks:
        return (
            _mark_of(line).endswith(")")
            or indent // _STEP != marks[row].depth
            or _needs_gap(whole, row, marks)
        )
    begins_block = not whole[row - 1].strip()
    return bool(line.strip()) and begins_block and indent < _wanted(owners[row])


def _wanted(item: _Item) -> int:
    return _STEP * (item.depth + 1)


def _needs_gap(whole: list[str], row: int, marks: dict[int, _Item]) -> bool:
    """Tell whether a mark must not stand directly below the line above it."""
    item = marks[row]
    if not row or not whole[row - 1].strip():
        return False
    before = [r for r, other in marks.items() if r < row and other.depth <= item.depth]
    start = before[-1]
    last = marks[start]
    if last.depth == item.depth and last.list_start != item.list_start:
        kinds = {str(_mark_of(whole[r]))[0].isdigit() for r in (start, row)}
        return len(kinds) > 1
    # After an empty line Python-Markdown takes all lines for one block.
    return any(not line.strip() for line in whole[start:row])


def _mark_of(line: str) -> str:
    found = _MARK.match(line)
    return found[2] if found else ""


def _reindented(
    whole: list[str], row: int, marks: dict[int, _Item], owner: _Item
) -> str:
    line = whole[row]
    if not line.strip():
        return ""
    if row in marks:
        found = _MARK.match(line)
        assert found is not None  # only such lists come here
        mark = found[2].replace(")", ".")
        return f"{' ' * (_STEP * owner.depth)}{mark}{found[3]}{found[4]}"
    start = next(r for r, item in marks.items() if item == owner)
    indent = len(line) - len(line.lstrip(" "))
    beyond = max(0, indent - _content_column(whole[start]))
    mark = " " * (_STEP * owner.depth) + _mark_of(whole[start])
    was_in_place = whole[start].startswith(mark)
    if was_in_place and beyond < _STEP and indent >= _wanted(owner):
        return line
    return " " * (_wanted(owner) + beyond) + line.lstrip(" ")


def _content_column(line: str) -> int:
    """Return where an item's text begins.

    https://spec.commonmark.org/0.31.2/#list-items
    """
    found = _MARK.match(line)
    assert found is not None  # it is the line of a mark
    gap = len(found[3])
    return found.end(2) + (gap if found[4] and gap <= _WIDEST else 1)
