"""Measure shelves and clusters:

    python -m tests.benchmarks.shelves [--copies 200] [--changed 10] [--cluster 48]

Builds copies of the example, changes a word in some and builds again; then builds on a
cluster of one and of two workers on this machine. Prints what it took, and writes the
times of tasks to build/shelves.json, from which plan.py looks beyond this machine. The
exit code says whether something crashed or the wrong books were built, never whether
something was slow.
"""

from __future__ import annotations

import argparse
import os
import pickle
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from subprocess import Popen

from rich.console import Console

from memobook.batch import Place, build_all
from memobook.cluster import opened
from memobook.cluster.parcels import build_parcel, packed, received
from memobook.fresh import Order
from tests.benchmarks.books import EXAMPLE
from tests.benchmarks.measure import Cost, measure
from tests.benchmarks.plan import Facts
from tests.benchmarks.scenarios import one_word
from tests.cluster.loopback import Loopback, loopback
from tests.harness import copy

_paper = Console(width=100, highlight=False)

_MEMO = "manuscript/space.md"
_SAMPLE = 6
"""Books whose way as parcels is timed in this process."""


def main() -> int:
    wanted = _arguments()
    # A bar of the load: what runs beside makes all figures worth less.
    _paper.print(f"load of the machine: {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory(prefix="memobook-shelf-") as name:
        folder = Path(name)
        is_right = not wanted.copies or _measure_shelf(
            folder / "shelf", wanted.copies, wanted.changed, wanted.jobs
        )
        if wanted.cluster:
            _measure_cluster(folder, wanted.cluster, wanted.turns)
    _paper.print(f"load of the machine: {os.getloadavg()[0]:.1f}")
    return 0 if is_right else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.shelves")
    parser.add_argument("--copies", type=int, default=200, help="books of the shelf")
    parser.add_argument("--changed", type=int, default=10, help="of them, by a word")
    parser.add_argument("--jobs", type=int, help="handed to memobook build")
    parser.add_argument("--cluster", type=int, default=48, help="books of a cluster")
    parser.add_argument("--turns", type=int, default=2, help="of the cluster")
    return parser.parse_args()


# A shelf


def _measure_shelf(folder: Path, copies: int, changed: int, jobs: int | None) -> bool:
    """Print the time of a clean shelf, and of one with some changed books."""
    roots = [copy(EXAMPLE, folder / f"copy-{number:04}") for number in range(copies)]
    (folder / "shelf.toml").write_text("[shelf]\nbooks = ['copy-*']\n", "utf-8")
    more = ("--jobs", str(jobs)) if jobs else ()
    options = ("--only-changed", "--message-format", "json", *more)
    command = (sys.executable, "-m", "memobook", "build", str(folder), *options)
    clean = measure([command], folder)
    nothing = measure([command], folder)
    step = max(copies // max(changed, 1), 1)
    edited = roots[::step][:changed]
    for root in edited:
        text = (root / _MEMO).read_text("utf-8")
        (root / _MEMO).write_text(one_word(text, "plainly"), "utf-8", newline="\n")
    before = {root: _outputs(root) for root in roots}
    again = measure([command], folder)
    built = [root for root in roots if _outputs(root) != before[root]]
    _tell(f"{copies} copies of the example, clean", clean)
    _tell(f"one word changed in {changed} of them", again)
    _tell("nothing changed", nothing)
    _paper.print(f"changed / clean: {again.wall / clean.wall:.3f}, at most 0.1")
    _paper.print(f"books built again: {len(built)}, changed: {len(edited)}")
    return built == edited


def _outputs(root: Path) -> list[int]:
    return [p.stat().st_mtime_ns for p in sorted((root / "build").glob("[!.]*"))]


def _tell(what: str, cost: Cost) -> None:
    peak, together = cost.peak / 1e6, cost.together / 1e6
    _paper.print(
        f"{what}: {cost.wall:.1f} s, {cost.cpu:.1f} s of CPU, "
        f"largest process {peak:.0f} MB, together {together:.0f} MB"
    )


# A cluster


@dataclass(frozen=True, slots=True)
class _Run:
    workers: int
    books: int
    wall: float
    cpu: float
    """Of the workers."""
    other: float
    """CPU of the scheduler and of this process, which sends and takes in."""
    seconds: tuple[float, ...]
    """Of each book on its worker."""


def _measure_cluster(folder: Path, books: int, turns: int) -> None:
    runs: list[_Run] = []
    for turn in range(turns):
        for workers in (1, 2):
            place = folder / f"dask-{turn}-{workers}"
            run = _throughput(place, workers, books)
            runs.append(run)
            _paper.print(
                f"{workers} workers, {books} books: {run.wall:.1f} s, "
                f"{books / run.wall:.2f} books a second, {run.cpu:.1f} s of CPU of the "
                f"workers, {run.other:.1f} s of the scheduler and the sender"
            )
    rate = {w: max(r.books / r.wall for r in runs if r.workers == w) for w in (1, 2)}
    cpu = {w: min(r.cpu / r.books for r in runs if r.workers == w) for w in (1, 2)}
    _paper.print(f"two workers / one: {rate[2] / rate[1]:.2f}, at least 1.7")
    _paper.print(
        f"CPU of a book: {cpu[1]:.2f} s with one worker, {cpu[2]:.2f} s with two"
    )
    alone = [s for run in runs if run.workers == 1 for s in run.seconds]
    _write(_facts(folder / "parcels", alone))


def _throughput(folder: Path, workers: int, books: int) -> _Run:
    with loopback(folder, workers) as cluster:
        with opened(cluster.address, shared=False) as place:
            # The first book of a process waits for WeasyPrint to be loaded.
            _build(place, _orders(folder / "warm", 2 * workers))
            orders = _orders(folder / "books", books)
            before, others = _cpu(cluster.workers), _others(cluster)
            start = time.monotonic()
            seconds = _build(place, orders)
            wall = time.monotonic() - start
            cpu, other = _cpu(cluster.workers) - before, _others(cluster) - others
        return _Run(workers, books, wall, cpu, other, seconds)


def _orders(folder: Path, books: int) -> list[Order]:
    roots = [copy(EXAMPLE, folder / f"copy-{number}") for number in range(books)]
    for number, root in enumerate(roots):
        # Other books, so that no worker finds another one's sheets in its cache.
        for memo in sorted((root / "manuscript").glob("*.md")):
            memo.write_text(
                f"{memo.read_text('utf-8')}\nBook {folder.name} {number}.\n"
            )
    return [Order(root=root) for root in roots]


def _build(place: Place, orders: Sequence[Order]) -> tuple[float, ...]:
    outcomes = list(build_all(orders, place))
    if not all(outcome.report for outcome in outcomes):
        message = f"not all books were built: {outcomes}"
        raise RuntimeError(message)
    return tuple(outcome.seconds for outcome in outcomes)


def _others(cluster: Loopback) -> float:
    return _cpu([cluster.scheduler]) + time.process_time()


def _cpu(processes: Sequence[Popen[bytes]]) -> float:
    ticks = os.sysconf("SC_CLK_TCK")
    found = 0.0
    for process in processes:
        fields = (
            Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
        )
        found += (int(fields[11]) + int(fields[12])) / ticks  # proc(5): utime, stime
    return found


def _facts(folder: Path, seconds: Sequence[float]) -> Facts:
    """Return what a book costs on its way, timed in this process."""
    rows = []
    for number in range(_SAMPLE):
        order = Order(root=copy(EXAMPLE, folder / f"copy-{number}"))
        start = time.perf_counter()
        parcel = packed(order)
        data = pickle.dumps(parcel)
        pack = time.perf_counter() - start
        delivery = build_parcel(parcel, folder / "cache")
        start = time.perf_counter()
        received(replace(delivery))
        rows.append(
            (pack, time.perf_counter() - start, len(data), len(pickle.dumps(delivery)))
        )
    pack, receive, there, back = (
        statistics.median(column) for column in zip(*rows, strict=True)
    )
    return Facts(
        seconds=tuple(round(s, 3) for s in seconds),
        pack=round(pack, 4),
        receive=round(receive, 4),
        parcel=int(there),
        delivery=int(back),
    )


def _write(facts: Facts) -> None:
    path = EXAMPLE / "build" / "shelves.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(facts.as_json(), "utf-8")
    _paper.print(
        f"written to {path.relative_to(EXAMPLE)}: python -m tests.benchmarks.plan"
    )


if __name__ == "__main__":
    sys.exit(main())
