"""Say what an answer, or the want of one, means for a link.

What goes in: the status and text of an answer, or the exception that stands in its
place. What comes out: a verdict. Nothing is asked here.
"""

from __future__ import annotations

import errno
import re
import socket
import ssl
from collections.abc import Iterator
from enum import StrEnum

__all__ = [
    "Verdict",
    "has_fragment",
    "of_failure",
    "of_status",
    "printable",
    "title_in",
]


class Verdict(StrEnum):
    """What is known of a link; the value is what tables and the lock say."""

    OK = "ok"
    MOVED = "moved"
    """For good: the text should have the new address."""
    ELSEWHERE = "moved for now"
    FRAGMENT = "fragment missing"
    """The page is there, and what the address names in it is not."""
    GONE = "gone"
    NO_HOST = "no such host"
    REFUSED = "connection refused"
    UNREACHABLE = "unreachable"
    PAYWALLED = "paywalled"
    FORBIDDEN = "forbidden"
    """To programs at least: somebody has to look."""
    ROBOTS = "robots not wanted"
    """robots.txt asks programs to stay away, so it was not looked for."""
    RATE_LIMITED = "rate limited"
    EXPIRED = "certificate expired"
    WRONG_NAME = "certificate of another host"
    SELF_SIGNED = "certificate self-signed"
    UNTRUSTED = "certificate not trusted"
    BAD_TLS = "no secure connection"
    TIME_OUT = "time-out"
    LOOP = "redirects in a circle"
    TOO_MANY = "too many redirects"
    SERVER_ERROR = "server error"
    DROPPED = "connection broken"
    NOT_HTTP = "not HTTP"
    BAD_ADDRESS = "no address"
    ODD = "odd answer"
    UNCHECKED = "unchecked"

    @property
    def is_there(self) -> bool:
        """Whether there is a page, so far as a program can tell."""
        return self in _THERE

    @property
    def is_passing(self) -> bool:
        """Whether it may be otherwise in an hour, so that no result is kept long."""
        return self in _PASSING


_THERE = {Verdict.OK, Verdict.MOVED, Verdict.ELSEWHERE, Verdict.FRAGMENT}
_PASSING = {
    Verdict.NO_HOST,
    Verdict.REFUSED,
    Verdict.UNREACHABLE,
    Verdict.RATE_LIMITED,
    Verdict.BAD_TLS,
    Verdict.TIME_OUT,
    Verdict.SERVER_ERROR,
    Verdict.DROPPED,
    Verdict.NOT_HTTP,
    Verdict.ODD,
    Verdict.UNCHECKED,
}

# What does a page say that only subscribers get?
_PAYWALL = re.compile(
    r"""subscri|paywall|members?[ -]only|log[ -]?in|sign[ -]?in|purchase
    |"isAccessibleForFree"\s*:\s*"?false""",
    re.IGNORECASE | re.VERBOSE,
)
_STATUSES = {
    401: Verdict.PAYWALLED,
    402: Verdict.PAYWALLED,
    404: Verdict.GONE,
    410: Verdict.GONE,
    429: Verdict.RATE_LIMITED,
    451: Verdict.FORBIDDEN,
    999: Verdict.FORBIDDEN,  # LinkedIn's own for programs
}


def of_status(status: int, body: str) -> Verdict:
    """Return what an answer means that is no redirect."""
    if 200 <= status < 300:
        return Verdict.OK
    if status == 403:
        return Verdict.PAYWALLED if _PAYWALL.search(body) else Verdict.FORBIDDEN
    if 500 <= status < 600:
        return Verdict.SERVER_ERROR
    return _STATUSES.get(status, Verdict.ODD)


# Which number does OpenSSL give a fault of a certificate?
# https://docs.openssl.org/3.0/man3/X509_STORE_CTX_get_error/
_CERTIFICATES = {
    10: Verdict.EXPIRED,
    18: Verdict.SELF_SIGNED,
    19: Verdict.SELF_SIGNED,
    62: Verdict.WRONG_NAME,
    64: Verdict.WRONG_NAME,
}
_UNREACHABLE = {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN}


def of_failure(error: BaseException) -> tuple[Verdict, str]:
    """Return what an exception means that stands in the place of an answer.

    The cause is looked for below it, as each layer of the client wraps it again.
    """
    for cause in _causes(error):
        verdict = _of_cause(cause)
        if verdict is not None:
            return verdict, _said(cause)
    return Verdict.UNREACHABLE, _said(error)


def _of_cause(cause: BaseException) -> Verdict | None:
    if isinstance(cause, ssl.SSLCertVerificationError):
        return _CERTIFICATES.get(cause.verify_code, Verdict.UNTRUSTED)
    if isinstance(cause, ssl.SSLError):
        return Verdict.BAD_TLS
    if isinstance(cause, socket.gaierror):
        return Verdict.NO_HOST
    if isinstance(cause, ConnectionRefusedError):
        return Verdict.REFUSED
    if isinstance(cause, ConnectionError):  # reset, aborted, broken pipe
        return Verdict.DROPPED
    if isinstance(cause, TimeoutError):
        return Verdict.TIME_OUT
    if isinstance(cause, OSError) and cause.errno in _UNREACHABLE:
        return Verdict.UNREACHABLE
    return None


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield the deepest causes first."""
    below = error.__cause__ or error.__context__
    if below is not None:
        yield from _causes(below)
    if isinstance(error, BaseExceptionGroup):
        for each in error.exceptions:
            yield from _causes(each)
    yield error


def _said(error: BaseException) -> str:
    text = getattr(error, "verify_message", "") or getattr(error, "strerror", "")
    return printable(str(text or error))


_TITLE = re.compile(r"<title[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)


def title_in(page: str) -> str:
    """Return the title of an HTML page; empty if it has none."""
    from html import unescape

    found = _TITLE.search(page)
    return printable(unescape(found[1])) if found else ""


def printable(text: str, longest: int = 300) -> str:
    """Return what a server says in one line, without what would steer a terminal."""
    plain = " ".join(text.split())
    return "".join(sign for sign in plain if sign.isprintable())[:longest]


def has_fragment(page: str, fragment: str) -> bool:
    """Tell whether an HTML page has what a fragment names, or may make it itself."""
    from urllib.parse import unquote

    name = unquote(fragment)
    # `top` is any page's; a script's own and a text's fragment no element bears.
    # https://wicg.github.io/scroll-to-text-fragment/
    if not name or name.lower() == "top" or name[0] in "!/" or ":~:" in name:
        return True
    sign = rf"""\b(?:id|name)\s*=\s*["']?{re.escape(name)}(?:["'\s>])"""
    return re.search(sign, page) is not None
