"""Settings that know their place: TOML and YAML, every key and value."""

import pytest

from memobook.diagnostics import Code, Reporter, Span
from memobook.project.located import Located, read_toml
from memobook.project.yamlblock import read_yaml
from tests.book.helpers import codes


def toml(text: str) -> Located:
    reporter = Reporter()
    located = read_toml(text, "book.toml", reporter)
    assert reporter.diagnostics == ()
    assert located
    return located


def yaml(text: str) -> Located:
    reporter = Reporter()
    located = read_yaml(text, "a.md", 2, reporter)
    assert reporter.diagnostics == ()
    assert located
    return located


def place(span: Span) -> tuple[int, int, int]:
    return span.line, span.column, span.length


TOML = """\
[book]
title = "Süß"  # a comment
"sub title" = 'x'
names = [
    "é", { name = "ñ", role = 1 },  # two
]
pdf.paper.size = "a4"
more = { a = "ü", b = { c = 2 } }

[[people]]
name = "One"
[[people]]
name = "Two"
"""


@pytest.mark.parametrize(
    ("path", "key", "value"),
    [
        (("book",), (1, 2, 4), (1, 1, 6)),
        (("book", "title"), (2, 1, 5), (2, 9, 5)),
        (("book", "sub title"), (3, 1, 11), (3, 15, 3)),
        (("book", "names"), (4, 1, 5), (4, 9, 1)),
        (("book", "names", 0), (5, 5, 3), (5, 5, 3)),
        (("book", "names", 1), (5, 10, 24), (5, 10, 24)),
        (("book", "names", 1, "role"), (5, 24, 4), (5, 31, 1)),
        (("book", "pdf", "paper", "size"), (7, 1, 14), (7, 18, 4)),
        (("book", "more", "b", "c"), (8, 25, 1), (8, 29, 1)),
        (("people", 0, "name"), (11, 1, 4), (11, 8, 5)),
        (("people", 1, "name"), (13, 1, 4), (13, 8, 5)),
    ],
)
def test_keys_and_values_of_toml_know_their_places(path, key, value):
    located = toml(TOML)
    assert (key, value) == (place(located.key(path)), place(located.value(path)))


def test_what_is_not_there_has_the_place_of_what_is_above_it():
    located = toml(TOML)
    assert place(located.key(("book", "language"))) == (1, 2, 4)
    assert place(located.value(("people", 1, "role", 3))) == (12, 1, 10)
    assert located.key(("style", "ink")) == Span("book.toml")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("title = A", ("config-syntax", 1, 9)),
        ("a = 1\n[book\nb = 2", ("config-syntax", 2, 6)),
        ("a = 1\n  a = 2\nb = 3", ("config-syntax", 2, 3)),
        ("[a]\nb = 1\n[a]\nc = 1", ("config-syntax", 3, 1)),
        ('é = 1\nü = "x', ("config-syntax", 1, 1)),
        ('x = "é\ny = 1', ("config-syntax", 1, 7)),
        ("x = " + "[" * 2000, ("config-syntax", 0, 0)),
        ("d = 2025-02-30", ("config-bad-date", 1, 5)),
        ("  date =  2025-6-9 # soon", ("config-bad-date", 1, 11)),
        ("date = 2025-13-01", ("config-bad-date", 1, 8)),
        ("x = 2025-06-09T25:00:00", ("config-syntax", 1, 15)),
    ],
)
def test_a_mistake_of_toml_has_its_place(text, expected):
    reporter = Reporter()
    read_toml(text, "book.toml", reporter)
    assert [expected] == codes(reporter)


def test_a_bad_date_does_not_hide_the_rest():
    reporter = Reporter()
    located = read_toml("a = 2025-02-30\nb = 2025-99-99\nc = 1", "b.toml", reporter)
    assert [("config-bad-date", 1, 5), ("config-bad-date", 2, 5)] == codes(reporter)
    assert located
    assert located.data["c"] == 1


# YAML


YAML = """\
title: Süß
"place": 'x y'
authors:
  - Ann
  - name: Bob
    sort: "B, ob"
key_points: [é, b]
abstract: |
  One.
"""


@pytest.mark.parametrize(
    ("path", "key", "value"),
    [
        (("title",), (2, 1, 5), (2, 8, 3)),
        (("place",), (3, 1, 5), (3, 10, 3)),
        (("authors",), (4, 1, 7), (5, 3, 0)),
        (("authors", 0), (5, 5, 3), (5, 5, 3)),
        (("authors", 1, "sort"), (7, 5, 4), (7, 11, 5)),
        (("key_points", 1), (8, 17, 1), (8, 17, 1)),
        (("abstract",), (9, 1, 8), (9, 11, 5)),
    ],
)
def test_keys_and_values_of_yaml_know_their_places(path, key, value):
    located = yaml(YAML)
    assert (key, value) == (place(located.key(path)), place(located.value(path)))


def test_scalars_of_yaml_stay_strings():
    data = yaml("a: no\nb: 010\nc: 12:30\nd: 2025-06-09\ne:\nf: ~\n").data
    assert data == {
        "a": "no", "b": "010", "c": "12:30", "d": "2025-06-09", "e": "", "f": "~",
    }  # fmt: skip


def test_an_escape_of_no_character_is_a_mistake_of_the_block():
    reporter = Reporter()
    assert read_yaml(r'title: "\U00110000"', "a.md", 2, reporter) is None
    (found,) = reporter.diagnostics
    assert (found.code, found.span) == (Code.BLOCK_NOT_YAML, Span("a.md", 2))


@pytest.mark.parametrize("text", ["", "\n", "# only a comment\n"])
def test_an_empty_block_has_no_keys(text):
    assert yaml(text).data == {}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("title: a: b", (2, 9)),
        ("a: b\n\tc: d", (3, 1)),
        ("é: 'x", (2, 6)),
        ("- a", (2, 1)),
        ("just words", (2, 1)),
        ("a: &x 1\nb: *x", (2, 4)),
        ("a: 1\na: 2", (3, 1)),
        ("a: 1\nb: \x01", (3, 4)),
        ("? [a]\n: b", (2, 3)),
        ("a: @b", (2, 4)),
        ("- " * 3000, (2, 41)),
        ("a: {b: [c}", (2, 10)),
    ],
)
def test_a_mistake_of_yaml_has_its_place(text, expected):
    reporter = Reporter()
    read_yaml(text, "a.md", 2, reporter)
    assert [("block-not-yaml", *expected)] == codes(reporter)
    assert all("\n" not in d.message for d in reporter)


# Places inside values


@pytest.mark.parametrize(
    ("text", "value", "at", "expected"),
    [
        ("x: See it here", "See it here", (1, 5, 2), (2, 8, 2)),
        ('x: "See it"', "See it", (1, 5, 2), (2, 9, 2)),
        ("x: a it it", "a it it", (1, 6, 2), (2, 9, 2)),
        ("x: |\n  One.\n  See it.\n", "One.\nSee it.\n", (2, 5, 2), (4, 7, 2)),
        ("x: >\n  One\n  see it.\n", "One see it.\n", (1, 9, 2), (4, 7, 2)),
        ('x: "a\\u0020it"', "a it", (1, 3, 2), (2, 12, 2)),
        # An escape differs from what it stands for: the whole value is meant.
        ('x: "s\\u00fc\\u00df"', "süß", (1, 1, 3), (2, 4, 3)),
        ("x: it", "it", (0, 0, 0), (2, 4, 2)),
        ("y: it\nx: it", "it", (1, 1, 2), (3, 4, 2)),
    ],
)
def test_a_place_in_a_value_is_a_place_in_the_file(text, value, at, expected):
    located = yaml(text)
    assert located.data["x"] == value
    assert expected == place(located.inside(("x",), value, Span("a.md", *at)))


def test_a_place_in_a_text_of_several_lines_of_toml():
    text = 'a = 1\nx = """\nOne.\nSee ü it.\n"""\n'
    found = toml(text).inside(("x",), "One.\nSee ü it.\n", Span("b", 2, 7, 2))
    assert place(found) == (4, 7, 2)
