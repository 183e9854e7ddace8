"""What is written into the registry can be read back, and nothing else changes."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memobook.diagnostics import Reporter
from memobook.project.located import Located, read_toml
from memobook.weblinks.archives import Copy
from memobook.weblinks.writing import NewEntry, with_copies, with_entries

URL = "https://example.org/"
COPY = Copy("https://archive.example/1", dt.date(2025, 5, 4))
ADDED = {"archive": COPY.address, "archived": COPY.date}


def located(text: str) -> Located:
    found = read_toml(text, "manuscript/links.toml", Reporter())
    assert found is not None
    return found


def may_stand(sign: str) -> bool:
    """Tell whether XML has a character: none for control, none that is no character."""
    return sign >= " " and sign not in "\ufffe\uffff"


@given(st.text(), st.text(min_size=1), st.dates())
def test_a_new_table_is_read_as_it_was_meant(path, title, day):
    text = "# Mine\n"
    made = with_entries(text, (NewEntry(URL + path, title, day, COPY),))
    assert made.startswith(text)
    title = "".join(sign for sign in title if sign in "\t\n\r" or may_stand(sign))
    expected = {"title": title, "accessed": day, **ADDED}
    expected = {key: value for key, value in expected.items() if value}
    assert located(made).data == {URL + path: expected}


def test_a_table_of_which_nothing_is_known_says_what_it_may_hold():
    made = with_entries("# Mine", (NewEntry(URL),))
    assert made == f'# Mine\n\n["{URL}"]\n# title = ""\n# publisher = ""\n'


TABLES = {
    "plain": f'["{URL}"]\ntitle = "A"  # mine\n',
    "empty": f'["{URL}"]\n',
    "at the end": f'["{URL}"]\ntitle = "A"',
    "long": f'["{URL}"]\ntitle = """\nA\nB"""\n',
    "long and last": f'# 1\n\n["{URL}"] # 2\npublisher = "P"\ntitle = """\nA\n"""\n# 3\n',
    "before another": f'["{URL}"]\ntitle = "A"\n\n# Other\n["https://b.example"]\n',
    "odd signs": f'["{URL}"]\ntitle = "A\u2028B\u0085C"\npublisher = "P"\n',
}


@pytest.mark.parametrize("name", TABLES)
def test_a_copy_is_written_into_a_table(name):
    text = TABLES[name]
    made = with_copies(located(text), {URL: COPY})
    before = located(text).data
    assert located(made).data == {**before, URL: {**before[URL], **ADDED}}
    rest = iter(made.split("\n"))
    assert all(line in rest for line in text.rstrip("\n").split("\n"))


def test_a_table_in_braces_stays_as_it_is():
    text = f'"{URL}" = {{ title = "A" }}\n'
    assert with_copies(located(text), {URL: COPY}) == text
