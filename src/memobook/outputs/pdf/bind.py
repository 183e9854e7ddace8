"""Bind sheets into one tagged PDF with outline, page labels and live links.

What goes in: the sheets in the order of the book. What comes out: the bytes of a PDF,
the same for the same sheets.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from urllib.parse import unquote

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Page, Pdf, String

from memobook.book.references import TARGET
from memobook.design.section import PAGE_SCHEME, Folio
from memobook.outputs.pdf.dressing import dress
from memobook.outputs.pdf.fonts import share_fonts
from memobook.outputs.pdf.late import write_late_numbers
from memobook.outputs.pdf.metadata import Facts, describe
from memobook.outputs.pdf.sheet import Dressing, Place, Sheet

__all__ = ["Facts", "Leaf", "OutlineItem", "bind"]

# How does a PDF number the pages? ISO 32000-1, table 159; no style shows no number.
_STYLES = {Folio.NONE: None, Folio.ROMAN: Name.r, Folio.ARABIC: Name.D}


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """A sheet in its place in the book."""

    sheet: Sheet
    folio: Folio
    first_folio: int
    """The number of its first page."""
    blank_before: bool = False
    """Whether an empty page stands before it, so that it begins on a right-hand one."""
    dressings: tuple[Dressing, ...] = ()
    """What is done to each page; empty for a sheet that is complete as it is."""


@dataclass(frozen=True, slots=True)
class OutlineItem:
    """A line of the outline, which readers show as bookmarks."""

    title: str
    anchor: str
    children: tuple[OutlineItem, ...] = ()


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
    with pikepdf.new() as pdf:
        tree = _Tree(pdf)
        starts: list[int] = []
        for leaf in leaves:
            with pikepdf.open(io.BytesIO(leaf.sheet.pdf)) as sheet:
                if leaf.blank_before:
                    pdf.pages.append(_blank_like(pdf, sheet.pages[0]))
                starts.append(len(pdf.pages))
                tree.add(sheet)
        tree.close()
        for leaf, start in zip(leaves, starts, strict=True):
            write_late_numbers(pdf, start, leaf.sheet.numbers, folios)
        dress(pdf, {i: leaf.dressings for i, leaf in zip(starts, leaves, strict=True)})
        places = _places(leaves, starts)
        _link(pdf.pages, places)
        _write_destinations(pdf, places)
        _write_labels(pdf, leaves, starts)
        _write_outline(pdf, outline, places)
        describe(pdf, facts)
        share_fonts(pdf)
        return _saved(pdf)


@dataclass(slots=True)
class _Tree:
    """The structure trees of the sheets, laid end to end under one Document."""

    pdf: Pdf
    parts: list[Object] = field(default_factory=list)
    """A Part for each sheet."""
    parents: list[Object | int] = field(default_factory=list)
    """The parent tree: keys and values in turns. ISO 32000-1, 14.7.4.4"""
    ids: list[tuple[bytes, Object, Object]] = field(default_factory=list)
    """(raw identifier, identifier, element): the ID tree."""
    next_key: int = 0

    def add(self, sheet: Pdf) -> None:
        """Copy the sheet's pages and its tree."""
        highest = self._renumber(sheet)
        # The pages first: a page that the tree refers to would be copied as null.
        # The book has one tree of names and one outline, so the sheet's are not copied.
        if Name.Names in sheet.Root:
            del sheet.Root.Names
        self.pdf.add_pages_from(sheet, outlines="ignore")
        if "/StructTreeRoot" not in sheet.Root:
            return
        copied = self.pdf.copy_foreign(sheet.make_indirect(sheet.Root.StructTreeRoot))
        nums = list(copied.ParentTree.Nums)
        for key, value in zip(nums[::2], nums[1::2], strict=True):
            self.parents += [int(key) + self.next_key, value]
        if "/IDTree" in copied:
            names = list(copied.IDTree.Names)
            self.ids += [
                (bytes(i), i, e) for i, e in zip(names[::2], names[1::2], strict=True)
            ]
        self._add_part(copied.K)
        self.next_key = highest + 1

    def _renumber(self, sheet: Pdf) -> int:
        """Shift the sheet's keys into the parent tree; return the highest."""
        highest = self.next_key - 1
        for page in sheet.pages:
            for item in (page.obj, *page.obj.get(Name.Annots, ())):
                for name in (Name.StructParents, Name.StructParent):
                    if name in item:
                        item[name] = int(item[name]) + self.next_key
                        highest = max(highest, int(item[name]))
        return highest

    def _add_part(self, documents: Iterable[Object]) -> None:
        part = self.pdf.make_indirect(
            Dictionary(Type=Name.StructElem, S=Name.Part, K=Array())
        )
        for document in documents:
            for kid in document.get(Name.K, ()):
                kid.P = part
                part.K.append(kid)
        self.parts.append(part)

    def close(self) -> None:
        """Write the tree into the PDF."""
        root = self.pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        document = self.pdf.make_indirect(
            Dictionary(
                Type=Name.StructElem, S=Name.Document, P=root, K=Array(self.parts)
            )
        )
        for part in self.parts:
            part.P = document
        root.K = Array([document])
        root.ParentTree = self.pdf.make_indirect(Dictionary(Nums=Array(self.parents)))
        root.ParentTreeNextKey = self.next_key
        if self.ids:
            self.ids.sort(key=lambda entry: entry[0])
            names = [item for _, name, element in self.ids for item in (name, element)]
            root.IDTree = self.pdf.make_indirect(Dictionary(Names=Array(names)))
        self.pdf.Root.StructTreeRoot = root


def _blank_like(pdf: Pdf, page: Page) -> Page:
    dictionary = Dictionary(
        Type=Name.Page,
        MediaBox=Array([float(edge) for edge in page.mediabox.as_list()]),
        Resources=Dictionary(),
        Contents=pdf.make_stream(b" "),  # Ghostscript stumbles over an empty one
    )
    return Page(pdf.make_indirect(dictionary))


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


def _link(pages: Iterable[Page], places: Mapping[str, Place]) -> None:
    """Give every link inside the book its destination by name."""
    for page in pages:
        for annotation in page.obj.get(Name.Annots, ()):
            anchor = _target(annotation)
            if anchor is None:
                continue
            if anchor not in places:
                message = f"a link leads to {anchor!r}, which no sheet has"
                raise ValueError(message)
            if Name.A in annotation:
                del annotation[Name.A]
            # In the same spelling as in the name tree: readers compare bytes.
            annotation.Dest = String(anchor)


def _target(annotation: Object) -> str | None:
    if Name.Dest in annotation:
        return str(annotation.Dest)
    uri = str(annotation.get(Name.A, Dictionary()).get(Name.URI, ""))
    for scheme in (TARGET, PAGE_SCHEME):
        if uri.startswith(scheme):
            # WeasyPrint writes what is not ASCII with percent signs.
            return unquote(uri.removeprefix(scheme))
    return None


def _write_destinations(pdf: Pdf, places: Mapping[str, Place]) -> None:
    pages = [page.obj for page in pdf.pages]
    found: list[tuple[String, Array]] = []
    for anchor, place in places.items():
        # A null zoom keeps the reader's own.
        xyz = [round(place.x, 2), round(place.y, 2), None]
        found.append((String(anchor), Array([pages[place.page], Name.XYZ, *xyz])))
    found.sort(key=lambda entry: bytes(entry[0]))
    names = Array([item for entry in found for item in entry])
    pdf.Root.Names = Dictionary(Dests=pdf.make_indirect(Dictionary(Names=names)))


def _write_labels(pdf: Pdf, leaves: Sequence[Leaf], starts: Sequence[int]) -> None:
    """Write one label for each run; a blank page belongs to the run before it."""
    nums: list[int | Dictionary] = []
    run: tuple[Folio, int] | None = None  # its style, its number less its page's index
    if starts and starts[0] > 0:
        nums += [0, Dictionary()]
    for leaf, start in zip(leaves, starts, strict=True):
        is_numbered = leaf.folio is not Folio.NONE
        wanted = (leaf.folio, leaf.first_folio - start if is_numbered else 0)
        if wanted != run:
            nums += [start, _label(leaf)]
        run = wanted
    pdf.Root.PageLabels = Dictionary(Nums=Array(nums))


def _label(leaf: Leaf) -> Dictionary:
    style = _STYLES[leaf.folio]
    return Dictionary(S=style, St=leaf.first_folio) if style else Dictionary()


def _write_outline(
    pdf: Pdf, outline: Sequence[OutlineItem], places: Mapping[str, Place]
) -> None:
    if not outline:
        return
    with pdf.open_outline() as root:
        root.root += [_outline_item(item, places) for item in outline]


def _outline_item(
    item: OutlineItem, places: Mapping[str, Place]
) -> pikepdf.OutlineItem:
    if item.anchor not in places:
        message = f"the outline leads to {item.anchor!r}, which no sheet has"
        raise ValueError(message)
    made = pikepdf.OutlineItem(item.title, String(item.anchor))
    made.is_closed = True
    made.children += [_outline_item(child, places) for child in item.children]
    return made


def _saved(pdf: Pdf) -> bytes:
    out = io.BytesIO()
    pdf.save(
        out,
        min_version="1.7",
        deterministic_id=True,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
    )
    return out.getvalue()
