"""The tokens of a file: directives and critic marks, where it has no code.

What goes in: a file's text. What comes out: its lines, the tokens in each, and those
marks that nothing closes. What a token does is not decided here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from memobook.book.critic import TOKENS, Critic, Mode
from memobook.book.positions import code_lines
from memobook.book.prose import prose
from memobook.diagnostics import Span
from memobook.project.config import split_block

__all__ = ["Written", "written"]

# Whatever begins so may be obeyed; the first group is what a directive says.
_TOKEN = re.compile(
    r"(?<!\\)\{\{ +([^{}\n]*?) +\}\}|"
    + "|".join(rf"(?<!\\){re.escape(token)}" for token in TOKENS)
)


@dataclass(frozen=True, slots=True)
class Written:
    """Some lines of a file, as they are written there."""

    path: str
    lines: tuple[str, ...]
    """All of the file."""
    plain: Mapping[int, str]
    """Index of each line that is taken and no code -> it with blanks for code in it."""
    skip: int
    """How many lines are the memo's own block."""

    def tokens(self, row: int) -> Iterator[re.Match[str]]:
        """Yield what may be a directive or a mark in a line."""
        line = self.lines[row]
        for found in _TOKEN.finditer(self.plain[row]):
            if found[0] == line[found.start() : found.end()]:
                yield found

    def unclosed(self) -> Iterator[tuple[str, Span]]:
        """Yield the critic marks that nothing closes, the outermost first."""
        critic = Critic(Mode.ACCEPT)
        for row in self.plain:
            for found in self.tokens(row):
                if found[1] is None:
                    critic.take(found[0], self.span(row, *found.span()))
        for _, span in critic.open:
            start = span.column - 1
            yield self.lines[span.line - 1][start : start + span.length], span

    def span(self, row: int, start: int, end: int) -> Span:
        """Return a place in a line, both counted from 0."""
        return Span(self.path, row + 1, start + 1, end - start)


def written(path: str, text: str, rows: range, *, is_code: bool) -> Written:
    """Return lines of a file; `is_code`: no token counts where they are put."""
    lines = tuple(text.split("\n"))
    _, skip = split_block(text)
    if is_code:
        return Written(path, lines, {}, skip)
    fenced, plain = code_lines(lines), prose(text, skip)
    known = {
        row: lines[row] if row < skip else plain[row].ljust(len(lines[row]))
        for row in rows
        if row not in fenced
    }
    return Written(path, lines, known, skip)
