"""Dress bound pages: move the content of left-hand ones, stamp heads and folios.

What goes in: a PDF and what is done to its pages. What comes out: the same PDF, each
stamp an artifact, which a screen reader passes over. ISO 32000-1, 14.8.2.2
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from contextlib import ExitStack

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Page, Pdf

from memobook.outputs.pdf.sheet import Dressing, Sheet, Stamp

__all__ = ["dress"]


def dress(pdf: Pdf, dressings: Mapping[int, tuple[Dressing, ...]]) -> None:
    """Dress the pages that follow each index, one dressing a page."""
    with ExitStack() as stack:
        stamps = _Stamps(pdf, stack)
        for start, each in dressings.items():
            for index, dressing in enumerate(each, start=start):
                _dress_page(pdf.pages[index], dressing, stamps)


def _dress_page(page: Page, dressing: Dressing, stamps: _Stamps) -> None:
    shift = dressing.shift
    before = b"q\n" if not shift else f"q 1 0 0 1 {shift:.4f} 0 cm\n".encode()
    _own_resources(page)
    drawn = b""
    for number, stamp in enumerate(dressing.stamps):
        # By a name of its own: pikepdf's are random.
        name = Name(f"/Stamp{number}")
        page.add_resource(stamps.form(stamp), Name.XObject, name=name)
        drawn += f"{name} Do\n".encode()
    contents = page.obj.Contents
    streams = list(contents) if isinstance(contents, Array) else [contents]
    around = stamps.stream(before), stamps.stream(b"\nQ\n" + drawn)
    page.obj.Contents = Array([around[0], *streams, around[1]])
    if shift:
        _shift_annotations(page, shift)


def _own_resources(page: Page) -> None:
    """Give a page resources of its own: WeasyPrint's pages share one dictionary."""
    own = Dictionary(dict(page.obj.get(Name.Resources, Dictionary()).items()))
    if Name.XObject in own:
        own.XObject = Dictionary(dict(own.XObject.items()))
    page.obj.Resources = own


def _shift_annotations(page: Page, shift: float) -> None:
    for annotation in page.obj.get(Name.Annots, ()):
        for name in (Name.Rect, Name.QuadPoints):
            if name in annotation:
                annotation[name] = Array(_shifted(annotation[name], shift))


def _shifted(points: Iterable[Object], shift: float) -> list[float]:
    """Return x and y in turns, with every x moved."""
    return [
        round(float(number) + (shift if index % 2 == 0 else 0), 4)
        for index, number in enumerate(points)
    ]


class _Stamps:
    """The pages of other sheets, and what draws them, each written once."""

    def __init__(self, pdf: Pdf, stack: ExitStack) -> None:
        self._pdf = pdf
        self._stack = stack
        self._open: dict[str, Pdf] = {}
        self._forms: dict[tuple[str, int], Object] = {}
        self._shared: dict[bytes, Object] = {}

    def stream(self, content: bytes) -> Object:
        """Return a content stream; most pages have one of a few."""
        if content not in self._shared:
            self._shared[content] = self._pdf.make_stream(content)
        return self._shared[content]

    def form(self, stamp: Stamp) -> Object:
        """Return a page as something that can be drawn."""
        key = (stamp.sheet.section, stamp.page)
        if key not in self._forms:
            source = self._source(stamp.sheet)
            form = source.pages[stamp.page].as_form_xobject()
            # Its text is an artifact already; it has no place in the structure tree.
            for name in (Name.StructParents, Name.Group):
                if name in form:
                    del form[name]
            copied = self._pdf.copy_foreign(form)
            copied.Resources = self._resources(copied.Resources)
            self._forms[key] = copied
        return self._forms[key]

    def _resources(self, resources: Object) -> Object:
        key = resources.unparse()
        if key not in self._shared:
            self._shared[key] = self._pdf.make_indirect(resources)
        return self._shared[key]

    def _source(self, sheet: Sheet) -> Pdf:
        if sheet.section not in self._open:
            opened = pikepdf.open(io.BytesIO(sheet.pdf))
            self._open[sheet.section] = self._stack.enter_context(opened)
        return self._open[sheet.section]
