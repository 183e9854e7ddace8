"""Take the memos in: each is parsed and looked through once, however often it is built.

What goes in: the memos' texts. What comes out: parsed memos and what was found in them,
from the store where the text has not changed, else from the workers. They are kept as
JSON and no pickle: a cache folder may come with a stranger's project.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, ClassVar

from pydantic import TypeAdapter, ValidationError

from memobook.book.diagrams import ENGINES as DIAGRAMS
from memobook.book.formulas import ENGINES as FORMULAS
from memobook.book.model import Memo, Source, placed
from memobook.book.parse import parse_memo, parse_text
from memobook.book.tree import Node
from memobook.checks.source import lint
from memobook.diagnostics import Diagnostic, Reporter
from memobook.fresh import versions_of
from memobook.project.located import Located
from memobook.store import Store, key_of
from memobook.workers import Workers

__all__ = ["Imprint", "Intake", "Parsed", "ParsedImprint", "Text", "read", "take_in"]

_KIND, _SUFFIX = "memos", ".json"
_FORMAT = "3"
"""Of a memo's reading: raise it when the same text gives another memo."""

# What does a memo depend on beside its text?
_ENGINES = (
    "memobook", "markdown", "pymdown-extensions", "pygments", "tinyhtml5",
    *FORMULAS, *DIAGRAMS,
)  # fmt: skip
_READING = (_FORMAT, *versions_of(_ENGINES))


@dataclass(frozen=True, slots=True)
class Text:
    """What a parsed memo depends on."""

    source: Source
    language: str
    """The book's."""
    kind: ClassVar = "memo"

    @property
    def key(self) -> str:
        """The name of what is kept."""
        source = self.source
        # Where its lines were written is in every place that is kept.
        origins = repr(source.origins) if source.origins else ""
        return key_of(*_READING, self.language, source.path, source.text, origins)

    def read(self) -> Parsed:
        """Parse and look through it."""
        reporter = Reporter()
        memo = parse_memo(self.source, self.language, reporter)
        lint(self.source, memo, reporter)
        found = reporter.diagnostics
        if self.source.origins:
            place = self.source.place
            memo = placed(memo, place)
            found = tuple(replace(d, span=place(d.span)) for d in found)
        return Parsed(memo, found)


@dataclass(frozen=True, slots=True)
class Imprint:
    """What a parsed imprint depends on."""

    text: str
    settings: Located
    language: str
    kind: ClassVar = "imprint"

    @property
    def key(self) -> str:
        """The name of what is kept."""
        return key_of(*_READING, self.language, self.text, self.settings.text)

    def read(self) -> ParsedImprint:
        """Parse it."""
        reporter = Reporter()
        path = ("book", "imprint")
        node = parse_text(self.text, self.settings, path, self.language, reporter)
        return ParsedImprint(node, reporter.diagnostics)


@dataclass(frozen=True, slots=True)
class Parsed:
    """A memo, and what is wrong with its text."""

    content: Memo
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class ParsedImprint:
    """The imprint's blocks, and what is wrong with them."""

    content: Node
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Intake:
    """A book's texts as they were taken in."""

    memos: tuple[Memo, ...]
    imprint: Node


def take_in(
    texts: Iterable[Source],
    imprint: Imprint,
    store: Store,
    workers: Workers,
    reporter: Reporter,
    meanwhile: Callable[[], object] = lambda: None,
) -> Intake:
    """Return the memos in the texts' order, and the imprint.

    The texts' language is the imprint's, where they name none.
    `meanwhile` begins other work for the workers, when there is little left to read.
    """
    items = [Text(source, imprint.language) for source in texts]
    wanted: list[_Item] = [*items, imprint]
    known = {item.key: _kept(store, item) for item in wanted}
    missing = [item for item in wanted if known[item.key] is None]
    for item, made in _read(missing, workers, meanwhile):
        store.keep(_KIND, item.key, _SUFFIX, _adapter(item.kind).dump_json(made))
        known[item.key] = made
    taken = [known[item.key] for item in items]
    for each in (*taken, known[imprint.key]):
        reporter.extend(each.diagnostics)
    memos = tuple(each.content for each in taken)
    return Intake(memos, known[imprint.key].content)


_Item = Text | Imprint


def read(item: _Item) -> Parsed | ParsedImprint:
    """Read a text, as a worker does."""
    return item.read()


_FIRST = 0.85
"""Share of the texts that is read before the workers begin with other things."""


def _read(
    items: list[_Item], workers: Workers, meanwhile: Callable[[], object]
) -> Iterator[tuple[_Item, Parsed | ParsedImprint]]:
    # Also a single one: a worker has loaded by now what this process never needs.
    first = int(len(items) * _FIRST)
    futures = {workers.begun(read, item): item for item in items[:first]}
    meanwhile()
    futures |= {workers.begun(read, item): item for item in items[first:]}
    for future in as_completed(futures):
        item = futures[future]
        try:
            yield item, future.result()
        except BrokenProcessPool:  # the system ended one; there will be new ones
            workers.close()
            yield item, item.read()


def _kept(store: Store, item: _Item) -> Any:  # noqa: ANN401 (what was read of the item)
    data = store.load(_KIND, item.key, _SUFFIX)
    if data is None:
        return None
    try:
        return _adapter(item.kind).validate_json(data)
    except ValidationError:
        return None


@cache
def _adapter(kind: str) -> TypeAdapter[Any]:
    return TypeAdapter(Parsed if kind == "memo" else ParsedImprint)
