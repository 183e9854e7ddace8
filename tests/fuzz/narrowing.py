"""Make a book that fails as small as it can be, so that it can be read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from tests.fuzz.books import FuzzBook

__all__ = ["narrowed"]

T = TypeVar("T")

_TRIALS = 60
"""Of one book, how often it is tried at most."""

_MOST_PARTS = 400
"""Lines or letters of a file that are left out one by one."""


def narrowed(book: FuzzBook, fails: Callable[[FuzzBook], bool]) -> FuzzBook:
    """Return a smaller book that fails, too: fewer memos, lines and letters."""
    left = _Left(_TRIALS)

    def without(paths: Sequence[str]) -> bool:
        return left.one() and fails(
            book.without([p for p in book.memos if p not in paths])
        )

    kept = _smallest(book.memos, without)
    book = book.without([path for path in book.memos if path not in kept])
    for path in sorted(p for p in book.files if _is_style(p)):
        smaller = FuzzBook(
            {p: d for p, d in book.files.items() if p != path}, book.memos
        )
        if left.one() and fails(smaller):
            book = smaller
    own = ("manuscript/book.toml", "manuscript/images/fuzz.svg", *book.memos)
    for path in [p for p in book.files if p in own or _is_style(p)]:
        for split in (_lines, _letters):
            book = _shorter(book, path, split, lambda b: left.one() and fails(b))
    return book


def _is_style(path: str) -> bool:
    return path.startswith("styles/") and not path.startswith("styles/fonts/")


def _shorter(
    book: FuzzBook,
    path: str,
    split: Callable[[bytes], list[bytes]],
    fails: Callable[[FuzzBook], bool],
) -> FuzzBook:
    """Return the book with fewer parts of one of its files."""
    parts = split(book.files[path])
    if len(parts) > _MOST_PARTS:
        return book
    kept = _smallest(parts, lambda p: fails(book.with_file(path, b"".join(p))))
    return book.with_file(path, b"".join(kept))


class _Left:
    """How many trials are left."""

    def __init__(self, count: int) -> None:
        self.count = count

    def one(self) -> bool:
        self.count -= 1
        return self.count >= 0


def _lines(data: bytes) -> list[bytes]:
    return data.splitlines(keepends=True)


def _letters(data: bytes) -> list[bytes]:
    return [bytes([byte]) for byte in data]


def _smallest(items: Sequence[T], fails: Callable[[Sequence[T]], bool]) -> Sequence[T]:
    """Return few of the items with which it fails: halves are left out, then less."""
    size = len(items) // 2
    while size >= 1:
        start = 0
        while start < len(items):
            fewer = [*items[:start], *items[start + size :]]
            if fails(fewer):
                items = fewer
            else:
                start += size
        size //= 2
    return items
