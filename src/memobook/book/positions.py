"""Carry line and column through Python-Markdown.

Python-Markdown forgets where things stood. So the text gets marks of private-use
characters before it is converted, at the places worth remembering, and the marks are
taken out of the finished tree, where they tell which node stood where. What goes in: a
text. What comes out: the marked text and a table of spots.

The characters are neither letters, spaces nor punctuation, so that no rule of Markdown
sees them; a property test holds that the tree is the same without them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from memobook.diagnostics import Span

__all__ = [
    "MARKS",
    "Spot",
    "SpotKind",
    "code_lines",
    "ends_with_mark",
    "find_marks",
    "mark",
    "unmark",
]

# Supplementary Private Use Area-A. https://www.unicode.org/charts/PDF/UF0000.pdf
_ZERO = 0xF0000
_OPEN, _CLOSE = chr(_ZERO + 16), chr(_ZERO + 17)
_MARK = re.compile(f"{_OPEN}([{chr(_ZERO)}-{chr(_ZERO + 9)}]+){_CLOSE}")
MARKS = re.compile(f"[{chr(_ZERO)}-{chr(_ZERO + 17)}]")
"""A character of a mark, also of one that was torn apart or that the author wrote."""


class SpotKind(StrEnum):
    """What stands at a spot."""

    TARGET = "target"
    """The address of a link or picture: the mark is in the attribute."""
    HEADING = "heading"
    """The mark is in the heading's text."""
    INLINE = "inline"
    """The mark stands directly before the element: an autolink, a footnote's call."""
    TABLE = "table"
    """The mark is in a cell of the head."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place worth remembering."""

    kind: SpotKind
    span: Span


# Where does something worth remembering begin? A mark is put at the end of the match,
# or at its start for an INLINE one.
_SPOTS = re.compile(
    r"""
    (?P<target>\]\([ \t]*<?)                          # [text](HERE
  | (?P<reference>^[ ]{0,3}\[(?!\^)[^\]\[]+\]:[ \t]*<?(?=\S))   # [name]: HERE
  | (?P<attribute>\b(?:href|src)\s*=\s*["'])          # <a href="HERE
  | (?P<heading>^[ >\t]*\#{1,6}[ \t]*(?=[^\s\#]))     # ## HERE
  | (?P<definition>^[ ]{0,3}\[\^[^\]]*\]:)            # no mark: known by its name
  | (?P<call>\[\^[^\]\s]+\])                          # HERE[^name]
  | (?P<autolink><(?:https?:|mailto:|[^\s<>@]+@)[^\s<>]*>)      # HERE<https://...>
    """,
    re.VERBOSE,
)
_TARGET_TEXT = re.compile(r"""[^\s)>"']*""")
_FENCE = re.compile(r"^[ >\t]*(?:(?:[-*+]|\d+[.)])[ \t]+)*(`{3,}|~{3,})")
_UNDERLINE = re.compile(r"^ {0,3}(?:=+|-+)[ \t]*$")
_PLAIN_START = re.compile(r"^ {0,3}(?=[^\s#>*+\-\d|`~:<\[\\])")
_TABLE_RULE = re.compile(
    r"^[ >\t]*\|?[ \t]*:?-+:?[ \t]*(\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$"
)


def mark(text: str, path: str) -> tuple[str, tuple[Spot, ...]]:
    """Return the text with marks, and the spots that they number."""
    lines = text.split("\n")
    code = code_lines(lines)
    spots: list[Spot] = []
    out = []
    for index, line in enumerate(lines):
        following = lines[index + 1] if index + 1 < len(lines) else ""
        if index in code or not line.strip():
            out.append(line)
        else:
            out.append(_mark_line(line, following, index + 1, path, spots))
    return "\n".join(out), tuple(spots)


def code_lines(lines: list[str]) -> frozenset[int]:
    """Return the indexes of the lines of fenced code, the fences included."""
    inside: set[int] = set()
    fence = ""
    for index, line in enumerate(lines):
        found = _FENCE.match(line)
        if fence:
            inside.add(index)
            if found and found[1].startswith(fence):
                fence = ""
        elif found and "`" not in line[found.end() :]:
            inside.add(index)
            fence = found[1]
    return frozenset(inside)


def _mark_line(
    line: str, following: str, number: int, path: str, spots: list[Spot]
) -> str:
    """Return a line with its marks; several never overlap, as one regex finds them."""

    def note(kind: SpotKind, start: int, length: int) -> str:
        spots.append(Spot(kind, Span(path, number, start + 1, length)))
        return _encode(len(spots) - 1)

    def replace(found: re.Match[str]) -> str:
        name, whole = str(found.lastgroup), found[0]
        if name == "definition":
            return whole
        if name in {"call", "autolink"}:
            return note(SpotKind.INLINE, found.start(), len(whole)) + whole
        if name == "heading":
            length = len(line[found.end() :].rstrip())
            return whole + note(SpotKind.HEADING, found.end(), length)
        target = _TARGET_TEXT.match(line, found.end())
        length = len(target[0]) if target else 0
        return whole + note(SpotKind.TARGET, found.end(), length)

    marked = _SPOTS.sub(replace, line)
    is_table_head = "|" in line and "-" in following and _TABLE_RULE.match(following)
    if is_table_head:
        column = marked.index("|") + 1
        column += len(marked[column:]) - len(marked[column:].lstrip(" "))
        start = len(line) - len(line.lstrip(" >\t"))
        found = note(SpotKind.TABLE, start, len(line.strip()))
        return marked[:column] + found + marked[column:]
    plain = _PLAIN_START.match(line)
    if plain and _UNDERLINE.match(following):
        mark_ = note(SpotKind.HEADING, plain.end(), len(line.strip()))
        return marked[: plain.end()] + mark_ + marked[plain.end() :]
    return marked


def find_marks(text: str) -> Iterator[int]:
    """Yield the numbers of the marks in a text."""
    for found in _MARK.finditer(text):
        yield _decode(found[1])


def ends_with_mark(text: str) -> int | None:
    """Return the number of the mark at a text's very end."""
    found = None
    for found in _MARK.finditer(text):  # noqa: B007 (the last one is wanted)
        pass
    return _decode(found[1]) if found and found.end() == len(text) else None


def unmark(text: str) -> str:
    """Return the text without marks."""
    return MARKS.sub("", text)


def _encode(number: int) -> str:
    return _OPEN + "".join(chr(_ZERO + int(d)) for d in str(number)) + _CLOSE


def _decode(digits: str) -> int:
    return int("".join(str(ord(d) - _ZERO) for d in digits))
