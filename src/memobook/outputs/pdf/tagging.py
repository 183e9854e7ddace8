"""Tag a laid-out document: find what was painted for which element of HTML.

What goes in: a document of WeasyPrint's whose pages were painted. What comes out: the
same PDF with its structure tree, in the place of the one that WeasyPrint would make.
With layout.py, boxes.py and engine/ it knows WeasyPrint: its boxes, which its own tags
are made of too, and its streams. A test fails if the replacement is not
asked for.

Artifacts, which a screen reader passes over: running heads and folios, the head of a
table that is printed again on its next page, pictures without a text, the dots of a
leader. ISO 32000-1, 14.8.2.2
"""

from __future__ import annotations

import importlib
from collections.abc import Container, Iterator, Mapping, MutableSequence, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element as Html

import pikepdf
from pikepdf import Name

from memobook.design.paper import POINTS_PER_PIXEL
from memobook.design.section import PAGE_SCHEME
from memobook.outputs.pdf.counting import of_tree
from memobook.outputs.pdf.elements import Annotation, Content, Element
from memobook.outputs.pdf.roles import Roles, alternative_of, is_late
from memobook.outputs.pdf.structure import Structure
from memobook.outputs.pdf.treetext import TreeText

if TYPE_CHECKING:
    from pydyf import PDF
    from weasyprint.document import Document
    from weasyprint.formatting_structure.boxes import Box

__all__ = ["COUNTS", "SECTION", "tag_page_numbers", "tag_with_html", "untag"]

_PRINT = 4
"""An annotation's flag. ISO 32000-1, table 165"""

SECTION = "memobook_section"
"""The attribute of a document that names its section, for identifiers."""

COUNTS = "memobook_counts"
"""The attribute of a painted document that tells what its structure tree holds."""

_HEAD, _FOOT, _DECORATION = "Header", "Footer", ""

_CELLS = frozenset(("td", "th"))


def tag_with_html() -> None:
    """Replace WeasyPrint's tags; once in a process."""
    module: Any = importlib.import_module("weasyprint.pdf")
    module.add_tags = _add_tags
    stream: Any = importlib.import_module("weasyprint.pdf.stream").Stream
    original = stream.marked

    def marked(self: Any, box: Any, tag: str) -> AbstractContextManager[None]:  # noqa: ANN401
        if self._tags is None and box.element is not None and is_late(box.element):
            return _marked(self, box)
        marks: AbstractContextManager[None] = original(self, box, tag)
        return marks

    stream.marked = marked


def _add_tags(
    pdf: PDF, document: Document, _version: object, streams: Sequence[Any]
) -> None:
    """Stand in for WeasyPrint's function of this name."""
    from pydyf import Dictionary

    root = document._html.etree_element
    roles = Roles({child: parent for parent in root.iter() for child in parent})
    structure = Structure(vars(document).get(SECTION, ""), roles)
    repeated: dict[Html, int] = {}
    for number, (page, stream) in enumerate(zip(document.pages, streams, strict=True)):
        painted = _Page(structure, number, page.height, stream._tags, repeated)
        painted.read(page._page_box)
        painted.make_artifacts(stream.stream)
    tree = structure.finished()
    _write(pdf, tree, structure.anchors)
    vars(document)[COUNTS] = of_tree(tree)
    pdf.catalog["MarkInfo"] = Dictionary({"Marked": "true"})


# Without tags

_LATE = "memobook_late"


@contextmanager
def _marked(stream: Any, box: Any) -> Iterator[None]:  # noqa: ANN401
    """Mark a page number in a document without tags, so that it can be found."""
    from pydyf import Dictionary

    late = vars(stream).setdefault(_LATE, {})
    late[box] = len(late)
    stream.begin_marked_content("Span", Dictionary({"MCID": late[box]}))
    yield
    stream.end_marked_content()


def tag_page_numbers(document: Document, pdf: PDF) -> None:
    """Give page numbers a tree for late.py to find them, where nothing is tagged."""
    if "MarkInfo" in pdf.catalog:
        return
    root = document._html.etree_element
    roles = Roles({child: parent for parent in root.iter() for child in parent})
    structure = Structure("", roles)
    others: set[int] = set()
    for number, page in enumerate(document.pages):
        entry = pdf.objects[int(pdf.pages["Kids"][3 * number])]
        entry["StructParents"] = number
        stream = pdf.objects[int(entry["Contents"].split()[0])]
        for box, mark in vars(stream).get(_LATE, {}).items():
            structure.text(box.element, Content(number, mark))
        reader = _Page(structure, number, page.height, {}, {})
        for _, target, _, box in page.links:
            if box.link_annotation and not target.startswith(PAGE_SCHEME):
                others.add(box.link_annotation.number)
            elif box.link_annotation and box.element.get("class") != "digits":
                reader.take_link(box.element, box.link_annotation)
    _write(pdf, structure.finished(), {}, others)


def untag(pdf: pikepdf.Pdf) -> None:
    """Take out the tags of page numbers alone, which have been found by them."""
    if Name.MarkInfo in pdf.Root:
        return
    del pdf.Root[Name.StructTreeRoot]
    for page in pdf.pages:
        del page.obj[Name.StructParents]
        for annotation in page.obj.get(Name.Annots, ()):
            if Name.StructParent in annotation:
                del annotation[Name.StructParent]


# With tags


@dataclass(slots=True)
class _Page:
    """A page that is being read."""

    structure: Structure
    number: int
    height: float
    """CSS pixels."""
    tags: Mapping[Box, Mapping[str, Any]]
    """Box -> the marked content that was painted for it."""
    repeated: dict[Html, int]
    """The head or foot of a table -> the page that it stands on first."""
    _artifacts: dict[int, str] = field(default_factory=dict)
    """MCID -> what kind of artifact it is."""

    def read(self, box: Any, artifact: str | None = None) -> None:  # noqa: ANN401 (WeasyPrint's own, untyped)
        """Hand a box and what is in it to the structure."""
        box = getattr(box, "_box", box)  # of what is positioned absolutely
        html = box.element
        if html is None:
            if hasattr(box, "at_keyword"):
                artifact = _HEAD if box.at_keyword.startswith("@top") else _FOOT
        elif artifact is None:
            artifact = self._read_own(box, html)
        if box in self.tags:
            self._take(box, html, artifact)
        for child in getattr(box, "children", ()):
            self.read(child, artifact)

    def _read_own(self, box: Any, html: Html) -> str | None:  # noqa: ANN401
        """Take what a box is but its text; tell whether it is an artifact."""
        # Only groups of rows have these; see also engine/table_heads.py.
        if getattr(box, "is_header", False) or getattr(box, "is_footer", False):
            if self.repeated.setdefault(html, self.number) != self.number:
                return _HEAD
        elif html.tag in _CELLS:
            self.structure.cell(html)
        if box.link_annotation and html.get("class") != "digits":  # see late.py
            self.take_link(html, box.link_annotation)
        return None

    def take_link(self, html: Html, annotation: Any) -> None:  # noqa: ANN401
        """Hand a live area to the structure, with the link that it belongs to."""
        link: Html | None = html
        while link is not None and (link.tag != "a" or link.get("href") is None):
            link = self.structure.roles.parents.get(link)
        if link is not None:
            x1, y1, x2, y2 = annotation["Rect"]
            box = min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)
            self.structure.link(link, Annotation(self.number, box, annotation))

    def _take(self, box: Any, html: Html | None, artifact: str | None) -> None:  # noqa: ANN401
        mark = self.tags[box]
        content = Content(self.number, mark["mcid"])
        pseudo = box.element_tag.partition("::")[2] if html is not None else ""
        if html is None or artifact is not None:
            self._artifacts[content.number] = artifact or _DECORATION
        elif mark["tag"] == "Figure":
            self._take_picture(box, html, pseudo, content)
        elif pseudo == "marker":
            self.structure.mark(html, content)
            self.structure.numbered(html, str(box.style["list_style_type"]))
        elif pseudo and "leader" in html.get("class", "").split():
            self._artifacts[content.number] = _DECORATION
        else:
            self.structure.text(html, content)

    def _take_picture(
        self,
        box: Any,  # noqa: ANN401
        html: Html,
        pseudo: str,
        content: Content,
    ) -> None:
        if pseudo or not alternative_of(html):
            self._artifacts[content.number] = _DECORATION
            return
        left, top = box.content_box_x(), box.content_box_y()
        edges = (
            left * POINTS_PER_PIXEL,
            (self.height - top - box.height) * POINTS_PER_PIXEL,
            (left + box.width) * POINTS_PER_PIXEL,
            (self.height - top) * POINTS_PER_PIXEL,
        )
        self.structure.picture(html, content, edges)

    def make_artifacts(self, operators: MutableSequence[Any]) -> None:
        """Write into the page what is no content; its elements are in no tree."""
        if not self._artifacts:
            return
        for index, operator in enumerate(operators):
            if not isinstance(operator, dict) or "MCID" not in operator:
                continue
            kind = self._artifacts.get(operator["MCID"])
            if kind is None:
                continue
            operators[index - 1] = b"/Artifact"
            operator.clear()
            operator["Type"] = "/Pagination" if kind else "/Layout"
            if kind:
                operator["Subtype"] = f"/{kind}"


def _write(
    pdf: PDF,
    document: Element,
    anchors: Mapping[str, Element],
    others: Container[int] = (),
) -> None:
    """Put the tree into the PDF, and keep of the annotations what it holds, and others.

    Others are told by the numbers of their objects.
    """
    from pydyf import Array, Object

    class Ready(Object):  # type: ignore[misc]  # pydyf ships no types
        """An object that is spelt already."""

        def __init__(self, data: bytes) -> None:
            super().__init__()
            self.spelt = data

        @property
        def data(self) -> bytes:
            return self.spelt

    pages = [int(number) for number in pdf.pages["Kids"][::3]]
    text = TreeText.of(document, anchors, pages, len(pdf.objects))
    for data in text.objects:
        pdf.add_object(Ready(data))
    for element in (document, *document.below()):
        for kid in element.kids:
            if isinstance(kid, Annotation):
                key = text.keys[kid.handle.number]
                facts = {"StructParent": key, "Rect": Array(kid.box), "F": _PRINT}
                kid.handle.update(facts)
    for number in pages:
        page = pdf.objects[number]
        if "Annots" in page:
            numbers = ((r, int(r.split()[0])) for r in page["Annots"])
            kept = [r for r, n in numbers if n in text.keys or n in others]
            page["Annots"] = Array(kept)
    pdf.catalog["StructTreeRoot"] = b"%d 0 R" % text.first
