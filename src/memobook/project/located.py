"""Settings that know their place: TOML as plain data with line and column.

What goes in: a settings text. What comes out: its data, and for every key the place
where it stands. What the keys mean is not decided here.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import tree_sitter_toml
from tree_sitter import Language, Node, Parser

from memobook.diagnostics import Code, Reporter, Span

__all__ = [
    "MOST_TOML",
    "Located",
    "Path",
    "legible",
    "printable",
    "read_own_toml",
    "read_toml",
]

MOST_TOML = 4 << 20
"""Bytes of a file of settings: a registry of links may be long."""
Path = tuple[str | int, ...]
"""Keys and indexes from the top: ("contents", "memos", 2)."""


@dataclass(frozen=True, slots=True)
class Located:
    """Data and where each of its keys and list items stands."""

    file: str
    data: dict[str, Any]
    keys: Mapping[Path, Span]
    """Of every key; for a list item the place of the item."""
    values: Mapping[Path, Span]
    text: str = ""
    """Where the values are written, for places inside them."""
    first_line: int = 1
    """The number of the text's first line in its file."""

    def key(self, path: Path) -> Span:
        """Return the place of a key, or of the nearest one above it."""
        return self._nearest(self.keys, path)

    def value(self, path: Path) -> Span:
        """Return the place of a value, or of the nearest one above it."""
        return self._nearest(self.values, path)

    def inside(self, path: Path, value: str, span: Span) -> Span:
        """Return the place in the file of a place in the text that a value holds.

        The word there is looked for in what is written; where that differs, as it does
        for an escape, the place of the whole value is returned.
        """
        whole = self.value(path)
        if not (whole.line and span.line and span.column):
            return whole
        offset = _offset(value, span.line, span.column)
        start = _offset(self.text, whole.line - self.first_line + 1, whole.column)
        found = _same_place(value, offset, self.text, start, span.length)
        if found is None:
            return whole
        line = self.text.count("\n", 0, found) + self.first_line
        column = found - self.text.rfind("\n", 0, found)
        return Span(self.file, line, column, span.length)

    def _nearest(self, places: Mapping[Path, Span], path: Path) -> Span:
        while path and path not in places:
            path = path[:-1]
        return places.get(path, Span(self.file))


def _offset(text: str, line: int, column: int) -> int:
    lines = text.split("\n")
    return sum(len(each) + 1 for each in lines[: line - 1]) + column - 1


def _same_place(
    value: str, offset: int, text: str, start: int, length: int
) -> int | None:
    """Return where the word at an offset of a value stands in a text, from a start on.

    It is the word with the same number among its equals.
    """
    # Where nothing stands, as in [text]( ), the word before it tells the place.
    before = value[:offset] if length else value[:offset].rstrip()
    word_start = max(before.rfind(sign) for sign in " \n\t") + 1
    word = value[word_start : offset + length]
    if not word:
        return None
    found = start - 1
    for _ in range(value.count(word, 0, word_start) + 1):
        found = text.find(word, found + 1)
        if found < 0:
            return None
    return found + offset - word_start


def read_own_toml(text: str) -> dict[str, Any]:
    """Return a file that memobook itself brings, in which no mistake is an author's."""
    return tomllib.loads(text)


def read_toml(text: str, file: str, reporter: Reporter) -> Located | None:
    """Read TOML; report `config-syntax` and return None.

    A date that is none is reported as `config-bad-date`, and another one stands in.
    """
    if _is_absurd(text, file, reporter):
        return None
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        mended = _report_toml(str(error), text, file, reporter)
        return read_toml(mended, file, reporter) if mended not in {"", text} else None
    except RecursionError:
        reporter.error(Code.CONFIG_SYNTAX, Span(file), "the lists nest too deeply")
        return None
    parser = Parser(Language(tree_sitter_toml.language()))
    tree = parser.parse(text.encode())
    keys: dict[Path, Span] = {}
    values: dict[Path, Span] = {}
    lines = text.split("\n")
    for path, key, value in _toml_pairs(tree.root_node, ()):
        keys.setdefault(path, _toml_span(key, lines, file))
        values.setdefault(path, _toml_span(value, lines, file))
    located = Located(file, data, keys, values, text)
    return replace(located, data=_printable(data, (), located, reporter))


def _printable(value: Any, path: Path, located: Located, reporter: Reporter) -> Any:  # noqa: ANN401 (settings enter here)
    if isinstance(value, dict):
        pairs = value.items()
        return {k: _printable(v, (*path, k), located, reporter) for k, v in pairs}
    if isinstance(value, list):
        return [
            _printable(v, (*path, i), located, reporter) for i, v in enumerate(value)
        ]
    if not isinstance(value, str):
        return value
    return printable(value, located.value(path), Code.CONFIG_WRONG_VALUE, reporter)


# https://www.w3.org/TR/xml/#charsets
_NO_TEXT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def legible(text: str) -> str:
    """Return a text without the characters that no book can hold."""
    return _NO_TEXT.sub("", text)


def printable(text: str, span: Span, code: Code, reporter: Reporter) -> str:
    """Return a value whose characters any book can hold; report the first other one."""
    found = _NO_TEXT.search(text)
    if found is None:
        return text
    message = f"a value holds the character U+{ord(found[0]):04X}"
    reporter.error(code, span, message, "take it out")
    return _NO_TEXT.sub("\ufffd", text)


# TOML


# What takes a reader of TOML for ever, or what Python does not read?
_ABSURD = (
    (
        re.compile(r"^[ \t]*\[{0,2}(?:[\w-]+\.){50}", re.MULTILINE),
        "a key has too many parts",
    ),
    (re.compile(r"[\d_]{4000}"), "a number has too many digits"),
)


def _is_absurd(text: str, file: str, reporter: Reporter) -> bool:
    if len(text.encode()) > MOST_TOML:
        message = f"the file is longer than {MOST_TOML >> 20} MB"
        hint = "settings are short: was another file saved by this name?"
        reporter.error(Code.CONFIG_SYNTAX, Span(file), message, hint)
        return True
    for pattern, message in _ABSURD:
        if found := pattern.search(text):
            line = text.count("\n", 0, found.start()) + 1
            reporter.error(Code.CONFIG_SYNTAX, Span(file, line), message)
            return True
    return False


_DATE = re.compile(r"=\s*(\d{1,4}-\d{1,2}-\d{1,2})(?![\dT:])")


def _report_toml(problem: str, text: str, file: str, reporter: Reporter) -> str:
    """Report a fault; return the text without it if that is easy, else ""."""
    # Python 3.14 has the place as attributes; before, it is only in the message.
    match = re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)", problem)
    number, column = text.count("\n") + 1, 0
    if match and match[1]:
        number, column = int(match[1]), int(match[2])
    message = problem.replace(match[0], "") if match else problem
    line = text.split("\n")[number - 1]
    date = _DATE.search(line)
    if date and date.start() < column <= date.end() + 1:
        span = Span(file, number, date.start(1) + 1, len(date[1]))
        hint = "write a date of the calendar as 2025-06-09"
        message = f"{date[1]} is no date"
        reporter.error(Code.CONFIG_BAD_DATE, span, message, hint)
        lines = text.split("\n")
        lines[number - 1] = line[: date.start(1)] + "1980-01-01" + line[date.end(1) :]
        return "\n".join(lines)
    hint = 'text stands in quotes, a list in brackets: title = "…"'
    if message.startswith(("Cannot overwrite", "Cannot declare")):
        # The place given is behind the second one.
        column = len(line) - len(line.lstrip()) + 1
        message = f"{line.partition('=')[0].strip()} stands twice"
        hint = "take one of them out"
    span = Span(file, number, column)
    message = message[:1].lower() + message[1:]
    reporter.error(Code.CONFIG_SYNTAX, span, message, hint)
    return ""


_Pair = tuple[Path, Node, Node]


def _toml_pairs(node: Node, base: Path) -> Iterator[_Pair]:
    """Yield path, key node and value node of all that stands below a node."""
    counts: dict[Path, int] = {}
    for child in node.named_children:
        if child.type == "pair":
            yield from _toml_pair(child, base)
        elif child.type == "table":
            head = child.named_children[0]
            path = base + _toml_key(head)
            yield path, head, child
            yield from _toml_pairs(child, path)
        elif child.type == "table_array_element":
            head = child.named_children[0]
            name = base + _toml_key(head)
            path = (*name, counts.get(name, 0))
            counts[name] = counts.get(name, 0) + 1
            yield name, head, child
            yield path, head, child
            yield from _toml_pairs(child, path)


def _toml_pair(pair: Node, base: Path) -> Iterator[_Pair]:
    parts = [c for c in pair.named_children if c.type != "comment"]
    key, value = parts[0], parts[-1]
    path = base + _toml_key(key)
    yield path, key, value
    yield from _toml_value(value, path)


def _toml_value(value: Node, path: Path) -> Iterator[_Pair]:
    if value.type == "inline_table":
        yield from _toml_pairs(value, path)
    elif value.type == "array":
        items = [c for c in value.named_children if c.type != "comment"]
        for index, item in enumerate(items):
            yield (*path, index), item, item
            yield from _toml_value(item, (*path, index))


def _toml_key(key: Node) -> tuple[str, ...]:
    if key.type == "dotted_key":
        return tuple(name for part in key.named_children for name in _toml_key(part))
    return ((key.text or b"").decode().strip("\"'"),)


def _toml_span(node: Node, lines: list[str], file: str) -> Span:
    """Tree-sitter counts columns in bytes from 0; a span counts code points from 1."""
    row, byte = node.start_point
    line = lines[row]
    column = len(line.encode()[:byte].decode()) + 1
    one_line = (node.text or b"").decode().split("\n")[0]
    return Span(file, row + 1, column, len(one_line))
