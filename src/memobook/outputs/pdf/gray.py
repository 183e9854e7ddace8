"""Turn every colour of a finished PDF into a shade of gray, for a press with one ink.

What goes in: a bound PDF. What comes out: the same with gray text, drawings, pictures
and gradients. A shade is as light as its colour: the luma of ITU-R BT.601, which Pillow
has for pictures as well.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterable, Iterator
from typing import Any

import pikepdf
from pikepdf import Name, Object, Operator, Stream
from PIL import Image

__all__ = ["in_gray"]

_LUMA = (0.299, 0.587, 0.114)
_TO_GRAY = {"rg": "g", "RG": "G"}
# What sets a colour of the colour space that was chosen before?
_CHOICES = {"cs": "g", "CS": "G"}
_SETS = {"sc": "cs", "scn": "cs", "SC": "CS", "SCN": "CS"}


def in_gray(data: bytes) -> bytes:
    """Return a PDF in gray; the same bytes for the same PDF."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for found in pdf.objects:
            if isinstance(found, Stream):
                _stream(pdf, found)
            elif isinstance(found, pikepdf.Dictionary):
                _shading(found)
        for page in pdf.pages:
            page.contents_coalesce()
            content = pikepdf.unparse_content_stream(_shades(page))
            page.obj.Contents = pdf.make_stream(content)
        out = io.BytesIO()
        mode = pikepdf.ObjectStreamMode.generate
        pdf.save(out, deterministic_id=True, object_stream_mode=mode)
    return out.getvalue()


def _stream(pdf: pikepdf.Pdf, found: Stream) -> None:
    kind = found.get("/Subtype")
    if kind == Name.Form or found.get("/PatternType") == 1:
        content = pikepdf.unparse_content_stream(_shades(found))
        found.write(content)
    elif kind == Name.Image and "/ImageMask" not in found:
        _picture(found)
    _shading(found)


# Text and drawings


def _shades(stream: Any) -> list[tuple[list[Any], Operator]]:  # noqa: ANN401 (pages, too)
    """Return the instructions of a stream with gray where there was colour."""
    out: list[tuple[list[Any], Operator]] = []
    for instruction in pikepdf.parse_content_stream(stream):
        values, operator = list(instruction.operands), instruction.operator
        name = str(operator)
        if name in _TO_GRAY:
            out.append(([_luma(values)], Operator(_TO_GRAY[name])))
        elif name in _SETS and len(values) == len(_LUMA):
            out.append(([_luma(values)], Operator(_CHOICES[_SETS[name]])))
        elif name in _CHOICES and values and str(values[0]) == "/DeviceRGB":
            continue  # the next instruction chooses gray
        else:
            out.append((values, operator))
    return out


def _luma(values: Iterable[Any]) -> float:
    return round(sum(w * float(v) for w, v in zip(_LUMA, values, strict=True)), 4)


# Pictures


def _picture(found: Stream) -> None:
    """Turn a picture of three colours into one of gray; its mask stays."""
    space = found.get("/ColorSpace")
    if space == Name.DeviceGray or _is_gray(space):
        return
    image = pikepdf.PdfImage(found).as_pil_image().convert("L")
    for name in ("/Decode", "/DecodeParms"):
        if name in found:
            del found[name]
    found.ColorSpace = Name.DeviceGray
    found.BitsPerComponent = 8
    if found.get("/Filter") == Name.DCTDecode:
        found.write(_jpeg(image), filter=Name.DCTDecode)
    else:
        found.write(zlib.compress(image.tobytes(), 9), filter=Name.FlateDecode)


def _is_gray(space: Object | None) -> bool:
    """Tell whether a colour space with a profile has one ink."""
    if not isinstance(space, pikepdf.Array) or space[0] != Name.ICCBased:
        return False
    return bool(space[1].get("/N") == 1)


def _jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=92, optimize=True)
    return out.getvalue()


# Gradients


def _shading(found: Any) -> None:  # noqa: ANN401 (a dictionary or a stream's)
    if "/ShadingType" not in found or found.get("/ColorSpace") != Name.DeviceRGB:
        return
    found.ColorSpace = Name.DeviceGray
    for function in _functions(found.get("/Function")):
        for name in ("/C0", "/C1"):
            if name in function and len(function[name]) == len(_LUMA):
                function[name] = pikepdf.Array([_luma(function[name])])


def _functions(found: Any) -> Iterator[Any]:  # noqa: ANN401
    """Yield a gradient's functions, those of its parts included."""
    if isinstance(found, pikepdf.Array):
        for each in found:
            yield from _functions(each)
    elif found is not None:
        yield found
        yield from _functions(found.get("/Functions"))
