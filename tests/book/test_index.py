"""Terms that are marked in the text become an index."""

from collections.abc import Iterable

import pytest

from memobook.book.model import IndexEntry
from memobook.book.tree import nodes, serialize
from memobook.diagnostics import Reporter
from tests.book.helpers import books, codes


def lines(entries: Iterable[IndexEntry], depth: int = 0) -> list[str]:
    """Return an index as text: terms, their places, and where they lead."""
    found = []
    for entry in entries:
        places = [f"{p.start}-{p.end}" if p.end else p.start for p in entry.locators]
        said = [*places, *(f"see {s}" for s in entry.see)]
        said += [f"also {s}" for s in entry.see_also]
        found.append(" ".join(["  " * depth + entry.term, *said]))
        found += lines(entry.below, depth + 1)
    return found


def body(text: str) -> str:
    return serialize(books(text).memos[0].body.children)


def test_the_text_of_an_element_is_a_term():
    book = books("Of the [space treaties]{.index} and *Moon*{.index}.")
    assert lines(book.index) == ["Moon a__index-2", "space treaties a__index-1"]


def test_a_term_stands_below_another_and_several_in_one_place():
    book = books('They speak of [planets]{index="Space law > bodies; Planets"}.')
    assert lines(book.index) == [
        "Planets a__index-1",
        "Space law",
        "  bodies a__index-1",
    ]


def test_a_mark_leaves_the_text_as_it_was():
    marked = 'One [two]{index="A"} *three*{.index} [four](https://a.b){index="B"}.'
    found = body(marked)
    assert "index=" not in found
    assert 'class="index"' not in found
    assert 'One <span id="a__index-1">two</span>' in found


def test_a_heading_stands_for_its_section():
    text = '## Law {index="Law"}\n\nText.\n\n### Deeper\n\n- a\n- b\n\n## Next\n\nEnd.'
    book = books(text)
    assert lines(book.index) == ["Law a_law-a__index-1"]
    assert '<li>b<span id="a__index-1"></span></li>' in body(text)


@pytest.mark.parametrize(
    ("last", "end"),
    [
        ("A paragraph.", "A paragraph.<span id"),
        ("> Quoted.", "Quoted.<span id"),
        ("| A |\n|---|\n| b |", "b<span id"),
        ("```\ncode\n```", "</code><span id"),
        ("Term\n:   Meaning", "Meaning<span id"),
        ("Before.\n\n***", "Before.<span id"),
        ("![Alt](a.png)", '"/><span id'),
    ],
)
def test_the_end_of_a_section_is_behind_its_last_words(last, end):
    assert end in body(f'## Law {{index="Law"}}\n\nText.\n\n{last}\n\n## Next\n\nEnd.')


def test_a_passage_goes_from_one_mark_to_another():
    book = books(
        '[Here]{index-from="Arms > sale"} on.\n\nTo [there]{index-to="Arms > sale"}.'
    )
    assert lines(book.index) == ["Arms", "  sale a__index-1-a__index-2"]


def test_a_term_leads_to_another():
    text = '[x]{index="Law"} [y]{index="Law > sea"}\n\n[]{index="Jus" see="Law > sea"} []{index="Law" see-also="Law > sea"}'
    book = books(text)
    assert lines(book.index) == [
        "Jus see Law > sea",
        "Law a__index-1 also Law > sea",
        "  sea a__index-2",
    ]
    assert serialize(book.memos[0].body.children).count("<p>") == 1


def test_a_term_in_a_footnote_stands_where_it_is_called():
    book = books('Text[^n].\n\n[^n]: A [note]{index="Notes"}.')
    assert lines(book.index) == ["Notes a__index-1"]
    assert '<span id="a__index-1"></span><a class="call"' in body(
        'Text[^n].\n\n[^n]: A [note]{index="Notes"}.'
    )


def test_terms_of_all_memos_are_one_index_in_the_order_of_the_language():
    texts = ("[Öl]{.index} [ofen]{.index}", "[Öl]{.index} [Zeit]{.index}")
    found = books(*texts, language="sv").index
    assert lines(found) == [
        "ofen a__index-2",
        "Zeit b__index-2",
        "Öl a__index-1 b__index-1",
    ]
    assert [entry.letter for entry in found] == ["O", "Z", "Ö"]


def test_a_book_without_terms_has_no_index_and_its_trees_are_shared():
    book = books("No [link](https://a.b) is a term.")
    assert book.index == ()
    assert all(not n.has("index") for n in nodes(book.memos[0].body))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[a]{index=" > b"}', [("index-empty", 4, 5)]),
        ('[a]{index-from="B"} c', [("index-passage", 4, 5)]),
        ('[a]{index-to="B"} c', [("index-passage", 4, 5)]),
        ('[a]{index="B"}\n\n[]{index="C" see="Bb"}', [("index-see", 6, 4)]),
        ('[a]{index="B; C"}\n\n[]{index="C" see="B"}', [("index-see", 6, 4)]),
        ('[a]{index="Law"} [b]{index="law"}', [("index-twins", 4, 22)]),
    ],
)
def test_what_is_wrong_has_its_place(text, expected):
    reporter = Reporter()
    books(text, reporter=reporter)
    assert codes(reporter) == expected


def test_a_mark_has_its_place_also_below_a_footnote_with_one():
    reporter = Reporter()
    text = 'Text[^n].\n\n[^n]: A [note]{index="Notes"}.\n\nAn [end]{index-to="Law"}.'
    books(text, reporter=reporter)
    assert codes(reporter) == [("index-passage", 8, 10)]


def test_a_heading_in_a_quotation_stands_for_itself():
    book = books('## A\n\n> ### Law {index="Law"}\n>\n> Quoted.\n\nEnd.')
    assert lines(book.index) == ["Law a_law"]


@pytest.mark.parametrize("empty", ["<p index='A'></p>", "[]{index='A'}"])
def test_a_term_without_words_has_its_place_all_the_same(empty):
    assert 'id="a__index-1"' in body(f"One.\n\n{empty}\n\nTwo.")


def test_no_anchor_stands_between_the_rows_of_a_table():
    table = "<table><tr><td>x</td></tr><tbody></tbody></table><ul></ul>"
    found = body(f"## H {{.index}}\n\n{table}")
    assert '<td>x<span id="a__index-1"></span></td>' in found
