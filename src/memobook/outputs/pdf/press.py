"""Lay out many sections at once, in processes, and each only once.

What goes in: tasks. What comes out: their sheets, from the store where nothing that
they depend on has changed, else from a pool of workers. WeasyPrint is imported only in
the workers, so that this process stays small.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Future
from dataclasses import dataclass, field
from functools import cache, partial
from importlib.metadata import version
from pathlib import Path

from memobook.bounds import ExceededError, bounded
from memobook.diagnostics import Code, Diagnostic, Reporter, Severity
from memobook.exceeded import died, exceeded
from memobook.fresh import versions_of
from memobook.outputs.pdf.machine import pango_version
from memobook.outputs.pdf.sheet import Sheet, from_bytes, to_bytes
from memobook.outputs.pdf.task import Task
from memobook.project.files import MISSING, Files
from memobook.store import Store, key_of
from memobook.workers import Workers

__all__ = ["Press", "lay_out", "warm_up"]

_KIND, _SUFFIX = "sheets", ".sheet"
_COVERS = "covers"
_FORMAT = "17"
"""Of a sheet's making: raise it when the same task gives another sheet."""

# What does a sheet depend on beside its task?
_ENGINES = (
    "memobook", "weasyprint", "pydyf", "tinyhtml5", "tinycss2", "cssselect2", "pyphen",
    "pillow", "pikepdf",
)  # fmt: skip


def lay_out(task: Task) -> Sheet:
    """Return the section's sheet, as a worker does; see layout.py."""
    # Not above: this process lays nothing out.
    from memobook.outputs.pdf import layout

    return layout.lay_out(task)


@dataclass(slots=True)
class Press:
    """Sheets for one build's tasks."""

    store: Store
    files: Files
    workers: Workers
    apart: Workers
    """The process that makes a cover beside all else."""
    layout: Callable[[Task], Sheet] = lay_out
    laid_out: int = 0
    """How many sheets were made and not found."""
    _sheets: dict[Task, Sheet] = field(default_factory=dict)
    _begun: dict[Task, Future[Sheet] | Future[_Drawn]] = field(default_factory=dict)
    _fonts: dict[Path, str] = field(default_factory=dict)
    """Path -> hash. Of one build, as an author may replace a font before the next."""

    def sheets(
        self,
        tasks: Sequence[Task],
        reporter: Reporter,
        progress: Callable[[str], None],
    ) -> dict[Task, Sheet]:
        """Return the sheet of every task.

        Reports a section whose worker died, or took more than it may, and then stops
        with all errors; the other sections' sheets are kept. Raises MachineError.
        """
        wanted = [t for t in dict.fromkeys(tasks) if t not in self._sheets]
        keys = {task: self._key(task) for task in wanted}
        missing = []
        for task in wanted:
            found = self._kept(keys[task])
            if found is None:
                missing.append(task)
            else:
                self._sheets[task] = found
        for task, sheet in self._made(missing, reporter, progress):
            self._sheets[task] = sheet
            self.store.keep(_KIND, keys[task], _SUFFIX, to_bytes(sheet))
        reporter.stop_on_errors()
        return {task: self._sheets[task] for task in tasks}

    def begin_picture(self, task: Task) -> None:
        """Let a worker lay a section out, and draw it, while this process goes on.

        Its sheet and then its picture must be asked for.
        """
        if self._kept(self._key(task)) is None:
            work = partial(_laid_out_and_drawn, self.layout)
            self._begun[task] = self.apart.begun(work, task)

    def begin(self, tasks: Sequence[Task]) -> None:
        """Let workers lay sections out that will be asked for, and return at once."""
        new = (t for t in tasks if t not in self._begun and t not in self._sheets)
        for task in _longest_first(new):
            found = self._kept(self._key(task))
            if found is None:
                self._begun[task] = self.workers.begun(self.layout, task)
            else:
                self._sheets[task] = found

    def picture(self, cover: Sheet) -> bytes:
        """Return a sheet's first page as a PNG."""
        found = self.store.load(_COVERS, _picture_key(cover), ".png")
        if found is None:
            found = _draw(cover)
            self._keep_picture(cover, found)
        return found

    def _keep_picture(self, cover: Sheet, picture: bytes) -> None:
        self.store.keep(_COVERS, _picture_key(cover), ".png", picture)

    # From the store

    def _key(self, task: Task) -> str:
        section = task.section
        parts: list[str | bytes] = [_FORMAT, _versions()]
        parts += [section.id, section.title, section.html, section.language]
        parts += [str(task.first_folio), str(task.on_left), str(section.span)]
        parts.append(str(task.is_tagged))
        parts += [str(task.limits.width), str(task.limits.height)]
        for sheet in task.stylesheets:
            parts += [sheet.path, sheet.text, str(sheet.is_builtin)]
        for face in task.faces:
            parts += [face.family, str(face.weight), str(face.is_italic)]
            parts.append(self._font(face.path))
        return key_of(*parts)

    def _font(self, path: Path) -> str:
        if path not in self._fonts:
            self._fonts[path] = key_of(path.read_bytes())
        return self._fonts[path]

    def _kept(self, key: str) -> Sheet | None:
        data = self.store.load(_KIND, key, _SUFFIX)
        if data is None:
            return None
        try:
            sheet = from_bytes(data)
        except (ValueError, KeyError, TypeError):
            return None
        return sheet if self._is_true(sheet) else None

    def _is_true(self, sheet: Sheet) -> bool:
        """Tell whether the files that the layout read are as they were."""
        return all(self._hash(path) == digest for path, digest in sheet.inputs)

    def _hash(self, path: str) -> str:
        try:
            self.files.read(path)
        except OSError:
            return MISSING
        return self.files.inputs[path]

    # From the workers

    def _made(
        self,
        tasks: Sequence[Task],
        reporter: Reporter,
        progress: Callable[[str], None],
    ) -> Iterator[tuple[Task, Sheet]]:
        """Yield what the workers make, the longest sections first."""
        order = _longest_first(tasks)
        exceeded_by = 0
        for done, (task, future) in enumerate(self._finished(order), start=1):
            try:
                made = future.result()
            except (ExceededError, BrokenExecutor) as error:
                reporter.add(_failure(task, error))
                exceeded_by += isinstance(error, ExceededError)
                if exceeded_by == _ENOUGH and done < len(order):
                    reporter.add(_given_up(task, len(order) - done))
                    return
                continue
            if isinstance(made, _Drawn):
                self._keep_picture(made.sheet, made.picture)
            sheet = made.sheet if isinstance(made, _Drawn) else made
            progress(task.section.title)
            self.laid_out += 1
            yield task, sheet

    def _finished(
        self, tasks: Sequence[Task]
    ) -> Iterator[tuple[Task, Future[Sheet] | Future[_Drawn]]]:
        yield from self.workers.finished(
            self.layout, [task for task in tasks if task not in self._begun]
        )
        for task in tasks:
            if task in self._begun:
                yield task, self._begun.pop(task)


def _longest_first(tasks: Iterable[Task]) -> list[Task]:
    return sorted(tasks, key=lambda task: len(task.section.html), reverse=True)


def warm_up(workers: Workers, store: Store) -> None:
    """Let workers load WeasyPrint for a cover, unless one is kept: it mostly stays."""
    if not (store.folder / _COVERS).is_dir():
        workers.begun(_prepare, None)


def _prepare(_: None) -> None:
    # As the fork server does where sections are to be laid out.
    import memobook.outputs.pdf.worker  # noqa: F401 (for its effect)


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A sheet with its first page as a PNG."""

    sheet: Sheet
    picture: bytes


def _laid_out_and_drawn(layout: Callable[[Task], Sheet], task: Task) -> _Drawn:
    sheet = layout(task)
    with bounded(task.bound):
        return _Drawn(sheet, _draw(sheet))


def _draw(sheet: Sheet) -> bytes:
    # Not above: it is mostly a worker that draws, and the library comes by itself.
    from memobook.outputs.pdf.raster import draw

    return draw(sheet)


def _picture_key(sheet: Sheet) -> str:
    return key_of(_FORMAT, version("pypdfium2"), version("pillow"), sheet.pdf)


_ENOUGH = 3
"""Sections over their limits behind which no more is begun: it is the styles, mostly,
and each further one would cost its whole limit."""


def _given_up(task: Task, count: int) -> Diagnostic:
    what = "1 section was" if count == 1 else f"{count} sections were"
    message = f"{what} not laid out, as {_ENOUGH} took more than they may"
    hint = "mend these first; what all share is a style sheet"
    span = task.section.span
    return Diagnostic(span, Severity.ERROR, Code.LIMIT_EXCEEDED, message, hint)


def _failure(task: Task, error: ExceededError | BrokenExecutor) -> Diagnostic:
    span, what = task.section.span, f"the layout of “{task.section.title}”"
    if isinstance(error, BrokenExecutor):
        return died(error, Code.LAYOUT_DIED, span, what)
    own = [sheet.path for sheet in task.stylesheets if not sheet.is_builtin]
    hint = f"if other texts do so, too, look in {own[0]}" if own else ""
    return exceeded(error, span, what, task.bound, hint)


@cache
def _versions() -> str:
    """Return all that a sheet depends on and that no task says."""
    return "\n".join((*versions_of(_ENGINES), f"pango {pango_version()}"))
