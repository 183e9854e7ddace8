"""Abbreviations are spelled out where they are first used, and listed."""

from dataclasses import replace

import pytest

from memobook.book.abbreviations import spell_out
from memobook.book.model import Book
from memobook.book.tree import serialize, text_of
from memobook.diagnostics import Reporter
from memobook.project.works_schema import AbbreviationsTable
from tests.book.helpers import books, codes

TERMS = {
    "WTO": "World Trade Organization",
    "WTOX": "Another",
    "R&D": "research & development",
}


def spelt(*texts: str, reporter: Reporter | None = None, **settings: object) -> Book:
    own = reporter or Reporter()
    table = AbbreviationsTable.model_validate({"terms": TERMS, **settings})
    found = spell_out(replace(books(*texts), abbreviations=table), own)
    if reporter is None:
        assert own.diagnostics == ()
    return found


def said(book: Book, memo: int = 0) -> str:
    return text_of(book.memos[memo].body).strip()


def test_the_first_one_of_a_memo_is_spelled_out():
    book = spelt("The WTO and the WTO.", "The WTO.")
    assert said(book) == "The World Trade Organization (WTO) and the WTO."
    assert said(book, 1) == "The World Trade Organization (WTO)."


def test_the_first_one_of_the_book_or_none_may_be():
    assert said(spelt("WTO.", "The WTO.", spell_out="book"), 1) == "The WTO."
    assert said(spelt("The WTO.", spell_out="never")) == "The WTO."


def test_every_one_says_what_it_means_to_who_listens():
    body = serialize(spelt("R&D, R&D.").memos[0].body.children)
    assert body.count('<abbr title="research &amp; development">R&amp;D</abbr>') == 2


def test_what_the_author_has_spelled_out_stays():
    text = "The World Trade Organization (WTO), the WTO."
    assert said(spelt(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "## The WTO",
        "| WTO |\n| --- |\n| WTO |",
        "[WTO](https://example.org)",
    ],
)
def test_headings_tables_and_links_stay_short_and_are_not_the_first(text):
    book = spelt(f"{text}\n\nThe WTO.")
    assert said(book).count("World Trade Organization") == 1
    assert said(book).endswith("The World Trade Organization (WTO).")


def test_code_and_parts_of_words_are_no_abbreviations():
    book = spelt("`WTO` and WTOS and WTOX.")
    assert said(book) == "WTO and WTOS and Another (WTOX)."


def test_those_that_a_memo_says_itself_are_spelled_out_too():
    book = spelt("The NSG, the NSG.\n\n*[NSG]: Nuclear Suppliers Group")
    assert said(book) == "The Nuclear Suppliers Group (NSG), the NSG."


def test_those_that_are_used_are_listed_in_order():
    (page,) = spelt("WTO and NSG.\n\n*[NSG]: Nuclear Suppliers Group").back
    assert serialize(page.body.children) == (
        "<dl><dt>NSG</dt><dd>Nuclear Suppliers Group</dd>"
        "<dt>WTO</dt><dd>World Trade Organization</dd></dl>"
    )
    assert spelt("WTO", listed=False).back == ()
    assert spelt("Nothing.").back == ()


def test_a_book_without_the_table_stays_as_it_is():
    text = "The NSG.\n\n*[NSG]: Nuclear Suppliers Group"
    assert said(books(text)) == "The NSG."


def test_two_meanings_are_reported_in_their_place():
    reporter = Reporter()
    spelt("A WTO.", "B WTO.\n\n*[WTO]: Other", reporter=reporter)
    assert codes(reporter) == [("abbreviation-twice", 6, 3)]
