"""`memobook build --report` and `--compare`: what moved since another build.

What moved is told per memo as a table, or as one JSON object for each project.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Annotated

import typer

from memobook.census import Census, Change, Moved, moved
from memobook.cli.memos import merged
from memobook.cli.screen import paper
from memobook.console import Format
from memobook.diagnostics import MemobookError, UsageError
from memobook.fresh import Order, kept_census
from memobook.report import BuildReport

__all__ = ["Compare", "Report", "Reporting", "Since", "marked"]

Report = Annotated[
    bool,
    typer.Option("--report", help="Tell what moved in each memo since the last build."),
]
Since = Annotated[
    str | None,
    typer.Option(metavar="REVISION", help="With --report: since a revision of git."),
]
Compare = Annotated[
    str | None,
    typer.Option(
        metavar="REVISION", help="Build a PDF that marks what changed since then."
    ),
]


@dataclass(frozen=True, slots=True)
class Reporting:
    """What is to be told of a project beside its build."""

    order: Order
    names: tuple[str, ...]
    """The book where a name is empty, and memos alone."""
    since: str | None = None
    """A revision; None for the last build."""

    def before(self) -> dict[str, Census | None]:
        """Return what was there, before anything is built. Raises UsageError."""
        if self.since:
            return self._at_revision(self.since)
        return {name: _kept(self.order, name) for name in self.names}

    def told(self, before: dict[str, Census | None]) -> list[_Told]:
        """Return what moved in each output."""
        return [
            _Told(name, self.since, before[name], _kept(self.order, name))
            for name in self.names
        ]

    def _at_revision(self, revision: str) -> dict[str, Census | None]:
        """Build the project as it was in a folder of its own, with the same cache."""
        from memobook.alone import UnknownMemoError
        from memobook.pipeline import build_each
        from memobook.revisions import as_it_was

        found: dict[str, Census | None] = {}
        with as_it_was(self.order.root, revision) as past:
            order = replace(self.order, root=past, cache=self.order.store.folder)
            for name in self.names:
                try:
                    build_each(order, (name,))
                except UnknownMemoError:  # it was not there yet
                    found[name] = Census((), 0)
                except MemobookError as error:
                    message = f"the book cannot be built as it was at {revision}"
                    hint = f"name a later revision: {error}"
                    raise UsageError(message, hint) from None
                else:
                    found[name] = _kept(order, name)
        return found


def _kept(order: Order, name: str) -> Census | None:
    data = kept_census(order, order.store, name)
    try:
        return Census.from_json(data) if data else None
    except (ValueError, KeyError, TypeError):
        return None


@dataclass(frozen=True, slots=True)
class _Told:
    """What moved in the book, or in a memo alone."""

    name: str
    since: str | None
    before: Census | None
    now: Census | None
    """None if there was no room to keep what the build held."""

    @property
    def memos(self) -> tuple[Moved, ...]:
        """What moved in each memo; nothing where no earlier build is known."""
        return moved(self.before, self.now) if self.before and self.now else ()

    def show(self, style: Format) -> None:
        """Print it."""
        if style is Format.JSON:
            paper().print(json.dumps(self.as_dict()), markup=False)
        elif self.now is None:
            text = "what moved cannot be told: the cache has no room for it"
            paper().print(text, markup=False)
        elif self.before is None:
            text = "no earlier build is known: from the next one on it can be told"
            paper().print(text, markup=False)
        else:
            for line in self._lines():
                paper().print(line, markup=False)

    def as_dict(self) -> dict[str, object]:
        """Return it as JSON can hold it."""
        before = self.before.pages if self.before else None
        after = self.now.pages if self.now else None
        return {
            "report": {
                "memo": self.name or None,
                "since": self.since or "the last build",
                "pages": {"before": before, "after": after},
                "known": self.before is not None and self.now is not None,
                "memos": [memo.as_dict() for memo in self.memos],
            }
        }

    def _lines(self) -> Iterator[str]:
        since = self.since or "the last build"
        changed = [memo for memo in self.memos if memo.state != "same"]
        if not changed:
            yield f"nothing has moved since {since}"
            return
        yield f"since {since}:"
        rows = [_HEAD, *map(_row, changed)]
        widths = [max(len(row[i]) for row in rows) for i in range(len(_HEAD))]
        for row in rows:
            cells = zip(row, widths, strict=True)
            yield "  ".join(f"{cell:<{width}}" for cell, width in cells).rstrip()
        for memo in changed:
            yield from _details(memo)


_HEAD = ("memo", "state", "page", "pages", "words", "notes", "links", "pictures")


def _row(memo: Moved) -> tuple[str, ...]:
    old, new = memo.folio
    folio = _shown(old) if old == new else f"{_shown(old)} → {_shown(new)}"
    kinds = _HEAD[3:]
    return (memo.id, memo.state, folio, *(_cell(memo.changes[k]) for k in kinds))


def _shown(value: str | int | None) -> str:
    return "–" if value is None else str(value)


def _cell(change: Change) -> str:
    """Return how many there are, and how many came and went: 412 +12 −3."""
    more = change.inserted + len(change.added)
    less = change.deleted + len(change.removed)
    signs = ((more, "+"), (less, "−"), (len(change.changed), "~"))
    counts = [f"{sign}{count}" for count, sign in signs if count]
    if not counts and change.before != change.after:
        return f"{_shown(change.before)} → {_shown(change.after)}"
    return " ".join((_shown(change.after), *counts))


def _details(memo: Moved) -> Iterator[str]:
    """Yield which links and pictures came, went or are others."""
    for kind in ("links", "pictures"):
        change = memo.changes[kind]
        signs = (("+", change.added), ("−", change.removed), ("~", change.changed))
        for sign, names in signs:
            yield from (f"{memo.id}: {sign} {name}" for name in names)


def marked(
    order: Order,
    jobs: int | None,
    revision: str,
    names: tuple[str, ...],
    told: Callable[[str], None],
) -> BuildReport:
    """Build PDFs that mark what changed since a revision, of the book or of memos."""
    if "pdf" not in order.formats:
        message = "changes are marked in a PDF"
        raise UsageError(message, "leave --format out")
    from memobook.pipeline import Listener, build_changes
    from memobook.revisions import as_it_was
    from memobook.workers import Workers, default_jobs

    with (
        as_it_was(order.root, revision) as past,
        Workers(jobs or default_jobs()) as workers,
    ):
        workers.get_ready()
        made = partial(build_changes, order, past, revision, workers=workers)
        return merged(tuple(made(memo=n, listener=Listener(told)) for n in names))
