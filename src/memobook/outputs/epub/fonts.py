"""Pack a book's static fonts into an EPUB, cut down to just its characters.

What goes in: static faces and characters. What comes out: font files, their licence and
@font-face rules. TTF and not WOFF2, although EPUB 3.3 takes both: Kindle and the older
reading systems on Adobe's engine know only TTF and OTF, and the EPUB's zip makes most
of the difference in size good.
https://www.w3.org/TR/epub-33/#sec-core-media-types
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from memobook.book.harmless import quoted
from memobook.design.cut import reduced
from memobook.design.fonts import Face, characters_of
from memobook.outputs.epub.container import Resource

__all__ = ["FontSubset", "join", "subset"]

# A space is in every line, even if the characters came from words.
_ALWAYS = frozenset(" ")


@dataclass(frozen=True, slots=True)
class FontSubset:
    """The files that embed a face, or several of them, and the rules that name them."""

    resources: tuple[Resource, ...] = ()
    """Font files, then licences."""
    css: str = ""
    """@font-face rules; their addresses are relative to css/book.css."""


def subset(face: Face, characters: frozenset[str]) -> FontSubset:
    """Return a static face cut down to `characters`; empty if it has none of them."""
    if not characters & characters_of([face]):
        return FontSubset()
    data = reduced(face.path.read_bytes(), characters | _ALWAYS)
    resource = _resource(face, data, is_cff=data.startswith(b"OTTO"))
    return FontSubset((resource, *_licence(face)), _rule(face, resource.path))


def join(subsets: Iterable[FontSubset]) -> FontSubset:
    """Return the subsets of several faces as one; a licence comes once."""
    parts = tuple(subsets)
    unique = {r.path: r for part in parts for r in part.resources}
    return FontSubset(tuple(unique.values()), "".join(part.css for part in parts))


def _resource(face: Face, data: bytes, *, is_cff: bool) -> Resource:
    suffix = "otf" if is_cff else "ttf"
    italic = "-italic" if face.is_italic else ""
    path = f"fonts/{_slug(face.family)}-{face.weight}{italic}.{suffix}"
    return Resource(path, f"font/{suffix}", data)


def _rule(face: Face, path: str) -> str:
    family = quoted(face.family)
    style = "italic" if face.is_italic else "normal"
    return (
        f"@font-face {{ font-family: {family}; font-weight: {face.weight};"
        f" font-style: {style}; src: url(../{path}) }}\n"
    )


def _licence(face: Face) -> tuple[Resource, ...]:
    if face.licence is None:
        return ()
    path = f"fonts/OFL-{_slug(face.family)}.txt"
    return (Resource(path, "text/plain", face.licence.read_bytes()),)


def _slug(family: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", family.lower()).strip("-") or "font"
