"""What [contents] lists: front matter, parts, appendices, back matter."""

from __future__ import annotations

from pathlib import Path

import pytest

from memobook.diagnostics import Reporter
from memobook.project.config import Project, load
from memobook.project.contents import Matter
from memobook.project.files import Files

NAMES = ("a", "b", "c", "foreword", "part", "data")


def loaded(root: Path, contents: str) -> tuple[Project | None, Reporter]:
    folder = root / "manuscript"
    folder.mkdir()
    for name in NAMES:
        (folder / f"{name}.md").write_text(f"# {name}\n\nText.\n", encoding="utf-8")
    text = f'[book]\ntitle = "T"\nlanguage = "en"\n[contents]\n{contents}\n'
    (folder / "book.toml").write_text(text, encoding="utf-8")
    reporter = Reporter()
    return load(Files(root), reporter), reporter


def found(project: Project | None) -> list[tuple[Matter, str]]:
    assert project is not None
    return [
        (m.matter, (m.path or m.title or m.made).removeprefix("manuscript/"))
        for m in project.memos
    ]


WHOLE = """
back = ["authors"]
appendices = ["data.md"]
front = ["foreword.md"]
memos = ["a.md"]
parts = [
    { title = "First", memos = ["b.md"] },
    { text = "part.md", memos = ["c.md"] },
]
"""


def test_a_book_has_one_order_whatever_the_order_of_its_lists(tmp_path):
    project, reporter = loaded(tmp_path, WHOLE)
    assert reporter.diagnostics == ()
    assert found(project) == [
        (Matter.FRONT, "foreword.md"),
        (Matter.MEMO, "a.md"),
        (Matter.PART, "First"),
        (Matter.MEMO, "b.md"),
        (Matter.PART, "part.md"),
        (Matter.MEMO, "c.md"),
        (Matter.APPENDIX, "data.md"),
        (Matter.BACK, "authors"),
    ]


def test_a_book_of_parts_needs_no_other_memos(tmp_path):
    parts = 'parts = [{ title = "All", memos = ["a.md", "b.md", "c.md"] }]'
    rest = 'front = ["foreword.md"]\nback = ["part.md", "data.md"]'
    project, reporter = loaded(tmp_path, f"{parts}\n{rest}")
    assert reporter.diagnostics == ()
    assert len(found(project)) == 7


@pytest.mark.parametrize(
    ("contents", "line", "column", "message"),
    [
        ("parts = []", 5, 9, "no memo is listed"),
        ('parts = [{ title = "P", memos = [] }]', 5, 33, "the part “P” has no memo"),
        ('parts = [{ memos = ["a.md"] }]', 5, 10, "contents.parts.0.title is missing"),
        ('parts = [{ text = "part.md", title = "P", memos = ["a.md"] }]', 5, 38,
         "contents.parts.0.title: part.md has the part’s title already"),
        ('memos = ["a.md"]\nback = ["a.md"]', 6, 9, "a.md is listed twice"),
        ('memos = ["a.md"]\nfront = ["authors"]\nback = ["authors"]', 7, 9,
         "authors is listed twice"),
        ('memos = ["a.md", "authors"]', 5, 18, "there is no authors in manuscript/"),
        ('memos = ["a.md"]\nback = ["author"]', 6, 9,
         "there is no author in manuscript/"),
        ('memos = ["a.md"]\nparts = [{ title = "P", memo = ["b.md"] }]', 6, 10,
         "contents.parts.0.memos is missing"),
        ('parts = [{ title = "P", memos = ["b.md"], x = 1 }]', 5, 43,
         "unknown key contents.parts.0.x"),
        ('parts = [{ title = 1, memos = ["b.md"] }]', 5, 20,
         "contents.parts.0.title: this must be text, in quotes"),
        ('memos = ["a.md"]\nappendix = ["b.md"]', 6, 1,
         "unknown key contents.appendix"),
    ],
)  # fmt: skip
def test_what_cannot_be_listed_is_said_with_its_place(
    tmp_path, contents, line, column, message
):
    _, reporter = loaded(tmp_path, contents)
    errors = [d for d in reporter if d.is_error]
    first = errors[0]
    assert (first.message, first.span.line, first.span.column) == (
        message,
        line,
        column,
    )


def test_a_word_near_authors_is_meant_to_be_it(tmp_path):
    _, reporter = loaded(tmp_path, 'memos = ["a.md"]\nback = ["author"]')
    (error,) = (d for d in reporter if d.is_error)
    assert error.hint == "did you mean authors?"
