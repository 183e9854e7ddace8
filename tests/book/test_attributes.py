"""Attributes have the values that EPUB knows, as it spells them."""

import pytest

from memobook.book.attributes import ELEMENTS, allowed_attributes, spelt
from tests.book.helpers import html
from tests.book.test_markup import read


@pytest.mark.parametrize(
    ("text", "expected", "column"),
    [
        ("A <b role='nonsense'>b</b>", "<p>A <b>b</b></p>", 6),
        ("A <b role='doc-noteref'>b</b>", "<p>A <b>b</b></p>", 6),
        ("A <b role='button'>b</b>", "<p>A <b>b</b></p>", 6),
        ("A <b aria-labelledby='x'>b</b>", "<p>A <b>b</b></p>", 6),
        ("A <b aria-hidden='maybe'>b</b>", "<p>A <b>b</b></p>", 6),
        ("A <b lang='de_DE'>b</b>", "<p>A <b>b</b></p>", 6),
        ("A <b class='call x'>b</b>", '<p>A <b class="x">b</b></p>', 6),
        ("A *b*{.footnote}", '<p>A <em class="">b</em></p>', 7),
        ("A <b id=' '>b</b>", "<p>A <b>b</b></p>", 6),
        ("A <ins datetime='12:00'>b</ins>", "<p>A <ins>b</ins></p>", 8),
        ("<ol type='x'><li>b</li></ol>", "<ol><li>b</li></ol>", 5),
        (
            "<table><tr><th scope='row' abbr='b'>b</th></tr></table>",
            '<table><tbody><tr><th scope="row">b</th></tr></tbody></table>',
            28,
        ),
    ],
)
def test_what_epub_does_not_know_is_told_and_goes(text, expected, column):
    assert (expected, [("html-not-allowed", 4, column)]) == read(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<b dir='RTL'>b</b>", '<p><b dir="rtl">b</b></p>'),
        ("<b aria-hidden='True'>b</b>", '<p><b aria-hidden="true">b</b></p>'),
        (
            "<details open='x'><summary>A</summary></details>",
            '<details open=""><summary>A</summary></details>',
        ),
        (
            "<ol reversed='true' type='I'><li>A</li></ol>",
            '<ol reversed="" type="I"><li>A</li></ol>',
        ),
        (
            "<del datetime='2024-02-29T12:00Z'>A</del>",
            '<p><del datetime="2024-02-29T12:00Z">A</del></p>',
        ),
        (
            "<section role='doc-abstract'>A</section>",
            '<section role="doc-abstract">A</section>',
        ),
    ],
)
def test_a_value_is_spelt_as_epub_does(text, expected):
    assert expected == html(text)


def test_every_element_may_have_an_id_and_not_any_role():
    assert all("id" in (allowed_attributes(tag) or ()) for tag in ELEMENTS)
    assert [] == [tag for tag in ELEMENTS if spelt(tag, "role", "button") is not None]
