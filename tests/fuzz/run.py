"""Try as many random manuscripts as are wanted, and keep each failure as a project.

What goes in: a plan. What comes out: counts, and folders with what failed. Each lot of
manuscripts is tried in a process of its own, so that one that kills it is a failure, too.
"""

from __future__ import annotations

import json
import multiprocessing
import re
import shutil
import tempfile
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, TypeVar
from unittest.mock import patch

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.internal.conjecture.engine import ConjectureRunner

from tests.fuzz.books import FuzzBook, book_of, dresses, manuscripts
from tests.fuzz.judging import invalid
from tests.fuzz.narrowing import narrowed
from tests.fuzz.trial import Failure, Trial

__all__ = ["EACH", "LOT", "Plan", "Tally", "drawn", "run", "tried"]

EACH = 30
"""Manuscripts in a book."""
LOT = 300
"""Manuscripts that a process tries."""
_PDF_EACH = 6
"""Of so many books, one is printed, too."""
_AGAIN_EACH = 12
"""Of so many books, one is built twice."""
_SILENCE = 3600
"""Seconds after which a process that has told nothing is taken for hanging."""

_STYLES = ("CSS-008",)
"""What EPUBCheck says of a style sheet or drawing that its author wrote so."""
_QUOTED = re.compile(r'"[^"]*"')

_MUTATES = "generate_mutations_from"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be tried."""

    manuscripts: int
    seed: int
    sample: int
    """How many EPUBs EPUBCheck is to judge."""
    folder: Path
    """Where what fails is kept."""


@dataclass(slots=True)
class Tally:
    """What was tried."""

    manuscripts: int = 0
    books: int = 0
    built: int = 0
    """Manuscripts that came to the pages of a book; the others have errors."""
    printed: int = 0
    """Books that were printed, too."""
    twice: int = 0
    """Books that were built twice."""
    judged: int = 0
    """EPUBs that EPUBCheck judged."""
    failures: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)

    @property
    def facts(self) -> dict[str, Any]:
        """Everything, as JSON can hold it."""
        return {each.name: getattr(self, each.name) for each in fields(self)}

    def add(self, facts: dict[str, Any]) -> None:
        """Add what a process told of its tally."""
        for name, value in facts.items():
            if isinstance(value, dict):
                getattr(self, name).update(value)
            else:
                setattr(self, name, getattr(self, name) + value)


def drawn(strategy: st.SearchStrategy[T], count: int, number: int) -> list[T]:
    """Return examples of a strategy: the same for the same number, the seed."""
    found: list[T] = []

    @seed(number)
    @settings(
        max_examples=count,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        deadline=None,
    )
    @given(strategy)
    def draw(example: T) -> None:
        found.append(example)

    # Each is to be another one: mutations of those before differ by a word or two.
    with warnings.catch_warnings(), patch.object(ConjectureRunner, _MUTATES):
        warnings.simplefilter("ignore")  # of how long the strategies' names are
        draw()
    return found[:count]


def books(count: int, number: int) -> Iterator[FuzzBook]:
    """Yield books of so many manuscripts."""
    found = drawn(manuscripts, count, number)
    clothes = drawn(dresses, max(count // EACH, 1), number)
    for at in range(0, len(found), EACH):
        dress = clothes[at // EACH % len(clothes)]
        if dress.toml:
            yield book_of([], dress)
        each = [m.with_words(n) for n, m in enumerate(found[at : at + EACH])]
        yield book_of(each, replace(dress, toml=""))


def tried(count: int, number: int, folder: Path, tally: Tally, sample: int) -> None:
    """Try manuscripts in this process."""
    with tempfile.TemporaryDirectory(prefix="memobook-fuzz-") as name:
        lot = _Lot(folder, tally, Path(name))
        for index, book in enumerate(books(count, number)):
            lot.index = index
            lot.take(book)
            tally.manuscripts += len(book.memos)
            if len(lot.epubs) < sample and lot.epub:
                lot.keep_epub(book)
        lot.judge()


@dataclass(slots=True)
class _Lot:
    """Some books that are tried one after the other."""

    folder: Path
    """Where what fails is kept."""
    tally: Tally
    root: Path
    """Where they are built."""
    index: int = 0
    """Of the book that is tried."""
    epub: bytes = b""
    """Of the last one; empty if it has errors."""
    epubs: dict[Path, FuzzBook] = field(default_factory=dict)
    """Those that EPUBCheck is to judge."""

    def trial(self) -> Trial:
        """Return how the book is tried: a few are printed, and fewer built twice."""
        is_printed = self.index % _PDF_EACH == 0
        formats = ("pdf", "epub") if is_printed else ("epub",)
        return Trial(self.root, formats, again=self.index % _AGAIN_EACH == 0)

    def take(self, book: FuzzBook) -> None:
        """Try a book; what fails for no memo's sake, by halves once more."""
        trial = self.trial()
        found = trial.failures(book)
        self.epub = trial.epub
        tally = self.tally
        tally.books += 1
        tally.built += trial.built
        tally.printed += len(trial.formats) > 1
        tally.twice += trial.again
        tally.codes.update(trial.codes)
        lost = {f.memo for f in found} & set(book.memos)
        for failure in {f.key: f for f in found}.values():
            self.keep(failure, book)
        # What is not a single memo's fault keeps the others from being tried.
        if len(lost) < len({f.memo for f in found}) and len(book.memos) > 1:
            half = len(book.memos) // 2
            for part in (book.memos[:half], book.memos[half:]):
                self.take(book.without(part))

    def keep(self, failure: Failure, book: FuzzBook) -> None:
        """Count a failure; keep the first of its kind, made small."""
        known = failure.key in self.tally.failures
        self.tally.failures[failure.key] += 1
        if known:
            return
        if failure.memo in book.memos:
            book = book.without([m for m in book.memos if m != failure.memo])
        trial = replace(self.trial(), root=self.root / "smaller")

        def fails(some: FuzzBook) -> bool:
            return failure.key in {f.key for f in trial.failures(some)}

        if failure.kind not in {"hang", "died"}:
            book = narrowed(book, fails)
        save(self.folder, failure, book)

    def keep_epub(self, book: FuzzBook) -> None:
        """Take the last EPUB into the sample."""
        path = self.root / f"{self.index}.epub"
        path.write_bytes(self.epub)
        self.epubs[path] = book

    def judge(self) -> None:
        """Let EPUBCheck judge the sample."""
        self.tally.judged += len(self.epubs)
        for path, said in invalid(tuple(self.epubs)).items():
            for text in said:
                self.keep_invalid(self.epubs[path], text)

    def keep_invalid(self, book: FuzzBook, text: str) -> None:
        """Count what EPUBCheck says of a book; keep the first of its kind."""
        code, place, message = text.split(maxsplit=2)
        if code in _STYLES:
            return
        what = f"{code} {re.sub(_QUOTED, '', message)[:60]}"
        memo = f"manuscript/{Path(place.partition(':')[0]).stem}.md"
        failure = Failure("invalid", what, memo, text)
        self.tally.failures[failure.key] += 1
        if self.tally.failures[failure.key] == 1:
            if memo in book.memos:
                book = book.without([m for m in book.memos if m != memo])
            save(self.folder, failure, book)


def save(folder: Path, failure: Failure, book: FuzzBook) -> Path:
    """Keep a book that failed, with what is wrong, in a folder of its own."""
    name = "".join(c if c.isalnum() else "-" for c in failure.key)[:70]
    root = folder / name
    for count in range(2, 6):
        if root.exists():
            root = folder / f"{name}-{count}"
    shutil.rmtree(root, ignore_errors=True)
    for path, data in book.files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    (root / "failure.txt").write_text(
        f"{failure.key}\n{failure.memo}\n\n{failure.text}\n\n"
        f"Once more: python -m tests.fuzz --replay {root}\n",
        encoding="utf-8",
        errors="backslashreplace",
    )
    return root


def run(plan: Plan, told: Callable[[Tally], None]) -> Tally:
    """Try all of a plan, a lot after the other; `told` is told after each."""
    tally = Tally()
    for index, start in enumerate(range(0, plan.manuscripts, LOT)):
        count = min(LOT, plan.manuscripts - start)
        sample = min(plan.sample - tally.judged, LOT // EACH)
        number = plan.seed * 10_000 + index
        known = tuple(tally.failures)
        if facts := _facts((count, number, plan.folder, known, sample)):
            tally.add(facts)
        else:
            tally.failures[f"died: the lot of seed {number}"] += 1
        told(tally)
    return tally


def _facts(lot: tuple[int, int, Path, tuple[str, ...], int]) -> dict[str, Any]:
    """Try a lot in a process of its own; return nothing if it dies or hangs."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_in_process, args=(*lot, theirs))
    process.start()
    theirs.close()
    try:
        return dict(json.loads(ours.recv())) if ours.poll(_SILENCE) else {}
    except EOFError:
        return {}
    finally:
        process.kill()
        process.join()


def _in_process(
    count: int,
    number: int,
    folder: Path,
    known: tuple[str, ...],
    sample: int,
    pipe: Any,
) -> None:
    tally = Tally(failures=Counter(dict.fromkeys(known, 0)))
    tried(count, number, folder, tally, sample)
    pipe.send(json.dumps(tally.facts))
