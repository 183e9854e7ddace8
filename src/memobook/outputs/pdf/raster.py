"""Draw a page as a picture: the door to PDFium.

What goes in: a sheet. What comes out: a PNG that is the same on every machine.
"""

from __future__ import annotations

import io
import threading

import pypdfium2
from PIL import Image

from memobook.outputs.pdf.sheet import Sheet

__all__ = ["COVER_HEIGHT", "draw"]

COVER_HEIGHT = 1600
"""Pixels; what shops ask for as the least of a cover's longer side."""

_FEW = 4096
"""Colours of a page without a photograph or a gradient."""

# PDFium is not for threads, and several books may be built at once.
# https://pypdfium2.readthedocs.io/en/stable/python_api.html#thread-incompatibility
_LOCK = threading.Lock()


def draw(sheet: Sheet, height: int = COVER_HEIGHT) -> bytes:
    """Return a sheet's first page as a PNG of the given height in pixels."""
    with _LOCK:
        image = _drawn(sheet.pdf, height)
    # Nearest to what is drawn, and fast where that is letters and flat ground.
    few = image.getcolors(_FEW) is not None
    method = Image.Quantize.MAXCOVERAGE if few else Image.Quantize.MEDIANCUT
    out = io.BytesIO()
    # Not optimised: that takes seven times as long for a file that is 8 % smaller.
    image.quantize(256, method).save(out, "PNG")
    return out.getvalue()


def _drawn(pdf: bytes, height: int) -> Image.Image:
    document = pypdfium2.PdfDocument(pdf)
    try:
        page = document[0]
        # Without the crop marks around it.
        page.set_mediabox(*page.get_trimbox())
        bitmap = page.render(scale=height / page.get_height())
        image: Image.Image = bitmap.to_pil().convert("RGB")
    finally:
        document.close()
    return image
