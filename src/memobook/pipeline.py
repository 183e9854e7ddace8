"""The story of a build: load, read, parse, assemble, publish.

What goes in: a project folder. What comes out: files in its build/ folder and a report.
Everything else is told by the rooms that this module calls one after the other.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

from memobook.book.assemble import assemble
from memobook.book.model import Book, Memo, NoteMode, Repeat
from memobook.book.notes import number_notes
from memobook.checks.pictures import check_pictures, media_type
from memobook.checks.source import lint_titles
from memobook.design.cut import cut_faces, needs, weights_in
from memobook.design.section import Section
from memobook.design.sections import code_characters
from memobook.design.theme import Theme, load_theme
from memobook.diagnostics import (
    Code,
    Diagnostic,
    MachineError,
    MemobookError,
    Reporter,
    Span,
)
from memobook.fresh import BUILD, FORMATS, Record, keep_record, store_of
from memobook.intake import take_in
from memobook.outputs.epub.container import LossError
from memobook.outputs.epub.publish import EpubJob
from memobook.outputs.pdf.press import Press
from memobook.outputs.pdf.publish import Edition, PdfJob
from memobook.outputs.pdf.raster import draw
from memobook.project.config import BOOK_FILE, MANUSCRIPT, Project, load
from memobook.project.files import Files, OutsideError
from memobook.project.schema import BookFile
from memobook.report import BuildReport, Output
from memobook.store import Store
from memobook.workers import Workers, default_jobs

__all__ = ["build", "check"]


# What a project without a date and without SOURCE_DATE_EPOCH is dated: never the clock.
_NO_DATE = dt.date(1980, 1, 1)


@dataclass(frozen=True, slots=True)
class _Manuscript:
    """A checked book, before its notes are numbered for an output."""

    project: Project
    book: Book
    theme: Theme
    files: Files
    sources: Mapping[str, str]
    epoch: int | None


def build(
    root: Path,
    *,
    formats: tuple[str, ...] = FORMATS,
    epoch: int | None = None,
    cache: Path | None = None,
    workers: Workers | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> BuildReport:
    """Build the book of a project folder.

    `epoch` is SOURCE_DATE_EPOCH, in seconds; `cache` a folder to use instead of the
    project's own, which several projects may share; `workers` are processes that serve
    several builds. Raises MemobookError with every diagnostic if the book has errors;
    the outputs are then as they were. Raises MachineError if the machine lacks what a
    format needs.
    """
    reporter = Reporter()
    store = store_of(root, cache)
    with ExitStack() as stack:
        if workers is None:
            workers = stack.enter_context(Workers(default_jobs()))
        text = _read(root, epoch, store, workers, reporter)
        job = Press(store, text.files, workers)
        pdf_job = _pdf_job(text, job, progress, reporter)
        report = _published(root, text, pdf_job, formats, reporter)
        keep_record(root, formats, epoch, store, _record(text, report))
        return report


def _published(
    root: Path,
    text: _Manuscript,
    pdf_job: PdfJob,
    formats: tuple[str, ...],
    reporter: Reporter,
) -> BuildReport:
    epub_job = _epub_job(text, reporter)
    sections = _render_all(pdf_job, epub_job)
    reporter.stop_on_errors()
    theme = _with_cut_fonts(text, sections, pdf_job.press.store)
    pdf_job, epub_job = replace(pdf_job, theme=theme), replace(epub_job, theme=theme)
    made: dict[str, bytes] = {}
    edition = pdf_job.publish() if "pdf" in formats else None
    if edition:
        made["pdf"] = edition.pdf
        text.files.inputs.update(edition.inputs)
    if "epub" in formats:
        pdf_job.progress("EPUB")
        cover = _cover(text, edition, pdf_job, reporter)
        made["epub"] = _packed(epub_job, cover, reporter)
    reporter.stop_on_errors()
    numbered = pdf_job.book if edition else epub_job.book
    outputs = _write(root, text, numbered, made, edition, reporter)
    return BuildReport(
        outputs=outputs,
        pages=edition.pages if edition else None,
        memos=len(numbered.memos),
        notes=sum(len(memo.notes) for memo in numbered.memos),
        calls=sum(len(n.calls) for memo in numbered.memos for n in memo.notes),
        laid_out=pdf_job.press.laid_out,
        diagnostics=reporter.diagnostics,
    )


def _record(text: _Manuscript, report: BuildReport) -> Record:
    faces = {face.path for face in text.theme.faces}
    return Record(
        inputs=text.files.inputs,
        listings=text.files.listings,
        fonts={
            str(p): hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(faces)
        },
        report=report.as_dict(),
    )


def check(root: Path, *, epoch: int | None = None) -> tuple[Diagnostic, ...]:
    """Return everything that is wrong in the sources, templates included."""
    reporter = Reporter()
    try:
        store = replace(store_of(root, None), is_writable=False)
        with Workers(default_jobs()) as workers:
            text = _read(root, epoch, store, workers, reporter)
        idle = Press(store, text.files, workers)
        pdf_job = _pdf_job(text, idle, lambda _: None, reporter)
        _render_all(pdf_job, _epub_job(text, reporter))
    except MemobookError as error:
        return error.diagnostics
    return reporter.diagnostics


# Reading


def _read(
    root: Path, epoch: int | None, store: Store, workers: Workers, reporter: Reporter
) -> _Manuscript:
    files = Files(root.resolve())
    if not files.exists(BOOK_FILE):
        hint = "run memobook in a project's folder, or make one: memobook new my-book"
        message = f"there is no {BOOK_FILE} in {root}"
        reporter.error(Code.PROJECT_NOT_FOUND, Span(str(root)), message, hint)
    reporter.stop_on_errors()
    project = load(files, reporter)
    if project is None:
        raise MemobookError(reporter.diagnostics)
    sources = {}
    for path, _ in project.memos:
        source = files.text(path, reporter)
        if source is not None:
            sources[path] = source
    language = project.settings.book.language
    memos = take_in(sources, language, store, workers, reporter)
    book = _assembled(project, memos, epoch, reporter)
    check_pictures(book, files, reporter)
    _check_cover(project, files, reporter)
    theme = load_theme(project, files, reporter)
    return _Manuscript(project, book, theme, files, sources, epoch)


def _check_cover(project: Project, files: Files, reporter: Reporter) -> None:
    """Report a cover of the author's that is missing, outside or unreadable."""
    name = project.settings.epub.cover
    if not name:
        return
    span = project.located.value(("epub", "cover"))
    try:
        if media_type(files.read(f"{MANUSCRIPT}/{name}")) is None:
            message = f"{name} is no SVG, PNG, JPEG, GIF or WebP picture, or is damaged"
            hint = "open it in a picture editor and export it as PNG or JPEG"
            reporter.error(Code.IMAGE_UNREADABLE, span, message, hint)
    except OutsideError as error:
        hint = f"copy the picture into {MANUSCRIPT}/"
        reporter.error(Code.FILE_OUTSIDE, span, str(error), hint)
    except OSError:
        message = f"there is no picture {MANUSCRIPT}/{name}"
        reporter.error(Code.IMAGE_MISSING, span, message)


def _assembled(
    project: Project, memos: tuple[Memo, ...], epoch: int | None, reporter: Reporter
) -> Book:
    lint_titles(memos, reporter)
    if not memos:
        # Nothing can be laid out; what is wrong was reported.
        raise MemobookError(reporter.diagnostics)
    date = _NO_DATE
    if epoch is not None:
        date = dt.datetime.fromtimestamp(epoch, dt.UTC).date()
    return assemble(project.settings, memos, date, reporter, project.located)


# Publishing


def _numbered(text: _Manuscript, own_mode: str | None, reporter: Reporter) -> Book:
    links = text.project.settings.links
    mode = NoteMode(own_mode or links.notes)
    return number_notes(text.book, mode, Repeat(links.repeat), reporter)


def _pdf_job(
    text: _Manuscript,
    press: Press,
    progress: Callable[[str], None],
    reporter: Reporter,
) -> PdfJob:
    settings: BookFile = text.project.settings
    return PdfJob(
        book=_numbered(text, settings.pdf.notes, reporter),
        theme=text.theme,
        root=text.files.root,
        press=press,
        reporter=reporter,
        repeat=Repeat(settings.links.repeat),
        memos_start_right=settings.pdf.memos_start == "right",
        sources=text.sources,
        progress=progress,
    )


def _epub_job(text: _Manuscript, reporter: Reporter) -> EpubJob:
    return EpubJob(
        book=_numbered(text, text.project.settings.epub.notes, reporter),
        theme=text.theme,
        files=text.files,
        reporter=reporter,
    )


def _render_all(pdf_job: PdfJob, epub_job: EpubJob) -> tuple[Section, ...]:
    """Render every template and style sheet, so that all faults show at once."""
    epub_job.stylesheet()
    return (*pdf_job.sections(), *epub_job.sections())


def _with_cut_fonts(
    text: _Manuscript, sections: tuple[Section, ...], store: Store
) -> Theme:
    """Return the theme with static fonts that hold the book's characters."""
    theme = text.theme
    own = (*theme.print_sheets, *theme.screen_sheets)
    wanted = needs(
        theme.faces,
        theme.uses,
        # Every character of the documents; their markup is in any font anyway.
        text=frozenset("".join(section.html for section in sections)),
        code=code_characters(text.book),
        extra_weights=weights_in(s for s in own if not s.is_builtin),
    )
    return replace(theme, faces=cut_faces(wanted, store))


def _cover(
    text: _Manuscript, edition: Edition | None, job: PdfJob, reporter: Reporter
) -> bytes | None:
    """Return the cover's picture: the author's, or the first page of the PDF."""
    own = text.project.settings.epub.cover
    if own:
        return text.files.read(f"{MANUSCRIPT}/{own}")
    try:
        return draw(edition.cover if edition else job.cover())
    except MachineError as error:
        message = f"the EPUB has no cover picture: {error.message}"
        reporter.warning(Code.COVER_NOT_DRAWN, Span(BOOK_FILE), message, error.hint)
        return None


def _packed(job: EpubJob, cover: bytes | None, reporter: Reporter) -> bytes:
    try:
        return job.publish(cover)
    except LossError as error:
        hint = "please report this with the memo that causes it"
        message = f"the EPUB is not what was put into it: {error}"
        reporter.error(Code.OUTPUT_INCOMPLETE, Span(BOOK_FILE), message, hint)
        return b""


# Writing


def _write(
    root: Path,
    text: _Manuscript,
    book: Book,
    made: dict[str, bytes],
    edition: Edition | None,
    reporter: Reporter,
) -> tuple[Output, ...]:
    folder = root / BUILD
    outputs = tuple(
        Output(
            path=folder / f"{book.name}.{kind}",
            size=len(data),
            sha256=hashlib.sha256(data).hexdigest(),
        )
        for kind, data in made.items()
    )
    manifest = json.dumps(_manifest(text, book, outputs, edition), indent=2) + "\n"
    contents = [(o.path, made[o.path.suffix[1:]]) for o in outputs]
    contents.append((folder / f"{book.name}.json", manifest.encode()))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write_all(contents)
    except OSError as error:
        message = f"{BUILD}/ cannot be written: {error.strerror or error}"
        hint = f"make it writable: chmod u+w {BUILD}"
        reporter.error(Code.OUTPUT_NOT_WRITABLE, Span(BUILD), message, hint)
        raise MemobookError(reporter.diagnostics) from None
    return outputs


def _write_all(contents: list[tuple[Path, bytes]]) -> None:
    """Write files beside their places, then move all of them: never half of one."""
    beside: list[tuple[Path, Path]] = []
    try:
        for path, data in contents:
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
            beside.append((Path(name), path))
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(name).chmod(0o644)
        for temporary, path in beside:
            temporary.replace(path)
    finally:
        for temporary, _ in beside:
            temporary.unlink(missing_ok=True)


def _manifest(
    text: _Manuscript, book: Book, outputs: tuple[Output, ...], edition: Edition | None
) -> dict[str, object]:
    engines = ("memobook", "weasyprint", "ebooklib", "markdown", "pikepdf")
    return {
        "title": book.title,
        "identifier": book.identifier,
        "outputs": {o.path.name: {"sha256": o.sha256, "size": o.size} for o in outputs},
        "pages": edition.pages if edition else None,
        "memos": [
            {
                "id": memo.id,
                "path": memo.path,
                "title": memo.title,
                "folio": edition.folios.get(memo.id) if edition else None,
                "notes": [
                    {"number": n.number, "kind": n.kind.value, "url": n.url or None}
                    for n in memo.notes
                ],
            }
            for memo in book.memos
        ],
        "inputs": dict(sorted(text.files.inputs.items())),
        "versions": {name: version(name) for name in engines},
    }
