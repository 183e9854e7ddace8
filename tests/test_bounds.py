"""What a piece of work may take, and what becomes of one that takes more."""

import errno
import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from memobook.bounds import Bound, ExceededError, Limit, bounded, overstepped
from memobook.crew import DiedError
from memobook.workers import Workers

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="it has no such limits")

LITTLE = Bound(seconds=0.2, memory=64 << 20)


def endless(_: object) -> None:
    with bounded(LITTLE):
        while True:
            pass


def stubborn(_: object) -> None:
    """Do as an engine does that takes whatever is raised for a fault of a file."""
    with bounded(LITTLE):
        while True:
            with suppress(BaseException):
                _loop()


def _loop() -> None:
    while True:
        pass


def in_c(_: object) -> None:
    with bounded(LITTLE):
        # One instruction of Python, whose end nobody here will see.
        sum(range(10**15))


def greedy(_: object) -> int:
    with bounded(LITTLE):
        return len(bytes(1 << 30))


def deep(_: object) -> None:
    def deeper() -> None:
        deeper()

    with bounded(LITTLE):
        deeper()


def modest(seconds: float) -> float:
    with bounded(LITTLE):
        time.sleep(seconds)
    return signal.getitimer(signal.ITIMER_VIRTUAL)[0]


def aborted(_: object) -> None:
    os.abort()


def killed(_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.fixture(scope="module")
def workers():
    with Workers(1, lay_out=False) as made:
        yield made


@pytest.mark.parametrize(
    ("work", "limit"),
    [
        (endless, Limit.TIME),
        (stubborn, Limit.TIME),
        (in_c, Limit.TIME),
        (deep, Limit.DEPTH),
        pytest.param(
            greedy,
            Limit.MEMORY,
            marks=pytest.mark.skipif(sys.platform != "linux", reason="has no bound"),
        ),
    ],
)
def test_work_that_takes_too_much_is_ended_and_its_process_works_on(
    work, limit, workers
):
    futures = [workers.begun(work, None), workers.begun(modest, 0)]
    with pytest.raises(ExceededError) as error:
        futures[0].result()
    assert error.value.limit is limit
    assert futures[1].result() == 0


def test_work_may_wait_for_longer_than_it_may_compute(workers):
    assert workers.begun(modest, 0.5).result() == 0


@pytest.mark.parametrize(("work", "how"), [(aborted, "SIGABRT"), (killed, "SIGKILL")])
def test_a_death_is_told_by_its_signal_and_costs_no_other_work(work, how, workers):
    futures = [workers.begun(f, 0) for f in (modest, work, modest, modest)]
    with pytest.raises(DiedError, match=how):
        futures[1].result()
    assert [futures[n].result() for n in (0, 2, 3)] == [0, 0, 0]


def once(path: str) -> str:
    """End the process, as the system may, but not a second time."""
    try:
        Path(path).mkdir()
    except FileExistsError:
        return "done"
    os.kill(os.getpid(), signal.SIGKILL)
    return "never"


def test_work_whose_process_the_system_ended_is_done_once_more(tmp_path, workers):
    assert workers.begun(once, str(tmp_path / "mark")).result() == "done"


def test_a_bound_within_a_bound_gives_back_the_time_that_is_left():
    with bounded(Bound(seconds=1000)):
        with bounded(Bound(seconds=5)):
            pass
        assert 900 < signal.getitimer(signal.ITIMER_VIRTUAL)[0] <= 1001
    assert signal.getitimer(signal.ITIMER_VIRTUAL)[0] == 0


def test_a_file_that_is_too_large_is_told_as_such():
    with pytest.raises(ExceededError) as error, bounded(LITTLE):
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
    assert error.value.limit is Limit.FILE


def test_an_exit_code_tells_of_too_much_time():
    assert overstepped(-signal.SIGPROF)
    assert not overstepped(-signal.SIGKILL)
    assert not overstepped(0)
