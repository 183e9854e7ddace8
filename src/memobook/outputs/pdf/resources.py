"""What a layout may read: the fonts' files and the project's, and nothing else.

What goes in: a URL that WeasyPrint wants. What comes out: bytes, or a finding that says
why there are none. Nobody knows WeasyPrint here.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from memobook.book.rasters import Limits, fitted
from memobook.design.section import PROJECT_URL
from memobook.diagnostics import Code, Diagnostic, Severity, Span
from memobook.project.files import Files, RefusedError

__all__ = ["Resources"]


_KINDS = ("image/", "font/", "text/css", "application/vnd.ms-opentype")
"""What a page may be made of; the last is how some systems call a font."""


@dataclass(slots=True)
class Resources:
    """The files of one layout."""

    span: Span
    """What is being read, for a failure."""
    files: Files
    fonts: Mapping[str, Path]
    """URL of a face -> its file."""
    limits: Limits
    """What the pictures may be."""
    failures: dict[str, Diagnostic] = field(default_factory=dict)
    """By URL."""

    def read(self, url: str) -> bytes:
        """Return the bytes behind a URL. Raises OSError and notes why."""
        if url in self.fonts:
            return self.fonts[url].read_bytes()
        if not url.startswith(PROJECT_URL):
            message = f"“{url[:200]}” is not a file of the project"
            hint = "save the file in the project folder and name it by its path"
            raise self._failure(url, Code.RESOURCE_REMOTE, message, hint)
        path = unquote(urlsplit(url).path).lstrip("/")
        kind = mimetypes.guess_type(path)[0] or "image/"
        if not kind.startswith(_KINDS):
            message = f"{path} is no picture, font or style sheet"
            raise self._failure(url, Code.IMAGE_UNREADABLE, message)
        try:
            data = self.files.read(path)
            return fitted(data, self.limits) if kind.startswith("image/") else data
        except RefusedError as error:
            raise self._failure(url, error.code, str(error), error.hint) from None
        except (OSError, ValueError):  # ValueError: a null character in the path
            message = f"there is no file {path}"
            raise self._failure(url, Code.IMAGE_MISSING, message) from None

    def _failure(self, url: str, code: Code, message: str, hint: str = "") -> OSError:
        finding = Diagnostic(self.span, Severity.ERROR, code, message, hint)
        self.failures[url] = finding
        return OSError(message)
