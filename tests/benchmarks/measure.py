"""Measure what commands cost, each as a child process. Nothing is judged here."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

__all__ = ["BrokenError", "Command", "Cost", "measure", "median"]

Command = Sequence[str]

_WATCH = Path(__file__).with_name("watch.py")
_TAIL = 2000


@dataclass(frozen=True, slots=True)
class Cost:
    """What a run cost: seconds and bytes."""

    wall: float
    cpu: float
    """Of all its processes."""
    peak: float
    """Of the largest single process."""
    parent: float
    """The peak of the process that was started; 0 where the system does not say."""
    together: float
    """Of all processes at one moment; memory that they share counts in each."""


class BrokenError(Exception):
    """A measured command failed."""


def measure(
    commands: Iterable[Command], cwd: Path, environment: Mapping[str, str] | None = None
) -> Cost:
    """Run commands one after the other; times add up, the highest peak counts."""
    costs = [_once(command, cwd, environment or {}) for command in commands]
    return Cost(
        wall=sum(c.wall for c in costs),
        cpu=sum(c.cpu for c in costs),
        peak=max(c.peak for c in costs),
        parent=max(c.parent for c in costs),
        together=max(c.together for c in costs),
    )


def median(costs: Sequence[Cost]) -> Cost:
    """Return the median of each figure by itself."""
    return Cost(*map(statistics.median, zip(*map(astuple, costs), strict=True)))


def _once(command: Command, cwd: Path, environment: Mapping[str, str]) -> Cost:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        said = Path(folder, "said.txt")
        with said.open("wb") as file:
            # -I -S: no site packages, so that the watcher stays small.
            watch = [sys.executable, "-I", "-S", str(_WATCH), str(report)]
            subprocess.run(
                [*watch, *command],
                cwd=cwd,
                env={**_environment(), **environment},
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                check=True,
            )
        found = json.loads(report.read_text("ascii"))
        if found.pop("code"):
            tail = said.read_text("utf-8", "replace")[-_TAIL:]
            message = f"{' '.join(command)}\n{tail}"
            raise BrokenError(message)
    return Cost(**found)


def _environment() -> dict[str, str]:
    """Return this process's environment without what would change a build.

    Without bytecode, as some containers ask for, Python programs would be measured as
    they compile themselves; the warm-up writes it.
    """
    own = {"SOURCE_DATE_EPOCH", "MEMOBOOK_CACHE", "PYTHONPATH"}
    own |= {"PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"}
    return {k: v for k, v in os.environ.items() if k not in own}
