"""Style sheets without custom properties."""

import pytest

from memobook.design.theme import load_theme, with_values
from memobook.diagnostics import Code, Reporter
from memobook.outputs.epub.styles import resolve
from memobook.project.config import load
from memobook.project.files import Files
from tests.harness import make

TOKENS = {
    "ink": "var(--black)",
    "black": "#111",
    "measure": "30em",
    "loop": "var(--pool)",
    "pool": "1px var(--loop)",
}


def places(reporter: Reporter) -> list[tuple[str, int, int]]:
    return [(d.code.value, d.span.line, d.span.column) for d in reporter]


@pytest.mark.parametrize(
    ("css", "expected"),
    [
        ("p { color: var(--ink) }", "p { color: #111 }"),
        ("p { color: VAR( --ink ) }", "p { color: #111 }"),
        ("p{width:calc(var(--measure) - 1em)}", "p{width:calc(30em - 1em)}"),
        ("@media all { p { color: var(--ink) } }", "@media all { p { color: #111 } }"),
        ("p { color: var(--no, red) }", "p { color:  red }"),
        ("p { color: var(--no, var(--ink)) }", "p { color:  #111 }"),
        ("a{b:url(#x)}c{d:var(--ink)}", "a{b:url(#x)}c{d:#111}"),
        (
            "/* var(--no) */ p { a: 'var(--no)' }",
            '/* var(--no) */ p { a: "var(--no)" }',
        ),
        ("p::before { content: '\\201C' }", "p::before { content: '\\201C' }"),
    ],
)
def test_every_var_becomes_its_value(css, expected):
    reporter = Reporter()
    assert expected == resolve(css, TOKENS, "styles/epub.css", reporter)
    assert reporter.diagnostics == ()


def test_tokens_may_be_named_with_their_hyphens():
    assert resolve("p{a:var(--x)}", {"--x": "1"}, "x.css", Reporter()) == "p{a:1}"


def test_an_unknown_token_is_an_error_at_its_place():
    reporter = Reporter()
    css = "p {\n  color: var(--inc);\n}\n"
    assert css == resolve(css, TOKENS, "styles/epub.css", reporter)
    (found,) = reporter.diagnostics
    assert found.code is Code.STYLE_TOKEN_UNKNOWN
    span = found.span
    expected = ("styles/epub.css", 2, 10, 10)
    assert expected == (span.path, span.line, span.column, span.length)
    assert found.hint == "did you mean var(--ink)?"


def test_a_token_that_needs_itself_is_an_error():
    reporter = Reporter()
    resolve("p { a: var(--loop) }", TOKENS, "x.css", reporter)
    assert places(reporter) == [("style-token-unknown", 1, 8)]
    assert "needs its own value" in reporter.diagnostics[0].message


def test_a_token_that_needs_an_unknown_one_is_an_error_in_the_sheet():
    reporter = Reporter()
    resolve("p { a: var(--x) }", {"x": "var(--y)"}, "x.css", reporter)
    (found,) = reporter.diagnostics
    assert found.message == "no token is called --y, which --x needs"


@pytest.mark.parametrize(
    ("css", "line", "column"),
    [
        ("p { a: b }\nb { color red }", 2, 5),
        (".x {\n  y: 1;\n  /* c */ co*lor: red;\n z: 2 }", 3, 11),
        ("@media all { p { color blue; a: b } }", 1, 18),
        ("a { b: c; }}", 1, 12),
        ("a", 1, 1),
        ("a { color: rgb(1 } }", 1, 18),
    ],
)
def test_what_is_no_css_is_an_error_at_its_place(css, line, column):
    reporter = Reporter()
    resolve(css, {}, "styles/epub.css", reporter)
    assert ("style-ignored", line, column) in places(reporter)


@pytest.mark.parametrize(
    "css",
    [
        "",
        '@charset "utf-8"; p { a: b; }',
        "@page { margin: 1em; @top-left { content: none } }",
        "@font-face { font-family: x; src: url(data:font/ttf;base64,AA) }",
        "@supports (display: grid) { @media all { a > b:not(.c) { d: e } } }",
    ],
)
def test_good_css_is_no_error(css):
    reporter = Reporter()
    assert css == resolve(css, {}, "x.css", reporter)
    assert reporter.diagnostics == ()


@pytest.mark.parametrize(
    ("css", "left", "code"),
    [
        ("@import 'a.css';p{}", "p{}", "style-ignored"),
        ("p{a:url(x.png)}", "p{a:none}", "style-ignored"),
        ("p{a:url(https://example.org/x.png)}", "p{a:none}", "resource-remote"),
        ("p{a:u\\72l(//example.org)}", "p{a:none}", "resource-remote"),
        ("p{a:expression(x())}", "p{a:none}", "style-ignored"),
        ("p{-moz-binding:url(#x)}", "p{none:url(#x)}", "style-ignored"),
    ],
)
def test_a_sheet_loads_and_runs_nothing(css, left, code):
    reporter = Reporter()
    assert left == resolve(css, TOKENS, "styles/epub.css", reporter)
    assert [code] == [d.code.value for d in reporter]
    assert all(d.span.line == 1 and d.span.column for d in reporter)


def test_the_value_of_a_token_loads_nothing_either():
    reporter = Reporter()
    tokens = {"ink": "url(https://example.org/x)"}
    assert "p{a:none}" == resolve("p{a:var(--ink)}", tokens, "x.css", reporter)


@pytest.mark.parametrize(
    ("css", "left"),
    [
        ("p{a:b}\n@\n", "p{a:b}"),
        ("@ {} p{a:b}", "p{a:b}"),
        ("p{a:}", "p{}"),
        ("p{q{a:b}}", "p{}"),
        ("p{a:b}$p{a:b}", "p{a:b}"),
        ("p:{a:b}", ""),
        ("p[a=1]{a:b}", ""),
        ("p>{a:b}", ""),
        ("@media print", ""),
        ("@font-face{}", ""),
        ("@charset 'x'; p{a:b}", "p{a:b}"),
        ("@media all{@{}p{a:b}}", "@media all{p{a:b}}"),
        ("p { Direction: rtl; color: red }", "p{color:red}"),
        ("@keyframes x{50%{a:b;c:}@font-face{}}", "@keyframes x{50%{a:b}}"),
        ("@keyframes x{from{p{a:b}}to{a:b}}", "@keyframes x{from{}to{a:b}}"),
        ("p { unicode-bidi: embed !important; }", "p{}"),
    ],
)
def test_what_an_epub_may_not_hold_is_told_and_taken_out(css, left):
    reporter = Reporter()
    made = resolve(css, {}, "styles/epub.css", reporter)
    assert "".join(made.split()).replace(";", "") == "".join(left.split())
    assert {d.code for d in reporter} == {Code.STYLE_IGNORED}
    assert all(d.span.line and d.span.column for d in reporter)


@pytest.mark.parametrize("css", ["p{a:b;;c:d}", "p{a:b", "/* open", "@media x{p{a:b}"])
def test_what_only_lacks_an_end_gets_it_without_a_word(css):
    reporter = Reporter()
    made = resolve(css, {}, "styles/epub.css", reporter)
    assert made.count("{") == made.count("}")
    assert made.count("/*") == made.count("*/")
    assert ";;" not in made
    assert reporter.diagnostics == ()


def test_built_in_sheets_need_nothing_but_the_values_of_tokens(tmp_path):
    make(tmp_path, {"manuscript/a.md": "# A\n\nText.\n"}, '[text]\nmark = "Draft"\n')
    reporter = Reporter()
    project = load(Files(tmp_path), reporter)
    assert project is not None
    theme = load_theme(project, Files(tmp_path), reporter)

    for sheet in theme.screen_sheets:
        resolved = resolve(sheet.text, theme.tokens, sheet.path, reporter)
        assert sheet.is_builtin
        assert with_values(sheet.text, theme.tokens) == resolved
    assert not reporter.diagnostics
