"""`memobook check --fix`: a difference first, and a mended file only when told."""

import codecs
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from memobook.cli import app
from tests.harness import make

FLAT = "# A\n\n- one\n  - two\n"
MENDED = "# A\n\n- one\n    - two\n"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["check", *map(str, arguments)])


def project(root: Path, text: str | bytes) -> Path:
    make(root, {"manuscript/a.md": text, "manuscript/b.md": "# B\n\nRight.\n"})
    return root / "manuscript/a.md"


def test_a_difference_is_shown_and_nothing_is_written(tmp_path):
    memo = project(tmp_path, FLAT)
    done = run("--fix", tmp_path)
    assert done.exit_code == 1
    assert done.output.startswith(
        "--- a/manuscript/a.md\n+++ b/manuscript/a.md\n@@ -1,5 +1,5 @@\n"
    )
    assert "-  - two\n+    - two\n" in done.output
    assert "1 files can be mended: memobook check --fix --write" in done.output
    assert memo.read_text("utf-8") == FLAT


def test_it_is_written_when_told_and_then_there_is_nothing_to_mend(tmp_path):
    memo = project(tmp_path, FLAT)
    memo.chmod(0o640)
    done = run("--fix", "--write", tmp_path)
    assert (done.exit_code, memo.read_text("utf-8")) == (0, MENDED)
    assert memo.stat().st_mode & 0o777 == 0o640
    assert sorted(p.name for p in memo.parent.iterdir()) == [
        "a.md",
        "b.md",
        "book.toml",
    ]
    again = run("--fix", tmp_path)
    assert again.exit_code == 0
    assert "nothing to mend" in again.output


def test_line_ends_and_byte_order_mark_stay(tmp_path):
    memo = project(tmp_path, codecs.BOM_UTF8 + FLAT.replace("\n", "\r\n").encode())
    run("--fix", "--write", tmp_path)
    expected = codecs.BOM_UTF8 + MENDED.replace("\n", "\r\n").encode()
    assert memo.read_bytes() == expected


def test_a_file_that_is_not_utf8_is_told_and_left(tmp_path):
    memo = project(tmp_path, b"# A\n\nGr\xf6\xdfe.\n")
    done = run("--fix", "--write", tmp_path, "--message-format", "short")
    assert done.exit_code == 1
    assert "manuscript/a.md:3:3: error[source-not-utf8]" in done.output
    assert memo.read_bytes() == b"# A\n\nGr\xf6\xdfe.\n"


def test_a_folder_that_is_no_project_is_told(tmp_path):
    done = run("--fix", tmp_path)
    assert done.exit_code == 1
    assert "project-not-found" in done.output


def test_a_file_that_cannot_be_written_is_told(tmp_path, monkeypatch):
    project(tmp_path, FLAT)

    def fails(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.replace", fails)
    done = run("--fix", "--write", tmp_path)
    assert done.exit_code == 2
    assert "manuscript/a.md cannot be written: Permission denied" in done.output
    assert list(tmp_path.rglob(".memobook-*")) == []


@pytest.mark.parametrize("arguments", [["--write"]])
def test_write_alone_is_wrong_usage(arguments, tmp_path):
    done = run(*arguments, tmp_path)
    assert done.exit_code == 2
    assert "--fix --write" in done.output
