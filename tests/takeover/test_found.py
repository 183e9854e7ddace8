"""What kind of book stands at a path, and in which order its chapters are."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from memobook.takeover.found import FoundBook, find_book


def written(root: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return root


def order(found: FoundBook, root: Path) -> list[str]:
    return [
        c.path.resolve().relative_to(root.resolve()).as_posix() for c in found.chapters
    ]


SUMMARY = """# Summary

[Preface](preface.md)

# First part

- [One `code`](one.md)
    - [Two](deep/two.md#x)
- [A draft]()
- [Gone](gone.md)
- [One again](one.md)

---

[End](<the end.md>)
"""
TEXTS = {"preface.md": "x", "one.md": "x", "deep/two.md": "x", "the end.md": "x"}


def test_an_mdbook_has_the_order_of_its_summary(tmp_path):
    files = {f"src/{name}": text for name, text in TEXTS.items()}
    settings = '[book]\ntitle = "A Book"\nauthors = ["Ada", "Bo"]\nlanguage = "de"\n'
    written(tmp_path, {**files, "src/SUMMARY.md": SUMMARY, "book.toml": settings})
    found = find_book(tmp_path)
    assert (found.kind, found.title, found.language) == ("mdBook", "A Book", "de")
    assert found.authors == ("Ada", "Bo")
    assert order(found, tmp_path / "src") == [
        "preface.md",
        "one.md",
        "deep/two.md",
        "the end.md",
    ]
    assert [c.title for c in found.chapters] == ["Preface", "One code", "Two", "End"]
    assert found.missing == ("A draft", "Gone")


def test_a_quarto_book_has_its_chapters_parts_and_appendices(tmp_path):
    settings = """project:
  type: book
lang: fr
book:
  title: A Book
  author:
    - name: Ada
    - Bo
  chapters:
    - index.qmd
    - part: one.qmd
      chapters:
        - two.md
    - part: A part without a file
      chapters: [three.qmd]
  appendices:
    - more.qmd
"""
    names = ["index.qmd", "one.qmd", "two.md", "three.qmd", "more.qmd"]
    written(tmp_path, {"_quarto.yml": settings, **dict.fromkeys(names, "x")})
    found = find_book(tmp_path)
    assert (found.kind, found.title, found.language) == ("Quarto book", "A Book", "fr")
    assert found.authors == ("Ada", "Bo")
    assert order(found, tmp_path) == names


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("files.txt", "# in order\nb.md\n\na.md\n"),
        ("defaults.yaml", "input-files:\n- b.md\n- a.md\nmetadata:\n  title: T\n"),
    ],
)
def test_a_pandoc_file_list_has_its_own_order(tmp_path, name, text):
    written(tmp_path, {name: text, "a.md": "x", "b.md": "x", "c.md": "x"})
    found = find_book(tmp_path / name)
    assert found.kind == "pandoc file list"
    assert order(found, tmp_path) == ["b.md", "a.md"]


def test_a_folder_has_the_order_of_its_names_as_people_count(tmp_path):
    names = [
        "ch10.md",
        "ch2.md",
        "appendix-a.md",
        "preface.md",
        "README.md",
        ".hidden.md",
        "CONTRIBUTING.md",
        "sub/ch1.md",
    ]
    written(tmp_path, dict.fromkeys(names, "x"))
    found = find_book(tmp_path)
    assert found.kind == "folder of Markdown"
    assert order(found, tmp_path) == [
        "preface.md",
        "ch2.md",
        "ch10.md",
        "appendix-a.md",
        "sub/ch1.md",
    ]


def test_a_folder_has_the_order_of_the_links_in_its_readme(tmp_path):
    readme = "- [Z](z.md)\n    - [in it](z.md/#in-it)\n- [A](a.md#top)\n- [M](m.md)\n- [web](https://example.org/b.md)\n"
    written(
        tmp_path,
        {"README.md": readme, **dict.fromkeys(["a.md", "b.md", "m.md", "z.md"], "x")},
    )
    assert order(find_book(tmp_path), tmp_path) == ["z.md", "a.md", "m.md"]


def test_word_files_are_found(tmp_path):
    written(tmp_path, {"2.docx": "", "1.docx": "", "~$1.docx": ""})
    found = find_book(tmp_path)
    assert found.kind == "folder of Word files"
    assert order(found, tmp_path) == ["1.docx", "2.docx"]


@pytest.mark.parametrize("name", ["", "picture.png", "none"])
def test_where_there_is_no_book_it_is_said(tmp_path, name):
    written(tmp_path, {"picture.png": "x"})
    with pytest.raises(FileNotFoundError):
        find_book(tmp_path / name)
