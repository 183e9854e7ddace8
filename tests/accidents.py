"""Let builds end badly: killed at a moment, or without room on the disk.

What goes in: a project and how its build shall end. What comes out: the dead process, all
of whose children are dead, too. Builds are processes of their own, started as the command
line is, as nothing else can be killed.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from memobook.fresh import BUILD

__all__ = [
    "PATIENCE",
    "Ended",
    "Running",
    "built",
    "customized",
    "files_in",
    "killed_at_length",
    "killed_at_rename",
    "mounted",
]

PATIENCE = 120
"""Seconds after which a process that has not ended never will."""

# Python looks for this module as it starts. It kills the process, with its whole group,
# before the n-th time that a file is moved into its place in build/.
_AT_RENAME = """
import os
import signal
import sys

left = {number}


def hook(event, arguments):
    global left
    if event == "os.rename" and os.path.basename(os.path.dirname(arguments[1])) == "build":
        left -= 1
        if left == 0:
            os.killpg(0, signal.SIGKILL)


sys.addaudithook(hook)
"""

# A process that writes more than it may into a file is killed in the midst of it, as
# long as Python does not ask for an error instead. Only the process that writes the
# outputs: the layout of a page has larger files than those.
_AT_LENGTH = """
import os
import resource
import signal
import sys


def hook(event, arguments):
    if event != "open" or not isinstance(arguments[0], str):
        return
    writes = (arguments[2] or 0) & (os.O_WRONLY | os.O_RDWR)
    if writes and os.path.basename(os.path.dirname(arguments[0])) == "build":
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_FSIZE, ({length}, {length}))


sys.addaudithook(hook)
"""


@dataclass(frozen=True, slots=True)
class Ended:
    """A build that has ended, with all of its processes."""

    code: int
    """The exit code; that of a killed process is negative."""
    text: str
    """What it printed, the errors included."""


class Running:
    """A build in a process group of its own."""

    def __init__(
        self,
        root: Path,
        cache: Path | None = None,
        *,
        jobs: int = 1,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        known = {k: v for k, v in os.environ.items() if k != "MEMOBOOK_CACHE"}
        if cache is not None:
            known["MEMOBOOK_CACHE"] = str(cache)

        self.process = subprocess.Popen(
            [sys.executable, "-m", "memobook", "build", ".", "--jobs", str(jobs)],
            cwd=root,
            env=known | dict(environment or {}),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            encoding="utf-8",
        )

    def killed_after(self, seconds: float) -> Ended:
        """Kill the whole group at a moment, unless it has ended before."""
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
        return self.ended()

    def orphaned_at(self, count: int) -> None:
        """Kill the process alone, as soon as its group has so many processes."""
        while len(_group(self.process.pid)) < count:
            assert self.process.poll() is None, self.ended().text
        self.process.kill()

    def kill_workers(self, most: int) -> int:
        """Kill so many workers, each as soon as it is there; return how many."""
        main, killed = self.process.pid, set[int]()
        while self.process.poll() is None and len(killed) < most:
            for number, parent in _family(main):
                is_worker = main not in {number, parent}
                if is_worker and number not in killed and len(killed) < most:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(number, signal.SIGKILL)
                    killed.add(number)
        return len(killed)

    def survived_by_none(self) -> Ended:
        """Wait for the end of the process, and kill what it has left behind."""
        self.process.wait(PATIENCE)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        return self.ended()

    def ended(self, patience: float = PATIENCE) -> Ended:
        """Wait for the end of the process and of all that it has started.

        They all write to one pipe, which ends when the last of them has ended.
        """
        try:
            text, _ = self.process.communicate(timeout=patience)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.communicate()
            raise
        return Ended(self.process.returncode, text)


def _family(number: int) -> list[tuple[int, int]]:
    """Return the processes of a group, each with its parent."""
    command = ["ps", "-A", "-o", "pid=,ppid=,pgid="]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    rows = [tuple(map(int, line.split())) for line in done.stdout.splitlines()]
    return [(pid, parent) for pid, parent, group in rows if group == number]


def _group(number: int) -> list[str]:
    """Return the processes of a group."""
    command = ["ps", "-A", "-o", "pid=,pgid="]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    pairs = [line.split() for line in done.stdout.splitlines()]
    return [pid for pid, group in pairs if group == str(number)]


def built(root: Path, cache: Path | None = None, *, jobs: int = 1) -> float:
    """Build a project, which must be good; return the seconds that it took."""
    start = time.monotonic()
    ended = Running(root, cache, jobs=jobs).ended()
    assert ended.code == 0, ended.text
    return time.monotonic() - start


def killed_at_rename(root: Path, number: int, folder: Path) -> Ended:
    """Build until a file is moved into its place; `folder` is empty, and for code."""
    code = _AT_RENAME.format(number=number)
    return Running(root, environment=customized(folder, code)).ended()


def killed_at_length(root: Path, length: int, folder: Path) -> Ended:
    """Build until a file is longer than a number of bytes."""
    code = _AT_LENGTH.format(length=length)
    return Running(root, environment=customized(folder, code)).survived_by_none()


def customized(folder: Path, code: str) -> dict[str, str]:
    """Return the environment in which every Python begins with some code."""
    (folder / "sitecustomize.py").write_text(code, encoding="utf-8")
    more = os.environ.get("PYTHONPATH", "")
    return {"PYTHONPATH": os.pathsep.join(p for p in (str(folder), more) if p)}


def mounted(folder: Path, options: str) -> bool:
    """Mount a disk in memory, as only root can; tell whether it is there."""
    folder.mkdir(exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    return not subprocess.run(command, capture_output=True, check=False).returncode


def files_in(root: Path) -> dict[str, bytes]:
    """Return the files in build/ by their names, hidden ones included."""
    paths = (p for p in (root / BUILD).glob("*") if p.is_file())
    return {p.name: p.read_bytes() for p in sorted(paths)}
