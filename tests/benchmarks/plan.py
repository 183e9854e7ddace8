"""Plan beyond this machine: what would many books take on many workers, and cost?

    python -m tests.benchmarks.plan [--books 100000] [--workers 8,32,128]
                                    [--price 0.04] [--measured FILE]

A simulation by events, from the times of tasks that shelves.py measured. What it
knows: a worker builds one book at a time, each as long as one of the measured ones; one
machine packs and receives all books, one after the other, and sends them over one line;
as many books are under way as memobook has under way; a worker is lost now and then,
with the book that it is at, and is replaced. What it does not know: workers that are
slower when their neighbours work, other people's traffic, and a cluster that takes a
while to grow.
"""

from __future__ import annotations

import argparse
import heapq
import json
import random
import sys
from collections import deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.benchmarks.books import EXAMPLE

__all__ = ["Cloud", "Facts", "Plan", "simulate"]

_MEASURED = (
    EXAMPLE / "build" / "shelves.json",
    Path(__file__).with_name("shelves.json"),
)
_HOUR = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What was measured of a book; seconds and bytes."""

    seconds: tuple[float, ...]
    """Of several books on a worker; each stands for any other."""
    pack: float
    """On the machine that sends the books."""
    receive: float
    parcel: int
    delivery: int

    def as_json(self) -> str:
        return json.dumps(asdict(self), indent=2) + "\n"

    @staticmethod
    def from_json(text: str) -> Facts:
        found = json.loads(text)
        return Facts(**{**found, "seconds": tuple(found["seconds"])})


@dataclass(frozen=True, slots=True, kw_only=True)
class Cloud:
    """What is assumed of the machines."""

    workers: int
    price: float = 0.04
    """Of a core for an hour, in any currency."""
    line: float = 125e6
    """Bytes a second, of the machine that sends the books: a gigabit."""
    latency: float = 0.002
    """Seconds until a task is on its worker, and its result on its way."""
    losses: float = 0.01
    """Workers that are lost in an hour, as a share: of spot machines."""
    start: float = 5.0
    """Seconds until a new worker has loaded all it needs."""
    tries: int = 4
    """How often a book is begun at most, as Dask does unless told otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a run of many books takes."""

    cloud: Cloud
    books: int
    wall: float
    """Seconds."""
    busy: float
    """Seconds of all workers together in which a book was built that was not lost."""
    losses: int
    """Books that were begun again."""
    failed: int
    """Books whose worker was lost too often."""
    sender: float
    """Seconds in which the machine that sends the books had something to do."""

    @property
    def cost(self) -> float:
        """Of all workers, and of the machine that sends the books, until the end."""
        return (self.cloud.workers + 1) * self.wall / _HOUR * self.cloud.price

    @property
    def use(self) -> float:
        """The share of the workers' time that is worth its price."""
        return self.busy / (self.cloud.workers * self.wall)


_Event = tuple[float, int, str, int, int]
"""When, which (so that none are equal), what, the book, the worker."""


@dataclass(slots=True)
class _Run:
    facts: Facts
    cloud: Cloud
    dice: random.Random
    waiting: deque[int]
    """Books that the sender has not begun to pack."""
    free: list[int]
    there: deque[int] = field(default_factory=deque)
    """Books that wait for a worker."""
    events: list[_Event] = field(default_factory=list)
    lives: dict[int, float] = field(default_factory=dict)
    """Worker -> when it will be lost."""
    tries: dict[int, int] = field(default_factory=dict)
    now: float = 0.0
    sender: float = 0.0
    """When the sender has time again; it does one thing after the other."""
    under_way: int = 0
    busy: float = 0.0
    worked: float = 0.0
    losses: int = 0
    failed: int = 0
    number: int = 0

    def at(self, when: float, what: str, book: int = -1, worker: int = -1) -> None:
        self.number += 1
        heapq.heappush(self.events, (when, self.number, what, book, worker))

    def send(self, seconds: float, size: int) -> float:
        """Let the sender work and its line carry; return when both are done."""
        self.sender = max(self.sender, self.now) + seconds + size / self.cloud.line
        self.worked += seconds + size / self.cloud.line
        return self.sender

    def fill(self) -> None:
        """Begin to pack, and give work to free workers."""
        while self.waiting and self.under_way < 2 * self.cloud.workers:
            self.under_way += 1
            done = self.send(self.facts.pack, self.facts.parcel)
            self.at(done + self.cloud.latency, "arrived", self.waiting.popleft())
        while self.there and self.free:
            self.begin(self.there.popleft(), self.free.pop())

    def begin(self, book: int, worker: int) -> None:
        took = self.dice.choice(self.facts.seconds)
        self.tries[book] = self.tries.get(book, 0) + 1
        if self.now + took > self.lives[worker]:
            self.at(max(self.lives[worker], self.now), "lost", book, worker)
            return
        self.busy += took
        self.at(self.now + took, "built", book, worker)

    def life(self) -> float:
        rate = self.cloud.losses / _HOUR
        return self.now + self.dice.expovariate(rate) if rate else float("inf")

    def take(self, event: _Event) -> None:
        self.now, _, what, book, worker = event
        if what == "arrived":
            self.there.append(book)
        elif what == "built":
            self.free.append(worker)
            done = self.send(self.facts.receive, self.facts.delivery)
            self.at(done + self.cloud.latency, "received", book)
        elif what == "received":
            self.under_way -= 1
        elif what == "ready":
            self.lives[worker] = self.life()
            self.free.append(worker)
        else:
            self.lose(book, worker)

    def lose(self, book: int, worker: int) -> None:
        self.at(self.now + self.cloud.start, "ready", worker=worker)
        if self.tries[book] >= self.cloud.tries:
            self.failed += 1
            self.under_way -= 1
            return
        self.losses += 1
        self.there.appendleft(book)


def simulate(facts: Facts, books: int, cloud: Cloud, seed: int = 1) -> Plan:
    """Return what so many books take; the same seed gives the same plan."""
    run = _Run(facts, cloud, random.Random(seed), deque(range(books)), [])
    for worker in range(cloud.workers):
        run.at(cloud.start, "ready", worker=worker)
    run.fill()
    end = 0.0
    while run.events:
        event = heapq.heappop(run.events)
        run.take(event)
        run.fill()
        end = max(end, run.now)
        if not (run.waiting or run.under_way):
            break
    return Plan(
        cloud=cloud,
        books=books,
        wall=end,
        busy=run.busy,
        losses=run.losses,
        failed=run.failed,
        sender=run.worked,
    )


# The program


def main() -> int:
    wanted = _arguments()
    facts = Facts.from_json(_measured(wanted.measured).read_text("utf-8"))
    paper = Console(width=100, highlight=False)
    mean = sum(facts.seconds) / len(facts.seconds)
    paper.print(
        f"a book: {mean:.2f} s on a worker, {facts.pack * 1000:.0f} ms to pack and "
        f"{facts.receive * 1000:.0f} ms to receive, {facts.parcel / 1e6:.2f} MB there, "
        f"{facts.delivery / 1e6:.2f} MB back"
    )
    table = Table("workers", title=f"{wanted.books:,} books", title_justify="left")
    names = (
        "hours",
        "core hours",
        "cost",
        "a book",
        "in use",
        "sender",
        "lost",
        "failed",
    )
    for name in names:
        table.add_column(name, justify="right")
    for plan in _plans(facts, wanted):
        table.add_row(*_row(plan))
    paper.print(table)
    return 0


def _plans(facts: Facts, wanted: argparse.Namespace) -> Iterator[Plan]:
    for workers in map(int, wanted.workers.split(",")):
        cloud = Cloud(
            workers=workers,
            price=wanted.price,
            line=wanted.line * 1e6 / 8,
            losses=wanted.losses,
        )
        yield simulate(facts, wanted.books, cloud)


def _row(plan: Plan) -> tuple[str, ...]:
    return (
        f"{plan.cloud.workers:,}",
        f"{plan.wall / _HOUR:.2f}",
        f"{(plan.cloud.workers + 1) * plan.wall / _HOUR:,.0f}",
        f"{plan.cost:,.2f}",
        f"{plan.cost / plan.books:.5f}",
        f"{plan.use:.0%}",
        f"{plan.sender / plan.wall:.0%}",
        f"{plan.losses:,}",
        f"{plan.failed:,}",
    )


def _measured(path: Path | None) -> Path:
    return path or next(p for p in _MEASURED if p.is_file())


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.plan")
    parser.add_argument("--books", type=int, default=100_000)
    parser.add_argument("--workers", default="8,32,64,128,256")
    parser.add_argument("--price", type=float, default=0.04, help="of a core hour")
    parser.add_argument("--line", type=float, default=1000, help="megabits a second")
    parser.add_argument(
        "--losses", type=float, default=0.01, help="of workers, an hour"
    )
    parser.add_argument("--measured", type=Path, help="what shelves.py wrote")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
