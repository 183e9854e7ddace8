"""Render a book's sections for print, each again only when it would be another.

What goes in: a numbered book, a theme, and what is known of its pages. What comes out:
sections. A memo shows page numbers by their length, as they are written when the book
is bound; so it is rendered again only when one of them gets a digit more or less, or if
a template of the project shows the numbers themselves. In the contents all have the
same room, so that these are laid out beside the memos and not after them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from memobook.book.model import Book, Memo
from memobook.design.anchors import section_of_anchors
from memobook.design.media import Print
from memobook.design.medium import Adjustments
from memobook.design.section import Section
from memobook.design.sections import Maker
from memobook.design.theme import Theme
from memobook.design.words import words
from memobook.diagnostics import Reporter
from memobook.outputs.pdf.draft import Draft, Rooms, draft, rooms
from memobook.outputs.pdf.sheet import Sheet

__all__ = ["Renderer"]


class _Folios(Mapping[str, str]):
    """A page map, or a guess of it, that remembers what it told."""

    def __init__(self, folios: Mapping[str, str]) -> None:
        self._folios = folios
        self.lengths: dict[str, int] = {}
        """Anchor -> how many digits its number is said to have."""
        self.numbers: dict[str, str | None] = {}
        """Anchor -> what its number is said to be."""

    def digits(self, anchor: str) -> int:
        """Return how many digits an anchor's page number has."""
        count = self.lengths[anchor] = len(self._folios.get(anchor, "00"))
        return count

    def roman(self, anchor: str) -> str:
        """Return an anchor's page number if that is a roman one.

        It is set as it is, so that it counts as told; that it is none never changes.
        """
        folio = self._folios.get(anchor, "00")
        if folio.isdecimal():
            return ""
        self.numbers[anchor] = folio
        return folio

    def __getitem__(self, anchor: str) -> str:
        self.numbers[anchor] = self._folios.get(anchor)
        return self._folios[anchor]

    def __iter__(self) -> Iterator[str]:
        return iter(self._folios)

    def __len__(self) -> int:
        return len(self._folios)


@dataclass(frozen=True, slots=True)
class _Rendered:
    """A memo's section and what it was made with."""

    section: Section
    adjustments: Adjustments
    column: int
    lengths: Mapping[str, int]
    numbers: Mapping[str, str | None]

    def is_for(
        self, adjustments: Adjustments, column: int, folios: Mapping[str, str]
    ) -> bool:
        """Tell whether it would be made again with these."""
        now = _Folios(folios)
        return (
            (adjustments, column) == (self.adjustments, self.column)
            and all(now.digits(a) == n for a, n in self.lengths.items())
            and all(folios.get(a) == folio for a, folio in self.numbers.items())
        )


@dataclass(slots=True)
class Renderer:
    """The sections of one book."""

    book: Book
    theme: Theme
    reporter: Reporter
    memos_start_right: bool
    _rooms: Rooms = field(default_factory=dict)
    _first: Draft | None = None
    _column: int = 0
    _rendered: dict[str, _Rendered] = field(default_factory=dict)
    _anchors: dict[str, str] = field(default_factory=dict)
    _covers: list[Section] = field(default_factory=list)

    def cover(self) -> Section:
        """Return the cover's section: for its fonts, its layout and its faults."""
        if not self._covers:
            self._covers.append(self.maker({}).cover())
        return self._covers[0]

    def sections(
        self, folios: Mapping[str, str], adjustments: Mapping[str, Adjustments]
    ) -> tuple[Section, ...]:
        """Return all sections; `adjustments` are by the memos' ids."""
        maker = self.maker(folios)
        memos = (
            self._section(memo, maker, adjustments.get(memo.id, Adjustments()))
            for memo in self.book.memos
        )
        return (*maker.front(), *memos, *maker.notes(), *maker.back())

    def asked(self, section: Section) -> tuple[frozenset[str], bool]:
        """Return whose page numbers a memo shows, and whether only by their length."""
        kept = self._rendered[section.id]
        return frozenset(kept.lengths), not kept.numbers

    def guess(self, known: Mapping[str, Sheet]) -> Draft:
        """Return about where everything stands; `known` is what is laid out already."""
        if self._first and not known:
            return self._first
        self._rooms = self._rooms or rooms(self.book)
        frames = self.maker({}).frames()
        found = draft(self.book, self._rooms, frames, known, self.theme.paper)
        if not known:
            self._first = found
        return found

    def column(self) -> int:
        """Return how many digits there is room for where page numbers are listed.

        As many as the last page may need by its book's text alone: what is laid out
        already must not count, or a rebuild would look otherwise than a clean build.
        """
        self._column = self._column or self.guess({}).digits
        return self._column

    def widened(self, folios: Mapping[str, str]) -> bool:
        """Make room for longer numbers, if there are any; tell whether there are."""
        longest = max((len(f) for f in folios.values() if f.isdecimal()), default=1)
        if longest <= self.column():
            return False
        self._column = longest
        return True

    def maker(self, folios: Mapping[str, str]) -> Maker:
        """Return what makes single sections, with a page map or a guess of it."""
        return Maker(
            book=self.book,
            theme=self.theme,
            reporter=self.reporter,
            medium=partial(self._medium, _Folios(folios)),
            folios=folios,
            memos_start_right=self.memos_start_right,
        )

    def _section(self, memo: Memo, maker: Maker, adjustments: Adjustments) -> Section:
        kept = self._rendered.get(memo.id)
        if kept is None or not kept.is_for(adjustments, self.column(), maker.folios):
            told = _Folios(maker.folios)
            medium = partial(self._medium, told)
            asking = replace(maker, medium=medium, folios=told)
            section = asking.memo(memo, adjustments)
            kept = _Rendered(
                section, adjustments, self.column(), told.lengths, told.numbers
            )
            self._rendered[memo.id] = kept
        return kept.section

    def _medium(self, folios: _Folios, here: str, adjustments: Adjustments) -> Print:
        said = words(self.book.language, self.book.words)
        return Print(
            here=here,
            section_of=self._section_of,
            digits=folios.digits,
            column=self.column,
            words=said,
            roman=folios.roman,
            adjustments=adjustments,
        )

    def _section_of(self, anchor: str) -> str:
        # Looked up when it is asked for: a cover alone leads nowhere.
        if not self._anchors:
            self._anchors.update(section_of_anchors(self.book))
        return self._anchors.get(anchor, "")
