"""Find the addresses that a text names and no link of it uses: their words are lost.

What goes in: what Python-Markdown takes for `[name]: address "title"`, wherever that
stands. What comes out: a warning for each that is in no output. A line that leads
nowhere, `[//]: # (a remark)`, is how many write a comment. A list of addresses that
many memos take in from a file of its own is not looked at: no memo need use all of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from memobook.book.finding import Finder
from memobook.book.model import Source
from memobook.book.positions import Spot, find_marks, unmark
from memobook.diagnostics import Code, Reporter, Span

__all__ = ["Definition", "Definitions", "report_unused"]

_NOWHERE = frozenset(["", "#"])


@dataclass(frozen=True, slots=True)
class Definition:
    """An address that has a name."""

    name: str
    """In small letters."""
    address: str
    """With the mark of its place, if it has one."""
    title: str
    is_last: bool
    """Whether none of the same name follows, which links would lead to."""


class Definitions(dict[str, tuple[str, str]]):
    """Python-Markdown's own names with address and title: it knows which are used."""

    def __init__(self) -> None:
        super().__init__()
        self._used = set[str]()
        self._replaced = list[Definition]()

    def __setitem__(self, name: str, value: tuple[str, str]) -> None:
        """Keep what the name has stood for so far, if that is something else."""
        before = self.get(name)
        if before and tuple(map(_plain, before)) != tuple(map(_plain, value)):
            self._replaced.append(_definition(name, before, is_last=False))
        super().__setitem__(name, value)

    def __getitem__(self, name: str) -> tuple[str, str]:
        """Return what a link refers to."""
        self._used.add(name)
        return super().__getitem__(name)

    def clear(self) -> None:
        """Forget all, before another text."""
        super().clear()
        self._used.clear()
        self._replaced.clear()

    def unused(self) -> tuple[Definition, ...]:
        """Return those that no link of the text leads to."""
        last = (
            _definition(name, value, is_last=True)
            for name, value in self.items()
            if name not in self._used
        )
        found = (*self._replaced, *last)
        return tuple(d for d in found if _plain(d.address) not in _NOWHERE)


def _definition(name: str, value: tuple[str, str], *, is_last: bool) -> Definition:
    return Definition(name, value[0], _plain(value[1]), is_last)


def _plain(text: str) -> str:
    return unmark(text or "")  # None of what has no title


def report_unused(
    found: Sequence[Definition],
    spots: Sequence[Spot],
    source: Source,
    reporter: Reporter,
) -> None:
    """Report those that are in no output, with the words that are lost."""
    for definition in found:
        name, span = _place(definition, spots, source)
        if source.place(span).path != source.path:
            continue
        title = definition.title
        lost = f", so that its title “{title}” is in neither output" if title else ""
        if definition.is_last:
            message = f"no link refers to [{name}]{lost}"
            hint = f"write [text][{name}] where a link belongs, or take the line out"
        else:
            message = f"[{name}] has another address or title below{lost}"
            hint = "give one of them another name, or take this line out"
        reporter.warning(Code.LINK_DEFINITION_UNUSED, span, message, hint)


def _place(
    definition: Definition, spots: Sequence[Spot], source: Source
) -> tuple[str, Span]:
    """Return the name as it is written, and where."""
    text, start = source.text, 0
    for number in find_marks(definition.address):
        if number < len(spots):
            start = _offset(text, spots[number].span.line)
    # In a quotation, a name may go on behind the sign of its next line.
    name = r"[\s>]+".join(map(re.escape, definition.name.split()))
    match = re.compile(rf"\[\s*({name})\s*\]:", re.IGNORECASE).search(text, start)
    if match is None:
        return definition.name, Span(source.path)
    length = len(match[0].split("\n")[0]) - 1
    span = Finder(text, Span(source.path)).span(match.start(), length)
    return " ".join(match[1].split()), span


def _offset(text: str, line: int) -> int:
    """Return where a line begins."""
    return sum(len(each) + 1 for each in text.split("\n")[: line - 1])
