"""Shelves: which books are on one, and what its books share."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memobook.diagnostics import Code, Reporter
from memobook.project.files import Files, OutsideError
from memobook.project.house import SHARED_STYLES, house_of, is_listed, seen_from
from memobook.project.shelf import check_house, load_shelf


def books_in(folder: Path, *names: str) -> Path:
    for name in names:
        manuscript = folder / name / "manuscript"
        manuscript.mkdir(parents=True)
        (manuscript / "book.toml").write_text("[book]\n")
    return folder


def shelf_in(folder: Path, text: str) -> Path:
    file = folder / "shelf.toml"
    file.write_text(f"[shelf]\n{text}\n", encoding="utf-8")
    return file


def loaded(folder: Path, text: str) -> tuple[list[str], list[str]]:
    """Return the books of a shelf, and its findings in short."""
    reporter = Reporter()
    shelf = load_shelf(shelf_in(folder, text), reporter)
    books = [p.relative_to(folder).as_posix() for p in shelf.books] if shelf else []
    told = [
        f"{d.span.line}:{d.span.column} {d.code.value}: {d.message}"
        for d in reporter.diagnostics
    ]
    return books, told


# Which books


def test_a_shelf_lists_folders_and_patterns(tmp_path):
    books_in(tmp_path, "annual", "books/a", "books/b", "books/deep/c")
    (tmp_path / "books" / "notes").mkdir()
    assert loaded(tmp_path, "books = ['books/*', 'annual']") == (
        ["annual", "books/a", "books/b"],
        [],
    )


def test_two_stars_are_folders_in_folders(tmp_path):
    books_in(tmp_path, "books/a", "books/deep/c")
    assert loaded(tmp_path, "books = ['**']")[0] == ["books/a", "books/deep/c"]


def test_some_books_can_be_left_out(tmp_path):
    books_in(tmp_path, "a", "b", "draft-c")
    text = "books = ['*']\nleave_out = ['draft-*']"
    assert loaded(tmp_path, text) == (["a", "b"], [])


def test_a_book_that_two_lines_list_is_one(tmp_path):
    books_in(tmp_path, "a")
    assert loaded(tmp_path, "books = ['a', '*', 'a']")[0] == ["a"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("boks = ['*']", "config-unknown-key: unknown key shelf.boks"),
        ("books = []", "config-wrong-value: shelf.books: "),
        ("books = 'a'", "config-wrong-value: shelf.books: this must be a list"),
        ("books = ['../a']", "shelf.books.0: ../a is not below the shelf"),
        ("books = ['/a']", "shelf.books.0: /a is not below the shelf"),
        ("books = ['a**']", "shelf.books.0: a** is no pattern"),
        ("books = ['a', 'c']", "2:15 shelf-book-missing: there is no book in c"),
        ("books = ['a']\nstyles = 'no'", "shelf.styles: there is no folder no"),
        ("books = ['a']\nlinks = 'no'", "shelf.links: there is no file no"),
        ("books = ['a'", "config-syntax: "),
    ],
)
def test_a_mistake_in_shelf_toml_is_told_with_its_place(tmp_path, text, told):
    _, found = loaded(books_in(tmp_path, "a"), text)
    assert any(told in line for line in found), found


def test_a_shelf_with_a_mistake_has_no_books(tmp_path):
    assert loaded(books_in(tmp_path, "a"), "books = ['a']\nstile = 'x'")[0] == []


def test_a_line_without_a_book_lets_the_others_be(tmp_path):
    assert loaded(books_in(tmp_path, "a"), "books = ['a', 'none']")[0] == ["a"]


def test_a_shelf_that_is_no_text_is_told(tmp_path):
    file = tmp_path / "shelf.toml"
    file.write_bytes(b"[shelf]\nbooks = ['\xff']\n")
    reporter = Reporter()
    assert load_shelf(file, reporter) is None
    assert [d.code for d in reporter.diagnostics] == [Code.SOURCE_NOT_UTF8]


_NAMES = st.sampled_from(["a", "b", "ab"])
_PARTS = st.sampled_from(["a", "b", "a*", "*", "?", "**", "[ab]", "*b"])


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    names = [
        f"{x}{y}{z}"
        for x in ("a", "b", "ab")
        for y in ("", "/a", "/ab")
        for z in ("", "/b")
    ]
    return books_in(tmp_path_factory.mktemp("tree"), *names)


@given(pattern=st.lists(_PARTS, min_size=1, max_size=4).map("/".join))
def test_a_book_knows_its_shelf_by_the_pattern_that_finds_it(tree, pattern):
    found = {p for p in tree.glob(pattern) if (p / "manuscript/book.toml").is_file()}
    every = [p.parents[1] for p in tree.rglob("book.toml")]
    names = {
        p
        for p in every
        if is_listed(p.relative_to(tree).as_posix(), {"books": [pattern]})
    }
    assert found == names


# What is shared


def house_in(folder: Path, text: str = "styles = 'house'") -> Path:
    books_in(folder, "books/a", "b")
    (folder / "house" / "fonts").mkdir(parents=True)
    (folder / "house" / "print.css").write_text("p { color: red }")
    (folder / "links.toml").write_text("")
    shelf_in(folder, f"books = ['books/*']\n{text}")
    return folder


def test_a_book_has_the_styles_of_the_shelf_that_lists_it(tmp_path):
    folder = house_in(tmp_path, "styles = 'house'\nlinks = 'links.toml'\ncache = 'c'")
    house = house_of(folder / "books" / "a")
    assert house is not None
    assert (house.styles, house.links, house.cache) == (
        folder / "house", folder / "links.toml", folder / "c",
    )  # fmt: skip
    assert house_of(folder / "b") is None


def test_the_nearest_shelf_counts(tmp_path):
    folder = house_in(tmp_path)
    shelf_in(folder / "books", "books = ['a']")
    house = house_of(folder / "books" / "a")
    assert house is not None
    assert house.styles is None


def test_files_of_the_house_are_read_by_a_path_of_their_own(tmp_path):
    files = Files((house_in(tmp_path) / "books" / "a").resolve())
    path = f"{SHARED_STYLES}/print.css"
    assert files.read(path) == b"p { color: red }"
    assert files.listing(SHARED_STYLES) == (path,)
    assert list(files.inputs) == [path]
    (tmp_path / "house" / "out.css").symlink_to(tmp_path / "shelf.toml")
    with pytest.raises(OutsideError):
        files.read(f"{SHARED_STYLES}/out.css")


def test_a_book_on_no_shelf_reads_nothing_outside(tmp_path):
    files = Files((house_in(tmp_path) / "b").resolve())
    assert files.exists(f"{SHARED_STYLES}/print.css") is False


def test_a_shared_file_is_shown_where_it_lies(tmp_path):
    root = house_in(tmp_path) / "books" / "a"
    shown = seen_from(root, f"{SHARED_STYLES}/print.css")
    assert shown == "../../house/print.css"
    assert (root / shown).is_file()
    assert seen_from(root, "styles/print.css") == "styles/print.css"
    message = f"there is no file {SHARED_STYLES}/a.svg"
    assert seen_from(root, message) == "there is no file ../../house/a.svg"


def test_a_changed_shelf_is_read_anew(tmp_path):
    folder = house_in(tmp_path)
    assert house_of(folder / "books" / "a")
    shelf_in(folder, "books = ['b', 'and more, so that the size is another one']")
    assert house_of(folder / "books" / "a") is None


def test_a_book_alone_tells_what_is_wrong_with_its_shelf(tmp_path):
    root = house_in(tmp_path, "styles = 'hose'") / "books" / "a"
    house = house_of(root)
    assert house is not None
    reporter = Reporter()
    check_house(house, "../../shelf.toml", reporter)
    (found,) = reporter.diagnostics
    assert (found.span.path, found.span.line) == ("../../shelf.toml", 3)
