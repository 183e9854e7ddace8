"""Drawings in one page have no names in common, and still refer to their own."""

import re

from memobook.book.tree import nodes, serialize
from tests.book.helpers import books

DRAWING = (
    '<svg viewBox="0 0 9 9" role="img" aria-labelledby="t"><title id="t">A</title>'
    "<style>#g { fill: url(#g); color: #abc }</style>"
    '<linearGradient id="g"></linearGradient><use href="#g"></use>'
    '<rect fill="url(#g)" style="stroke:url(#g)"></rect></svg>'
)


def drawings(text: str) -> list[str]:
    memo = books(text).memos[0]
    trees = (memo.body, *(note for _, note in memo.footnotes))
    found = [serialize(n) for tree in trees for n in nodes(tree) if n.tag == "svg"]
    return [text.replace(' xmlns="http://www.w3.org/2000/svg"', "") for text in found]


def test_a_single_drawing_keeps_its_names():
    assert [DRAWING] == drawings(f"One {DRAWING}.")


def test_the_names_of_a_second_drawing_are_other_ones_wherever_they_stand():
    second = re.sub('(?<=["#])([gt])(?=[" )])', r"\1-2", DRAWING)
    assert second.count("-2") == 8
    assert [DRAWING, second] == drawings(f"One {DRAWING} and {DRAWING}.")


def test_what_is_named_twice_in_one_drawing_gets_another_name():
    (made,) = drawings('One <svg><g id="a"/><g id="a"/><use href="#a"/></svg>.')
    assert '<g id="a"></g><g id="a-2"></g><use href="#a"></use>' in made


def test_a_drawing_in_a_note_has_names_of_its_own():
    text, note = drawings(f"One {DRAWING}.[^n]\n\n[^n]: Two {DRAWING}.")
    assert 'id="g-2"' in note
    assert 'id="g-2"' not in text
