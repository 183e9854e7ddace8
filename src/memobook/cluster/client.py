"""Reach a cluster: the door to Dask.

What goes in: the address of a scheduler. What comes out: a place whose books are built
by its workers. A book whose worker is lost is built by another one; what the cluster
cannot do in the end is done here.
"""

from __future__ import annotations

import gc
import importlib.metadata
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from memobook.batch import Outcome, build_whole, built
from memobook.cluster.hands import Hands, lost_as_broken
from memobook.cluster.kit import Kit, difference, kit
from memobook.cluster.parcels import Delivery, packed, received
from memobook.cluster.there import build_shared, build_shipped
from memobook.diagnostics import MachineError
from memobook.fresh import Order
from memobook.project.config import BOOK_FILE
from memobook.workers import Workers, default_jobs

__all__ = ["Cluster", "opened"]

_Client = Any
"""A client of Dask, most of whose methods have no types."""
_PATIENCE = 10
"""Seconds that a scheduler, and its first worker, are waited for."""
_FAREWELL = 2
"""Seconds that a scheduler has to answer when it is not needed any more."""
_RETRIES = 2
"""How often a task is done again that raised; one whose worker is lost is done again as
the scheduler's own setting says, three times by default.
https://distributed.dask.org/en/stable/resilience.html"""


@contextmanager
def opened(address: str, *, shared: bool) -> Iterator[Cluster]:
    """Open a cluster as a place to build at.

    `shared` says that its workers see the projects' folders under the same paths.
    Raises MachineError if it is not there, or if a worker would give other bytes.
    """
    client = _client(address)
    try:
        jobs = _checked(client, address)
        executor = client.get_executor(pure=False, retries=_RETRIES)
        with Workers(default_jobs()) as spare:
            yield Cluster(client, executor, jobs, shared, kit(), spare)
    finally:
        client.close(timeout=_FAREWELL)


def _client(address: str) -> _Client:
    try:
        from distributed import Client
    except ImportError:
        message = "Dask, which reaches the cluster, is not installed"
        raise MachineError(message, 'type: pip install "memobook[cluster]"') from None
    if _is_secure(address):
        _check_keys()
    connect: Any = Client
    try:
        return connect(address, timeout=_PATIENCE, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        said = str(error).partition("\n")[0]
    # The client that failed closes itself when it is taken apart. That must be now:
    # while another one starts, Dask would wait for itself, and for ever.
    gc.collect()
    message = f"there is no cluster at {address}: {said}"
    raise MachineError(message, _start(address))


def _check_keys() -> None:
    """See that Dask has what a scheduler with TLS asks for: by its own settings.

    https://distributed.dask.org/en/stable/tls.html#parameters
    """
    from distributed.security import Security

    settings: Any = Security
    try:
        context = settings().get_connection_args("client")["ssl_context"]
    except OSError as error:  # SSLError is one
        message = f"what the cluster's TLS needs cannot be read: {error}"
        hint = f"what these name must be files in PEM: {', '.join(_names())}"
        raise MachineError(message, hint) from None
    if context is None:
        files = zip(_names(), ("cert.pem", "cert.pem", "key.pem"), strict=True)
        said = " ".join(f"{name}={file}" for name, file in files)
        message = "a cluster with TLS asks for a certificate and a key"
        raise MachineError(message, f"type: export {said}")


def _names() -> tuple[str, ...]:
    names = ("CA_FILE", "CLIENT__CERT", "CLIENT__KEY")
    return tuple(f"DASK_DISTRIBUTED__COMM__TLS__{name}" for name in names)


def _start(address: str) -> str:
    port = address.rpartition(":")[2]
    options = f" --port {port if port.isdigit() else 8786}"
    if _is_secure(address):
        options = f" --protocol tls{options}{_KEYS}"
    return (
        f"start one: dask scheduler{options}, and on each machine:"
        f" {_start_worker(address)}"
    )


def _start_worker(address: str) -> str:
    keys = _KEYS if _is_secure(address) else ""
    return f"dask worker {address} --nthreads 1 --nworkers 4{keys}"


def _is_secure(address: str) -> bool:
    return address.startswith("tls:")


_KEYS = " --tls-ca-file cert.pem --tls-cert cert.pem --tls-key key.pem"
"""As the README has them: one certificate, which all trust and all show."""


# Are its workers as this machine is?


def _checked(client: _Client, address: str) -> int:
    """Return how many workers there are. Raises MachineError if one cannot be used."""
    try:
        client.wait_for_workers(1, timeout=_PATIENCE)
    except TimeoutError:
        message = f"the cluster at {address} has no workers"
        raise MachineError(message, f"start some: {_start_worker(address)}") from None
    threads = client.nthreads()
    for worker, count in threads.items():
        if count != 1:
            message = f"the worker {worker} has {count} threads, and a layout needs one"
            raise MachineError(message, f"start it so: {_start_worker(address)}")
    _check_version(client)
    here = kit()
    for worker, there in client.run(kit).items():
        _compare(here, there, worker)
    return len(threads)


def _check_version(client: _Client) -> None:
    """See that every worker has memobook, by a call that needs none of it."""
    here = importlib.metadata.version("memobook")
    found = client.run(importlib.metadata.version, "memobook", on_error="return")
    for worker, there in found.items():
        if there != here:
            is_there = isinstance(there, str)
            said = f"memobook {there}" if is_there else "no memobook"
            message = f"the worker {worker} has {said}, and here it is {here}"
            hint = f'type there: pip install "memobook[cluster]=={here}"'
            raise MachineError(message, hint)


def _compare(here: Kit, there: Kit, worker: str) -> None:
    if found := difference(here, there):
        message = f"the worker {worker} has {found}: it might give other bytes"
        hint = "install the same there: the same lock file, the same system"
        raise MachineError(message, hint)


# The place


@dataclass(frozen=True, slots=True)
class Cluster:
    """The workers of a cluster, as a place to build at."""

    client: _Client
    executor: Executor
    jobs: int
    """How many workers there were when it was opened."""
    shared: bool
    kit: Kit
    """What this machine has."""
    spare: Workers
    """For what the cluster cannot do."""

    @property
    def ahead(self) -> int:
        """One more for each worker: a book takes a while to be sent."""
        return self.jobs

    def is_whole(self, order: Order, left: int) -> bool:
        """Tell whether a book is one task: all are but a few large ones at the end.

        Those are put together here, so that more of them would wait for each other.
        """
        return order.weight < _LARGE or left >= min(self.jobs, _TOGETHER)

    def begun(self, order: Order) -> Future[Any]:
        """Begin a whole book on a worker, or here if it is none or the cluster gone."""
        is_book = (order.root / BOOK_FILE).is_file()
        if not (is_book and self._is_there):
            return self.spare.begun(build_whole, order)
        if self.shared:
            return lost_as_broken(self.executor.submit(build_shared, order, self.kit))
        parcel = packed(order)
        return lost_as_broken(self.executor.submit(build_shipped, parcel, self.kit))

    def done(self, made: Any) -> Outcome:  # noqa: ANN401 (each place has its own)
        """Put what was delivered where it belongs."""
        if isinstance(made, Delivery):
            return received(made)
        assert isinstance(made, Outcome)
        return made

    def by_sections(self, order: Order, told: Callable[[str], None]) -> Outcome:
        """Build a book here; the sections of a large one on the workers."""
        if order.weight < _LARGE or not self._is_there:
            return built(order, self.spare, told)
        scatter = None if self.shared else partial(self.client.scatter, broadcast=True)
        hands = Hands(self.executor, self.jobs, self.spare, order, scatter)
        return built(order, hands, told)

    def stop(self) -> None:
        """Take back what has not been begun; a worker ends the book that it is at."""
        self.executor.shutdown(wait=False)
        self.spare.stop()

    @property
    def _is_there(self) -> bool:
        return bool(self.client.status == "running")


_LARGE = 300_000
"""Bytes of texts: a book of some 150 pages."""
_TOGETHER = 3
"""How few books must be left for a large one to be laid out on all workers."""
