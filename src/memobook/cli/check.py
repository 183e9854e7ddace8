"""`memobook check`: everything that is wrong, in the sources and in the outputs."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from memobook.cli.build import made
from memobook.cli.mend import mend
from memobook.cli.screen import (
    MessageFormat,
    Profiles,
    Projects,
    Strict,
    complain,
    epoch,
    fail,
    paper,
    progress,
    show,
    tabulate,
    worst,
)
from memobook.cli.trusting import Untrusted, trust_of
from memobook.console import Format
from memobook.diagnostics import Code, Diagnostic, MachineError
from memobook.fresh import FORMATS
from memobook.project.trust import Trust

if TYPE_CHECKING:
    from memobook.inspection import Inspection, Row

__all__ = ["check"]

NAMES = ("epubcheck", "ace", "verapdf")


Fix = Annotated[
    bool, typer.Option("--fix", help="Show how lists, spaces and breaks are mended.")
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
    fix: Fix = False,
    write: Write = False,
    untrusted: Untrusted = None,
    strict: Strict = False,
    message_format: MessageFormat = Format.FULL,
) -> None:
    """Say everything that is wrong, in sources and outputs, with file, line, column."""
    if _is_to_mend(message_format, fix=fix, write=write):
        raise typer.Exit(mend(projects or [Path()], message_format, write=write))
    required = _required(require or [], validators=validators)
    profiles = tuple(profile or ())
    look = partial(_inspected, build, jobs, profiles, validators, required)
    roots = projects or [Path()]
    codes = []
    for root in roots:
        trust = trust_of(root, untrusted, is_chosen=len(roots) == 1)
        looking = partial(look, trust)
        codes.append(_check_one(root, looking, message_format, strict=strict))
    raise typer.Exit(worst(codes))


def _is_to_mend(style: Format, *, fix: bool, write: bool) -> bool:
    if write and not fix:
        fail("--write writes what --fix mends", "write --fix --write")
    if fix and not style.is_read_by_people:
        fail("--fix shows differences, which are for people", "leave --message-format")
    return fix


def _inspected(
    build: bool,
    jobs: int | None,
    profiles: tuple[str, ...],
    validators: bool,
    required: frozenset[str],
    trust: Trust,
    root: Path,
    told: Callable[[str], None],
) -> Inspection:
    from memobook.inspection import inspect

    make = partial(made, root, FORMATS, jobs, profiles, told, trust=trust)
    return inspect(
        root,
        epoch=epoch(),
        profiles=profiles,
        trust=trust,
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
    root: Path,
    look: Callable[[Path, Callable[[str], None]], Inspection],
    style: Format,
    *,
    strict: bool,
) -> int:
    try:
        with progress() as told:
            found = look(root, told)
    except MachineError as error:
        complain(error)
        return 4
    show(found.diagnostics, root, style)
    faults = tuple(d for d in found.diagnostics if d.is_fault)
    if not faults and style is Format.FULL:
        paper().print(f"{root}: nothing is wrong", markup=False)
    _tabulate(found.rows, style)
    return _exit_code(faults, strict=strict)


def _exit_code(faults: tuple[Diagnostic, ...], *, strict: bool) -> int:
    errors = [d for d in faults if d.is_error]
    if any(d.code is Code.VALIDATOR_MISSING for d in errors):
        return 4
    if errors:
        return 1
    return 3 if faults and strict else 0


def _tabulate(rows: tuple[Row, ...], style: Format) -> None:
    """Print what was checked, by which version, with what result."""
    if style is Format.SARIF:
        return
    if style is Format.JSON:
        for row in rows:
            facts = {
                "check": row.check,
                "version": row.version,
                "subject": row.subject,
                "result": row.result,
            }
            paper().print(json.dumps(facts, ensure_ascii=False), markup=False)
        return
    lines = [(row.check, row.version or "-", row.subject, row.result) for row in rows]
    tabulate(lines, frozenset())
