"""`memobook build` for many books: a shelf, or several projects.

What goes in: what was named on the command line. What comes out: the books, built over
one pool, what is wrong with each as a whole, and a table of all.
"""

from __future__ import annotations

import json
import posixpath
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from memobook.batch import Here, Outcome, Place, build_all
from memobook.cli.screen import (
    complain,
    fail,
    paper,
    screen,
    seen,
    show,
    tabulate,
    worst,
)
from memobook.console import Format, counted
from memobook.diagnostics import Diagnostic, MachineError, Reporter, Severity
from memobook.fresh import Order, unchanged
from memobook.project.files import BOOK_FILE, MANUSCRIPT
from memobook.project.house import SHELF_FILE
from memobook.workers import Workers, default_jobs

if TYPE_CHECKING:
    from rich.progress import Progress

__all__ = [
    "Cluster",
    "Named",
    "OnlyChanged",
    "Shared",
    "Shown",
    "build_shelf",
    "from_here",
    "named",
    "place_at",
]

OnlyChanged = Annotated[
    bool,
    typer.Option("--only-changed", help="List only the books that had to be built."),
]


Cluster = Annotated[
    str,
    typer.Option(
        "--cluster", help="Build on the workers of a Dask scheduler: tcp://HOST:8786."
    ),
]
Shared = Annotated[
    bool,
    typer.Option(
        "--shared", help="With --cluster: its workers see the projects' folders."
    ),
]


# What is meant


@dataclass(frozen=True, slots=True)
class Named:
    """The books that were named."""

    books: tuple[Path, ...]
    is_shelf: bool
    """Whether they are told of in a table, also if it is only one."""
    shelves: tuple[Path, ...] = ()
    """The shelf.toml of each that was named as a whole."""
    diagnostics: tuple[Diagnostic, ...] = ()
    """What is wrong with the shelves themselves."""


def named(projects: Sequence[Path] | None) -> Named:
    """Return the books that are meant: projects, shelves, or patterns of them.

    What a shell's `shelf/*` brings and is no book is left out.
    """
    wanted = list(_expanded(projects or [Path()]))
    is_shelf = len(projects or ()) > 1
    reporter = Reporter()
    books: dict[Path, Path] = {}
    shelves: list[Path] = []
    for path in wanted:
        shelf = _shelf_file(path)
        is_shelf = is_shelf or shelf is not None or path not in (projects or [path])
        if shelf is not None:
            shelves.append(shelf)
            found = _on_shelf(shelf, reporter)
        elif len(wanted) > 1 and _is_other(path):
            if path.is_dir() or path.suffix == ".toml":
                screen().print(f"{path} is no book and left out", markup=False)
            continue
        elif path.suffix == ".toml":
            # By this name alone its books find it, and so what they share.
            fail(f"{path} is no shelf", f"call it {SHELF_FILE}")
        else:
            found = (path,)
        for book in found:
            books.setdefault(book.resolve(), book)
    found = tuple(books.values())
    return Named(found, is_shelf, tuple(shelves), reporter.diagnostics)


def _expanded(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield paths; a pattern, as of a shell that knows none, gives what fits it."""
    for path in paths:
        text = path.as_posix()
        if path.exists() or not set(text) & set("*?["):
            yield path
            continue
        found = []
        with suppress(ValueError):  # two stars are no part of a name
            below = Path(path.anchor or ".")
            found = sorted(below.glob(text.removeprefix(path.anchor)))
        if not found:
            fail(f"nothing fits {text}", "name project folders, or a shelf.toml")
        yield from found


def _shelf_file(path: Path) -> Path | None:
    """Return the shelf.toml that a path stands for; None if it is to be a project."""
    if path.name == SHELF_FILE:
        return path
    is_project = (path / BOOK_FILE).is_file()
    file = path / SHELF_FILE
    return file if file.is_file() and not is_project else None


def _is_other(path: Path) -> bool:
    return path.is_file() or (path.is_dir() and not (path / MANUSCRIPT).is_dir())


def _on_shelf(file: Path, reporter: Reporter) -> tuple[Path, ...]:
    # Not above: pydantic takes longer than a look at unchanged books.
    from memobook.project.shelf import load_shelf

    shelf = load_shelf(file, reporter)
    return shelf.books if shelf else ()


# Building


@contextmanager
def place_at(
    cluster: str, jobs: int | None, *, shared: bool, lay_out: bool
) -> Iterator[Place]:
    """Open a place to build at: a cluster, or this machine if that is empty."""
    if cluster:
        from memobook.cluster import opened

        with opened(cluster, shared=shared) as there:
            yield there
        return
    with Workers(jobs or default_jobs(), lay_out, whole_books=True) as workers:
        workers.get_ready()
        yield Here(workers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """How books are told of."""

    style: Format
    only_changed: bool
    strict: bool


def build_shelf(
    found: Named,
    orders: Sequence[Order],
    place: Callable[[], AbstractContextManager[Place]],
    shown: Shown,
) -> int:
    """Build books and print what became of them; return the exit code.

    `place` is opened only if something has changed.
    """
    start = time.monotonic()
    show(found.diagnostics, Path(), shown.style)
    try:
        outcomes = tuple(_outcomes(orders, place, shown))
    except MachineError as error:  # there is no such place
        complain(error)
        return 4
    _tabulate(outcomes, shown)
    if shown.style is not Format.JSON:
        _sum_up(outcomes, time.monotonic() - start)
    for outcome in outcomes:
        if outcome.fault is not None:
            raise outcome.fault
    codes = [_exit_code(outcome, strict=shown.strict) for outcome in outcomes]
    return worst([*codes, int(any(d.is_error for d in found.diagnostics))])


def _outcomes(
    orders: Sequence[Order],
    place: Callable[[], AbstractContextManager[Place]],
    shown: Shown,
) -> Iterator[Outcome]:
    """Yield what became of the books, in their order."""
    known: dict[Order, Outcome] = {}
    for order in orders:
        if (report := unchanged(order)) is not None:
            found = report.diagnostics
            known[order] = Outcome(order=order, report=report, diagnostics=found)
    changed = [order for order in orders if order not in known]
    lacks: set[str] = set()
    if changed:
        with place() as opened, _display(changed) as display:
            for outcome in build_all(changed, opened, display.told):
                known[outcome.order] = outcome
                display.landed(outcome)
                _tell(outcome, shown, lacks)
    for order in orders:
        if order not in changed and not shown.only_changed:
            _tell(known[order], shown, lacks)
        yield known[order]


def _exit_code(outcome: Outcome, *, strict: bool) -> int:
    is_strict = strict and any(d.is_fault for d in outcome.diagnostics)
    return outcome.exit_code or (3 if is_strict else 0)


# Telling


@dataclass(slots=True)
class _Display:
    """One bar for all books: how many are done, what is laid out, what is left."""

    orders: Sequence[Order]
    bar: Progress | None = None
    flying: dict[Order, str] = field(default_factory=dict)
    done: int = 0

    def told(self, order: Order, title: str) -> None:
        self.flying[order] = title
        self._show()

    def landed(self, outcome: Outcome) -> None:
        self.flying.pop(outcome.order, None)
        self.done += 1
        self._show(outcome.order.weight)

    def _show(self, advance: int = 0) -> None:
        if self.bar is None:
            return
        names = ", ".join(
            f"{order.root.name}: {title}" if title else order.root.name
            for order, title in self.flying.copy().items()
        )
        text = f"{self.done} of {len(self.orders)} books  {names}"
        for task in self.bar.task_ids:
            self.bar.update(task, description=text, advance=advance)


@contextmanager
def _display(orders: Sequence[Order]) -> Iterator[_Display]:
    """Show a bar on a terminal, and nothing in a pipe."""
    if not sys.stderr.isatty():
        yield _Display(orders)
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
    from rich.table import Column

    columns = (
        BarColumn(20),
        TimeRemainingColumn(),
        # What has no room on the line is cut off: it is a display of one line.
        TextColumn(
            "{task.description}",
            markup=False,
            table_column=Column(no_wrap=True, overflow="ellipsis", ratio=1),
        ),
    )
    with Progress(
        *columns,
        console=screen(),
        transient=True,
        expand=True,
        speed_estimate_period=_PERIOD,
    ) as bar:
        bar.add_task("", total=sum(order.weight for order in orders))
        yield _Display(orders, bar)


_PERIOD = 600
"""Seconds whose speed tells what is left: a large book is done in one jump."""


def _tell(outcome: Outcome, shown: Shown, lacks: set[str]) -> None:
    """Print all that is wrong with a book, with paths from here."""
    root = outcome.order.root
    found = tuple(from_here(d, root) for d in outcome.diagnostics)
    show(found, Path(), shown.style)
    # What the machine lacks it mostly lacks for all of them.
    if outcome.lack and outcome.lack.message not in lacks:
        lacks.add(outcome.lack.message)
        complain(outcome.lack)


def from_here(diagnostic: Diagnostic, root: Path) -> Diagnostic:
    """Return a finding with its path from the current folder."""
    found = seen(diagnostic, root)
    path = posixpath.normpath((root / found.span.path).as_posix())
    return replace(found, span=replace(found.span, path=path))


def _tabulate(outcomes: Sequence[Outcome], shown: Shown) -> None:
    told = [o for o in outcomes if not (shown.only_changed and _is_unchanged(o))]
    if shown.style is Format.JSON:
        for outcome in told:
            text = json.dumps(_as_json(outcome), ensure_ascii=False)
            paper().print(text, markup=False)
    elif told:
        head = ("book", "result", "pages", "notes", "seconds", "errors", "warnings")
        tabulate([head, *map(_row, told)], right=frozenset(range(2, len(head))))


def _row(outcome: Outcome) -> tuple[str, ...]:
    report = outcome.report
    pages = "" if report is None or report.pages is None else str(report.pages)
    notes = "" if report is None else str(report.notes)
    seconds = "" if _is_unchanged(outcome) else f"{outcome.seconds:.1f}"
    counts = (str(_errors(outcome)), str(_warnings(outcome)))
    root = outcome.order.root.as_posix()
    return (root, _result(outcome), pages, notes, seconds, *counts)


def _as_json(outcome: Outcome) -> dict[str, object]:
    report = outcome.report
    return {
        "book": outcome.order.root.as_posix(),
        "result": _result(outcome),
        "pages": report and report.pages,
        "notes": report and report.notes,
        "seconds": round(outcome.seconds, 3),
        "errors": _errors(outcome),
        "warnings": _warnings(outcome),
        "outputs": [o.path.as_posix() for o in report.outputs] if report else [],
    }


def _is_unchanged(outcome: Outcome) -> bool:
    return outcome.report is not None and outcome.report.nothing_changed


def _result(outcome: Outcome) -> str:
    if outcome.report is not None:
        return "unchanged" if outcome.report.nothing_changed else "built"
    return "not built" if outcome.lack else "failed"


def _errors(outcome: Outcome) -> int:
    return sum(d.is_error for d in outcome.diagnostics)


def _warnings(outcome: Outcome) -> int:
    return sum(d.severity is Severity.WARNING for d in outcome.diagnostics)


def _sum_up(outcomes: Sequence[Outcome], seconds: float) -> None:
    counts = Counter(map(_result, outcomes))
    order = ("built", "unchanged", "failed", "not built")
    parts = [f"{counts[name]} {name}" for name in order if counts[name]]
    told = ", ".join([counted(len(outcomes), "book"), *parts])
    paper().print(f"{told}, in {seconds:.1f} s", markup=False)
