"""Take the memos in: each is parsed and looked through once, however often it is built.

What goes in: the memos' texts. What comes out: parsed memos and what was found in them,
from the store where the text has not changed, else from the workers. They are kept as
JSON and no pickle: a cache folder may come with a stranger's project.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version

from pydantic import TypeAdapter, ValidationError

from memobook.book.model import Memo, Source
from memobook.book.parse import parse_memo
from memobook.checks.source import lint
from memobook.diagnostics import Diagnostic, Reporter
from memobook.store import Store, key_of
from memobook.workers import Workers

__all__ = ["Intake", "Parsed", "Text", "parsed", "take_in"]

_KIND, _SUFFIX = "memos", ".json"
_FORMAT = "1"
"""Of a memo's reading: raise it when the same text gives another memo."""

# What does a memo depend on beside its text?
_ENGINES = ("memobook", "markdown", "pymdown-extensions", "pygments", "tinyhtml5")

_FEW = 4
"""How many memos are read here: a process takes as long to start as it takes to read
them, and what is needed for it is loaded for the imprint anyway."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A memo, and what is wrong with its text."""

    memo: Memo
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """What a parsed memo depends on."""

    source: Source
    language: str
    """The book's."""


@dataclass(frozen=True, slots=True)
class Intake:
    """A book's memos as they were taken in."""

    memos: tuple[Memo, ...]
    newly_read: int
    """How many were not in the store."""


def take_in(
    texts: Mapping[str, str],
    language: str,
    store: Store,
    workers: Workers,
    reporter: Reporter,
) -> Intake:
    """Return the memos of a book whose language is `language`, in the texts' order."""
    wanted = [Text(Source(path, text), language) for path, text in texts.items()]
    keys = {text: _key(text) for text in wanted}
    found = {text: _kept(store, keys[text]) for text in wanted}
    missing = [text for text in wanted if found[text] is None]
    for text, made in _read(missing, workers):
        store.keep(_KIND, keys[text], _SUFFIX, _adapter().dump_json(made))
        found[text] = made
    memos = []
    for each in found.values():
        assert each is not None
        reporter.extend(each.diagnostics)
        memos.append(each.memo)
    return Intake(tuple(memos), len(missing))


def parsed(text: Text) -> Parsed:
    """Return a text's memo."""
    reporter = Reporter()
    memo = parse_memo(text.source, text.language, reporter)
    lint(text.source, memo, reporter)
    return Parsed(memo, reporter.diagnostics)


def _read(texts: list[Text], workers: Workers) -> Iterator[tuple[Text, Parsed]]:
    if len(texts) <= _FEW:
        for text in texts:
            yield text, parsed(text)
        return
    for text, future in workers.finished(parsed, texts):
        try:
            yield text, future.result()
        except BrokenProcessPool:  # the system ended one; there will be new ones
            workers.close()
            yield text, parsed(text)


def _kept(store: Store, key: str) -> Parsed | None:
    data = store.load(_KIND, key, _SUFFIX)
    if data is None:
        return None
    try:
        return _adapter().validate_json(data)
    except ValidationError:
        return None


def _key(text: Text) -> str:
    source = text.source
    return key_of(_FORMAT, _versions(), text.language, source.path, source.text)


@cache
def _versions() -> str:
    return "\n".join(f"{name} {version(name)}" for name in _ENGINES)


@cache
def _adapter() -> TypeAdapter[Parsed]:
    return TypeAdapter(Parsed)
