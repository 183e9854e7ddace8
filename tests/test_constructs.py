"""Both outputs have every construct; what one of them lacks is named here."""

from __future__ import annotations

import pytest

from memobook.book.tree import nodes
from tests.construct_table import CONSTRUCTS, COVERED, PLAIN, Construct
from tests.constructs import page_of, part_of
from tests.harness import Built

NAMES = [c.name for c in CONSTRUCTS]


def lacking(book: Built, rows: list[Construct], output: str) -> set[str]:
    """Return the constructs that cannot be read back from an output."""
    if output == "pdf":
        return {r.name for r in rows if not r.printed(part_of(book, r.page))}
    return {r.name for r in rows if not r.shown(page_of(book, r.page))}


def test_each_construct_is_listed_once():
    assert sorted(NAMES) == sorted(set(NAMES))
    assert len(NAMES) > 120


@pytest.mark.parametrize("output", ["pdf", "epub"])
def test_an_output_lacks_no_construct(hard, output):
    assert lacking(hard, CONSTRUCTS, output) == set()


@pytest.mark.parametrize("output", ["pdf", "epub"])
def test_a_construct_on_another_page_is_not_taken_for_this_one(hard, output):
    # A sign that is always true would prove nothing: nearly none holds elsewhere.
    elsewhere = [c.on("acknowledgements") for c in CONSTRUCTS]
    assert len(lacking(hard, elsewhere, output)) > len(CONSTRUCTS) * 0.95


def test_the_table_names_every_element_that_the_texts_of_the_book_have(hard):
    found = {
        name
        for memo in hard.book.memos
        for node in nodes(memo.body)
        for name in (node.tag, *(f"{node.tag}.{c}" for c in node.classes))
    }
    assert {n for n in found if n.partition(".")[0] not in PLAIN} - COVERED == set()
