"""Take a memo out of a manuscript, to be built alone.

What goes in: a manuscript, and what the author calls one of its memos. What comes out:
a manuscript of that memo, which goes the way of every book; and of what was found in
the sources, what is not about other memos.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from difflib import get_close_matches
from pathlib import PurePosixPath

from memobook.book.apart import can_stand_alone, take_apart
from memobook.book.assemble import resolved
from memobook.book.model import Book, Matter, Memo
from memobook.book.unshown import say_unshown
from memobook.design.labels import label_of
from memobook.design.words import words
from memobook.diagnostics import Reporter, UsageError
from memobook.manuscript import Manuscript

__all__ = ["UnknownMemoError", "alone", "memos_alone"]

_EACH = frozenset([Matter.MEMO, Matter.APPENDIX])


class UnknownMemoError(UsageError):
    """The book has no such memo."""


def memos_alone(book: Book) -> tuple[str, ...]:
    """Return the ids of what is built if every memo is: memos and appendices."""
    return tuple(m.id for m in book.memos if can_stand_alone(m) and m.matter in _EACH)


def alone(text: Manuscript, name: str, found: Reporter) -> tuple[Manuscript, Reporter]:
    """Return the manuscript of one memo, and what was found in it.

    `name` is its id or the name of its file. Raises UnknownMemoError if there is none.
    """
    memo = _memo(text.gathered["pdf"], name)
    others = {m.path for m in text.gathered["pdf"].memos} - {memo.path}
    reporter = Reporter(found.lowered)
    reporter.extend(d for d in found if d.span.path not in others)
    taken = frozenset(text.project.settings.profiles)
    books: dict[str, Book] = {}
    for output, whole in text.gathered.items():
        same = [o for o in books if text.gathered[o] is whole]
        if same:
            books[output] = books[same[0]]
            continue
        own = next(m for m in whole.memos if m.id == memo.id)
        apart = take_apart(whole, own, _labels(whole), taken)
        books[output] = say_unshown(resolved(apart, reporter), text.unshown)
    files = text.files.copy()
    sources = {p: t for p, t in text.sources.items() if p == memo.path}
    return replace(text, books=books, files=files, sources=sources), reporter


def _memo(book: Book, name: str) -> Memo:
    known = [memo for memo in book.memos if can_stand_alone(memo)]
    for names in (lambda m: {m.id}, _file_names):
        if found := [memo for memo in known if name in names(memo)]:
            return found[0]
    ids = [memo.id for memo in known]
    near = get_close_matches(name, ids, n=1)
    hint = f"did you mean {near[0]}?" if near else f"memos: {', '.join(ids)}"
    message = f"no memo is called {name}"
    raise UnknownMemoError(message, hint)


def _file_names(memo: Memo) -> set[str]:
    path = PurePosixPath(memo.path)
    below = PurePosixPath(*path.parts[1:])
    return {path.stem, path.name, str(path), str(below)}


def _labels(book: Book) -> Mapping[str, str]:
    """Return which one of the book each memo is: Memo 3 of Orbits, by its id."""
    said = words(book.language, book.words)
    return {
        memo.id: said["memo_of"].format(
            memo=label_of(memo, said) or f"“{memo.title}”", book=book.title
        )
        for memo in book.memos
    }
