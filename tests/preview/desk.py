"""What the preview's tests share: a show without a build, and a client behind the guard.

What goes in: nothing, or a project. What comes out: a show that shows it.
"""

import asyncio
import contextlib
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx

from memobook.preview.app import make_app
from memobook.preview.editor import Editor, editor
from memobook.preview.loop import Began, Finished, Printed
from memobook.preview.show import Show
from tests.harness import Built

TOKEN = "t0ken"
HOST = "127.0.0.1:8000"
BASE = f"http://{HOST}/{TOKEN}"


def shown(built: Built, opener: Editor | None = None) -> Show:
    """Return a show of a project that was built."""
    show = Show(built.root.resolve(), opener or editor("vscode"))
    tell_build(show, built)
    return show


def tell_build(show: Show, built: Built) -> None:
    """Tell a show what the loop would have told of a build."""
    show.tell(Began(()))
    show.tell(Printed(built.path("pdf").read_bytes(), {}, 0.1))
    show.tell(Finished(built.report, 0.2))


def ask(show: Show, url: str, method: str = "GET", **headers: str) -> httpx.Response:
    """Send one request to the app; `headers` have underscores for hyphens."""
    app = make_app(show, TOKEN, frozenset({HOST, "localhost:8000"}))

    async def sent() -> httpx.Response:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport) as client:
            named = {key.replace("_", "-"): value for key, value in headers.items()}
            return await client.request(method, url, headers=named)

    return asyncio.run(sent())


@dataclass(frozen=True)
class Running:
    """A preview in a process of its own."""

    process: subprocess.Popen[bytes]
    url: str
    log: Path
    """What it says: a file, as a pipe that nobody empties holds it up in the end."""

    @property
    def port(self) -> int:
        found = re.search(r":(\d+)/", self.url)
        assert found
        return int(found[1])

    def end(self) -> int:
        """Press Ctrl-C as a terminal does, for the whole group; return the exit code."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(60)


@contextlib.contextmanager
def running(root: Path, *more: str, out: int | None = None) -> Iterator[Running]:
    """Start `memobook preview` and end it; `out` is what it says it to instead."""
    command = [sys.executable, "-m", "memobook", "preview", str(root), "--no-open"]
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "said.txt"
        with log.open("wb") as file:
            process = subprocess.Popen(
                [*command, *more],
                stdout=file if out is None else out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            url = _first_line(process, log) if out is None else ""
            yield Running(process, url, log)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGINT)
                process.wait(60)


def _first_line(process: subprocess.Popen[bytes], log: Path) -> str:
    while process.poll() is None and "\n" not in log.read_text("utf-8"):
        time.sleep(0.05)
    return log.read_text("utf-8").partition("\n")[0].strip()


def group_is_gone(group: int, patience: float = 20) -> bool:
    """Tell whether no process of a group is left, after a while."""
    for _ in range(int(patience * 10)):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False
