"""Settings that know their place: TOML and YAML as plain data with line and column.

What goes in: a settings text. What comes out: its data, and for every key the place
where it stands. What the keys mean is not decided here.
"""

from __future__ import annotations

import re
import tomllib
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import tree_sitter_toml
import yaml
from tree_sitter import Language, Node, Parser

from memobook.diagnostics import Code, Reporter, Span

__all__ = ["Located", "Path", "read_own_toml", "read_toml", "read_yaml"]

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
    for path, key, value in _toml_pairs(tree.root_node, ()):
        keys.setdefault(path, _toml_span(key, text, file))
        values.setdefault(path, _toml_span(value, text, file))
    return Located(file, data, keys, values, text)


def read_yaml(text: str, file: str, line: int, reporter: Reporter) -> Located | None:
    """Read YAML whose first line is the given line of its file, every scalar a string.

    Scalars stay strings, so that `no`, `010` and `12:30` mean what they say; the schema
    gives them their types. Reports `block-not-yaml` and returns None.
    """
    try:
        root = _Composing(text).get_single_node()
    except yaml.YAMLError as error:
        _report_yaml(error, text, file, line, reporter)
        return None
    except RecursionError:
        message = "the block nests too deeply"
        reporter.error(Code.BLOCK_NOT_YAML, Span(file, line), message)
        return None
    except ValueError as error:  # such as "\U00110000", which PyYAML hands to chr
        reporter.error(Code.BLOCK_NOT_YAML, Span(file, line), str(error))
        return None
    if root is None:
        return Located(file, {}, {}, {}, text, line)
    if not isinstance(root, yaml.MappingNode):
        span = _yaml_span(root, file, line)
        message = "the block is not a list of keys and values"
        reporter.error(Code.BLOCK_NOT_YAML, span, message, "write `title: ...`")
        return None
    reading = _YamlReading(file, line, {}, {}, reporter)
    data = reading.data(root, ())
    return Located(file, data, reading.keys, reading.values, text, line)


# TOML


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


def _toml_span(node: Node, text: str, file: str) -> Span:
    """Tree-sitter counts columns in bytes from 0; a span counts code points from 1."""
    row, byte = node.start_point
    line = text.split("\n")[row]
    column = len(line.encode()[:byte].decode()) + 1
    one_line = (node.text or b"").decode().split("\n")[0]
    return Span(file, row + 1, column, len(one_line))


# YAML


# How does YAML say it, and how would an author?
_YAML_PROBLEMS = {
    "mapping values are not allowed here": "a value holds a colon and a space",
    "found unexpected end of stream": "a quotation mark is not closed",
    "found character '\\t' that cannot start any token": "a tab stands for spaces",
}


def _report_yaml(
    error: yaml.YAMLError, text: str, file: str, line: int, reporter: Reporter
) -> None:
    mark = getattr(error, "problem_mark", None)
    problem = str(getattr(error, "problem", None) or error)
    span = Span(file, line)
    hint = 'put a value that holds ": " or begins with a sign in quotes'
    if mark:
        span = Span(file, mark.line + line, mark.column + 1)
    elif isinstance(error, yaml.reader.ReaderError):
        before = text[: error.position]
        number = before.count("\n") + line
        span = Span(file, number, len(before) - before.rfind("\n"), 1)
        problem = f"the character U+{ord(text[error.position]):04X}"
        hint = "take it out"
    problem = _YAML_PROBLEMS.get(problem, problem)
    message = f"the block is not YAML: {problem}"
    reporter.error(Code.BLOCK_NOT_YAML, span, message, hint)


def _events(text: str) -> list[yaml.Event]:
    """Return a text's events, as LibYAML has them: it is ten times as quick.

    What is wrong with a text, Python's reader says, which knows the place better.
    """
    with suppress(yaml.YAMLError):
        # A PyYAML that was built without it has none.
        return list(yaml.parse(text, getattr(yaml, "CBaseLoader", yaml.BaseLoader)))
    return list(yaml.parse(text, Loader=yaml.BaseLoader))


class _Composing(yaml.composer.Composer, yaml.resolver.BaseResolver):
    """Composes the events of a text, which is scanned only once: that costs most.

    All of it is scanned before, so that an alias is reported rather than what it does.
    """

    def __init__(self, text: str) -> None:
        yaml.composer.Composer.__init__(self)
        yaml.resolver.BaseResolver.__init__(self)
        self._events: deque[yaml.Event] = deque()
        for event in _events(text):
            if isinstance(event, yaml.AliasEvent):
                problem = f"*{event.anchor} is an alias, which is not allowed"
                place = event.start_mark
                raise yaml.MarkedYAMLError(None, None, problem, place)  # type: ignore[arg-type]  # the stubs allow for LibYAML's marks
            self._events.append(event)

    def check_event(self, *kinds: type[yaml.Event]) -> bool:
        """Tell whether the next event is of one of these kinds."""
        return isinstance(self._events[0], kinds)

    def peek_event(self) -> yaml.Event:
        """Return the next event."""
        return self._events[0]

    def get_event(self) -> yaml.Event:
        """Take the next event."""
        return self._events.popleft()


@dataclass(frozen=True, slots=True)
class _YamlReading:
    file: str
    line: int
    keys: dict[Path, Span]
    values: dict[Path, Span]
    reporter: Reporter

    def data(self, node: yaml.Node, path: Path) -> Any:  # noqa: ANN401 (settings enter here)
        self.values[path] = _yaml_span(node, self.file, self.line)
        self.keys.setdefault(path, self.values[path])
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.data(n, (*path, i)) for i, n in enumerate(node.value)]
        return node.value

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        out: dict[str, Any] = {}
        for key, value in node.value:
            span = _yaml_span(key, self.file, self.line)
            if not isinstance(key, yaml.ScalarNode):
                message = "a key must be a word"
                self.reporter.error(Code.BLOCK_NOT_YAML, span, message)
                continue
            name = str(key.value)
            if name in out:
                message = f"the key {name} stands twice"
                hint = "take one of them out"
                self.reporter.error(Code.BLOCK_NOT_YAML, span, message, hint)
            self.keys[(*path, name)] = span
            out[name] = self.data(value, (*path, name))
        return out


def _yaml_span(node: yaml.Node, file: str, line: int) -> Span:
    mark = node.start_mark
    length = len(node.value) if isinstance(node, yaml.ScalarNode) else 0
    return Span(file, mark.line + line, mark.column + 1, length)
