"""Mark in an EPUB's documents where the pages of the PDF begin.

What goes in: a document, and the beginnings of its pages as places in its text. What
comes out: the document with a mark for each, which shows nothing. A mark never stands
inside a word, and leaves headings and links alone where it can stand before them.
https://www.w3.org/TR/epub-a11y-11/#sec-page-nav
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby, takewhile
from typing import Any

from lxml import etree

from memobook.book.tree import VOID
from memobook.design.pagination import Beginning, PrintedPage, PrintedSection
from memobook.design.stream import (
    HEADINGS,
    INLINE,
    PICTURE,
    Piece,
    bare,
    local_name,
    pieces,
    stream_of,
)
from memobook.outputs.epub.container import parse_xml
from memobook.outputs.epub.navigation import page_id

__all__ = ["Marked", "mark_pages"]

_XHTML = "http://www.w3.org/1999/xhtml"
_TYPE = "{http://www.idpf.org/2007/ops}type"

# Before which elements may a mark stand, if the page begins with them? Not before a
# paragraph: `p + p` would no longer find the one after it.
_PASSED = INLINE | HEADINGS | frozenset("caption figure img math nav svg table".split())

# In which elements may a mark not stand beside their children?
_STRICT = frozenset(
    "colgroup dl hgroup math nav ol picture ruby svg table tbody tfoot thead tr ul"
    .split()
)  # fmt: skip

# Scripts that write no spaces between words, so that a line may end before any sign.
# https://www.unicode.org/reports/tr14/
_SPACELESS = re.compile(
    "[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff"
    "\uf900-\ufaff\U00020000-\U0003ffff]"
)


@dataclass(frozen=True, slots=True)
class Marked:
    """A document with its marks."""

    html: str
    """Without an XML declaration."""
    pages: tuple[tuple[str, str], ...]
    """Label and id of each mark, in the order of the pages."""
    has_same_text: bool = True
    """Whether its text is the one of the PDF."""


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where marks go: before a character, or before an element."""

    element: Any
    """The element that stands behind the marks, or that holds the text."""
    index: int | None = None
    """In its text or tail; None for a spot before the element itself."""
    is_tail: bool = False


def mark_pages(html: str, printed: PrintedSection) -> Marked:
    """Return a document with a mark at the beginning of each printed page."""
    root = parse_xml(html.encode(), "a page of the book")
    found = pieces(root)
    if not found or not printed.pages:
        return Marked(html, ())
    ids = {element.get("id") for element in root.iter(etree.Element)}
    places = _Places(found, stream_of(found), printed.text)
    spots = ((places.spot(page.begins), page) for page in printed.pages)
    groups = [
        (spot, [_mark(page, ids) for _, page in group])
        for spot, group in groupby(spots, key=lambda pair: pair[0])
    ]
    # From the last to the first: a mark in a text cuts off what stands behind it.
    for spot, marks in reversed(groups):
        _insert(spot, marks)
    names = tuple((m.get("aria-label"), m.get("id")) for _, ms in groups for m in ms)
    return Marked(_text(root), names, places.here == places.printed)


def _text(root: Any) -> str:  # noqa: ANN401 (lxml has no types)
    """Return a tree as text that an HTML reader takes as an XML reader does."""
    for element in root.iter(f"{{{_XHTML}}}*"):
        if (
            element.text is None
            and not len(element)
            and local_name(element) not in VOID
        ):
            element.text = ""
    text = etree.tostring(root.getroottree(), encoding="unicode", xml_declaration=False)
    return f"{text}\n"


def _mark(page: PrintedPage, ids: set[str]) -> Any:  # noqa: ANN401
    name = page_id(page.label)
    while name in ids:  # a memo may be called page-12
        name += "-mark"
    ids.add(name)
    attributes = {_TYPE: "pagebreak", "role": "doc-pagebreak", "id": name}
    return etree.Element(f"{{{_XHTML}}}span", attributes | {"aria-label": page.label})


def _insert(spot: _Spot, marks: Sequence[Any]) -> None:
    element = spot.element
    if spot.index is None:
        parent = element.getparent()
        for mark in marks:
            parent.insert(parent.index(element), mark)
        return
    text = (element.tail if spot.is_tail else element.text) or ""
    before, after = text[: spot.index], text[spot.index :]
    place = element.getparent().index(element) + 1 if spot.is_tail else 0
    parent = element.getparent() if spot.is_tail else element
    for number, mark in enumerate(marks):
        parent.insert(place + number, mark)
    marks[-1].tail = after
    if spot.is_tail:
        element.tail = before
    else:
        element.text = before


# From a place in the stream to one in the tree


@dataclass(frozen=True, slots=True)
class _Places:
    """The places of one document."""

    found: tuple[Piece, ...]
    here: str
    """The section's own text."""
    printed: str
    """The same in print."""
    starts: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    """Note -> how many characters stand before each of its pieces, and its index."""

    def __post_init__(self) -> None:
        counts: dict[str, int] = {}
        for number, piece in enumerate(self.found):
            count = counts.get(piece.note, 0)
            self.starts.setdefault(piece.note, []).append((count, number))
            counts[piece.note] = count + len(bare(piece.text))

    def spot(self, begins: Beginning) -> _Spot:
        """Return where the mark of a page goes that begins at a place."""
        if begins.note not in self.starts:
            # The EPUB has this note elsewhere: the text before the notes is nearest.
            begins = Beginning("", len(self.printed))
        if not self.starts.get(begins.note):
            begins = Beginning(self.found[0].note, 0)
        offset = begins.offset if begins.note else self._moved(begins.offset)
        at = self._at(begins.note, offset)
        if at is None:
            return self._end(begins.note)
        number, index = self._word_start(*at)
        return _spot_before(self.found[number], index)

    def _moved(self, offset: int) -> int:
        """Return where a place of the printed text is in this one.

        They are the same but where a project's own template says something in one
        medium only: what stands before that and after it is found all the same.
        """
        if self.here == self.printed:
            return offset
        start = _shared(self.here, self.printed)
        if offset <= start:
            return offset
        end = _shared(self.here[start:][::-1], self.printed[start:][::-1])
        if offset >= len(self.printed) - end:
            return offset + len(self.here) - len(self.printed)
        return start

    def _at(self, note: str, offset: int) -> tuple[int, int] | None:
        """Return the piece and the index of a character; None behind the last one."""
        starts = self.starts[note]
        count, number = starts[bisect_right(starts, (offset, len(self.found))) - 1]
        indexes = list(_counted(self.found[number].text))
        here = offset - count
        return (number, indexes[here]) if here < len(indexes) else None

    def _end(self, note: str) -> _Spot:
        piece = self.found[self.starts[note][-1][1]]
        if piece.text == PICTURE:
            return _Spot(piece.owner, 0, is_tail=True)
        return _Spot(piece.holder, len(piece.text.rstrip()), piece.is_tail)

    def _word_start(self, number: int, index: int) -> tuple[int, int]:
        """Return the place of the first letter of the word that a place is in."""
        best = number, index
        while _is_letter(self._character(best)):
            before = self._before(*best)
            if before is None or not _is_letter(self._character(before)):
                break
            best = before
        return best

    def _character(self, place: tuple[int, int]) -> str:
        return self.found[place[0]].text[place[1]]

    def _before(self, number: int, index: int) -> tuple[int, int] | None:
        """Return the place of the character that stands right before another."""
        while True:
            index -= 1
            piece = self.found[number]
            if index < 0:
                if not piece.is_joined:
                    return None
                number -= 1
                index = len(self.found[number].text)
            elif piece.text[index] not in "\u00ad\u2060":  # soft hyphen, word joiner
                return number, index


@lru_cache(maxsize=8)  # the same two texts for every page of a memo
def _shared(one: str, two: str) -> int:
    """Return with how many same characters two texts begin."""
    pairs = zip(one, two, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _counted(text: str) -> Iterator[int]:
    """Yield the indexes of the characters that count."""
    return (index for index, character in enumerate(text) if bare(character))


def _is_letter(character: str) -> bool:
    """Tell whether a word goes on over this character."""
    is_part = unicodedata.category(character)[0] in "LMN"
    return is_part and not _SPACELESS.match(character)


def _spot_before(piece: Piece, index: int) -> _Spot:
    """Return the spot before a character: before its element, if it is the first."""
    best = _Spot(piece.holder, index, piece.is_tail)
    element = None
    if piece.text == PICTURE:
        best, element = _Spot(piece.owner), piece.owner
    elif not piece.is_tail and not piece.text[:index].strip():
        element = piece.owner
    while element is not None and local_name(element) in _PASSED:
        parent = element.getparent()
        if local_name(parent) not in _STRICT:
            best = _Spot(element)
        element = parent if _is_first(element, parent) else None
    return _in_first_cell(best)


def _is_first(element: Any, parent: Any) -> bool:  # noqa: ANN401
    """Tell whether nothing stands in an element before its child."""
    return parent.index(element) == 0 and not (parent.text or "").strip()


def _in_first_cell(spot: _Spot) -> _Spot:
    """Return a spot in the row's first cell, if those before it are empty."""
    element = spot.element
    if spot.is_tail or spot.index is None or local_name(element) not in {"td", "th"}:
        return spot
    row = element.getparent()
    if element.text[: spot.index].strip() or "".join(
        t for cell in row[: row.index(element)] for t in cell.itertext()
    ):
        return spot
    return _Spot(row[0], 0)
