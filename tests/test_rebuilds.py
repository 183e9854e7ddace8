"""After any edit, a rebuild gives the bytes and the findings of a clean build.

The edits are made at random by rebuilds.py; `python -m tests.rebuilds` makes more of them
and shortens a sequence that fails.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis.stateful import invariant

from memobook import fresh
from memobook.fresh import FORMATS
from memobook.project.files import Files
from memobook.store import key_of
from tests.drafts import FAULTS, PIECES
from tests.harness import fonts_of
from tests.rebuilds import CASES, FIRST_SEED, STEPS, Bench, Rebuilds, bench, run


@pytest.fixture(scope="module")
def place(
    tmp_path_factory: pytest.TempPathFactory, shared_cache: Path
) -> Iterator[Bench]:
    root = tmp_path_factory.mktemp("rebuilds")
    fonts_of(shared_cache, root / "fonts-of-clean-builds")
    with bench(root) as made:
        yield made


@pytest.mark.parametrize("case", range(CASES))
def test_after_every_edit_a_rebuild_is_a_clean_build(case, place):
    before = place.steps

    run(place, FIRST_SEED + case, STEPS // CASES)

    assert place.steps - before == STEPS // CASES


# The edits themselves


class Rehearsal(Rebuilds):
    """Makes the edits and builds nothing."""

    @invariant()
    def a_rebuild_is_a_clean_build(self) -> None:
        self.bench.steps += 1
        self.formats = FORMATS
        for piece in (p for memo in self.draft.memos.values() for p in memo.pieces):
            self.bench.counts[piece.kind] += 1
        if self.before_fault is None:
            self.history.append(copy.deepcopy(self.draft))


def test_the_edits_of_the_suite_are_of_every_kind(tmp_path):
    place = Bench(tmp_path, {})

    for case in range(CASES):
        run(place, FIRST_SEED + case, STEPS // CASES, kind=Rehearsal)

    assert place.steps == STEPS
    edits = {rule.function.__name__ for rule in Rebuilds.setup_state().rules}
    assert {name for name in edits | set(PIECES) if not place.counts[name]} == set()
    assert len(set(FAULTS) & set(place.counts)) >= len(FAULTS) / 2


# A program that is wrong


@pytest.fixture
def own(place: Bench, tmp_path: Path) -> Bench:
    """Return a bench that shares the workers, but nothing that a faulty program made."""
    fonts_of(place.root / "fonts-of-clean-builds", tmp_path / "fonts-of-clean-builds")
    return Bench(tmp_path, place.workers)


def test_a_cache_that_forgets_a_style_sheet_is_found(own, monkeypatch):
    def forgetful(*parts: str | bytes) -> str:
        return key_of(*(p for p in parts if not str(p).startswith("p {")))

    machine = Rebuilds(own)
    monkeypatch.setattr("memobook.outputs.pdf.press.key_of", forgetful)
    machine.write_sheet(choice=("print.css", "colour"))
    machine.a_rebuild_is_a_clean_build()

    machine.write_sheet(choice=("print.css", "font"))

    with pytest.raises(AssertionError):
        machine.a_rebuild_is_a_clean_build()


def test_a_program_that_reads_a_file_only_once_is_found(own, monkeypatch):
    look, seen = fresh._input, dict[str, str]()

    def careless(files: Files, path: str) -> str:
        return seen.setdefault(path, look(files, path))

    machine = Rebuilds(own)
    monkeypatch.setattr(fresh, "_input", careless)
    machine.a_rebuild_is_a_clean_build()
    machine.change_nothing()
    machine.a_rebuild_is_a_clean_build()

    machine.reword(at=0, piece=0)

    with pytest.raises(AssertionError):
        machine.a_rebuild_is_a_clean_build()


def test_an_error_that_changes_an_output_is_found(own, monkeypatch):
    machine = Rebuilds(own)
    machine.a_rebuild_is_a_clean_build()

    machine.break_it(which=machine.faults.index("token that does not exist"))
    (machine.root / "build/a-small-book.epub").write_bytes(b"")

    with pytest.raises(AssertionError):
        machine.a_rebuild_is_a_clean_build()
