"""Edit a book at random, and compare every rebuild with a clean build.

    python -m tests.rebuilds --steps 5000      as many steps as you have time for
    python -m tests.rebuilds --seed 7          one sequence again, made as short as it can be

What goes in: a seed and a number of steps. What comes out: nothing, or an AssertionError
with the steps that led there. A step is one edit, one rebuild with a cache as old as the
sequence, and one clean build; each is made by another number of worker processes.
"""

from __future__ import annotations

import argparse
import copy
import hashlib
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import wraps
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, assume, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from hypothesis.strategies._internal.featureflags import FeatureFlags

from memobook.diagnostics import Diagnostic, MemobookError
from memobook.fresh import BUILD, FORMATS, Order, unchanged
from memobook.pipeline import build_each
from memobook.report import BuildReport
from memobook.workers import Workers
from tests.drafts import (
    FAULTS,
    LANGUAGES,
    PICTURES,
    PIECES,
    REGISTRIES,
    SETTINGS,
    STYLE_FILES,
    Draft,
    first_draft,
    font,
)
from tests.harness import fonts_of

__all__ = ["CASES", "FIRST_SEED", "STEPS", "Bench", "Rebuilds", "bench", "run"]

STEPS = 300
"""In the suite, in all of its cases together."""
CASES = 6
JOBS = (1, 2, 8)
FIRST_SEED = 5003
"""Of the suite's cases: with it every kind of edit and half of the faults are made."""
_LENGTH = STEPS // CASES
"""How many steps a sequence has."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a build said and made."""

    diagnostics: tuple[Diagnostic, ...]
    figures: tuple[object, ...] | None
    """Pages, memos, notes and calls; None if the book has errors."""
    names: tuple[str, ...] = ()
    """Of the outputs."""
    lacks_page_list: bool = True


@dataclass(slots=True)
class Bench:
    """What all sequences share: a folder, workers, cut fonts, and clean builds."""

    root: Path
    workers: Mapping[int, Workers]
    """Number of processes -> the processes."""
    told: Callable[[str], None] = lambda _: None
    """Told of every step."""
    steps: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    """Edit or fault -> how often it was made."""
    _known: dict[str, tuple[Outcome, dict[str, str]]] = field(default_factory=dict)

    def folder(self) -> Path:
        """Return a new, empty folder."""
        return Path(tempfile.mkdtemp(dir=self.root))

    def clean(
        self, files: Mapping[str, bytes], how: How
    ) -> tuple[Outcome, dict[str, str]]:
        """Return what a build that knows nothing makes of a project, and its hashes.

        The same project is built once: an author who takes an edit back, and a sequence
        that is tried again with a step less, come to the same books.
        """
        key = hashlib.sha256(
            repr(
                (sorted(files.items()), how.formats, how.epoch, how.is_after_pdf)
            ).encode()
        )
        if key.hexdigest() not in self._known:
            self._known[key.hexdigest()] = self._clean(files, how)
        return self._known[key.hexdigest()]

    def _clean(
        self, files: Mapping[str, bytes], how: How
    ) -> tuple[Outcome, dict[str, str]]:
        root = self.folder()
        save(root, files)
        # Only fonts that clean builds have cut, so that no rebuild can spoil them.
        cache = fonts_of(self.root / "fonts-of-clean-builds", root / "cache")
        if how.is_after_pdf:
            replace(how, formats=("pdf",)).build(root, cache)
            for path in (root / BUILD).glob("*.pdf"):
                path.unlink()
        outcome = how.build(root, cache)
        if (cache / "fonts").is_dir():
            target = self.root / "fonts-of-clean-builds" / "fonts"
            shutil.copytree(cache / "fonts", target, dirs_exist_ok=True)
        found = outputs(root)
        shutil.rmtree(root)
        return outcome, found


@dataclass(frozen=True, slots=True)
class How:
    """How a book is built."""

    formats: tuple[str, ...]
    epoch: int | None
    workers: Workers
    is_after_pdf: bool = False
    """Whether a PDF is built before, so that an EPUB alone has its page list."""

    def build(self, root: Path, cache: Path | None) -> Outcome:
        """Build a project as the command line does."""
        try:
            report = self._built(root, cache)
        except MemobookError as error:
            return Outcome(tuple(_anywhere(d, root) for d in error.diagnostics), None)
        figures = (report.pages, report.memos, report.notes, report.calls)
        names = tuple(output.path.name for output in report.outputs)
        return Outcome(report.diagnostics, figures, names, report.lacks_page_list)

    def _built(self, root: Path, cache: Path | None) -> BuildReport:
        order = Order(root=root, formats=self.formats, epoch=self.epoch, cache=cache)
        if found := unchanged(order):
            return found
        (report,) = build_each(order, workers=self.workers)
        return report


def _anywhere(diagnostic: Diagnostic, root: Path) -> Diagnostic:
    """Return a diagnostic without the project's folder, which some name."""
    span = replace(diagnostic.span, path=diagnostic.span.path.replace(str(root), ""))
    message = diagnostic.message.replace(str(root), "")
    return replace(diagnostic, span=span, message=message)


def save(root: Path, files: Mapping[str, bytes]) -> None:
    """Make a project's files be these, and write none that is as it was."""
    for folder in ("manuscript", "styles"):
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and path.relative_to(root).as_posix() not in files:
                path.unlink()
    for name, data in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.is_file() or path.read_bytes() != data:
            path.write_bytes(data)


def outputs(root: Path) -> dict[str, str]:
    """Return the hashes of the files in build/, but for the cache."""
    paths = (p for p in (root / BUILD).glob("*") if p.is_file())
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(paths)}


# The edits

_Edit = Callable[..., None]

_place = st.integers(0, 7)
"""Picks a memo, a picture or a piece: whatever there are, some number picks each."""
_stem = st.sampled_from(["one", "two", "three", "Über uns", "a-b"])
_kind = st.sampled_from(sorted(PIECES))
_word = st.sampled_from(["Norms", "Orbits", "Größe"])
_picture = st.sampled_from(["a.png", "b.svg", "c d.png", "Größe.svg"])
_FEWEST_MEMOS, _MOST_MEMOS, _MOST_PIECES = 2, 4, 9
_BLOCK: dict[str, tuple[str, ...]] = {
    "subtitle": ("", "With more"),
    "authors": ("", "[Ada Writer]", "[Ada Writer, Bo Reader]"),
    "abstract": ("", "In short, [a link](https://example.org/abstract)."),
    "key_points": ("", "[A point.]"),
    "slug": ("", "slug-{stem}"),
    "language": LANGUAGES,
    "notes": ("", "inline", "memo-notes"),
    "status": ("", "Draft"),
    "epigraph": ("", "Said [before](https://example.org/said)."),
    "contents": ("", "2"),
    "number_headings": ("", "1"),
}


def _settings_of(*tables: str) -> st.SearchStrategy[tuple[str, str]]:
    keys = [key for key in SETTINGS if key.partition(".")[0] in tables]
    return st.sampled_from([(key, value) for key in keys for value in SETTINGS[key]])


def _style_files(suffix: str) -> st.SearchStrategy[tuple[str, str]]:
    names = [name for name in STYLE_FILES if name.endswith(suffix)]
    return st.sampled_from(
        [(name, kind) for name in names for kind in STYLE_FILES[name]]
    )


# A faulty book is mended soon, else most steps would be tests of the lint.
sound = precondition(lambda self: self.before_fault is None)
faulty = precondition(lambda self: self.before_fault is not None)
has_pictures = precondition(lambda self: len(self.draft.pictures) > 1)
has_styles = precondition(lambda self: len(self.draft.styles) > 1)


def edit(**choices: Any) -> Callable[[_Edit], _Edit]:
    """Make a rule of a method, and count how often it is used."""

    def decorate(method: _Edit) -> _Edit:
        @wraps(method)
        def counted(self: Rebuilds, **chosen: Any) -> None:
            self.bench.counts[method.__name__] += 1
            method(self, **chosen)

        made: _Edit = rule(**choices)(counted)
        return made

    return decorate


class Rebuilds(RuleBasedStateMachine):
    """A draft, its project on the disk, and the edits of an author."""

    def __init__(self, bench: Bench, share: int | None = None) -> None:
        super().__init__()
        # Hypothesis leaves out a random part of the rules in each sequence. In the few
        # sequences of the suite, that would be edits that nobody ever tries.
        self._rules_strategy.enabled_rules_strategy = st.just(FeatureFlags())
        self.bench = bench
        self.root = bench.folder()
        self.draft = first_draft()
        self.faults = sorted(FAULTS)
        if share is not None:
            self._begin_with(sorted(PIECES)[share::CASES])
            # Each sequence has its own ones: by chance few of them would come at all.
            self.faults = self.faults[share::CASES]
        self.before_fault: Draft | None = None
        self.history: list[Draft] = []
        self.formats: tuple[str, ...] = FORMATS
        self.epoch: int | None = None
        self.expected: dict[str, str] = {}
        self.step = 0

    def teardown(self) -> None:
        shutil.rmtree(self.root)

    @initialize(turn=st.integers(0, 1000))
    def begin(self, turn: int) -> None:
        # Hypothesis begins with the simplest choice of all, the same edit again and
        # again. It is declined, so that every step that is made is one at random.
        assume(turn > 0)
        self.step = turn

    # Memos

    @sound
    @edit(stem=_stem, word=_word)
    def add_memo(self, stem: str, word: str) -> None:
        if stem not in self.draft.memos and len(self.draft.memos) < _MOST_MEMOS:
            self.draft.add_memo(stem, word)
            self.draft.add_piece(stem, 0, "memo", 0)

    @sound
    @edit(at=_place)
    def remove_memo(self, at: int) -> None:
        if len(self.draft.memos) > _FEWEST_MEMOS:
            stem = self._memo(at)
            del self.draft.memos[stem]
            self.draft.point_elsewhere(stem, None)

    @sound
    @edit(at=_place, stem=_stem)
    def rename_memo(self, at: int, stem: str) -> None:
        if stem not in self.draft.memos:
            old = self._memo(at)
            self.draft.rename_memo(old, stem)
            self.draft.point_elsewhere(old, stem)

    @sound
    @edit(at=_place)
    def put_memo_last(self, at: int) -> None:
        stem = self._memo(at)
        self.draft.memos[stem] = self.draft.memos.pop(stem)

    @sound
    @edit(at=_place, word=_word)
    def retitle(self, at: int, word: str) -> None:
        memo = self.draft.memos[self._memo(at)]
        memo.title = f"{word} {memo.title.split()[-1]}"

    @sound
    @edit(
        at=_place, choice=st.sampled_from([(k, v) for k in _BLOCK for v in _BLOCK[k]])
    )
    def set_in_block(self, at: int, choice: tuple[str, str]) -> None:
        stem, (key, value) = self._memo(at), choice
        block = self.draft.memos[stem].block
        block.pop(key, None)
        if value:
            number = self.draft.memos[stem].title.split()[-1]
            block[key] = value.format(stem=number)

    # Text

    @edit(at=_place, piece=_place, kind=_kind, other=_place)
    def grow(self, at: int, piece: int, kind: str, other: int) -> None:
        stem = self._memo(at)
        if len(self.draft.memos[stem].pieces) < _MOST_PIECES:
            self.draft.add_piece(stem, piece, kind, other)

    @sound
    @edit(at=_place, kinds=st.lists(_kind, min_size=2, max_size=3))
    def write_on(self, at: int, kinds: list[str]) -> None:
        for kind in kinds:
            self.grow(at=at, piece=99, kind=kind, other=at)

    @sound
    @edit(at=_place, piece=_place)
    def shrink(self, at: int, piece: int) -> None:
        pieces = self.draft.memos[self._memo(at)].pieces
        if pieces:
            del pieces[piece % len(pieces)]

    @sound
    @edit(at=_place)
    def cut_short(self, at: int) -> None:
        pieces = self.draft.memos[self._memo(at)].pieces
        del pieces[len(pieces) // 2 :]

    @sound
    @edit(at=_place, piece=_place)
    def reword(self, at: int, piece: int) -> None:
        pieces = self.draft.memos[self._memo(at)].pieces
        if pieces:
            pieces[piece % len(pieces)].number = self.draft.next()

    # Pictures

    @sound
    @edit(
        at=_place,
        piece=_place,
        name=_picture,
        kind=st.sampled_from(["figure", "picture"]),
    )
    def show_picture(self, at: int, piece: int, name: str, kind: str) -> None:
        self.draft.pictures.setdefault(name, PICTURES[name[-3:]][0])
        place = list(self.draft.pictures).index(name)
        self.draft.add_piece(self._memo(at), piece, kind, place)

    @sound
    @edit(at=_place, to=_place)
    def change_picture(self, at: int, to: int) -> None:
        name = self._picture(at)
        others = [p for p in PICTURES[name[-3:]] if p != self.draft.pictures[name]]
        self.draft.pictures[name] = others[to % len(others)]

    @sound
    @has_pictures
    @edit(at=_place)
    def remove_picture(self, at: int) -> None:
        name = self._picture(at)
        # A style sheet and the settings may show the cover.
        if name != "cover.png":
            del self.draft.pictures[name]
            self.draft.point_elsewhere(name, None)

    @sound
    @has_pictures
    @edit(at=_place, new=_picture)
    def rename_picture(self, at: int, new: str) -> None:
        old, known = self._picture(at), self.draft.pictures
        if old != "cover.png" and new not in known and old[-3:] == new[-3:]:
            known[new] = known.pop(old)
            self.draft.point_elsewhere(old, new)

    # Style and settings

    @sound
    @edit(choice=_style_files(".css"))
    def write_sheet(self, choice: tuple[str, str]) -> None:
        self._write_style(*choice)

    @sound
    @edit(choice=_style_files(".j2"))
    def write_template(self, choice: tuple[str, str]) -> None:
        self._write_style(*choice)

    @sound
    @has_styles
    @edit(at=_place)
    def remove_style(self, at: int) -> None:
        names = [name for name in self.draft.styles if name in STYLE_FILES]
        del self.draft.styles[names[at % len(names)]]

    @sound
    @edit(stretch=st.sampled_from([0, 100, 200]))
    def change_font(self, stretch: int) -> None:
        self.draft.styles["fonts/HardCases-Regular.ttf"] = font(stretch)

    @sound
    @edit(choice=_settings_of("pdf", "epub", "links"))
    def set_outputs(self, choice: tuple[str, str]) -> None:
        self._set(*choice)

    @sound
    @edit(choice=_settings_of("book", "contents", "style", "check"))
    def set_book(self, choice: tuple[str, str]) -> None:
        self._set(*choice)

    @sound
    @edit(kind=st.sampled_from(sorted(REGISTRIES)))
    def write_registry(self, kind: str) -> None:
        self.draft.registry = kind

    # Faults, and what is no edit

    @sound
    @edit(which=st.integers(0, len(FAULTS)))
    def break_it(self, which: int) -> None:
        self._break(self.faults[which % len(self.faults)])

    @sound
    @edit(which=st.integers(0, len(FAULTS)))
    def break_it_otherwise(self, which: int) -> None:
        self._break(self.faults[-1 - which % len(self.faults)])

    @sound
    @edit(which=st.integers(0, len(FAULTS)))
    def break_it_again(self, which: int) -> None:
        # Rules are chosen equally often, and there are more faults than edits.
        self._break(self.faults[which // 2 % len(self.faults)])

    @faulty
    @edit()
    def mend_it(self) -> None:
        assert self.before_fault is not None
        self.draft, self.before_fault = self.before_fault, None

    @sound
    @edit()
    def change_nothing(self) -> None:
        pass

    @sound
    @edit(back=st.integers(0, 8))
    def take_back(self, back: int) -> None:
        self.draft = copy.deepcopy(self.history[max(len(self.history) - 2 - back, 0)])

    @sound
    @edit(
        formats=st.sampled_from([FORMATS, ("pdf",), ("epub",)]),
        epoch=st.sampled_from([None, 0, 1_000_000_000]),
    )
    def build_otherwise(self, formats: tuple[str, ...], epoch: int | None) -> None:
        self.formats, self.epoch = formats, epoch

    @edit(
        kind=st.sampled_from(["pdf", "epub", "json"]),
        data=st.sampled_from([None, b"x"]),
    )
    def spoil_outputs(self, kind: str, data: bytes | None) -> None:
        for path in (self.root / BUILD).glob(f"*.{kind}"):
            path.unlink()
            del self.expected[path.name]
            if data is not None:
                path.write_bytes(data)
                self.expected[path.name] = hashlib.sha256(data).hexdigest()

    # What holds after every step

    @invariant()
    def a_rebuild_is_a_clean_build(self) -> None:
        self.step += 1
        files = self.draft.files()
        save(self.root, files)
        rebuilt = self._how(0).build(self.root, None)
        listed = self.formats == ("epub",) and not rebuilt.lacks_page_list
        how = replace(self._how(1), is_after_pdf=listed)
        clean, made = self.bench.clean(files, how)
        self._tell(rebuilt)

        assert rebuilt == clean
        assert (clean.figures is None) == (self.before_fault is not None), clean
        # What an earlier title or format has made stays; an error changes nothing.
        self.expected |= made
        assert outputs(self.root) == self.expected
        self.formats, self.epoch = FORMATS, None
        if self.before_fault is None:
            self.history.append(copy.deepcopy(self.draft))

    def _begin_with(self, kinds: list[str]) -> None:
        """Write some pieces into the first draft, so that a few sequences have all."""
        stems = list(self.draft.memos)
        for turn, kind in enumerate(kinds):
            self.draft.add_piece(stems[turn % len(stems)], turn, kind, turn)

    def _how(self, more: int) -> How:
        jobs = JOBS[(self.step + more) % len(JOBS)]
        return How(self.formats, self.epoch, self.bench.workers[jobs])

    def _tell(self, outcome: Outcome) -> None:
        self.bench.steps += 1
        said = {d.code.value for d in outcome.diagnostics}
        self.bench.told(f"{outcome.figures or 'errors'} {' '.join(sorted(said))}")

    def _write_style(self, name: str, kind: str) -> None:
        self.draft.styles[name] = STYLE_FILES[name][kind]

    def _set(self, key: str, value: str) -> None:
        if self.draft.settings[key] == value:
            value = next(v for v in SETTINGS[key] if v != value)
        self.draft.settings[key] = value

    def _break(self, fault: str) -> None:
        self.before_fault = copy.deepcopy(self.draft)
        self.bench.counts[fault] += 1
        FAULTS[fault](self.draft)

    def _picture(self, at: int) -> str:
        return list(self.draft.pictures)[at % len(self.draft.pictures)]

    def _memo(self, at: int) -> str:
        return list(self.draft.memos)[at % len(self.draft.memos)]


# Running


@contextmanager
def bench(root: Path, told: Callable[[str], None] = lambda _: None) -> Iterator[Bench]:
    """Start the workers, which takes longer than many steps."""
    with ExitStack() as stack:
        workers = {jobs: stack.enter_context(Workers(jobs)) for jobs in JOBS}
        yield Bench(root, workers, told)


def run(
    place: Bench,
    number: int,
    steps: int,
    *,
    kind: type[Rebuilds] = Rebuilds,
    shrinks: bool = False,
) -> None:
    """Make one sequence of steps, always the same for a number."""

    @seed(number)
    class Here(kind):  # type: ignore[misc, valid-type]  # mypy knows no class of a class
        def __init__(self) -> None:
            super().__init__(place, number % CASES)

    phases = (Phase.generate, Phase.shrink) if shrinks else (Phase.generate,)
    how = settings(
        max_examples=1,
        stateful_step_count=steps,
        phases=phases,
        database=None,
        deadline=None,
        print_blob=False,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Here, settings=how)


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m tests.rebuilds", description=__doc__
    )
    parser.add_argument("--steps", type=int, default=_LENGTH, help="how many in all")
    parser.add_argument("--seed", type=int, help="of the first sequence; else any")
    wanted = parser.parse_args()
    number = random.randrange(2**32) if wanted.seed is None else wanted.seed
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, bench(Path(folder)) as place:
        for done in range(0, wanted.steps, _LENGTH):
            length = min(_LENGTH, wanted.steps - done)
            sys.stdout.write(f"seed {number}, {length} steps ... ")
            sys.stdout.flush()
            run(place, number, length, shrinks=True)
            cost = (time.monotonic() - start) / place.steps
            sys.stdout.write(f"{place.steps} done, {cost:.1f} s each\n")
            number += 1


# Workers that are started afresh import this module.
if __name__ == "__main__":
    main()
