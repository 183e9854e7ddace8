"""The command line: what it prints where, and with which exit code it ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from memobook.__main__ import main
from memobook.cli import app
from memobook.diagnostics import Code
from tests.harness import make

GOOD = {"manuscript/one.md": "# One\n\nA [link](https://example.org/one).\n"}
WARNED = {
    **GOOD,
    "manuscript/book.toml": """[book]
title = "A Small Book"
language = "en-US"
date = 2025-06-09

[contents]
memos = ["one.md"]
""",
    "manuscript/left-out.md": "# Left out\n\nText.\n",
}
BAD = {"manuscript/one.md": "# One\n\nSee [another](none.md) and [this](#).\n"}

SHORT = """\
manuscript/one.md:3:15: error[link-target-missing]: no memo is called none.md
manuscript/one.md:3:35: error[link-placeholder]: the link “this” leads nowhere
"""
FULL = """\
manuscript/one.md:3:15: error[link-target-missing]: no memo is called none.md
    3 | See [another](none.md) and [this](#).
      |               ^^^^^^^
   hint: did you mean one.md?

manuscript/one.md:3:35: error[link-placeholder]: the link “this” leads nowhere
    3 | See [another](none.md) and [this](#).
      |                                   ^
   hint: write its address in the parentheses, or take the brackets out

2 errors, 0 warnings
"""


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, shared_cache: Path) -> None:
    monkeypatch.setenv("MEMOBOOK_CACHE", str(shared_cache))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def process(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "memobook", *map(str, arguments)],
        cwd=cwd,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


# new


def test_new_makes_a_project_and_says_what_to_type_next(tmp_path):
    result = run("new", tmp_path / "my-first_book")

    assert result.exit_code == 0
    assert (
        f"Now type: cd {tmp_path / 'my-first_book'} && memobook build" in result.stdout
    )
    for line in result.stdout.splitlines()[:-1]:
        assert Path(line.strip()).is_file()
    text = (tmp_path / "my-first_book/manuscript/book.toml").read_text("utf-8")
    assert 'title = "My First Book"' in text


def test_new_takes_a_title_with_any_signs(tmp_path):
    result = run("new", tmp_path / "book", "--title", 'A "Book" \\ Größe')

    assert result.exit_code == 0
    assert run("check", tmp_path / "book").exit_code == 0
    text = (tmp_path / "book/manuscript/book.toml").read_text("utf-8")
    assert r'title = "A \"Book\" \\ Größe"' in text


def test_new_never_touches_a_file_that_is_there(tmp_path):
    (tmp_path / "manuscript").mkdir()
    mine = tmp_path / "manuscript" / "book.toml"
    mine.write_text("mine", encoding="utf-8")

    result = run("new", tmp_path)

    assert result.exit_code == 2
    assert result.stderr.splitlines() == [
        f"error: {mine} is there already",
        "   hint: choose a folder that does not exist yet",
    ]
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [mine]
    assert mine.read_text(encoding="utf-8") == "mine"


# build


def test_build_tells_its_outputs_and_nothing_else_in_a_pipe(tmp_path):
    root = make(tmp_path, GOOD)

    done = process("build", cwd=root)

    assert (done.returncode, done.stderr) == (0, "")
    pdf, epub, figures = done.stdout.splitlines()
    assert pdf.startswith("build/a-small-book.pdf  7 pages, ")
    assert epub.startswith("build/a-small-book.epub  ")
    assert figures.startswith("1 memo, 1 note with 1 call, ")
    assert "\x1b" not in done.stdout
    assert (root / "build/a-small-book.pdf").is_file()


def test_build_names_the_outputs_by_the_project_that_was_named(tmp_path):
    root = make(tmp_path / "book", GOOD)

    result = run("build", root, "--format", "epub")

    assert result.exit_code == 0
    assert result.stdout.startswith(f"{root}/build/a-small-book.epub  ")
    assert sorted(path.suffix for path in (root / "build").glob("*.*")) == [
        ".epub",
        ".json",
    ]


def test_build_does_nothing_if_nothing_has_changed(tmp_path):
    root = make(tmp_path, GOOD)
    first = run("build", root)
    again = run("build", root)

    assert "nothing has changed" not in first.stdout
    assert again.exit_code == 0
    assert again.stdout.splitlines()[-1].startswith("nothing has changed, in ")
    assert again.stdout.splitlines()[:2] == first.stdout.splitlines()[:2]


def test_errors_are_told_on_the_error_stream_with_exit_code_1(tmp_path):
    root = make(tmp_path, BAD)

    result = run("build", root, "--message-format", "short")

    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr == SHORT
    assert not (root / "build").exists() or list((root / "build").glob("*.*")) == []


def test_the_full_format_shows_line_place_and_hint(tmp_path):
    result = run("build", make(tmp_path, BAD))

    assert result.exit_code == 1
    assert result.stderr == FULL


def test_the_json_format_is_one_object_a_line_on_the_standard_output(tmp_path):
    result = run("build", make(tmp_path, BAD), "--message-format", "json")

    assert (result.exit_code, result.stderr) == (1, "")
    first, second = map(json.loads, result.stdout.splitlines())
    assert first == {
        "path": "manuscript/one.md",
        "line": 3,
        "column": 15,
        "length": 7,
        "severity": "error",
        "code": "link-target-missing",
        "message": "no memo is called none.md",
        "hint": "did you mean one.md?",
    }
    assert second["code"] == "link-placeholder"


def test_warnings_are_no_failure_unless_they_shall_be(tmp_path):
    root = make(tmp_path, WARNED)

    result = run("build", root)
    strict = run("build", root, "--strict")

    assert (result.exit_code, strict.exit_code) == (0, 3)
    for each in (result, strict):
        assert "warning[config-memo-unlisted]: left-out.md is not in" in each.stderr
        assert "0 errors, 1 warning" in each.stderr
        assert "a-small-book.pdf" in each.stdout


def test_the_exit_code_of_several_projects_is_the_worst_one(tmp_path):
    good, warned, bad = (
        make(tmp_path / name, files)
        for name, files in (("good", GOOD), ("warned", WARNED), ("bad", BAD))
    )

    assert run("check", good, warned).exit_code == 0
    assert run("check", "--strict", good, warned).exit_code == 3
    assert run("check", "--strict", warned, bad).exit_code == 1
    assert run("check", "--strict", bad, warned).exit_code == 1
    assert run("build", "--format", "epub", bad, good).exit_code == 1
    assert (good / "build/a-small-book.epub").is_file()


def test_a_folder_that_is_no_project_is_an_error_with_a_hint(tmp_path):
    result = run("build", tmp_path, "--message-format", "full")

    assert result.exit_code == 1
    assert "error[project-not-found]: there is no manuscript/book.toml" in result.stderr
    assert "memobook new" in result.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("build", "--format", "docx"), "there is no format docx"),
        (("build", "--jobs", "0"), "--jobs"),
        (("build", "--no-such-option"), "--no-such-option"),
        (("check", "--message-format", "xml"), "--message-format"),
        (("check", "--require", "epubcheque"), "there is no validator epubcheque"),
        (("check", "--require", "ace", "--no-validators"), "needs the validators"),
        (("explain",), "code"),
        (("publish",), "publish"),
    ],
)
def test_wrong_usage_has_exit_code_2(arguments, said, tmp_path, monkeypatch):
    monkeypatch.chdir(make(tmp_path, GOOD))

    result = run(*arguments)

    assert result.exit_code == 2
    assert said in result.stderr
    assert not (tmp_path / "build").exists()


def test_a_date_of_the_environment_that_is_none_is_wrong_usage(tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")

    result = run("build", make(tmp_path, GOOD))

    assert result.exit_code == 2
    assert result.stderr.splitlines() == [
        "error: SOURCE_DATE_EPOCH is no number of seconds",
        "   hint: unset SOURCE_DATE_EPOCH",
    ]


# check


NOT_BUILT = """\
build: info[output-not-built]: there is no finished file, so only the sources were checked
"""
VERSION = version("memobook")


def test_check_says_that_nothing_is_wrong_and_writes_nothing(tmp_path):
    root = make(tmp_path, GOOD)

    result = run("check", root)

    hint = "   hint: type: memobook check --build\n\n0 errors, 0 warnings\n"
    assert (result.exit_code, result.stderr) == (0, NOT_BUILT + hint)
    assert result.stdout.splitlines() == [
        f"{root}: nothing is wrong",
        f"sources  {VERSION}  manuscript/, styles/  passed",
        "outputs  -      build/                not checked",
    ]
    assert not (root / "build").exists()


def test_check_can_build_before_and_tells_what_was_checked(tmp_path):
    root = make(tmp_path, GOOD)

    result = run("check", root, "--build", "--no-validators", "--jobs", "1")

    assert (result.exit_code, result.stderr) == (0, "")
    assert [line.split("  ")[0] for line in result.stdout.splitlines()] == [
        f"{root}: nothing is wrong", "sources", "parity", "parity", "print proof",
    ]  # fmt: skip
    assert (root / "build/a-small-book.pdf").is_file()


def test_a_build_that_fails_is_told_by_check(tmp_path):
    result = run("check", make(tmp_path, BAD), "--build", "--message-format", "short")

    assert (result.exit_code, result.stderr) == (1, SHORT)
    assert result.stdout.endswith("2 errors, 0 warnings\n")


@pytest.mark.parametrize("names", [["epubcheck,ace,verapdf"], ["ace", "verapdf"]])
def test_a_required_validator_that_is_missing_has_exit_code_4(
    names, tmp_path, monkeypatch
):
    root = make(tmp_path, GOOD)
    run("build", root, "--jobs", "1")
    monkeypatch.setenv("PATH", "")
    monkeypatch.chdir(tmp_path)
    required = [option for name in names for option in ("--require", name)]

    result = run("check", root, *required, "--message-format", "short")

    assert result.exit_code == 4
    wanted = ",".join(names).split(",")
    errors = result.stderr.count("error[validator-missing]")
    assert errors == len(wanted)
    # EPUBCheck, Ace, and veraPDF for each of the PDF's two standards.
    assert result.stdout.count("not installed") == 4


def test_the_exit_code_of_warnings_is_3_under_strict_and_that_of_notices_0(tmp_path):
    css = ".text p + p { break-before: page }\n"
    text = "# One\n\nOne.\n\nAlone.\n"
    files = {"manuscript/one.md": text, "styles/print.css": css}
    root = make(tmp_path, files)
    strict = ["--strict", "--message-format", "short"]

    unbuilt = run("check", root, *strict)
    run("build", root, "--jobs", "1")
    built = run("check", root, "--no-validators", *strict)

    assert unbuilt.exit_code == 0
    assert built.exit_code == 3
    assert "manuscript/one.md:5:1: warning[page-single-line]" in built.stderr


def test_check_finds_what_build_finds(tmp_path):
    root = make(tmp_path, BAD)

    result = run("check", root, "--message-format", "short")

    assert (result.exit_code, result.stderr) == (1, SHORT)
    assert not (root / "build").exists()


def test_the_json_format_of_check_has_findings_and_a_row_for_each_check(tmp_path):
    result = run("check", make(tmp_path, GOOD), "--message-format", "json")

    found, *rows = map(json.loads, result.stdout.splitlines())
    assert (result.exit_code, result.stderr) == (0, "")
    assert (found["code"], found["severity"]) == ("output-not-built", "info")
    assert rows == [
        {
            "check": "sources",
            "version": VERSION,
            "subject": "manuscript/, styles/",
            "result": "passed",
        },
        {
            "check": "outputs",
            "version": "",
            "subject": "build/",
            "result": "not checked",
        },
    ]


# The others


def test_clean_removes_the_outputs_and_nothing_else(tmp_path):
    root = make(tmp_path, GOOD)
    (root / "build" / ".cache").mkdir(parents=True)
    (root / "build" / "old.pdf").write_bytes(b"%PDF")

    result = run("clean", root)

    assert (result.exit_code, result.output) == (0, "")
    assert not (root / "build").exists()
    assert (root / "manuscript/one.md").is_file()
    assert run("clean", root).exit_code == 0


def test_clean_can_spare_the_outputs(tmp_path):
    root = make(tmp_path, GOOD)
    assert run("build", root, "--format", "epub").exit_code == 0

    result = run("clean", "--cache", root)

    assert (result.exit_code, result.output) == (0, "")
    assert [p.suffix for p in sorted((root / "build").iterdir())] == [".epub", ".json"]


def test_clean_does_not_touch_a_folder_that_is_no_project(tmp_path):
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / "precious").write_text("mine", encoding="utf-8")

    result = run("clean", tmp_path)

    assert result.exit_code == 2
    assert "is no book project" in result.stderr
    assert (tmp_path / "build" / "precious").is_file()


def test_the_doctor_finds_everything_here():
    result = run("doctor")

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("memobook 0.")
    assert "weasyprint 70" in result.stdout
    assert "Pango: there\n" in result.stdout
    assert "a limit of time for each text: " in result.stdout


@pytest.mark.parametrize("code", list(Code), ids=lambda code: code.value)
def test_every_code_is_explained(code):
    result = run("explain", code.value)

    assert result.exit_code == 0
    name, empty, *text = result.stdout.splitlines()
    assert (name, empty) == (code.value, "")
    assert len(" ".join(text)) > 30


def test_an_unknown_code_gets_the_nearest_one():
    result = run("explain", "link-target-mising")

    assert result.exit_code == 2
    assert result.stderr.splitlines() == [
        "error: there is no code link-target-mising",
        "   hint: did you mean link-target-missing?",
    ]


def test_the_schema_is_json_schema_of_all_files():
    result = run("schema")

    found = json.loads(result.stdout)
    assert result.exit_code == 0
    assert sorted(found) == ["book", "links", "memo", "shelf"]
    tables = (
        "abbreviations book check citations contents epub figures limits links pdf profiles"
        " style text variables words"
    )
    assert tables.split() == sorted(found["book"]["properties"])
    assert found["book"]["required"] == ["book", "contents"]
    assert {"title", "authors", "abstract", "key_points"} <= set(
        found["memo"]["properties"]
    )


def test_the_version_is_that_of_the_package():
    result = run("--version")

    assert (result.exit_code, result.stdout) == (0, "memobook 0.1.0\n")


def test_help_lists_every_command_and_comes_without_an_engine():
    code = (
        "import sys\n"
        "from typer.testing import CliRunner\n"
        "from memobook.cli import app\n"
        "print(CliRunner().invoke(app, ['--help']).stdout)\n"
        "print(sorted({'weasyprint', 'ebooklib', 'pikepdf', 'markdown', 'lxml'}"
        " & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "COLUMNS": "100"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    text, engines = done.stdout.rstrip().rsplit("\n", 1)
    assert engines == "[]"
    for command in "new build check links clean doctor explain schema".split():
        assert f" {command} " in text


def test_the_package_alone_loads_no_engine():
    code = (
        "import sys, memobook\n"
        "print(sorted({'weasyprint', 'ebooklib', 'pikepdf', 'markdown', 'typer'}"
        " & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True
    )
    assert done.stdout == "[]\n"


@pytest.mark.parametrize(("cause", "code"), [(KeyboardInterrupt(), 130), (None, None)])
def test_ctrl_c_while_a_library_in_c_is_loaded_is_ctrl_c(cause, code, monkeypatch):
    def loading() -> None:
        raise ImportError from cause

    monkeypatch.setattr("memobook.__main__._run", loading)
    expected = ImportError if code is None else SystemExit

    with pytest.raises(expected) as caught:
        main()

    assert getattr(caught.value, "code", None) == code
