"""What is done on a worker: the other door to Dask.

What goes in: a parcel, an order, or a piece of work with the luggage that it needs.
What comes out: what the same would give here. A worker is a process with one thread.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from memobook.batch import Outcome, build_whole
from memobook.cluster.kit import Kit, difference, kit
from memobook.cluster.parcels import Delivery, Parcel, build_parcel, unpacked
from memobook.diagnostics import MachineError
from memobook.fresh import Order
from memobook.outputs.pdf.task import Task
from memobook.project.config import BOOK_FILE
from memobook.store import key_of

__all__ = ["Luggage", "build_shared", "build_shipped", "work_with"]

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Luggage:
    """What the sections of a book are made of, on their way to the workers."""

    id: str
    """Of its content: it is unpacked once in a process."""
    files: Mapping[str, bytes]
    """As those of a parcel."""
    fonts: Mapping[str, bytes]
    """Path on the machine that it comes from -> content."""


def build_shipped(parcel: Parcel, wanted: Kit) -> Delivery:
    """Build a book that came as bytes. Raises MachineError if it might be another."""
    _check(wanted)
    return build_parcel(parcel, _folder() / "cache")


def build_shared(order: Order, wanted: Kit) -> Outcome:
    """Build a book in a folder that this machine sees as the one does that asks."""
    _check(wanted)
    if not (order.root / BOOK_FILE).is_file():
        message = f"the worker {_name()} does not see {order.root}"
        raise MachineError(message, "leave --shared out: the books are sent then")
    return build_whole(order)


def work_with(
    luggage: Luggage, wanted: Kit, work: Callable[[Task], R], task: Task
) -> R:
    """Do some work on a section whose files came as bytes."""
    _check(wanted)
    home = _home(luggage)
    faces = tuple(
        replace(face, path=_font(home, str(face.path))) for face in task.faces
    )
    return work(replace(task, root=home / "book", faces=faces))


def _home(luggage: Luggage) -> Path:
    """Return the folder where the luggage is, and unpack it if it is new."""
    home = _folder() / "luggage" / luggage.id
    if home not in _unpacked():
        unpacked(luggage.files, home)
        for path, data in luggage.fonts.items():
            _font(home, path).parent.mkdir(parents=True, exist_ok=True)
            _font(home, path).write_bytes(data)
        _unpacked().append(home)
    while len(_unpacked()) > _AT_HAND:
        shutil.rmtree(_unpacked().pop(0), ignore_errors=True)
    return home


_AT_HAND = 4
"""Books whose luggage stays unpacked: no more are laid out by sections at once."""


def _font(home: Path, path: str) -> Path:
    return home / "fonts" / f"{key_of(path)}{Path(path).suffix}"


@cache
def _unpacked() -> list[Path]:
    return []


# The worker


def _check(wanted: Kit) -> None:
    """See that a worker that came later is as the first ones were."""
    if found := difference(wanted, _own_kit()):
        message = f"the worker {_name()} has {found}: it might give other bytes"
        hint = "install the same there: the same lock file, the same system"
        raise MachineError(message, hint)


_own_kit = cache(kit)


def _name() -> str:
    return str(_worker().address)


def _folder() -> Path:
    """Return a folder that lasts as long as the worker, and is its own."""
    return Path(_worker().local_directory, "memobook")


def _worker() -> Any:  # noqa: ANN401 (the types of Dask are loose)
    from distributed import get_worker

    return get_worker()
