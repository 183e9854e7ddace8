"""Where in the Markdown stands what was found in a finished file?"""

from __future__ import annotations

import pytest

from memobook.book.model import Source
from memobook.checks.places import Places
from tests.book.helpers import numbered

TEXT = """The word river stands here, and the *word* river, [a link](https://example.org/river)
goes to it.

## A heading

Another river flows, the word river stands there.[^a]

![A picture](p.png)

| A | B |
| --- | --- |
| a river | b |

Of two (`code`) and **three** things.

[^a]: The note on a river.
"""
SOURCE = f"---\ntitle: A\n---\n{TEXT}"


@pytest.fixture(scope="module")
def places() -> Places:
    (memo,) = numbered(TEXT).memos
    return Places(memo, Source(memo.path, SOURCE))


def said(places: Places, *arguments: object) -> str:
    """Return what the source says at the place of some words."""
    span = places.of_words(*arguments)  # type: ignore[arg-type]  # as they are given
    return SOURCE.split("\n")[span.line - 1][span.column - 1 :][: span.length]


def test_a_word_is_found_by_the_words_around_it(places):
    first = places.of_words("The word river stands here, and", 2)
    second = places.of_words("the word river, a link goes", 2)
    third = places.of_words("flows, the word river stands there.", 3)

    assert (first.line, second.line, third.line) == (4, 4, 9)
    assert first.column < second.column


def test_emphasis_and_addresses_do_not_hide_a_text(places):
    text = "the word river, a link goes to it."
    assert said(places, text, 0, 6) == (
        "the *word* river, [a link](https://example.org/river)"
    )
    assert said(places, "Of two (code) and three things.", 2, 3) == "code`) and **three"


def test_a_word_that_is_not_in_the_source_has_the_place_of_what_stands_there(places):
    assert said(places, "The word brook stands here, and", 2) == "river"
    assert said(places, "Of two (code) or three things.", 3) == "and"


def test_what_is_nowhere_has_the_place_of_the_title(places):
    assert places.of_words("nothing of this exists") == places.whole
    assert places.of_words("") == places.whole


def test_headings_notes_pictures_and_rows_know_their_place(places):
    lines = SOURCE.split("\n")

    assert lines[places.of_heading(1).line - 1] == "## A heading"
    assert places.of_heading(9) == places.whole
    assert lines[places.of_note(2).line - 1].startswith("[^a]: The note")
    assert places.of_note(1) == places.of_link("https://example.org/river")
    assert lines[places.of_picture("A picture").line - 1] == "![A picture](p.png)"
    assert lines[places.of_row(1).line - 1] == "| a river | b |"
    call = places.of_call(1)
    assert lines[call.line - 1][call.column - 1 :] == "[^a]"


def test_an_anchor_of_an_output_leads_to_what_it_stands_for(places):
    heading, note = places.of_heading(1), places.of_note(2)

    assert places.of_anchor("a") == places.whole
    assert places.of_anchor("a_a-heading") == heading
    assert places.of_anchor("a__note-2") == note
    assert places.of_anchor("b_nothing") is None
