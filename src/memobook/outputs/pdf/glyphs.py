"""Say which characters no font has: by their scripts, each where it is first written.

What goes in: what the layouts of all sections found, one diagnostic for a character.
What comes out: one for each memo and script, as a book without a font for its script
lacks thousands of characters for one reason; odd symbols are told one by one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from memobook.book.model import Source
from memobook.design.scripts import script_of
from memobook.diagnostics import Code, Diagnostic, Span
from memobook.project.config import BOOK_FILE

__all__ = ["gathered"]

_CHARACTER = re.compile("“(.)”", re.DOTALL)

_ODD = 5
"""How many symbols of a memo are told one by one; more are a way of writing, too."""


def gathered(
    found: Iterable[Diagnostic], sources: Mapping[str, Source]
) -> Iterator[Diagnostic]:
    """Yield all that was found, with what no font has told by memo and script.

    What the book's own pages repeat of a memo, as the contents its titles, is told of
    the memo alone.
    """
    lacking: dict[str, dict[str, Diagnostic]] = {}
    for each in dict.fromkeys(found):
        character = _CHARACTER.search(each.message)
        if each.code is Code.GLYPH_MISSING and character:
            lacking.setdefault(each.span.path, {})[character[1]] = each
        else:
            yield each
    texts = {path for path in lacking if path != BOOK_FILE}
    told = {character for path in texts for character in lacking[path]}
    for path, characters in lacking.items():
        own = {c: d for c, d in characters.items() if path in texts or c not in told}
        yield from _by_script(own, sources.get(path))


def _by_script(
    lacking: Mapping[str, Diagnostic], source: Source | None
) -> Iterator[Diagnostic]:
    groups: dict[str, list[str]] = {}
    for character in lacking:
        groups.setdefault(script_of(character), []).append(character)
    if "Japanese" in groups:
        groups["Japanese"] += groups.pop("Chinese", [])  # it is written with both
    for script, characters in groups.items():
        if len(characters) > (1 if script else _ODD):
            yield _of_many(script or "symbols", characters, lacking, source)
        else:
            yield from (_placed(lacking[c], c, source) for c in characters)


def _of_many(
    script: str,
    characters: Sequence[str],
    lacking: Mapping[str, Diagnostic],
    source: Source | None,
) -> Diagnostic:
    text = source.text if source else ""
    # What a style sheet has made of the author's letters is nowhere in the text.
    first = min(characters, key=lambda c: text.find(c) % (len(text) + 1))
    counts = Counter(text)
    times = sum(counts[c] for c in characters)
    written = f", written {times} times" if times else ""
    said = f"{len(characters)} characters{written}"
    message = f"no font has {script}: {said}, the first “{first}” (U+{ord(first):04X})"
    return replace(_placed(lacking[first], first, source), message=message)


def _placed(found: Diagnostic, character: str, source: Source | None) -> Diagnostic:
    """Return a diagnostic with the place at which a character is first written."""
    offset = source.text.find(character) if source else -1
    if source is None or offset < 0:
        return found
    line = source.text.count("\n", 0, offset) + 1
    column = offset - (source.text.rfind("\n", 0, offset) + 1) + 1
    span = source.place(Span(source.path, line, column, 1))
    return replace(found, span=span)
