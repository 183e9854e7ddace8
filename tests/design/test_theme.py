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


def test_a_font_s_name_stays_a_name(tmp_path):
    named = "[style]\ntext_font = 'x\"; } @import url(//e); p { a: b '\n"
    make(tmp_path, MEMO, named)
    project = load(Files(tmp_path), Reporter())
    assert project is not None
    tokens = load_theme(project, Files(tmp_path), Reporter()).tokens
    assert tokens["--text-font"].startswith(
        '"x\\22 ; } @import url(//e); p { a: b ", "'
    )


# A shelf's styles

SHELF = {
    "../shelf.toml": "[shelf]\nbooks = ['*']\nstyles = 'house'\n",
    "../house/print.css": "p { color: red }",
    "../house/imprint.html.j2": "{% block text %}house{% endblock %}",
    "../house/part.html.j2": "only the house's",
}


def test_the_sheets_of_a_shelf_come_before_the_project_s_own(tmp_path):
    own = {"styles/print.css": "p { color: blue }"}
    sheets = theme(tmp_path / "book", {**SHELF, **own}).print_sheets
    assert [s.path for s in sheets if not s.is_builtin] == [
        "@shelf/styles/print.css",
        "styles/print.css",
    ]


def test_a_project_can_take_a_template_of_its_shelf_and_change_a_block(tmp_path):
    own = {
        "styles/imprint.html.j2": (
            "{% extends 'shelf/imprint.html.j2' %}"
            "{% block text %}{{ super() }}, and more{% endblock %}"
        )
    }
    found = theme(tmp_path / "book", {**SHELF, **own})
    assert found.has_own_templates
    reporter = Reporter()
    assert found.render("imprint.html.j2", reporter) == "house, and more"
    assert found.render("part.html.j2", reporter) == "only the house's"
    assert reporter.diagnostics == ()


def test_a_project_on_no_shelf_has_none_of_it(tmp_path):
    other = {**SHELF, "../shelf.toml": "[shelf]\nbooks = ['other']\nstyles = 'house'\n"}
    found = theme(tmp_path / "book", other)
    assert not found.has_own_templates
    assert all(sheet.is_builtin for sheet in found.print_sheets)
