"""Make a picture fit for an output: upright, in sRGB, no larger than it needs.

What goes in: a picture's bytes, and what the output can have. What comes out: the same
bytes where they are right as they are, else a JPEG or a PNG. A drawing is as
drawings.py cleans it, and a picture that moves is left alone. Pillow is imported where
a picture is looked at.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from memobook.book.drawings import cleaned, is_drawing

__all__ = [
    "FORMATS",
    "PRINT",
    "PRINT_FORMATS",
    "SCREEN",
    "Limits",
    "epub_limits",
    "fitted",
]

FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "AVIF")
"""What is taken in, as Pillow calls it: for other formats it would run programs."""

EPUB_FORMATS = frozenset(["PNG", "JPEG", "GIF", "WEBP"])
"""https://www.w3.org/TR/epub-33/#sec-core-media-types"""
PRINT_FORMATS = frozenset(["PNG", "JPEG", "GIF"])

_ORIENTATION = 0x0112
_QUALITY = 90
_FEW_COLOURS = 4096
"""A drawing has fewer; as a JPEG it would get a fringe."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What an output can have."""

    formats: frozenset[str]
    width: int | None = None
    """In pixels; None if a picture may be as wide as it is."""
    height: int | None = None
    has_cmyk: bool = True
    """Whether the colours of a printing press may stay."""


PRINT = Limits(PRINT_FORMATS)
"""Paper without a limit."""
SCREEN = Limits(EPUB_FORMATS, has_cmyk=False)
"""An EPUB without a limit."""


def epub_limits(pixels: int) -> Limits:
    """Return what an EPUB can have: screens know no colours of a printing press."""
    return Limits(EPUB_FORMATS, pixels, pixels, has_cmyk=False)


@lru_cache(maxsize=8)
def fitted(data: bytes, limits: Limits) -> bytes:
    """Return a picture as an output can have it; one that is damaged as it is."""
    if is_drawing(data):
        return _drawing(data)
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=FORMATS) as image:
                return _fitted(data, image, limits)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return data  # it was reported, see checks/pictures.py


def _drawing(data: bytes) -> bytes:
    try:
        return cleaned(data).data
    except ValueError:
        return data  # it was reported, see checks/pictures.py


def _fitted(data: bytes, image: Any, limits: Limits) -> bytes:  # noqa: ANN401 (Pillow)
    is_moving = getattr(image, "is_animated", False) and image.format != "AVIF"
    if is_moving or image.mode[0] in "IF":
        return data
    turned = image.getexif().get(_ORIENTATION, 1) != 1
    is_press = image.mode == "CMYK"
    profile = b"" if is_press and limits.has_cmyk else _foreign_profile(image)
    is_large = _is_larger(image.size, limits, turned=turned)
    is_strange = image.format not in limits.formats
    if is_press and limits.has_cmyk and not is_large and not turned:
        return data
    wrong_colours = bool(profile) or (is_press and not limits.has_cmyk)
    if not (turned or wrong_colours or is_large or is_strange):
        return data
    return _saved(_changed(image, limits, profile), image.format or "")


def _is_larger(size: tuple[int, int], limits: Limits, *, turned: bool) -> bool:
    width, height = reversed(size) if turned else size
    return bool(
        (limits.width and width > limits.width)
        or (limits.height and height > limits.height)
    )


def _foreign_profile(image: Any) -> bytes:  # noqa: ANN401
    """Return a picture's colour profile, if it looks otherwise without it."""
    profile = image.info.get("icc_profile") or b""
    if not profile or image.mode in {"1", "L", "LA"}:
        return b""
    from PIL import ImageCms

    try:
        known = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        name = ImageCms.getProfileDescription(known)
    except (ImageCms.PyCMSError, OSError):
        return b""
    return b"" if "srgb" in name.lower() else bytes(profile)


def _changed(image: Any, limits: Limits, profile: bytes) -> Any:  # noqa: ANN401
    from PIL import Image, ImageOps

    made = ImageOps.exif_transpose(image)
    if made.mode in {"P", "PA"}:
        has_alpha = "transparency" in image.info or made.mode == "PA"
        made = made.convert("RGBA" if has_alpha else "RGB")
    if profile:
        made = _in_srgb(made, profile)
    if made.mode == "CMYK" and not limits.has_cmyk:
        made = made.convert("RGB")
    width, height = limits.width or made.width, limits.height or made.height
    if made.width > width or made.height > height:
        made.thumbnail((width, height), Image.Resampling.LANCZOS)
    return made


def _in_srgb(image: Any, profile: bytes) -> Any:  # noqa: ANN401
    from PIL import ImageCms

    source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    alpha = image.getchannel("A") if image.mode == "RGBA" else None
    plain = image.convert("RGB") if alpha else image
    try:
        made = ImageCms.profileToProfile(
            plain, source, ImageCms.createProfile("sRGB"), outputMode="RGB"
        )
    except ImageCms.PyCMSError:  # a profile for other colours than the picture has
        return image
    if made is not None and alpha:
        made.putalpha(alpha)
    return made


def _saved(image: Any, before: str) -> bytes:  # noqa: ANN401
    """Return a JPEG of what was one, or looks like a photograph; else a PNG."""
    out = io.BytesIO()
    has_alpha = image.mode in {"LA", "RGBA", "La", "RGBa"}
    is_photo = before == "JPEG" or (
        before in {"WEBP", "AVIF"} and image.getcolors(_FEW_COLOURS) is None
    )
    # Without what the old file said of itself: profile, orientation, place, camera.
    image.info = {}
    if is_photo and not has_alpha:
        image.save(out, "JPEG", quality=_QUALITY, subsampling=0, optimize=True)
    else:
        image.save(out, "PNG", optimize=True)
    return out.getvalue()
