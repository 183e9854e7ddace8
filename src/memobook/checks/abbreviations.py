"""Find abbreviations that a memo explains and never uses: their words would be lost.

What goes in: a memo's source and its prose. What comes out: a warning for each. A list
of abbreviations that many memos take in from a file of its own is not looked at: no
memo need use all of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from memobook.book.model import Memo, Source
from memobook.diagnostics import Code, Reporter, Span

__all__ = ["unused_abbreviations"]

# Also as the first line of a quotation, a list's item, a definition or a note.
_EXPLAINED = re.compile(
    r"(?:[ \t>]|(?:[-*+:]|\d+[.)]|\[\^[^\]\n]+\]:)[ \t])*\*\[([^\\\[\]\n]+)\][ ]?:"
)


def unused_abbreviations(
    source: Source, _: Memo, lines: list[str], reporter: Reporter
) -> None:
    """Report each abbreviation that stands nowhere but where it is explained."""
    explained = dict(_explained(source, lines))
    if not explained:
        return
    rest = "\n".join(line for line in source.text.split("\n") if not _explains(line))
    for word, span in explained.items():
        is_own = source.place(span).path == source.path
        if is_own and not _stands_in(rest, word):
            message = f"the abbreviation {word} is explained, and never used"
            hint = "use it, or take the line out: it is in neither output"
            reporter.warning(Code.ABBREVIATION_UNUSED, span, message, hint)


def _stands_in(text: str, word: str) -> bool:
    # The word comes first, so that the search goes from one to the next by its letters.
    own = re.escape(word)
    return bool(re.search(rf"{own}(?<!\w{own})(?!\w)", text))


def _explains(line: str) -> re.Match[str] | None:
    return _EXPLAINED.match(line) if "*[" in line else None


def _explained(source: Source, lines: list[str]) -> Iterator[tuple[str, Span]]:
    for number, line in enumerate(lines, start=1):
        if found := _explains(line):
            word = found[1]
            yield word, Span(source.path, number, found.start(1) + 1, len(word))
