"""Look at printed pages: which there are, which changed, and what they look like.

What goes in: the bytes of a PDF. What comes out: facts about its pages, and pictures of
those that are asked for. PDFium is not safe in threads: one lock holds for all.
"""

from __future__ import annotations

import hashlib
import io
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher

import pypdfium2

__all__ = ["WIDTHS", "Page", "PrintedPages", "marked"]

WIDTHS = (160, 480, 720, 960, 1280, 1920)
"""Pixels: how wide a page may be drawn."""

_LOCK = threading.Lock()
_KEPT = 48_000_000
"""Bytes of pictures that are kept at most."""
_COMPARED = 240
"""Pixels of a page's width when two are compared."""
_FURNITURE = 0.08
"""The share of a page's height, above and below, where heads and folios may stand."""


@dataclass(frozen=True, slots=True)
class Page:
    """A printed page."""

    label: str
    """As it is printed: iv, 12; empty where it has no number."""
    look: str
    """A hash: pages with the same one look the same."""
    body: str
    """A hash of the text alone, without running head and folio."""
    width: float
    """Points."""
    height: float
    changed: bool = False
    """Whether it differs from the build before."""


@dataclass(slots=True)
class PrintedPages:
    """The pages of one PDF. Close it: PDFium's memory is not Python's."""

    data: bytes
    pages: tuple[Page, ...] = ()
    _document: pypdfium2.PdfDocument | None = None
    _drawn: OrderedDict[tuple[int, int], bytes] = field(default_factory=OrderedDict)

    @staticmethod
    def of(data: bytes) -> PrintedPages:
        """Return the pages of a PDF, each looked at once."""
        with _LOCK:
            document = pypdfium2.PdfDocument(data)
            pages = tuple(_page(document, n) for n in range(len(document)))
        return PrintedPages(data, pages, document)

    def draw(self, number: int, width: int) -> bytes | None:
        """Return a page as a PNG so many pixels wide; None if there is none.

        Pages are counted from 0.
        """
        with _LOCK:
            if self._document is None or not 0 <= number < len(self.pages):
                return None
            key = (number, width)
            if key not in self._drawn:
                self._drawn[key] = _png(self._document, number, width)
                self._forget()
            self._drawn.move_to_end(key)
            return self._drawn[key]

    def _forget(self) -> None:
        while len(self._drawn) > 1 and sum(map(len, self._drawn.values())) > _KEPT:
            self._drawn.popitem(last=False)

    def close(self) -> None:
        """Free the document; nothing can be drawn any more."""
        with _LOCK:
            if self._document is not None:
                self._document.close()
                self._document = None
            self._drawn.clear()


def marked(now: Sequence[Page], before: Sequence[Page]) -> tuple[Page, ...]:
    """Return the pages, those marked that differ from the build before.

    A page that only moved, with another folio and the same text, is not marked. If no
    page looks another, the marks stay: the save changed nothing.
    """
    if not before:
        return tuple(now)
    if [page.look for page in now] == [page.look for page in before]:
        return tuple(before)
    pairs: dict[int, int] = {}
    texts = [page.body for page in before], [page.body for page in now]
    for start, other, size in SequenceMatcher(
        None, *texts, False
    ).get_matching_blocks():
        pairs |= {other + i: start + i for i in range(size)}
    return tuple(
        replace(page, changed=n not in pairs or _differs(page, before[pairs[n]]))
        for n, page in enumerate(now)
    )


def _differs(page: Page, before: Page) -> bool:
    """Tell whether a page with the same text differs otherwise: in a picture, say."""
    same_place = page.label == before.label
    return same_place and page.look != before.look


def _page(document: pypdfium2.PdfDocument, number: int) -> Page:
    page = document[number]
    try:
        width, height = page.get_size()
        scale = _COMPARED / width
        bitmap = page.render(scale=scale, grayscale=True, may_draw_forms=False)
        look = hashlib.blake2b(bytes(bitmap.buffer), digest_size=12).hexdigest()
        bitmap.close()
        text = page.get_textpage()
        edge = height * _FURNITURE
        words = text.get_text_bounded(bottom=edge, top=height - edge).split()
        text.close()
    finally:
        page.close()
    body = hashlib.blake2b(" ".join(words).encode(), digest_size=12).hexdigest()
    label = document.get_page_label(number)
    return Page(label, look, body, round(width, 1), round(height, 1))


def _png(document: pypdfium2.PdfDocument, number: int, width: int) -> bytes:
    page = document[number]
    try:
        bitmap = page.render(scale=width / page.get_width(), may_draw_forms=False)
        image = bitmap.to_pil().convert("RGB")
        bitmap.close()
    finally:
        page.close()
    out = io.BytesIO()
    # Quickly rather than small: it goes no further than to this machine's browser.
    image.save(out, "PNG", compress_level=1)
    return out.getvalue()
