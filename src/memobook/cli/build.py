"""`memobook build`: the PDF and the EPUB."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import partial
from pathlib import Path

import typer

from memobook.batch import Order, Place
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
    refuse,
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
from memobook.console import Format, result
from memobook.diagnostics import MachineError, MemobookError, UsageError
from memobook.project.trust import TRUSTED, Trust
from memobook.report import BuildReport

__all__ = ["build", "made"]


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
    wanted = formats_of(formats)
    profiles = tuple(profile or ())
    found = _named(projects, cluster, shared=shared)
    names = names_of(memo, every=all_memos)
    trusted = trust_of_each(found.books, untrusted, is_chosen=not found.is_shelf)
    if found.is_shelf or only_changed or cluster:
        _refuse_several(names != ("",) or report or since or compare)
        shown = Shown(style=message_format, only_changed=only_changed, strict=strict)
        place = partial(place_at, cluster, jobs, shared=shared)
        raise typer.Exit(_build_many(found, trusted, wanted, profiles, place, shown))
    ((root, trust),) = trusted.items()
    asked = (names, profiles, wanted, since, trust)
    told = Reporting(*asked) if report or since else None
    which = partial(made, names=names, every=all_memos, trust=trust)
    make = partial(which, root, wanted, jobs, profiles)
    if compare:
        make = partial(marked, root, wanted, jobs, profiles, compare, names, trust)
    raise typer.Exit(_build_one(root, make, message_format, told, strict=strict))


def _named(projects: list[Path] | None, cluster: str, *, shared: bool) -> Named:
    if shared and not cluster:
        fail("--shared is for the workers of a cluster", "write --cluster ADDRESS")
    return named(projects)


def _refuse_several(asked: object) -> None:
    if asked:
        options = "--memo, --all-memos, --report, --since and --compare"
        fail(f"{options} are for one project", "build it by itself")


def _build_many(
    found: Named,
    trusted: Mapping[Path, Trust],
    formats: tuple[str, ...],
    profiles: tuple[str, ...],
    place: Callable[..., AbstractContextManager[Place]],
    shown: Shown,
) -> int:
    asked = Order(
        root=Path(),
        formats=formats,
        epoch=epoch(),
        cache=cache_folder(),
        profiles=profiles,
    )
    orders = [replace(asked, root=r, trust=t) for r, t in trusted.items()]
    return build_shelf(found, orders, partial(place, lay_out="pdf" in formats), shown)


def made(
    root: Path,
    formats: tuple[str, ...],
    jobs: int | None,
    profiles: tuple[str, ...],
    progress: Callable[[str], None],
    *,
    names: tuple[str, ...] = ("",),
    every: bool = False,
    trust: Trust = TRUSTED,
) -> BuildReport:
    """Build one project, or find that there is nothing to do; see memos.names_of."""
    if found := known(
        root, names, formats, epoch(), profiles, every=every, trust=trust
    ):
        return merged(found)
    from memobook.workers import Workers, default_jobs

    with Workers(jobs or default_jobs(), "pdf" in formats) as workers:
        workers.get_ready()
        paper()
        from memobook import pipeline

        order = pipeline.Order(root, formats, epoch(), profiles, progress, trust=trust)
        cache = cache_folder()
        return merged(
            pipeline.build_each(order, names, every=every, cache=cache, workers=workers)
        )


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
        before = reporting.before(root) if reporting else {}
        with progress() as told:
            report = make(told)
    except MemobookError as error:
        show(error.diagnostics, root, style)
        return 1
    except MachineError as error:
        complain(error)
        return 4
    except UsageError as error:
        refuse(error)
        return 2
    show(report.diagnostics, root, style)
    seconds = time.monotonic() - start
    if style is Format.JSON:
        paper().print(result(root, report, seconds), markup=False)
    elif style.is_read_by_people:
        _tell(report, seconds)
    for each in reporting.told(root, before) if reporting else ():
        each.show(style)
    return 3 if strict and any(d.is_fault for d in report.diagnostics) else 0


def _tell(report: BuildReport, seconds: float) -> None:
    for output in report.outputs:
        size = f"{output.size / 1000:,.0f} kB"
        pages = f"{output.pages} pages, " if output.pages is not None else ""
        paper().print(f"{output.path}  {pages}{size}", markup=False)
    if report.lacks_page_list:
        text = "the EPUB has no page list: build the PDF with it, or before it"
        paper().print(text, markup=False)
    if report.nothing_changed:
        paper().print(f"nothing has changed, in {seconds:.1f} s", markup=False)
        return
    notes = f"{report.notes} notes with {report.calls} calls"
    laid_out = f"{report.laid_out} sections laid out"
    text = f"{report.memos} memos, {notes}, {laid_out}, in {seconds:.1f} s"
    paper().print(text, markup=False)
