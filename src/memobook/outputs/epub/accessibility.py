"""Accessibility metadata: what a reader with a disability may count on in this book.

What goes in: the documents as they will be read. What comes out: pairs of a schema.org
property and its value. Everything is computed from the content; conformance with WCAG
is not claimed, because that takes a person's judgement.
https://www.w3.org/TR/epub-a11y-11/#sec-discovery
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lxml import etree

__all__ = ["Facts", "find_facts", "properties", "summary"]

_XHTML = "{http://www.w3.org/1999/xhtml}"
_SVG = "{http://www.w3.org/2000/svg}"
_MATHML = "{http://www.w3.org/1998/Math/MathML}"
_TYPE = "{http://www.idpf.org/2007/ops}type"
_ANIMATIONS = tuple(
    _SVG + name for name in ("animate", "animateMotion", "animateTransform", "set")
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the documents of a book hold."""

    images: int = 0
    """Pictures that say something: those that only decorate do not count."""
    undescribed: int = 0
    """How many of them have no alternative text."""
    formulas: int = 0
    page_breaks: int = 0
    """Marks of printed pages in the text."""
    has_page_list: bool = False
    has_motion: bool = False
    """Whether a picture may move, so that nobody knows whether it flashes."""


def find_facts(
    documents: Iterable[etree._Element], media_types: Iterable[str] = ()
) -> Facts:
    """Return the facts about parsed documents and the media types they come with."""
    images = undescribed = formulas = page_breaks = 0
    has_page_list, has_motion = False, "image/gif" in media_types
    for root in documents:
        marks = [e.get(_TYPE, "").split() for e in root.iter(etree.Element)]
        page_breaks += sum("pagebreak" in types for types in marks)
        has_page_list = has_page_list or any("page-list" in types for types in marks)
        has_motion = has_motion or next(root.iter(*_ANIMATIONS), None) is not None
        formulas += sum(1 for _ in root.iter(_MATHML + "math"))
        pictures = [p for p in _pictures(root) if not _is_decorative(p)]
        images += len(pictures)
        undescribed += sum(not _is_described(p) for p in pictures)
    return Facts(images, undescribed, formulas, page_breaks, has_page_list, has_motion)


def properties(facts: Facts) -> tuple[tuple[str, str], ...]:
    """Return property and value, in order.

    https://www.w3.org/2021/a11y-discov-vocab/latest/
    """
    return (
        *(("schema:accessMode", mode) for mode in _modes(facts)),
        *(("schema:accessModeSufficient", modes) for modes in _sufficient(facts)),
        *(("schema:accessibilityFeature", feature) for feature in _features(facts)),
        ("schema:accessibilityHazard", "unknown" if facts.has_motion else "none"),
    )


def summary(facts: Facts) -> str:
    """Return the facts as English sentences, for a person to read in a shop."""
    said = [
        "The text can be read by a screen reader in its order, and its size changed."
    ]
    said.append("Headings and a table of contents lead to every section.")
    if facts.images and not facts.undescribed:
        said.append("Every picture has a description.")
    elif facts.undescribed:
        said.append(f"Pictures without a description: {facts.undescribed}.")
    if facts.formulas:
        said.append("Formulas are MathML.")
    if facts.has_page_list:
        said.append("The page numbers are those of the printed edition.")
    return " ".join(said)


def _modes(facts: Facts) -> Iterator[str]:
    yield "textual"
    if facts.images:
        yield "visual"


def _sufficient(facts: Facts) -> Iterator[str]:
    if not facts.undescribed:
        yield "textual"
    if facts.images:
        yield "textual,visual"


def _features(facts: Facts) -> Iterator[str]:
    yield from ("structuralNavigation", "tableOfContents", "readingOrder")
    if facts.images and not facts.undescribed:
        yield "alternativeText"
    if facts.formulas:
        yield "MathML"
    if facts.page_breaks:
        yield "pageBreakMarkers"
    if facts.has_page_list:
        yield "pageNavigation"


def _pictures(root: etree._Element) -> Iterator[etree._Element]:
    yield from root.iter(_XHTML + "img")
    for drawing in root.iter(_SVG + "svg"):
        if next(drawing.iterancestors(_SVG + "svg"), None) is None:
            yield drawing


def _is_decorative(picture: etree._Element) -> bool:
    if picture.get("role") in {"presentation", "none"}:
        return True
    return bool(picture.get("aria-hidden") == "true" or picture.get("alt") == "")


def _is_described(picture: etree._Element) -> bool:
    if any(picture.get(name) for name in ("alt", "aria-label", "aria-labelledby")):
        return True
    title = picture.find(_SVG + "title")
    return title is not None and bool("".join(title.itertext()).strip())
