"""Write into the registry of links: what is there stays as it is, comments and order.

What goes in: the registry's text, and what is to be in it besides. What comes out: the
text with new lines, which were read back: it says all that it said before.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from memobook.diagnostics import Reporter
from memobook.project.links_schema import REGISTRY_FILE
from memobook.project.located import Located, legible, read_toml
from memobook.weblinks.archives import Copy

__all__ = ["NewEntry", "with_copies", "with_entries"]

_HEAD = """\
# What the notes of this book say of the pages that its links lead to: a table for each
# address, with title, publisher, author, accessed (a date), archive (the address of a
# copy) and archived (its date).
"""


@dataclass(frozen=True, slots=True)
class NewEntry:
    """A table that the registry lacks."""

    url: str
    title: str = ""
    accessed: dt.date | None = None
    copy: Copy | None = None

    @property
    def facts(self) -> dict[str, Any]:
        """Its keys and values."""
        found = {"title": legible(self.title), "accessed": self.accessed}
        found |= _facts_of(self.copy) if self.copy else {}
        return {key: value for key, value in found.items() if value}


def with_entries(text: str, entries: tuple[NewEntry, ...]) -> str:
    """Return a registry with tables at its end."""
    out = text or _HEAD
    for entry in entries:
        gap = "\n" if out.endswith("\n") else "\n\n"
        lines = _lines(entry.facts) or '# title = ""\n# publisher = ""\n'
        out += f"{gap}[{_quoted(entry.url)}]\n{lines}"
    expected = _data(text) | {entry.url: entry.facts for entry in entries}
    return out if _data(out) == expected else text


def with_copies(located: Located, copies: Mapping[str, Copy]) -> str:
    """Return a registry in which tables have archived copies.

    `copies` are by the address as the registry has it. A table that has no place for
    lines, such as one in braces, stays as it is.
    """
    text = located.text
    for url, copy in copies.items():
        now = read_toml(text, REGISTRY_FILE, Reporter())
        if now is not None:
            text = _with_copy(now, url, copy)
    return text


def _with_copy(located: Located, url: str, copy: Copy) -> str:
    facts = _facts_of(copy)
    lines = _lines(facts)
    own = located.data[url]
    expected = {**located.data, url: {**own, **facts}}
    # Behind its last line; if that goes on, behind its first one.
    ends = [span.line for path, span in located.keys.items() if path[:1] == (url,)]
    for end in (max(ends), min(ends)):
        lines_of_text = located.text.split("\n")
        head, tail = lines_of_text[:end], lines_of_text[end:]
        text = "\n".join((*head, lines.rstrip("\n"), *(tail or [""])))
        if _data(text) == expected:
            return text
    return located.text


def _facts_of(copy: Copy) -> dict[str, Any]:
    return {
        "archive": copy.address,
        **({"archived": copy.date} if copy.date else {}),
    }


def _lines(facts: Mapping[str, Any]) -> str:
    return "".join(f"{key} = {_said(value)}\n" for key, value in facts.items())


def _said(value: object) -> str:
    return value.isoformat() if isinstance(value, dt.date) else _quoted(str(value))


def _quoted(text: str) -> str:
    """Return a basic string of TOML, which is one of JSON but for one character.

    https://toml.io/en/v1.0.0#string
    """
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _data(text: str) -> dict[str, Any]:
    found = read_toml(text, REGISTRY_FILE, Reporter())
    return found.data if found else {}
