"""The benchmark's books: the same every time, sound, and fit for every rival."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from memobook import looking
from tests.benchmarks import rivals
from tests.benchmarks.books import make_book, memo_paths
from tests.benchmarks.constructs import add_constructs
from tests.benchmarks.scenarios import Project, add_page, edit, repaint


def contents(folder: Path) -> dict[str, bytes]:
    files = (p for p in folder.rglob("*") if p.is_file())
    return {str(p.relative_to(folder)): p.read_bytes() for p in files}


@pytest.mark.parametrize("pages", [12, 100])
def test_is_the_same_every_time(tmp_path: Path, pages: int) -> None:
    one, two = (make_book(tmp_path / name, pages) for name in "ab")
    assert contents(one) == contents(two)
    assert len(memo_paths(one)) == max(1, pages // 10)


@pytest.mark.parametrize("pages", [12, 40])
def test_nothing_is_wrong_before_and_after_every_change(
    tmp_path: Path, pages: int
) -> None:
    book = Project(make_book(tmp_path / "a", pages), tmp_path / "b")
    book.reset()
    assert looking.check(book.root) == ()
    for change in (edit, add_page, repaint):
        before = contents(book.root)
        change(book.root)
        after = contents(book.root)
        assert sum(before[name] != after[name] for name in before) == 1
        assert looking.check(book.root) == ()


def test_nothing_is_wrong_with_all_constructs(tmp_path: Path) -> None:
    root = make_book(tmp_path / "a", 40)
    add_constructs(root)
    assert looking.check(root) == ()


def test_rivals_get_a_book_whose_links_lead_somewhere(tmp_path: Path) -> None:
    root = make_book(tmp_path / "a", 40)
    rivals.one_shot(root, tmp_path / "one-shot")
    html = (tmp_path / "one-shot" / "book.html").read_text("utf-8")
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', html)) <= set(ids)
    assert "memobook:" not in html

    memos = [rivals.to_pandoc(p.read_text("utf-8"), p.stem) for p in memo_paths(root)]
    text = "\n".join(memos)
    names = re.findall(r"\{#([\w-]+)[ }]", text)
    assert len(names) == len(set(names))
    assert set(re.findall(r"\]\(#([\w-]+)\)", text)) <= set(names)
    assert not re.search(r"^///|^\*\[|\.md\b|\[!", text, re.MULTILINE)
