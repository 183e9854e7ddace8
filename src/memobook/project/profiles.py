"""Settings as a profile wants them: draft and final, public and internal, press.

What goes in: the settings as they are written, and the names of profiles. What comes
out: the settings with what the profiles set otherwise, each value still at its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

from memobook.diagnostics import Code, Reporter, Span
from memobook.project.located import Located, Path

__all__ = ["profiled", "wanted_profiles"]

_TABLES = ("variables", "text", "links", "pdf", "epub", "style")


def wanted_profiles(
    located: Located, named: tuple[str, ...], reporter: Reporter
) -> tuple[str, ...]:
    """Return the profiles that hold: those that are named, else the book's own."""
    known = _table(located.data, "profiles")
    own = _table(located.data, "text").get("profiles")
    listed = own if isinstance(own, list) else []
    asked = [(name, Span(located.file)) for name in named] or [
        (name, located.value(("text", "profiles", index)))
        for index, name in enumerate(listed)
        if isinstance(name, str)  # of all others the schema tells
    ]
    for name, span in asked:
        if name not in known:
            near = get_close_matches(str(name), known, n=1)
            hint = f"add a line `[profiles.{name}]` to book.toml"
            hint = f"did you mean {near[0]}?" if near else hint
            message = f"there is no profile {name}"
            reporter.error(Code.PROFILE_UNKNOWN, span, message, hint)
    return tuple(dict.fromkeys(name for name, _ in asked if name in known))


def profiled(located: Located, names: Iterable[str]) -> Located:
    """Return settings with what profiles set otherwise; the last one has its way."""
    for name in names:
        profile = _table(_table(located.data, "profiles"), name)
        data = dict(located.data)
        for table in _TABLES:
            if own := _table(profile, table):
                data[table] = {**_table(data, table), **own}
        prefix: Path = ("profiles", name)
        located = replace(
            located,
            data=data,
            keys={**located.keys, **dict(_moved(located.keys, prefix))},
            values={**located.values, **dict(_moved(located.values, prefix))},
        )
    return located


def _moved(places: Mapping[Path, Span], prefix: Path) -> Iterator[tuple[Path, Span]]:
    """Yield the places of a profile's keys as if they stood in the tables proper."""
    for path, span in places.items():
        if path[:2] == prefix and len(path) > 3 and path[2] in _TABLES:
            yield path[2:], span


def _table(data: Mapping[str, Any], name: str) -> dict[str, Any]:
    found = data.get(name)
    return found if isinstance(found, dict) else {}
