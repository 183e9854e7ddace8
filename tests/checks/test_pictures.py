"""Every picture of the book is there and is what it says."""

import io
import random
from pathlib import Path

import pytest
from PIL import EpsImagePlugin, Image

from memobook.book.model import Book
from memobook.checks import pictures
from memobook.checks.pictures import check_pictures, media_type
from memobook.diagnostics import Reporter
from memobook.project.files import Files
from tests.book.helpers import books, codes

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0h1v1z"/></svg>'


def picture(kind: str, size: int = 9) -> bytes:
    out = io.BytesIO()
    noise = random.Random(1).randbytes(size * size * 3)
    Image.frombytes("RGB", (size, size), noise).save(out, kind)
    return out.getvalue()


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("GIF", "image/gif"),
     ("WEBP", "image/webp")],
)  # fmt: skip
def test_a_picture_is_known_by_its_bytes(kind, expected):
    assert expected == media_type(picture(kind))


@pytest.mark.parametrize(
    "data",
    [SVG, b"\n " + SVG,
     b"\xef\xbb\xbf" + SVG, b"<!-- c -->" + SVG],
)  # fmt: skip
def test_a_drawing_is_known_by_its_root(data):
    assert media_type(data) == "image/svg+xml"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"text",
        b"<svg></svg>",
        b"<svg><path></svg>",
        b"<html xmlns='http://www.w3.org/1999/xhtml'/>",
        b"\x89PNG\r\n\x1a\n",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 1 1\n",
        b"%PDF-1.7\n",
        picture("BMP"),
        picture("TIFF"),
    ],
)
def test_what_no_reading_system_shows_is_no_picture(data):
    assert media_type(data) is None


def test_a_drawing_with_a_bomb_of_entities_is_refused_or_harmless():
    bomb = (
        b'<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;">'
        b'<!ENTITY c SYSTEM "file:///etc/passwd">]>'
        b'<svg xmlns="http://www.w3.org/2000/svg"><text>&b;&c;</text></svg>'
    )
    assert media_type(bomb) in {None, "image/svg+xml"}


def test_no_program_is_run_to_look_at_a_picture(monkeypatch):
    def ghostscript(*_, **__):
        pytest.fail("Pillow was about to run Ghostscript")

    monkeypatch.setattr(EpsImagePlugin, "Ghostscript", ghostscript)
    header = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\n"
    assert media_type(header + b"showpage\n") is None


def test_a_picture_that_is_a_bomb_is_not_decoded(monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 20)
    monkeypatch.setattr(pictures, "_types", {})  # it may be known from another test
    assert media_type(picture("PNG")) is None


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_a_damaged_picture_is_reported_and_never_a_crash(kind):
    whole = picture(kind, 40)
    chance = random.Random(2)
    for _ in range(150):
        data = bytearray(whole[: chance.randrange(1, len(whole) + 1)])
        for _ in range(chance.randrange(1, 8)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        assert media_type(bytes(data)) in {None, media_type(whole)}
    assert media_type(whole[: len(whole) // 2]) is None


# The pictures of a book


def check(tmp_path: Path, book: Book) -> Reporter:
    folder = tmp_path / "book/manuscript/images"
    folder.mkdir(parents=True)
    (folder / "map.svg").write_bytes(SVG)
    (folder / "bad.png").write_bytes(b"text")
    (tmp_path / "out.svg").write_bytes(SVG)
    reporter = Reporter()
    check_pictures([book], Files((tmp_path / "book").resolve()), 64, reporter)
    return reporter


def test_pictures_that_are_good_have_no_fault(tmp_path):
    text = "![A](images/map.svg) ![B](images/../images/map.svg)"
    assert check(tmp_path, books(text)).diagnostics == ()


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("images/mapp.svg", "image-missing"),
        ("images", "image-missing"),
        ("images/a%00b.svg", "image-missing"),
        ("images/bad.png", "image-unreadable"),
        ("../../out.svg", "file-outside"),
    ],
)
def test_a_picture_that_cannot_be_shown(tmp_path, target, expected):
    reporter = check(tmp_path, books(f"Süß ![A]({target})"))
    assert [(expected, 4, 10)] == codes(reporter)


def test_a_missing_picture_is_suggested_as_the_author_would_write_it(tmp_path):
    reporter = check(tmp_path, books("![A](map.svg) ![B](images/mop.svg) ![C](x.png)"))
    hints = [d.hint for d in reporter]
    expected = "did you mean images/map.svg?"
    assert [expected, expected, "paths are relative to the memo"] == hints
