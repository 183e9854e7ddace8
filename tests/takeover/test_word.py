"""Word files are taken over with their notes, tables, links and pictures."""

import io
import sys
from pathlib import Path

import pypandoc
import pytest
from PIL import Image
from typer.testing import CliRunner

from memobook.cli import app
from memobook.takeover.take import LEDGER, take_over

TEXT = """# Norms in orbit

India has signed all five treaties.[^1] See [the list](https://www.unoosa.org/).

![The earth](earth.png)

| Treaty | Year |
|--------|------|
| Outer Space Treaty | 1967 |

- One
    - Two

[^1]: It has not ratified the *Moon Agreement*.
"""


def word(folder: Path) -> Path:
    folder.mkdir(parents=True)
    out = io.BytesIO()
    Image.new("RGB", (40, 20), "navy").save(out, "PNG")
    (folder / "earth.png").write_bytes(out.getvalue())
    path = folder / "orbit.docx"
    arguments = [f"--resource-path={folder}"]
    pypandoc.convert_text(
        TEXT, "docx", "markdown", outputfile=str(path), extra_args=arguments
    )
    return path


def test_a_word_file_becomes_a_memo(tmp_path):
    made = take_over(word(tmp_path / "old"), tmp_path / "new")
    assert (made.kind, made.left, made.lost) == ("Word file", (), 0)
    text = (tmp_path / "new/manuscript/orbit.md").read_text("utf-8")
    assert text.startswith("# Norms in orbit\n")
    assert "treaties.[^1] See [the list](https://www.unoosa.org/)." in text
    assert "[^1]: It has not ratified the *Moon Agreement*." in text
    assert "| Outer Space Treaty | 1967 |" in text
    assert "- One\n    - Two" in text
    assert "![The earth](" in text
    assert len(list((tmp_path / "new/manuscript").rglob("*.png"))) == 1
    assert "Lost: 0" in (tmp_path / "new" / LEDGER).read_text("utf-8")


def test_without_pandoc_the_command_that_installs_it_is_told(tmp_path, monkeypatch):
    path = word(tmp_path / "old")
    monkeypatch.setitem(sys.modules, "pypandoc", None)
    arguments = ["new", str(tmp_path / "new"), "--from", str(path)]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 4
    assert 'pip install "memobook[word]"' in done.output


def test_a_file_that_is_no_word_file_is_told(tmp_path):
    path = tmp_path / "a.docx"
    path.write_bytes(b"no zip")
    done = CliRunner().invoke(app, ["new", str(tmp_path / "new"), "--from", str(path)])
    assert done.exit_code == 4
    assert "pandoc cannot read" in done.output


@pytest.mark.parametrize("name", ["a.docx"])
def test_the_old_file_is_as_it_was(tmp_path, name):
    path = word(tmp_path / "old").rename(tmp_path / name)
    before = path.read_bytes()
    take_over(path, tmp_path / "new")
    assert path.read_bytes() == before
