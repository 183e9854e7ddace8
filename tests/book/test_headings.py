"""Numbers of headings, a memo's own contents, epigraphs: what the book knows of them."""

from __future__ import annotations

from typing import Any

import pytest

from memobook.book.model import Book, Matter, NoteMode, Repeat, Source
from memobook.book.notes import number_notes
from memobook.book.parse import parse_memo
from memobook.book.tree import serialize
from memobook.design.words import words
from memobook.diagnostics import Reporter, Span
from memobook.project.contents import Listed
from memobook.project.schema import BookFile
from tests.book.helpers import assembled

TEXT = """
## One

### Below

#### Deep

## Bare {.unnumbered}

### Also bare

## Two

> ### Quoted
"""


def book(
    block: str = "",
    matter: Matter = Matter.MEMO,
    reporter: Reporter | None = None,
    text: str = TEXT,
    **contents: Any,
) -> Book:
    found = reporter or Reporter()
    settings = BookFile.model_validate(
        {
            "book": {"title": "B", "language": "en"},
            "contents": {"memos": ["a.md"], **contents},
        }
    )
    path, span = "manuscript/a.md", Span("manuscript/book.toml", 1)
    source = Source(path, f"---\ntitle: T\n{block}---\n{text}")
    memos = (parse_memo(source, "en", found),)
    items = [Listed(path, span, matter)]
    made = assembled(settings, memos, items, words("en", {}), found)
    if reporter is None:
        assert found.diagnostics == ()
    return made


def numbers(made: Book) -> list[str]:
    return [heading.number for heading in made.memos[0].headings]


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        (0, ["", "", "", "", "", "", ""]),
        (1, ["1.1", "", "", "", "", "1.2", ""]),
        (2, ["1.1", "1.1.1", "", "", "", "1.2", "1.2.1"]),
        (3, ["1.1", "1.1.1", "1.1.1.1", "", "", "1.2", "1.2.1"]),
    ],
)
def test_headings_are_numbered_as_deep_as_the_book_wants_it(levels, expected):
    assert numbers(book(number_headings=levels)) == expected


def test_a_memo_has_its_own_will():
    assert numbers(book("number_headings: 1\n"))[0] == "1.1"
    assert not any(numbers(book("number_headings: 0\n", number_headings=2)))


def test_appendices_have_letters_and_front_and_back_matter_has_no_number():
    assert numbers(book(matter=Matter.APPENDIX, number_headings=1))[0] == "A.1"
    for matter in (Matter.FRONT, Matter.BACK):
        assert not any(numbers(book(matter=matter, number_headings=2)))


def test_a_number_is_in_the_heading_and_not_in_its_anchor():
    made = book(number_headings=1, text="## A *heading*\n\nText.\n").memos[0]
    assert serialize(made.body.children[0]) == (
        '<h2 id="a_a-heading" data-number="1.1"><span class="heading-number">1.1</span> '
        "A <em>heading</em></h2>"
    )
    assert made.headings[0].shown == "1.1 A heading"


def test_the_book_s_own_contents_in_memos_can_be_overruled():
    assert book(memo_contents=2).memos[0].contents == 2
    assert book("contents: 0\n", memo_contents=2).memos[0].contents == 0


# Epigraphs


def test_an_epigraph_is_the_first_block_of_the_text_and_its_links_are_notes():
    block = "epigraph:\n  text: Space is *big*.\n  source: D. Adams, [Guide](https://x.org/)\n"
    made = number_notes(book(block), NoteMode.FOOTNOTES, Repeat.MEMO, Reporter())
    memo = made.memos[0]
    first = serialize(memo.body.children[0])
    assert first.startswith('<blockquote class="epigraph"')
    assert "<p>Space is <em>big</em>.</p>" in first
    assert 'class="epigraph-source"' in first
    assert [note.url for note in memo.notes] == ["https://x.org/"]


def test_a_bare_text_is_an_epigraph_too():
    first = book('epigraph: "Big."\n').memos[0].body.children[0]
    assert "<p>Big.</p>" in serialize(first)


@pytest.mark.parametrize(
    ("block", "line", "column", "message"),
    [
        ("epigraph:\n  source: Nobody\n", 3, 1, "epigraph.text is missing"),
        ("epigraph:\n  text: A [link](nowhere.md).\n", 4, 18,
         "no memo is called nowhere.md"),
        ("epigraph: A [link](nowhere.md).\n", 3, 20, "no memo is called nowhere.md"),
        ("epigraph:\n  text: A\n  source: |-\n    One.\n\n    Two.\n", 5, 11,
         "epigraph.source: this must be one paragraph"),
        ("contents: 9\n", 3, 11, "contents: 9 is not at most 5"),
        ("number_headings: yes\n", 3, 18,
         "number_headings: this must be a whole number"),
        ("kind: forword\n", 3, 7, None),
    ],
)  # fmt: skip
def test_what_is_wrong_has_its_place(block, line, column, message):
    reporter = Reporter()
    book(block, reporter=reporter)
    (error,) = reporter.diagnostics
    assert (error.span.line, error.span.column) == (line, column)
    assert message is None or error.message == message


def test_a_heading_is_listed_with_a_bracket_that_leads_nowhere():
    text = "## Over [[@eq:a]] out\n\n## Plain"
    made = book(reporter=Reporter(), text=text, number_headings=1)
    assert ["1.1 Over [[@eq:a]] out", "1.2 Plain"] == [
        heading.shown for heading in made.memos[0].headings
    ]
