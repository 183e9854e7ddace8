"""Settings that know their place: TOML and YAML as plain data with line and column.

What goes in: a settings text. What comes out: its data, and for every key the place
where it stands. What the keys mean is not decided here.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import tree_sitter_toml
import yaml
from tree_sitter import Language, Node, Parser

from memobook.diagnostics import Code, Reporter, Span

__all__ = ["Located", "Path", "read_toml", "read_yaml"]

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

    def key(self, path: Path) -> Span:
        """Return the place of a key, or of the nearest one above it."""
        return self._nearest(self.keys, path)

    def value(self, path: Path) -> Span:
        """Return the place of a value, or of the nearest one above it."""
        return self._nearest(self.values, path)

    def _nearest(self, places: Mapping[Path, Span], path: Path) -> Span:
        while path and path not in places:
            path = path[:-1]
        return places.get(path, Span(self.file))


def read_toml(text: str, file: str, reporter: Reporter) -> Located | None:
    """Read TOML; report `config-syntax` or `config-bad-date` and return None."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        _report_toml(str(error), text, file, reporter)
        return None
    parser = Parser(Language(tree_sitter_toml.language()))
    tree = parser.parse(text.encode())
    keys: dict[Path, Span] = {}
    values: dict[Path, Span] = {}
    for path, key, value in _toml_pairs(tree.root_node, ()):
        keys.setdefault(path, _toml_span(key, text, file))
        values.setdefault(path, _toml_span(value, text, file))
    return Located(file, data, keys, values)


def read_yaml(text: str, file: str, line: int, reporter: Reporter) -> Located | None:
    """Read YAML whose first line is the given line of its file, every scalar a string.

    Scalars stay strings, so that `no`, `010` and `12:30` mean what they say; the schema
    gives them their types. Reports `block-not-yaml` and returns None.
    """
    try:
        if any(isinstance(e, yaml.AliasEvent) for e in yaml.parse(text)):
            message = "aliases (*name) are not allowed"
            raise yaml.YAMLError(message)
        root = yaml.compose(text, Loader=yaml.BaseLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = (mark.line + line, mark.column + 1) if mark else (line, 0)
        problem = getattr(error, "problem", None) or str(error)
        reporter.error(
            Code.BLOCK_NOT_YAML,
            Span(file, *place),
            f"the block is not YAML: {problem}",
            'put a value that holds ": " or begins with a sign in quotes',
        )
        return None
    if root is None:
        return Located(file, {}, {}, {})
    if not isinstance(root, yaml.MappingNode):
        span = _yaml_span(root, file, line)
        message = "the block is not a list of keys and values"
        reporter.error(Code.BLOCK_NOT_YAML, span, message, "write `title: ...`")
        return None
    reading = _YamlReading(file, line, {}, {}, reporter)
    data = reading.data(root, ())
    return Located(file, data, reading.keys, reading.values)


# TOML


def _report_toml(problem: str, text: str, file: str, reporter: Reporter) -> None:
    # Python 3.14 has the place as attributes; before, it is only in the message.
    match = re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)", problem)
    line, column = text.count("\n") + 1, 0
    if match and match[1]:
        line, column = int(match[1]), int(match[2])
    message = problem.replace(match[0], "") if match else problem
    is_date = "date" in message.lower()
    reporter.error(
        Code.CONFIG_BAD_DATE if is_date else Code.CONFIG_SYNTAX,
        Span(file, line, column),
        message[:1].lower() + message[1:],
        "write a date of the calendar as 2025-06-09" if is_date else "",
    )


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
            name = str(key.value)
            span = _yaml_span(key, self.file, self.line)
            if name in out:
                message = f"the key {name} stands twice"
                self.reporter.error(Code.BLOCK_NOT_YAML, span, message)
            self.keys[(*path, name)] = span
            out[name] = self.data(value, (*path, name))
        return out


def _yaml_span(node: yaml.Node, file: str, line: int) -> Span:
    mark = node.start_mark
    length = len(node.value) if isinstance(node, yaml.ScalarNode) else 0
    return Span(file, mark.line + line, mark.column + 1, length)
