"""A place becomes an address that an editor opens, and nothing that a browser runs."""

from pathlib import Path

import pytest

from memobook.diagnostics import Span
from memobook.preview.editor import EDITORS, editor


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "a book"
    folder.mkdir()
    (folder / "#1 über.md").write_text("x")
    return folder


def test_a_place_is_escaped(root: Path) -> None:
    url = editor("vscode").url(root, Span("#1 über.md", 3, 9))
    assert url.endswith("/a%20book/%231%20%C3%BCber.md:3:9")
    assert url.startswith("vscode://file/")


@pytest.mark.parametrize("name", [name for name in EDITORS if name != "none"])
def test_every_editor_has_the_line(root: Path, name: str) -> None:
    assert "12" in editor(name).url(root, Span("#1 über.md", 12, 1)).rpartition("md")[2]


def test_a_whole_file_opens_at_its_beginning(root: Path) -> None:
    assert editor("vscode").url(root, Span("#1 über.md")).endswith(":1:1")


@pytest.mark.parametrize(
    "path", ["missing.md", "../../etc/passwd", "/etc/passwd", "", "."]
)
def test_what_is_no_file_of_the_project_has_no_address(root: Path, path: str) -> None:
    assert editor("vscode").url(root, Span(path, 1, 1)) == ""


def test_none_opens_nothing(root: Path) -> None:
    assert editor("none").url(root, Span("#1 über.md", 1, 1)) == ""


def test_a_pattern_of_ones_own(root: Path) -> None:
    url = editor("x-ed://{path}?{line}").url(root, Span("#1 über.md", 5, 1))
    assert url.startswith("x-ed://")
    assert url.endswith("?5")


@pytest.mark.parametrize(
    "name",
    ["notepad", "javascript:alert({path})", "JavaScript:{path}", "data:text/html,{path}",
     "https://evil.example/{path}", "x://{path}{other}", "x://{path}{", "x://nothing",
     "x://{path.__class__.__mro__[9]}"],
)  # fmt: skip
def test_other_patterns_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        editor(name)
