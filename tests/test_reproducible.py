"""The same sources give the same bytes, wherever, whenever and however they are built.

Each build is a process of its own, because time zone, hash seed and the order of a
folder's entries belong to a process.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pikepdf
import pytest

from memobook.checks.packed import PackedBook
from tests.harness import HARD, copy, fonts_of, make

FONT = HARD / "styles/fonts/HardCases-Regular.ttf"
STYLE = '[style]\nfallback = ["Noto Sans Devanagari", "Hard Cases"]\n'

MEMOS: dict[str, str | bytes] = {
    "manuscript/one.md": """---
title: One
---

A [link](https://example.org/one "One"), a note[^n], भारतीय अंतरिक्ष, `code`, **bold**
and a picture:

![A red square](images/red.png)

[^n]: A note.
""",
    "manuscript/two.md": "# Two\n\nSee [the first](one.md). ✓\n",
    "manuscript/images/red.png": (HARD / "manuscript/images/red.png").read_bytes(),
    "styles/print.css": "p { orphans: 2 }\n",
    # Two of a kind, of which memobook takes one.
    "styles/fonts/HardCases-Regular.ttf": FONT.read_bytes(),
    "styles/fonts/LICENSE-A.txt": "The first licence.\n",
    "styles/fonts/LICENSE-B.txt": "The second licence.\n",
}

# Reverses whatever the operating system says of a folder, as another one might.
REVERSED = """
import os
from contextlib import contextmanager

listdir, scandir = os.listdir, os.scandir


class Entries:
    def __init__(self, path):
        with scandir(path) as entries:
            self.entries = list(entries)[::-1]

    def __iter__(self):
        return iter(self.entries)

    def __next__(self):
        return self.entries.pop(0)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def close(self):
        pass


os.listdir = lambda path=".": listdir(path)[::-1]
os.scandir = lambda path=".": Entries(path)
"""

UNDATED = f"""
[book]
title = "A Small Book"
language = "en-US"

[contents]
memos = ["one.md", "two.md"]

{STYLE}
"""


@dataclass(frozen=True)
class Outputs:
    """What a build wrote: the name's ending -> bytes."""

    files: dict[str, bytes] = field(repr=False)


def build(root: Path, cache: Path, **environment: str) -> Outputs:
    """Build in a process of its own, from the sources, and return the outputs."""
    keep = "PATH HOME LD_LIBRARY_PATH DYLD_FALLBACK_LIBRARY_PATH SYSTEMROOT".split()
    known = {name: os.environ[name] for name in keep if name in os.environ}
    known |= {"MEMOBOOK_CACHE": str(cache), **environment}
    done = subprocess.run(
        [sys.executable, "-m", "memobook", "build", ".", "--jobs", "1"],
        cwd=root,
        env=known,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "nothing has changed" not in done.stdout
    found = (root / "build").glob("*.*")
    return Outputs({path.suffix[1:]: path.read_bytes() for path in found})


@pytest.fixture(scope="module")
def first(shared_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Outputs:
    """Return the outputs that all others are compared with."""
    root = tmp_path_factory.mktemp("first")
    cache = fonts_of(shared_cache, root / "cache")
    return build(make(root / "book", MEMOS, STYLE), cache)


@pytest.fixture
def cache(shared_cache: Path, tmp_path: Path) -> Path:
    """Return a cache of fonts alone, so that every page is laid out anew."""
    return fonts_of(shared_cache, tmp_path / "cache")


def test_the_outputs_are_three_files(first):
    assert sorted(first.files) == ["epub", "json", "pdf"]
    assert len(first.files["pdf"]) > 20_000
    assert len(first.files["epub"]) > 20_000


def test_another_folder_gives_the_same_bytes(first, tmp_path, cache):
    root = make(tmp_path / "a deeper folder" / "Größe & Maß", MEMOS, STYLE)

    assert build(root, cache).files == first.files


def test_other_dates_of_the_files_give_the_same_bytes(first, tmp_path, cache):
    root = make(tmp_path / "book", MEMOS, STYLE)
    for days, path in enumerate(sorted(root.rglob("*"))):
        os.utime(path, (86400 * (days + 3650), 86400 * (days + 3650)))

    assert build(root, cache).files == first.files


@pytest.mark.parametrize(
    "environment",
    [
        {"TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "1"},
        {"TZ": "America/Los_Angeles", "PYTHONHASHSEED": "4294967295"},
        {"SOURCE_DATE_EPOCH": "1000000000", "LC_ALL": "tr_TR.UTF-8"},
    ],
    ids=lambda environment: " ".join(environment.values()),
)
def test_another_environment_gives_the_same_bytes(environment, first, tmp_path, cache):
    root = make(tmp_path / "book", MEMOS, STYLE)

    assert build(root, cache, **environment).files == first.files


def test_another_order_of_the_folders_gives_the_same_bytes(first, tmp_path, cache):
    root = make(tmp_path / "book", MEMOS, STYLE)
    custom = tmp_path / "custom"
    custom.mkdir()
    (custom / "sitecustomize.py").write_text(REVERSED, encoding="utf-8")

    found = build(root, cache, PYTHONPATH=str(custom))

    assert found.files == first.files


def test_the_order_of_the_folders_really_was_another(tmp_path):
    (tmp_path / "sitecustomize.py").write_text(REVERSED, encoding="utf-8")
    code = "import os, pathlib; print([p.name for p in pathlib.Path('.').glob('*')])"
    folder = make(tmp_path / "book", MEMOS, STYLE)
    orders = [
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": path},
            capture_output=True,
            check=True,
            encoding="utf-8",
        ).stdout
        for path in ("", str(tmp_path))
    ]

    assert orders[0] != orders[1]


def test_an_empty_cache_and_a_full_one_give_the_same_bytes(first, tmp_path):
    cache = tmp_path / "cache"

    cold = build(make(tmp_path / "cold", MEMOS, STYLE), cache)
    warm = build(make(tmp_path / "warm", MEMOS, STYLE), cache)

    assert cold.files == first.files
    assert warm.files == first.files
    assert list((cache / "fonts").glob("*.ttf"))
    assert list((cache / "sheets").iterdir())


def test_a_book_without_a_date_has_that_of_the_environment(tmp_path, cache):
    files = {**MEMOS, "manuscript/book.toml": UNDATED}
    root = make(tmp_path / "book", files, STYLE)

    none = build(root, cache)
    early = build(root, cache, SOURCE_DATE_EPOCH="1000000000")
    (tmp_path / "again").mkdir()
    root = make(tmp_path / "again", files)
    again = build(root, cache, SOURCE_DATE_EPOCH="1000000000", TZ="Asia/Tokyo")

    assert early.files == again.files
    assert _day(early) == "2001-09-09"
    assert _day(none) == "1980-01-01"


def _day(outputs: Outputs) -> str:
    with pikepdf.open(io.BytesIO(outputs.files["pdf"])) as pdf:
        stamp = str(pdf.docinfo["/ModDate"])
    package = PackedBook(outputs.files["epub"]).files["EPUB/content.opf"].decode()
    day = f"{stamp[2:6]}-{stamp[6:8]}-{stamp[8:10]}"
    assert f"{day}T00:00:00Z</meta>" in package
    return day


def test_a_change_of_the_text_gives_other_bytes(first, tmp_path, cache):
    files = {**MEMOS, "manuscript/two.md": "# Two\n\nSee [the first](one.md)! ✓\n"}

    found = build(make(tmp_path / "book", files, STYLE), cache).files

    assert all(found[kind] != first.files[kind] for kind in ("pdf", "epub", "json"))


@pytest.mark.parametrize("name", ["example", "hard"])
def test_large_books_are_the_same_in_another_process(name, request, tmp_path, cache):
    book = request.getfixturevalue(name)
    root = copy(book.root, tmp_path / "book")

    found = build(root, cache, PYTHONHASHSEED="7", TZ="Asia/Kolkata").files

    changed = [k for k in found if found[k] != book.path(k).read_bytes()]
    assert changed == []
    assert sorted(found) == ["epub", "json", "pdf"]
