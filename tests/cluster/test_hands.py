"""Work that a cluster loses is done here."""

from concurrent.futures import BrokenExecutor, Future

import pytest

from memobook.cluster.hands import or_else
from memobook.workers import Serial, StoppedError


def failed(error: Exception) -> Future[int]:
    future: Future[int] = Future()
    future.set_exception(error)
    return future


def test_what_is_done_there_is_not_done_here():
    there = Serial().begun(int, "1")
    assert or_else(there, lambda: Serial().begun(int, "2")).result() == 1


def test_what_is_lost_there_is_done_here():
    lost = failed(BrokenExecutor("the cluster let it go"))
    assert or_else(lost, lambda: Serial().begun(int, "2")).result() == 2


def test_what_fails_there_is_not_done_again():
    future = or_else(failed(ValueError("x")), lambda: Serial().begun(int, "2"))
    with pytest.raises(ValueError, match="x"):
        future.result()


def test_what_is_lost_when_all_is_stopped_is_told():
    def stopped() -> Future[int]:
        raise StoppedError

    with pytest.raises(StoppedError):
        or_else(failed(BrokenExecutor()), stopped).result()
