"""Look archived copies of pages up: at the Internet Archive, and by Memento elsewhere.

What goes in: addresses and where to ask. What comes out: the copy nearest to the day on
which the page was read. None is made.
https://archive.org/help/wayback_api.php and https://www.rfc-editor.org/rfc/rfc7089
"""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import format_datetime, parsedate_to_datetime
from urllib.parse import quote

from memobook.weblinks.asking import Answer, Asking, AskingError
from memobook.weblinks.verdicts import Verdict

__all__ = ["Archives", "Copy", "find_copies"]


@dataclass(frozen=True, slots=True)
class Archives:
    """Where copies are looked up."""

    api: str = "https://archive.org/wayback/available"
    """An availability API, which takes ?url=…&timestamp=… and answers in JSON."""
    gate: str = "http://timetravel.mementoweb.org/timegate/"
    """A Memento TimeGate, asked where the API knows none; empty to do without."""


@dataclass(frozen=True, slots=True)
class Copy:
    """An archived copy."""

    address: str
    date: dt.date | None
    """When it was made."""


async def find_copies(
    asking: Asking,
    archives: Archives,
    wanted: Mapping[str, dt.date | None],
    told: Callable[[str, Copy | None], None],
) -> None:
    """Look copies up of addresses, each near its date.

    `told` gets each as it is found, None for one that has none; of what could not be
    asked it hears nothing.
    """

    async def look(url: str, day: dt.date | None) -> None:
        try:
            copy = await _available(asking, archives.api, url, day)
            if copy is None and archives.gate and not _is_shut(asking, archives):
                copy = await _memento(asking, archives.gate, url, day)
        except AskingError:
            return
        told(url, copy)

    async with asyncio.TaskGroup() as group:
        for url, day in wanted.items():
            group.create_task(look(url, day))


def _is_shut(asking: Asking, archives: Archives) -> bool:
    """Tell whether the gate gave no answer before: then nobody waits for it again."""
    return asking.hosts.host(archives.gate).closed


_SOON = frozenset([429, 500, 502, 503, 504])


async def _available(
    asking: Asking, api: str, url: str, day: dt.date | None
) -> Copy | None:
    near = f"&timestamp={day:%Y%m%d}" if day else ""
    between = "&" if "?" in api else "?"
    place = f"{api}{between}url={quote(url, safe='')}{near}"
    answer = await _patiently(asking, place)
    if answer.status != 200:
        message = f"{api} answers {answer.status}"
        raise AskingError(Verdict.SERVER_ERROR, message)
    return _copy_in(answer.body)


async def _patiently(asking: Asking, place: str) -> Answer:
    """Ask again where an archive is too busy: it often is."""
    manners = asking.hosts.manners
    answer = await asking.ask("GET", place)
    for attempt in range(manners.retries):
        if answer.status not in _SOON:
            break
        wait = answer.retry_after or manners.backoff * 2**attempt
        asking.hosts.pause(place, min(wait, manners.patience))
        answer = await asking.ask("GET", place)
    return answer


def _copy_in(text: str) -> Copy | None:
    """Return the copy that an answer of the API names, if it is a page that was there.

    >>> _copy_in('{"archived_snapshots": {}}') is None
    True
    """
    try:
        closest = json.loads(text)["archived_snapshots"]["closest"]
        address, stamp = str(closest["url"]), str(closest["timestamp"])
        is_good = closest["available"] and str(closest.get("status", 200)) == "200"
    except (ValueError, KeyError, TypeError):
        return None
    if not is_good or not re.match(r"https?://", address):
        return None
    # The archive has both, and says the older one.
    address = re.sub(r"^http://web\.archive\.org/", "https://web.archive.org/", address)
    return Copy(address, _day(stamp))


def _day(stamp: str) -> dt.date | None:
    try:
        return dt.datetime.strptime(stamp[:8], "%Y%m%d").replace(tzinfo=dt.UTC).date()
    except ValueError:
        return None


async def _memento(
    asking: Asking, gate: str, url: str, day: dt.date | None
) -> Copy | None:
    """Return a copy that a TimeGate leads to; no answer is none."""
    moment = dt.datetime.combine(day or dt.datetime.now(dt.UTC).date(), dt.time())
    header = format_datetime(moment.replace(tzinfo=dt.UTC), usegmt=True)
    place = f"{gate}{url}"
    try:
        for _ in range(asking.hosts.manners.redirects):
            answer = await asking.ask("HEAD", place, {"Accept-Datetime": header})
            if answer.moment:
                return Copy(place, parsedate_to_datetime(answer.moment).date())
            if not answer.location:
                return None
            place = answer.location
    except AskingError:
        asking.hosts.host(gate).closed = True
    except ValueError:  # of a date that is none
        return None
    return None
