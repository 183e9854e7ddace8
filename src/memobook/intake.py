"""Take the memos in: each is parsed and looked through once, however often it is built.

What goes in: the memos' texts. What comes out: parsed memos and what was found in them,
from the store where the text has not changed, else from the workers. They are kept as
JSON and no pickle: a cache folder may come with a stranger's project.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import BrokenExecutor, Future, as_completed
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, ClassVar

from pydantic import TypeAdapter, ValidationError

from memobook.book.diagrams import ENGINES as DIAGRAMS
from memobook.book.formulas import ENGINES as FORMULAS
from memobook.book.marks import with_marks
from memobook.book.model import Memo, Source
from memobook.book.placing import placed
from memobook.book.tree import Node
from memobook.bounds import FREE, Bound, ExceededError, bounded
from memobook.diagnostics import Code, Diagnostic, Reporter, Span
from memobook.exceeded import died, exceeded
from memobook.fresh import versions_of
from memobook.project.limits_schema import LimitsTable
from memobook.project.located import Located
from memobook.project.outline_schema import Epigraph
from memobook.store import Store, key_of
from memobook.workers import Workers

__all__ = [
    "Begun",
    "Imprint",
    "Intake",
    "Parsed",
    "ParsedImprint",
    "Text",
    "begin",
    "read",
]

_KIND, _SUFFIX = "memos", ".json"
_FORMAT = "34"
"""Of a memo's reading: raise it when the same text gives another memo."""

# What does a memo depend on beside its text?
_ENGINES = (
    "memobook", "markdown", "pymdown-extensions", "pygments", "tinyhtml5",
    *FORMULAS, *DIAGRAMS,
)  # fmt: skip


def _reading() -> tuple[str, ...]:
    # Not above: a worker asks for no key.
    return (_FORMAT, *versions_of(_ENGINES))


@dataclass(frozen=True, slots=True)
class Text:
    """What a parsed memo depends on."""

    source: Source
    language: str
    """The book's."""
    bound: Bound = FREE
    """What its reading may take."""
    kind: ClassVar = "memo"

    @property
    def span(self) -> Span:
        """Return where it stands."""
        return Span(self.source.path)

    @property
    def key(self) -> str:
        """The name of what is kept."""
        source = self.source
        # Where its lines were written is in every place that is kept.
        origins = repr(source.origins) if source.origins else ""
        return key_of(*_reading(), self.language, source.path, source.text, origins)

    def read(self) -> Parsed:
        """Parse and look through it."""
        # Not above: the process that gives texts to workers needs no Python-Markdown.
        from memobook.book.parse import parse_memo
        from memobook.checks.source import lint

        reporter = Reporter()
        memo = with_marks(parse_memo(self.source, self.language, reporter))
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
    epigraph: Epigraph | None
    settings: Located
    language: str
    limits: LimitsTable
    """Of all of the book's texts."""
    kind: ClassVar = "imprint"

    @property
    def bound(self) -> Bound:
        """Return what its reading may take."""
        return self.limits.bound(len(self.text))

    @property
    def span(self) -> Span:
        """Return where it stands."""
        return self.settings.value(("book", "imprint"))

    @property
    def key(self) -> str:
        """The name of what is kept."""
        return key_of(*_reading(), self.language, self.text, self.settings.text)

    def read(self) -> ParsedImprint:
        """Parse it."""
        from memobook.book.parse import parse_epigraph, parse_text

        reporter = Reporter()
        path = ("book", "imprint")
        node = parse_text(self.text, self.settings, path, self.language, reporter)
        path = ("book", "epigraph")
        quoted = parse_epigraph(
            self.epigraph, self.settings, path, self.language, reporter
        )
        return ParsedImprint(node, quoted, reporter.diagnostics)


@dataclass(frozen=True, slots=True)
class Parsed:
    """A memo, and what is wrong with its text."""

    content: Memo
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class ParsedImprint:
    """The imprint's blocks, the book's epigraph, and what is wrong with them."""

    content: Node
    epigraph: Node
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Intake:
    """A book's texts as they were taken in."""

    memos: tuple[Memo, ...]
    imprint: Node
    epigraph: Node


def begin(
    texts: Mapping[str, Collection[Source]],
    imprint: Imprint,
    store: Store,
    workers: Workers,
) -> Begun:
    """Let the workers read what is not kept, and return at once.

    `texts` are those of each output; what is the same in several is read once. Their
    language is the imprint's, where they name none.
    """
    keys: dict[Source, str] = {}
    items: dict[str, _Item] = {imprint.key: imprint}
    for source in {s: None for sources in texts.values() for s in sources}:
        bound = imprint.limits.bound(len(source.text))
        item = Text(source, imprint.language, bound)
        keys[source] = item.key
        items[keys[source]] = item
    known = {key: _kept(store, key, item.kind) for key, item in items.items()}
    # Also a single one: a worker has loaded by now what this process never needs.
    futures = {
        workers.begun(read, item): (key, item)
        for key, item in items.items()
        if known[key] is None
    }
    wanted = {o: [keys[s] for s in sources] for o, sources in texts.items()}
    return Begun(wanted, imprint.key, store, workers, known, futures)


_NEARLY = 0.93
"""Share of the texts that is read when workers may begin with other things."""


@dataclass(frozen=True, slots=True)
class Begun:
    """Texts that are being read."""

    wanted: Mapping[str, list[str]]
    """Output -> the keys of its texts."""
    imprint: str
    """Its key."""
    store: Store
    workers: Workers
    known: dict[str, Any]
    """Key -> what was read, None if it is not there yet."""
    futures: Mapping[Future[Parsed | ParsedImprint], tuple[str, _Item]]
    """Those that were not kept, with their keys."""

    def finish(
        self, reporter: Reporter, nearly: Callable[[], None] = lambda: None
    ) -> dict[str, Intake]:
        """Return each output's memos, in its texts' order, and the imprint.

        `nearly` is called when most texts that were not kept are read. Reports texts
        whose reading took too much, or ended its process, and then stops.
        """
        last = int(len(self.futures) * _NEARLY)
        for number, (key, kind, made) in enumerate(self._read(reporter)):
            if number == last:
                nearly()
            data = _adapter(kind).dump_json(made)
            self.store.keep(_KIND, key, _SUFFIX, data)
            self.known[key] = made
        for each in filter(None, self.known.values()):
            reporter.extend(each.diagnostics)
        if None in self.known.values():
            reporter.stop_on_errors()
        made = self.known[self.imprint]
        return {
            output: Intake(
                tuple(self.known[key].content for key in keys),
                made.content,
                made.epigraph,
            )
            for output, keys in self.wanted.items()
        }

    def _read(
        self, reporter: Reporter
    ) -> Iterator[tuple[str, str, Parsed | ParsedImprint]]:
        for future in as_completed(self.futures):
            key, item = self.futures[future]
            try:
                yield key, item.kind, future.result()
            except ExceededError as error:
                found = exceeded(error, item.span, _WORK, item.bound)
                reporter.add(found)
            except BrokenExecutor as error:
                reporter.add(died(error, Code.READING_DIED, item.span, _WORK))


_Item = Text | Imprint
_WORK = "the reading of this text"


def read(item: _Item) -> Parsed | ParsedImprint:
    """Read a text, as a worker does. Raises ExceededError."""
    with bounded(item.bound):
        return item.read()


def _kept(store: Store, key: str, kind: str) -> Any:  # noqa: ANN401 (what was read)
    data = store.load(_KIND, key, _SUFFIX)
    if data is None:
        return None
    try:
        return _adapter(kind).validate_json(data)
    except ValidationError:
        return None


@cache
def _adapter(kind: str) -> TypeAdapter[Any]:
    return TypeAdapter(Parsed if kind == "memo" else ParsedImprint)
