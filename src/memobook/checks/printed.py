"""Read a PDF back as its reader gets it, by means that wrote none of it.

What goes in: the bytes of a PDF. What comes out: its structure tree, as a screen reader
walks through it, with what each element draws; its outline, labels and links. With
drawing.py the only door to pikepdf outside outputs/pdf/: what is proved must not be
read by what wrote it.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pikepdf
import pypdfium2
from pikepdf import Array, Dictionary, Name, Object, Stream

from memobook.checks.drawing import Drawn, Run, drawn
from memobook.checks.outputs import UnreadableError

__all__ = [
    "Annotation",
    "Bookmark",
    "Element",
    "PrintedBook",
]

# What does PDF 2.0 call otherwise? ISO 32000-2, 14.8.4
_OLD_NAMES = {"FENote": "Note"}
# How does it call a list whose labels are no numbers or bullets, but terms?
_UNMARKED = (Name("/None"), Name.Description)


@dataclass(frozen=True, slots=True)
class Element:
    """An element of the structure tree."""

    kind: str
    """As in ISO 32000-1, 14.8.4: P, Link, Note."""
    id: str
    target: str
    """Of a Link: the name of a destination, or a URL."""
    kids: tuple[Element | Run, ...]
    alt: str | None = None
    """Its alternative text; None if it has none."""
    number: int = 0
    """Of its object in the file."""
    box: tuple[float, ...] = ()
    """Of a Figure: left, lower, right, upper edge in points."""
    is_marked: bool = False
    """Whether the items of a list are numbered or have bullets."""

    @property
    def is_picture(self) -> bool:
        """Whether it is drawn; a figure around a picture may hold words, too."""
        return self.kind == "Figure" and bool(self.box)

    def all(self, *kinds: str) -> Iterator[Element]:
        """Yield the elements of these kinds in this one, in reading order."""
        for kid in self.kids:
            if isinstance(kid, Element):
                if kid.kind in kinds:
                    yield kid
                yield from kid.all(*kinds)

    def captions(self) -> Iterator[Element]:
        """Yield its captions, but none that stands in another one."""
        for kid in self.kids:
            if isinstance(kid, Element):
                yield from (kid,) if kid.kind == "Caption" else kid.captions()

    def everything(self) -> Iterator[Element]:
        """Yield this element and all in it, in reading order."""
        yield self
        for kid in self.kids:
            if isinstance(kid, Element):
                yield from kid.everything()

    def runs(self, *, without: frozenset[str] = frozenset()) -> Iterator[Run]:
        """Yield what was drawn, but for elements of the kinds in `without`."""
        for kid in self.kids:
            if isinstance(kid, Run):
                yield kid
            elif kid.kind not in without:
                yield from kid.runs(without=without)


@dataclass(frozen=True, slots=True)
class Annotation:
    """A live area of a page."""

    page: int
    box: tuple[float, float, float, float]
    """Left, lower, right, upper edge in points."""
    target: str
    """The name of a destination, or a URL."""
    is_url: bool


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A line of the outline."""

    title: str
    page: int
    level: int
    """0 for the outermost."""


class PrintedBook:
    """A PDF as its reader gets it. Raises UnreadableError if it is none."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        try:
            self._pdf = pikepdf.open(io.BytesIO(data))
        except (pikepdf.PdfError, ValueError) as error:
            # Before it stands the name of the stream, which is another each time.
            raise UnreadableError(str(error).rpartition(": ")[2]) from None
        pages = enumerate(self._pdf.pages)
        self._indexes: dict[Any, int] = {p.obj.objgen: i for i, p in pages}

    @property
    def pdf(self) -> pikepdf.Pdf:
        """The file's own objects."""
        return self._pdf

    @cached_property
    def pages(self) -> tuple[str, ...]:
        """The text of each page by PDFium, lines and all."""
        document = pypdfium2.PdfDocument(self.data)
        try:
            return tuple(p.get_textpage().get_text_bounded() for p in document)
        finally:
            document.close()

    @cached_property
    def sizes(self) -> tuple[tuple[float, float], ...]:
        """Width and height of each page in points, as it is when it is cut."""
        boxes = (page.trimbox for page in self._pdf.pages)
        return tuple((float(b[2] - b[0]), float(b[3] - b[1])) for b in boxes)

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """What a reader shows as the number of each page."""
        return tuple(page.label for page in self._pdf.pages)

    @cached_property
    def title(self) -> str:
        """What the file calls itself."""
        # PDF/A-4 allows no document information. ISO 19005-4, 6.1.3
        if found := str(self._pdf.docinfo.get(Name.Title, "")):
            return found
        with self._pdf.open_metadata() as metadata:
            return str(metadata.get("dc:title") or "")

    @cached_property
    def language(self) -> str:
        """The document's language; empty if it has none."""
        return str(self._pdf.Root.get(Name.Lang, ""))

    @cached_property
    def standards(self) -> tuple[str, ...]:
        """Which standards the file says that it keeps, as veraPDF calls them."""
        with self._pdf.open_metadata() as metadata:
            universal = metadata.get("pdfuaid:part")
            archive = metadata.get("pdfaid:part")
            level = metadata.get("pdfaid:conformance") or ""
        found = [f"ua{universal}"] if universal else []
        if archive:
            found.append(f"{archive}{level}".lower())
        return tuple(found)

    @cached_property
    def destinations(self) -> dict[str, int]:
        """Name -> page, 0-based."""
        names = self._pdf.Root.get(Name.Names, Dictionary())
        if Name.Dests not in names:
            return {}
        tree = pikepdf.NameTree(names.Dests)
        return {name: self._index(dest) for name, dest in tree.items()}

    def _index(self, destination: Object) -> int:
        if isinstance(destination, Dictionary):
            destination = destination.D
        return self._indexes.get(destination[0].objgen, -1)

    @cached_property
    def outline(self) -> tuple[Bookmark, ...]:
        """The outline, parents first."""
        with self._pdf.open_outline() as root:
            return tuple(self._bookmarks(root.root, 0))

    def _bookmarks(
        self, items: Iterable[pikepdf.OutlineItem], level: int
    ) -> Iterator[Bookmark]:
        for item in items:
            page = self.destinations.get(str(item.destination), -1)
            yield Bookmark(item.title, page, level)
            yield from self._bookmarks(item.children, level + 1)

    @cached_property
    def annotations(self) -> tuple[Annotation, ...]:
        """Every link annotation in the order of the pages."""
        return tuple(
            _annotation(found, index)
            for index, page in enumerate(self._pdf.pages)
            for found in page.obj.get(Name.Annots, ())
            if found.get(Name.Subtype) == Name.Link
        )

    @cached_property
    def drawn(self) -> tuple[Drawn, ...]:
        """What each page draws."""
        try:
            return tuple(drawn(p, i) for i, p in enumerate(self._pdf.pages))
        except (pikepdf.PdfError, ValueError, IndexError, KeyError) as error:
            raise UnreadableError(str(error)) from None

    @cached_property
    def parts(self) -> tuple[Element, ...]:
        """The structure of each section: cover, title page, imprint, contents, ….

        Empty if the PDF is not tagged.
        """
        if Name.StructTreeRoot not in self._pdf.Root:
            return ()
        documents = list(_kids(self._pdf.Root.StructTreeRoot))
        parts = [part for document in documents for part in _kids(document)]
        return tuple(self._element(part, -1) for part in parts)

    def _element(self, found: Any, page: int) -> Element:  # noqa: ANN401 (pikepdf's)
        kids: list[Element | Run] = []
        target = ""
        page = self._page_of(found, page)
        for kid in _kids(found):
            if isinstance(kid, int):
                kids += self._run(page, kid, found)
            elif Name.MCID in kid:
                kids += self._run(self._page_of(kid, page), int(kid.MCID), found)
            elif Name.Obj in kid:
                target = _annotation(kid.Obj, page).target
            elif Name.S in kid:
                kids.append(self._element(kid, page))
        return Element(
            kind=_OLD_NAMES.get(str(found.S)[1:], str(found.S)[1:]),
            id=str(found.get(Name.ID, "")),
            target=target,
            kids=tuple(kids),
            alt=str(found.Alt) if Name.Alt in found else None,
            number=found.objgen[0],
            box=_box(found),
            is_marked=_is_marked(found),
        )

    def _page_of(self, found: Object, otherwise: int) -> int:
        if Name.Pg not in found:
            return otherwise
        return self._indexes.get(found.Pg.objgen, otherwise)

    def _run(self, page: int, mark: int, element: Object) -> Iterator[Run]:
        runs = self.drawn[page].runs if 0 <= page < len(self.drawn) else {}
        if mark in runs:  # a run of spaces alone draws nothing
            yield runs[mark]
        elif Name.Figure == element.S:
            yield Run("", page, 0, 0, 0, mark=mark)
        elif Name.Formula == element.S:  # it is drawn, and read as what it says
            left, base, right, _ = _box(element) or (0.0,) * 4
            said = str(element.get(Name.Alt, ""))
            yield Run(said, page, left, right, base, mark=mark)


def _kids(element: Object) -> Iterator[Any]:
    kids = element.get(Name.K)
    if isinstance(kids, Array):
        yield from kids
    elif kids is not None and not isinstance(kids, Stream):
        yield kids


def _box(element: Object) -> tuple[float, ...]:
    attributes = element.get(Name.A)
    if not isinstance(attributes, Dictionary) or Name.BBox not in attributes:
        return ()
    return tuple(float(edge) for edge in attributes.BBox)


def _is_marked(element: Object) -> bool:
    attributes = element.get(Name.A)
    if not isinstance(attributes, Dictionary):
        return False
    return attributes.get(Name.ListNumbering) not in {None, *_UNMARKED}


def _annotation(found: Object, index: int) -> Annotation:
    left, lower, right, upper = (float(edge) for edge in found.Rect)
    is_url = Name.Dest not in found
    target = ""
    if not is_url:
        target = str(found.Dest)
    elif Name.A in found and Name.URI in found.A:
        target = str(found.A.URI)
    return Annotation(index, (left, lower, right, upper), target, is_url)
