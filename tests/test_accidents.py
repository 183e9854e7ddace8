"""Whatever ends a build, the outputs stay whole, and the next build is a clean one.

The accidents: a kill at any moment, a cache that is damaged, builds at the same time, and
disks that are full.
"""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from memobook.fresh import BUILD, Order, unchanged
from memobook.pipeline import build
from memobook.store import Store
from memobook.workers import Workers
from tests.accidents import (
    Running,
    built,
    files_in,
    killed_at_length,
    killed_at_rename,
    mounted,
)
from tests.harness import HARD, fonts_of, make

KILLS, GROUPS = 100, 4

RED = (HARD / "manuscript/images/red.png").read_bytes()


def project(root: Path, word: str) -> Path:
    """Write a small book; `word` is in the text of one memo of two."""
    text = f"A [link](https://example.org/{word}) of {word}, and a note[^n].\n\n[^n]: It.\n"
    files: dict[str, str | bytes] = {
        "manuscript/one.md": f"# One\n\n{text}\n![A square](images/red.png)\n",
        "manuscript/two.md": "# Two\n\nSee [the first](one.md).\n",
        "manuscript/images/red.png": RED,
    }
    return make(root, files)


WORDS = ("orbit", "norm")


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(2) as made:
        yield made


@pytest.fixture(scope="module")
def fonts(
    shared_cache: Path, workers: Workers, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Return a cache of the fonts that the book needs, and of nothing else."""
    root = tmp_path_factory.mktemp("fonts")
    cache = fonts_of(shared_cache, root / "warm")
    build(project(root / "book", WORDS[0]), cache=cache, workers=workers)
    return fonts_of(cache, root / "fonts")


@pytest.fixture(scope="module")
def shelf(
    fonts: Path, workers: Workers, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """Return the book as clean builds made it, by its word."""
    roots = {}
    for word in WORDS:
        roots[word] = project(tmp_path_factory.mktemp("clean"), word)
        empty_cache(roots[word], fonts)
        build(roots[word], workers=workers)
    return roots


@pytest.fixture(scope="module")
def clean(shelf: dict[str, Path]) -> dict[str, dict[str, bytes]]:
    """Return what clean builds make of the book, by its word."""
    return {word: files_in(root) for word, root in shelf.items()}


@pytest.fixture
def book(tmp_path: Path, shelf: dict[str, Path]) -> Path:
    """Return the book as it was built with the first of its words."""
    return shutil.copytree(shelf[WORDS[0]], tmp_path / "book")


def empty_cache(root: Path, fonts: Path) -> None:
    """Leave nothing but cut fonts in a project's own cache."""
    shutil.rmtree(root / BUILD / ".cache", ignore_errors=True)
    fonts_of(fonts, root / BUILD / ".cache")


def entries(cache: Path) -> list[Path]:
    """Return all files of a cache, whatever they are for."""
    return sorted(p for p in cache.rglob("*") if p.is_file())


def leftovers(root: Path) -> list[str]:
    """Return the files that are written aside, beside the outputs and in the cache."""
    return sorted(p.name for p in (root / BUILD).rglob(".*") if p.is_file())


# Killed


@pytest.mark.parametrize("group", range(GROUPS))
def test_a_build_killed_at_any_moment_leaves_whole_outputs(group, book, clean, fonts):
    longest = _measured(book, fonts)
    shares = itertools.cycle(_shares(group))
    kills = 0
    while kills < KILLS // GROUPS:
        # What is not in build/ now, so that there is something to do.
        new = WORDS[
            files_in(book)["a-small-book.pdf"] == clean[WORDS[0]]["a-small-book.pdf"]
        ]
        project(book, new)
        if kills % 2:
            empty_cache(book, fonts)  # every other build goes on where the last one was

        ended = Running(book).killed_after(next(shares) * longest)

        assert ended.code in (0, -signal.SIGKILL), ended.text
        found = files_in(book)
        for name in clean[new]:
            assert found[name] in [clean[word][name] for word in WORDS], name
        kills += ended.code != 0
        # A machine that is less busy than it was ends a build before it is killed.
        longest *= 1 if ended.code else 0.9
        if ended.code == 0 or kills % 10 == 0:
            built(book)
            assert {name: files_in(book)[name] for name in clean[new]} == clean[new]


def _measured(root: Path, fonts: Path) -> float:
    empty_cache(root, fonts)
    project(root, WORDS[1])
    return built(root)


def _shares(group: int) -> list[float]:
    """Return the moments of a group, spread over a build: those of all are different."""
    return [(n + 0.5) / KILLS for n in range(group, KILLS, GROUPS)]


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_build_killed_between_two_files_is_mended_by_the_next(
    number, book, clean, tmp_path
):
    old, new = (clean[word] for word in WORDS)
    project(book, WORDS[1])

    ended = killed_at_rename(book, number, tmp_path)

    assert ended.code < 0
    found = files_in(book)
    moved = [name for name in new if found[name] == new[name]]
    assert len(moved) == number - 1
    assert all(found[name] == old[name] for name in new if name not in moved)
    built(book)
    assert {name: files_in(book)[name] for name in new} == new


def test_a_build_killed_in_the_midst_of_a_file_leaves_the_old_one(
    book, clean, tmp_path
):
    old, new = (clean[word] for word in WORDS)
    length = min(len(data) for name, data in new.items() if name.endswith("pdf")) - 1
    project(book, WORDS[1])

    ended = killed_at_length(book, length, tmp_path)

    assert ended.code < 0
    assert {name: files_in(book)[name] for name in old} == old
    built(book)
    assert {name: files_in(book)[name] for name in new} == new


@pytest.mark.parametrize("count", [2, 3, 4])
def test_no_process_outlives_a_build_that_is_killed_alone(count, book, fonts):
    empty_cache(book, fonts)
    project(book, WORDS[1])
    running = Running(book, jobs=2)

    running.orphaned_at(count)

    assert running.ended(patience=20).code == -signal.SIGKILL


def test_what_a_killed_build_wrote_aside_is_swept_up(book, clean, tmp_path):
    project(book, WORDS[1])
    killed_at_rename(book, 1, tmp_path)
    assert leftovers(book) != []
    for path in (book / BUILD).rglob(".*"):
        if path.is_file():
            os.utime(path, (0, 0))  # long ago, so that no build can be at work on it

    built(book)

    assert leftovers(book) == []


# A cache that is damaged


def _flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0x10
    path.write_bytes(data)


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def _lengthen(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"0")


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _remove(path: Path) -> None:
    path.unlink()


def _make_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _fill_folder(path: Path) -> None:
    _make_folder(path)
    (path / "file").write_bytes(b"in the way")


def _point_nowhere(path: Path) -> None:
    path.unlink()
    path.symlink_to("nowhere")


Damage = Callable[[Path], None]
DAMAGES = [
    _flip, _cut, _lengthen, _empty, _remove, _make_folder, _fill_folder, _point_nowhere,
]  # fmt: skip


def names(damage: Damage) -> str:
    return damage.__name__.strip("_")


def rebuilt(root: Path, workers: Workers) -> dict[str, bytes]:
    """Build as the command line does, but here."""
    if unchanged(Order(root=root)) is None:
        build(root, workers=workers)
    return files_in(root)


@pytest.fixture
def kept(book: Path, workers: Workers) -> Path:
    """Return the built book with the record of a build in just its folder."""
    build(book, workers=workers)
    return book


def by_kind(paths: list[Path]) -> list[list[Path]]:
    """Return the files of a cache in groups: of one folder and one ending."""
    groups: dict[tuple[Path, str], list[Path]] = {}
    for path in paths:
        groups.setdefault((path.parent, "".join(path.suffixes)), []).append(path)
    return list(groups.values())


@pytest.mark.parametrize("which", ["entries", "hashes"])
@pytest.mark.parametrize("damage", DAMAGES, ids=names)
def test_damage_to_the_whole_cache_is_made_good(damage, which, kept, clean, workers):
    for path in entries(kept / BUILD / ".cache"):
        if (path.suffix == ".sha256") == (which == "hashes"):
            damage(path)
    (kept / BUILD / "a-small-book.pdf").unlink()

    assert rebuilt(kept, workers) == clean[WORDS[0]]


def test_damage_to_one_kind_of_entry_is_made_good(kept, clean, workers, tmp_path):
    cache = kept / BUILD / ".cache"
    whole = shutil.copytree(cache, tmp_path / "whole")
    kinds = by_kind(entries(cache))
    assert len(kinds) > 3
    for paths in kinds:
        shutil.rmtree(cache)
        shutil.copytree(whole, cache)
        (kept / BUILD / "a-small-book.pdf").unlink()
        for path in paths:
            _flip(path)

        assert rebuilt(kept, workers) == clean[WORDS[0]], paths[0]


@pytest.mark.parametrize("with_hashes", [False, True])
def test_an_entry_with_the_bytes_of_another_is_no_entry(
    with_hashes, kept, clean, workers
):
    for paths in by_kind(entries(kept / BUILD / ".cache")):
        if with_hashes or paths[0].suffix != ".sha256":
            contents = [path.read_bytes() for path in paths]
            for path, data in zip(paths, [*contents[1:], contents[0]], strict=True):
                path.write_bytes(data)
    (kept / BUILD / "a-small-book.pdf").unlink()

    assert rebuilt(kept, workers) == clean[WORDS[0]]


@pytest.mark.parametrize("place", ["cache", "kind"])
def test_a_file_in_a_folders_place_is_made_good(place, kept, clean, workers):
    cache = kept / BUILD / ".cache"
    folders = (
        [cache] if place == "cache" else [p for p in cache.iterdir() if p.is_dir()]
    )
    assert folders
    for folder in folders:
        shutil.rmtree(folder)
        folder.write_bytes(b"in the way")
    (kept / BUILD / "a-small-book.pdf").unlink()

    found = rebuilt(kept, workers)
    assert {name: found[name] for name in clean[WORDS[0]]} == clean[WORDS[0]]


# Builds at the same time


@pytest.mark.parametrize("turn", range(3))
def test_two_builds_of_one_book_at_once_both_end_well(turn, book, clean, fonts):
    empty_cache(book, fonts)
    project(book, WORDS[1])

    first, second = Running(book), Running(book, jobs=turn + 1)

    ended = first.ended(), second.ended()
    assert [e.code for e in ended] == [0, 0], ended
    assert files_in(book) == clean[WORDS[1]]


@pytest.mark.parametrize("turn", range(3))
def test_two_books_may_share_a_cache_at_once(turn, clean, fonts, tmp_path):
    cache = fonts_of(fonts, tmp_path / "cache")
    books = {word: project(tmp_path / word, word) for word in WORDS}

    running = [Running(root, cache, jobs=turn + 1) for root in books.values()]

    ended = [build.ended() for build in running]
    assert [e.code for e in ended] == [0, 0], ended
    assert {word: files_in(root) for word, root in books.items()} == clean


def test_writers_of_one_entry_are_not_in_each_others_way(tmp_path):
    data = b"entry" * 1000

    def write(_: int) -> tuple[str, set[bytes | None]]:
        store = Store(tmp_path)
        found = set()
        for _ in range(100):
            store.keep("kind", "a" * 64, ".entry", data)
            found.add(store.load("kind", "a" * 64, ".entry"))
        return store.failure, found

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(write, range(8)))

    assert results == [("", {data})] * 8


# Full disks


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Callable[[Path, int], Path]]:
    """Return what mounts a small disk at a folder, as root may."""
    disks: list[Path] = []

    def mount(folder: Path, kilobytes: int) -> Path:
        if not mounted(folder, f"size={kilobytes}k"):
            pytest.skip("only root can mount a small disk: sudo make test")
        disks.append(folder)
        return folder

    yield mount
    for folder in disks:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.parametrize("kilobytes", [4, 200])
def test_a_full_cache_fails_no_build(kilobytes, disk, book, clean, tmp_path):
    cache = disk(tmp_path / "disk", kilobytes)
    project(book, WORDS[1])

    ended = Running(book, cache).ended()

    assert ended.code == 0, ended.text
    assert ended.text.count("warning[") == 1
    assert files_in(book) == clean[WORDS[1]]
    subprocess.run(["mount", "-o", "remount,size=20m", str(cache)], check=True)
    project(book, WORDS[0])
    built(book, cache)
    assert files_in(book) == clean[WORDS[0]]


def test_a_cache_that_may_only_be_read_fails_no_build(disk, book, clean, tmp_path):
    cache = disk(tmp_path / "disk", 20_000)
    subprocess.run(["mount", "-o", "remount,ro", str(cache)], check=True)
    project(book, WORDS[1])

    ended = Running(book, cache).ended()

    assert ended.code == 0, ended.text
    assert ended.text.count("warning[") == 1
    assert files_in(book) == clean[WORDS[1]]


@pytest.mark.parametrize("spare", [0, 20, 120])
def test_a_full_disk_leaves_the_outputs_as_they_were(
    spare, disk, book, clean, fonts, tmp_path
):
    """`spare` is how many kilobytes are left."""
    cache = fonts_of(fonts, tmp_path / "cache")
    shutil.rmtree(book / BUILD)
    folder = disk(book / BUILD, 2000)
    built(book, cache)
    fill(folder, spare * 1000)
    before = files_in(book)
    project(book, WORDS[1])

    ended = Running(book, cache).ended()

    assert ended.code == 1, ended.text
    assert "error[output-not-writable]" in ended.text
    assert "No space left on device" in ended.text
    assert "hint: make room" in ended.text
    assert "Traceback" not in ended.text
    assert files_in(book) == before
    (folder / "filler").unlink()
    built(book, cache)
    assert files_in(book) == clean[WORDS[1]]


def fill(folder: Path, spare: int) -> None:
    """Leave no more room than some bytes on the disk of a folder."""
    disk = os.statvfs(folder)
    size = disk.f_bavail * disk.f_bsize - spare
    (folder / "filler").write_bytes(bytes(size))
