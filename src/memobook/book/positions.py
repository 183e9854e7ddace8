"""Carry line and column through Python-Markdown.

Python-Markdown forgets where things stood. So the text gets marks of private-use
characters before it is converted, at the places worth remembering, and the marks are
taken out of the finished tree, where they tell which node stood where. What goes in: a
text. What comes out: the marked text and a table of spots.

The characters are neither letters, spaces nor punctuation, so that hardly a rule of
Markdown sees them. A mark that ends where none should be is left out in a second try,
and a property test holds that the tree is the same without any.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from memobook.diagnostics import Span

__all__ = [
    "BLOCK",
    "FENCE",
    "LED",
    "MARKS",
    "Spot",
    "SpotKind",
    "code_lines",
    "ends_with_mark",
    "find_marks",
    "is_torn",
    "mark",
    "may_hold_mark",
    "open_fences",
    "unmark",
]

# Supplementary Private Use Area-A. https://www.unicode.org/charts/PDF/UF0000.pdf
_ZERO = 0xF0000
_OPEN, _CLOSE, _APART = chr(_ZERO + 16), chr(_ZERO + 17), chr(_ZERO + 18)
LED = chr(_ZERO + 19)
"""No mark of a place: in an alternative text, that a link was there, or a picture."""
BLOCK = ("block", chr(_ZERO + 20))
"""An attribute of what was made of /// html | tag, and of no tag. No author writes its
value; its name is one that a reader of XML takes, too, which is the fast one."""
_MARK = re.compile(f"{_OPEN}([{chr(_ZERO)}-{chr(_ZERO + 9)}]+)[{_CLOSE}{_APART}]")
MARKS = re.compile(f"{_APART} ?|[{chr(_ZERO)}-{chr(_ZERO + 17)}]")
"""A character of a mark, also of one that was torn apart or that the author wrote; and
the space behind a mark that stands apart, so that a quotation mark after it opens."""


class SpotKind(StrEnum):
    """What stands at a spot."""

    TARGET = "target"
    """The address of a link or picture: the mark is in the attribute."""
    HEADING = "heading"
    """The mark is in the heading's text."""
    INLINE = "inline"
    """The mark stands directly before the element: a footnote's call, a bracket such as
    [@fig:orbits], or a picture whose address stands elsewhere."""
    TABLE = "table"
    """The mark is in a cell of the head."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place worth remembering."""

    kind: SpotKind
    span: Span


# Where does something worth remembering begin? A mark is put at the end of the match,
# or at its start for an INLINE one. The first line is for speed: it says where any of
# these may begin.
_SPOTS = re.compile(
    r"""
    (?:^|(?=[\]\[!<hs]))(?:
    (?P<target>\]\([ \t]*                       # [text](HERE
        (?:<(?=[^<>]*>[^<>()]*\)) | (?=[^\s"'<][^)]*\)|\))))
  | (?P<reference>^[ >\t]*(?:(?:[-*+:]|\d+[.)])[ \t>]+)*    # [name]: HERE
        \[(?!\^)[^\]\[]+\]:[ ]*
        (?:<(?=[^\s<>"'=]*[.:\#][^\s<>"'=]*>) | (?=[^\s<"']))
        (?=\S+[ ]*(?:["'(]|$)))
  | (?P<attribute>\b(?:href|src)\s*=\s*        # <a href="HERE
        (?:"(?=[^"]*") | '(?=[^']*') | (?=[^\s"'>=])))
  | (?P<heading>^[ >\t]*(?:(?:[-*+]|\d+[.)])[ \t]+)*\#{1,6}[ \t]*     # ## HERE
        (?=[^\s\#|{`]|`+[^`]+`))
  | (?P<definition>^[ >\t]*(?:(?:[-*+]|\d+[.)])[ \t]+)*    # no mark: it has a name
        \[\^[^\]]*\]:)
  | (?P<call>(?<!\\)\[\^[^\]\[]+\])           # HERE[^name]
  | (?P<bracket>(?<![\\!])\[(?![^\]\[]*\]\()            # HERE[@fig:name]
        (?:[^\]\[@]*\s)?-?@[\w{][^\]\[]*\]?)
  | (?P<picture>(?<!\\)!\[[^\]\[]*\]\[[^\]\[]*\])    # HERE![text][name]
  | (?P<autolink><(?:https?:|mailto:|[^\s<>@"']+@)[^\s<>"']*>)     # <https://...HERE>
    )""",
    re.VERBOSE,
)
_SPOT_SIGNS = ("[", "](", "<", "#", "=")
"""One of these is in a line in which anything of that is found."""
# Where does an address end? An unquoted one may hold pairs of parentheses.
_TARGET_TEXT = {
    "<": re.compile("[^<>]*"),
    '"': re.compile('[^"]*'),
    "'": re.compile("[^']*"),
}
_BARE_TARGET_TEXT = re.compile(r"""(?:[^\s()<>"']|\([^\s()]*\))*""")
_OPENING = re.compile(
    r"""(`{3,}|~{3,})
    (?:[ \t]*\.?[\w#.+-]+(?=[ \t]|$))?  # the language, then attributes or options
    (?:[ \t]*\{.*\} | (?:[ \t]*[A-Za-z]\w*(?:=(["']).*?\2)?(?=[ \t]|$))+)?
    [ \t]*""",
    re.VERBOSE,
)
FENCE = re.compile(r"^[ >\t]*(?:(?:[-*+]|\d+[.)])[ \t]+)*(`{3,}|~{3,})")
"""What is a fence to CommonMark, also in an item's first line."""
_UNDERLINE = re.compile(r"^([ >\t]*)(?:=+|-+)[ \t]*$")
# What may a heading begin with that is underlined? After an empty line nothing else
# can be meant; in a paragraph, a list, a quote or a number might be.
_PLAIN_START = re.compile(
    r"""^([ >\t]*)(?:(?:[-*+]|\d+[.)])[ \t]+)?(?=[^\W\d_]|["'“‘«(¿¡])"""
)
_ANY_START = re.compile(r"""^ {0,3}(?=\w|["'“‘«(¿¡*+\[-])""")
_ROW_START = re.compile(r"^[ >\t]*(?:(?:[-*+]|\d+[.)])[ \t]+)?")
_TABLE_RULE = re.compile(
    r"^[ >\t]*\|?[ \t]*:?-+:?[ \t]*(\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$"
)


def mark(
    text: str, path: str, without: frozenset[int] = frozenset()
) -> tuple[str, tuple[Spot, ...]]:
    """Return the text with marks, and the spots that they number.

    The spots of the numbers in `without` get no mark.
    """
    # Python-Markdown takes these two out, as they are its own marks.
    lines = text.replace("\x02", "").replace("\x03", "").split("\n")
    code = code_lines(lines)
    marking = _Marking(path, without)
    out = []
    for index, line in enumerate(lines):
        is_plain = index in code or not line.strip()
        out.append(line if is_plain else _expanded(_mark_line(lines, index, marking)))
    return "\n".join(out), tuple(marking.spots)


def code_lines(lines: Sequence[str]) -> frozenset[int]:
    """Return the indexes of the lines of fenced code, the fences included.

    As pymdownx reads them: a fence stands in no item's first line, all lines up to the
    same signs stand as far in as it does, and in as many quotations; else all is text.
    https://facelessuser.github.io/pymdown-extensions/extensions/superfences/
    """
    inside: set[int] = set()
    index = 0
    while index < len(lines):
        end, is_code = _fenced(lines, index)
        inside.update(range(index, end) if is_code else ())
        index = end
    return frozenset(inside)


def _fenced(lines: Sequence[str], start: int) -> tuple[int, bool]:
    """Return the index behind what a line begins, and whether that is fenced code."""
    line = lines[start]
    if "```" not in line and "~~~" not in line:
        return start + 1, False
    before, rest = _parted(line, 4 * len(line))
    opening = _OPENING.fullmatch(rest)
    if not opening:
        return start + 1, False
    for index in range(start + 1, len(lines)):
        around, content = _parted(lines[index], len(before))
        is_as_far_in = len(around) == len(before) or not content.strip()
        if not is_as_far_in or around.count(">") != before.count(">"):
            return index + 1, False
        if content.rstrip(" \t") == opening[1]:
            return index + 1, True
    return len(lines), False


def _parted(line: str, width: int) -> tuple[str, str]:
    """Return what stands before the text of a line, at most so wide, and the rest."""
    plain = line.expandtabs(4)
    around = plain[: len(plain) - len(plain.lstrip(" >"))][:width]
    return around, plain[len(around) :]


def open_fences(lines: Sequence[str], path: str) -> Iterator[Span]:
    """Yield where fences stand that nothing closes; `lines` are the prose of a text."""
    for index, line in enumerate(lines):
        found = FENCE.match(line) if "```" in line or "~~~" in line else None
        if found and "`" not in line[found.end() :]:
            yield Span(path, index + 1, found.start(1) + 1, len(found[1]))


def _heading_start(lines: list[str], index: int) -> int | None:
    """Return where the text of an underlined heading begins, None if it is none."""
    line = lines[index]
    underline = _UNDERLINE.match(lines[index + 1]) if index + 1 < len(lines) else None
    if underline is None or _UNDERLINE.match(line):
        return None
    start = _PLAIN_START.match(line)
    if start and start[1].count(">") == underline[1].count(">"):
        return start.end()
    follows_blank = index == 0 or not lines[index - 1].strip()
    start = _ANY_START.match(line) if follows_blank and not underline[1] else None
    return start.end() if start else None


@dataclass(slots=True)
class _Marking:
    """Numbers the spots of one text, in the order in which they are found."""

    path: str
    without: frozenset[int]
    spots: list[Spot] = field(default_factory=list)

    def note(self, kind: SpotKind, index: int, start: int, length: int) -> str:
        """Return the mark of a spot: line and start are counted from 0."""
        self.spots.append(Spot(kind, Span(self.path, index + 1, start + 1, length)))
        number = len(self.spots) - 1
        return "" if number in self.without else _encode(number)

    def apart(self, kind: SpotKind, index: int, start: int, length: int) -> str:
        """Return a mark with a space behind it, which comes off with the mark."""
        return self.note(kind, index, start, length).replace(_CLOSE, f"{_APART} ")


def _mark_line(lines: list[str], index: int, marking: _Marking) -> str:
    """Return a line with its marks; several never overlap, as one regex finds them."""
    line = lines[index]
    following = lines[index + 1] if index + 1 < len(lines) else ""
    marked = line
    if any(sign in line for sign in _SPOT_SIGNS):
        marked = _SPOTS.sub(lambda found: _mark_found(found, index, marking), line)
    if "|" in line and "|" in following and _TABLE_RULE.match(following):
        row = _ROW_START.match(line)
        start = row.end() if row else 0
        # In the first cell, but behind the bar that may stand before it.
        bar = re.match(r"\|? *", marked[start:])
        column = start + (bar.end() if bar else 0)
        kind = SpotKind.TABLE
    else:
        heading = _heading_start(lines, index)
        if heading is None:
            return marked
        start = column = heading
        kind = SpotKind.HEADING
    found = marking.apart(kind, index, start, len(line.rstrip()) - start)
    return marked[:column] + found + marked[column:]


def _mark_found(found: re.Match[str], index: int, marking: _Marking) -> str:
    """Return what _SPOTS found, with its mark."""
    name, whole, line = str(found.lastgroup), found[0], found.string
    if name == "definition":
        return whole
    if name == "autolink":
        mark_ = marking.note(SpotKind.TARGET, index, found.start(), len(whole))
        return f"{whole[:-1]}{mark_}>"
    if name in {"bracket", "call", "picture"}:
        kind = SpotKind.INLINE
        return marking.note(kind, index, found.start(), len(whole)) + whole
    if name == "heading":
        length = len(line[found.end() :].rstrip())
        return whole + marking.apart(SpotKind.HEADING, index, found.end(), length)
    pattern = _TARGET_TEXT.get(whole[-1], _BARE_TARGET_TEXT)
    target = pattern.match(line, found.end())
    length = len(target[0].rstrip()) if target else 0
    return whole + marking.note(SpotKind.TARGET, index, found.end(), length)


_TOKEN = re.compile(f"{MARKS.pattern}|.", re.DOTALL)


def _expanded(line: str) -> str:
    """Return a line with spaces for its tabs, which stop where they did before."""
    if "\t" not in line or not MARKS.search(line):
        return line
    out, column = [], 0
    for found in _TOKEN.finditer(line):
        piece = found[0]
        if piece == "\t":
            piece = " " * (4 - column % 4)
        column += 0 if MARKS.match(piece) else len(piece)
        out.append(piece)
    return "".join(out)


def may_hold_mark(text: str) -> bool:
    """Tell whether a text may hold a mark or a piece of one, much faster than a regex.

    No private-use character is printable; of others that are not, there are few.
    """
    return not (text.isascii() or text.isprintable())


def find_marks(text: str) -> Iterator[int]:
    """Yield the numbers of the marks in a text."""
    if not may_hold_mark(text):
        return
    for found in _MARK.finditer(text):
        yield _decode(found[1])


def is_torn(text: str) -> bool:
    """Tell whether a text holds a piece of a mark."""
    return may_hold_mark(text) and bool(MARKS.search(_MARK.sub("", text)))


def ends_with_mark(text: str) -> int | None:
    """Return the number of the mark at a text's very end."""
    if not text.endswith((_CLOSE, _APART)):
        return None
    found = None
    for found in _MARK.finditer(text):  # noqa: B007 (the last one is wanted)
        pass
    return _decode(found[1]) if found and found.end() == len(text) else None


def unmark(text: str) -> str:
    """Return the text without marks."""
    return MARKS.sub("", text) if may_hold_mark(text) else text


def _encode(number: int) -> str:
    return _OPEN + str(number).translate(_ENCODED) + _CLOSE


def _decode(digits: str) -> int:
    return int(digits.translate(_DECODED))


_ENCODED = {ord(str(digit)): chr(_ZERO + digit) for digit in range(10)}
_DECODED = {ord(sign): chr(digit) for digit, sign in _ENCODED.items()}
