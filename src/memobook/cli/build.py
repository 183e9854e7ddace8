"""`memobook build`: the PDF and the EPUB."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import partial
from itertools import compress
from pathlib import Path

import typer

from memobook.batch import Place
from memobook.cli.memos import AllMemos, Memos, known, merged, names_of
from memobook.cli.report import Compare, Report, Reporting, Since, marked
from memobook.cli.screen import (
    Formats,
    Jobs,
    MessageFormat,
    Profiles,
    Projects,
    Strict,
    cache_folder,
    complain,
    epoch,
    fail,
    formats_of,
    paper,
    progress,
    show,
)
from memobook.cli.shelf import (
    Cluster,
    Named,
    OnlyChanged,
    Shared,
    Shown,
    build_shelf,
    named,
    place_at,
)
from memobook.cli.trusting import Untrusted, trust_of_each
from memobook.console import Format, counted, result
from memobook.diagnostics import MemobookError, TroubleError
from memobook.fresh import Order
from memobook.report import BuildReport

__all__ = ["build", "made", "ordered"]


def build(
    projects: Projects = None,
    *,
    formats: Formats = None,
    jobs: Jobs = None,
    profile: Profiles = None,
    memo: Memos = None,
    all_memos: AllMemos = False,
    report: Report = False,
    since: Since = None,
    compare: Compare = None,
    only_changed: OnlyChanged = False,
    cluster: Cluster = "",
    shared: Shared = False,
    untrusted: Untrusted = None,
    strict: Strict = False,
    message_format: MessageFormat = Format.FULL,
) -> None:
    """Make the PDF and the EPUB in the project's build/ folder.

    Also of several projects, or of all on a shelf: a folder with shelf.toml.
    """
    found = named(projects)
    of_one = (memo, all_memos, report, since is not None, compare is not None)
    _refuse_contradictions(found, of_one, (only_changed, cluster))
    _refuse_nothing(since=since, compare=compare)
    if shared and not cluster:
        fail("--shared is for the workers of a cluster", "write --cluster ADDRESS")
    orders = ordered(found, formats_of(formats), profile, untrusted)
    if found.is_shelf or only_changed or cluster:
        shown = Shown(style=message_format, only_changed=only_changed, strict=strict)
        place = partial(place_at, cluster, jobs, shared=shared)
        raise typer.Exit(_build_many(found, orders, place, shown))
    (order,) = orders
    names = names_of(memo, every=all_memos)
    told = Reporting(order, names, since) if report or since else None
    make = partial(made, order, jobs, names=names, every=all_memos, counted=bool(told))
    if compare:
        make = partial(marked, order, jobs, compare, names)
    raise typer.Exit(_build_one(order.root, make, message_format, told, strict=strict))


def ordered(
    found: Named,
    formats: tuple[str, ...],
    profile: list[str] | None,
    untrusted: bool | None,
) -> list[Order]:
    """Return what is wanted of each project, with what the environment says."""
    trusted = trust_of_each(found.books, untrusted, is_chosen=not found.is_shelf)
    asked = Order(
        root=Path(),
        formats=formats,
        epoch=epoch(),
        cache=cache_folder(),
        profiles=tuple(profile or ()),
    )
    return [replace(asked, root=root, trust=trust) for root, trust in trusted.items()]


_OF_ONE = ("--memo", "--all-memos", "--report", "--since", "--compare")
_OF_MANY = ("--only-changed", "--cluster")


def _refuse_contradictions(
    found: Named, of_one: Sequence[object], of_many: Sequence[object]
) -> None:
    """Stop if options do not go together.

    What is given are the values of _OF_ONE, for one project, and of _OF_MANY.
    """
    one = list(compress(_OF_ONE, of_one))
    many = list(compress(_OF_MANY, of_many))
    if one and found.is_shelf:
        first = found.books[0] if found.books else "PROJECT"
        fail(f"{one[0]} is for one project", f"type: memobook build {first} {one[0]}")
    if one and many:
        fail(f"{one[0]} does not go with {many[0]}", f"leave {many[0]} out")
    if "--compare" in one:
        for name in ("--report", "--since", "--all-memos"):
            if name in one:
                hint = "build once with the one, and once with the other"
                fail(f"--compare makes a PDF of its own, without {name}", hint)


def _refuse_nothing(**options: str | None) -> None:
    """Stop if an option was given an empty text, as by a variable that is not set."""
    for name, value in options.items():
        if value is not None and not value.strip():
            fail(f"--{name} is empty", f"write a revision: --{name} HEAD~1")


def _build_many(
    found: Named,
    orders: Sequence[Order],
    place: Callable[..., AbstractContextManager[Place]],
    shown: Shown,
) -> int:
    lay_out = any("pdf" in order.formats for order in orders)
    return build_shelf(found, orders, partial(place, lay_out=lay_out), shown)


def made(
    order: Order,
    jobs: int | None,
    progress: Callable[[str], None],
    *,
    names: tuple[str, ...] = ("",),
    every: bool = False,
    counted: bool = False,
) -> BuildReport:
    """Build one project, or find that there is nothing to do; see memos.known."""
    if found := known(order, names, every=every, counted=counted):
        return merged(found)
    from memobook.workers import Workers, default_jobs

    with Workers(jobs or default_jobs(), "pdf" in order.formats) as workers:
        workers.get_ready()
        paper()
        from memobook import pipeline

        listener = pipeline.Listener(progress)
        build_each = partial(pipeline.build_each, order, names, every=every)
        return merged(build_each(workers=workers, listener=listener))


def _build_one(
    root: Path,
    make: Callable[[Callable[[str], None]], BuildReport],
    style: Format,
    reporting: Reporting | None,
    *,
    strict: bool,
) -> int:
    start = time.monotonic()
    try:
        before = reporting.before() if reporting else {}
        with progress() as told:
            report = make(told)
    except MemobookError as error:
        show(error.diagnostics, root, style)
        return 1
    except TroubleError as error:
        return complain(error)
    show(report.diagnostics, root, style)
    seconds = time.monotonic() - start
    if style is Format.JSON:
        paper().print(result(root, report, seconds), markup=False)
    elif style.is_read_by_people:
        _tell(report, seconds)
    for each in reporting.told(before) if reporting else ():
        each.show(style)
    return 3 if strict and any(d.is_fault for d in report.diagnostics) else 0


def _tell(report: BuildReport, seconds: float) -> None:
    for output in report.outputs:
        size = f"{output.size / 1000:,.0f} kB"
        pages = "" if output.pages is None else f"{counted(output.pages, 'page')}, "
        paper().print(f"{output.path}  {pages}{size}", markup=False)
    if report.lacks_page_list:
        text = "the EPUB has no page list: build the PDF with it, or before it"
        paper().print(text, markup=False)
    if report.nothing_changed:
        paper().print(f"nothing has changed, in {seconds:.1f} s", markup=False)
        return
    notes = f"{counted(report.notes, 'note')} with {counted(report.calls, 'call')}"
    laid_out = f"{counted(report.laid_out, 'section')} laid out"
    text = f"{counted(report.memos, 'memo')}, {notes}, {laid_out}, in {seconds:.1f} s"
    paper().print(text, markup=False)
