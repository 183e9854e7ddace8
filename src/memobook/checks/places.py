"""Find the place in the Markdown of what stands in a finished file.

What goes in: a numbered memo with its source, and a text, an anchor or a picture as an
output has it. What comes out: a span. Headings, links, pictures, tables and calls
know their place; a word of a paragraph is looked for in the source by those around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from memobook.book.model import Memo, NoteKind, Source
from memobook.book.references import INSIDE
from memobook.book.tree import Node, nodes, text_of
from memobook.checks.readings import alternative, even, pictures
from memobook.diagnostics import Span
from memobook.project.config import split_block

__all__ = ["Places"]

# What of a source is never read? An address, a footnote's name, a tag, attributes.
_UNREAD = re.compile(
    r"\]\([^)\s]*|\[\^[^\]\n]*\]|^ {0,3}\[[^\]\n]+\]:\s*\S+|</?[A-Za-z][^<>]*>"
    r"|\{[:.#][^{}\n]*\}|\]\[[^\]\n]*\]|^///.*$",
    re.MULTILINE,
)
_WORD = re.compile(r"\w+")
_AROUND = (8, 5, 3, 2, 1, 0)
"""How many words on each side must agree; the more, the surer is the place."""


_FAR = 12
"""How many words further the source may still say what stands in a word's place."""


@dataclass(frozen=True)
class Places:
    """Where everything of one memo was written."""

    memo: Memo
    source: Source
    """Its text, block included."""

    @property
    def whole(self) -> Span:
        """The memo, where nothing nearer is known: its title."""
        return self.memo.title_span or self.memo.span

    def of_words(self, text: str, first: int = 0, count: int = 1) -> Span:
        """Return the place of some words of a text, by those around them.

        `first` is the index of the first of `count` words in `text`; one that is not
        in the source gets the place of its neighbour.
        """
        words = text.split()
        spelt = [_WORD.findall(word.casefold()) for word in words]
        sought = [piece for pieces in spelt for piece in pieces]
        start = sum(len(pieces) for pieces in spelt[:first])
        length = max(sum(len(p) for p in spelt[first : first + count]), 1)
        return self._near(sought, min(start, max(len(sought) - 1, 0)), length)

    def of_anchor(self, anchor: str) -> Span | None:
        """Return the place of what an output's anchor stands for."""
        if anchor == self.memo.id:
            return self.whole
        return self._anchors.get(anchor)

    def of_note(self, number: int) -> Span:
        """Return where a note was written or first called."""
        for note in self.memo.notes:
            if note.number == number:
                call = self._calls.get(note.anchor)
                written = self._definition(note.anchor)
                return written or note.span or call or self.whole
        return self.whole

    def of_heading(self, index: int) -> Span:
        """Return the place of a heading; 0 is the memo's title."""
        if 0 < index <= len(self._headings):
            return self._headings[index - 1].span or self.whole
        return self.whole

    def of_link(self, url: str, index: int = 0) -> Span:
        """Return the place of a link to an address; `index` counts those to it."""
        found = [n for n in self._links if n.get("href") == url]
        return self._span(found, index)

    def of_reference(self, index: int) -> Span:
        """Return the place of a link inside the book, counted through the memo."""
        inside = (n for n in self._links if "external" not in n.classes)
        found = [n for n in inside if not INSIDE.isdisjoint(n.classes)]
        return self._span(found, index)

    def of_call(self, index: int) -> Span:
        """Return the place of a note's call, counted through the memo."""
        found = [n for n in nodes(self.memo.body) if n.has("data-note")]
        return self._span(found, index)

    def of_picture(self, alt: str, index: int = 0) -> Span:
        """Return the place of a picture by its alternative text, else by its number."""
        everything = list(pictures(nodes(self.memo.body)))
        found = [n for n in everything if alternative(n) == even(alt)]
        return self._span(found, 0) if found else self._span(everything, index)

    def is_drawing(self, alt: str) -> bool:
        """Tell whether a picture is a drawing, which has no pixels."""
        found = [
            n for n in pictures(nodes(self.memo.body)) if alternative(n) == even(alt)
        ]
        return all(n.tag == "svg" or n.get("src").endswith(".svg") for n in found)

    def of_row(self, index: int) -> Span:
        """Return the place of a table's row, counted through the memo."""
        for node in nodes(self.memo.body):
            if node.tag == "table":
                rows = [n for n in nodes(node) if n.tag == "tr"]
                if index < len(rows):
                    text = even(" ".join(text_of(c) for c in rows[index].children))
                    found = self.of_words(text, 0, len(text.split()))
                    return found if text else node.span or self.whole
                index -= len(rows)
        return self.whole

    def _span(self, found: Sequence[Node], index: int) -> Span:
        if index < len(found) and found[index].span is not None:
            return found[index].span or self.whole
        return self.whole

    @cached_property
    def _links(self) -> tuple[Node, ...]:
        return tuple(n for n in nodes(self.memo.body) if n.tag == "a")

    @cached_property
    def _headings(self) -> tuple[Node, ...]:
        levels = {f"h{level}" for level in range(2, 7)}
        return tuple(n for n in nodes(self.memo.body) if n.tag in levels)

    @cached_property
    def _calls(self) -> Mapping[str, Span]:
        found: dict[str, Span] = {}
        for node in nodes(self.memo.body):
            if node.has("data-note") and node.span:
                found.setdefault(node.get("data-note"), node.span)
        return found

    @cached_property
    def _anchors(self) -> Mapping[str, Span]:
        """Anchor -> the nearest place that is known of it."""
        found = {note.anchor: self.of_note(note.number) for note in self.memo.notes}
        for note in self.memo.notes:
            found |= {
                c.anchor: self._calls.get(note.anchor, self.whole) for c in note.calls
            }
        for node in nodes(self.memo.body):
            if node.has("id"):
                inner = (n.span for n in nodes(node) if n.span)
                place = node.span or next(inner, None)
                text = text_of(node)
                if place is None and text.strip():
                    place = self.of_words(even(text))
                if place is not None:
                    found.setdefault(node.get("id"), place)
        return found

    def _definition(self, anchor: str) -> Span | None:
        """Return where an author's footnote is written."""
        note = next(n for n in self.memo.notes if n.anchor == anchor)
        if note.kind is not NoteKind.AUTHOR:
            return None
        text = even(text_of(note.content))
        return self.of_words(text, 0, 1) if text else None

    # Words

    @cached_property
    def _written(self) -> tuple[tuple[str, int], ...]:
        """The words of the source that are read, each with its offset."""
        plain = _UNREAD.sub(lambda found: " " * len(found[0]), self.source.text)
        return tuple((m[0].casefold(), m.start()) for m in _WORD.finditer(plain))

    @cached_property
    def _where(self) -> Mapping[str, list[int]]:
        found: dict[str, list[int]] = {}
        for index, (word, _) in enumerate(self._written):
            found.setdefault(word, []).append(index)
        return found

    def _near(self, sought: list[str], at: int, length: int) -> Span:
        for around in _AROUND:
            first, last = max(at - around, 0), min(at + around + 1, len(sought))
            for low, high in ((first, last), (at, last), (first, at + 1)):
                if around and high - low == 1:
                    continue  # one word alone is everywhere
                for begin in self._matches(sought[low:high]):
                    index = begin + at - low
                    return self._span_of(index, min(index + length, begin + high - low))
        # It is not in the source itself: what stands in its place there?
        for shift in range(1, _FAR):
            for other, back in ((at + shift, -shift), (at - shift - 2, shift + 2)):
                if not 0 <= other < len(sought) - 2:
                    continue
                for begin in self._matches(sought[other : other + 3]):
                    index = min(max(begin + back, 0), len(self._written) - 1)
                    return self._span_of(index, index + 1)
        return self.whole

    def _matches(self, words: Sequence[str]) -> Iterator[int]:
        """Yield where the words stand in the source one after the other.

        What the memo's own block says comes last: its abstract may quote the text.
        """
        starts = self._where.get(words[0], []) if words else []
        for start in sorted(starts, key=lambda place: place < self._text_start):
            here = self._written[start : start + len(words)]
            if [word for word, _ in here] == list(words):
                yield start

    @cached_property
    def _text_start(self) -> int:
        """The index of the first word below the memo's own block."""
        _, skip = split_block(self.source.text)
        line_starts = [0, *(m.end() for m in re.finditer("\n", self.source.text))]
        offset = line_starts[min(skip, len(line_starts) - 1)]
        return sum(place < offset for _, place in self._written)

    def _span_of(self, first: int, end: int) -> Span:
        start = self._written[first][1]
        word, last = self._written[max(end - 1, first)]
        line = self.source.text.count("\n", 0, start) + 1
        column = start - (self.source.text.rfind("\n", 0, start) + 1) + 1
        stop = last + len(word)
        line_end = self.source.text.find("\n", start)
        stop = stop if line_end < 0 else min(stop, line_end)
        return self.source.place(Span(self.memo.path, line, column, stop - start))
