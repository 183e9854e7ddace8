"""What a worker process does all its life: take work, do it, answer.

What goes in: a pipe with work and a pipe for answers. What comes out: an answer to each
work, in their order: whether it was done, and its result or what it raised.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import sys
import tempfile
import threading
import traceback
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from multiprocessing.reduction import ForkingPickler
from queue import SimpleQueue

from memobook.afterwards import catch_up, serving
from memobook.box import enter

__all__ = ["serve"]


def serve(work: Connection, answers: Connection, folder: str) -> None:
    """Do all work that comes, until its pipe is closed.

    `folder` is for temporary files.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it is the parent's to answer
    tempfile.tempdir = folder
    if sys.platform != "linux":  # there the fork server is in the box
        enter()
    _follow_parent()
    serving()
    coming: SimpleQueue[bytes | None] = SimpleQueue()
    # Work is taken in while other work is done: else the parent would wait to be rid
    # of the next one while this process waits to be rid of an answer.
    threading.Thread(target=_take_in, args=(work, coming), daemon=True).start()
    while (data := coming.get()) is not None:
        try:
            answers.send_bytes(_answer(data))
        except OSError:  # nobody waits for it
            break
        catch_up()


def _take_in(work: Connection, coming: SimpleQueue[bytes | None]) -> None:
    try:
        while True:
            coming.put(work.recv_bytes())
    except (EOFError, OSError):
        coming.put(None)


def _answer(data: bytes) -> memoryview:
    try:
        work, item = pickle.loads(data)  # noqa: S301 (of our own parent)
        return ForkingPickler.dumps((True, work(item)))
    except BaseException as error:  # whatever it is: who waits for it is to raise it
        return ForkingPickler.dumps((False, _told(error)))


def _told(error: BaseException) -> BaseException:
    """Return an error with the place where it was raised, which would not be sent."""
    lines = traceback.format_exception(error)
    error.add_note("".join(["in a worker:\n", *lines]))
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 (made a moment ago)
    except Exception:  # one whose parts cannot be sent, or put together again
        return RuntimeError("".join(lines))
    return error


def _follow_parent() -> None:
    """Let this process end when the one that started it does, however it ended.

    It may be in the midst of a work, and not look at its pipes for a long time.
    """
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_follow, args=(parent,), daemon=True).start()


def _follow(parent: BaseProcess) -> None:
    parent.join()
    # Not sys.exit, which would end this thread alone.
    os._exit(1)
