"""Ask for pages of the web. With download.py it knows httpx.

What goes in: an address and the manners. What comes out: an answer with as much of its
text as is wanted, or an exception of `AskingError`, which says what it means.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin

import httpx

from memobook.weblinks.manners import Hosts, Manners
from memobook.weblinks.verdicts import Verdict, of_failure, printable

__all__ = ["Answer", "Asking", "AskingError", "Transport", "asking"]

Transport = httpx.AsyncBaseTransport
"""What carries requests: the network, or what stands in for it in a test."""

_REDIRECTS = frozenset([301, 302, 303, 307, 308])
_CHARSET = re.compile(r"charset=[\"']?([\w.:-]+)", re.IGNORECASE)


class AskingError(Exception):
    """There was no answer."""

    def __init__(self, verdict: Verdict, detail: str) -> None:
        super().__init__(detail)
        self.verdict = verdict
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered."""

    url: str
    status: int
    location: str = ""
    """Where a redirect leads, as a whole address; empty if it is none."""
    retry_after: float = 0.0
    """Seconds that the server asks to wait; 0 if it says nothing."""
    kind: str = ""
    """The media type."""
    body: str = ""
    is_whole: bool = True
    """Whether all of the body was read."""
    moment: str = ""
    """Memento-Datetime: when an archived copy was made."""


@dataclass(frozen=True, slots=True)
class Asking:
    """A client that keeps to the manners."""

    client: httpx.AsyncClient
    hosts: Hosts

    async def ask(
        self, method: str, url: str, headers: dict[str, str] | None = None
    ) -> Answer:
        """Return one answer; a redirect is not followed. Raises AskingError."""
        manners = self.hosts.manners
        try:
            async with self.hosts.turn(url), asyncio.timeout(manners.time_out):
                if self.hosts.host(url).closed:
                    message = "the server has asked for a long pause"
                    raise AskingError(Verdict.RATE_LIMITED, message)
                return await self._answer(method, url, headers or {})
        except (httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError) as error:
            raise AskingError(Verdict.BAD_ADDRESS, printable(str(error))) from None
        except (httpx.TimeoutException, TimeoutError):
            limit = f"no answer within {manners.time_out:g} seconds"
            raise AskingError(Verdict.TIME_OUT, limit) from None
        except httpx.RemoteProtocolError as error:
            is_cut = "disconnected" in str(error) or "peer closed" in str(error)
            verdict = Verdict.DROPPED if is_cut else Verdict.NOT_HTTP
            raise AskingError(verdict, printable(str(error))) from None
        except (httpx.HTTPError, OSError) as error:
            raise AskingError(*of_failure(error)) from None

    async def _answer(self, method: str, url: str, headers: dict[str, str]) -> Answer:
        async with self.client.stream(method, url, headers=headers) as response:
            body, is_whole = b"", True
            if method != "HEAD" and "content-encoding" not in response.headers:
                body, is_whole = await self._start(response)
            return _answered(url, response, body, is_whole=is_whole)

    async def _start(self, response: httpx.Response) -> tuple[bytes, bool]:
        """Return the start of a body, and whether that is all of it."""
        limit, read = self.hosts.manners.body, bytearray()
        async for chunk in response.aiter_raw():
            read += chunk
            if len(read) > limit:
                return bytes(read[:limit]), False
        return bytes(read), True


_LOCATION = "x-memobook-location"


async def _hide_location(response: httpx.Response) -> None:
    """Keep httpx from looking at a redirect: one to mailto: is a fault to it."""
    if "location" in response.headers:
        response.headers[_LOCATION] = response.headers.pop("location")


def _answered(
    url: str, response: httpx.Response, body: bytes, *, is_whole: bool
) -> Answer:
    headers = response.headers
    location = headers.get(_LOCATION, "")
    is_redirect = response.status_code in _REDIRECTS and bool(location)
    kind = headers.get("content-type", "")
    return Answer(
        url=url,
        status=response.status_code,
        location=_target(url, location) if is_redirect else "",
        retry_after=_seconds(headers.get("retry-after", "")),
        kind=kind.partition(";")[0].strip().lower(),
        body=_decoded(body, kind),
        is_whole=is_whole,
        moment=headers.get("memento-datetime", ""),
    )


def _target(url: str, location: str) -> str:
    """Return where a redirect leads. Raises AskingError if that is no address."""
    try:
        return printable(urljoin(url, location), _LONGEST)
    except ValueError as error:
        raise AskingError(Verdict.BAD_ADDRESS, printable(str(error))) from None


_LONGEST = 8000
"""Characters of an address: more no server takes."""


def _decoded(body: bytes, kind: str) -> str:
    found = _CHARSET.search(kind) or _CHARSET.search(body[:2048].decode("latin-1"))
    try:
        return body.decode(found[1] if found else "utf-8", "replace")
    except LookupError:  # of no such encoding Python knows
        return body.decode("utf-8", "replace")


def _seconds(text: str) -> float:
    """Return Retry-After, which is a number of seconds or a date.

    https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
    """
    if text.strip().isdecimal():
        return float(text)
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return 0.0
    if until.tzinfo is None:
        until = until.replace(tzinfo=dt.UTC)
    return max(0.0, (until - dt.datetime.now(dt.UTC)).total_seconds())


@asynccontextmanager
async def asking(
    manners: Manners, transport: Transport | None = None
) -> AsyncIterator[Asking]:
    """Open a client; `transport` is another one than the network, for tests."""
    headers = {
        "User-Agent": manners.agent,
        "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
        # What is packed may unpack to anything.
        "Accept-Encoding": "identity",
    }
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=20)
    async with httpx.AsyncClient(
        headers=headers,
        timeout=manners.time_out,
        limits=limits,
        transport=transport,
        event_hooks={"response": [_hide_location]},
    ) as client:
        yield Asking(client, Hosts(manners))
