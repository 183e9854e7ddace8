"""Bind sheets into one tagged PDF with outline, page labels and live links.

What goes in: the sheets in the order of the book. What comes out: the bytes of a PDF,
the same for the same sheets.

A sheet's objects are copied as text: what they say of the sheet alone stays as it is,
and only the numbers in it change. So a page costs little time, and no memory but its
bytes; see source.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import zip_longest
from types import MappingProxyType

from memobook.design.section import Folio
from memobook.outputs.pdf.archive import write_attachments, write_intent
from memobook.outputs.pdf.dressing import Dresser, give_resources
from memobook.outputs.pdf.figures import move_boxes
from memobook.outputs.pdf.fonts import SharedFonts
from memobook.outputs.pdf.late import write_late_numbers
from memobook.outputs.pdf.leaves import Facts, Leaf, OutlineItem
from memobook.outputs.pdf.links import Links, spelt
from memobook.outputs.pdf.metadata import described
from memobook.outputs.pdf.navigation import write_destinations, write_outline
from memobook.outputs.pdf.sheet import Dressing, Place
from memobook.outputs.pdf.source import Source, array, references
from memobook.outputs.pdf.tree import Tree
from memobook.outputs.pdf.writer import Writer
from memobook.project.standards import Standards

__all__ = ["bind"]

_ELEMENT = b"/Type /StructElem"

# How does a PDF number the pages? ISO 32000-1, table 159; no style shows no number.
_STYLES = {Folio.NONE: b"", Folio.ROMAN: b"/r", Folio.ARABIC: b"/D"}


def bind(
    leaves: Sequence[Leaf],
    outline: Sequence[OutlineItem],
    facts: Facts,
    folios: Mapping[str, str] = MappingProxyType({}),
) -> bytes:
    """Return the book's PDF; `folios` are the pages that references name, by anchor.

    Raises ValueError for a link or outline item whose anchor no sheet has, and for an
    anchor that two sheets have: the book was checked before, so the fault is ours.
    """
    starts = _starts(leaves)
    places = _places(leaves, starts)
    standards = facts.standards
    book = _Book({anchor: spelt(anchor) for anchor in places}, folios, standards)
    for leaf in leaves:
        book.add(leaf)
    names = write_destinations(book.writer, places, book.pages, book.elements)
    sources, catalogue = write_attachments(book.writer, facts.attached, facts.modified)
    catalogue += b"/Names << %b%b>> " % (names, sources)
    if standards.archival:
        catalogue += write_intent(book.writer)
    catalogue += write_outline(book.writer, outline, book.links.names)
    catalogue += b"/PageLabels << /Nums [ %b ] >> " % _labels(leaves, starts)
    return book.finish(catalogue, facts)


def _starts(leaves: Sequence[Leaf]) -> list[int]:
    """Return the index of each leaf's first page in the PDF."""
    starts: list[int] = []
    count = 0
    for leaf in leaves:
        starts.append(count + leaf.blank_before)
        count = starts[-1] + leaf.sheet.pages
    return starts


class _Book:
    """A book that is being bound."""

    def __init__(
        self,
        names: Mapping[str, bytes],
        folios: Mapping[str, str],
        standards: Standards,
    ) -> None:
        self.writer = Writer(b"2.0" if standards.is_pdf_2 else b"1.7")
        self.links = Links(names, folios)
        self.pages: list[int] = []
        """Their numbers, in their order."""
        self._folios = folios
        self._page_tree = self.writer.reserve()
        self._tree = Tree(self.writer, standards.is_pdf_2)
        self._is_archival = bool(standards.archival)
        self._fonts = SharedFonts(self.writer)
        self._dresser = Dresser(self.writer, self._fonts)

    @property
    def elements(self) -> Mapping[str, int]:
        """The numbers of the elements that anchors stand for, in a PDF 2.0."""
        return self._tree.elements

    def add(self, leaf: Leaf) -> None:
        """Write a sheet's pages, and take its part of what the book has once."""
        source = Source.read(leaf.sheet.pdf)
        if leaf.blank_before:
            self._add_blank(source.objects[source.pages[0]])
        write_late_numbers(source, leaf.sheet.numbers, self._folios)
        self._add_pages(source, leaf.dressings)

    def _add_pages(self, source: Source, dressings: Sequence[Dressing]) -> None:
        pages, links = source.pages, _links(source)
        if dressings:
            give_resources(source, pages)
        others = self._fonts.take(source)
        roots, elements = self._tree.take(source)
        others |= elements | {source.drop_root(): self._page_tree}
        if self._is_archival:
            source.plain_pictures()
        copy = source.copy(self.writer, others)
        first_key = self.links.highest + 1
        for page, dressing in zip_longest(pages, dressings):
            shift = dressing.shift if dressing else 0.0
            for link in (page, *links[page]):
                text = copy.texts[link]
                copy.texts[link] = self.links.rewritten(text, shift, first_key)
            if dressing:
                copy.texts[page] = self._dresser.dressed(copy.texts[page], dressing)
        shifts = {
            copy.numbers[p]: d.shift
            for p, d in zip(pages, dressings, strict=False)
            if d.shift
        }
        if shifts:
            move_boxes(copy.texts, shifts)
        if roots:
            self._tree.add(roots, copy.spelt, first_key)
            for number, text in copy.texts.items():
                if _ELEMENT in text:
                    copy.texts[number] = self._tree.rewritten(text)
        copy.write(self.writer)
        self.pages += [copy.numbers[page] for page in pages]

    def _add_blank(self, page: bytes) -> None:
        """Add an empty page as large as another."""
        # Ghostscript stumbles over a stream with nothing in it.
        facts = b"/Contents %d 0 R /MediaBox [%b] /Parent %d 0 R" % (
            self.writer.stream(b"<< >>", b" "),
            array(page, b"MediaBox"),
            self._page_tree,
        )
        for name in (b"BleedBox", b"TrimBox"):
            if box := array(page, name):
                facts = b"/%b [%b] %b" % (name, box, facts)
        blank = b"<< %b /Resources << >> /Type /Page >>" % facts
        self.pages.append(self.writer.add(blank))

    def finish(self, catalogue: bytes, facts: Facts) -> bytes:
        """Write what the book has once; return the PDF."""
        self._fonts.write()
        kids = b" ".join(b"%d 0 R" % page for page in self.pages)
        pages = b"<< /Count %d /Kids [ %b ] /Type /Pages >>" % (len(self.pages), kids)
        self.writer.put(self._page_tree, pages)
        description = described(facts)
        metadata = b"<< /Subtype /XML /Type /Metadata >>"
        catalogue += b"/Metadata %d 0 R /Pages %d 0 R " % (
            self.writer.stream(metadata, description.xmp),
            self._page_tree,
        )
        if tree := self._tree.close(self.links.highest + 1):
            catalogue += b"/StructTreeRoot %d 0 R " % tree
        root = b"<< %b%b/Type /Catalog >>" % (catalogue, description.catalogue)
        told = description.information
        information = self.writer.add(told) if told else None
        return self.writer.finish(self.writer.add(root), information)


def _links(source: Source) -> dict[int, tuple[int, ...]]:
    """Return the annotations of each page."""
    links = {
        page: tuple(references(array(source.objects[page], b"Annots")))
        for page in source.pages
    }
    for page, found in links.items():
        if b"/Annots" in source.objects[page] and not found:
            message = "a page's annotations have another form"
            raise ValueError(message)
    return links


def _places(leaves: Sequence[Leaf], starts: Sequence[int]) -> dict[str, Place]:
    """Return every anchor of the book, with pages counted from its first."""
    found: dict[str, Place] = {}
    for leaf, start in zip(leaves, starts, strict=True):
        for anchor, place in leaf.sheet.anchors:
            if anchor in found:
                message = f"two sheets have the anchor {anchor!r}"
                raise ValueError(message)
            shift = leaf.dressings[place.page].shift if leaf.dressings else 0.0
            found[anchor] = Place(start + place.page, place.x + shift, place.y)
    return found


def _labels(leaves: Sequence[Leaf], starts: Sequence[int]) -> bytes:
    """Return one label for each run; a blank page belongs to the run before it."""
    labels: list[bytes] = []
    run: tuple[Folio, int] | None = None  # its style, its number less its page's index
    if starts and starts[0] > 0:
        labels.append(b"0 << >>")
    for leaf, start in zip(leaves, starts, strict=True):
        is_numbered = leaf.folio is not Folio.NONE
        wanted = (leaf.folio, leaf.first_folio - start if is_numbered else 0)
        if wanted != run:
            labels.append(b"%d %b" % (start, _label(leaf)))
        run = wanted
    return b" ".join(labels)


def _label(leaf: Leaf) -> bytes:
    style = _STYLES[leaf.folio]
    return b"<< /S %b /St %d >>" % (style, leaf.first_folio) if style else b"<< >>"
