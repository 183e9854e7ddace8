"""Many books over one pool: each is made as if alone, and none stops another."""

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from memobook import batch, pipeline
from memobook.batch import Here, Outcome, build_all, build_whole
from memobook.diagnostics import Code, MachineError
from memobook.fresh import Order, unchanged
from memobook.workers import StoppedError, Workers
from tests.harness import make

TEXT = "# One\n\nA [link](https://example.org/one) and a note[^1].\n\n[^1]: Text.\n"
BAD = {"manuscript/one.md": "# One\n\nSee [another](none.md).\n"}


def books(folder: Path, *names: str) -> list[Path]:
    return [
        make(folder / name, {"manuscript/one.md": TEXT + f"\nOf {name}.\n"})
        for name in names
    ]


def orders(
    cache: Path, roots: list[Path], formats: tuple[str, ...] = ("epub",)
) -> list[Order]:
    return [Order(root=root, cache=cache, formats=formats) for root in roots]


@dataclass(frozen=True)
class Noted(Here):
    """This machine, which notes how each book was built."""

    ways: dict[str, str] = field(default_factory=dict)

    def begun(self, order: Order) -> Future[Outcome]:
        """Begin a whole book."""
        self.ways[order.root.name] = "whole"
        return super().begun(order)

    def by_sections(self, order: Order, told: Callable[[str], None]) -> Outcome:
        """Build a book by its sections."""
        self.ways[order.root.name] = "sections"
        return super().by_sections(order, told)


@pytest.fixture
def place() -> Iterator[Noted]:
    with Workers(2, whole_books=True) as workers:
        yield Noted(workers)


def test_a_book_is_the_same_however_it_is_built(tmp_path, shared_cache, place):
    roots = books(tmp_path, "a", "b", "c")
    outcomes = list(
        build_all(orders(tmp_path / "cache", roots, ("pdf", "epub")), place)
    )

    assert sorted(place.ways.values()) == ["sections", "whole", "whole"]
    for outcome in outcomes:
        root = outcome.order.root
        assert outcome.report is not None
        here = {p.name: p.read_bytes() for p in (root / "build").glob("*.*")}
        alone = make(
            tmp_path / "alone" / root.name,
            {"manuscript/one.md": TEXT + f"\nOf {root.name}.\n"},
        )
        report = pipeline.build(alone, cache=shared_cache, workers=place.workers)
        assert here == {p.name: p.read_bytes() for p in (alone / "build").glob("*.*")}
        assert outcome.report.pages == report.pages


def test_a_book_that_fails_stops_no_other(tmp_path, shared_cache, place):
    roots = [
        *books(tmp_path, "a", "b", "c"),
        make(tmp_path / "bad", BAD),
        tmp_path / "none",
    ]
    found = {
        o.order.root.name: o for o in build_all(orders(shared_cache, roots), place)
    }

    assert {name for name, outcome in found.items() if outcome.report} == {
        "a",
        "b",
        "c",
    }
    assert [d.code for d in found["bad"].diagnostics] == [Code.LINK_TARGET_MISSING]
    assert [d.code for d in found["none"].diagnostics] == [Code.PROJECT_NOT_FOUND]
    assert [found[name].exit_code for name in ("a", "bad", "none")] == [0, 1, 1]


def test_the_largest_book_is_begun_first(tmp_path, shared_cache, place):
    small, large = books(tmp_path, "small", "large")
    with (large / "manuscript/one.md").open("a") as file:
        file.write("\nMore text.\n" * 20)
    begun: list[str] = []

    def told(order: Order, title: str) -> None:
        if not title:
            begun.append(order.root.name)

    list(build_all(orders(shared_cache, [small, large]), place, told))
    assert begun == ["large", "small"]


def dying(order: Order) -> Outcome:
    if order.root.name == "b":
        os._exit(1)
    return build_whole(order)


class Deadly(Noted):
    """A machine on which one book's worker dies, as for want of memory."""

    def begun(self, order: Order) -> Future[Outcome]:
        """Begin a whole book, which may be the last thing that a worker does."""
        return self.workers.begun(dying, order)


def test_books_whose_worker_died_are_built_by_their_sections(tmp_path, shared_cache):
    roots = books(tmp_path, "a", "b", "c", "d")
    with Workers(2, lay_out=False, whole_books=True) as workers:
        place = Deadly(workers)
        found = list(build_all(orders(shared_cache, roots), place))
    assert all(outcome.report for outcome in found)
    assert len(found) == 4
    assert "b" in place.ways


def test_workers_are_renewed_before_they_grow(tmp_path, shared_cache, monkeypatch):
    monkeypatch.setattr(batch, "_RENEWED", 1)
    roots = books(tmp_path, *"abcdef")
    with Workers(2, lay_out=False, whole_books=True) as workers:
        first = workers._started()
        found = list(build_all(orders(shared_cache, roots), Here(workers)))
        assert workers._started() is not first
    assert all(outcome.report for outcome in found)


class Lacking(Noted):
    """A machine that lacks something, and a mistake of memobook's own."""

    def begun(self, order: Order) -> Future[Outcome]:
        """Do nothing but tell so."""
        future: Future[Outcome] = Future()
        future.set_exception(ZeroDivisionError("ours"))
        return future

    def by_sections(self, order: Order, told: Callable[[str], None]) -> Outcome:
        """Tell what is lacking."""
        return Outcome(order=order, lack=MachineError("no Pango", "install it"))


def test_a_mistake_of_memobook_s_own_waits_for_the_other_books(tmp_path, shared_cache):
    roots = books(tmp_path, "a", "b")
    with Workers(2) as workers:
        found = list(build_all(orders(shared_cache, roots), Lacking(workers)))
    faults = [type(o.fault) for o in found if o.fault]
    assert faults == [ZeroDivisionError]
    assert [o.exit_code for o in found if o.lack] == [4]


def test_who_wants_no_more_ends_all_work(tmp_path, shared_cache):
    roots = books(tmp_path, "a", "b", "c", "d")
    with Workers(2, lay_out=False, whole_books=True) as workers:
        place = Noted(workers)
        outcomes = build_all(orders(shared_cache, roots), place)
        next(outcomes)
        outcomes.close()  # type: ignore[attr-defined]  # it is a generator
        with pytest.raises(StoppedError):
            workers.begun(build_whole, Order(root=roots[0]))
    assert not [t for t in threading.enumerate() if t.name.startswith("ThreadPool")]


def test_what_has_not_changed_is_known_before_anything_is_begun(tmp_path, place):
    (order,) = orders(tmp_path / "cache", books(tmp_path, "a"))
    assert unchanged(order) is None
    list(build_all([order], place))
    report = unchanged(order)
    assert report is not None
    assert report.nothing_changed
