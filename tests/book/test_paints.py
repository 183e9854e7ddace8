"""A drawing names no paint that is none, and looks as it did."""

from __future__ import annotations

import pytest

from memobook.book.drawings import cleaned
from memobook.book.tree import nodes
from tests.book.helpers import books

DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">'
    '<linearGradient id="sky"><stop stop-color="red"/></linearGradient>'
    '<path id="hill" d="M0 0h9v9z" fill="{}" stroke="{}"/></svg>'
)
PAINTS = [
    (("url(#sky)", "#06c"), ("url(#sky)", "#06c")),
    (("url( '#sky' ) red", "none"), ("url( '#sky' ) red", "none")),
    (("url(#hill)", "url(#sky)"), ("none", "url(#sky)")),
    (("url(#gone) #06c", "url('#gone')"), ("#06c", "none")),
]


@pytest.mark.parametrize(("written", "shown"), PAINTS)
def test_a_drawing_in_the_text_names_paints_that_are_there(written, shown):
    (memo,) = books(f"One {DRAWING.format(*written)}.").memos

    (path,) = (n for n in nodes(memo.body) if n.tag == "path")
    assert (path.get("fill"), path.get("stroke")) == shown


@pytest.mark.parametrize(("written", "shown"), PAINTS)
def test_a_drawing_of_its_own_names_paints_that_are_there(written, shown):
    made = cleaned(DRAWING.format(*written).encode())

    assert 'fill="{}" stroke="{}"'.format(*shown).encode() in made.data
    assert made.losses == ()


def test_a_paint_may_be_in_another_drawing_of_the_memo():
    other = DRAWING.replace("sky", "far").format("red", "none")
    one = DRAWING.format("url(#far)", "none")
    (memo,) = books(f"One {one} and {other}.").memos

    first, _ = (n for n in nodes(memo.body) if n.tag == "path")
    assert first.get("fill") == "url(#far)"
