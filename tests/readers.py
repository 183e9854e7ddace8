"""Read both outputs back, each by means that memobook has not.

What goes in: the bytes of a PDF or an EPUB. What comes out: what its reader gets. The
PDF is read through its structure tree, as a screen reader does, and its glyphs by the
fonts' own tables; positions come from the content streams. No assertion on a book
lives here.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
from lxml import etree
from pikepdf import Dictionary, Name, Object

from memobook.book.tree import Child, Node, joined

# The PDF


@dataclass(frozen=True, slots=True)
class Run:
    """What was drawn in one go: the text of one element in one line."""

    text: str
    page: int
    """0-based, in the whole PDF."""
    left: float
    """Points from the page's left edge."""
    right: float
    base: float
    """Points from the page's lower edge to the line that the letters stand on."""


@dataclass(frozen=True, slots=True)
class Element:
    """An element of the structure tree."""

    kind: str
    """As in ISO 32000-1, 14.8.4: P, Link, Note."""
    id: str
    target: str
    """Of a Link: the name of a destination, or a URL."""
    kids: tuple[Element | Run, ...]

    def all(self, *kinds: str) -> Iterator[Element]:
        """Yield the elements of these kinds in this one, in reading order."""
        for kid in self.kids:
            if isinstance(kid, Element):
                if kid.kind in kinds:
                    yield kid
                yield from kid.all(*kinds)

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
    """A PDF as its reader gets it."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self._pdf = pikepdf.open(io.BytesIO(data))
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
    def labels(self) -> tuple[str, ...]:
        """What a reader shows as the number of each page."""
        return tuple(page.label for page in self._pdf.pages)

    @cached_property
    def destinations(self) -> dict[str, int]:
        """Name -> page, 0-based."""
        tree = pikepdf.NameTree(self._pdf.Root.Names.Dests)
        return {name: self._indexes[dest[0].objgen] for name, dest in tree.items()}

    @cached_property
    def outline(self) -> tuple[Bookmark, ...]:
        """The outline, parents first."""
        with self._pdf.open_outline() as root:
            return tuple(self._bookmarks(root.root, 0))

    def _bookmarks(
        self, items: Iterable[pikepdf.OutlineItem], level: int
    ) -> Iterator[Bookmark]:
        for item in items:
            page = self.destinations[str(item.destination)]
            yield Bookmark(item.title, page, level)
            yield from self._bookmarks(item.children, level + 1)

    @cached_property
    def annotations(self) -> tuple[Annotation, ...]:
        """Every link annotation in the order of the pages."""
        return tuple(
            _annotation(found, index)
            for index, page in enumerate(self._pdf.pages)
            for found in page.obj.get(Name.Annots, ())
        )

    @cached_property
    def parts(self) -> tuple[Element, ...]:
        """The structure of each section: cover, title page, imprint, contents, …."""
        (document,) = self._pdf.Root.StructTreeRoot.K
        drawn = [_drawn(page, index) for index, page in enumerate(self._pdf.pages)]
        return tuple(self._element(part, drawn) for part in document.K)

    def _element(self, found: Any, drawn: list[dict[int, Run]]) -> Element:
        kids: list[Element | Run] = []
        target = ""
        page = self._indexes[found.Pg.objgen] if Name.Pg in found else -1
        for kid in found.K:
            if isinstance(kid, int):
                if kid in drawn[page]:  # a run of spaces alone draws nothing
                    kids.append(drawn[page][kid])
                elif Name.Figure == found.S:
                    kids.append(Run("", page, 0, 0, 0))
            elif Name.Obj in kid:
                target = _annotation(kid.Obj, page).target
            else:
                kids.append(self._element(kid, drawn))
        name = str(found.get(Name.ID, ""))
        return Element(str(found.S)[1:], name, target, tuple(kids))


def _annotation(found: Object, page: int) -> Annotation:
    left, lower, right, upper = (float(edge) for edge in found.Rect)
    is_url = Name.Dest not in found
    target = str(found.A.URI if is_url else found.Dest)
    return Annotation(page, (left, lower, right, upper), target, is_url)


Matrix = tuple[float, float, float, float, float, float]


def _times(one: Matrix, two: Matrix) -> Matrix:
    a, b, c, d, e, f = one
    g, h, i, j, k, m = two
    return (
        a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j,
        e * g + f * i + k, e * h + f * j + m,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Font:
    """How a font's two-byte codes read, and how wide they are."""

    texts: Mapping[int, str]
    widths: Mapping[int, float]
    """In thousandths of the font's size."""


def _font(found: Object) -> _Font:
    (inner,) = found.DescendantFonts
    widths: dict[int, float] = {}
    entries = list(inner.get(Name.W, ()))
    while entries:
        first, second = int(entries[0]), entries[1]
        if isinstance(second, pikepdf.Array):
            widths |= {first + i: float(w) for i, w in enumerate(second)}
            entries = entries[2:]
        else:
            widths |= dict.fromkeys(range(first, int(second) + 1), float(entries[2]))
            entries = entries[3:]
    table = found.ToUnicode.read_bytes().decode("ascii")
    pairs = re.findall(r"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]*)>", table)
    texts = {int(k, 16): bytes.fromhex(v).decode("utf-16-be") for k, v in pairs}
    return _Font(texts, widths)


class _Drawing:
    """The state of a page's content stream, as far as text goes."""

    def __init__(self, page: pikepdf.Page, index: int) -> None:
        self.index = index
        fonts = page.resources.get(Name.Font, Dictionary())
        self.fonts = {name: _font(font) for name, font in fonts.items()}
        self.place: Matrix = (1, 0, 0, 1, 0, 0)
        self.text: Matrix = (1, 0, 0, 1, 0, 0)
        self.kept: list[Matrix] = []
        self.font = _Font({}, {})
        self.size = 0.0
        self.marks: list[tuple[int, str | None]] = []
        self.found: dict[int, Run] = {}

    def take(self, name: str, operands: list[Any]) -> None:
        change = getattr(self, f"on_{name}", None)
        if change:
            change(*operands)
        else:
            # Other ways to place text would be overlooked.
            assert name not in {"Td", "TD", "T*", "'", '"'}, name

    def on_q(self) -> None:
        self.kept.append(self.place)

    def on_Q(self) -> None:  # noqa: N802 (the operator's name)
        self.place = self.kept.pop()

    def on_cm(self, *matrix: Any) -> None:
        a, b, c, d, e, f = map(float, matrix)
        self.place = _times((a, b, c, d, e, f), self.place)

    def on_Tm(self, *matrix: Any) -> None:  # noqa: N802
        a, b, c, d, e, f = map(float, matrix)
        self.text = (a, b, c, d, e, f)

    def on_Tf(self, name: Any, size: Any) -> None:  # noqa: N802
        self.font, self.size = self.fonts[str(name)], float(size)

    def on_BMC(self, _: Any) -> None:  # noqa: N802
        self.marks.append((-1, None))

    def on_BDC(self, _: Any, properties: Any) -> None:  # noqa: N802
        actual = properties.get(Name.ActualText)
        number = int(properties.get(Name.MCID, -1))
        self.marks.append((number, None if actual is None else str(actual)))

    def on_EMC(self) -> None:  # noqa: N802
        self.marks.pop()

    def on_Tj(self, text: Any) -> None:  # noqa: N802
        self.on_TJ([text])

    def on_TJ(self, parts: Any) -> None:  # noqa: N802
        start, glyphs = self.text, []
        for part in parts:
            advance = 0.0
            if isinstance(part, pikepdf.String):
                codes = bytes(part)
                for high, low in zip(codes[::2], codes[1::2], strict=True):
                    code = high << 8 | low
                    glyphs.append(self.font.texts.get(code, ""))
                    advance += self.font.widths[code]
            else:
                advance = -float(part)
            step = advance / 1000 * self.size
            self.text = _times((1, 0, 0, 1, step, 0), self.text)
        self._draw(_in_order(glyphs), start)

    def _draw(self, text: str, start: Matrix) -> None:
        number, actual = self.marks[-1] if self.marks else (-1, None)
        left, base = _times(start, self.place)[4:]
        right = _times(self.text, self.place)[4]
        before = self.found.get(number)
        if before is not None:
            left, base = before.left, before.base
            text = before.text + text
        text = text if actual is None else actual
        self.found[number] = Run(text, self.index, left, right, base)


def _in_order(glyphs: list[str]) -> str:
    """Return the text of glyphs, which stand as on the page, in the order of reading.

    For runs of one direction, and for words of the other one in them.
    """
    sides = ["".join(map(unicodedata.bidirectional, text)) for text in glyphs]
    if not any(side.startswith(("R", "AL")) for side in sides):
        return "".join(glyphs)
    out: list[str] = []
    latin: list[str] = []
    for text, side in zip(reversed(glyphs), reversed(sides), strict=True):
        if side.startswith("L") or (latin and not side.startswith(("R", "AL"))):
            latin.insert(0, text)
        else:
            out += [*latin, text]
            latin = []
    return "".join([*out, *latin])


def _drawn(page: pikepdf.Page, index: int) -> dict[int, Run]:
    """Return what a page's marked contents draw, by their number."""
    drawing = _Drawing(page, index)
    for instruction in pikepdf.parse_content_stream(page):
        drawing.take(str(instruction.operator), list(instruction.operands))
    drawing.found.pop(-1, None)
    return drawing.found


# The EPUB

_XHTML = "{http://www.w3.org/1999/xhtml}"
_OPS = "{http://www.idpf.org/2007/ops}"
_OPF = "{http://www.idpf.org/2007/opf}"


class PackedBook:
    """An EPUB as a reading system gets it."""

    def __init__(self, data: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            self.files = {name: archive.read(name) for name in archive.namelist()}

    @cached_property
    def package(self) -> Any:
        """The package document's root."""
        return etree.fromstring(self.files["EPUB/content.opf"])

    @cached_property
    def pages(self) -> dict[str, Node]:
        """The stem of each page's name -> its root, in the order of the spine."""
        items = {i.get("id"): i.get("href") for i in self.package.iter(f"{_OPF}item")}
        names = [items[r.get("idref")] for r in self.package.iter(f"{_OPF}itemref")]
        return {
            Path(name).stem: node_of(etree.fromstring(self.files[f"EPUB/{name}"]))
            for name in names
        }


def node_of(element: Any) -> Node:
    """Return an lxml element as a node, so that all readings are made by one code."""
    children: list[Child] = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str):
            children.append(node_of(child))
        children.append(child.tail or "")
    attributes = tuple(
        (k.replace(_OPS, "epub:").rpartition("}")[2], v) for k, v in element.items()
    )
    tag = element.tag.removeprefix(_XHTML).rpartition("}")[2]
    return Node(tag, attributes, joined(children))
