"""Addresses with a name that no link uses."""

import pytest

from memobook.book.model import Source
from memobook.book.parse import parse_memo
from memobook.diagnostics import Reporter
from tests.book.helpers import codes, parsed


def read(text: str) -> Reporter:
    """Return what is reported of a text; its first line is line 4."""
    reporter = Reporter()
    parse_memo(Source("a.md", f"---\ntitle: T\n---\n{text}"), "en", reporter)
    return reporter


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("[A  b]: c", 4, 1),
        ("Text.\n\n> [a]: <b> 'c'", 6, 3),
        ("Text.\n\n> [a\n> b]: c", 6, 3),
        ("- [a]:\n  b\n  'c'", 4, 3),
        ("Term\n:   [a]: b", 5, 5),
        ("So.[^n]\n\n[^n]: So.\n\n    [a]: b", 8, 5),
        ("`[a]: b`\n\n[a]: b", 6, 1),
        ("[a] [a][] [b][a]\n\n[a]: b\n[a]: c", 6, 1),
    ],
)
def test_an_address_that_no_link_uses_is_told_where_it_stands(text, line, column):
    assert [("link-definition-unused", line, column)] == codes(read(text))


def test_the_title_is_told_and_the_name_as_it_is_written():
    (found,) = read("Text.\n\n[My  Law]: b (Of the land)")
    assert "[My Law]" in found.message
    assert "“Of the land”" in found.message
    assert "[My Law]" in found.hint


@pytest.mark.parametrize(
    "text",
    [
        "[a]\n\n[A]: https://example.org/b",
        "![c][a]\n\n[a]: b.png 'C'",
        "So.[^n]\n\n[^n]: Of [a].\n\n[a]: https://example.org/b",
        "[a]\n\n[a]: https://example.org/b 'c'\n\n> [a]: https://example.org/b 'c'",
        "Text.\n\n[//]: # (a remark)\n[//]: # (another)\n[x]: <> (a third)",
    ],
)
def test_an_address_that_is_used_and_a_remark_are_not_told(text):
    parsed(text)
