"""What is guessed before the book is laid out, and what a wrong guess would cost."""

from __future__ import annotations

from pathlib import Path

from memobook.outputs.pdf.sheet import from_bytes
from memobook.pipeline import build
from memobook.store import Store
from memobook.workers import Workers
from tests.harness import make

_BOOK = """
[book]
title = "Many memos"
language = "en"
identifier = "urn:uuid:e7a5a9b5-9a3e-4e1f-8a55-6c3f8f9f1d20"

[contents]
front = ["foreword.md"]
memos = [{memos}]

[pdf]
paper = "a5"
"""


def _book(root: Path, count: int) -> Path:
    """Write memos of four or five sections each, behind a foreword."""
    files: dict[str, str | bytes] = {
        "manuscript/foreword.md": "# Foreword\n\nRead on.\n"
    }
    names = [f"m{number:02}.md" for number in range(count)]
    for number, name in enumerate(names):
        sections = [f"## Section {n}\n\nIts text.\n" for n in range(4 + number % 2)]
        block = "---\nauthors:\n  - name: A. Writer\n---\n"
        title = f"# Memo {number}\n"
        files[f"manuscript/{name}"] = "\n".join([block, title, *sections])
    listed = ", ".join(f'"{name}"' for name in names)
    files["manuscript/book.toml"] = _BOOK.format(memos=listed)
    return make(root, files)


def _layouts_of_contents(root: Path) -> int:
    """Return how often the contents were laid out: each layout is kept."""
    store = Store(root / "build/.cache")
    keys = (p.name.removesuffix(".sheet") for p in store.folder.glob("sheets/*.sheet"))
    kept = (store.load("sheets", key, ".sheet") for key in keys)
    sections = [from_bytes(data).section for data in kept if data]
    return sections.count("contents")


def test_the_contents_of_a_book_with_front_matter_are_laid_out_once(tmp_path):
    """They show the foreword's number, which comes after theirs: that is guessed."""
    root = _book(tmp_path, 30)

    with Workers(2) as workers:
        build(root, formats=("pdf",), workers=workers)

    assert _layouts_of_contents(root) == 1


def test_a_book_without_a_word_but_its_title_is_laid_out(tmp_path):
    root = make(tmp_path, {"manuscript/one.md": "# One\n"})

    with Workers(1) as workers:
        report = build(root, formats=("pdf",), workers=workers)

    assert report.pages
