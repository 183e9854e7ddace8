"""Run a command and write down what it cost: a small program, run by measure.py.

    python -I -S watch.py REPORT COMMAND [ARGUMENT...]

It is small because Linux counts the memory of the process that starts another one as
the other's, and it is a process of its own because it takes in the orphans of the
command (PR_SET_CHILD_SUBREAPER), so that no worker's time and memory are lost.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
import threading
import time

_SUBREAPER = (
    36  # https://man7.org/linux/man-pages/man2/pr_set_child_subreaper.2const.html
)
_PAUSE = 0.05
_PATIENCE = 20
"""Seconds that orphans are waited for."""
_KILOBYTE = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss


class Poll(threading.Thread):
    """Look at the processes now and then, as far as the system has /proc."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid = pid
        self.parent = 0
        """The peak of the command's own process, in bytes."""
        self.together = 0
        """The peak of all processes at one moment; shared pages count in each."""

    def run(self) -> None:
        while True:
            self.parent = max(self.parent, _status(self.pid, b"VmHWM:"))
            family = [self.pid, *_below(os.getpid())]
            now = sum(_status(pid, b"VmRSS:") for pid in set(family))
            self.together = max(self.together, now)
            time.sleep(_PAUSE)


def _status(pid: int, field: bytes) -> int:
    try:
        with open(f"/proc/{pid}/status", "rb") as file:  # noqa: PTH123 (no pathlib: small)
            for line in file:
                if line.startswith(field):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0


def _below(pid: int) -> list[int]:
    try:
        with open(f"/proc/{pid}/task/{pid}/children", "rb") as file:  # noqa: PTH123
            children = [int(word) for word in file.read().split()]
    except OSError:
        return []
    return [p for child in children for p in (child, *_below(child))]


def _give_up(*_: object) -> None:
    raise TimeoutError


def main(report: str, command: list[str]) -> int:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)
    start = time.monotonic()
    pid = os.posix_spawnp(command[0], command, os.environ)
    poll = Poll(pid)
    poll.start()
    wall, code, cpu, peak = 0.0, 1, 0.0, 0
    while True:
        try:
            ended, status, usage = os.wait4(-1, 0)
        except (ChildProcessError, TimeoutError):
            break
        cpu += usage.ru_utime + usage.ru_stime
        peak = max(peak, usage.ru_maxrss * _KILOBYTE)
        if ended == pid:
            wall, code = time.monotonic() - start, os.waitstatus_to_exitcode(status)
            signal.signal(signal.SIGALRM, _give_up)
            signal.alarm(_PATIENCE)
    found = {
        "code": code,
        "wall": wall,
        "cpu": cpu,
        "peak": peak,
        "parent": poll.parent,
        "together": max(poll.together, peak),
    }
    with open(report, "w", encoding="ascii") as file:  # noqa: PTH123
        json.dump(found, file)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
