"""Try a book: build it, read its outputs back, and say what must not be.

What goes in: a project in memory. What comes out: failures, each with the memo that it is
about, where that is known. Diagnostics are none: they are what a wrong text should get.
"""

from __future__ import annotations

import html
import io
import re
import shutil
import signal
import traceback
import unicodedata
import urllib.parse
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from memobook.checks.outputs import LastBuild, find_last_build
from memobook.diagnostics import Diagnostic, MemobookError, UsageError
from memobook.inspection import inspect_outputs
from memobook.looking import look_through
from memobook.pipeline import build
from memobook.report import BuildReport
from memobook.workers import Serial
from tests.fuzz.books import BOOK, FuzzBook
from tests.harness import fonts_of
from tests.rebuilds import save

__all__ = ["PRINTED", "Failure", "Trial"]

_ROUNDS = 6
"""How often a book is tried, each time without what was wrong before."""
_LIMIT = 60.0
"""Seconds of this process's time for a whole book."""
_OURS = ("parity-", "output-", "epub-", "pdf-", "layout-died", "validator-failed")
"""Codes that no text may lead to: the program is at fault."""
PRINTED = " in the PDF"
_NOT_OURS = {"epub-inaccessible", "output-not-built", "output-altered"}


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that must not be."""

    kind: str
    """crash, hang, leftover, parity, lost, differing, or invalid."""
    what: str
    """What tells it from other failures: an exception and its place, a code."""
    memo: str
    """Path of the memo; empty if it is not known."""
    text: str

    @property
    def key(self) -> str:
        """What is the same for the same failure of another book."""
        return f"{self.kind}: {self.what}"


_Tried = tuple[list[Failure], tuple[Diagnostic, ...]]
"""What must not be, and what the author is told."""


class _TooLongError(BaseException):
    """No Exception: nothing that is tried may take it for its own."""


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raise after so much time of this process, so that a machine may be busy."""

    def stop(*_: object) -> None:
        raise _TooLongError

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


@dataclass(slots=True)
class Trial:
    """Tries books one after the other in a folder."""

    root: Path
    formats: tuple[str, ...] = ("epub",)
    limit: float = _LIMIT
    again: bool = False
    """Whether to build anew and compare."""
    epub: bytes = b""
    """What the last trial made."""
    built: int = 0
    """How many memos were in books that were made."""
    codes: Counter[str] = field(default_factory=Counter)

    def failures(self, book: FuzzBook) -> tuple[Failure, ...]:
        """Try a book, then what is left of it without memos that have errors."""
        self.epub, found = b"", list[Failure]()
        for _ in range(_ROUNDS):
            some, errors = self._tried(book)
            found += some
            if some or not errors:
                break
            wrong = {d.span.path for d in errors if d.is_error}
            memos = [path for path in book.memos if path in wrong]
            left = book.without(memos) if memos else book.plain()
            if left == book:
                break
            book = left
        return tuple(found)

    def _tried(self, book: FuzzBook) -> _Tried:
        folder = self.root / "book"
        shutil.rmtree(folder, ignore_errors=True)
        save(folder, book.files)
        try:
            with limited(self.limit):
                return self._made(book, folder)
        except _TooLongError as error:
            return [Failure("hang", _place(error), "", traceback.format_exc())], ()
        except UsageError:
            return [], ()
        except Exception as error:  # whatever it is: nothing may come here
            what = f"{type(error).__name__} at {_place(error)}"
            return [Failure("crash", what, "", traceback.format_exc())], ()

    def _build(self, folder: Path, cache: Path) -> BuildReport:
        return build(folder, formats=self.formats, workers=Serial(), cache=cache)

    def _made(self, book: FuzzBook, folder: Path) -> _Tried:
        try:
            report = self._build(folder, self.root / "cache")
        except MemobookError as error:
            self.codes.update(d.code.value for d in error.diagnostics)
            return [*_refused(folder, error.diagnostics)], error.diagnostics
        self.codes.update(d.code.value for d in report.diagnostics)
        self.built += len(book.memos)
        found, last = self._read_back(book, folder, report)
        if self.again and last:
            found += self._twice(folder, last)
        return found, ()

    def _read_back(
        self, book: FuzzBook, folder: Path, report: BuildReport
    ) -> tuple[list[Failure], LastBuild | None]:
        look = look_through(folder, workers=Serial(), cache=self.root / "cache")
        if not look.books:
            text = str([d.message for d in look.reporter if d.is_error])
            return [Failure("crash", "built, and not to be looked at", "", text)], None
        last = find_last_build(folder, look.books["pdf"].name)
        if last is None or last.stale:
            why = last.stale if last else "none is found"
            return [Failure("crash", "there is no last build", "", why)], None
        inspect_outputs(look, last, folder, look.reporter, None)
        found = [f for f in _faults(look.reporter) if not _is_mixed(f, book)]
        self.epub = last.outputs["epub"]
        found += _lost(book, self.epub, (*report.diagnostics, *look.reporter))
        return found, last

    def _twice(self, folder: Path, last: LastBuild) -> Iterator[Failure]:
        """Build without a cache, but for the fonts, which take long to cut."""
        shutil.rmtree(folder / "build")
        cache = self.root / "other"
        shutil.rmtree(cache, ignore_errors=True)
        self._build(folder, fonts_of(self.root / "cache", cache))
        for kind, data in last.outputs.items():
            if last.paths[kind].read_bytes() != data:
                yield Failure("differing", kind, "", f"the {kind} has other bytes")


def _refused(folder: Path, found: tuple[Diagnostic, ...]) -> Iterator[Failure]:
    """Yield what is wrong with how a book with errors was refused."""
    yield from _faults(found)
    if left := [p.name for p in (folder / "build").glob("*") if p.is_file()]:
        yield Failure("leftover", "build", "", f"{left} beside errors")
    if not any(d.is_error for d in found):
        yield Failure("crash", "MemobookError without an error", "", str(found))


def _place(error: BaseException) -> str:
    """Return where in memobook something was raised, the deepest place."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [f for f in frames if "/src/memobook/" in f.filename] or frames
    last = ours[-1]
    return f"{Path(last.filename).name}:{last.name}"


def _faults(diagnostics: Iterable[Diagnostic]) -> Iterator[Failure]:
    for d in diagnostics:
        code = d.code.value
        if code.startswith(_OURS) and code not in _NOT_OURS and not _is_too_wide(d):
            text = f"{d.span.path}:{d.span.line}:{d.span.column}: {code}: {d.message}"
            where = PRINTED if "PDF" in d.message else ""
            yield Failure("parity", code + where, d.span.path, text)


def _is_too_wide(d: Diagnostic) -> bool:
    """Tell whether an author is told that something has no room in print.

    No layout has room for each table or word: the author is told where it stands.
    """
    return "is cut off in the PDF" in d.message and d.span.line > 0


def _is_mixed(failure: Failure, book: FuzzBook) -> bool:
    """Tell whether words may only be read in another order than they were written.

    That is known: where letters of both directions touch brackets and quotation marks,
    what is printed cannot always be read back into the order of the source.
    """
    text = book.files.get(failure.memo, b"").decode("utf-8", "replace")
    is_order = (
        failure.what == f"parity-words{PRINTED}" and "the PDF says" in failure.text
    )
    return is_order and any(unicodedata.bidirectional(c) in {"R", "AL"} for c in text)


# Words

_UNSEEN = re.compile(
    r"<!--.*?-->|<!--.*|<\?.*?\?>|<![^>]*>|&\w+;|&#\w+;|\[[^\]\n]+\]:[ ]*(?:#|<>)[ ][^\n]*$|(?<=```)[^`\n]*$|"
    r"\{--.*?--\}|\{>>.*?<<\}|\{~~.*?~>|"
    # What an author wrote for one output only is not looked for in the other.
    r"\{\{ if (?:not )?(?:pdf|epub) \}\}.*?\{\{ end \}\}",
    re.DOTALL | re.MULTILINE,
)
_REJECTED = re.compile(r"\{\+\+.*?\+\+\}|~>.*?~~\}", re.DOTALL)
"""What is in no output of a book that refuses all changes."""
_TOKEN = re.compile(r"q(?:[bdfghjklmnprstvz][ueoia]){5}")


def _lost(
    book: FuzzBook, epub: bytes, diagnostics: Iterable[Diagnostic]
) -> Iterator[Failure]:
    """Yield the words that are neither in an EPUB nor in what the author is told.

    That the PDF says what the EPUB says is for the readings.
    """
    found = tuple(diagnostics)
    known = _all_text(epub) + " ".join(f"{d.message} {d.hint}" for d in found)
    refuses = b'critic = "reject"' in book.files[BOOK]
    for path in book.memos:
        text = book.files[path].decode("utf-8", "replace")
        text = _REJECTED.sub(_blank, text) if refuses else text
        told = set(_told(text, [d for d in found if d.span.path == path]))
        for match in _TOKEN.finditer(_UNSEEN.sub(_blank, text)):
            line = text.count("\n", 0, match.start()) + 1
            if match[0] not in known and line not in told:
                around = text.split("\n")[line - 1][:200]
                said = f"{path}:{line}: {match[0]} of {around!r}"
                yield Failure("lost", "word", path, said)


def _told(text: str, found: Iterable[Diagnostic]) -> Iterator[int]:
    """Yield the lines of which an author is told; of a note that is lost, all of it."""
    lines = text.split("\n")
    for d in found:
        yield d.span.line
        if not d.code.value.startswith("note-"):
            continue
        # Of two notes with one name, the first is lost and the second is told.
        for start in (d.span.line, *map(int, re.findall(r" on line (\d+)", d.hint))):
            yield start
            for number in range(start, len(lines)):
                is_below = lines[number - 1].strip() or lines[number].startswith(" ")
                if not is_below and lines[number].strip():
                    break
                yield number + 1


def _blank(found: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", found[0])


def _all_text(epub: bytes) -> str:
    """Return all that an EPUB says, and what it only has in attributes."""
    with zipfile.ZipFile(io.BytesIO(epub)) as packed:
        names = [n for n in packed.namelist() if n.endswith((".xhtml", ".opf"))]
        text = html.unescape("\n".join(packed.read(name).decode() for name in names))
    # A mark of emphasis in a word is not where it ends.
    plain = re.sub(
        r"</?(?:a|b|i|em|strong|span|mark|su[bp]|del|ins|q)\b[^>]*>", "", text
    )
    both = f"{text}\n{plain}\n{urllib.parse.unquote(text)}"
    even = unicodedata.normalize("NFC", re.sub("[\u00ad\u200b\u2060]", "", both))
    return even.casefold()
