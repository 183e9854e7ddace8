"""What is known of the links of a book, and the file that keeps it.

Why manuscript/links.lock: that a link is gone is told once, on every machine and also
after `memobook clean`. So it is no cache, but a part of the project that is committed
with it, as a package manager's lock file is. No build reads it.

What goes in: findings. What comes out: the file, never half of it.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer, TypeAdapter, ValidationError

from memobook.aside import write_aside
from memobook.project.opening import text_of
from memobook.weblinks.verdicts import Verdict

__all__ = ["LOCK_FILE", "Finding", "Known", "Lock", "load_lock"]

LOCK_FILE = "manuscript/links.lock"

_VERSION = 1


def _second(value: object) -> object:
    return value.replace(microsecond=0) if isinstance(value, dt.datetime) else value


Moment = Annotated[
    dt.datetime,
    BeforeValidator(_second),
    PlainSerializer(lambda value: value.strftime("%Y-%m-%dT%H:%M:%SZ")),
]


@dataclass(frozen=True, slots=True)
class Finding:
    """What one look at a link has found."""

    verdict: Verdict
    status: int = 0
    """Of the last answer; 0 if there was none."""
    address: str = ""
    """The new one, where the page has moved."""
    detail: str = ""
    """What the server or the machine said."""
    title: str = ""
    """Of the page, where it was read."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a link from this look and earlier ones."""

    verdict: Verdict = Verdict.UNCHECKED
    status: int = 0
    address: str = ""
    detail: str = ""
    title: str = ""
    checked: Moment | None = None
    """When it was looked at last, in UTC."""
    seen: Moment | None = None
    """When the page was there last."""
    is_news: bool = False
    """Whether it was found gone and nobody was told yet: a run may be cut off."""
    archive: str = ""
    """The address of an archived copy."""
    archived: dt.date | None = None
    """When that was made."""
    asked: Moment | None = None
    """When an archive was asked for a copy last."""

    def after(self, found: Finding, now: dt.datetime) -> Known:
        """Return what is known after a look."""
        is_gone = found.verdict is Verdict.GONE
        was_gone = self.verdict is Verdict.GONE
        return replace(
            self,
            verdict=found.verdict,
            status=found.status,
            address=found.address,
            detail=found.detail,
            title=found.title or self.title,
            checked=now.replace(microsecond=0),
            seen=now.replace(microsecond=0) if found.verdict.is_there else self.seen,
            is_news=is_gone and (not was_gone or self.is_news),
        )

    def is_fresh(self, now: dt.datetime, age: dt.timedelta) -> bool:
        """Tell whether a new look would most likely find the same."""
        if self.checked is None or self.verdict is Verdict.UNCHECKED:
            return False
        limit = min(age, dt.timedelta(hours=1)) if self.verdict.is_passing else age
        return now - self.checked < limit


_LINKS = TypeAdapter(dict[str, Known])


@dataclass(slots=True)
class Lock:
    """What is known of all links, by their keys; written as it grows."""

    path: Path
    links: dict[str, Known] = field(default_factory=dict)
    is_damaged: bool = False
    """Whether there was a file that could not be read."""

    def get(self, key: str) -> Known:
        """Return what is known of a link."""
        return self.links.get(key) or Known()

    def told(self) -> None:
        """Take it that everybody has been told what is gone."""
        for key, known in self.links.items():
            if known.is_news:
                self.links[key] = replace(known, is_news=False)

    def save(self) -> None:
        """Write the file. Raises OSError if it cannot be written."""
        write_aside(self.path, _text(self.links).encode(), 0o644)


def _text(links: Mapping[str, Known]) -> str:
    """Return JSON with a line for each fact, sorted, so that differences are small."""
    facts = _LINKS.dump_python(dict(sorted(links.items())), mode="json")
    plain = {
        key: {name: value for name, value in known.items() if value}
        for key, known in facts.items()
    }
    data = {"version": _VERSION, "links": plain}
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


def load_lock(path: Path) -> Lock:
    """Return what a lock file holds: nothing if there is none, or a damaged one."""
    try:
        data = json.loads(text_of(path))
        return Lock(path, _LINKS.validate_python(data["links"]))
    except FileNotFoundError:
        return Lock(path)
    except (OSError, ValueError, KeyError, TypeError, ValidationError):
        return Lock(path, is_damaged=True)
