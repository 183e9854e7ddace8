"""A cluster on this machine: a scheduler and workers in processes of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Loopback:
    """A running cluster."""

    address: str
    scheduler: subprocess.Popen[bytes]
    workers: tuple[subprocess.Popen[bytes], ...]


@contextmanager
def loopback(
    folder: Path, workers: int, *options: str, tls: tuple[str, ...] = ()
) -> Iterator[Loopback]:
    """Start a scheduler and workers, and end them all.

    Each worker is a process without a nanny, so that one that is killed stays away.
    `tls` are the options that name its certificate; without them nothing is encrypted.
    """
    folder.mkdir(parents=True, exist_ok=True)
    told = folder / "scheduler.json"
    where = ("--port", "0", "--scheduler-file", str(told))
    secure = ("--protocol", "tls", *tls) if tls else ()
    running = [_dask(folder, "scheduler", *where, *secure)]
    try:
        for number in range(workers):
            place = folder / f"worker-{number}"
            where = ("--scheduler-file", str(told), "--local-directory", str(place))
            alone = ("--nthreads", "1", "--no-nanny", "--name", f"worker-{number}")
            running.append(_dask(folder, "worker", *where, *alone, *tls, *options))
        yield Loopback(_address(told), running[0], tuple(running[1:]))
    finally:
        # Not politely: a scheduler that is asked to end may wait for its workers.
        for process in running:
            process.kill()
            process.wait()


def _dask(folder: Path, role: str, *options: str) -> subprocess.Popen[bytes]:
    hosts = ("--host", "127.0.0.1", "--no-dashboard")
    command = [sys.executable, "-m", "distributed.cli.dask_" + role, *hosts, *options]
    # So that what a test pickles is found there, too; and no variable of a build's.
    own = {"SOURCE_DATE_EPOCH", "MEMOBOOK_CACHE"}
    environment = {k: v for k, v in os.environ.items() if k not in own}
    with (folder / f"{role}.log").open("ab") as log:
        return subprocess.Popen(
            command,
            cwd=folder,
            env={**environment, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )


def _address(told: Path) -> str:
    """Wait for the file in which a scheduler tells its address: whole, not only there."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with suppress(FileNotFoundError, json.JSONDecodeError):
            return str(json.loads(told.read_text("utf-8"))["address"])
        time.sleep(0.05)
    raise TimeoutError(told)
