"""A memo that lacks something is left alone by what looks for it: nothing else changes."""

from dataclasses import replace

import pytest

from memobook.book.marks import lacks, with_marks
from memobook.book.model import Book
from tests.book.helpers import parsed
from tests.harness import HARD, read

ALL = """\
A [word]{index="Word"} and a note[^n].

[^n]: With `code` and [another]{.term}.
"""


def unmarked(book: Book) -> Book:
    memos = (replace(memo, marks=None) for memo in book.memos)
    return replace(book, memos=tuple(memos))


def test_a_memo_knows_its_tags_attributes_and_classes_also_those_of_its_notes():
    memo = with_marks(parsed(ALL))
    for name in ("p", "span", "index", "code", "term"):
        assert not lacks(memo, [name, "nothing"]), name
    assert lacks(memo, ["figure", "see"])


def test_of_a_memo_that_nobody_looked_at_nothing_is_known():
    assert not lacks(parsed(ALL), ["figure"])


@pytest.mark.parametrize("output", ["pdf", "epub"])
def test_the_book_is_the_same_where_nobody_looked(output, monkeypatch):
    found = read(HARD, output)
    assert any(memo.marks for memo in found.memos)
    monkeypatch.setattr("memobook.intake.with_marks", lambda memo: memo)

    assert unmarked(found) == read(HARD, output)
