"""`memobook check` and `clean` of a whole shelf."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from memobook.cli import app
from tests.harness import make

GOOD = {"manuscript/one.md": "# One\n\nA [link](https://example.org/one).\n"}
BAD = {"manuscript/one.md": "# One\n\nSee [another](none.md).\n"}


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """Return a shelf of a good book and a bad one, with a cache of their own."""
    make(tmp_path / "good", GOOD)
    make(tmp_path / "bad", BAD)
    text = "[shelf]\nbooks = ['good', 'bad']\ncache = '.cache'\n"
    (tmp_path / "shelf.toml").write_text(text)
    return tmp_path


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, list(map(str, arguments)))


def test_all_books_of_a_shelf_are_checked_with_paths_from_here(shelf, monkeypatch):
    monkeypatch.chdir(shelf)
    result = run("check", "--no-validators", "--message-format", "short")
    assert result.exit_code == 1
    assert "bad/manuscript/one.md:3:15: error[link-target-missing]" in result.output


def test_each_book_of_a_shelf_has_its_name_above_its_table(shelf):
    result = run("check", shelf, "--no-validators")
    heads = [line for line in result.stdout.splitlines() if line.startswith(str(shelf))]
    assert heads == [f"{shelf}/bad:", f"{shelf}/good: nothing is wrong"]


def test_rows_of_a_shelf_say_which_book_they_are_of(shelf):
    result = run("check", shelf, "--no-validators", "--message-format", "json")
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    books = [Path(row["book"]).name for row in rows if "check" in row]
    assert books == ["bad", "bad", "good", "good"]


def test_a_shelf_that_is_wrong_is_told_by_check_and_clean(shelf):
    (shelf / "shelf.toml").write_text("[shelf]\nbooks = ['good']\nstyle = 'x'\n")
    for command in (["check", "--no-validators"], ["clean"]):
        result = run(*command, shelf)
        assert (result.exit_code, "shelf.toml" in result.output) == (1, True)


def test_a_memo_is_of_one_project(shelf):
    result = run("check", shelf, "--memo", "one")
    assert (result.exit_code, "--memo is for one project" in result.output) == (2, True)


def test_clean_removes_what_was_made_of_a_whole_shelf(shelf):
    run("build", shelf / "good", "--format", "epub")
    assert (shelf / ".cache").is_dir()
    assert run("clean", shelf).exit_code == 0
    assert not (shelf / "good/build").exists()
    assert not (shelf / ".cache").exists()


def test_clean_of_one_book_leaves_the_cache_to_the_others(shelf):
    run("build", shelf / "good", "--format", "epub")
    assert run("clean", shelf / "good").exit_code == 0
    assert not (shelf / "good/build").exists()
    assert (shelf / ".cache").is_dir()
