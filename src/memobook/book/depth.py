"""Find where a text nests more deeply than anybody means.

What goes in: the prose of a text. What comes out: the place, and what nests there, or
nothing. Python-Markdown looks again from every sign that opens something, so that what
nests without end takes it hours: such a text is refused before it is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from memobook.book.tree import VOID
from memobook.diagnostics import Span

__all__ = ["deepest_tag", "too_deep"]

_MOST = 100
"""Signs that are open at once."""
_MOST_LEVELS = 40
"""Of lists and quotations: each is two elements, and as many more stand around them."""

# Signs that begin lists and quotations, one behind the other, or far to the right.
_MARK = r"(?:[-*+]|\d{1,9}[.)])"
# Nothing is tried twice, as a line of such signs can be long.
_LEVELS = re.compile(
    rf"[ \t]*+(?:{_MARK}[ \t]++|>[ \t]*+|:[ \t]++){{{_MOST_LEVELS},}}+"
)
_MOST_QUOTES = 12
"""Each level of quotations takes Python-Markdown twice the time of the one before."""
_PREFIX = re.compile(rf"(?:[ \t]*+(?:{_MARK}[ \t]|>|:[ \t]))*+")
_RIGHT = re.compile(rf"[ \t]{{{4 * _MOST_LEVELS},}}+{_MARK}[ \t]")
_RULE = re.compile(r"[ \t]*(?:(?:-[ \t]*)+|(?:\*[ \t]*)+|(?:_[ \t]*)+)")


# What opens something in a line, and what closes it? An escaped sign does neither.
_SIGNS = re.compile(
    r"\\.|(?P<to>\]\()|(?P<on>\[)|(?P<tag><[A-Za-z/!?])|[])>]", re.DOTALL
)
_NAMES = {"on": "brackets", "to": "addresses of links", "tag": "tags"}
_TAG = re.compile(r"<(?P<end>/?)(?P<name>[A-Za-z][^\s/<>]*)[^<>]*?(?P<empty>/?)>")
_OPTIONAL = frozenset("p li dt dd tr td th thead tbody tfoot colgroup rp rt".split())


def too_deep(lines: list[str], path: str) -> tuple[Span, str] | None:
    """Return where a text nests too deeply, and what does; None if it nowhere does."""
    for number, line in enumerate(lines, start=1):
        if _nests(line):
            start = len(line) - len(line.lstrip())
            return Span(path, number, start + 1, 1), "lists or quotations"
    return _open_signs(lines, path)


def _nests(line: str) -> bool:
    if ">" in line:
        prefix = _PREFIX.match(line)
        if prefix and prefix[0].count(">") > _MOST_QUOTES:
            return True
    found = _LEVELS.match(line) or _RIGHT.match(line)
    return bool(found) and not _RULE.fullmatch(line)


def _open_signs(lines: list[str], path: str) -> tuple[Span, str] | None:
    for start, paragraph in _paragraphs(lines):
        # Mostly there are fewer of them than may be open at once.
        if sum(map(_opening, paragraph)) > _MOST:
            found = _open_in(paragraph, start, path)
            if found:
                return found
    return None


def _opening(line: str) -> int:
    return line.count("[") + line.count("](") + line.count("<")


def _paragraphs(lines: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield what stands between empty lines, and the number of its first line."""
    for is_blank, group in groupby(enumerate(lines, start=1), _is_blank):
        if not is_blank:
            numbered = list(group)
            yield numbered[0][0], [line for _, line in numbered]


def _is_blank(numbered: tuple[int, str]) -> bool:
    return not numbered[1].strip()


def _open_in(lines: list[str], start: int, path: str) -> tuple[Span, str] | None:
    counts = dict.fromkeys(_NAMES, 0)
    for number, line in enumerate(lines, start):
        for kind, column in _steps(line, counts):
            if counts[kind] > _MOST:
                return Span(path, number, column, 1), _NAMES[kind]
    return None


def _steps(line: str, counts: dict[str, int]) -> Iterator[tuple[str, int]]:
    """Count what is open after each sign of a line; yield those that open something."""
    for found in _SIGNS.finditer(line):
        kind, sign = found.lastgroup, found[0]
        if kind in _NAMES:
            counts[kind] += 1
            yield kind, found.start() + 1
        closed = {"]": "on", "](": "on", ")": "to", ">": "tag"}.get(sign)
        if closed:
            counts[closed] = max(0, counts[closed] - 1)


def deepest_tag(lines: list[str], path: str) -> Span | None:
    """Return the place of the tag that stands in most others; None without tags."""
    text = "\n".join(lines)
    depth = most = 0
    place: int | None = None
    for found in _TAG.finditer(text):
        name = found["name"].lower()
        if name in VOID or name in _OPTIONAL or found["empty"]:
            continue
        depth = max(0, depth - 1) if found["end"] else depth + 1
        if depth > most:
            most, place = depth, found.start()
    if place is None:
        return None
    line = text.count("\n", 0, place) + 1
    return Span(path, line, place - text.rfind("\n", 0, place), 1)
