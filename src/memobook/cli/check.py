"""`memobook check`: everything that is wrong, in the sources and in the outputs."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from memobook.cli.build import made, ordered
from memobook.cli.mend import mend
from memobook.cli.screen import (
    MessageFormat,
    Profiles,
    Projects,
    Strict,
    complain,
    fail,
    paper,
    progress,
    show,
    tabulate,
    worst,
)
from memobook.cli.shelf import Named, from_here, named
from memobook.cli.trusting import Untrusted
from memobook.console import Format
from memobook.diagnostics import Code, Diagnostic, TroubleError
from memobook.fresh import FORMATS, Order

if TYPE_CHECKING:
    from memobook.inspection import Inspection, Row

__all__ = ["check"]

NAMES = ("epubcheck", "ace", "verapdf")


Fix = Annotated[
    bool, typer.Option("--fix", help="Show how lists, spaces and breaks are mended.")
]
Checked = Annotated[
    list[str] | None,
    typer.Option("--memo", help="Check this memo's own PDF and EPUB; see build."),
]
Write = Annotated[bool, typer.Option("--write", help="With --fix: write the mends.")]


def check(
    projects: Projects = None,
    *,
    build: Annotated[
        bool, typer.Option("--build", help="Build before, if anything has changed.")
    ] = False,
    require: Annotated[
        list[str] | None,
        typer.Option(
            help="Validators whose absence is an error: epubcheck, ace, verapdf."
        ),
    ] = None,
    validators: Annotated[
        bool,
        typer.Option(help="Let EPUBCheck, Ace and veraPDF judge what is in build/."),
    ] = True,
    jobs: Annotated[
        int | None,
        typer.Option(min=1, help="Worker processes of --build; one a core by default."),
    ] = None,
    profile: Profiles = None,
    memo: Checked = None,
    fix: Fix = False,
    write: Write = False,
    untrusted: Untrusted = None,
    strict: Strict = False,
    message_format: MessageFormat = Format.FULL,
) -> None:
    """Say everything that is wrong, in sources and outputs, with file, line, column."""
    found = _named(projects, memo, message_format)
    code = int(any(d.is_error for d in found.diagnostics))
    if _is_to_mend(message_format, fix=fix, write=write):
        mended = mend(list(found.books), message_format, write=write)
        raise typer.Exit(worst([code, mended]))
    required = _required(require or [], validators=validators)
    look = partial(_inspected, build, jobs, validators, required)
    shown = _Shown(message_format, strict, found.is_shelf)
    looks = product(ordered(found, FORMATS, profile, untrusted), memo or [""])
    codes = [_check_one(order, partial(look, name), shown) for order, name in looks]
    raise typer.Exit(worst([code, *codes]))


def _named(projects: list[Path] | None, memo: list[str] | None, style: Format) -> Named:
    """Return the books that are meant, and show what is wrong with their shelf."""
    found = named(projects)
    if memo and found.is_shelf:
        fail("--memo is for one project", "name it: memobook check PROJECT --memo ID")
    show(found.diagnostics, Path(), style)
    return found


@dataclass(frozen=True, slots=True)
class _Shown:
    """How a check is told of."""

    style: Format
    strict: bool
    is_of_many: bool
    """Whether paths are from here, and each table has its book's name."""


def _is_to_mend(style: Format, *, fix: bool, write: bool) -> bool:
    if write and not fix:
        fail("--write writes what --fix mends", "write --fix --write")
    if fix and not style.is_read_by_people:
        fail("--fix shows differences, which are for people", "leave --message-format")
    return fix


def _inspected(
    build: bool,
    jobs: int | None,
    validators: bool,
    required: frozenset[str],
    memo: str,
    order: Order,
    told: Callable[[str], None],
) -> Inspection:
    from memobook.inspection import inspect

    make = partial(made, order, jobs, told, names=(memo,))
    return inspect(
        order.root,
        epoch=order.epoch,
        profiles=order.profiles,
        memo=memo,
        trust=order.trust,
        build=make if build else None,
        validators=validators,
        required=required,
        progress=told,
    )


def _required(names: list[str], *, validators: bool) -> frozenset[str]:
    """Return the validators that are named, once or with commas between."""
    found = frozenset(n.strip() for name in names for n in name.split(",") if n.strip())
    for name in sorted(found):
        if name not in NAMES:
            fail(f"there is no validator {name}", f"write one of {', '.join(NAMES)}")
    if found and not validators:
        fail("--require needs the validators", "take --no-validators away")
    return found


def _check_one(
    order: Order,
    look: Callable[[Order, Callable[[str], None]], Inspection],
    shown: _Shown,
) -> int:
    try:
        with progress() as told:
            found = look(order, told)
    except TroubleError as error:
        return complain(error)
    if shown.is_of_many:
        here = tuple(from_here(d, order.root) for d in found.diagnostics)
        show(here, Path(), shown.style)
    else:
        show(found.diagnostics, order.root, shown.style)
    faults = tuple(d for d in found.diagnostics if d.is_fault)
    if shown.style is Format.FULL and (shown.is_of_many or not faults):
        said = ": nothing is wrong" if not faults else ":"
        paper().print(f"{order.root}{said}", markup=False)
    _tabulate(found.rows, order, shown)
    return _exit_code(faults, strict=shown.strict)


def _exit_code(faults: tuple[Diagnostic, ...], *, strict: bool) -> int:
    errors = [d for d in faults if d.is_error]
    if any(d.code is Code.VALIDATOR_MISSING for d in errors):
        return 4
    if errors:
        return 1
    return 3 if faults and strict else 0


def _tabulate(rows: tuple[Row, ...], order: Order, shown: _Shown) -> None:
    """Print what was checked, by which version, with what result."""
    if shown.style is Format.SARIF:
        return
    if shown.style is Format.JSON:
        for row in rows:
            facts = {
                "check": row.check,
                "version": row.version,
                "subject": row.subject,
                "result": row.result,
            }
            if shown.is_of_many:
                facts["book"] = order.root.as_posix()
            paper().print(json.dumps(facts, ensure_ascii=False), markup=False)
        return
    lines = [(row.check, row.version or "-", row.subject, row.result) for row in rows]
    tabulate(lines, frozenset())
