"""`memobook links`: every link of a book, and what became of its page."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from memobook.cli.screen import (
    MessageFormat,
    Profiles,
    complain,
    epoch,
    fail,
    paper,
    screen,
    show,
)
from memobook.cli.trusting import Untrusted, trust_of
from memobook.console import Format
from memobook.diagnostics import MachineError

if TYPE_CHECKING:
    from memobook.project.trust import Trust
    from memobook.weblinks.listing import Row
    from memobook.weblinks.manners import Manners
    from memobook.weblinks.story import Links, Progress, Wishes

__all__ = ["links"]


class ListFormat(StrEnum):
    """How links are listed."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


Folder = Annotated[
    Path, typer.Argument(help="A project folder; the current one by default.")
]
Listed = Annotated[
    ListFormat, typer.Option("--format", help="How the links are listed.")
]
Online = Annotated[
    bool, typer.Option("--online", help="Look at the links: asks their servers.")
]
Archive = Annotated[
    bool,
    typer.Option(
        "--archive",
        help="Look archived copies up, and write them into tables of links.toml.",
    ),
]
Write = Annotated[
    bool,
    typer.Option("--write", help="Add a table to links.toml for each link without."),
]
Days = Annotated[
    float,
    typer.Option(min=0, help="How old a look may be, in days, to be believed."),
]
AtOnce = Annotated[int, typer.Option(min=1, max=64, help="Requests at once in all.")]
PerHost = Annotated[
    int, typer.Option(min=1, max=16, help="Requests at once to one host.")
]
Delay = Annotated[
    float, typer.Option(min=0, help="Seconds between two requests to one host.")
]
TimeOut = Annotated[float, typer.Option(min=0.1, help="Seconds for an answer.")]
Retries = Annotated[
    int, typer.Option(min=0, max=10, help="How often to ask again what may recover.")
]
Api = Annotated[str, typer.Option(hidden=True, envvar="MEMOBOOK_ARCHIVE_API")]
Gate = Annotated[str, typer.Option(hidden=True, envvar="MEMOBOOK_MEMENTO_GATE")]


def links(
    project: Folder = Path(),
    *,
    list_format: Listed = ListFormat.TABLE,
    online: Online = False,
    archive: Archive = False,
    write: Write = False,
    max_age: Days = 7,
    at_once: AtOnce = 8,
    per_host: PerHost = 2,
    delay: Delay = 1,
    timeout: TimeOut = 20,
    retries: Retries = 2,
    archive_api: Api = "https://archive.org/wayback/available",
    memento_gate: Gate = "http://timetravel.mementoweb.org/timegate/",
    profile: Profiles = None,
    untrusted: Untrusted = None,
    message_format: MessageFormat = Format.FULL,
) -> None:
    """List the links of a book; with --online, say what became of their pages."""
    # Not above: httpx takes a while, and no other command needs it.
    from memobook.weblinks.archives import Archives
    from memobook.weblinks.story import Wishes

    wishes = Wishes(
        online=online,
        archive=archive,
        write=write,
        age=dt.timedelta(days=max_age),
        archives=Archives(archive_api, memento_gate),
        manners=_manners(at_once, per_host, delay, timeout, retries),
    )
    trust = trust_of(project, untrusted, is_chosen=True)
    found = _found(project, wishes, tuple(profile or ()), trust)
    show(found.diagnostics, project, message_format)
    _list(found.rows, list_format)
    raise typer.Exit(1 if any(d.is_error for d in found.diagnostics) else 0)


def _manners(
    at_once: int, per_host: int, delay: float, timeout: float, retries: int
) -> Manners:
    from memobook.weblinks.manners import Manners

    return Manners(
        at_once=at_once,
        per_host=per_host,
        delay=delay,
        time_out=timeout,
        retries=retries,
        agent=f"memobook/{version('memobook')} (checks the links of a book)",
    )


def _found(
    root: Path, wishes: Wishes, profiles: tuple[str, ...], trust: Trust
) -> Links:
    from memobook.weblinks.findings import LOCK_FILE
    from memobook.weblinks.story import DamagedLockError, look_at_links

    try:
        with _bar() as told:
            return look_at_links(
                root,
                wishes,
                epoch=epoch(),
                profiles=profiles,
                trust=trust,
                progress=told,
            )
    except DamagedLockError:
        hint = "mend it, or delete it: then every link that is gone is news again"
        fail(f"{LOCK_FILE} cannot be read", hint)
    except OSError as error:
        complain(MachineError(f"{error}", "make room, or make it writable"))
    except MachineError as error:
        complain(error)
    raise typer.Exit(4)


@contextmanager
def _bar() -> Iterator[Progress]:
    """Show a bar on a terminal, and nothing in a pipe."""
    if not sys.stderr.isatty():
        yield lambda *_: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(None), MofNCompleteColumn())
    with Bar(*columns, console=screen(), transient=True) as bar:
        task = bar.add_task("reading", total=None)
        yield lambda what, done, count: bar.update(
            task, description=what, completed=done, total=count
        )


# What is listed


_COLUMNS = ("note", "memo", "place", "page", "state", "checked", "archived copy")
_COLOURS = {"ok": "green", "gone": "bold red", "": "dim", "unchecked": "dim"}


def _list(rows: tuple[Row, ...], style: ListFormat) -> None:
    if style is ListFormat.JSON:
        facts = [row.as_dict() for row in rows]
        text = json.dumps(facts, ensure_ascii=False, indent=2)
        paper().print(text, markup=False)
    elif style is ListFormat.CSV:
        paper().print(_as_csv(rows), markup=False, end="")
    elif rows:
        (_draw if sys.stdout.isatty() else _tabulate)(rows)
        screen().print(_summary(rows), markup=False)


def _as_csv(rows: tuple[Row, ...]) -> str:
    out = io.StringIO()
    facts = [row.as_dict() for row in rows]
    if facts:
        writer = csv.DictWriter(out, list(facts[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(facts)
    return out.getvalue()


def _cells(row: Row) -> tuple[str, ...]:
    span = row.link.span
    checked = row.known.checked
    return (
        str(row.note or ""),
        row.memo,
        f"{span.path}:{span.line}" if span.line else span.path,
        row.link.url,
        _state(row),
        checked.date().isoformat() if checked and row.is_of_the_web else "",
        row.archive,
    )


def _state(row: Row) -> str:
    status = f" ({row.known.status})" if row.known.status not in {0, 200} else ""
    address = f" → {row.known.address}" if row.known.address else ""
    return f"{row.state}{status}{address}"


def _tabulate(rows: tuple[Row, ...]) -> None:
    """Print a line for each link, for other programs and narrow screens."""
    lines: list[tuple[str, ...]] = [(*_COLUMNS[:4], "title", *_COLUMNS[4:])]
    for row in rows:
        cells = _cells(row)
        lines.append((*cells[:4], row.title, *cells[4:]))
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = tuple(c.ljust(w) for c, w in zip(line, widths, strict=True))
        paper().print("  ".join(cells).rstrip(), markup=False)


def _draw(rows: tuple[Row, ...]) -> None:
    """Print a table as wide as the terminal."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in _COLUMNS:
        table.add_column(
            name,
            justify="right" if name == "note" else "left",
            overflow="fold",
            no_wrap=name in {"note", "checked"},
        )
    before = ""
    for row in rows:
        note, memo, place, url, state, checked, copy = _cells(row)
        page = Text(row.title + "\n" if row.title else "").append(url, "cyan")
        colour = _COLOURS.get(row.state, "yellow")
        shown = "" if memo == before else memo
        before = memo
        date = row.archived.isoformat() if row.archived else "yes"
        archived = Text(date, f"link {copy}") if copy else Text()
        place = place.removeprefix("manuscript/")
        plain = map(Text, (note, shown, place))
        table.add_row(*plain, page, Text(state, colour), Text(checked), archived)
    Console(highlight=False).print(table)


def _summary(rows: tuple[Row, ...]) -> str:
    pages = {row.link.key: row.state for row in rows if row.is_of_the_web}
    counts = Counter(pages.values()).most_common()
    said = ", ".join(f"{count} {state}" for state, count in counts)
    return f"{len(rows)} links to {len(pages)} pages: {said}" if pages else ""
