"""`memobook preview` and `memobook watch`: see the book while it is written."""

from __future__ import annotations

import select
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from memobook.cli.screen import (
    Formats,
    Jobs,
    MessageFormat,
    Profiles,
    cache_folder,
    epoch,
    fail,
    formats_of,
    paper,
    screen,
    show,
)
from memobook.cli.trusting import Untrusted, trust_of
from memobook.console import Format, counted
from memobook.fresh import FORMATS, Order

if TYPE_CHECKING:
    from memobook.diagnostics import Diagnostic
    from memobook.preview.editor import Editor
    from memobook.preview.loop import Building, Event, Failed
    from memobook.workers import Workers

__all__ = ["preview", "watch"]

_INTERRUPTED = 130
"""As a shell says it of a program that Ctrl-C ended."""

Folder = Annotated[
    Path, typer.Argument(help="The project's folder; the current one by default.")
]
Port = Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")]
Host = Annotated[str, typer.Option(help="An address of this machine, and no other.")]
Open = Annotated[bool, typer.Option("--open/--no-open", help="Open the browser.")]
Opener = Annotated[
    str,
    typer.Option(
        envvar="MEMOBOOK_EDITOR",
        help="What opens a finding's place: vscode, zed, idea, …, none, or an address "
        "with {path}, {line} and {column}.",
    ),
]


def preview(
    project: Folder = Path(),
    *,
    port: Port = 0,
    host: Host = "127.0.0.1",
    is_to_open: Open = True,
    editor: Opener = "vscode",
    jobs: Jobs = None,
    profile: Profiles = None,
    untrusted: Untrusted = None,
) -> None:
    """Show the book in the browser, anew after every save."""
    root = _project(project)
    import webbrowser

    from memobook.preview.server import open_door, serve
    from memobook.preview.show import Show

    opener = _editor(editor)
    try:
        door = open_door(host, port)
    except ValueError as error:
        way = f"ssh -L {port or 8000}:127.0.0.1:{port or 8000} HOST"
        there = f"memobook preview --port {port or 8000} --no-open"
        fail(str(error), f"leave --host out; from elsewhere: {way}, and there: {there}")
    except OSError as error:
        fail(f"port {port} cannot be had: {error.strerror}", "leave --port out")

    def ready() -> None:
        paper().print(f"{door.url}\nCtrl-C ends it.", markup=False)
        if is_to_open:
            webbrowser.open(door.url)

    with _workers(jobs) as workers:
        building = _building(root, workers, FORMATS, profile, untrusted)
        _until_interrupted(
            lambda: serve(
                door, building, Show(root, opener), ready=ready, tell=_Teller()
            )
        )


def watch(
    project: Folder = Path(),
    *,
    formats: Formats = None,
    jobs: Jobs = None,
    profile: Profiles = None,
    untrusted: Untrusted = None,
    message_format: MessageFormat = Format.FULL,
) -> None:
    """Build the book again after every save, and say what was found."""
    root = _project(project)
    wanted = formats_of(formats)
    if message_format is Format.SARIF:
        fail("SARIF is one document, and this has no end", "--message-format json")
    import asyncio

    from memobook.preview.loop import keep_building
    from memobook.preview.saves import saves

    async def watching(building: Building, tell: Callable[[Event], None]) -> None:
        stop = asyncio.Event()
        await keep_building(building, saves(root, stop, building.order.trust), tell)

    with _workers(jobs, "pdf" in wanted) as workers:
        building = _building(root, workers, wanted, profile, untrusted)
        tell = _Teller(root, message_format)
        _until_interrupted(lambda: asyncio.run(watching(building, tell)))


class _Teller:
    """Prints what becomes of each build, a line each."""

    def __init__(self, root: Path | None = None, style: Format = Format.FULL) -> None:
        self._root, self._style = root, style
        """Findings are printed if there is a root: the preview's page shows them."""

    def __call__(self, event: Event) -> None:
        from memobook.preview.loop import Began, Failed, Finished

        # Whoever reads no more than the address is not to hold up the page.
        if self._root is None and not all(map(_takes_text, (sys.stdout, sys.stderr))):
            return
        match event:
            case Began(paths) if paths:
                self._say(f"saved {', '.join(paths)}")
            case Finished(report, seconds):
                self._show(report.diagnostics)
                pages = (
                    "" if report.pages is None else f"{counted(report.pages, 'page')}, "
                )
                laid_out = f"{counted(report.laid_out, 'section')} laid out"
                self._say(f"built in {seconds:.1f} s: {pages}{laid_out}")
            case Failed():
                self._fail(event)
            case _:
                pass

    def _fail(self, event: Failed) -> None:
        self._show(event.diagnostics)
        if event.message:
            screen().print(f"error: {event.message}", markup=False)
            screen().print(f"   hint: {event.hint}", markup=False)
        errors = sum(d.is_error for d in event.diagnostics) or 1
        self._say(
            f"not built, for {counted(errors, 'error')}; the outputs are as they were"
        )

    def _show(self, found: tuple[Diagnostic, ...]) -> None:
        if self._root is not None:
            show(found, self._root, self._style)

    def _say(self, text: str) -> None:
        if self._style.is_read_by_people:
            now = datetime.now().astimezone()
            paper().print(f"{now:%H:%M:%S}  {text}", markup=False)


def _takes_text(stream: TextIO) -> bool:
    """Tell whether a line can be written at once.

    Not into a pipe that nobody empties, when it is full, nor into one whose reader is
    gone. https://man7.org/linux/man-pages/man2/poll.2.html
    """
    if sys.platform == "win32" or stream.isatty():  # Windows knows it of sockets alone
        return True
    asking = select.poll()
    try:
        asking.register(stream, select.POLLOUT)
    except ValueError:  # it is no file of the system's
        return True
    return [found for _, found in asking.poll(0)] == [select.POLLOUT]


def _project(root: Path) -> Path:
    from memobook.project.config import BOOK_FILE

    if not (root / BOOK_FILE).is_file():
        fail(f"{root} is no book project", "name a folder that has " + BOOK_FILE)
    return root.resolve()


def _editor(name: str) -> Editor:
    from memobook.preview.editor import EDITORS, editor

    try:
        return editor(name)
    except ValueError as error:
        fail(str(error), f"write --editor {', '.join(EDITORS)} or an address")


def _workers(jobs: int | None, lay_out: bool = True) -> Workers:
    from memobook.workers import Workers, default_jobs

    workers = Workers(jobs or default_jobs(), lay_out)
    workers.get_ready()
    return workers


def _building(
    root: Path,
    workers: Workers,
    formats: tuple[str, ...],
    profile: list[str] | None,
    untrusted: bool | None,
) -> Building:
    from memobook.preview.loop import Building

    order = Order(
        root=root,
        formats=formats,
        epoch=epoch(),
        cache=cache_folder(),
        profiles=tuple(profile or ()),
        trust=trust_of(root, untrusted, is_chosen=False),
    )
    return Building(order, workers)


def _until_interrupted(work: Callable[[], None]) -> None:
    try:
        work()
    except KeyboardInterrupt:
        raise typer.Exit(_INTERRUPTED) from None
