"""Look at links: whether their pages are there, and if not, what became of them.

What goes in: addresses and the manners. What comes out: a finding for each, as soon as
it is known.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from urllib.parse import urldefrag, urlsplit
from urllib.robotparser import RobotFileParser

from memobook.book.urls import same_key, scheme
from memobook.weblinks.asking import Answer, Asking, AskingError
from memobook.weblinks.findings import Finding
from memobook.weblinks.manners import origin
from memobook.weblinks.verdicts import (
    Verdict,
    has_fragment,
    of_status,
    printable,
    title_in,
)

__all__ = ["check_all", "is_of_the_web", "web_address"]

_PERMANENT = frozenset([301, 308])
_HTML = frozenset(["text/html", "application/xhtml+xml"])
# What may be better in a moment? What a server says of itself, or the want of a word.
_AGAIN_STATUSES = frozenset([429, 500, 502, 503, 504])
_AGAIN = frozenset([Verdict.TIME_OUT, Verdict.DROPPED, Verdict.REFUSED])


def is_of_the_web(url: str) -> bool:
    """Tell whether a link can be looked at."""
    return scheme(url) in {"http", "https", "doi"}


def web_address(url: str) -> str:
    """Return the address under which a link's page is."""
    is_doi = scheme(url) == "doi"
    return f"https://doi.org/{url.partition(':')[2].lstrip('/')}" if is_doi else url


async def check_all(
    asking: Asking,
    urls: Iterable[str],
    told: Callable[[str, Finding], None],
    *,
    wants_titles: bool = False,
) -> None:
    """Look at links, several at once; `told` gets each finding as it is made."""

    async def look(url: str) -> None:
        try:
            found = await _Look(asking, wants_titles).at(web_address(url))
        except ValueError as error:  # of an address that Python cannot take apart
            found = Finding(Verdict.BAD_ADDRESS, 0, "", printable(str(error)))
        told(url, found)

    async with asyncio.TaskGroup() as group:
        for url in urls:
            group.create_task(look(url))


@dataclass(frozen=True, slots=True)
class _Look:
    """The way to one page."""

    asking: Asking
    wants_title: bool

    async def at(self, url: str) -> Finding:
        """Follow an address to its page and say what was found."""
        fragment = urldefrag(url).fragment
        place, moved_to, is_permanent = url, "", True
        seen: set[str] = set()
        while True:
            seen.add(same_key(urldefrag(place).url))
            try:
                answer = await self._page(place, fragment)
            except AskingError as error:
                found = Finding(error.verdict, 0, "", error.detail)
                return _behind(found, place) if place != url else found
            if not answer.location:
                found = _judged(answer, fragment)
                return _moved(found, place, moved_to) if place != url else found
            is_permanent = is_permanent and answer.status in _PERMANENT
            place = _next(answer.location, fragment)
            moved_to = place if is_permanent else moved_to
            if verdict := self._astray(place, seen):
                return Finding(verdict, answer.status, place)

    def _astray(self, place: str, seen: set[str]) -> Verdict | None:
        """Tell what is wrong with following a redirect, if anything is."""
        if scheme(place) not in {"http", "https"}:
            return Verdict.ODD
        if same_key(urldefrag(place).url) in seen:
            return Verdict.LOOP
        is_long = len(seen) > self.asking.hosts.manners.redirects
        return Verdict.TOO_MANY if is_long else None

    async def _page(self, url: str, fragment: str) -> Answer:
        """Return the answer for an address: of HEAD where that does.

        Raises AskingError.
        """
        await self._allowed(url)
        answer: Answer | None = None
        try:
            answer = await self._patiently("HEAD", url)
        except AskingError as error:
            # There are servers that know no HEAD and hang up.
            if error.verdict not in {Verdict.DROPPED, Verdict.NOT_HTTP}:
                raise
        if answer is not None and self._does(answer, fragment):
            return answer
        return await self._patiently("GET", url)

    def _does(self, answer: Answer, fragment: str) -> bool:
        """Tell whether an answer to HEAD says all that is wanted."""
        if answer.location or answer.status == 429 or answer.retry_after:
            return True
        if answer.status >= 400:  # it may have refused the method
            return False
        is_read = answer.kind in _HTML and (bool(fragment) or self.wants_title)
        return not is_read

    async def _allowed(self, url: str) -> None:
        if not await self.asking.hosts.may(url, self._robots):
            message = f"{origin(url)}/robots.txt asks programs not to read it"
            raise AskingError(Verdict.ROBOTS, message)

    async def _patiently(self, method: str, url: str) -> Answer:
        """Ask again, after a while, where the answer may be better then."""
        manners, hosts = self.asking.hosts.manners, self.asking.hosts
        for attempt in range(manners.retries + 1):
            is_last = attempt == manners.retries
            wait = manners.backoff * 2**attempt
            try:
                answer = await self.asking.ask(method, url)
            except AskingError as error:
                if is_last or error.verdict not in _AGAIN:
                    raise
                await asyncio.sleep(wait)
                continue
            if answer.status not in _AGAIN_STATUSES:
                return answer
            if answer.retry_after > manners.patience:
                hosts.host(url).closed = answer.status == 429
                return answer
            # Whoever refuses HEAD so is asked for all of the page next.
            is_about_head = answer.status != 429 and not answer.retry_after
            if is_last or (method == "HEAD" and is_about_head):
                return answer
            hosts.pause(url, answer.retry_after or wait)
        raise AssertionError  # the last attempt returns or raises

    async def _robots(self, url: str) -> RobotFileParser:
        """Return an origin's rules; where there are none, everything is allowed.

        Raises AskingError if the server has some and cannot tell them.
        """
        rules = RobotFileParser(url)
        rules.parse([])
        place = url
        for _ in range(5):
            try:
                answer = await self.asking.ask("GET", place)
            except AskingError:
                return rules  # the page itself will tell
            if answer.status >= 500:
                message = f"{place} cannot be read ({answer.status})"
                raise AskingError(Verdict.SERVER_ERROR, message)
            if answer.status == 200:
                rules.parse(answer.body.splitlines())
            if not answer.location:
                return rules
            place = answer.location
        return rules


def _next(location: str, fragment: str) -> str:
    """Return where a redirect leads: with the fragment, if it has none of its own.

    https://www.rfc-editor.org/rfc/rfc9110#field.location
    """
    has_own = bool(urlsplit(location).fragment)
    return location if has_own or not fragment else f"{location}#{fragment}"


def _judged(answer: Answer, fragment: str) -> Finding:
    verdict = of_status(answer.status, answer.body)
    is_page = verdict is Verdict.OK and answer.kind in _HTML and answer.body != ""
    title = title_in(answer.body) if is_page else ""
    detail = ""
    is_read = is_page and fragment and answer.is_whole
    if is_read and not has_fragment(answer.body, fragment):
        verdict, detail = Verdict.FRAGMENT, f"the page has no #{fragment}"
    if verdict is Verdict.RATE_LIMITED and answer.retry_after:
        detail = f"to be asked again in {answer.retry_after:.0f} seconds"
    return Finding(verdict, answer.status, "", detail, title)


def _moved(found: Finding, place: str, moved_to: str) -> Finding:
    """Return what was found behind redirects: the page is there, at another address."""
    if found.verdict is Verdict.FRAGMENT or not found.verdict.is_there:
        return _behind(found, place)
    if moved_to:
        return replace(found, verdict=Verdict.MOVED, address=moved_to)
    return replace(found, verdict=Verdict.ELSEWHERE, address=place)


def _behind(found: Finding, place: str) -> Finding:
    return replace(found, address=place)
