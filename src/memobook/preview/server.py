"""Serve the preview to this machine alone: the door to uvicorn.

What goes in: a project and where to listen. What comes out: an address with a token,
served until Ctrl-C.
"""

from __future__ import annotations

import asyncio
import ipaddress
import secrets
import socket
from asyncio import Transport
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from memobook.preview.app import make_app
from memobook.preview.loop import Building, Event, keep_building
from memobook.preview.saves import saves
from memobook.preview.show import Show

__all__ = ["Door", "is_loopback", "open_door", "serve"]

_CONNECTIONS = 96
"""How many there may be at once: ten tabs have six each."""
_PATIENCE = 10.0
"""Seconds in which a connection must have said what it wants."""
_REQUEST = 16_384
"""Bytes that a request's line and headers may have."""


def is_loopback(host: str) -> bool:
    """Tell whether an address can be reached from this machine alone."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class Door:
    """Where the preview listens."""

    socket: socket.socket
    token: str
    hosts: frozenset[str]
    """What a Host header may say."""
    url: str


def open_door(host: str, port: int) -> Door:
    """Listen on a port, or on a free one if it is 0. Raises OSError, ValueError."""
    if not is_loopback(host):
        message = f"{host} can be reached from other machines"
        raise ValueError(message)
    address = "127.0.0.1" if host == "localhost" else host
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((address, port))
        listening.listen(_CONNECTIONS)
    except BaseException:
        listening.close()
        raise
    real = listening.getsockname()[1]
    shown = f"[{address}]" if ":" in address else address
    token = secrets.token_urlsafe(24)
    names = {shown, "localhost"}
    hosts = frozenset(f"{name}:{real}" for name in names)
    if real == 80:
        hosts |= names
    return Door(listening, token, hosts, f"http://{shown}:{real}/{token}/")


def serve(
    door: Door,
    building: Building,
    show: Show,
    *,
    ready: Callable[[], None] = lambda: None,
    tell: Callable[[Event], None] = lambda _: None,
) -> None:
    """Serve, and build after every save, until the process is interrupted.

    `ready` is called once the page can be opened, `tell` of every event. Raises
    KeyboardInterrupt at Ctrl-C.
    """
    asyncio.run(_serve(door, building, show, ready, tell))


async def _serve(
    door: Door,
    building: Building,
    show: Show,
    ready: Callable[[], None],
    tell: Callable[[Event], None],
) -> None:
    stop = asyncio.Event()

    def told(event: Event) -> None:
        show.tell(event)
        tell(event)

    def end() -> None:
        show.close()
        building.stopped = True
        stop.set()

    server = _Server(_config(door, show), end)
    loop = asyncio.create_task(
        keep_building(
            building, saves(building.order.root, stop, building.order.trust), told
        )
    )
    ready()
    try:
        with server.capture_signals():
            # Not serve(), which raises the signal before the loop has ended.
            await server._serve([door.socket])
            end()
            with suppress(asyncio.CancelledError):
                await loop
    finally:
        end()
        if show.printed is not None:
            show.printed.close()


def _config(door: Door, show: Show) -> uvicorn.Config:
    return uvicorn.Config(
        make_app(show, door.token, door.hosts),
        http=_Protocol,
        ws="none",
        loop="asyncio",
        lifespan="off",
        log_level="error",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=_CONNECTIONS,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=2,
        h11_max_incomplete_event_size=_REQUEST,
    )


class _Server(uvicorn.Server):
    """Tells its streams that the end has come, else it would wait for them."""

    def __init__(self, config: uvicorn.Config, end: Callable[[], None]) -> None:
        super().__init__(config)
        self._end = end

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._end()
        await super().shutdown(sockets)


class _Protocol(H11Protocol):
    """Takes so many connections and no more, and none that says nothing."""

    _waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.connections) > _CONNECTIONS:
            transport.abort()
            return
        self._waiting = self.loop.call_later(_PATIENCE, self._give_up)

    def _give_up(self) -> None:
        """End a connection that has not sent a whole request by now."""
        cycle: object = self.cycle  # its type says that it is never None
        if cycle is None and not self.transport.is_closing():
            self.transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
        super().connection_lost(exc)
