"""Formulas: what is one, what is made of it, and where its mistakes are."""

import base64
import re

import pytest

from memobook.book.formulas import DRAWING, drawn, shown
from memobook.book.model import Source
from memobook.book.parse import parse_memo
from memobook.book.tree import Node, nodes, serialize, text_of
from memobook.diagnostics import Code, Reporter
from tests.book.helpers import books, html, parsed


def formulas(text: str) -> list[Node]:
    return [n for n in nodes(parsed(text).body) if n.tag == "math"]


def found(text: str) -> list[tuple[Code, int, int]]:
    reporter = Reporter()
    parse_memo(Source("a.md", f"# T\n\n{text}"), "en", reporter)
    return [(d.code, d.span.line, d.span.column) for d in reporter]


@pytest.mark.parametrize(
    "text",
    [
        "It costs $5 to $10.",
        "US$5bn/US$6bn and A$3",
        "from $5-$10, ($5)/($6)",
        "a sum of $ 5 and 6$",
        r"\$x\$ and `$x$`",
        "$5,000 and $6,000; $7",
        "the $x of $y",
    ],
)
def test_a_price_is_no_formula(text):
    assert formulas(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A $x$.", ["x"]),
        ("($x$), $y$-axis is none", ["x", "y"]),
        ("**$a$** and [$b$](https://example.org)", ["a", "b"]),
        ("a price of $5, $x^2$ and $6", ["x^2"]),
        ("$$\na = b\n$$", ["a = b"]),
        ("```math\na < b\n```", ["a < b"]),
        (r"$a \& b$", [r"a \& b"]),
        ("| $a$ |\n|---|\n| $b$ |", ["a", "b"]),
    ],
)
def test_a_formula_says_its_tex(text, expected):
    assert [n.get("alttext") for n in formulas(text)] == expected


def test_an_author_may_say_what_is_read_aloud():
    inline = formulas('$E = mc^2${alt="energy is mass times c squared"}')
    block = formulas('$$E$$ {alt="energy"}')
    assert [n.get("alttext") for n in (*inline, *block)] == [
        "energy is mass times c squared",
        "energy",
    ]
    assert text_of(parsed('In $E$ and $F${alt="force"}').body).strip() == (
        "In E and force"
    )


def test_a_screen_gets_mathml_that_epub_allows():
    made = serialize(shown(formulas(r"$$\sum_{i} \dfrac{a}{b} \sin x$$")[0]))
    assert made.startswith('<math xmlns="http://www.w3.org/1998/Math/MathML"')
    assert "<mfrac>" in made
    assert "&ApplyFunction;" not in made
    assert DRAWING not in made
    for name in ("displaystyle", "scriptlevel"):
        holders = set(re.findall(rf"<(\w+)[^<>]* {name}=", made))
        assert holders <= {"mstyle", "math", "mtable"}


def test_paper_gets_a_drawing_on_the_base_of_the_line():
    image = drawn(formulas(r"$\frac{a}{b}$")[0])
    assert image.get("alt") == r"\frac{a}{b}"
    start = "data:image/svg+xml;base64,"
    assert image.get("src").startswith(start)
    assert b"<svg" in base64.b64decode(image.get("src").removeprefix(start))
    depth = re.fullmatch(
        r"width:[\d.]+em;vertical-align:(-[\d.]+)em", image.get("style")
    )
    assert depth is not None
    assert -0.6 < float(depth[1]) < -0.2


def test_the_same_formula_is_drawn_in_the_same_way():
    one, two = formulas(r"$\sqrt{x}$ and $\sqrt{x}$")
    assert drawn(one).attributes == drawn(two).attributes


def test_a_formula_in_mathml_is_drawn_too():
    (formula,) = formulas("<math><msup><mi>x</mi><mn>2</mn></msup></math>")
    assert formula.get("alttext") == "x2"
    assert formula.has(DRAWING)


def test_named_formulas_are_numbered_through_the_book():
    book = books("$$a$$ {#eq:a}\n\n$$b$$", "$$c$$ {#eq:c}")
    blocks = [
        n
        for memo in book.memos
        for n in nodes(memo.body)
        if n.tag == "div" and "formula" in n.classes
    ]
    assert [(n.get("id"), n.get("data-number")) for n in blocks] == [
        ("a_eq-a", "1"),
        ("", ""),
        ("b_eq-c", "2"),
    ]
    assert [text_of(n) for n in blocks] == ["a (1)", "b", "c (2)"]


def test_a_heading_says_the_formula_in_it():
    (heading,) = books(r"## The mass $m_0$").memos[0].headings
    assert heading.title == "The mass m_0"


def test_environments_that_number_themselves_do_not():
    made = html(r"$$\begin{align} a &= b \\ c &= d \end{align}$$")
    assert "(1)" not in made


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"In $a + \foo$.", [(3, 9)]),
        ("$$\na &= b\n$$", [(4, 3)]),
        ("$$\na\n+ \\foo\n$$", [(5, 3)]),
        ("> $$\n> \\foo\n> $$", [(4, 3)]),
        (r"A $\tag{1} x$", [(3, 4)]),
        ("In a $$x$$ line", [(3, 6)]),
        (r"A $a \\\\ b$ and $\frac{}{}$.", [(3, 4), (3, 19)]),
        ("$a$ and $a$ and $\\foo$ and $\\foo$", [(3, 18), (3, 29)]),
    ],
)
def test_a_mistake_has_its_place(text, expected):
    assert found(text) == [(Code.FORMULA_INVALID, *place) for place in expected]


def test_a_title_holds_no_formula():
    reporter = Reporter()
    parse_memo(Source("a.md", "# The mass $m$\n\nText."), "en", reporter)
    assert [d.code for d in reporter] == [Code.TITLE_NOT_PLAIN]


WRITTEN = {
    "B <math><mfrac><mi>x</mi></mfrac></math>.": "<mfrac> needs 2 elements in it and has 1",
    "B <math><msubsup><mi>x</mi></msubsup></math>.": "<msubsup> needs 3 elements",
    "B <math><code>x</code></math>.": "it is empty",
    "B <math>x + <mi>y</mi></math>.": "“x +” stands in no <mi>",
    "B <math><mtable><mi>y</mi></mtable></math>.": "<mtable> does not hold what it must",
    "B <math><mtd><mi>y</mi></mtd></math>.": "<mtd> stands in no <mtr>",
    "B <math><mmultiscripts><mi>y</mi><none/></mmultiscripts></math>.": "<mmultiscripts> does not",
}


@pytest.mark.parametrize(("text", "said"), WRITTEN.items())
def test_mathml_that_is_not_drawn_is_told_with_its_place(text, said):
    reporter = Reporter()
    parse_memo(Source("a.md", f"# T\n\n{text}"), "en", reporter)
    (told,) = reporter
    assert (told.span.line, told.span.column) == (3, 3)
    assert said in told.message


@pytest.mark.parametrize(
    ("written", "column"),
    [
        ("<math role='math'><mi>x</mi></math>", 9),
        ("<math display='x'><mi>x</mi></math>", 9),
        ("<math><mi mathvariant='nonsense'>x</mi></math>", 13),
        ("<math><mo stretchy='maybe'>+</mo></math>", 13),
        ("<math><mi cx='1'>x</mi></math>", 13),
        ("<math><mspace width='x'/><mi>x</mi></math>", 17),
    ],
)
def test_what_epub_does_not_know_of_a_formula_is_told_and_goes(written, column):
    reporter = Reporter()
    memo = parse_memo(Source("a.md", f"# T\n\nB {written}."), "en", reporter)
    assert [(Code.HTML_NOT_ALLOWED, 3, column)] == [
        (d.code, d.span.line, d.span.column) for d in reporter
    ]
    (math,) = (n for n in nodes(memo.body) if n.tag == "math")
    assert {"xmlns", "class", "alttext", DRAWING} == {k for k, _ in math.attributes}
    assert all(n.attributes == () for n in nodes(math) if n is not math)


def test_html_in_a_formula_is_told_and_its_words_are_kept(capfd):
    text = "B <math><mi><code>x</code></mi></math>."
    reporter = Reporter()
    memo = parse_memo(Source("a.md", f"# T\n\n{text}"), "en", reporter)
    (told,) = reporter
    assert (told.code, told.span.line, told.span.column) == (
        Code.HTML_NOT_ALLOWED, 3, 13,
    )  # fmt: skip
    assert "<mi>x</mi>" in serialize(memo.body)
    assert capfd.readouterr() == ("", "")


def test_what_annotates_a_formula_is_no_part_of_its_picture(capfd, caplog):
    plain, noted = formulas(
        "A <math><mi>x</mi></math> and <math><semantics><mi>x</mi>"
        '<annotation encoding="application/x-tex">x+y</annotation></semantics></math>.'
    )
    assert noted.get(DRAWING) == plain.get(DRAWING)
    assert noted.get("alttext") == "x"
    assert capfd.readouterr() == ("", "")
