"""A book that is taken over brings nothing from beside it, by whatever name."""

from __future__ import annotations

from pathlib import Path

import pytest

from memobook.takeover.found import find_book
from memobook.takeover.home import home_of
from memobook.takeover.take import take_over
from tests.attacks.canaries import INSIDE, OUTSIDE, PLACE, found, plant

CHAPTER = """# A chapter

{{{{#include {0}secret.txt}}}}

![One]({0}secret.svg)

![Two](<{0}secret.png>)

<img src="{0}secret.svg" alt="Three">
"""
NAMES = (
    f"../../{PLACE}/",
    "{folder}/" + PLACE + "/",
    f"images/../../../{PLACE}/",
    f"..%2f..%2f{PLACE}%2f",
    "linked/",
)


def book(folder: Path, names: tuple[str, ...]) -> Path:
    """Write an mdBook whose chapters name files in folders."""
    plant(folder / PLACE, OUTSIDE)
    (folder / PLACE / "other.md").write_text(f"# {OUTSIDE.decode()}\n")
    root = folder / "old"
    plant(root / "src" / "inside", INSIDE)
    (root / "src" / "linked").symlink_to(folder / PLACE)
    (root / "src" / "strange.md").symlink_to(folder / PLACE / "secret.md")
    entries = ["[Strange](strange.md)", f"[Outside](../../{PLACE}/other.md)"]
    for index, name in enumerate(names):
        text = CHAPTER.format(name.replace("{folder}", str(folder)))
        (root / f"src/c{index}.md").write_text(text)
        entries.append(f"[Chapter {index}](c{index}.md)")
    listed = "\n".join(f"- {entry}" for entry in entries)
    (root / "src/SUMMARY.md").write_text(f"# Summary\n\n{listed}\n")
    return root


def test_nothing_from_beside_the_book_comes_along(tmp_path):
    root = book(tmp_path, (*NAMES, "inside/"))
    take_over(root, tmp_path / "new", "A book")
    assert found(OUTSIDE, tmp_path / "new") == []
    assert len(found(INSIDE, tmp_path / "new")) >= 3
    told = (tmp_path / "new/taken-over.txt").read_text()
    assert "Strange: no such file" in told
    assert "Outside: no such file" in told


def test_pictures_from_elsewhere_in_the_repository_come_along(tmp_path):
    root = book(tmp_path / "repository", ("../../pictures/",))
    plant(tmp_path / "repository/pictures", INSIDE)
    (tmp_path / "repository/.git").mkdir()
    take_over(root, tmp_path / "new", "A book")
    assert len(found(INSIDE, tmp_path / "new")) >= 3


def test_somebodys_home_is_no_repository_of_books(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".git").mkdir()
    (tmp_path / "book").mkdir()
    assert home_of(tmp_path / "book") == (tmp_path / "book").resolve()


def test_a_book_of_nothing_but_strange_chapters_is_none(tmp_path):
    plant(tmp_path / PLACE, OUTSIDE)
    (tmp_path / "old").mkdir()
    (tmp_path / "old/a.md").symlink_to(tmp_path / PLACE / "secret.md")
    with pytest.raises(FileNotFoundError):
        find_book(tmp_path / "old")
