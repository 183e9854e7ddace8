"""`memobook watch` and the options of both commands."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from memobook.cli import app
from tests.harness import make
from tests.preview.desk import group_is_gone

MEMO = "manuscript/a.md"
TEXT = "---\ntitle: A Memo\n---\n\nSome words.\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make(tmp_path / "book", {MEMO: TEXT})


def test_every_save_is_built_and_its_findings_are_printed(
    root: Path, shared_cache: Path
) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "memobook", "watch", str(root), "--format", "epub"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        env={**os.environ, "MEMOBOOK_CACHE": str(shared_cache)},
    )
    assert process.stdout is not None
    with process.stdout as out:

        def said(words: str) -> str:
            """Return what is printed up to a line with these words."""
            text = ""
            for line in out:
                text += line
                if words in line:
                    return text
            pytest.fail(f"never said {words}: {text}")

        assert "pages" not in said("built in")
        assert list((root / "build").glob("*.epub"))
        (root / MEMO).write_text(f"{TEXT}\n[x](gone.md)\n")
        failed = said("not built, for 1 error;")
        assert f"saved {MEMO}" in failed
        assert f"{MEMO}:7:5: error[link-target-missing]" in failed
        assert "hint: " in failed
        (root / MEMO).write_text(TEXT)
        said("built in")
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(60) == 130
        assert "Traceback" not in out.read()
    assert group_is_gone(process.pid)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["preview", "nowhere"], "no book project"),
        (["watch", "nowhere"], "no book project"),
        (["preview", "{root}", "--host", "0.0.0.0"], "other machines"),
        (["preview", "{root}", "--host", "0.0.0.0"], "ssh -L 8000:127.0.0.1:8000 HOST"),
        (["preview", "{root}", "--editor", "javascript:{path}"], "opens no editor"),
        (["preview", "{root}", "--editor", "notepad"], "no editor that memobook knows"),
        (["watch", "{root}", "--format", "html"], "no format html"),
        (["watch", "{root}", "--message-format", "sarif"], "one document"),
    ],
)
def test_wrong_usage_says_what_to_type(
    root: Path, arguments: list[str], message: str
) -> None:
    result = CliRunner().invoke(
        app, [a.format(root=root) if "{root}" in a else a for a in arguments]
    )
    assert result.exit_code == 2
    assert message in result.output
    assert "hint: " in result.output


def test_a_port_that_is_taken_is_told(root: Path) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        result = CliRunner().invoke(app, ["preview", str(root), "--port", port])
    assert result.exit_code == 2
    assert f"port {port} cannot be had" in result.output
