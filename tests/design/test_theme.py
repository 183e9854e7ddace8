"""The look of a book: what of it is settled before a page is laid out."""

from pathlib import Path

import pytest

from memobook.design.theme import Theme, load_theme
from memobook.diagnostics import Reporter
from memobook.project.config import load
from memobook.project.files import Files
from tests.harness import make

MEMO = {"manuscript/a.md": "# A\n\nText.\n"}
STYLE = "[style]\naccent = '#123456'\nleading = 12\n"


def theme(root: Path, files: dict[str, str]) -> Theme:
    make(root, {**MEMO, **files}, STYLE)
    reporter = Reporter()
    project = load(Files(root), reporter)
    assert project is not None
    return load_theme(project, Files(root), reporter)


def builtin(found: Theme) -> str:
    (text,) = (s.text for s in found.print_sheets if s.path == "memobook/print.css")
    return text


def test_tokens_have_their_values_where_the_built_in_sheet_uses_them(tmp_path):
    text = builtin(theme(tmp_path, {}))
    assert "#123456" in text
    assert "var(" not in text


@pytest.mark.parametrize(
    "files",
    [
        {"styles/print.css": ".callout { --accent: red }"},
        {"styles/print.css": ":root{--accent:red}"},
        {"styles/imprint.html.j2": '<p style="--accent: red">x</p>'},
    ],
    ids=["rule", "root", "template"],
)
def test_a_token_that_the_project_sets_itself_stays_a_variable(tmp_path, files):
    text = builtin(theme(tmp_path, files))
    assert "var(--accent)" in text
    assert "var(--ink)" not in text


def test_a_token_that_the_project_only_uses_has_its_value(tmp_path):
    text = builtin(theme(tmp_path, {"styles/print.css": "p { color: var(--accent) }"}))
    assert "var(--accent)" not in text


def test_what_is_derived_from_a_token_stays_a_variable_with_it(tmp_path):
    text = builtin(theme(tmp_path, {"styles/print.css": "p { --leading: 9pt }"}))
    assert "--half: calc(var(--leading) / 2)" in text
    assert "var(--half)" in text
    assert "var(--small)" not in text
