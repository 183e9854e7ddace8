"""What stands where the outputs go is told, and nothing that was built is touched."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from memobook.diagnostics import Code, MemobookError
from memobook.pipeline import build
from memobook.workers import Workers
from tests.accidents import Running, files_in
from tests.kills import leftovers, project

NAMES = ("a-small-book.epub", "a-small-book.json", "a-small-book.pdf")


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(1) as made:
        yield made


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, workers: Workers) -> Path:
    root = project(tmp_path_factory.mktemp("built"), "orbit")
    build(root, workers=workers)
    return root


@pytest.fixture
def book(built: Path, tmp_path: Path) -> Path:
    """Return the built book, with something new to build."""
    return project(shutil.copytree(built, tmp_path / "book"), "norm")


def refused(root: Path, workers: Workers) -> str:
    with pytest.raises(MemobookError) as caught:
        build(root, workers=workers)
    (found,) = (d for d in caught.value.diagnostics if d.is_error)
    assert found.code is Code.OUTPUT_NOT_WRITABLE
    return found.message


@pytest.mark.parametrize("name", NAMES)
def test_a_folder_in_the_place_of_an_output_leaves_the_others(name, book, workers):
    (book / "build" / name).unlink()
    (book / "build" / name).mkdir()
    before = files_in(book)

    assert refused(book, workers) == f"build/{name} is a folder"

    assert files_in(book) == before
    assert leftovers(book) == []


@pytest.mark.parametrize("year", [1970, 2100])
def test_files_of_a_strange_year_are_built(year, book, workers):
    seconds = (year - 1970) * 31_556_952
    for path in (*book.rglob("*.md"), *book.rglob("*.png"), *book.rglob("*.toml")):
        os.utime(path, (seconds, seconds))

    build(book, workers=workers)

    assert leftovers(book) == []


@pytest.mark.parametrize("folder", ["missing", "x" * 90])
def test_a_folder_for_temporary_files_that_is_no_use_fails_no_build(folder, book):
    if folder != "missing":
        (book / folder).mkdir()
    environment = {"TMPDIR": str(book / folder)}

    ended = Running(book, environment=environment).ended()

    assert "Traceback" not in ended.text, ended.text
    assert ended.code == 0, ended.text
