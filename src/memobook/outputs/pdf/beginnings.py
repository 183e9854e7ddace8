"""Find where in a section's text each page begins, by WeasyPrint's boxes.

What goes in: a laid-out document. What comes out: its stream of text, and a place in it
for every page. A box knows its element but not which part of the text it shows, so the
boxes are counted off against the text of their element: a hyphen at a line's end and
the head of a table that is printed again then never count.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from memobook.book.numerals import roman
from memobook.design.pagination import (
    Beginning,
    PrintedPage,
    PrintedSection,
)
from memobook.design.section import Folio
from memobook.design.stream import PICTURE, Piece, bare, pieces, stream_of
from memobook.outputs.pdf.sheet import Sheet

if TYPE_CHECKING:
    from weasyprint.document import Document
    from weasyprint.formatting_structure.boxes import Box

__all__ = ["beginnings_of", "folio_of", "printed"]


def beginnings_of(document: Document) -> tuple[str, tuple[Beginning | None, ...]]:
    """Return the section's own text, and where in the stream each page begins.

    A page with nothing of the text but notes begins where the text before it ended.
    None is a page that is left empty, so that the next one is on its side.
    """
    found = pieces(document._html.etree_element)
    texts = _texts(found)
    begins: list[Beginning | None] = []
    end = Beginning("", 0)
    for page in document.pages:
        first = None
        for box in _boxes(page._page_box):
            text, shown = texts.get(box.element), _shown(box)
            if text is None or not shown or text.is_read:
                continue
            first = first or text.place
            text.take(shown, box.style["hyphenate_character"])
            end = text.place
        is_blank = page._page_box.page_type.blank
        begins.append(None if is_blank else first or end)
    return stream_of(found), tuple(begins)


def printed(sheet: Sheet, folio: Folio, first: int) -> PrintedSection:
    """Return the pages of a sheet with their labels; `first` is the first's number."""
    pages = (
        PrintedPage(folio_of(folio, n), begins)
        for n, begins in enumerate(sheet.begins, first)
        if begins
    )
    return PrintedSection(sheet.text, tuple(pages))


def folio_of(folio: Folio, number: int) -> str:
    """Return a page's number as it is printed."""
    return roman(number) if folio is Folio.ROMAN else str(number)


@dataclass(slots=True)
class _Text:
    """What of the stream belongs to one element itself."""

    characters: str = ""
    parts: list[tuple[int, Beginning]] = field(default_factory=list)
    """Index in the characters -> place in the stream, of each piece."""
    read: int = 0
    """How many characters the pages up to now have shown."""

    @property
    def is_read(self) -> bool:
        return self.read >= len(self.characters)

    @property
    def place(self) -> Beginning:
        start, begins = next(p for p in reversed(self.parts) if p[0] <= self.read)
        return Beginning(begins.note, begins.offset + self.read - start)

    def take(self, shown: str, hyphen: str) -> None:
        """Count off what a box shows; `hyphen` is what ends a broken word."""
        count = len(shown)
        is_text = self.characters[self.read :][:count].casefold() == shown.casefold()
        if hyphen and shown.endswith(hyphen) and not is_text:
            count -= len(hyphen)
        self.read += count


def _texts(found: tuple[Piece, ...]) -> dict[Any, _Text]:
    texts: dict[Any, _Text] = {}
    counts: dict[str, int] = {}
    for piece in found:
        text = texts.setdefault(piece.owner, _Text())
        count = counts.get(piece.note, 0)
        text.parts.append((len(text.characters), Beginning(piece.note, count)))
        characters = bare(piece.text)
        text.characters += characters
        counts[piece.note] = count + len(characters)
    return texts


def _boxes(page: Box) -> Iterator[Box]:
    """Yield the boxes of the text; margins and the notes' area belong to no element."""
    stack = [box for box in reversed(page.children) if box.element is not None]
    while stack:
        box = stack.pop()
        yield box
        if hasattr(box, "children"):
            stack.extend(reversed(box.children))


def _shown(box: Box) -> str:
    """Return the characters of the stream that a box shows itself."""
    name, _, pseudo = box.element_tag.partition("::")
    if pseudo not in {"", "first-letter"}:
        return ""
    if hasattr(box, "replacement"):
        return PICTURE
    return bare(getattr(box, "text", "")) if name else ""
