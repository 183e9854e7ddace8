"""Lists for templates, made only for one that asks for them.

What goes in: items, and how an entry is made of one. What comes out: a sequence of
entries. Every template gets the book's contents: a book of 500 memos would make them
500 times, and each memo would depend on all page numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar, overload

__all__ = ["Listing"]

T = TypeVar("T")


class Listing(Sequence[dict[str, Any]], Generic[T]):
    """Entries that are made when they are asked for."""

    def __init__(
        self, items: tuple[T, ...], entry: Callable[[T], dict[str, Any]]
    ) -> None:
        self._items = items
        self._entry = entry

    def __len__(self) -> int:
        """Return how many there are; none is made for it."""
        return len(self._items)

    @overload
    def __getitem__(self, index: int) -> dict[str, Any]: ...
    @overload
    def __getitem__(self, index: slice) -> list[dict[str, Any]]: ...
    def __getitem__(self, index: int | slice) -> Any:
        """Return an entry, or several."""
        if isinstance(index, slice):
            return [self._entry(item) for item in self._items[index]]
        return self._entry(self._items[index])
