"""Workers: processes that serve several builds at once, or this process alone."""

import multiprocessing
import os
import signal
import sys
import time
from pathlib import Path

import pytest

from memobook import afterwards
from memobook.crew import Crew, DiedError
from memobook.workers import Serial, StoppedError, Workers, postponed


def process_id(_: object) -> int:
    return os.getpid()


def die(_: object) -> None:
    os._exit(1)


def wait(_: object) -> None:
    time.sleep(600)


def handler(_: object) -> object:
    return signal.getsignal(signal.SIGINT)


def test_a_pool_that_broke_is_replaced_by_the_next_work():
    with Workers(1, lay_out=False) as workers:
        with pytest.raises(DiedError):
            workers.begun(die, None).result()
        assert workers.begun(process_id, None).result() != os.getpid()


def test_renewed_workers_are_others_and_the_old_ones_do_what_was_begun():
    with Workers(1, lay_out=False) as workers:
        first = workers.begun(process_id, None)
        workers.renew()
        second = workers.begun(process_id, None)
        assert first.result() != second.result()


def test_a_death_in_a_process_aside_harms_no_other():
    with Workers(1, lay_out=False) as workers:
        before = workers.begun(process_id, None).result()
        with workers.aside() as one, pytest.raises(DiedError):
            one.begun(die, None).result()
        assert workers.begun(process_id, None).result() == before


def test_workers_that_are_stopped_end_at_once_and_do_nothing_more():
    with Workers(2, lay_out=False) as workers, workers.aside() as one:
        futures = [workers.begun(wait, None), one.begun(wait, None)]
        workers.stop()
        for future in futures:
            with pytest.raises(DiedError):
                future.result(timeout=30)
        for each in (workers, one):
            with pytest.raises(StoppedError):
                each.begun(process_id, None)


def interrupted() -> None:
    with Workers(1, lay_out=False) as workers:
        workers.begun(wait, None)
        raise KeyboardInterrupt


def test_a_process_that_has_just_ended_may_be_stopped_too():
    context = multiprocessing.get_context("spawn")
    crew = Crew(1, context)
    process = context.Process(target=os.getpid)
    process.start()
    process.join()
    process.close()
    crew._processes.add(process)

    crew.stop()


def test_what_can_wait_is_done_when_there_is_nothing_else():
    done: list[int] = []
    with Workers(1, lay_out=False) as workers:
        busy = workers.begun(time.sleep, 1)
        later = workers.begun_later(abs, -2)
        later.add_done_callback(lambda future: done.append(future.result()))
        for number in (3, 4):
            each = workers.begun(abs, -number)
            each.add_done_callback(lambda future: done.append(future.result()))
        later.result()
    assert busy.done()
    assert done == [3, 4, 2]


def test_an_interrupt_waits_for_what_must_not_be_broken_off():
    done: list[str] = []

    def load() -> None:
        with postponed():
            os.kill(os.getpid(), signal.SIGINT)
            done.append("loaded")

    with pytest.raises(KeyboardInterrupt):
        load()
    assert done == ["loaded"]


def test_an_interrupt_stops_the_workers():
    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert time.monotonic() - start < 300


@pytest.mark.skipif(sys.platform == "win32", reason="it has no such signals")
def test_ctrl_c_is_not_the_workers_to_answer():
    with Workers(1, lay_out=False) as workers:
        assert workers.begun(handler, None).result() == signal.SIG_IGN


def test_serial_work_is_done_in_this_process_and_not_before_it_is_asked_for():
    done: list[int] = []
    with Serial() as workers:
        finished = workers.finished(done.append, [1, 2, 3])
        next(finished)
        assert done == [1]
        assert workers.begun(process_id, None).result() == os.getpid()


def test_serial_work_that_fails_raises_when_its_result_is_asked_for():
    future = Serial().begun(int, "no number")
    with pytest.raises(ValueError, match="no number"):
        future.result()


def tell_what_is_put_off(done: list[int]) -> list[int]:
    afterwards.put_off(lambda: done.append(1))
    return list(done)


def test_what_is_put_off_is_done_at_once_where_nobody_serves():
    assert tell_what_is_put_off([]) == [1]


def owe(path: Path) -> bool:
    afterwards.put_off(path.touch)
    return path.exists()


def test_a_worker_answers_before_it_does_what_was_put_off(tmp_path):
    path = tmp_path / "done"
    with Workers(1, lay_out=False) as workers:
        assert not workers.begun(owe, path).result()
        workers.begun(process_id, None).result()
    assert path.exists()
