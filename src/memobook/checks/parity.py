"""Compare what an output says of a memo with what its source says.

What goes in: two readings of a memo and where everything was written. What comes out:
a diagnostic for every difference, with its place in the Markdown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TypeVar

from memobook.checks.differences import Difference, differences
from memobook.checks.places import Places
from memobook.checks.readings import Reading, as_uri
from memobook.diagnostics import Code, Reporter, Span

__all__ = ["Comparison", "compare", "excerpt"]

T = TypeVar("T")

_MOST_WORDS = 8
"""Of a text, how many are quoted in a message."""

_BUILD_ANEW = (
    "build it anew; if it comes back, a template or style sheet of the book does it"
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """One memo in one output."""

    output: str
    """What the author calls it: PDF or EPUB."""
    expected: Reading
    found: Reading
    places: Places
    other: Reading | None = None
    """The memo in the other output, so that what a template adds to both is known."""
    hint: str = _BUILD_ANEW
    only_losses: bool = False
    """Whether nothing is to be said of what is there and not in the source."""
    is_tagged: bool = False
    """Whether headings have the levels that a PDF's tags give them."""


def compare(memo: Comparison, reporter: Reporter) -> None:
    """Report every difference, kind by kind."""
    for kind in _KINDS:
        kind(memo, reporter)


def excerpt(text: str) -> str:
    """Return the first words of a text, in quotation marks."""
    words = text.split()
    more = " …" if len(words) > _MOST_WORDS else ""
    return f"“{' '.join(words[:_MOST_WORDS])}{more}”"


# Words


def _words(memo: Comparison, reporter: Reporter) -> None:
    known = set()
    if memo.other is not None:
        known = {
            d.found
            for d in _all_differences(memo.expected, memo.other)
            if not d.expected
        }
    for text, found in _texts(memo.expected, memo.found):
        for difference in differences(text, found):
            is_new = difference.found not in known and not memo.only_losses
            if difference.expected or is_new:
                span = memo.places.of_words(
                    text, difference.first, len(difference.expected)
                )
                _report_words(memo, difference, span, reporter)


def _all_differences(one: Reading, two: Reading) -> Iterator[Difference]:
    for text, found in _texts(one, two):
        yield from differences(text, found)


def _texts(one: Reading, two: Reading) -> Iterator[tuple[str, str]]:
    # A style sheet may print small letters as capitals.
    yield one.opener, two.opener
    yield one.words.casefold(), two.words.casefold()


def _report_words(
    memo: Comparison, difference: Difference, span: Span, reporter: Reporter
) -> None:
    expected, found = " ".join(difference.expected), difference.found
    message = f"the {memo.output} says {excerpt(found)} instead of {excerpt(expected)}"
    if not found:
        message = f"{excerpt(expected)} is not in the {memo.output}"
    if not expected:
        message = f"the {memo.output} says {excerpt(found)}, which is not in the source"
    reporter.error(Code.PARITY_WORDS, span, message, memo.hint)


# Headings


def _headings(memo: Comparison, reporter: Reporter) -> None:
    levels = [level for level, _ in memo.expected.headings]
    if memo.is_tagged:
        levels = _without_gaps(levels)
    titles = [_solid(title) for _, title in memo.expected.headings]
    ours = list(zip(levels, titles, strict=True))
    theirs = [(level, _solid(title)) for level, title in memo.found.headings]
    for index, change in _changes(ours, theirs):
        level, title = memo.expected.headings[index]
        message = f"the heading {excerpt(title)} is no heading in the {memo.output}"
        if change and ours[index][1] == change[0][1]:
            message = (
                f"the heading {excerpt(title)} is on level {change[0][0]} in the"
                f" {memo.output} and on level {level} in the source"
            )
        elif change and len(change) == 1 and change[0][0] == ours[index][0]:
            continue  # its words were compared
        span = memo.places.of_heading(index)
        reporter.error(Code.PARITY_HEADINGS, span, message, memo.hint)


def _without_gaps(levels: Sequence[int]) -> list[int]:
    """Return levels as a PDF has them, in which none is skipped: PDF/UA-1, 7.4.2."""
    found: list[int] = []
    above: list[int] = []
    for level in levels:
        above = [other for other in above if other < level] + [level]
        found.append(len(above))
    return found


def _solid(text: str) -> str:
    return text.replace(" ", "").replace("\u2010", "").casefold()


def _changes(
    ours: Sequence[T], theirs: Sequence[T]
) -> Iterator[tuple[int, Sequence[T]]]:
    """Yield the index of each of ours that is not among theirs, and what is there."""
    if list(ours) == list(theirs):
        return
    matcher = SequenceMatcher(None, ours, theirs, autojunk=False)
    for name, a1, a2, b1, b2 in matcher.get_opcodes():
        if name in {"replace", "delete"}:
            same = a2 - a1 == b2 - b1
            for index in range(a1, a2):
                at = b1 + index - a1
                yield index, theirs[at : at + 1] if same else theirs[b1:b2]


def _added(ours: Sequence[T], theirs: Sequence[T]) -> Iterator[tuple[int, T]]:
    """Yield what is among theirs only, with the index of ours that it stands before."""
    if list(ours) == list(theirs):
        return
    matcher = SequenceMatcher(None, ours, theirs, autojunk=False)
    for name, a1, _, b1, b2 in matcher.get_opcodes():
        if name == "insert":
            yield from ((a1, item) for item in theirs[b1:b2])


# Notes


def _notes(memo: Comparison, reporter: Reporter) -> None:
    for number, text in memo.expected.notes.items():
        found = memo.found.notes.get(number)
        if found == text:
            continue
        span = memo.places.of_note(number)
        if found is None:
            message = f"note {number} is not in the {memo.output}"
            reporter.error(Code.PARITY_NOTES, span, message, memo.hint)
            continue
        for difference in differences(text.casefold(), found.casefold()):
            if memo.only_losses and not difference.expected:
                continue
            said = excerpt(difference.found)
            wanted = excerpt(" ".join(difference.expected))
            message = f"note {number} says {said} in the {memo.output}, not {wanted}"
            reporter.error(Code.PARITY_NOTES, span, message, memo.hint)
    added = memo.found.notes.keys() - memo.expected.notes.keys()
    for number in () if memo.only_losses else added:
        message = f"the {memo.output} has a note {number}, which the source has not"
        reporter.error(Code.PARITY_NOTES, memo.places.whole, message, memo.hint)


def _calls(memo: Comparison, reporter: Reporter) -> None:
    ours, theirs = memo.expected.calls, memo.found.calls
    for index, found in _changes(ours, theirs):
        number = ours[index]
        message = f"the call of note {number} is not in the {memo.output}"
        if found:
            message = f"the {memo.output} calls note {found[0]} where note {number} is"
        span = memo.places.of_call(index)
        reporter.error(Code.PARITY_NOTES, span, message, memo.hint)
    for index, number in () if memo.only_losses else _added(ours, theirs):
        message = f"the {memo.output} calls note {number} once more than the source"
        span = memo.places.of_call(min(index, len(ours) - 1))
        reporter.error(Code.PARITY_NOTES, span, message, memo.hint)
    is_same = ours == theirs and memo.expected.words == memo.found.words
    if is_same and memo.expected.text != memo.found.text:
        for difference in differences(memo.expected.text, memo.found.text)[:1]:
            before = memo.expected.text.split()[: difference.first]
            span = memo.places.of_call(sum(word.count("⟦") for word in before))
            said = excerpt(difference.found)
            message = f"a note is called at another place in the {memo.output}: {said}"
            reporter.error(Code.PARITY_NOTES, span, message, memo.hint)


# Links


def _links(memo: Comparison, reporter: Reporter) -> None:
    spell = as_uri if memo.output == "PDF" else str
    ours = [spell(url) for url in memo.expected.urls]
    for index, found in _changes(ours, memo.found.urls):
        url = memo.expected.urls[index]
        count = memo.expected.urls[:index].count(url)
        span = memo.places.of_link(url, count)
        _report_link(memo, url, found, span, reporter)
    for index, found in _changes(memo.expected.references, memo.found.references):
        span = memo.places.of_reference(index)
        target = memo.expected.references[index]
        _report_link(memo, target, found, span, reporter)
    for number, urls in memo.expected.addresses.items():
        there = memo.found.addresses.get(number)
        if there is not None and there != tuple(map(spell, urls)):
            span = memo.places.of_note(number)
            _report_link(memo, ", ".join(urls), there, span, reporter)


def _report_link(
    memo: Comparison,
    target: str,
    found: Sequence[str],
    span: Span,
    reporter: Reporter,
) -> None:
    message = f"the link to {target} is not in the {memo.output}"
    if found:
        message = f"the link to {target} leads to {found[0]} in the {memo.output}"
    reporter.error(Code.PARITY_LINKS, span, message, memo.hint)


# Pictures and tables


def _pictures(memo: Comparison, reporter: Reporter) -> None:
    ours = memo.expected.pictures
    for index, found in _changes(ours, memo.found.pictures):
        alt = ours[index]
        message = f"the picture {excerpt(alt)} is not in the {memo.output}"
        if found:
            message = f"the picture {excerpt(alt)} is described otherwise"
            message += f" in the {memo.output}: {excerpt(found[0])}"
        span = memo.places.of_picture(alt, index)
        reporter.error(Code.PARITY_PICTURES, span, message, memo.hint)
    captions = [_solid(text) for text in memo.expected.captions]
    for index, found in _changes(captions, [_solid(c) for c in memo.found.captions]):
        if not found:
            text = memo.expected.captions[index]
            message = f"the caption {excerpt(text)} is no caption in the {memo.output}"
            span = memo.places.of_words(text, 2, 1)
            reporter.error(Code.PARITY_PICTURES, span, message, memo.hint)


def _tables(memo: Comparison, reporter: Reporter) -> None:
    ours = memo.expected.rows
    for index, found in _changes(ours, memo.found.rows):
        message = f"a table's row of {ours[index]} cells is not in the {memo.output}"
        if found:
            message = f"a table's row of {ours[index]} cells has {found[0]}"
            message += f" in the {memo.output}"
        span = memo.places.of_row(index)
        reporter.error(Code.PARITY_TABLES, span, message, memo.hint)
        return  # the others differ because this one does


_KINDS = (_words, _headings, _notes, _calls, _links, _pictures, _tables)
