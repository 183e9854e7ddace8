"""The story of `memobook links`: list, look, look copies up, write into the registry.

What goes in: a project folder and what is wished. What comes out: the links with all
that is known of them, and what is newly gone. Without a wish nothing is asked of the
web and nothing is written.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from memobook.aside import write_aside
from memobook.book.links import by_key
from memobook.book.model import Book
from memobook.book.urls import same_key
from memobook.diagnostics import Code, Diagnostic, Reporter
from memobook.looking import look_through
from memobook.project.files import Files
from memobook.project.links_schema import REGISTRY_FILE, Registry
from memobook.project.registry import read_registry
from memobook.project.trust import TRUSTED, Trust
from memobook.weblinks.archives import Archives, Copy, find_copies
from memobook.weblinks.asking import Asking, Transport, asking
from memobook.weblinks.checking import check_all, web_address
from memobook.weblinks.findings import LOCK_FILE, Finding, Lock, load_lock
from memobook.weblinks.listing import Row, rows_of
from memobook.weblinks.manners import Manners
from memobook.weblinks.writing import NewEntry, with_copies, with_entries

__all__ = ["DamagedLockError", "Links", "Progress", "Wishes", "look_at_links"]

Progress = Callable[[str, int, int], None]
"""Gets what is done, how much of it is, and how much there is."""

_PAUSE = 0.5
"""Seconds between two writings of the lock: a run that is killed loses no more."""


class DamagedLockError(Exception):
    """The lock cannot be read: to write a new one would lose what is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What is wished beside a list."""

    online: bool = False
    """To look at the links that were not looked at for a while."""
    archive: bool = False
    """To look archived copies up."""
    write: bool = False
    """To add what the registry lacks."""
    age: dt.timedelta = dt.timedelta(days=7)
    """How old a look may be."""
    manners: Manners = field(default_factory=Manners)
    archives: Archives = field(default_factory=Archives)


@dataclass(frozen=True, slots=True)
class Links:
    """What is known in the end."""

    rows: tuple[Row, ...]
    """In the order of the book."""
    diagnostics: tuple[Diagnostic, ...]
    """What is newly gone, and what keeps the links from being known."""


def look_at_links(
    root: Path,
    wishes: Wishes,
    *,
    epoch: int | None = None,
    profiles: tuple[str, ...] = (),
    trust: Trust = TRUSTED,
    progress: Progress = lambda *_: None,
    transport: Transport | None = None,
) -> Links:
    """Return the links of a project's book.

    Raises DamagedLockError, or OSError if lock or registry cannot be written. What was
    found until then is in the lock, also if the run is broken off.
    """
    look = look_through(root, epoch=epoch, profiles=profiles, trust=trust)
    if not look.books:
        return Links((), look.reporter.diagnostics)
    lock = load_lock(root / LOCK_FILE)
    if lock.is_damaged:
        raise DamagedLockError
    reporter = Reporter()
    run = _Run(root, trust, look.books, lock, wishes, progress, transport)
    if wishes.online or wishes.archive:
        run.go()
    if wishes.archive or wishes.write:
        run.write(reporter)
    rows = run.rows()
    _report_news(rows, reporter)
    if wishes.online:
        if not profiles:  # which may leave links out
            known = {row.link.key for row in rows}
            lock.links = {k: v for k, v in lock.links.items() if k in known}
        lock.told()
        lock.save()
    return Links(rows, reporter.diagnostics)


def _report_news(rows: tuple[Row, ...], reporter: Reporter) -> None:
    for row in rows:
        if not row.known.is_news:
            continue
        hint = "find its new address, or name a copy: memobook links --archive"
        hint = f"there is a copy: {row.archive}" if row.archive else hint
        message = f"{row.link.url} is gone ({row.known.status})"
        reporter.error(Code.LINK_GONE, row.link.span, message, hint)


@dataclass(slots=True)
class _Run:
    """One run through a book's links."""

    root: Path
    trust: Trust
    books: Mapping[str, Book]
    lock: Lock
    wishes: Wishes
    progress: Progress
    transport: Transport | None
    saved: float = 0.0

    def rows(self) -> tuple[Row, ...]:
        """Return the links as they are known now."""
        return rows_of(self.books, self.lock)

    def pages(self) -> dict[str, Row]:
        """Return a row for each page of the web, by its key."""
        found: dict[str, Row] = {}
        for row in self.rows():
            if row.is_of_the_web:
                found.setdefault(row.link.key, row)
        return found

    def go(self) -> None:
        """Ask the web; keep what is found as it comes."""
        try:
            asyncio.run(self._ask())
        finally:
            self.lock.save()

    async def _ask(self) -> None:
        async with asking(self.wishes.manners, self.transport) as client:
            if self.wishes.online:
                await self._check(client)
            if self.wishes.archive:
                await self._look_up(client)

    async def _check(self, client: Asking) -> None:
        now, age = _now(), self.wishes.age
        stale = {
            row.link.url: key
            for key, row in self.pages().items()
            if not row.known.is_fresh(now, age)
        }
        telling = _Telling(self, "links", len(stale))

        def found(url: str, finding: Finding) -> None:
            key = stale[url]
            self.lock.links[key] = self.lock.get(key).after(finding, _now())
            telling.one()

        await check_all(client, stale, found, wants_titles=self.wishes.write)

    async def _look_up(self, client: Asking) -> None:
        wanted = self._without_copy()
        telling = _Telling(self, "archived copies", len(wanted))

        def found(url: str, copy: Copy | None) -> None:
            self._keep(wanted[url][0], copy)
            telling.one()

        days = {url: day for url, (_, day) in wanted.items()}
        await find_copies(client, self.wishes.archives, days, found)

    def _without_copy(self) -> dict[str, tuple[str, dt.date | None]]:
        """Return the pages whose copy is not known: address -> key, day."""
        now = _now()
        return {
            web_address(row.link.url): (key, row.entry.accessed if row.entry else None)
            for key, row in self.pages().items()
            if not row.archive
            and (row.known.asked is None or now - row.known.asked >= self.wishes.age)
        }

    def _keep(self, key: str, copy: Copy | None) -> None:
        known = replace(self.lock.get(key), asked=_now())
        if copy:
            known = replace(known, archive=copy.address, archived=copy.date)
        self.lock.links[key] = known

    def write(self, reporter: Reporter) -> None:
        """Write into the registry what it lacks, if there is no fault in it."""
        registry = self._registry(reporter)
        if reporter.has_errors:
            return
        text = registry.text
        if self.wishes.archive and registry.located:
            text = with_copies(registry.located, self._copies(registry))
        if self.wishes.write:
            text = with_entries(text, tuple(self._entries(registry)))
        if text != registry.text:
            write_aside(self.root / REGISTRY_FILE, text.encode(), 0o644)
            entries = by_key(self._registry(reporter).known)
            self.books = {
                name: replace(book, registry=entries)
                for name, book in self.books.items()
            }

    def _registry(self, reporter: Reporter) -> Registry:
        files = Files(self.root.resolve(), trust=self.trust)
        return read_registry(files, reporter)

    def _copies(self, registry: Registry) -> dict[str, Copy]:
        known = {url: self.lock.get(same_key(url)) for url in registry.entries}
        return {
            url: Copy(each.archive, each.archived)
            for url, each in known.items()
            if each.archive and not registry.entries[url].archive
        }

    def _entries(self, registry: Registry) -> list[NewEntry]:
        there = {same_key(url) for url in registry.known}
        return [_entry(row) for key, row in self.pages().items() if key not in there]


def _entry(row: Row) -> NewEntry:
    known = row.known
    is_there = known.verdict.is_there and known.seen is not None
    copy = Copy(known.archive, known.archived) if known.archive else None
    return NewEntry(
        url=row.link.url,
        title=row.link.title or known.title,
        accessed=known.seen.date() if known.seen and is_there else None,
        copy=copy,
    )


@dataclass(slots=True)
class _Telling:
    """Tells how far a run is, and writes the lock now and then."""

    run: _Run
    what: str
    count: int
    done: int = 0

    def one(self) -> None:
        """Count one, and keep what is known."""
        self.done += 1
        self.run.progress(self.what, self.done, self.count)
        if time.monotonic() - self.run.saved > _PAUSE:
            self.run.lock.save()
            self.run.saved = time.monotonic()


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
