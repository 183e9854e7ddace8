"""The bars: what a build may cost, as a share of what a rival or another build costs.

What goes in: what was measured. What comes out: each bar with its figure, and whether
it is met. A bar whose book was not measured is told with the next smaller book's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from tests.benchmarks.measure import Cost, median

__all__ = ["Bar", "Figures", "bars"]

_LARGE, _VAST, _MIDDLE, _SMALL = 1000, 5000, 100, 12
_MEGABYTE = 1e6


@dataclass(frozen=True, slots=True)
class Figures:
    """What is known of one case of one book."""

    runs: tuple[Cost, ...]
    pages: int | None
    size: int | None
    """Bytes of the output."""
    rival: str = ""

    @property
    def cost(self) -> Cost:
        return median(self.runs)


Book = Mapping[str, Figures]


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar and how high it was jumped."""

    text: str
    pages: int
    """Of the book that was measured."""
    meant: int
    """Of the book that the bar is for."""
    value: float
    limit: float
    unit: str = ""

    @property
    def is_met(self) -> bool:
        return self.value <= self.limit

    @property
    def is_meant(self) -> bool:
        """Whether it was measured with the book that it is for."""
        return self.pages == self.meant


def _wall(figures: Figures) -> float:
    return figures.cost.wall


def _peak(figures: Figures) -> float:
    return figures.cost.peak


def _size(figures: Figures) -> float:
    return figures.size or 0


def _cpu(figures: Figures) -> float:
    return figures.cost.cpu


_Take = Callable[[Figures], float]
_SHOT = "one-shot WeasyPrint"
_RATIOS: tuple[tuple[str, str, str, _Take, float], ...] = (
    ("clean PDF / one-shot WeasyPrint", "clean, PDF", _SHOT, _wall, 0.33),
    ("  its largest process", "clean, PDF", _SHOT, _peak, 0.33),
    ("  its size", "clean, PDF", _SHOT, _size, 1.15),
    ("tags and standards / without", "clean, PDF", "clean, PDF without tags", _cpu, 1.25),
    ("cost of the box", "clean, PDF", "clean, PDF without the box", _cpu, 1.1),
    ("edit of a memo / one-shot", "edit, PDF", _SHOT, _wall, 0.05),
    ("edit of a memo / pandoc and Typst", "edit, PDF", "pandoc and Typst", _wall, 0.5),
    ("page at the front / clean", "page at the front, PDF", "clean, PDF", _wall, 0.25),
    ("clean EPUB / pandoc's", "clean, EPUB", "pandoc to EPUB", _wall, 0.5),
    ("nothing changed / import", "nothing changed", "import weasyprint", _wall, 0.7),
)  # fmt: skip


def bars(books: Mapping[int, Book], warm: float | None) -> Iterator[Bar]:
    """Yield all bars that the measured books can tell of."""
    pages = max((p for p in books if p <= _LARGE), default=0)
    for text, ours, theirs, take, limit in _RATIOS:
        book = books.get(pages, {})
        if ours in book and theirs in book:
            value = take(book[ours]) / take(book[theirs])
            yield Bar(text, pages, _LARGE, value, limit)
    yield from _of_constructs(books.get(pages, {}), pages)
    yield from _growth(books)
    if warm is not None:
        yield Bar("edit in a warm process", _SMALL, _SMALL, warm, 0.5, "s")


def _of_constructs(book: Book, pages: int) -> Iterator[Bar]:
    full, plain = book.get("clean, all constructs"), book.get("clean, PDF and EPUB")
    if full and plain:
        value = _of_a_page(full) / _of_a_page(plain)
        yield Bar("page of all constructs / plain", pages, _LARGE, value, 1.3)


def _growth(books: Mapping[int, Book]) -> Iterator[Bar]:
    largest = max(books, default=0)
    clean = {pages: book.get("clean, PDF") for pages, book in books.items()}
    large, middle = clean.get(largest), clean.get(_MIDDLE)
    if large is None:
        return
    if middle is not None and largest > _MIDDLE:
        value = _of_a_page(large) / _of_a_page(middle)
        yield Bar("cost of a page / at 100 pages", largest, _VAST, value, 1.15)
    memory = large.cost.parent / _MEGABYTE
    yield Bar("memory of the parent", largest, _VAST, memory, 600, "MB")


def _of_a_page(figures: Figures) -> float:
    return figures.cost.wall / (figures.pages or 1)
