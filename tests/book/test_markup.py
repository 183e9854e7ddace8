"""What raw HTML may stand in a book, and what happens to the rest."""

import sys

import pytest

from memobook.book.markup import MAX_DEPTH, NOT_XML
from memobook.book.model import Source
from memobook.book.parse import parse_memo
from memobook.book.positions import MARKS
from memobook.book.tree import serialize
from memobook.diagnostics import Code, Reporter
from tests.book.helpers import codes, html


def read(text: str) -> tuple[str, list[tuple[str, int, int]]]:
    """Return the markup of a text, and what was reported; its first line is line 4."""
    reporter = Reporter()
    source = Source("a.md", f"---\ntitle: T\n---\n{text}")
    memo = parse_memo(source, "en", reporter)
    return serialize(memo.body.children), codes(reporter)


@pytest.mark.parametrize(
    "text",
    [
        '<p>A <b>bold</b> and <i lang="fr">mot</i><br/></p>',
        '<p><a href="https://example.org" title="T">a</a></p>',
        '<section class="x"><h2 id="y">H</h2></section>',
        "<p>H<sub>2</sub>O <kbd>Ctrl</kbd> <ruby>漢<rt>kan</rt></ruby></p>",
        "<details open=\"\"><summary>S</summary></details>",
        '<p><time datetime="2025-06-09">June</time></p>',
        '<ol start="3" reversed=""><li value="9">x</li></ol>',
        '<p><span aria-label="L" role="note" dir="rtl">x</span></p>',
        '<table><tbody><tr><td colspan="2" rowspan="1">x</td></tr></tbody></table>',
    ],
)  # fmt: skip
def test_what_epub_knows_is_kept(text):
    assert (text, []) == read(text)


@pytest.mark.parametrize(
    ("text", "expected", "column"),
    [
        ("A <font>b</font>", "<p>A b</p>", 3),
        ("A <blink>*b*</blink>", "<p>A <em>b</em></p>", 3),
        ("A <your-name> b", "<p>A  b</p>", 3),
        ("A <button>b</button> c", "<p>A b c</p>", 3),
        ("A <script>b</script> c", "<p>A  c</p>", 3),
        ("A <style>b</style> c", "<p>A  c</p>", 3),
        ("A <iframe src='x'>b</iframe> c", "<p>A  c</p>", 3),
        ("A <noscript>b</noscript>", "<p>A b</p>", 3),
    ],
)
def test_an_element_that_is_not_allowed_goes_and_its_text_stays(text, expected, column):
    markup, found = read(text)
    assert expected == markup
    assert ("html-not-allowed", 4, column) == found[0]


_BLOCK = "/// html | script\nword\n///\n\n"


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("", ""),
        ("[a](b.md '<script>')", '<p><a href="b.md" title="&lt;script&gt;">a</a></p>'),
        ("MT\n\n*[MT]: <script>", '<p><abbr title="&lt;script&gt;">MT</abbr></p>'),
    ],
)
def test_a_script_that_is_a_block_is_text_and_told_where_it_stands(text, rest):
    markup, found = read(_BLOCK + text)
    assert ("word" + rest, [("html-not-allowed", 4, 5)]) == (
        markup.replace("\n", ""),
        found,
    )


def test_a_script_beside_one_that_is_a_block_goes_with_its_content():
    markup, found = read(f"{_BLOCK}<script>b</script>")
    assert markup.strip() == "word"
    assert [("html-not-allowed", 4, 5), ("html-not-allowed", 8, 1)] == found


@pytest.mark.parametrize("element", ["div", "svg"])
def test_an_attribute_of_a_block_is_told_where_the_block_stands(element):
    markup, found = read(f"/// html | {element}[onclick=x]\n///")
    assert [("html-not-allowed", 4, 5)] == found
    assert markup.isprintable()


@pytest.mark.parametrize(
    ("text", "expected", "column"),
    [
        ('<b onclick="x()">b</b>', "<p><b>b</b></p>", 4),
        ('<b style="color: red">b</b>', "<p><b>b</b></p>", 4),
        ("*b*{onmouseover=x}", "<p><em>b</em></p>", 5),
        ("*b*{: .c data-x='1' }", '<p><em class="c">b</em></p>', 10),
        ('<b class="c" Hidden>b</b>', '<p><b class="c">b</b></p>', 14),
        ('<a name="x">b</a>', "<p><a>b</a></p>", 4),
    ],
)
def test_an_attribute_that_is_not_allowed_goes(text, expected, column):
    assert (expected, [("html-not-allowed", 4, column)]) == read(text)


def test_the_third_of_its_kind_has_the_third_place():
    text = "<u id=x>a</u> <tt>b</tt>\n`<tt>` <tt>c</tt>\n\n    <tt>\n\n<tt x>d</tt>"
    _, found = read(text)
    assert [(line, column) for code, line, column in found] == [
        (4, 15),
        (5, 8),
        (9, 1),
    ]


def test_where_places_cannot_be_told_apart_none_is_guessed():
    # An HTML parser closes the first <tt> in the first paragraph and opens it again.
    _, found = read("<tt>one\n\ntwo")
    assert {(code, line) for code, line, _ in found} == {("html-not-allowed", 0)}


def test_the_alignment_of_a_column_is_a_class():
    markup = html("| a | b |\n|:-:|--:|\n| c | d |")
    assert '<th class="align-center" scope="col">a</th>' in markup
    assert '<td class="align-right">d</td>' in markup


# Drawings and formulas


SVG = 'xmlns="http://www.w3.org/2000/svg"'


def test_a_drawing_is_kept_with_its_own_names():
    text = '<svg viewBox="0 0 9 9"><linearGradient id="g"/><path d="M0 0"/></svg>'
    expected = (
        f'<svg {SVG} viewBox="0 0 9 9"><linearGradient id="g"></linearGradient>'
        '<path d="M0 0"></path></svg>'
    )
    assert (f"<p>{expected}</p>", []) == read(text)


def test_a_formula_is_kept():
    markup, found = read("<math><mi>x</mi></math>")
    assert found == []
    assert '<math xmlns="http://www.w3.org/1998/Math/MathML" class="formula"' in markup
    assert "<mi>x</mi>" in markup


@pytest.mark.parametrize(
    "inside",
    [
        "<script>x</script>",
        "<foreignObject><p>x</p></foreignObject>",
        "<animate/>",
        '<set attributeName="href" to="javascript:x"/>',
        "<g{x}>",
    ],
)
def test_what_a_drawing_may_not_hold_goes(inside):
    markup, found = read(f'<svg viewBox="0 0 9 9">{inside}</svg>')
    assert f'<p><svg {SVG} viewBox="0 0 9 9"></svg></p>' == markup
    assert ["html-not-allowed"] == [code for code, *_ in found]


@pytest.mark.parametrize(
    "attribute",
    [
        'href="https://example.org/x.svg"',
        'href="javascript:x"',
        'xlink:href="x.svg"',
        'onload="x()"',
        'fill="url(https://example.org/x)"',
        'style="background: url( x.png )"',
    ],
)
def test_a_drawing_loads_and_runs_nothing(attribute):
    markup, found = read(f"<svg><use {attribute}></use></svg>")
    assert f"<p><svg {SVG}><use></use></svg></p>" == markup
    assert [("html-not-allowed", 4, 11)] == found


def test_a_drawing_may_refer_to_itself():
    markup, found = read('<svg><use href="#a" fill="url(#b)"></use></svg>')
    assert (f'<p><svg {SVG}><use href="#a" fill="url(#b)"></use></svg></p>', []) == (
        markup,
        found,
    )


def test_what_only_an_editor_needs_goes_without_a_word():
    markup, found = read(
        '<svg xmlns:xlink="http://www.w3.org/1999/xlink" inkscape:version="1.3">'
        '<sodipodi:namedview id="v"/><metadata><rdf:RDF>x</rdf:RDF></metadata>'
        '<g inkscape:label="Layer" xml:space="preserve"><use xlink:href="#a"/></g></svg>'
    )
    inside = '<g><use href="#a"></use></g>'
    assert (f"<p><svg {SVG}>{inside}</svg></p>", []) == (markup, found)


# Characters and depth


def test_characters_that_no_xml_may_hold_are_left_out():
    markup, _ = read("a\x01b\x0bc&#1;d&#xFFFE;e\ufffff")
    assert "abcd" in markup
    assert markup.endswith("ef</p>")


def test_a_memo_that_nests_too_deeply_is_reported_and_not_read():
    deep = "<div>" * (MAX_DEPTH + 1) + "x" + "</div>" * (MAX_DEPTH + 1)
    assert ("", [("markdown-too-deep", 4, 501)]) == read(deep)
    good = "<div>" * MAX_DEPTH + "x" + "</div>" * MAX_DEPTH
    assert (good, []) == read(good)


def test_every_refusal_says_what_to_do():
    reporter = Reporter()
    parse_memo(Source("a.md", "# T\n\n<u x=1>a</u> <font>b</font>"), "en", reporter)
    assert {d.code for d in reporter} == {Code.HTML_NOT_ALLOWED}
    assert all(d.hint for d in reporter)


def test_what_is_printable_needs_no_second_look():
    odd = (chr(n) for n in range(sys.maxunicode + 1) if chr(n).isprintable())
    assert not [c for c in odd if NOT_XML.match(c) or MARKS.match(c)]
