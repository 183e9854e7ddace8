"""Draw a page as a picture: the door to PDFium.

What goes in: a sheet. What comes out: a PNG that is the same on every machine.
"""

from __future__ import annotations

import io

import pypdfium2
from PIL import Image

from memobook.outputs.pdf.sheet import Sheet

__all__ = ["COVER_HEIGHT", "draw"]

COVER_HEIGHT = 1600
"""Pixels; what shops ask for as the least of a cover's longer side."""


def draw(sheet: Sheet, height: int = COVER_HEIGHT) -> bytes:
    """Return a sheet's first page as a PNG of the given height in pixels."""
    document = pypdfium2.PdfDocument(sheet.pdf)
    try:
        page = document[0]
        # Without the crop marks around it.
        page.set_mediabox(*page.get_trimbox())
        bitmap = page.render(scale=height / page.get_height())
        image: Image.Image = bitmap.to_pil().convert("RGB")
    finally:
        document.close()
    out = io.BytesIO()
    image.quantize(256).save(out, "PNG", optimize=True)
    return out.getvalue()
