"""What nests without end is told with its place, and before it takes hours."""

import pytest

from memobook.book.depth import deepest_tag, too_deep
from memobook.book.model import Source
from memobook.book.parse import parse_memo
from memobook.diagnostics import Reporter

# What takes Python-Markdown seconds or for ever, and where it is refused?
ABSURD = [
    ("[" * 10_000, 101),
    ("![" * 10_000, 202),
    ("[a](" * 10_000, 403),
    ("[a](<" * 10_000, 503),
    ("[^" * 10_000, 201),
    ("[@" * 10_000, 201),
    ("[" * 5_000 + "]" * 5_000, 101),
    ("<a " * 10_000, 301),
    ("<http" * 10_000, 501),
    ("<?" * 10_000, 201),
    ("<![CDATA[" * 10_000, 453),
    ("> " * 10_000 + "x", 1),
    (">" * 10_000 + "x", 1),
    ("> " * 30 + "x", 1),
    ("> - " * 10_000 + "x", 1),
    ("- " * 10_000 + "x", 1),
    ("* " * 10_000 + "x", 1),
    ("1. " * 10_000 + "x", 1),
    ("Term\n: " + ": " * 10_000 + "x", 1),
]


@pytest.mark.parametrize(("text", "column"), ABSURD, ids=[t[:12] for t, _ in ABSURD])
def test_an_absurd_text_is_refused_where_it_is_so(text: str, column: int) -> None:
    reporter = Reporter()
    parse_memo(Source("a.md", f"# A\n\nGood.\n\n{text}\n"), "en", reporter)
    line = 5 + text.count("\n")
    found = [(d.code.value, d.span.line, d.span.column) for d in reporter]
    assert ("markdown-too-deep", line, column) in found
    assert all(d.hint for d in reporter)


def test_lists_that_are_nested_without_end_are_refused():
    lines = ["    " * level + "- x" for level in range(400)]
    found = too_deep(lines, "a.md")
    assert found is not None
    assert (41, 161) == (found[0].line, found[0].column)


@pytest.mark.parametrize(
    "text",
    [
        "- " * 40,
        "* * * " * 20,
        "-" * 500,
        "> " * 12 + "x",
        "- " * 39 + "x",
        "\\[" * 500,
        "[a](b) " * 2_000,
        "[a\n\n" * 500,
        "<b>x</b> " * 2_000,
        "a < b " * 2_000,
        "`" + "[" * 500 + "`",
        "    " + "[" * 500,
        "|" + " - |" * 100,
        "1. " + "a. b. " * 100,
    ],
)
def test_what_only_looks_so_is_read(text: str) -> None:
    reporter = Reporter()
    parse_memo(Source("a.md", f"# A\n\n{text}\n"), "en", reporter)
    assert "markdown-too-deep" not in [d.code.value for d in reporter]


def test_a_long_line_of_signs_is_looked_at_once():
    assert too_deep(["-    " * 39 + " " * 20_000 + "x"], "a.md") is None
    assert too_deep(["> - 1.   " * 12 + "x" * 20_000], "a.md") is None


def test_the_deepest_tag_is_found():
    assert deepest_tag(["<div><p>x", "<b></b></div>", "<i/><div>"], "a.md") is not None
    place = deepest_tag(["a <div>", "  <div><p><p><p>"], "a.md")
    assert place is not None
    assert (2, 3) == (place.line, place.column)
    assert deepest_tag(["no tag", "<br><br/>"], "a.md") is None
