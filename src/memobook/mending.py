"""Mend a project's texts: what `memobook check --fix` shows, and writes when told.

What goes in: a project folder. What comes out: each Markdown file that can be mended,
as it is and as it should be. Nothing is written before `write` is called.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

from memobook.aside import write_aside
from memobook.checks.mends import mended
from memobook.diagnostics import Code, Reporter, Span
from memobook.project.config import BOOK_FILE, MANUSCRIPT
from memobook.project.files import Files

__all__ = ["Mended", "mends", "write"]


@dataclass(frozen=True, slots=True)
class Mended:
    """A file that can be mended."""

    path: str
    """Relative to the project folder."""
    before: str
    after: str
    head: bytes = b""
    """The byte order mark, if it had one: another program may want it."""
    line_end: str = "\n"

    @property
    def diff(self) -> str:
        """The difference as git and patch write it."""
        lines = unified_diff(
            self.before.split("\n"),
            self.after.split("\n"),
            f"a/{self.path}",
            f"b/{self.path}",
            lineterm="",
        )
        return "\n".join(lines)

    @property
    def data(self) -> bytes:
        """The mended file."""
        return self.head + self.after.replace("\n", self.line_end).encode()


def mends(root: Path, reporter: Reporter) -> Iterator[Mended]:
    """Yield the files of manuscript/ that can be mended, in the order of their names.

    Also those that no memo list names: another memo may include them.
    """
    files = Files(root.resolve())
    if not files.has(BOOK_FILE, reporter):
        hint = "run memobook in a project's folder, or name one"
        message = f"there is no {BOOK_FILE} in {root}"
        reporter.error(Code.PROJECT_NOT_FOUND, Span(str(root)), message, hint)
        return
    for path in files.listing(MANUSCRIPT, "**/*.md"):
        before = files.text(path, reporter)
        if before is None or (after := mended(before)) == before:
            continue
        data = files.read(path)
        head = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
        line_end = "\r\n" if b"\r\n" in data else "\n"
        yield Mended(path, before, after, head, line_end)


def write(root: Path, found: Mended) -> None:
    """Put a mended file in the place of the old one. Raises OSError if it cannot."""
    path = root.resolve() / found.path
    write_aside(path, found.data, path.stat().st_mode)
