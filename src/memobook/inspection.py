"""The story of `memobook check`: the sources, then the finished files, then judges.

What goes in: a project folder. What comes out: everything that is wrong, each with its
place in the Markdown where it came from there, and a line for each check that was made.

What is checked of the outputs is decided here. A check never builds by itself, as it
must be quick and leave build/ alone: where there is no output, or one of other sources,
it says so with what to type, and `build=True` builds before. A file that somebody has
changed since the build is checked as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from memobook.book.direction import direction
from memobook.book.rasters import epub_limits
from memobook.checks.anew import ANEW, FIRST, for_what
from memobook.checks.claims import check_claims
from memobook.checks.landmarks import Landmarks
from memobook.checks.outputs import LastBuild, UnreadableError, find_last_build
from memobook.checks.packed import FOLDER, PackedBook
from memobook.checks.parity import Comparison, compare
from memobook.checks.pictures import media_type
from memobook.checks.places import Places
from memobook.checks.printed import PrintedBook
from memobook.checks.printed_readings import from_print
from memobook.checks.proof import Box, prove
from memobook.checks.readings import Reading, from_screen, from_source, notes_page
from memobook.checks.validators import (
    VALIDATORS,
    Job,
    Verdict,
    jobs_for,
    judged,
)
from memobook.checks.whole import Whole, check_packed, check_printed, memo_parts
from memobook.console import counted
from memobook.design.paper import POINTS_PER_MILLIMETRE, paper
from memobook.design.words import words
from memobook.diagnostics import (
    Code,
    Diagnostic,
    MemobookError,
    Reporter,
    Severity,
    Span,
)
from memobook.fresh import BUILD
from memobook.looking import Look, look_through
from memobook.outputs.epub.accessibility import find_facts, properties
from memobook.project.files import ANY_SIZE, Files
from memobook.project.trust import TRUSTED, Trust

__all__ = ["Inspection", "Row", "inspect", "inspect_outputs"]

_NAMES = {"pdf": "PDF", "epub": "EPUB"}


@dataclass(frozen=True, slots=True)
class Row:
    """One check that was made, or that could not be made."""

    check: str
    version: str
    """Of what checked; empty if it is not there."""
    subject: str
    """What was checked."""
    result: str
    """passed, failed, not checked, not installed, or how many findings."""


@dataclass(frozen=True, slots=True)
class Inspection:
    """All that a check found."""

    diagnostics: tuple[Diagnostic, ...]
    rows: tuple[Row, ...]


def inspect(
    root: Path,
    *,
    epoch: int | None = None,
    profiles: tuple[str, ...] = (),
    memo: str = "",
    trust: Trust = TRUSTED,
    build: Callable[[], object] | None = None,
    validators: bool = True,
    required: frozenset[str] = frozenset(),
    progress: Callable[[str], None] = lambda _: None,
) -> Inspection:
    """Check a project and the outputs of its last build.

    `memo` is one that was built alone. `build` is called before, if it is given;
    `validators` lets those of others judge, and `required` are those whose absence is
    an error. Raises MachineError if `build` does.
    """
    if build is not None:
        try:
            build()
        except MemobookError as error:
            return Inspection(error.diagnostics, (_sources(error.diagnostics),))
    progress("sources")
    look = look_through(root, epoch=epoch, profiles=profiles, memo=memo, trust=trust)
    rows = [_sources(look.reporter.diagnostics)]
    if look.project is None or not look.books:
        return Inspection(look.reporter.diagnostics, tuple(rows))
    last = find_last_build(root, look.books["pdf"].name)
    if last is None or last.stale or not last.outputs:
        if required or not look.reporter.has_errors:  # else no build would succeed
            _report_none(last, required, look.reporter)
        rows.append(Row("outputs", "", f"{BUILD}/", "not checked"))
    else:
        wanted = required if validators else None
        rows += inspect_outputs(look, last, root, look.reporter, wanted, progress)
    found = for_what(look.reporter.diagnostics, memo, profiles)
    return Inspection(found, tuple(rows))


def _sources(found: tuple[Diagnostic, ...]) -> Row:
    return Row("sources", version("memobook"), "manuscript/, styles/", _count(found))


def _count(found: tuple[Diagnostic, ...]) -> str:
    errors = sum(d.is_error for d in found)
    warnings = sum(d.severity is Severity.WARNING for d in found)
    if not errors and not warnings:
        return "passed"
    return f"{counted(errors, 'error')}, {counted(warnings, 'warning')}"


def _report_none(
    last: LastBuild | None, required: frozenset[str], reporter: Reporter
) -> None:
    message = "there is no finished file, so only the sources were checked"
    if last is not None and last.stale:
        message = f"{last.stale} since the last build, so only the sources were checked"
    tell = reporter.error if required else reporter.info
    tell(Code.OUTPUT_NOT_BUILT, Span(BUILD), message, FIRST)


def inspect_outputs(
    look: Look,
    last: LastBuild,
    root: Path,
    reporter: Reporter,
    required: frozenset[str] | None,
    progress: Callable[[str], None] = lambda _: None,
) -> tuple[Row, ...]:
    """Check finished files; `required` is None if no validator is to be asked."""
    job = _Inspector(look, last, Files(root.resolve(), sizes=ANY_SIZE), reporter)
    job.read()
    if required is None:
        return (*job.parity(progress), *job.proof(progress))
    # They are programs of their own: they run while this one reads.
    with ThreadPoolExecutor(1) as pool:
        wanted, landmarks = job.jobs(required), job.landmarks()
        verdicts = pool.submit(judged, wanted, landmarks, required, progress)
        rows = [*job.parity(progress), *job.proof(progress)]
        progress(", ".join(VALIDATORS.values()))
        for verdict in verdicts.result():
            reporter.extend(verdict.found)
            rows.append(_verdict_row(verdict))
    return tuple(rows)


@dataclass(slots=True)
class _Inspector:
    """One look at the outputs of a build."""

    look: Look
    last: LastBuild
    files: Files
    reporter: Reporter
    pdf: PrintedBook | None = None
    epub: PackedBook | None = None
    _wholes: dict[str, Whole] = field(default_factory=dict)

    def read(self) -> None:
        """Read the files back; report what is damaged, altered or gone."""
        for kind in sorted(self.last.absent):
            self._tell(Code.OUTPUT_UNREADABLE, kind, "the file is not there any more")
        for kind in sorted(self.last.altered):
            message = "the file is not as memobook wrote it"
            self.reporter.warning(Code.OUTPUT_ALTERED, self._span(kind), message, ANEW)
        for kind, data in self.last.outputs.items():
            try:
                if kind == "pdf":
                    self.pdf = PrintedBook(data)
                    _ = self.pdf.parts
                else:
                    self.epub = PackedBook(data)
                    _ = self.epub.pages
            except UnreadableError as error:
                setattr(self, kind, None)
                message = f"the file is damaged: {error}"
                self._tell(Code.OUTPUT_UNREADABLE, kind, message)

    def _tell(self, code: Code, kind: str, message: str) -> None:
        self.reporter.error(code, self._span(kind), message, ANEW)

    def _span(self, kind: str) -> Span:
        return Span(f"{BUILD}/{self.last.paths[kind].name}")

    def _whole(self, kind: str) -> Whole:
        if kind not in self._wholes:
            book = self.look.books[kind]
            texts = self.look.texts[kind]
            places = {m.id: Places(m, texts[m.path]) for m in book.memos}
            labels = words(book.language, book.words)
            assert self.look.project is not None
            limits = epub_limits(self.look.project.settings.epub.picture_pixels)
            span = self._span(kind)
            self._wholes[kind] = Whole(book, places, labels, span, limits)
        return self._wholes[kind]

    # Parity

    def parity(self, progress: Callable[[str], None]) -> Iterator[Row]:
        """Compare both files with the sources, and so with one another."""
        readings: dict[str, Mapping[str, Reading]] = {}
        for kind, read in (("pdf", self._printed), ("epub", self._packed)):
            if getattr(self, kind) is not None:
                progress(f"parity of the {_NAMES[kind]}")
                readings[kind] = read()
        for kind in readings:
            own = Reporter(self.reporter.lowered)
            self._compare(kind, readings, own)
            self.reporter.extend(own)
            yield self._row("parity", kind, own)

    def _compare(
        self, kind: str, readings: dict[str, Mapping[str, Reading]], own: Reporter
    ) -> None:
        whole = self._whole(kind)
        others = [readings[name] for name in readings if name != kind]
        for memo in whole.book.memos:
            if found := readings[kind].get(memo.id):
                expected = from_source(memo, whole.labels)
                other = others[0].get(memo.id) if others else None
                places = whole.places[memo.id]
                both = Comparison(
                    _NAMES[kind],
                    expected,
                    found,
                    places,
                    other,
                    is_tagged=kind == "pdf",
                )
                compare(both, own)
        if kind == "pdf" and self.pdf:
            check_printed(self.pdf, whole, own)
        elif self.epub:
            check_packed(self.epub, whole, self.files, own)
            check_claims(self.epub, _claims(self.epub), whole.output, own)

    def _printed(self) -> dict[str, Reading]:
        whole, found = self._whole("pdf"), {}
        if self.pdf is None:
            return {}
        parts = memo_parts(self.pdf, whole.book)
        for memo in whole.book.memos:
            if memo.id in parts:
                expected = from_source(memo, whole.labels)
                found[memo.id] = from_print(
                    self.pdf, memo, parts[memo.id], expected, whole.labels
                )
        return found

    def _packed(self) -> dict[str, Reading]:
        if self.epub is None:
            return {}
        memos = self._whole("epub").book.memos
        return {
            m.id: from_screen(self.epub.pages, m.id, notes_page(m))
            for m in memos
            if m.id in self.epub.pages
        }

    def _row(self, check: str, kind: str, own: Reporter) -> Row:
        subject = self.last.paths[kind].name
        return Row(check, version("memobook"), subject, _count(own.diagnostics))

    # The pages

    def proof(self, progress: Callable[[str], None]) -> Iterator[Row]:
        """Prove the printed pages."""
        if self.pdf is None or not self.pdf.parts:
            return
        progress("print proof")
        own = Reporter(self.reporter.lowered)
        prove(self.pdf, self._whole("pdf"), self._area(), own)
        self.reporter.extend(own)
        row = self._row("print proof", "pdf", own)
        yield replace(row, subject=f"{row.subject}, {len(self.pdf.labels)} pages")

    def _area(self) -> Callable[[int], Box | None]:
        """Return where the text of a page stands, unless a sheet of the book says."""
        assert self.look.project is not None
        assert self.look.theme is not None
        own = (s.text for s in self.look.theme.print_sheets if not s.is_builtin)
        if any("@page" in text for text in own):
            return lambda _: None
        page = paper(self.look.project.settings)
        begins_left = direction(self.look.books["pdf"].language) == "rtl"

        def area(index: int) -> Box:
            # The first page of a PDF is a right-hand one, but from right to left.
            is_right = (index % 2 == 0) is not begins_left
            left = page.inner if is_right else page.outer
            right = page.width - (page.outer if is_right else page.inner)
            box = (left, page.bottom, right, page.height - page.top)
            a, b, c, d = (edge * POINTS_PER_MILLIMETRE for edge in box)
            return (a, b, c, d)

        return area

    # The judges of others

    def jobs(self, required: frozenset[str]) -> tuple[Job, ...]:
        """Return what the validators are to judge; report what they cannot."""
        standards = (self.pdf.standards if self.pdf else ()) or ("ua1",)
        jobs = tuple(
            job
            for kind in self.last.outputs
            for job in jobs_for(
                self.last.paths[kind], self._span(kind), standards, epub=kind == "epub"
            )
        )
        for name in sorted(required - {job.validator for job in jobs}):
            message = f"there is no file for {VALIDATORS[name]} to judge"
            self.reporter.error(Code.OUTPUT_NOT_BUILT, Span(BUILD), message, FIRST)
        return jobs

    def landmarks(self) -> Landmarks:
        """Return what finds a place for a validator."""
        places = self._whole(next(iter(self.last.outputs))).places
        return Landmarks(places, self.look.books["pdf"], self.epub, self.pdf)


def _verdict_row(verdict: Verdict) -> Row:
    name = VALIDATORS[verdict.job.validator]
    result = verdict.result
    if result == "failed":
        result = _count(verdict.found)
    return Row(name, verdict.version, verdict.job.subject, result)


def _claims(epub: PackedBook) -> tuple[tuple[str, str], ...]:
    """Return what the EPUB's content lets it claim, computed anew."""
    documents = [epub.root(name) for name in epub.documents]
    pictures: list[bytes] = []
    sheets: list[str] = []
    for item in _items(epub):
        data = epub.files.get(f"{FOLDER}{item.get('href')}", b"")
        kind = str(item.get("media-type"))
        if kind.startswith("image/"):
            if media_type(data):  # a damaged one was found when pictures were compared
                pictures.append(data)
        elif kind == "text/css":
            sheets.append(data.decode("utf-8", "replace"))
    return properties(find_facts(documents, pictures, "\n".join(sheets)))


def _items(epub: PackedBook) -> Iterator[Any]:
    return iter(epub.package.iter("{http://www.idpf.org/2007/opf}item"))
