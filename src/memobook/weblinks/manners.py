"""How the web is asked politely: how much at once, how fast, and what robots may read.

What goes in: addresses. What comes out: leave to ask for them, when their turn comes.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

__all__ = ["Host", "Hosts", "Manners", "origin"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """What a server has to bear; times in seconds."""

    at_once: int = 8
    """Requests that are under way in all."""
    per_host: int = 2
    """Of those, to one host."""
    delay: float = 1.0
    """Between the beginnings of two requests to one host."""
    time_out: float = 20.0
    """For a connection and for every answer, body included."""
    retries: int = 2
    """After an answer that may be better soon."""
    backoff: float = 1.0
    """Before the first retry; twice as long before each one after it."""
    patience: float = 60.0
    """The longest wait that a server may ask for."""
    redirects: int = 10
    body: int = 262_144
    """Bytes of a page that are read."""
    agent: str = "memobook"
    """How it calls itself; robots.txt knows it by what stands before a slash."""


def origin(url: str) -> str:
    """Return scheme, host and port of an address: whose robots.txt it is under."""
    parts = urlsplit(url)
    return f"{parts.scheme.lower()}://{parts.netloc.rpartition('@')[2].lower()}"


@dataclass(slots=True)
class Host:
    """What is known of one host while links are looked at."""

    room: asyncio.Semaphore
    delay: float
    next_start: float = 0.0
    """When the next request may begin, on the loop's clock."""
    closed: bool = False
    """Whether it has asked to be left alone for longer than there is patience."""


@dataclass(slots=True)
class Hosts:
    """The turns of all hosts."""

    manners: Manners
    _room: asyncio.Semaphore = field(init=False)
    _hosts: dict[str, Host] = field(default_factory=dict)
    _robots: dict[str, asyncio.Task[RobotFileParser]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Make room for all requests."""
        self._room = asyncio.Semaphore(self.manners.at_once)

    def host(self, url: str) -> Host:
        """Return what is known of an address's host, whatever its port."""
        name = urlsplit(url).hostname or ""
        if name not in self._hosts:
            room = asyncio.Semaphore(self.manners.per_host)
            self._hosts[name] = Host(room, self.manners.delay)
        return self._hosts[name]

    @asynccontextmanager
    async def turn(self, url: str) -> AsyncIterator[None]:
        """Wait until a request may begin, and hold its room until it is done.

        The room in all is taken last: who waits for a slow host is in nobody's way.
        """
        host = self.host(url)
        async with host.room:
            clock = asyncio.get_running_loop().time
            # A pause may be asked for while this one waits.
            while (wait := host.next_start - clock()) > 0:
                await asyncio.sleep(wait)
            host.next_start = clock() + host.delay
            async with self._room:
                yield

    def pause(self, url: str, seconds: float) -> None:
        """Let a host alone for a while."""
        host = self.host(url)
        until = asyncio.get_running_loop().time() + seconds
        host.next_start = max(host.next_start, until)

    async def may(
        self, url: str, read: Callable[[str], Awaitable[RobotFileParser]]
    ) -> bool:
        """Tell whether robots.txt allows an address; `read` gets it, once an origin.

        https://www.rfc-editor.org/rfc/rfc9309
        """
        base = origin(url)
        if base not in self._robots:
            self._robots[base] = asyncio.ensure_future(read(f"{base}/robots.txt"))
        rules = await self._robots[base]
        agent = self.manners.agent
        wanted = rules.crawl_delay(agent)
        if wanted:
            host = self.host(url)
            host.delay = max(host.delay, min(float(wanted), self.manners.patience))
        return rules.can_fetch(agent, url)
