"""`memobook build --memo`: memos alone, each as a PDF and an EPUB of its own."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from memobook.fresh import Order, kept_census, unchanged
from memobook.report import BuildReport

__all__ = ["AllMemos", "Memos", "known", "merged", "names_of"]

Memos = Annotated[
    list[str] | None,
    typer.Option("--memo", help="Build this memo alone, by its id or its file's name."),
]
AllMemos = Annotated[
    bool, typer.Option("--all-memos", help="Build the book and each memo alone.")
]


def names_of(memos: list[str] | None, *, every: bool) -> tuple[str, ...]:
    """Return what is to be built: memos by their names; an empty one is the book."""
    named = tuple(dict.fromkeys(memos or ()))
    return ("", *named) if every or not named else named


def known(
    order: Order, names: tuple[str, ...], *, every: bool, counted: bool
) -> tuple[BuildReport, ...] | None:
    """Return the last builds' reports if new ones would make the same of all.

    `counted` asks for what they held, too, which may have gone from the cache.
    """
    found: list[BuildReport] = []
    waiting = list(names)
    while waiting:
        name = waiting.pop(0)
        report = unchanged(order, name)
        if report is None or (counted and not kept_census(order, order.store, name)):
            return None
        found.append(report)
        if every and not name:
            waiting += [memo for memo in report.alone if memo not in names]
    return tuple(found)


def merged(reports: tuple[BuildReport, ...]) -> BuildReport:
    """Return what several builds of one project made, as one."""
    if len(reports) == 1:
        return reports[0]
    found = dict.fromkeys(d for report in reports for d in report.diagnostics)
    # Of a book and its memos, the book counts them.
    counted = reports[:1] if reports[0].alone else reports
    return replace(
        reports[0],
        outputs=tuple(o for report in reports for o in report.outputs),
        memos=sum(report.memos for report in counted),
        notes=sum(report.notes for report in counted),
        calls=sum(report.calls for report in counted),
        laid_out=sum(report.laid_out for report in reports),
        diagnostics=tuple(sorted(found, key=lambda d: (d.span, d.code.value))),
        lacks_page_list=any(report.lacks_page_list for report in reports),
    )
