"""Get one file of the web, within terms. Like asking.py it knows httpx.

What goes in: an address, and what may be asked of whom. What comes out: the file's
bytes, or a DownloadError that says why there are none. A name is looked up once, and
what it leads to is what is called, so that no server can lead to another machine than
the one that was looked at.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from dataclasses import dataclass

import httpx

__all__ = ["DownloadError", "Terms", "download"]

_REDIRECTS = frozenset([301, 302, 303, 307, 308])


class DownloadError(Exception):
    """There is no file; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a download may take."""

    size: int
    """Bytes."""
    seconds: float = 60.0
    """In all, redirects included."""
    silence: float = 20.0
    """Seconds without a byte."""
    redirects: int = 5
    may_be_private: bool = False
    """Whether a machine of the own network may be asked, or this one."""


def download(address: str, terms: Terms) -> bytes:
    """Return the file behind an address. Raises DownloadError.

    An address of http: is tried as https: first, if it names no port.
    """
    url = _url(address)
    if url.scheme == "http" and url.port is None:
        try:
            return _followed(url.copy_with(scheme="https"), terms)
        except DownloadError:
            pass
    return _followed(url, terms)


def _url(address: str) -> httpx.URL:
    try:
        url = httpx.URL(address)
    except (httpx.InvalidURL, UnicodeError, ValueError):
        message = "that is no address"
        raise DownloadError(message) from None
    if url.scheme not in {"http", "https"} or not url.host:
        message = f"{url.scheme or 'this'} is no scheme of a picture"
        raise DownloadError(message)
    if url.userinfo:
        message = "its address holds a name or a password"
        raise DownloadError(message)
    return url


def _followed(url: httpx.URL, terms: Terms) -> bytes:
    """Return what is at the end of all redirects."""
    until = time.monotonic() + terms.seconds
    headers = {
        "User-Agent": "memobook",
        "Accept": "image/*",
        # What is packed may unpack to anything.
        "Accept-Encoding": "identity",
    }
    with httpx.Client(headers=headers, timeout=terms.silence) as client:
        for _ in range(terms.redirects + 1):
            found = _asked(client, url, terms, until)
            if isinstance(found, bytes):
                return found
            if url.scheme == "https" and found.scheme != "https":
                message = "it leads from https: to http:"
                raise DownloadError(message)
            url = found
    message = f"more than {terms.redirects} redirects"
    raise DownloadError(message)


def _asked(
    client: httpx.Client, url: httpx.URL, terms: Terms, until: float
) -> bytes | httpx.URL:
    """Return the file, or where a redirect leads."""
    there = _machine(url, terms)
    try:
        with client.stream(
            "GET",
            url.copy_with(host=there),
            headers={"Host": url.netloc.decode("ascii")},
            extensions={"sni_hostname": url.raw_host.decode("ascii")},
        ) as response:
            if response.status_code in _REDIRECTS:
                return _url(str(url.join(response.headers.get("location", ""))))
            if response.status_code != httpx.codes.OK:
                message = f"the server says {response.status_code}"
                raise DownloadError(message)
            return _body(response, terms, until)
    except httpx.TimeoutException:
        message = f"no answer within {terms.silence:g} seconds"
        raise DownloadError(message) from None
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        raise DownloadError(str(error) or type(error).__name__) from None


def _machine(url: httpx.URL, terms: Terms) -> str:
    """Return the number of the machine that is to be asked."""
    try:
        found = socket.getaddrinfo(url.host, url.port or 443, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        message = f"there is no server called {url.host}"
        raise DownloadError(message) from None
    numbers = [str(place[0]).partition("%")[0] for *_, place in found]
    for number in numbers:
        if not terms.may_be_private and not _is_public(number):
            message = f"{url.host} is a machine of the own network"
            raise DownloadError(message)
    return numbers[0]


def _is_public(number: str) -> bool:
    address = ipaddress.ip_address(number)
    if isinstance(address, ipaddress.IPv6Address):
        # An address of the old kind may be written as one of the new.
        inner = address.ipv4_mapped or address.sixtofour
        if inner is not None:
            return inner.is_global and not inner.is_multicast
        if address in _TRANSLATED:
            return False
    return address.is_global and not address.is_multicast


_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")
"""Any address of the old kind, private ones among them: RFC 6052."""


def _body(response: httpx.Response, terms: Terms, until: float) -> bytes:
    if "content-encoding" in response.headers:
        message = "the server packs what was to come as it is"
        raise DownloadError(message)
    read = bytearray()
    for chunk in response.iter_raw():
        read += chunk
        if len(read) > terms.size:
            message = f"it is larger than {terms.size:,} bytes"
            raise DownloadError(message)
        if time.monotonic() > until:
            message = f"it takes longer than {terms.seconds:g} seconds"
            raise DownloadError(message)
    return bytes(read)
