"""`--untrusted`, `--trusted`, and `memobook trust`: who is believed by whom."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from memobook.cli import app
from memobook.cli.trusting import trust_of
from memobook.project.trust import TRUSTED, UNTRUSTED, trusted_folders
from tests.harness import make

# What only a trusted project may do.
FILES: dict[str, str | bytes] = {
    "manuscript/a.md": "# A\n\nText.\n",
    "styles/print.css": "@import 'more.css';\n",
    "styles/more.css": "p { color: #123456 }\n",
}


@pytest.fixture(autouse=True)
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("COLUMNS", "200")


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return make(tmp_path / "shelf" / "book", FILES)


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [*map(str, arguments)])


def refuses(*arguments: str | Path) -> bool:
    """Tell whether a command refuses what only a trusted project may do."""
    done = run(*arguments, "--message-format", "short")
    said = done.stderr + done.stdout
    assert ("@import has no place here" in said) == (done.exit_code != 0), said
    return done.exit_code != 0


def test_one_project_is_believed_unless_it_is_said_to_be_a_strangers(book):
    check = ("check", book, "--no-validators")
    assert not refuses(*check)
    assert refuses(*check, "--untrusted")
    assert refuses("build", book, "--untrusted", "--format", "epub")


def test_links_of_a_stranger_are_not_named_by_what_is_outside_of_the_shelf(book):
    url = "https://example.org/"
    (book / "manuscript/a.md").write_text(f"# A\n\nA [page]({url}).\n")
    shelf, outside = book.parent / "shelf.toml", book.parent.parent / "links.toml"
    shelf.write_text(f"[shelf]\nbooks = ['*']\nlinks = '{outside}'\n")
    outside.write_text(f"['{url}']\ntitle = 'Our secret'\n")
    assert "Our secret" in run("links", book).stdout
    assert "Our secret" not in run("links", book, "--untrusted").stdout
    written = run("links", book, "--untrusted", "--write")
    assert url in (book / "manuscript/links.toml").read_text()
    assert "Our secret" not in written.stdout


def test_several_are_believed_where_the_user_has_said_so(book):
    other = make(book.parent / "other", FILES)
    check = ("check", book, other, "--no-validators")
    assert refuses(*check)
    assert not refuses(*check, "--trusted")
    assert run("trust", book.parent).exit_code == 0
    assert not refuses(*check)


def test_the_hint_of_what_is_refused_says_what_to_type(book):
    done = run("check", book, "--untrusted", "--no-validators")
    assert "if the project is your own: memobook trust" in done.stderr


def test_a_preview_believes_nobody_by_itself(book):
    assert trust_of(book, None, is_chosen=False) is UNTRUSTED
    run("trust", book.parent)
    assert trust_of(book, None, is_chosen=False) is TRUSTED
    assert trust_of(book, True, is_chosen=True) is UNTRUSTED


def test_folders_are_trusted_listed_and_taken_out(book):
    shelf = book.parent
    assert run("trust", shelf).stdout == f"{shelf} is trusted\n"
    assert run("trust", shelf).stdout == f"{shelf} is trusted already\n"
    assert run("trust").stdout == f"{shelf}\n"
    assert run("trust", "--remove", book).stdout == f"{book} is not trusted by itself\n"
    assert run("trust", "--remove", shelf).exit_code == 0
    assert trusted_folders() == ()


def test_a_folder_that_is_not_there_is_not_trusted(tmp_path):
    done = run("trust", tmp_path / "none")
    assert done.exit_code == 2
    assert "there is no folder" in done.stderr


def test_what_a_stranger_made_is_not_taken_for_ones_own(book):
    """Nothing has changed, but it is believed by now: it is made anew."""
    (book / "styles/print.css").write_text("p { color: #123456 }\n")
    built = ("build", book, "--format", "epub")
    assert run(*built, "--untrusted").exit_code == 0
    assert not (book / "build/.cache").exists()
    assert "nothing has changed" in run(*built, "--untrusted").stdout
    assert "nothing has changed" not in run(*built).stdout
