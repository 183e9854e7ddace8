"""What figures and tables have beside a caption."""

import pytest

from memobook.book.tree import Node, text_of
from memobook.diagnostics import Reporter
from tests.book.helpers import books, codes, find, html, numbered


def test_a_credit_of_a_picture_ends_its_caption():
    text = '![a](a.png "Cap"){credit="Photo: X"}'
    found = '<figcaption>Cap <span class="credit">Photo: X</span></figcaption>'
    assert f'<figure><img alt="a" src="a.png"/>{found}</figure>' == html(text)


def test_a_credit_without_a_caption_stands_below():
    assert html('![a](a.png){credit="X"}').endswith('</figure><p class="credit">X</p>')


def test_the_last_paragraph_of_a_caption_may_be_the_credit():
    text = "![a](a.png)\n\n/// caption\nCap {#fig:a .b}\n\nBy *X* {.credit}\n///"
    got = html(text)
    assert (
        '<figcaption>Cap <span class="credit">By <em>X</em></span></figcaption>' in got
    )
    assert (
        '<figure class="b" id="fig:a">' in got or '<figure id="fig:a" class="b">' in got
    )


def test_a_credit_within_a_line_is_reported():
    reporter = Reporter()
    books('a ![b](b.png){credit="X"} c', reporter=reporter)
    assert [("html-not-allowed", 4, 8)] == codes(reporter)


def test_a_picture_knows_where_its_description_is():
    text = "![a](a.png)\n\n/// caption\nCap\n///\n\n/// description\nLong.\n\n- x\n///"
    memo = books(text).memos[0]
    (details,) = find(memo, "details")
    assert details.get("id") == find(memo, "img")[0].get("aria-details")
    assert "Long." in text_of(details)


PARTS = (
    '![a](a.png "A"){#fig:a} ![b](b.png){#fig:b}\n\n/// caption\nBoth {#fig:both}\n///'
)


def test_pictures_side_by_side_are_parts_with_letters():
    memo = books(f'![x](x.png "X")\n\n{PARTS}\n\n[@fig:b]').memos[0]
    captions = [
        (n.get("data-kind"), n.get("data-number")) for n in find(memo, "figcaption")
    ]
    assert [("figure", "1"), ("", "(a)"), ("", "(b)"), ("figure", "2")] == captions
    assert "2b" == find(memo, "a")[0].get("data-number")
    assert not any(n.has("data-part") for n in find(memo, "figure"))


@pytest.mark.parametrize(
    ("table", "rows"),
    [
        ("| a | b {colspan=2} | |\n|-|-|-|\n| 1 | 2 | 3 |", [2, 3]),
        ("| a | b |\n|-|-|\n| x {rowspan=2} | 1 |\n| | 2 |\n| y | |", [2, 2, 1, 2]),
        ("| a | b |\n|-|-|\n| x {rowspan=2} | 1 |\n| full | 2 |", [2, 2, 2]),
        ("| a | b |\n|-|-|\n| x | |", [2, 2]),
    ],
)
def test_a_cell_that_spans_others_takes_their_place(table, rows):
    found = find(books(table).memos[0], "tr")
    assert rows == [sum(isinstance(c, Node) for c in row.children) for row in found]


def test_a_table_in_html_keeps_its_empty_cells():
    text = '<table><tr><td colspan="2">a</td><td></td></tr><tr><td>b</td><td></td><td>c</td></tr></table>'
    assert 5 == len(find(books(text).memos[0], "td"))


def test_numbers_do_not_count_parts():
    assert "2" == find(numbered(f'{PARTS}\n\n![x](x.png "X")').memos[0], "figcaption")[
        -1
    ].get("data-number")
