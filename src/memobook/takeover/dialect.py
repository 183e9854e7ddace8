"""Turn a chapter of another program into Markdown as memobook reads it.

What goes in: a chapter's text. What comes out: the same text, and a ledger of what was
changed or lost, with its line. The places of links and pictures are not known here;
what Markdown cannot tell by eye, mending.py finds by reading the new book.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from memobook.book.attributes import allowed_attributes
from memobook.book.positions import FENCE
from memobook.book.prose import prose
from memobook.takeover.home import is_within
from memobook.takeover.losses import Ledger

__all__ = ["Dialect", "translated"]


@dataclass(frozen=True, slots=True)
class Dialect:
    """One chapter's way into the new book."""

    name: str
    """The chapter's path in the old book."""
    folder: Path
    """Where its includes are."""
    ledger: Ledger
    home: Path
    """The folder that they must be in; see home.py."""


def translated(text: str, dialect: Dialect) -> str:
    """Return a chapter's text with all that memobook says in another way."""
    for step in (_included, _fences, _divs, _tags, _braces, _headings):
        text = step(text, dialect)
    return text


# Includes of mdBook

_INCLUDE = re.compile(
    r"\{\{#(?:rustdoc_)?(?:include|playground)\s+"
    r"([^\s:}]+)(?::([^\s}]*))?[^}]*\}\}"
)
_ANCHOR = re.compile(r"ANCHOR(?:_END)?:\s*(\S+)")


def _included(text: str, dialect: Dialect) -> str:
    """Put in what {{#include}} names: the new book needs no file of the old one."""
    if "{{#" not in text:
        return text
    out = []
    for number, line in enumerate(text.split("\n"), start=1):
        found = _INCLUDE.search(line)
        if not found:
            out.append(line)
            continue
        path = dialect.folder / found[1]
        try:
            if not is_within(path, dialect.home):
                raise FileNotFoundError(path)
            inside = path.read_text("utf-8")
        except OSError:
            dialect.ledger.lost(dialect.name, number, f"{found[0]}: no such file")
            continue
        out += _part(inside, found[2] or "")
        dialect.ledger.changed(dialect.name, number, f"{found[0]} was put in")
    return "\n".join(out)


def _part(text: str, part: str) -> Iterator[str]:
    """Yield the lines of a file that an include names: all, 2:5, or an anchor's."""
    lines = text.rstrip("\n").split("\n")
    span = re.fullmatch(r"(\d*)(:?)(\d*)", part)
    if part and not span:
        inside = False
        for line in lines:
            mark = _ANCHOR.search(line)
            if mark:
                if mark[1] == part:
                    inside = "ANCHOR_END" not in line
            elif inside:
                yield line
        return
    first = int(span[1]) if span and span[1] else 1
    end = int(span[3]) if span and span[3] else len(lines)
    if span and span[1] and not span[2]:
        end = first
    yield from (line for line in lines[first - 1 : end] if not _ANCHOR.search(line))


# Code

_FENCE = re.compile(
    r"^([ >\t]*(?:(?:[-*+]|\d+[.)])[ \t]+)*)(`{3,}|~{3,})[ \t]*(\S.*?)[ \t]*$"
)
_HIDDEN = re.compile(r"^\s*#(?: |$)")


def _fences(text: str, dialect: Dialect) -> str:
    """Leave of a fence's words the language, and of Rust the lines that are shown."""
    lines = text.split("\n")
    inside = _code_lines(lines)
    out: list[str] = []
    is_rust = False
    hidden = 0
    for index, line in enumerate(lines):
        opens = index in inside and index - 1 not in inside
        found = _FENCE.match(line) if index in inside else None
        if found and (opens or not is_rust) and "`" not in found[3]:
            language = re.split(r"[\s,{}]", found[3].lstrip("{. "))[0].strip("`")
            is_rust = language == "rust"
            new = f"{found[1]}{found[2]}{language}"
            if new != line.rstrip():
                dialect.ledger.changed(
                    dialect.name,
                    index + 1,
                    f"code of {found[3]} is {language or 'code'}",
                )
            line = new
        elif index in inside and re.match(r"^[ >\t]*(`{3,}|~{3,})\s*$", line):
            is_rust = False
        elif is_rust and index in inside and _HIDDEN.match(line):
            hidden += 1
            continue
        out.append(line)
    if hidden:
        what = f"{hidden} lines of Rust that mdBook hides are gone"
        dialect.ledger.changed(dialect.name, 1, what)
    return "\n".join(out)


# Fenced divs of Quarto and pandoc

_DIV = re.compile(r"^(:{3,})[ \t]*(.*?)[ \t]*:*$")
_CALLOUT = re.compile(r"callout-(note|tip|warning|caution|important)")


def _code_lines(lines: Sequence[str]) -> frozenset[int]:
    """Return the indexes of the lines of fenced code, the fences included.

    As CommonMark has it: in a list's item, too, with more signs at its end, or none.
    https://spec.commonmark.org/0.31.2/#fenced-code-blocks
    """
    inside: set[int] = set()
    fence = ""
    for index, line in enumerate(lines):
        found = FENCE.match(line)
        if fence:
            inside.add(index)
            if found and found[1].startswith(fence):
                fence = ""
        elif found and "`" not in line[found.end() :]:
            inside.add(index)
            fence = found[1]
    return frozenset(inside)


def _divs(text: str, dialect: Dialect) -> str:
    lines = text.split("\n")
    inside = _code_lines(lines)
    opened: list[bool] = []
    out: list[str] = []
    for index, line in enumerate(lines):
        found = None if index in inside else _DIV.match(line)
        if found is None:
            out.append(line)
        elif found[2]:
            callout = _CALLOUT.search(found[2])
            opened.append(bool(callout))
            if callout:
                out += [f"/// {callout[1]}"]
                dialect.ledger.changed(dialect.name, index + 1, f"{line} is a callout")
            else:
                dialect.ledger.lost(
                    dialect.name, index + 1, f"{line}: only its text was kept"
                )
        else:
            is_callout = opened.pop() if opened else False
            out += ["///"] if is_callout else []
    return "\n".join(out)


# HTML

_TAG = re.compile(r"<(/?)([A-Za-z][\w-]*)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*?)(/?)>")
_ATTRIBUTE = re.compile(r"\s+([^\s=/>\"']+)(?:\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s>]+))?")
_GONE = re.compile(
    r"<(script|style|iframe|svg|button|form|video|audio)\b.*?</\1\s*>",
    re.DOTALL | re.IGNORECASE,
)


# What is an element, but has no place in a book?
_REFUSED = frozenset(
    """applet area audio base basefont big blink body button canvas center data datalist
    dialog dir embed fieldset font form frame frameset head html iframe input label
    legend link main map marquee math menu meta nav noscript object optgroup option
    output param picture progress script select source strike style svg template
    textarea title track tt video""".split()
)


def _tags(text: str, dialect: Dialect) -> str:
    """Take out what no book may hold; the text between tags stays."""

    def gone(found: re.Match[str]) -> str:
        dialect.ledger.lost(
            dialect.name, _line(text, found.start()), f"<{found[1]}> and all in it"
        )
        return "\n" * found[0].count("\n")

    def tag(found: re.Match[str]) -> str:
        return _tag(found, _line(text, found.start()), dialect)

    text = _in_prose(text, _GONE, gone)
    text = _in_prose(text, _TAG, tag)
    # GitHub reads what follows an empty line in a block as Markdown.
    return _in_prose(text, _HTML_BLOCK, _with_markdown)


def _tag(found: re.Match[str], line: int, dialect: Dialect) -> str:
    """Return a tag as a book may hold it."""
    name = found[2].lower()
    allowed = allowed_attributes(name)
    if allowed is None and name not in _REFUSED:
        # No tag at all, but such as Vec<T>.
        dialect.ledger.changed(dialect.name, line, f"{found[0]} is text")
        return f"&lt;{found[0][1:]}"
    if allowed is None:
        what = f"<{found[1]}{found[2]}>, but not its text"
        dialect.ledger.lost(dialect.name, line, what)
        return ""
    # HTML calls it id by now.
    text = re.sub(r"(\s)name=", r"\1id=", found[3]) if name == "a" else found[3]
    kept, lost = [], []
    for attribute, value in _ATTRIBUTE.findall(text):
        bare = attribute.lower()
        if value and bare in allowed:
            kept.append(f" {attribute}={value}")
        else:
            lost.append(attribute)
    if not lost:
        return f"<{found[1]}{found[2]}{text}{found[4]}>"
    dialect.ledger.lost(dialect.name, line, f"of <{found[2]}>: {', '.join(lost)}")
    return f"<{found[1]}{found[2]}{''.join(kept)}{' /' if found[4] else ''}>"


_HTML_BLOCK = re.compile(
    r"^ {0,3}<(details|div|section|aside|article|blockquote)\b([^>]*)>(?=.*?\n[ \t]*\n)"
    r"(?=(?:(?!</\1\b).)*?\n[ \t]*\n)",
    re.MULTILINE | re.DOTALL | re.IGNORECASE,
)


def _with_markdown(found: re.Match[str]) -> str:
    return found[0].rstrip(">") + ' markdown="1">'


def _braces(text: str, dialect: Dialect) -> str:
    """Write braces that would ask for a variable so that they are text."""
    return _in_prose(
        text,
        re.compile(r"(?<!\\)\{\{(?= )|(?<!\\)\{(?=\+\+|--|~~|==|>>)"),
        lambda f: "\\" + f[0],
    )


# Headings

_HEADING = re.compile(r"^(#{1,6})(?=[ \t]|$)")


def _headings(text: str, dialect: Dialect) -> str:
    """Leave one title a chapter and skip no level."""
    lines, plain = text.split("\n"), prose(text)
    found = [
        (i, len(m[1])) for i, line in enumerate(plain) if (m := _HEADING.match(line))
    ]
    has_title = bool(found) and found[0][1] == 1
    extra = 1 if sum(level == 1 for _, level in found) > has_title else 0
    level = 1
    for number, (index, old) in enumerate(found):
        if number == 0 and has_title:
            continue
        new = min(max(old + extra, 2), level + 1, 6)
        level = new
        if new != old:
            lines[index] = "#" * new + lines[index][old:]
            what = f"heading of level {old} is one of level {new}"
            dialect.ledger.changed(dialect.name, index + 1, what)
    return "\n".join(lines)


# What is common


def _line(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1


def _in_prose(
    text: str, pattern: re.Pattern[str], new: Callable[[re.Match[str]], str]
) -> str:
    """Replace what a pattern finds where it is no code."""
    if not pattern.search(text):
        return text
    # Code is as long as it was, so that an offset in one text is one in the other.
    lines, plain = text.split("\n"), prose(text)
    masked = "\n".join(
        p if len(p) == len(line) else "\0" * len(line)
        for p, line in zip(plain, lines, strict=True)
    )
    for found in reversed(tuple(pattern.finditer(masked))):
        if text[found.start() : found.end()] == found[0]:
            text = text[: found.start()] + new(found) + text[found.end() :]
    return text
