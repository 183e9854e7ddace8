"""The story of a build: load, read, parse, assemble, publish.

What goes in: a project folder. What comes out: files in its build/ folder and a report.
Everything else is told by the rooms that this module calls one after the other. Those
that make outputs are loaded while the workers read the texts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from memobook.diagnostics import MemobookError, Reporter, UsageError
from memobook.fresh import FORMATS, Order
from memobook.manuscript import Manuscript, Meanwhile
from memobook.means import Listener, Means
from memobook.opening import opened
from memobook.project.config import Project
from memobook.project.trust import TRUSTED, Trust
from memobook.reading import read
from memobook.report import BuildReport
from memobook.store import Store
from memobook.workers import Workers, postponed

if TYPE_CHECKING:
    from memobook.design.theme import Theme
    from memobook.outputs.pdf.publish import Edition

__all__ = ["Listener", "build", "build_changes", "build_each"]

_NOBODY = Listener()


def build(
    root: Path | str,
    *,
    formats: Sequence[str] = FORMATS,
    epoch: int | None = None,
    cache: Path | None = None,
    workers: Workers | None = None,
    profiles: tuple[str, ...] = (),
    memo: str = "",
    trust: Trust = TRUSTED,
    progress: Callable[[str], None] = lambda _: None,
    printed: Callable[[Edition], None] = lambda _: None,
) -> BuildReport:
    """Build the book of a project folder, or one of its memos alone.

    `formats` are "pdf" and "epub", or one of them; `epoch` is SOURCE_DATE_EPOCH, in
    seconds; `cache` a folder to use instead of the project's own, which several
    projects may share; `workers` are processes that serve several builds; `profiles`
    those that hold instead of the book's own; `memo` is an id or the name of a memo's
    file; `trust` is what the project may do; `printed` is told of the PDF at once,
    before the EPUB is made and anything written. Raises MemobookError with every
    diagnostic if the book has errors; the outputs are then as they were. Raises
    MachineError if the machine lacks what a format needs, and UsageError if there is no
    such memo or format.
    """
    order = Order(
        root=Path(root),
        formats=_formats(formats),
        epoch=epoch,
        cache=cache,
        profiles=profiles,
        trust=trust,
    )
    listener = Listener(progress, printed)
    (report,) = build_each(order, (memo,), workers=workers, listener=listener)
    return report


def _formats(wanted: Sequence[str]) -> tuple[str, ...]:
    unknown = [name for name in wanted if name not in FORMATS]
    if unknown or not wanted:
        message = (
            f"no format is called {unknown[0]}" if unknown else "no format is named"
        )
        raise UsageError(message, f"formats: {', '.join(FORMATS)}")
    return tuple(wanted)


def build_each(
    order: Order,
    names: tuple[str, ...] = ("",),
    *,
    every: bool = False,
    workers: Workers | None = None,
    listener: Listener = _NOBODY,
) -> tuple[BuildReport, ...]:
    """Build the book, where a name is empty, and memos alone; `every` adds all memos.

    The sources are read once, and the workers lay the memos out while this process
    binds them. All are tried: raises as build does, with what is wrong in any of them.
    """
    reporter, store = Reporter(), order.store
    with opened(order.formats, workers, store) as (workers, apart):
        text = _read(order, store, workers, apart, reporter)
        from memobook.making import make_each

        means = Means(store, workers, apart, listener)
        reports = make_each(order, text, names, reporter, means, every=every)
        store.trim()
        return reports


def build_changes(
    order: Order,
    past: Path,
    revision: str,
    *,
    memo: str = "",
    workers: Workers | None = None,
    listener: Listener = _NOBODY,
) -> BuildReport:
    """Build a PDF that shows what changed since another revision, as a file of its own.

    `past` is a folder with the project as it was at `revision`. Raises as build does;
    UsageError, too, if the book could not be read as it was.
    """
    order = replace(order, formats=("pdf",))
    reporter, store = Reporter(), order.store
    with opened(order.formats, workers, store) as (workers, apart):
        new = _read(order, store, workers, apart, reporter)
        try:
            here = replace(order, root=past)
            old = _read(here, store, workers, apart, Reporter())
        except MemobookError as error:
            message = f"the book cannot be read as it was at {revision}: {error}"
            raise UsageError(message, "name a later revision") from None
        from memobook.making import make_changes

        means = Means(store, workers, apart, listener)
        return make_changes(order, new, old, revision, memo, reporter, means)


def _read(
    order: Order, store: Store, workers: Workers, apart: Workers, reporter: Reporter
) -> Manuscript:
    return read(
        order.root,
        order.epoch,
        store,
        workers,
        reporter,
        _beside(order.formats, store, apart),
        order.profiles,
        order.formats,
        order.trust,
    )


def _beside(formats: tuple[str, ...], store: Store, apart: Workers) -> Meanwhile:
    """Return what is done beside the workers while they read."""

    def begun() -> None:
        # For their effect: to load them takes a while.
        with postponed():
            import memobook.making

            if "pdf" in formats:
                import memobook.outputs.pdf.binding  # noqa: F401

    def nearly(project: Project, theme: Theme, texts: Iterable[str]) -> None:
        from memobook.making import begin_beside

        begin_beside(project, theme, texts, formats, store, apart)

    return Meanwhile(begun, nearly)
