"""Elements stand in one another as EPUB knows them, and nothing is lost over it."""

import pytest

from memobook.book.attributes import allowed_attributes
from memobook.book.standing import BODY, inside
from tests.book.helpers import html
from tests.book.test_markup import read


@pytest.mark.parametrize(
    ("text", "expected", "column"),
    [
        ("- A *<div>b</div>* c", "<ul>\n<li>A <em> b </em> c</li>\n</ul>", 6),
        ("A <li>b</li> c", "<p>A </p> b  c", 3),
        ("<div><dt>b</dt></div>", "<div> b </div>", 6),
        ("<figcaption>b</figcaption>", " b ", 1),
        ("<dl>b</dl>", "<div>b</div>", 1),
        ("<dl><dd>b</dd><dt>c</dt></dl>", "<div><div>b</div><div>c</div></div>", 1),
        ("<dl><div><dt>b</dt></div></dl>", "<div><div><div>b</div></div></div>", 1),
        ("<ul><p>b</p></ul>", "<ul><li><p>b</p></li></ul>", 1),
        ("<ol> b <li>c</li></ol>", "<ol><li> b </li><li>c</li></ol>", 1),
        ("<details>b</details>", "<div>b</div>", 1),
        ("A <ruby>b<rp>(</rp></ruby>", "<p>A b(</p>", 3),
        ("A <rt>b</rt>", "<p>A b</p>", 3),
        ("A <time><b>b</b></time>", "<p>A <span><b>b</b></span></p>", 3),
        ("A <bdo>b</bdo>", "<p>A b</p>", 3),
        ("<dfn>A <dfn>b</dfn></dfn>", "<p><dfn>A b</dfn></p>", 8),
        (
            "<address>A <address>b</address></address>",
            "<address>A  b </address>",
            12,
        ),
        (
            "<table><caption>A <table><tr><td>b</td></tr></table></caption></table>",
            "<table><caption>A   b  </caption></table>",
            19,
        ),
    ],
)
def test_what_has_no_place_where_it_stands_is_told_and_its_text_stays(
    text, expected, column
):
    markup, found = read(text)
    assert (expected, [("html-not-allowed", 4, column)]) == (markup.strip("\n"), found)


@pytest.mark.parametrize(
    "text",
    [
        "<dl><dt>A</dt><dt>B</dt><dd>b</dd><dt>C</dt><dd>c</dd></dl>",
        "<dl><div><dt>A</dt><dd>b</dd></div><div><dt>C</dt><dd>c</dd></div></dl>",
        "<p><ruby>A<rt>a</rt>B<rp>(</rp><rt>b</rt><rp>)</rp></ruby></p>",
        '<div><a href="https://example.org"><div>A</div></a></div>',
        "<div><del><p>A</p></del></div>",
        "<details><summary>A</summary><p>B</p></details>",
        "<dl><dt><em>A</em></dt><dd><ul><li><p>b</p></li></ul></dd></dl>",
    ],
)
def test_what_stands_right_stays(text):
    assert text == html(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "<details>A<summary>B</summary><summary>C</summary></details>",
            "<details><summary>B</summary>A<div>C</div></details>",
        ),
        ('<ul><li value="3">A</li></ul>', "<ul><li>A</li></ul>"),
        (
            "<figure>A<figcaption>B</figcaption>C<figcaption>D</figcaption></figure>",
            "<figure>AC<figcaption>B<br/>D</figcaption></figure>",
        ),
        (
            "<table><caption>A</caption><caption>B</caption></table>",
            "<table><caption>A<br/>B</caption></table>",
        ),
    ],
)
def test_what_only_stands_in_another_order_goes_where_it_belongs(text, expected):
    assert expected == html(text)


def test_a_table_has_one_head_before_all_and_one_foot_behind_all():
    rows = {name: f"<tr><td>{name}</td></tr>" for name in "ABCD"}
    parts = ("tfoot", "thead", "tbody", "thead")
    written = "".join(
        f"<{tag}>{row}</{tag}>" for tag, row in zip(parts, rows.values(), strict=True)
    )
    columns = '<colgroup span="2"><col/></colgroup>'
    expected = (
        f"<table><colgroup><col/></colgroup><thead>{rows['B']}</thead>"
        f"<tbody>{rows['C']}</tbody><tbody>{rows['D']}</tbody>"
        f"<tfoot>{rows['A']}</tfoot></table>"
    )
    assert expected == html(f"<table>{columns}{written}</table>")


def test_every_element_of_a_book_has_a_place():
    tags = [tag for tag in BODY.allowed if allowed_attributes(tag) is None]
    assert [] == tags
    assert all(inside(BODY, tag).allowed for tag in BODY.allowed)
