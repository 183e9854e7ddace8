"""What happens around a build: files that change, workers that die, disks, clocks.

None of it ends in a traceback, or with outputs that are neither the old nor the new ones.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from memobook.diagnostics import MemobookError
from memobook.fresh import BUILD, Order, unchanged
from memobook.outputs.pdf.publish import PdfJob
from memobook.pipeline import build
from memobook.workers import Workers
from tests.accidents import Running, customized, files_in, mounted
from tests.faults import picture
from tests.harness import fonts_of
from tests.kills import project

OLD, NEW = "orbit", "norm"


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(1) as made:
        yield made


@pytest.fixture(scope="module")
def shelf(
    shared_cache: Path, workers: Workers, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """Return the book as clean builds made it, by its word."""
    roots = {}
    for word in (OLD, NEW):
        roots[word] = project(tmp_path_factory.mktemp(word), word)
        fonts_of(shared_cache, roots[word] / BUILD / ".cache")
        build(roots[word], workers=workers)
    return roots


@pytest.fixture
def book(shelf: dict[str, Path], tmp_path: Path) -> Path:
    """Return the built book, with something new to build."""
    return project(shutil.copytree(shelf[OLD], tmp_path / "book"), NEW)


# Files


CHANGES: dict[str, bytes] = {
    "one.md": b"# One\n\nAnother text.\n",
    "images/red.png": picture(80, "green"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_file_that_changes_while_it_is_built_is_built_by_the_next(
    name, book, shelf, workers, monkeypatch
):
    path = book / "manuscript" / name
    before = path.read_bytes()
    original = PdfJob.publish

    def publish(self: Any) -> Any:
        path.write_bytes(CHANGES[name])
        return original(self)

    monkeypatch.setattr(PdfJob, "publish", publish)
    build(book, workers=workers)
    monkeypatch.undo()

    assert unchanged(Order(root=book)) is None
    build(book, workers=workers)
    assert unchanged(Order(root=book)) is not None
    path.write_bytes(before)
    build(book, workers=workers)
    assert files_in(book) == files_in(shelf[NEW])


@pytest.mark.parametrize("name", CHANGES)
def test_a_file_that_goes_while_it_is_built_is_no_traceback(
    name, book, shelf, workers, monkeypatch
):
    original = PdfJob.publish

    def publish(self: Any) -> Any:
        (book / "manuscript" / name).unlink()
        return original(self)

    monkeypatch.setattr(PdfJob, "publish", publish)
    before = files_in(book)
    with suppress(MemobookError):  # a layout may do without the file, or not
        build(book, workers=workers)

    found = files_in(book)
    assert found == before or found.keys() == before.keys()
    assert unchanged(Order(root=book)) is None


# Workers


def test_a_worker_that_is_killed_fails_no_build(book, shelf):
    running = Running(book, jobs=2)

    assert running.kill_workers(1) == 1

    ended = running.ended()
    assert ended.code == 0, ended.text
    assert files_in(book) == files_in(shelf[NEW])


def test_workers_that_are_always_killed_are_told_and_the_outputs_stay(book):
    before = files_in(book)
    running = Running(book, jobs=1)

    running.kill_workers(1000)

    ended = running.ended()
    assert ended.code == 1, ended.text
    assert "-died]" in ended.text
    assert "its process ended with" in ended.text
    assert "Traceback" not in ended.text
    assert files_in(book) == before


# Disks


@pytest.mark.parametrize(
    "options", ["size=4k", "size=4k,ro"], ids=["full", "read-only"]
)
def test_no_room_for_temporary_files_is_told_or_does_no_harm(options, book, tmp_path):
    folder = tmp_path / "temporary"
    if not mounted(folder, options):
        pytest.skip("only root can mount a small disk: sudo make test")
    before = files_in(book)
    try:
        if "ro" not in options:
            (folder / "filler").write_bytes(bytes(4000))
        ended = Running(book, environment={"TMPDIR": str(folder)}).ended()
    finally:
        subprocess.run(["umount", str(folder)], check=True)

    assert "Traceback" not in ended.text, ended.text
    if ended.code:
        assert ended.code == 4, ended.text
        assert "TMPDIR" in ended.text
        assert files_in(book) == before


# Clocks

_CLOCK = """
import time

time.time = lambda: {seconds}.0
time.time_ns = lambda: {seconds} * 10**9
"""


@pytest.mark.parametrize("seconds", [0, 4_102_444_800], ids=["1970", "2100"])
def test_a_wrong_clock_changes_nothing(seconds, book, shelf, tmp_path):
    environment = customized(tmp_path, _CLOCK.format(seconds=seconds))

    ended = Running(book, environment=environment).ended()

    assert ended.code == 0, ended.text
    assert "Traceback" not in ended.text
    assert files_in(book) == files_in(shelf[NEW])
