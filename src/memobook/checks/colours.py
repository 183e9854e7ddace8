"""Look for colours that a PDF for archives must not have: those of a printing press.

What goes in: the book's pictures and the project's own style sheets. What comes out:
diagnostics. The book is meant for sRGB, and PDF/A allows no colour that its profile
does not describe; which red a CMYK picture means, nobody can tell without its own.
ISO 19005-3, 6.2.4.3
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Mapping

from PIL import Image

from memobook.book.model import Book
from memobook.diagnostics import Code, Reporter, Span
from memobook.project.files import Files

__all__ = ["check_colours"]

_FUNCTION = re.compile(r"\bdevice-cmyk\(", re.IGNORECASE)
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def check_colours(
    book: Book, sheets: Mapping[str, str], files: Files, reporter: Reporter
) -> None:
    """Report pictures and rules in the colours of a printing press.

    `sheets` are the project's own style sheets: path -> text.
    """
    paths = {picture.path for memo in book.memos for picture in memo.pictures}
    printers = {path for path in paths if _is_cmyk(path, files)}
    for memo in book.memos:
        for picture in memo.pictures:
            if picture.path in printers:
                message = f"{picture.path} has the colours of a printing press (CMYK)"
                hint = "export it in sRGB, or take PDF/A out of `standard`"
                reporter.error(Code.COLOUR_CMYK, picture.span, message, hint)
    for path, text in sheets.items():
        _check_sheet(path, text, reporter)


def _is_cmyk(path: str, files: Files) -> bool:
    """Tell it from the head of a JPEG; no other format that is allowed has CMYK."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(files.read(path)), formats=("JPEG",)) as image:
                return image.mode == "CMYK"
    except (
        OSError,
        ValueError,
        SyntaxError,
        Image.DecompressionBombError,
    ):  # another format, or none: pictures.py
        return False


def _check_sheet(path: str, text: str, reporter: Reporter) -> None:
    blank = _COMMENT.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)
    for found in _FUNCTION.finditer(blank):
        line = blank.count("\n", 0, found.start()) + 1
        column = found.start() - blank.rfind("\n", 0, found.start())
        span = Span(path, line, column, len(found[0]) - 1)
        message = "a colour is mixed for a printing press: device-cmyk()"
        hint = "write it as #rrggbb, or take PDF/A out of `standard`"
        reporter.error(Code.COLOUR_CMYK, span, message, hint)
