"""The only door to the project folder, and it leads nowhere else."""

import hashlib
import os
from pathlib import Path

import pytest

from memobook.diagnostics import Reporter
from memobook.project.files import MISSING, Files, OutsideError, Sizes, TooLargeError
from tests.book.helpers import codes


@pytest.fixture
def files(tmp_path: Path) -> Files:
    """Return the files of a project beside which something lies."""
    root = tmp_path / "book"
    (root / "manuscript").mkdir(parents=True)
    (root / "manuscript/a.md").write_bytes(b"\xef\xbb\xbfOne\r\ntwo\rthree\n")
    (root / "manuscript/b.md").write_text("B")
    (tmp_path / "secret.md").write_text("secret")
    (tmp_path / "book-2").mkdir()
    (tmp_path / "book-2/c.md").write_text("C")
    (root / "manuscript/link.md").symlink_to(tmp_path / "secret.md")
    (root / "manuscript/folder").symlink_to(tmp_path)
    (root / "manuscript/inner.md").symlink_to(root / "manuscript/b.md")
    (root / "manuscript/round.md").symlink_to(root / "manuscript/round.md")
    return Files(root.resolve())


@pytest.mark.parametrize(
    "path",
    [
        "../secret.md",
        "manuscript/../../secret.md",
        "manuscript/link.md",
        "manuscript/folder/secret.md",
        "../book-2/c.md",
        "/etc/passwd",
        "manuscript/./.././../secret.md",
        "..",
    ],
)
def test_no_path_leads_out(files, path):
    with pytest.raises(OutsideError, match="leads out of the project folder"):
        files.read(path)
    with pytest.raises(OutsideError):
        files.exists(path)
    assert files.inputs == {}


@pytest.mark.parametrize(
    "path",
    ["manuscript/no.md", "manuscript", "a\0b", "x" * 300, "manuscript/round.md", ""],
)
def test_what_is_no_file_is_missing_and_not_a_crash(files, path):
    assert files.exists(path) is False
    with pytest.raises(OSError, match=r".*"):
        files.read(path)


def test_a_link_inside_the_project_may_be_followed(files):
    assert files.read("manuscript/inner.md") == b"B"


def test_all_that_was_read_or_looked_for_is_remembered(files):
    files.read("manuscript/b.md")
    files.exists("manuscript/no.md")
    assert files.inputs == {
        "manuscript/b.md": hashlib.sha256(b"B").hexdigest(),
        "manuscript/no.md": MISSING,
    }


def test_a_text_has_unix_line_ends_and_no_byte_order_mark(files):
    reporter = Reporter()
    assert files.text("manuscript/a.md", reporter) == "One\ntwo\nthree\n"
    assert reporter.diagnostics == ()


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b"\xff", (1, 1)),
        (b"caf\xe9", (1, 4)),
        ("Süß ".encode() + b"\xe9", (1, 5)),
        (b"a\r\nb\xe9", (2, 2)),
        (b"a\rb\rc\xe9", (3, 2)),
        (b"\xef\xbb\xbfab\xe9", (1, 3)),
        (b"a\n\xf0\x9f\x98", (2, 1)),
    ],
)
def test_the_first_byte_that_is_not_utf8_has_its_place(files, data, place):
    (files.root / "x.md").write_bytes(data)
    reporter = Reporter()
    assert files.text("x.md", reporter) is None
    assert [("source-not-utf8", *place)] == codes(reporter)


def test_a_listing_is_sorted_and_of_files_only(files):
    (files.root / "manuscript/sub").mkdir()
    (files.root / "manuscript/sub/z.md").write_text("Z")
    (files.root / "manuscript/sub.md").mkdir()
    found = files.listing("manuscript", "**/*.md")
    assert list(found) == sorted(found)
    assert "manuscript/sub/z.md" in found
    assert "manuscript/sub.md" not in found
    assert files.listing("nowhere") == ()


def test_only_plain_files_are_read(files):
    os.mkfifo(files.root / "manuscript/pipe.md")
    with pytest.raises(FileNotFoundError):
        files.read("manuscript/pipe.md")
    assert files.exists("manuscript/pipe.md") is False


def test_a_file_above_the_limit_is_refused_with_its_name(files):
    files.sizes = Sizes(file=3)
    (files.root / "manuscript/c.md").write_bytes(b"four")
    with pytest.raises(TooLargeError, match=r"manuscript/c\.md is too large: 4 bytes"):
        files.read("manuscript/c.md")
    assert files.read("manuscript/b.md") == b"B"


def test_all_files_together_have_a_limit_and_each_counts_once(files):
    files.sizes = Sizes(total=3)
    for name in "cde":
        (files.root / f"manuscript/{name}.md").write_bytes(b"x")
    for name in "cdcdede":
        files.read(f"manuscript/{name}.md")
    with pytest.raises(TooLargeError, match=r"with manuscript/b\.md"):
        files.read("manuscript/b.md")


def test_a_listing_leaves_out_what_lies_outside(files):
    assert "manuscript/link.md" not in files.listing("manuscript", "*.md")
    assert files.listing("manuscript/folder/..", "*.md") == files.listing(
        "manuscript", "*.md"
    )
    assert "manuscript/folder/secret.md" not in files.listing("manuscript", "*/*")


@pytest.mark.parametrize("swapped", ["manuscript", "manuscript/b.md"])
def test_what_is_swapped_for_a_link_behind_the_look_is_not_read(
    files, swapped, monkeypatch
):
    """The look finds a file of the project; then a folder or the file is a link."""
    outside = files.root.parent / "elsewhere"
    outside.mkdir()
    (outside / "b.md").write_text("secret")
    looked = Files._inside

    def swap(self: Files, path: str) -> Path:
        found = looked(self, path)
        place = files.root / swapped
        place.rename(files.root / "aside")
        place.symlink_to(outside if swapped == "manuscript" else outside / "b.md")
        return found

    monkeypatch.setattr(Files, "_inside", swap)
    with pytest.raises(OSError, match=r".*"):
        files.read("manuscript/b.md")


def test_a_file_that_an_editor_replaces_is_read(files):
    """The old one is open, and the new one has its name: it is looked at again."""
    path = files.root / "manuscript/b.md"
    (files.root / "new").write_text("new")
    told = os.fstat
    waiting = ["once"]

    def replaced(handle: int) -> os.stat_result:
        if waiting:
            waiting.pop()
            (files.root / "new").replace(path)
        return told(handle)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fstat", replaced)
        assert files.read("manuscript/b.md") == b"new"
