"""Look at every picture of the book: it must be there and be what it says.

What goes in: a book whose pictures have their paths. What comes out: diagnostics, and
the media type of a picture's bytes for whoever packs it.
"""

from __future__ import annotations

import hashlib
import io
import posixpath
import re
import struct
import warnings
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches

from PIL import Image, ImageFile, UnidentifiedImageError

from memobook.book.drawings import cleaned, is_drawing
from memobook.book.model import Book, Picture
from memobook.diagnostics import Code, Reporter, Span
from memobook.project.config import MANUSCRIPT
from memobook.project.files import Files, RefusedError
from memobook.project.limits_schema import MOST_MEGAPIXELS

__all__ = [
    "MEGAPIXEL",
    "SUFFIXES",
    "check_pictures",
    "check_pixels",
    "is_moving",
    "media_type",
    "pixels_of",
]

# Which formats are taken in? What an output cannot have, book/rasters.py converts.
_FORMATS = {
    "PNG": "image/png",
    "JPEG": "image/jpeg",
    "GIF": "image/gif",
    "WEBP": "image/webp",
    "AVIF": "image/avif",
}
SUFFIXES = {
    "image/svg+xml": "svg",
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/avif": "avif",
}
"""Media type -> the suffix of a file that memobook writes."""
_NAMED = (*(f".{suffix}" for suffix in SUFFIXES.values()), ".jpeg")
"""What the names of pictures end in."""

# What does Pillow raise for a picture that is damaged? The first four itself, the
# others come out of the modules that its plugins use.
_DAMAGED = (
    UnidentifiedImageError,
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    IndexError,
    KeyError,
    OverflowError,
    struct.error,
    zlib.error,
)


def check_pictures(
    books: Iterable[Book], files: Files, megapixels: int, reporter: Reporter
) -> frozenset[str]:
    """Report pictures that are missing, outside the project, unreadable or too large.

    `megapixels` is the most that one may have. Returns the paths of those reported,
    which cannot be shown.
    """
    good, bad = set[str](), set[str]()
    for picture in (p for book in books for memo in book.memos for p in memo.pictures):
        # One that is good is so wherever it is shown; a fault is told everywhere.
        if picture.path not in good:
            is_good = _check(picture, files, megapixels, reporter)
            (good if is_good else bad).add(picture.path)
    return frozenset(bad)


def check_pixels(
    data: bytes, path: str, span: Span, megapixels: int, reporter: Reporter
) -> bool:
    """Report a picture that has more pixels than it may; tell whether it has not."""
    pixels = pixels_of(data)
    if pixels <= megapixels * MEGAPIXEL:
        return True
    has = -(-pixels // MEGAPIXEL)
    message = f"{path} has {has} megapixels; the limit is {megapixels}"
    hint = "make it smaller in a picture editor"
    if has <= MOST_MEGAPIXELS:
        setting = f"picture_megapixels = {has}"
        hint += f", or write {setting} under [limits] in {MANUSCRIPT}/book.toml"
    reporter.error(Code.IMAGE_TOO_LARGE, span, message, hint)
    return False


MEGAPIXEL = 1_000_000


def _check(picture: Picture, files: Files, megapixels: int, reporter: Reporter) -> bool:
    """Tell whether a picture can be shown."""
    path, span = picture.path, picture.span
    try:
        data = files.read(path)
    except RefusedError as error:
        hint = error.hint or "copy the picture into manuscript/images/"
        reporter.error(error.code, span, str(error), hint)
        return False
    except OSError:
        hint = _nearest(picture, files) or "paths are relative to the memo"
        reporter.error(Code.IMAGE_MISSING, span, f"there is no picture {path}", hint)
        return False
    if not check_pixels(data, path, span, megapixels, reporter):
        return False
    kind = media_type(data)
    if kind == "image/svg+xml":
        _report_losses(path, data, reporter)
    if kind is None:
        message = (
            f"{path} is no SVG, PNG, JPEG, GIF, WebP or AVIF picture, or is damaged"
        )
        hint = "open it in a picture editor and export it as PNG, JPEG or SVG"
        reporter.error(Code.IMAGE_UNREADABLE, span, message, hint)
    return kind is not None


def _report_losses(path: str, data: bytes, reporter: Reporter) -> None:
    """Report what a drawing may not hold, and is not shown."""
    for loss in cleaned(data).losses:
        report = reporter.error if loss.is_visible else reporter.warning
        message = f"the drawing holds {loss.what}, which is taken out"
        span = Span(path, loss.line)
        report(Code.DRAWING_NOT_ALLOWED, span, message, loss.hint)


def _nearest(picture: Picture, files: Files) -> str:
    paths = files.listing(MANUSCRIPT, "**/*")
    names = [
        p.removeprefix(f"{MANUSCRIPT}/") for p in paths if p.lower().endswith(_NAMED)
    ]
    near = get_close_matches(picture.path.removeprefix(f"{MANUSCRIPT}/"), names, n=1)
    if not near:
        return ""
    folder = posixpath.dirname(picture.span.path)
    return f"did you mean {posixpath.relpath(f'{MANUSCRIPT}/{near[0]}', folder)}?"


def pixels_of(data: bytes) -> int:
    """Return how many pixels a picture says that it has; 0 of a drawing.

    Beyond what Pillow opens, 178 millions, it is always one more.
    """
    if is_drawing(data):
        return 0
    try:
        with _opened(data) as image:
            return image.width * image.height
    except Image.DecompressionBombError:
        return MOST_MEGAPIXELS * MEGAPIXEL + 1
    except _DAMAGED:
        return 0


def _opened(data: bytes) -> Image.Image:
    """Open a picture by its head: pixels that it says it has are not read yet."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        # By these formats only: for others Pillow would run programs.
        return Image.open(io.BytesIO(data), formats=tuple(_FORMATS))


_types: dict[bytes, str | None] = {}
"""What this process has found out: the hash of a picture -> its media type."""


def media_type(data: bytes) -> str | None:
    """Return the media type of a picture that can be decoded whole, else None."""
    key = hashlib.sha256(data).digest()
    if key not in _types:
        _types[key] = _decoded(data)
    return _types[key]


# What of an SVG file moves it?
_MOVES = re.compile(rb"<(\w+:)?(animate\w*|set)\b|@keyframes")


def is_moving(data: bytes) -> bool:
    """Tell whether a picture that can be decoded shows more than one picture."""
    if media_type(data) == "image/svg+xml":
        return bool(_MOVES.search(data))
    with _opened(data) as image:
        return bool(getattr(image, "is_animated", False))


def _decoded(data: bytes) -> str | None:
    if is_drawing(data):
        return _svg(data)
    try:
        with _whole(), _opened(data) as image:
            # An eighth of a JPEG's pixels is enough to find any damage in its data.
            image.draft(None, (1, 1))
            image.load()
            return _FORMATS[image.format or ""]
    except (*_DAMAGED, Image.DecompressionBombError):
        return None


@contextmanager
def _whole() -> Iterator[None]:
    """Take no picture that is cut off: WeasyPrint, where it is loaded, takes them."""
    before = ImageFile.LOAD_TRUNCATED_IMAGES
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before


def _svg(data: bytes) -> str | None:
    try:
        cleaned(data)
    except ValueError:
        return None
    return "image/svg+xml"
