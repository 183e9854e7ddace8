"""A build writes all of its outputs or none, and says what they were made of."""

from __future__ import annotations

import hashlib
import io
import json
import os
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image

from memobook.diagnostics import MemobookError
from tests.harness import HARD, Built, built, fonts_of, make
from tests.judges import check_epub

MEMOS: dict[str, str | bytes] = {
    "manuscript/one.md": """---
title: One
---

A [link](https://example.org/one "One"), a note[^n], and `code`.

![A red square](images/red.png)

[^n]: A note.
""",
    "manuscript/two.md": "# Two\n\nSee [the first](one.md).\n",
    "manuscript/images/red.png": (HARD / "manuscript/images/red.png").read_bytes(),
}

FAULTY = {"manuscript/two.md": "# Two\n\nSee [the third](three.md).\n"}


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder but for the cache."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".cache" not in path.parts
    }


# All or nothing


@pytest.fixture
def book(tmp_path: Path) -> Built:
    return built(make(tmp_path, MEMOS))


def test_a_build_writes_its_outputs_and_nothing_else(book):
    assert sorted(contents(book.root / "build")) == [
        "a-small-book.epub",
        "a-small-book.json",
        "a-small-book.pdf",
    ]
    assert sorted(contents(book.root)) == sorted(
        [
            *MEMOS,
            "manuscript/book.toml",
            *(f"build/{name}" for name in contents(book.root / "build")),
        ]
    )


def test_everybody_may_read_the_outputs(book):
    assert {oct(path.stat().st_mode)[-3:] for path in (book.root / "build").glob("*.*")}
    for kind in ("pdf", "epub", "json"):
        assert book.path(kind).stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize(
    "fault",
    [
        FAULTY,
        {"manuscript/book.toml": "[book]\ntitel = 'x'\n"},
        {"styles/memo.html.j2": "{% broken %}"},
        {"styles/print.css": "p { colr: red }"},
        {"manuscript/one.md": "# One\n\nA letter that no font has: \U000122ab.\n"},
    ],
    ids=["link", "settings", "template", "style", "glyph"],
)
def test_a_book_with_errors_leaves_the_outputs_as_they_were(fault, book):
    before = contents(book.root / "build")
    for path, text in fault.items():
        target = book.root / path
        target.parent.mkdir(exist_ok=True)
        target.write_text(text, encoding="utf-8")

    with pytest.raises(MemobookError) as found:
        built(book.root)

    assert any(d.is_error for d in found.value.diagnostics)
    assert contents(book.root / "build") == before


@pytest.mark.parametrize("fails_at", [1, 2, 3])
def test_a_full_disk_leaves_the_outputs_as_they_were(fails_at, book, monkeypatch):
    before = contents(book.root / "build")
    memo = book.root / "manuscript/two.md"
    memo.write_text("# Two\n\nOther words.\n", encoding="utf-8")
    make_file, count = tempfile.mkstemp, 0

    def full(*args: Any, **options: Any) -> tuple[int, str]:
        nonlocal count
        if Path(options["dir"]) != book.root / "build":
            return make_file(*args, **options)
        count += 1
        if count == fails_at:
            raise OSError(28, "No space left on device")
        return make_file(*args, **options)

    monkeypatch.setattr(tempfile, "mkstemp", full)
    with pytest.raises(MemobookError, match="No space left on device"):
        built(book.root)

    assert count == fails_at
    assert contents(book.root / "build") == before


def test_a_build_of_one_format_leaves_the_other_as_it_was(book):
    before = contents(book.root / "build")
    memo = book.root / "manuscript/two.md"
    memo.write_text("# Two\n\nOther words.\n", encoding="utf-8")

    built(book.root, formats=("epub",))

    after = contents(book.root / "build")
    assert after["a-small-book.pdf"] == before["a-small-book.pdf"]
    assert after["a-small-book.epub"] != before["a-small-book.epub"]


# The manifest


def test_the_manifest_says_what_was_made_and_of_what(book):
    manifest = json.loads(book.path("json").read_text(encoding="utf-8"))

    def digest(path: Path) -> str:
        return hashlib.sha256(path.read_bytes()).hexdigest()

    for kind in ("pdf", "epub"):
        path = book.path(kind)
        said = manifest["outputs"][path.name]
        assert said == {"sha256": digest(path), "size": path.stat().st_size}
    with pikepdf.open(book.path("pdf")) as pdf:
        assert manifest["pages"] == len(pdf.pages) == book.report.pages
    assert manifest["title"] == "A Small Book"
    assert manifest["identifier"].startswith("urn:uuid:")
    assert [memo["path"] for memo in manifest["memos"]] == [
        "manuscript/one.md",
        "manuscript/two.md",
    ]
    assert manifest["memos"][0]["notes"] == [
        {"number": 1, "kind": "link", "url": "https://example.org/one"},
        {"number": 2, "kind": "author", "url": None},
    ]
    pdf = book.pdf
    for memo in manifest["memos"]:
        assert memo["folio"] == pdf.labels[pdf.destinations[memo["id"]]]


def test_the_manifest_lists_every_file_that_was_read_or_looked_for(book):
    inputs = json.loads(book.path("json").read_text(encoding="utf-8"))["inputs"]

    there = {path: said for path, said in inputs.items() if said != "missing"}
    assert sorted(there) == sorted([*MEMOS, "manuscript/book.toml"])
    for path, said in there.items():
        assert said == hashlib.sha256((book.root / path).read_bytes()).hexdigest()
    missing = {path for path, said in inputs.items() if said == "missing"}
    assert {"styles/print.css", "styles/epub.css", "styles/memo.html.j2"} <= missing


def test_the_manifest_names_the_engines(book):
    versions = json.loads(book.path("json").read_text(encoding="utf-8"))["versions"]

    assert versions["weasyprint"] == version("weasyprint")
    assert versions["ebooklib"] == version("ebooklib")


def test_a_manifest_without_a_pdf_has_no_pages(tmp_path):
    book = built(make(tmp_path, MEMOS), formats=("epub",))

    manifest = json.loads(book.path("json").read_text(encoding="utf-8"))

    assert manifest["pages"] is None
    assert list(manifest["outputs"]) == ["a-small-book.epub"]
    assert not (tmp_path / "build/a-small-book.pdf").exists()


# The cover


def test_the_cover_of_the_epub_is_the_cover_of_the_pdf(book):
    (name,) = (
        f"EPUB/{item.get('href')}"
        for item in book.epub.package.iter("{*}item")
        if item.get("properties") == "cover-image"
    )
    with Image.open(io.BytesIO(book.epub.files[name])) as picture:
        assert picture.height == 1600
        assert picture.width == pytest.approx(1600 * 148 / 210, abs=2)


def test_an_author_may_give_a_cover(tmp_path):
    settings = "[epub]\ncover = 'images/red.png'\n"

    book = built(make(tmp_path, MEMOS, settings), formats=("epub",))

    (name,) = (
        f"EPUB/{item.get('href')}"
        for item in book.epub.package.iter("{*}item")
        if "cover-image" in (item.get("properties") or "")
    )
    assert book.epub.files[name] == MEMOS["manuscript/images/red.png"]
    assert check_epub(book.path("epub")) == ()


@pytest.mark.parametrize(
    ("cover", "code"),
    [
        ("images/none.png", "image-missing"),
        ("one.md", "image-unreadable"),
        ("../../outside.png", "file-outside"),
    ],
)
def test_a_cover_that_cannot_be_used_is_an_error_with_its_place(cover, code, tmp_path):
    root = make(tmp_path / "book", MEMOS, f"[epub]\ncover = '{cover}'\n")

    with pytest.raises(MemobookError) as found:
        built(root, formats=("epub",))

    (diagnostic,) = found.value.diagnostics
    assert diagnostic.code.value == code
    assert (diagnostic.span.path, diagnostic.span.line) == ("manuscript/book.toml", 11)


# Paper


@pytest.mark.parametrize(
    ("name", "width", "height"),
    [
        ("letter", 612, 792),
        ("a4", 595.28, 841.89),
        ("a5", 419.53, 595.28),
        ("6x9in", 432, 648),
        ("150mm 230mm", 425.2, 651.97),
    ],
)
def test_every_page_has_the_size_of_the_paper(name, width, height, tmp_path):
    root = make(tmp_path, MEMOS, f"[pdf]\npaper = '{name}'\n")

    book = built(root, formats=("pdf",))

    for page in book.pdf.pdf.pages:
        size = [float(edge) for edge in page.mediabox]
        assert size == pytest.approx([0, 0, width, height], abs=0.5)


@pytest.mark.parametrize(("start", "places"), [("right", {0}), ("next", {0, 1})])
def test_memos_begin_on_a_right_hand_page_if_so_configured(start, places, tmp_path):
    memos = {f"manuscript/m{n}.md": f"# Memo {n}\n\nText.\n" for n in range(3)}
    settings = f"[pdf]\nmemos_start = '{start}'\n"

    book = built(make(tmp_path, memos, settings), formats=("pdf",))

    pages = [book.pdf.destinations[f"m{n}"] for n in range(3)]
    # The first page of a book is a right-hand one.
    assert {page % 2 for page in pages} == places
    assert book.pdf.labels[pages[0]] == "1"


# A machine without Pango

# As WeasyPrint fails where the library is missing.
NO_PANGO = """
import importlib.abc
import sys


class Finder(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")


sys.meta_path.insert(0, Finder())
"""


def without_pango(root: Path, cache: Path, *arguments: str):
    custom = root.parent / "custom"
    custom.mkdir(exist_ok=True)
    (custom / "sitecustomize.py").write_text(NO_PANGO, encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-m", "memobook", *arguments],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(custom), "MEMOBOOK_CACHE": str(cache)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture
def bare(tmp_path: Path, shared_cache: Path) -> tuple[Path, Path]:
    """Return a project, and a cache without pages."""
    return make(tmp_path / "book", MEMOS), fonts_of(shared_cache, tmp_path / "cache")


def test_an_epub_needs_no_pango_but_has_no_drawn_cover(bare):
    done = without_pango(*bare, "build", "--format", "epub")

    assert done.returncode == 0
    assert "warning[cover-not-drawn]: the EPUB has no cover picture" in done.stderr
    assert "Traceback" not in done.stderr
    (path,) = (bare[0] / "build").glob("*.epub")
    assert check_epub(path) == ()


def test_a_pdf_needs_pango_and_the_message_says_how_to_get_it(bare):
    done = without_pango(*bare, "build")

    assert done.returncode == 4
    assert done.stdout == ""
    error, hint, instead = done.stderr.splitlines()
    assert error.startswith("error: Pango, which lays out the pages, cannot be loaded")
    assert "install" in hint
    assert "memobook build --format epub" in instead
    assert contents(bare[0] / "build") == {}


def test_the_doctor_says_that_pango_is_missing(bare):
    done = without_pango(*bare, "doctor")

    assert done.returncode == 4
    assert "Pango: missing." in done.stdout
    assert "install" in done.stdout


def test_the_check_of_the_sources_needs_no_pango(bare):
    done = without_pango(*bare, "check")

    assert done.returncode == 0
    assert done.stderr.startswith("build: info[output-not-built]: there is no finished")
    assert done.stderr.endswith("0 errors, 0 warnings\n")
