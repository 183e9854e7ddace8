"""`memobook build` of many books: what it builds, tells, and ends with."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from memobook.cli import app
from memobook.project.trust import trust
from tests.benchmarks.scenarios import one_word
from tests.harness import HARD, ROOT, copy, make

GOOD = {"manuscript/one.md": "# One\n\nA [link](https://example.org/one).\n"}
BAD = {"manuscript/one.md": "# One\n\nSee [another](none.md).\n"}
HEAD = ["book", "result", "pages", "notes", "seconds", "errors", "warnings"]


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, shared_cache: Path) -> None:
    monkeypatch.setenv("MEMOBOOK_CACHE", str(shared_cache))
    monkeypatch.setenv("COLUMNS", "200")


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["build", *map(str, arguments)])


def shelf(folder: Path, books: dict[str, dict[str, str]], text: str = "") -> Path:
    for name, files in books.items():
        make(folder / name, files)
    (folder / "shelf.toml").write_text(f"[shelf]\nbooks = ['*']\n{text}\n")
    return folder


def rows(result: Result) -> list[list[str]]:
    """Return the table's rows without their seconds."""
    head, *lines = (line.split() for line in result.stdout.splitlines()[:-1])
    assert head == HEAD
    return [line[:2] for line in lines]


def test_all_books_of_a_shelf_are_built_and_told_in_one_table(tmp_path, monkeypatch):
    monkeypatch.chdir(shelf(tmp_path, {"b": GOOD, "a": GOOD}))
    result = run("--format", "epub")
    assert (result.exit_code, result.stderr) == (0, "")
    assert rows(result) == [["a", "built"], ["b", "built"]]
    assert result.stdout.splitlines()[-1].startswith("2 books, 2 built, in ")
    assert (tmp_path / "a/build/a-small-book.epub").is_file()


def test_one_book_that_fails_stops_no_other_and_the_exit_code_tells(tmp_path):
    folder = shelf(tmp_path, {"a": GOOD, "bad": BAD, "c": GOOD})
    result = run(folder, "--format", "epub", "--message-format", "short")
    assert result.exit_code == 1
    assert [row[1] for row in rows(result)] == ["built", "failed", "built"]
    place = f"{folder}/bad/manuscript/one.md:3:15: error[link-target-missing]"
    assert [line.split(": no")[0] for line in result.stderr.splitlines()] == [place]


def test_the_full_format_shows_the_line_of_the_book(tmp_path):
    result = run(shelf(tmp_path, {"a": GOOD, "bad": BAD}), "--format", "epub")
    assert "    3 | See [another](none.md).\n" in result.stderr


def test_what_a_shell_brings_and_is_no_book_is_left_out(tmp_path):
    folder = shelf(tmp_path, {"a": GOOD, "b": GOOD})
    (folder / "shelf.toml").unlink()
    (folder / "house").mkdir()
    (folder / "README.md").write_text("A shelf.\n")
    (folder / "other.toml").write_text("")
    result = run(*sorted(folder.iterdir()), "--format", "epub")
    assert result.exit_code == 0
    assert result.stderr.splitlines() == [
        f"{folder}/house is no book and left out",
        f"{folder}/other.toml is no book and left out",
    ]
    assert len(rows(result)) == 2


def test_a_pattern_is_meant_also_where_the_shell_knows_none(tmp_path, monkeypatch):
    monkeypatch.chdir(shelf(tmp_path, {"s/a": GOOD, "s/b": GOOD}))
    assert rows(run("s/*", "--format", "epub")) == [["s/a", "built"], ["s/b", "built"]]
    for pattern in ("none/*", "s**"):
        none = run(pattern)
        assert (none.exit_code, none.stdout) == (2, "")
        assert f"nothing fits {pattern}" in none.stderr


def test_a_shelf_has_one_name_as_its_books_look_for_it(tmp_path):
    folder = shelf(tmp_path, {"a": GOOD})
    result = run((folder / "shelf.toml").rename(folder / "all.toml"))
    assert result.exit_code == 2
    assert result.stderr.splitlines()[1] == "   hint: call it shelf.toml"


def test_a_name_that_is_not_there_is_no_book_that_is_left_out(tmp_path):
    result = run(make(tmp_path / "a", GOOD), tmp_path / "b", "--format", "epub")
    assert result.exit_code == 1
    assert "error[project-not-found]" in result.stderr


def test_a_shelf_with_a_mistake_is_told_and_nothing_is_built(tmp_path, monkeypatch):
    monkeypatch.chdir(shelf(tmp_path, {"a": GOOD}, "stiles = 'house'"))
    result = run("--message-format", "short")
    assert (result.exit_code, result.stdout) == (1, "0 books, in 0.0 s\n")
    assert result.stderr == (
        "shelf.toml:3:1: error[config-unknown-key]: unknown key shelf.stiles\n"
    )


def test_strict_is_for_every_book(tmp_path):
    warned = {
        **GOOD,
        "manuscript/book.toml": SETTINGS,
        "manuscript/left-out.md": "# L\n\nT.\n",
    }
    folder = shelf(tmp_path, {"a": GOOD, "b": warned})
    assert run(folder, "--format", "epub").exit_code == 0
    again = run(folder, "--format", "epub", "--strict")
    assert again.exit_code == 3
    assert "config-memo-unlisted" in again.stderr


SETTINGS = """[book]
title = "A Small Book"
language = "en-US"
date = 2025-06-09

[contents]
memos = ["one.md"]
"""


def test_json_has_findings_and_a_row_for_each_book(tmp_path):
    folder = shelf(tmp_path, {"a": GOOD, "bad": BAD})
    result = run(folder, "--format", "epub", "--message-format", "json")
    found, *told = map(json.loads, result.stdout.splitlines())
    assert found["path"] == f"{folder}/bad/manuscript/one.md"
    assert [(row["book"], row["result"], row["errors"]) for row in told] == [
        (f"{folder}/a", "built", 0),
        (f"{folder}/bad", "failed", 1),
    ]
    assert told[0]["outputs"] == [f"{folder}/a/build/a-small-book.epub"]


# What is built


def test_of_ten_copies_only_the_one_with_another_word_is_built(tmp_path):
    for number in range(10):
        copy(ROOT, tmp_path / f"copy-{number}")
    (tmp_path / "shelf.toml").write_text("[shelf]\nbooks = ['copy-*']\n")
    first = run(tmp_path, "--only-changed", "--message-format", "json")
    memo = tmp_path / "copy-7/manuscript/space.md"
    memo.write_text(one_word(memo.read_text("utf-8"), "plainly"), "utf-8")
    second = run(tmp_path, "--only-changed", "--message-format", "json")
    third = run(tmp_path, "--only-changed")

    assert [json.loads(line)["result"] for line in first.stdout.splitlines()] == [
        "built"
    ] * 10
    (told,) = map(json.loads, second.stdout.splitlines())
    assert (told["book"], told["result"]) == (str(tmp_path / "copy-7"), "built")
    assert third.stdout.startswith("10 books, 10 unchanged, in ")


def test_unchanged_books_are_found_without_an_engine(tmp_path):
    folder = shelf(tmp_path, {"a": GOOD, "b": GOOD})
    assert run(folder, "--format", "epub").exit_code == 0
    code = (
        "import sys\n"
        "from typer.testing import CliRunner\n"
        "from memobook.cli import app\n"
        f"r = CliRunner().invoke(app, ['build', {str(folder)!r}, '--format', 'epub'])\n"
        "assert '2 unchanged' in r.stdout, r.output\n"
        "print(sorted({'weasyprint', 'ebooklib', 'pikepdf', 'markdown', 'jinja2'}"
        " & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True
    )
    assert done.stdout == "[]\n"


def test_a_change_of_the_house_style_builds_all_books_of_the_shelf(tmp_path):
    folder = shelf(
        tmp_path, {"a": GOOD, "b": GOOD}, "styles = 'house'\nleave_out = ['house']"
    )
    trust(folder)  # as a press does, so that its books are the same ones alone
    (folder / "house").mkdir()
    sheet = folder / "house" / "epub.css"
    sheet.write_text("p { color: #123456 }\n")
    assert run(folder, "--format", "epub").exit_code == 0
    assert "2 unchanged" in run(folder, "--format", "epub").stdout
    alone = run(folder / "a", "--format", "epub")
    assert "nothing has changed" in alone.stdout
    sheet.write_text("p { color: #654321 }\n")
    assert "2 built" in run(folder, "--format", "epub").stdout


def test_fonts_and_pictures_of_the_house_are_printed(tmp_path):
    settings = "[style]\nheading_font = 'Hard Cases'\n[pdf]\npaper = 'a5'\n"
    root = make(tmp_path / "book", GOOD, settings)
    house = tmp_path / "house"
    shutil.copytree(HARD / "styles" / "fonts", house / "fonts")
    shutil.copy(HARD / "manuscript/images/rule.svg", house)
    (house / "print.css").write_text("h1 { background: url(rule.svg) }\n")
    alone = run(root, "--message-format", "short")
    assert "error[font-not-found]" in alone.stderr
    (tmp_path / "shelf.toml").write_text(
        "[shelf]\nbooks = ['book']\nstyles = 'house'\n"
    )
    result = run(root)
    assert (result.exit_code, result.stderr) == (0, "")
    (house / "rule.svg").unlink()
    again = run(root, "--message-format", "short")
    assert again.exit_code == 1
    assert "there is no file ../house/rule.svg" in again.stderr


def test_the_books_of_a_shelf_can_have_one_cache(tmp_path, monkeypatch):
    monkeypatch.delenv("MEMOBOOK_CACHE")
    folder = shelf(tmp_path, {"a": GOOD, "b": GOOD}, "cache = '.cache'")
    assert run(folder, "--format", "epub", "--trusted").exit_code == 0
    assert (folder / ".cache" / "memos").is_dir()
    assert not (folder / "a" / "build" / ".cache").exists()
    assert "nothing has changed" in run(folder / "a", "--format", "epub").stdout


@pytest.mark.skipif(sys.platform == "win32", reason="it has no process groups")
def test_ctrl_c_ends_all_and_leaves_nothing_half_done(tmp_path):
    folder = tmp_path / "shelf"
    for number in range(6):
        copy(ROOT, folder / f"copy-{number}")
    environment = {k: v for k, v in os.environ.items() if k != "MEMOBOOK_CACHE"}
    command = [
        sys.executable,
        "-m",
        "memobook",
        "build",
        "--trusted",
        *map(str, sorted(folder.iterdir())),
    ]
    process = subprocess.Popen(
        command,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
    )
    until = time.monotonic() + 60
    while not list(folder.glob("*/build/.cache/sheets/*")) and time.monotonic() < until:
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does
    out, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert (out, "Traceback" in err) == ("", False)
    halves = [
        p for p in folder.rglob(".*-*") if p.is_file() and p.parent.name == "build"
    ]
    assert halves == []
    shutil.rmtree(folder)
