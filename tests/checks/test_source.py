"""The lint of the manuscript: what no reader should meet."""

import pytest

from memobook.book.model import Source
from memobook.book.parse import parse_memo
from memobook.checks.source import lint, lint_titles
from memobook.diagnostics import Reporter, Span
from tests.book.helpers import codes, parsed


def check(text: str) -> list[tuple[str, int, int]]:
    """Return what the lint says of a text; its first line is line 4."""
    source = Source("a.md", f"---\ntitle: T\n---\n{text}")
    memo = parse_memo(source, "en", Reporter())
    reporter = Reporter()
    lint(source, memo, reporter)
    return codes(reporter)


def reports(text: str) -> list[tuple[str, str, str]]:
    """Return the words of what the lint says: what it marks, message and hint."""
    source = Source("a.md", text)
    memo = parse_memo(source, "en", Reporter())
    reporter = Reporter()
    lint(source, memo, reporter)
    lines = text.split("\n")
    return [(marked(lines, d.span), d.message, d.hint) for d in reporter]


def marked(lines: list[str], span: Span) -> str:
    start = span.column - 1
    return lines[span.line - 1][start : start + span.length]


# Headings


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("## A\n\n### B\n\n#### C\n\n## D\n\n### E", []),
        ("### A", [(4, 5)]),
        ("## A\n\n#### B\n\n##### C\n\n#### D", [(6, 6)]),
        ("## A\n\n### B\n\n## C\n\n#### D", [(10, 6)]),
        ("> ### A", [(4, 7)]),
        ("Text.\n\n- #### A", [(6, 8)]),
    ],
)
def test_no_level_is_skipped(text, expected):
    assert [("heading-level-skipped", *place) for place in expected] == check(text)


# Paragraphs


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ("They agreed on the", "satellite."),
        ("They agreed,", "and went."),
        ("They agreed –", "and went."),
        ("They agreed on the  ", "   satellite."),
        ("La Inde était", "été."),
        ("a *word*\nthen this", "goes on."),
    ],
)
def test_a_paragraph_that_was_cut_in_two(above, below):
    line = 6 + above.count("\n")
    column = len(below) - len(below.lstrip()) + 1
    assert [("paragraph-cut", line, column)] == check(f"{above}\n\n{below}")


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ("They agreed.", "satellite."),
        ("They agreed on the", "Satellite."),
        ("They agreed on the", "1970s."),
        ("They agreed on these:", "satellite."),
        ("“They agreed”", "satellite."),
        ("They agreed on 5", "satellites."),
        ("## Heading", "text."),
        ("- an item", "text."),
        ("1. an item", "text."),
        ("> a quote", "text."),
        ("| a | b", "text."),
        ("text", "- item"),
        ("text", "    code"),
        ("text", "> quote"),
        ("text", "![a](b.png)"),
        ("text", "[^a]: note"),
        ("text", "<b>bold</b>"),
        ("```\ntext\n```", "text."),
        ("/// note\ntext\n///", "text."),
        ("text", "/// note\ntext\n///"),
        ("Term\n:   text", "text."),
        ("*[HTML]: text", "text."),
        ("a) item", "text."),
        ("भारत", "भारत"),
    ],
)
def test_what_is_no_cut_paragraph(above, below):
    assert "paragraph-cut" not in [code for code, *_ in check(f"{above}\n\n{below}")]


# Characters


@pytest.mark.parametrize(
    "character", ["\u00ad", "\x0c", "\x00", "\x07", "\x1b", "\x7f", "\x85", "\ufeff",
                  "\ufffd", "\ufffe", "\uffff", "\U000f0000", "\U000f0012"],
)  # fmt: skip
def test_a_character_that_no_reader_should_meet(character):
    assert ("character-stray", 5, 4) in check(f"ok\nSüß{character} and\n")


@pytest.mark.parametrize(
    "character", ["\t", "\u200d", "\u200c", "\u200e", "\u2060", "\xa0", "\u202f",
                  "\u200b", "\ue000", "é", "中", "\U0001f600", "\U000f0013"],
)  # fmt: skip
def test_a_character_that_a_script_may_need(character):
    assert check(f"a{character}b") == []


def test_a_stray_character_in_the_block_counts_too():
    text = "---\ntitle: T\nplace: New\u00adDelhi\n---\nText.\n"
    assert [("\u00ad", "a soft hyphen in the text")] == [
        (mark, message) for mark, message, _ in reports(text)
    ]


# References


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[a][b]", [(4, 1)]),
        ("x [a][]", [(4, 3)]),
        ("[a][b] and [c][b]", [(4, 1), (4, 12)]),
        ('["a" b][c]', [(4, 1)]),
        ("[*a*][c]", [(4, 1)]),
        ("[a\nb][c]", [(4, 1)]),
        ("![a][b]", [(4, 2)]),
        ("[a [b] c][d]", []),
        ("Text.[^1]\n\n[^1]: [a][b].", [(6, 7)]),
    ],
)
def test_a_reference_that_nothing_defines(text, expected):
    found = [place for place in check(text) if place[0] == "link-reference-undefined"]
    assert [("link-reference-undefined", *place) for place in expected] == found


@pytest.mark.parametrize(
    "text",
    [
        "[a][b]\n\n[b]: https://example.org",
        "[a][B]\n\n[b]: https://example.org",
        "[b][]\n\n[b]: https://example.org",
        "`[a][b]`",
        "```\n[a][b]\n```",
        "    [a][b]",
        "\\[a][b]",
        "[a] [b]",
        "A[^1][^2].\n\n[^1]: A.\n\n[^2]: B.",
        "<!-- [a][b] -->",
        "x[ ][1]",
    ],
)
def test_what_is_no_undefined_reference(text):
    assert check(text) == []


# Lists


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("- a\n  - b", (5, 3)),
        ("- a\n\n  - b", (6, 3)),
        ("1. a\n   - b", (5, 4)),
        ("1. a\n   1. b", (5, 4)),
        ("- a\n    - b\n      - c", (6, 7)),
        ("Text:\n- a\n- b", (5, 1)),
        ("Text:\n1. a", (5, 1)),
        ("1) a", (4, 1)),
        ("1. a\n- b", (5, 1)),
        ("- a\n1. b", (5, 1)),
        ("- a\n\nText\n* b", (7, 1)),
    ],
)
def test_a_list_that_github_shows_and_memobook_does_not(text, place):
    assert ("list-flattened", *place) in check(text)


@pytest.mark.parametrize(
    "text",
    [
        "- a\n- b\n- c",
        "- a\n    - b\n        - c\n    - d\n- e",
        "- a\n\n    - b\n\n    more\n\n- c",
        "1. a\n    - b\n2. c",
        "- a\n\n1. b",
        "Text:\n\n- a",
        "- a\n  lazy text\n- b",
        "## Heading\n- a",
        "Text - with\nhyphens - inside",
        "Text in\n1970. And more",
        "- a\n\nText.\n\n- b\n    - c",
        "```\nText:\n- a\n  - b\n```",
        "10. a\n11. b",
        "> Text\n>\n> - a",
        "---",
        "- a\n\n\n- b",
    ],
)
def test_a_list_that_is_one(text):
    assert "list-flattened" not in [code for code, *_ in check(text)]


@pytest.mark.parametrize(
    ("text", "mark", "hint"),
    [
        ("# T\n\n- a\n  - b", "-", "begin the line with 4 spaces"),
        ("# T\n\n- a\n    - b\n      * c", "*", "begin the line with 8 spaces"),
        ("# T\n\nText:\n- a", "-", "put an empty line above it"),
        ("# T\n\n12) a", "12)", "write 12. instead of 12)"),
    ],
)
def test_the_hint_for_a_list_says_what_to_write(text, mark, hint):
    assert [(mark, hint)] == [(found, said) for found, _, said in reports(text)]


# HTML


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a <b>c", [(4, 3)]),
        ("a </b>c", [(4, 3)]),
        ("a <b>c <i>d</b>", [(4, 8)]),
        ("<div>\n\ntext", [(4, 1)]),
        ("a <b title='x > y'>c", [(4, 3)]),
        ("a\n<!-- b", [(5, 1)]),
        ("<B>x</b> <I>y", [(4, 10)]),
        ("<em\nid='x'>text", [(4, 1)]),
        ("`code` <b>x", [(4, 8)]),
    ],
)
def test_an_element_that_is_open_or_closes_nothing(text, expected):
    assert [("html-unclosed", *place) for place in expected] == check(text)


@pytest.mark.parametrize(
    "text",
    [
        "a <b>c</b>",
        "a <br> b <br/> <img src='x.png' alt='x'>",
        "<p>one\n<p>two",
        "<ul><li>a<li>b</ul>",
        "<table><tr><td>a</table>",
        "a < b and c > d",
        "a <3 b",
        "5<x",
        "<https://example.org> <a@example.org>",
        "[a](<https://example.org/x>) ![b](<my b.png>)",
        "[r][r]\n\n[r]: <https://example.org>",
        "`<b>` and ``<i> ` ``",
        "`two\nlines <b>`",
        "```html\n<div>\n```",
        "    <div>",
        "Text.\n\n\t<div>\n\n    <p>",
        "<!-- <div> -->",
        "<svg><path/></svg>",
    ],
)
def test_html_that_is_whole(text):
    assert check(text) == []


@pytest.mark.parametrize("text", ["<?php x ?>", "<![CDATA[x]]>", "<!DOCTYPE html>"])
def test_what_is_no_element_is_refused(text):
    assert [("html-not-allowed", 4, 3)] == check(f"a {text} b")


def test_code_in_a_list_is_no_excuse_for_html():
    assert [("html-unclosed", 6, 5)] == check("- a\n\n    <b>c")


# Titles


def test_two_memos_with_one_title():
    reporter = Reporter()
    memos = (parsed("A."), parsed("B.", "manuscript/b.md"))
    lint_titles(memos, reporter)
    (found,) = reporter
    assert (found.code.value, found.span) == (
        "title-duplicate", Span("manuscript/b.md", 2, 8, 1),
    )  # fmt: skip
    assert found.message == "“T” is the title of manuscript/a.md, too"


def test_good_prose_has_no_fault():
    text = (
        "## The “Artemis” Accords\n\nIndia—after *long* talks—signed in 2023.[^1] See\n"
        "[the text](https://example.org/a_(b)?c=d&e=f \"A title\"), e.g. `a < b`.\n\n"
        "> A quote\n> of two lines.\n\n1. One\n2. Two\n    - nested\n\n"
        "| a | b |\n|---|---|\n| 1 | 2 |\n\n"
        "```c\nif (a < b) { x[i][j]; }\n```\n\n[^1]: A note, [too](https://example.org).\n"
    )  # fmt: skip
    assert check(text) == []
