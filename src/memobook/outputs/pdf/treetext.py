"""Spell a structure tree as the objects of a PDF.

What goes in: a tree, and the numbers that its objects and pages have. What comes out:
each object's text, ready to be written. Spelt at once and not built of dictionaries:
there are 30 elements a page.

ISO 32000-1, 14.7.2 to 14.7.4
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from memobook.outputs.pdf.elements import Annotation, Box, Content, Element, Kid
from memobook.outputs.pdf.links import spelt, spelt_number

__all__ = ["ANCHORS", "TreeText"]

ANCHORS = b"Anchors"
"""The key of a sheet's root that no PDF knows: it goes when the sheet is bound."""

_TABLE = frozenset(("Scope", "ColSpan", "RowSpan", "Headers"))


@dataclass(slots=True)
class TreeText:
    """A tree as text."""

    pages: Sequence[int]
    """The numbers of the pages' objects."""
    first: int
    """The number of the first object; the others follow."""
    objects: list[bytes] = field(default_factory=list)
    """The root comes first."""
    keys: dict[int, int] = field(default_factory=dict)
    """An annotation's object -> its key in the parent tree."""
    _numbers: dict[Element, int] = field(default_factory=dict)
    _content: dict[int, dict[int, int]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    """Page -> MCID -> the number of its element's object."""
    _links: list[int] = field(default_factory=list)
    """The elements of annotations, in the order of their keys."""

    @classmethod
    def of(
        cls,
        document: Element,
        anchors: Mapping[str, Element],
        pages: Sequence[int],
        first: int,
    ) -> TreeText:
        """Spell a tree, and which elements its anchors stand for."""
        text = cls(pages, first)
        elements = [document, *document.below()]
        text._numbers = {e: n for n, e in enumerate(elements, first + 2)}
        spelt_ones = [text._element(element) for element in elements]
        names = sorted((e.name, text._numbers[e]) for e in elements if e.name)
        root = b"/Type /StructTreeRoot /K [ %d 0 R ]" % (first + 2)
        root += b" /ParentTree %d 0 R" % (first + 1)
        targets = sorted((name, text._numbers[e]) for name, e in anchors.items())
        for key, listed in ((b"IDTree", names), (ANCHORS, targets)):
            if listed:
                root += b" /%b %d 0 R" % (key, first + 2 + len(spelt_ones))
                spelt_ones.append(_tree_of_names(listed))
        text.objects = [b"<< %b >>" % root, text._parents(), *spelt_ones]
        return text

    def _parents(self) -> bytes:
        out = []
        for page in range(len(self.pages)):
            found = self._content[page]
            size = max(found, default=-1) + 1
            row = b" ".join(
                b"%d 0 R" % found[n] if n in found else b"null" for n in range(size)
            )
            out.append(b"%d [ %b ]" % (page, row))
        start = len(self.pages)
        out += [b"%d %d 0 R" % entry for entry in enumerate(self._links, start)]
        return b"<< /Nums [ %b ] >>" % b" ".join(out)

    def _element(self, element: Element) -> bytes:
        number = self._numbers[element]
        above = element.parent
        parent = self.first if above is None else self._numbers[above]
        page = next((k.page for k in element.kids if not isinstance(k, Element)), None)
        kids = b" ".join(self._kid(kid, number, page) for kid in element.kids)
        facts = b"/Type /StructElem /S /%b /P %d 0 R /K [ %b ]" % (
            element.kind.encode(),
            parent,
            kids,
        )
        if page is not None:
            facts += b" /Pg %d 0 R" % self.pages[page]
        return b"<< %b%b >>" % (facts, _more(element))

    def _kid(self, kid: Kid, number: int, page: int | None) -> bytes:
        if isinstance(kid, Element):
            return b"%d 0 R" % self._numbers[kid]
        if isinstance(kid, Annotation):
            annotation = int(kid.handle.number)
            self.keys[annotation] = len(self.pages) + len(self._links)
            self._links.append(number)
            facts = annotation, self.pages[kid.page]
            return b"<< /Type /OBJR /Obj %d 0 R /Pg %d 0 R >>" % facts
        self._content[kid.page][kid.number] = number
        if kid.page == page:
            return b"%d" % kid.number
        return _elsewhere(kid, self.pages[kid.page])


def _tree_of_names(names: Iterable[tuple[str, int]]) -> bytes:
    listed = b" ".join(b"%b %d 0 R" % (spelt(name), number) for name, number in names)
    return b"<< /Names [ %b ] >>" % listed


def _elsewhere(content: Content, page: int) -> bytes:
    """Spell content that stands on another page than its element begins on."""
    return b"<< /Type /MCR /MCID %d /Pg %d 0 R >>" % (content.number, page)


def _more(element: Element) -> bytes:
    """Spell what only some elements have."""
    out = b""
    if element.attributes:
        out += b" /A %b" % _attributes(element)
    if element.refers:  # tree.py knows the elements
        out += b" /Ref [ %b ]" % b" ".join(map(spelt, element.refers))
    for key, text in (
        (b"ID", element.name),
        (b"Lang", element.language),
        (b"Alt", element.alternative),
        (b"E", element.expansion),
    ):
        if text:
            out += b" /%b %b" % (key, spelt(text))
    return out


def _attributes(element: Element) -> bytes:
    names = element.attributes
    owner = b"Table" if _TABLE & names.keys() else b"Layout"
    if "ListNumbering" in names:
        owner = b"List"
    facts = b" ".join(b"/%b %b" % (k.encode(), _value(v)) for k, v in names.items())
    return b"<< /O /%b %b >>" % (owner, facts)


def _value(value: str | int | Box | list[str]) -> bytes:
    match value:
        case str():
            return b"/" + value.encode()
        case int():
            return b"%d" % value
        case tuple():
            return b"[ %b ]" % b" ".join(map(spelt_number, value))
        case list():
            return b"[ %b ]" % b" ".join(map(spelt, value))
