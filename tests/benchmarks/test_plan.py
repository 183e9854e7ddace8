"""The plan for many books: what no simulation may get wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.benchmarks.plan import Cloud, Facts, simulate

FACTS = Facts(
    seconds=(1.0, 2.0, 3.0), pack=0.001, receive=0.01, parcel=40_000, delivery=10**6
)
QUICK = Facts(seconds=(2.0,), pack=0, receive=0, parcel=0, delivery=0)


def calm(workers: int, price: float = 0.04) -> Cloud:
    return Cloud(workers=workers, price=price, losses=0.0, start=0.0, latency=0.0)


def test_books_that_all_take_the_same_take_their_turns():
    plan = simulate(QUICK, 10, calm(3))
    assert (plan.wall, plan.busy, plan.losses) == (8.0, 20.0, 0)


def test_the_cost_is_that_of_all_cores_until_the_end():
    plan = simulate(QUICK, 1800, calm(1, price=0.5))
    assert plan.wall == 3600.0
    assert plan.cost == 1.0  # the worker and the machine that sends the books


def test_one_sender_keeps_no_more_workers_busy_than_it_can_feed():
    slow = Facts(seconds=(1.0,), pack=0.1, receive=0.1, parcel=0, delivery=0)
    few, many = (simulate(slow, 200, calm(n)) for n in (5, 50))
    assert few.wall == pytest.approx(200 * 0.2, rel=0.1)
    assert many.wall == pytest.approx(few.wall, rel=0.1)
    assert many.use < 0.15


def test_a_lost_worker_costs_its_book_a_second_try():
    facts = Facts(seconds=(600.0,), pack=0, receive=0, parcel=0, delivery=0)
    quiet = simulate(facts, 200, Cloud(workers=10, losses=0.0))
    plan = simulate(facts, 200, Cloud(workers=10, losses=0.5))
    assert plan.losses > 0
    assert plan.wall > quiet.wall
    assert plan.busy == 600.0 * (200 - plan.failed)


def test_a_book_that_always_loses_its_worker_is_given_up():
    facts = Facts(seconds=(10**6,), pack=0, receive=0, parcel=0, delivery=0)
    plan = simulate(facts, 3, Cloud(workers=2, losses=60.0, tries=4))
    assert (plan.failed, plan.losses, plan.busy) == (3, 9, 0)


def test_the_same_seed_gives_the_same_plan():
    cloud = Cloud(workers=4, losses=0.2)
    assert simulate(FACTS, 100, cloud) == simulate(FACTS, 100, cloud)


@given(
    books=st.integers(1, 200),
    workers=st.integers(1, 40),
    losses=st.sampled_from([0.0, 0.01, 5.0]),
)
def test_every_book_is_built_or_given_up_and_no_time_is_won(books, workers, losses):
    plan = simulate(FACTS, books, Cloud(workers=workers, losses=losses))
    built = books - plan.failed
    assert built * 1.0 <= plan.busy <= built * 3.0
    assert plan.busy <= workers * plan.wall
    assert 0 <= plan.sender <= plan.wall + 1e-9
    assert plan.use <= 1


def test_facts_survive_their_file():
    assert Facts.from_json(FACTS.as_json()) == FACTS
