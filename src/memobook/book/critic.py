"""Critic marks: changes that are proposed in a text, accepted, rejected or shown.

What goes in: the marks of a text one after the other. What comes out: what stands in
their place, and whether the text between two of them is hidden.
http://criticmarkup.com/users-guide.php
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum

from memobook.diagnostics import Span

__all__ = ["TOKENS", "Critic", "Mode"]


class Mode(StrEnum):
    """What is done with proposed changes."""

    ACCEPT = "accept"
    REJECT = "reject"
    SHOW = "show"


TOKENS = ("{++", "++}", "{--", "--}", "{~~", "~>", "~~}", "{==", "==}", "{>>", "<<}")
_CLOSES = {"++}": "{++", "--}": "{--", "~~}": "{~~", "==}": "{==", "<<}": "{>>"}

# Which elements show a change, and in which modes is its text hidden?
# No tag has a quotation mark, which would end a value in a memo's block.
_TAGS = {
    "{++": ("<ins>", "</ins>"),
    "{--": ("<del>", "</del>"),
    "{~~": ("<del>", "</del>"),
    "~>": ("<ins>", "</ins>"),
    "{==": ("<mark class=critic>", "</mark>"),
    "{>>": ("<span class=critic-comment>", "</span>"),
}
_HIDDEN = {
    "{++": {Mode.REJECT},
    "{--": {Mode.ACCEPT},
    "{~~": {Mode.ACCEPT},
    "~>": {Mode.REJECT},
    "{==": set(),
    "{>>": {Mode.ACCEPT, Mode.REJECT},
}
# Behind which signs does a block's text begin?
_BLOCK_MARK = re.compile(
    r"^[ \t]*(?:>[ \t]*)*(?:[-*+][ \t]+|\d+[.)][ \t]+|#{1,6}[ \t]+)?"
)
# Which values of a memo's block are Markdown, so that a change can be shown in them?
_MARKDOWN = frozenset(["abstract", "key_points", "epigraph", "text", "source", "bio"])
_KEY = re.compile(r"[ \t-]*([a-z_]+):(?:[ \t]|$)")


@dataclass(slots=True)
class Critic:
    """The marks of one file."""

    wanted: Mode
    texts: frozenset[Span] = frozenset()
    """Marks that nothing closes: they are text, and hide none of what follows."""
    open: list[tuple[str, Span]] = field(default_factory=list)
    is_plain: bool = False
    """Whether what is read has no markup, as a title, so that no change is shown."""

    @property
    def mode(self) -> Mode:
        """What is done here."""
        shows = self.wanted is Mode.SHOW
        return Mode.ACCEPT if shows and self.is_plain else self.wanted

    def begin(self, line: str, *, in_block: bool) -> None:
        """Take note of the line that comes; `in_block`: of the memo's own block."""
        key = _KEY.match(line) if in_block else None
        if key:
            self.is_plain = key[1] not in _MARKDOWN
        elif not in_block:
            self.is_plain = False

    @property
    def hides(self) -> bool:
        """Whether the text here is not to be seen."""
        return any(self.mode in _HIDDEN[kind] for kind, _ in self.open)

    @property
    def opening(self) -> str:
        """The tags of all that is open."""
        return "".join(self._tag(kind, 0) for kind, _ in self.open)

    @property
    def closing(self) -> str:
        """The end tags of all that is open."""
        return "".join(self._tag(kind, 1) for kind, _ in reversed(self.open))

    def text_start(self, line: str) -> int:
        """Return where the text of a line begins, behind the mark of its block."""
        found = _BLOCK_MARK.match(line)
        return found.end() if found else 0

    def take(self, mark: str, span: Span) -> str | None:
        """Return what stands in a mark's place; None if it is none here."""
        kind = self.open[-1][0] if self.open else ""
        if span in self.texts:
            return None
        if mark in {"{++", "{--", "{~~", "{==", "{>>"}:
            self.open.append((mark, span))
            return self._tag(mark, 0)
        if mark == "~>" and kind == "{~~":
            closing = self._tag(kind, 1)
            self.open[-1] = ("~>", self.open[-1][1])
            return closing + self._tag("~>", 0)
        opened = _CLOSES.get(mark)
        if opened is None or kind not in {opened, "~>" if mark == "~~}" else opened}:
            return None
        put = self._tag(kind, 1)
        self.open.pop()
        return put

    def _tag(self, kind: str, which: int) -> str:
        return _TAGS[kind][which] if self.mode is Mode.SHOW else ""
