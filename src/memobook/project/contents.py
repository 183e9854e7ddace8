"""Find what [contents] of book.toml lists: front matter, parts, memos, back matter.

What goes in: the settings and the project's files. What comes out: everything that is
there in the order of the book, and a diagnostic for everything that is not.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum

from memobook.diagnostics import Code, Reporter, Span
from memobook.project.files import Files, OutsideError
from memobook.project.located import Located, Path
from memobook.project.schema import BookFile, ContentsTable, PartTable

__all__ = [
    "AUTHORS",
    "BACK_PAGES",
    "FIGURES",
    "TABLES",
    "Listed",
    "Matter",
    "find_listed",
]

AUTHORS = "authors"
"""What stands in a list for the page about the authors, which memobook makes."""

FIGURES, TABLES = "figures", "tables"
"""What stands in a list for the lists of figures and of tables."""

BACK_PAGES = ("abbreviations", "bibliography", "sources")
"""What stands in a list for pages that else stand behind all memos."""

_MADE = (AUTHORS, FIGURES, TABLES, *BACK_PAGES)
_INDEX = "index"


class Matter(StrEnum):
    """Which piece of a book something is, in the order in which they stand."""

    FRONT = "front"
    """Foreword, summary: before the memos, with roman page numbers."""
    PART = "part"
    """The page that opens a part."""
    MEMO = "memo"
    APPENDIX = "appendix"
    BACK = "back"
    """Acknowledgements, further reading: after the memos."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One thing that [contents] lists."""

    path: str
    """Of its file; empty for a page that memobook makes, and a part without a text."""
    span: Span
    """Where it is listed."""
    matter: Matter = Matter.MEMO
    title: str = ""
    """Of a part that has no file."""
    made: str = ""
    """Which page memobook makes."""


def find_listed(
    files: Files,
    folder: str,
    settings: BookFile,
    located: Located,
    reporter: Reporter,
) -> tuple[tuple[Listed, ...], tuple[str, ...]]:
    """Return what is listed and there, and the paths of the files that are not listed.

    `folder` is where the files are. Reports what is not there or is listed twice.
    """
    there = files.listing(folder, "**/*.md")
    finder = _Finder(files, folder, located, there, reporter)
    written = located.data.get("contents")
    found = tuple(finder.all(settings.contents))
    if not isinstance(written, dict) or not _has_lists(written):
        return (), ()  # it was reported, and which memo is not listed nobody knows
    finder.report_empty(settings.contents, written)
    return found, tuple(path for path in sorted(there) if path not in finder.seen)


def _has_lists(written: dict[str, object]) -> bool:
    return any(isinstance(written.get(key), list) for key in ("memos", "parts"))


@dataclass(frozen=True, slots=True)
class _Finder:
    """Goes through the lists in the order of the book."""

    files: Files
    folder: str
    located: Located
    there: tuple[str, ...]
    reporter: Reporter
    seen: set[str] = field(default_factory=set)

    def all(self, contents: ContentsTable) -> Iterator[Listed]:
        yield from self._listed(contents.front, ("front",), Matter.FRONT)
        yield from self._listed(contents.memos, ("memos",), Matter.MEMO)
        for index, part in enumerate(contents.parts):
            yield self._part(part, index)
            yield from self._listed(part.memos, ("parts", index, "memos"), Matter.MEMO)
        yield from self._listed(contents.appendices, ("appendices",), Matter.APPENDIX)
        yield from self._listed(contents.back, ("back",), Matter.BACK)

    def _part(self, part: PartTable, index: int) -> Listed:
        span = self._span("parts", index, "text" if part.text else "title")
        path = self._path(part.text, span) if part.text else ""
        title = part.title or part.text
        return Listed(path, span, Matter.PART, "" if path else title)

    def _listed(
        self, names: tuple[str, ...], where: Path, matter: Matter
    ) -> Iterator[Listed]:
        for index, name in enumerate(names):
            span = self._span(*where, index)
            if name in _MADE and matter in {Matter.FRONT, Matter.BACK}:
                if self._is_first(name, name, span):
                    yield Listed("", span, matter, made=name)
            elif path := self._path(name, span):
                yield Listed(path, span, matter)

    def _span(self, *where: str | int) -> Span:
        return self.located.value(("contents", *where))

    def _path(self, name: str, span: Span) -> str:
        """Return the path of a file; empty if it is not there or was listed before."""
        path = posixpath.normpath(f"{self.folder}/{name}")
        if not self._is_first(path, name, span) or not self._is_there(path, name, span):
            return ""
        return path

    def _is_first(self, key: str, name: str, span: Span) -> bool:
        if key in self.seen:
            message, hint = f"{name} is listed twice", "take one of them out"
            self.reporter.error(Code.CONFIG_MEMO_TWICE, span, message, hint)
            return False
        self.seen.add(key)
        return True

    def _is_there(self, path: str, name: str, span: Span) -> bool:
        try:
            if self.files.exists(path):
                return True
        except OutsideError:
            message = f"{name} is not in the project"
            hint = f"copy it into {self.folder}/"
            self.reporter.error(Code.FILE_OUTSIDE, span, message, hint)
            return False
        names = [*(p.removeprefix(f"{self.folder}/") for p in self.there), *_MADE]
        near = get_close_matches(name, names, n=1, cutoff=0.7)
        hint = f"make the file {path}, or take it out"
        hint = f"did you mean {near[0]}?" if near else hint
        if name == _INDEX:
            hint = "the index is the last page without being named: take it out"
        message = f"there is no {name} in {self.folder}/"
        self.reporter.error(Code.CONFIG_MEMO_MISSING, span, message, hint)
        return False

    def report_empty(self, contents: ContentsTable, written: dict[str, object]) -> None:
        """Report a book or a part without a memo."""
        hint = 'write `memos = ["overview.md"]`'
        if not contents.memos and not contents.parts:
            key = "memos" if "memos" in written else "parts"
            message = "no memo is listed"
            self.reporter.error(Code.CONFIG_NO_MEMOS, self._span(key), message, hint)
        parts = written.get("parts")
        for index, part in enumerate(contents.parts):
            as_written = parts[index] if isinstance(parts, list) else None
            has_list = isinstance(as_written, dict) and "memos" in as_written
            if not part.memos and has_list:
                span = self._span("parts", index, "memos")
                message = f"the part “{part.title or part.text}” has no memo"
                self.reporter.error(Code.CONFIG_NO_MEMOS, span, message, hint)
