"""Random books in the suite, for about a minute; `make fuzz` goes on for as long as wished."""

from __future__ import annotations

import re

import pytest

from tests.fuzz.books import BOOK, FuzzBook, Manuscript, book_of, dresses, manuscripts
from tests.fuzz.markdown import numbered
from tests.fuzz.narrowing import narrowed
from tests.fuzz.run import Plan, drawn, run
from tests.fuzz.trial import PRINTED, Trial

_MANUSCRIPTS = 120
"""In each of the cases."""
_CASES = 4
_SEED = 11


@pytest.mark.parametrize("case", range(_CASES))
def test_no_random_manuscript_breaks_a_build_or_loses_a_word(
    case, tmp_path, monkeypatch
):
    # In a process of its own, and always alike: hypothesis draws constants from all
    # modules that are loaded, and here those of other tests may be.
    monkeypatch.setenv("PYTHONHASHSEED", "0")
    plan = Plan(_MANUSCRIPTS, _SEED + case, sample=2, folder=tmp_path)
    tally = run(plan, lambda _: None)
    assert tally.manuscripts == _MANUSCRIPTS
    assert tally.built > _MANUSCRIPTS / 10
    assert tally.printed
    assert tally.twice
    assert tally.judged
    # Some texts that nobody writes are read back from a PDF in another way than they
    # were printed: `make fuzz` tells of them, and they are no fault of the PDF.
    failed = {key for key in tally.failures if not key.endswith(PRINTED)}
    assert not failed, [p.read_text() for p in tmp_path.glob("*/failure.txt")]


def test_the_same_seed_draws_the_same_manuscripts():
    assert (
        drawn(manuscripts, 5, 1) == drawn(manuscripts, 5, 1) != drawn(manuscripts, 5, 2)
    )


def test_every_word_is_another_one():
    words = numbered("◊ ◊ ◊", 0).split() + numbered("◊ ◊", 500).split()
    assert len(set(words)) == 5


# That what must not be is seen


@pytest.fixture
def book() -> FuzzBook:
    texts = [f"# Title {n}\n\nText {numbered('◊', n)}.\n" for n in range(4)]
    dress = next(d for d in drawn(dresses, 20, 1) if not d.toml and not d.styles)
    return book_of([Manuscript("grammar", t.encode()) for t in texts], dress).plain()


def failing(book, tmp_path) -> set[str]:
    return {failure.key for failure in Trial(tmp_path).failures(book)}


def test_a_traceback_is_a_failure(book, tmp_path, monkeypatch):
    def build(*_: object, **__: object) -> None:
        raise KeyError

    monkeypatch.setattr("tests.fuzz.trial.build", build)
    assert failing(book, tmp_path) == {"crash: KeyError at test_fuzz.py:build"}


def test_a_word_that_is_in_no_output_is_a_failure(book, tmp_path, monkeypatch):
    monkeypatch.setattr("tests.fuzz.trial._all_text", lambda _: "")
    assert failing(book, tmp_path) == {"lost: word"}


def test_what_is_written_for_one_output_is_not_looked_for_in_the_other(tmp_path, book):
    word = numbered("◊", 9)
    text = f"# One\n\n{{{{ if pdf }}}}\n{word}\n{{{{ end }}}}\n".encode()
    assert failing(book.with_file("manuscript/m00.md", text), tmp_path) == set()


def test_a_change_that_a_book_refuses_is_not_looked_for(tmp_path, book):
    old, new = numbered("◊", 8), numbered("◊", 9)
    text = f"# One\n\n{{++{new}++}} and {{~~{old}~>{new}~~}}\n".encode()
    plain = re.sub(rb'critic = "\w+"\n', b"", book.files[BOOK])
    settings = plain.replace(b"[text]\n", b"") + b'\n[text]\ncritic = "reject"\n'
    changed = book.with_file("manuscript/m00.md", text).with_file(BOOK, settings)
    assert failing(changed, tmp_path) == set()


def test_the_title_of_an_address_is_no_text_also_in_a_definition(tmp_path, book):
    # As everywhere else: it belongs to the links that take the address, or to none.
    text = f"# One\n\nTerm\n:   [ref]: one.md '{numbered('◊', 9)}'\n".encode()
    assert failing(book.with_file("manuscript/m00.md", text), tmp_path) == set()


def test_a_table_that_no_page_has_room_for_is_told_and_no_failure(tmp_path, book):
    cells = " | ".join(["Abcdefghijklmnopqrstuvwxyz" * 2] * 9)
    table = f"# One\n\n| {cells} |\n|{'---|' * 9}\n| {cells} |\n".encode()
    trial = Trial(tmp_path, ("pdf", "epub"))
    assert trial.failures(book.with_file("manuscript/m00.md", table)) == ()
    assert trial.codes["parity-words"] > 0


# What is cut off in its midst may leave a file open.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_build_that_takes_too_long_is_a_failure(book, tmp_path):
    trial = Trial(tmp_path, limit=0.02)
    assert {failure.kind for failure in trial.failures(book)} == {"hang"}


def test_a_book_that_fails_is_made_small(book):
    word = numbered("◊", 2).encode()
    small = narrowed(book, lambda b: any(word in data for data in b.files.values()))
    assert small.memos == ("manuscript/m02.md",)
    assert small.files["manuscript/m02.md"] == word
