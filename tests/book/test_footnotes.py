"""An author's footnotes: taken out of the text, and each one called."""

import pytest

from memobook.book.model import Source
from memobook.book.parse import parse_memo
from memobook.book.tree import serialize
from memobook.diagnostics import Reporter
from tests.book.helpers import codes, parsed


def read(text: str) -> list[tuple[str, int, int]]:
    """Return what is wrong with a text; its first line is line 4."""
    reporter = Reporter()
    parse_memo(Source("a.md", f"---\ntitle: T\n---\n{text}"), "en", reporter)
    return codes(reporter)


def notes(text: str) -> dict[str, str]:
    return {name: serialize(n.children) for name, n in parsed(text).footnotes}


def test_a_footnote_leaves_a_call_without_a_number():
    text = "A claim.[^a]\n\n[^a]: Its *source*."
    expected = '<p>A claim.<a class="call" data-note="a"></a></p>'
    assert expected == serialize(parsed(text).body.children).strip()
    assert {"a": "<p>Its <em>source</em>.</p>"} == notes(text)


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        ("One.\n\n    Two.", "<p>One.</p><p>Two.</p>"),
        ("One:\n\n    - a\n    - b", "<p>One:</p><ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("\n    One.", "<p>One.</p>"),
        ("a < b & c\xa0", "<p>a &lt; b &amp; c</p>"),
        ("```\n    code\n    ```", "<p><code>code</code></p>"),
        ("See [it](https://e.org).", '<p>See <a href="https://e.org">it</a>.</p>'),
    ],
)
def test_a_footnote_keeps_its_blocks(note, expected):
    assert {"a": expected} == notes(f"Text.[^a]\n\n[^a]: {note}")


def test_footnotes_come_in_the_order_of_their_definitions():
    assert ["b", "a"] == list(notes("T[^a][^b].\n\n[^b]: B.\n\n[^a]: A."))


def test_a_note_can_be_called_twice():
    memo = parsed("One[^a] two[^a].\n\n[^a]: A.")
    assert serialize(memo.body.children).count('data-note="a"') == 2


@pytest.mark.parametrize(
    "name", ["1", "source", "a-b_c", "ä", "a:b", "two words", '"q"']
)
def test_a_footnote_may_have_any_name(name):
    text = f"Text.[^{name}]\n\n[^{name}]: A note."
    assert [name] == list(notes(text))


def test_a_call_in_a_link_stands_behind_it():
    memo = parsed("[te*xt[^a]*](https://e.org) z\n\n[^a]: A.")
    expected = (
        '<p><a href="https://e.org">te<em>xt</em></a>'
        '<a class="call" data-note="a"></a> z</p>'
    )
    assert expected == serialize(memo.body.children).strip()


# What is wrong


def test_a_footnote_that_nothing_defines():
    assert [("note-undefined", 4, 6)] == read("Text.[^a]")
    assert [("note-undefined", 6, 9)] == read("Text.[^a]\n\n[^a]: A.[^c]")[:1]


def test_every_call_of_an_undefined_footnote_is_reported():
    expected = [("note-undefined", 4, 2), ("note-undefined", 5, 7)]
    assert expected == read("A[^x]\n> *b* [^x]")
    # Carets make superscripts of these; still the brackets are no footnotes.
    expected = [("note-undefined", 4, 2), ("note-undefined", 4, 6)]
    assert expected == read("A[^x][^y]")


@pytest.mark.parametrize(
    "text",
    [
        "`[^a]`",
        "``a ` [^a]``",
        "`two\nlines [^a]`",
        "```\n[^a]\n```",
        "    [^a]",
        "\\[^a]",
        "<!-- [^a] -->",
        "x^2^ [a]",
    ],
)
def test_what_is_no_call_is_not_reported(text):
    assert read(f"Text.\n\n{text}") == []


def test_a_near_miss_is_suggested():
    reporter = Reporter()
    text = "# T\n\nA.[^sorce] B.[^source] C.[^x]\n\n[^source]: S."
    parse_memo(Source("a.md", text), "en", reporter)
    hints = [d.hint for d in reporter]
    assert hints == ["did you mean [^source]?", "add a line `[^x]: ...`"]


def test_a_footnote_that_is_never_called():
    assert [("note-unused", 6, 1)] == read("Text.\n\n[^a]: A.")


@pytest.mark.parametrize("before", [":   ", "- > ", "> 1. ", "- - ", ">> "])
def test_a_footnote_in_a_block_that_is_never_called(before):
    found = read(f"Term\n\n{before}[^a]: A.")
    assert [("note-unused", 6, len(before) + 1)] == found


def test_a_footnote_that_only_calls_itself():
    assert [("note-unused", 6, 1)] == read("Text.\n\n[^a]: A.[^a]")


def test_a_footnote_that_is_called_in_a_footnote_is_another_fault():
    assert read("Text.[^a]\n\n[^a]: A.[^b]\n\n[^b]: B.") == []


def test_a_footnote_that_is_written_twice():
    text = "Text.[^a]\n\n[^a]: A.\n\n[^a]: Again.\n\n  [^a]: And again."
    assert [("note-duplicate", 8, 1), ("note-duplicate", 10, 3)] == read(text)


def test_a_footnote_in_a_footnote():
    # Python-Markdown raises an exception for the second text, and not for the first.
    last = "Text.[^a]\n\n[^a]: A.\n    [^b]: B."
    assert [("note-nested", 7, 5)] == read(last)
    assert [("note-nested", 7, 5)] == read(f"{last}\n\n[^c]: C.")


def test_a_footnote_that_another_one_begins_with():
    text = "Text.[^a]\n\n> [^a]: [^b]: B."
    # Python-Markdown raises an exception for the second text, and not for the first.
    assert ("note-nested", 6, 9) in read(text)
    assert ("note-nested", 6, 9) in read(f"{text}\n\n[^c]: C.")


@pytest.mark.parametrize("signs", ["<!-- {} -->", "`{}\n\n    `"])
def test_a_footnote_in_the_last_one_that_the_eye_takes_for_no_text(signs):
    text = "Text.[^a]\n\n[^a]: " + signs.format("A.\n\n    [^b]: B.")
    assert [("note-nested", 8, 5)] == read(text)


def test_a_footnote_in_a_footnote_that_a_tab_indents():
    text = "Text.[^a]\n\n[^a]: A.\n\n\t[^b]: B.\n\n[^c]: C."
    assert ("note-nested", 8, 2) in read(text)


def test_a_footnote_in_raw_html_is_none():
    assert [("note-nested", 7, 1)] == read("Text.[^a]\n\n<div>\n[^a]: A.\n</div>")


def test_a_footnote_without_text():
    assert [("note-undefined", 6, 1)] == read("Text.[^a]\n\n[^a]:")


@pytest.mark.parametrize("prefix", ["> ", "- ", "1. "])
def test_a_footnote_may_be_written_in_a_quote_or_a_list(prefix):
    text = f"Text.[^a]\n\n{prefix}[^a]: A."
    assert {"a": "<p>A.</p>"} == notes(text)
    assert read(text) == []
