"""Read a memo's block: YAML as plain data with line and column, and no surprises.

What goes in: the text between two lines of hyphens. What comes out: its keys and
values, every value a text as it is written, and the place of each. No alias, anchor or
tag: of YAML only keys, values and lists. What the keys mean is not decided here.
https://yaml.org/spec/1.2.2/
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import yaml

from memobook.diagnostics import Code, Reporter, Span
from memobook.project.located import Located, Path, printable

__all__ = ["MOST_YAML", "quick_options", "read_yaml"]

MOST_YAML = 64 << 10
"""Bytes of a memo's block."""
_DEEPEST = 20
"""Lists in lists; what a key may hold is three deep."""


def read_yaml(
    text: str, file: str, line: int, reporter: Reporter, *, allows_tags: bool = False
) -> Located | None:
    """Read YAML whose first line is the given line of its file, every scalar a string.

    Scalars stay strings, so that `no`, `010` and `12:30` mean what they say; the schema
    gives them their types. `allows_tags` is for files of other programs, whose tags and
    anchors mean nothing here. Reports `block-not-yaml` and returns None.
    """
    if len(text.encode()) > MOST_YAML:
        message = f"the block is longer than {MOST_YAML >> 10} KB"
        hint = "put what is no key or value below the block"
        reporter.error(Code.BLOCK_NOT_YAML, Span(file, line), message, hint)
        return None
    try:
        root = _Composing(text, allows_tags=allows_tags).get_single_node()
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


_FAULTS = (yaml.scanner.ScannerError, yaml.parser.ParserError, yaml.reader.ReaderError)


def _events(text: str, *, allows_tags: bool) -> list[yaml.Event]:
    """Return a text's events, as LibYAML has them: it is ten times as quick.

    What is wrong with a text, Python's reader says, which knows the place better.
    """
    with suppress(*_FAULTS):
        # A PyYAML that was built without it has none.
        loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
        return list(_plain(yaml.parse(text, loader), allows_tags=allows_tags))
    return list(
        _plain(yaml.parse(text, Loader=yaml.BaseLoader), allows_tags=allows_tags)
    )


def _plain(events: Iterator[yaml.Event], *, allows_tags: bool) -> Iterator[yaml.Event]:
    """Yield events. Raises MarkedYAMLError for what is more than keys and values.

    An alias could make a small text a huge one, and a tag names a type of a program.
    """
    depth = 0
    for event in events:
        problem = _problem(event, allows_tags=allows_tags)
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            problem = "it nests too deeply"
        if problem:
            place = event.start_mark
            raise yaml.MarkedYAMLError(None, None, problem, place)  # type: ignore[arg-type]  # the stubs allow for LibYAML's marks
        yield event


def _problem(event: yaml.Event, *, allows_tags: bool) -> str:
    anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
    if isinstance(event, yaml.AliasEvent):
        return f"*{anchor} is an alias, which is not allowed"
    if anchor and not allows_tags:
        return f"&{anchor} is an anchor, which is not allowed"
    if tag and not allows_tags:
        written = tag.replace("tag:yaml.org,2002:", "!!")
        return f"{written} is a tag, which is not allowed"
    return ""


class _Composing(yaml.composer.Composer, yaml.resolver.BaseResolver):
    """Composes the events of a text, which is scanned only once: that costs most.

    All of it is scanned before, so that an alias is reported rather than what it does.
    """

    def __init__(self, text: str, *, allows_tags: bool) -> None:
        yaml.composer.Composer.__init__(self)
        yaml.resolver.BaseResolver.__init__(self)
        self._events: deque[yaml.Event] = deque(_events(text, allows_tags=allows_tags))

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
        span = self.values[path]
        return printable(node.value, span, Code.BLOCK_NOT_YAML, self.reporter)

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


# Options of a block in the text

Options = dict[str, Any] | None
# A PyYAML that was built without LibYAML has none.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# It takes a tag without a name, and a comment behind a block's sign, as nothing.
_DIFFERENT = frozenset("!|>\t")


def quick_options(original: Callable[[str], Options]) -> Callable[[str], Options]:
    """Return what reads a block's options by LibYAML, which is ten times as quick.

    What that does not take, or takes for something else, is for the original.
    """

    def options(text: str) -> Options:
        if not _DIFFERENT.isdisjoint(text):
            return original(text)
        try:
            found = yaml.load(text, _LOADER)  # noqa: S506 (as safe as pymdownx's)
        except (yaml.YAMLError, ValueError):
            return original(text)
        return found if isinstance(found, dict) else original(text)

    return options
