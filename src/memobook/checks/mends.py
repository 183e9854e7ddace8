"""Mend what the lint finds and what converters leave behind, and nothing that is meant.

What goes in: a text. What comes out: the text as it should be. Nothing is written here:
an author sees the difference first. Code is left as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from memobook.book.prose import prose
from memobook.checks.lists import with_mended_lists
from memobook.checks.source import cut_paragraphs, is_stray
from memobook.project.config import split_block

__all__ = ["STEPS", "mended"]

_NBSP = "\xa0"
_SPACE = rf"(?:{_NBSP}|&nbsp;|&\#160;|&\#xa0;)"


def mended(text: str) -> str:
    """Return a text with all mends."""
    for step in STEPS:
        text = step(text)
    return text


def _without_strays(text: str) -> str:
    """Take out soft hyphens and control characters; nobody knows what U+FFFD was."""
    strays = {c for c in set(text) - {"\n", "\ufffd"} if is_stray(c)}
    for character in strays:
        text = text.replace(character, "")
    return _in_prose(text, re.compile("&shy;|&#173;|&#xad;", re.IGNORECASE), "")


# Non-breaking spaces

# Where does one do harm? As an indent or behind the mark of a block, where Markdown
# does not take it for a space; beside another space and at a line's end, where it was
# to set something off.
_HARMFUL = re.compile(
    rf"""^(?P<indent>[ ]*{_SPACE}(?:[ ]|{_SPACE})*)(?=\S)
    |   (?<![^\s>])(?P<mark>[-*+]|\d+[.)]|\#{{1,6}}|>){_SPACE}[ ]*(?=\S)
    |   (?P<run>[ ]+{_SPACE}(?:[ ]|{_SPACE})*|{_SPACE}(?:[ ]|{_SPACE})+)(?=\S)
    |   (?P<end>(?:[ ]|{_SPACE})*{_SPACE}[ ]*)$""",
    re.VERBOSE | re.MULTILINE | re.IGNORECASE,
)
# And between two plain words it is a word processor's. Beside a number, a sign or a
# short word it keeps together what belongs together.
_BETWEEN_WORDS = re.compile(rf"(?<=[^\W\d_]{{3}}){_SPACE}(?=[^\W\d_]{{3}})")


def _with_plain_spaces(text: str) -> str:
    text = _in_prose(text, _HARMFUL, _plain)
    return _in_prose(text, _BETWEEN_WORDS, " ")


def _plain(found: re.Match[str]) -> str:
    if found["indent"] is not None:
        return re.sub(_SPACE, " ", found["indent"], flags=re.IGNORECASE)
    if found["mark"] is not None:
        return f"{found['mark']} "
    return " " if found["run"] is not None else ""


# Breaks that only hold a place

_BREAK = rf"(?:<br[ ]*/?>|{_SPACE}|\\)"
_LINE_OF_BREAKS = re.compile(rf"^[ ]*{_BREAK}(?:[ ]|{_BREAK})*$", re.IGNORECASE)
_BREAKS_AT_END = re.compile(r"(?:[ ]*<br[ ]*/?>)+[ ]*$", re.IGNORECASE)


def _without_placeholders(text: str) -> str:
    """Take out lines that hold only a break, and breaks before an empty line."""
    lines, plain = text.split("\n"), _plain_lines(text)
    out: list[str] = []
    in_gap = False
    for index, line in enumerate(lines):
        following = lines[index + 1] if index + 1 < len(lines) else ""
        if len(plain[index]) == len(line):
            end = _BREAKS_AT_END.search(plain[index])
            if _LINE_OF_BREAKS.match(plain[index]):
                in_gap, line = True, ""
            elif end and not following.strip():
                line = line[: end.start()]
        # Of the empty lines around one that went, one is left.
        if in_gap and not line.strip() and not "".join(out[-1:]).strip():
            continue
        in_gap = in_gap and not line.strip()
        out.append(line)
    return "\n".join(out)


# Paragraphs that were cut in two


def _with_whole_paragraphs(text: str) -> str:
    _, skip = split_block(text)
    lines = text.split("\n")
    for row, _ in reversed(tuple(cut_paragraphs(prose(text, skip)))):
        del lines[row - 1]
    return "\n".join(lines)


# What is common


def _plain_lines(text: str) -> list[str]:
    _, skip = split_block(text)
    return prose(text, skip)


def _in_prose(
    text: str, pattern: re.Pattern[str], new: str | Callable[[re.Match[str]], str]
) -> str:
    """Replace what a pattern finds, line by line, where it is no code."""
    if not pattern.search(text):
        return text
    lines = text.split("\n")
    for row, plain in enumerate(_plain_lines(text)):
        line = lines[row]
        if len(plain) != len(line):
            continue
        for found in reversed(tuple(pattern.finditer(plain))):
            if found[0] and line[found.start() : found.end()] == found[0]:
                put = new if isinstance(new, str) else new(found)
                line = line[: found.start()] + put + line[found.end() :]
        lines[row] = line
    return "\n".join(lines)


STEPS: tuple[Callable[[str], str], ...] = (
    _without_strays,
    _without_placeholders,
    _with_plain_spaces,
    _with_whole_paragraphs,
    with_mended_lists,
)
"""What is mended, in order: a space that is none hides the mark of a list."""
