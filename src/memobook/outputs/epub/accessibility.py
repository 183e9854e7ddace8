"""Accessibility metadata: what a reader with a disability may count on in this book.

What goes in: the documents as they will be read. What comes out: pairs of a schema.org
property and its value, and a summary for a person. Everything is computed from the
content. Conformance with WCAG takes a person's judgement: it is claimed only where the
book names who judged.
https://www.w3.org/TR/epub-a11y-11/#sec-discovery
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType

from lxml import etree

from memobook.checks.pictures import is_moving
from memobook.design.words import has_words, words

__all__ = ["Certificate", "Facts", "claims", "find_facts", "properties", "summary"]

_XHTML = "{http://www.w3.org/1999/xhtml}"
_SVG = "{http://www.w3.org/2000/svg}"
_MATHML = "{http://www.w3.org/1998/Math/MathML}"
# libxml2 looks through a book's elements; few of them are worth an object of Python's.
_types = etree.XPath(
    "//@epub:type",
    namespaces={"epub": "http://www.idpf.org/2007/ops"},
    smart_strings=False,
)
_has_role = etree.XPath("boolean(//@role[starts-with(., 'doc-')])")
_ANIMATIONS = tuple(
    _SVG + name for name in ("animate", "animateMotion", "animateTransform", "set")
)
_HEADINGS = tuple(f"{_XHTML}h{level}" for level in range(1, 7))
_LONG = ("aria-details", "aria-describedby", "longdesc")

# A text whose size a reader cannot change.
_FIXED = re.compile(
    r"\bfont(-size)?\s*:[^;}]*?\d(px|pt|pc|cm|mm|in|Q)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the documents of a book hold."""

    images: int = 0
    """Pictures that say something: those that only decorate do not count."""
    undescribed: int = 0
    """How many of them have no alternative text."""
    long_descriptions: int = 0
    formulas: int = 0
    described_formulas: int = 0
    page_breaks: int = 0
    """Marks of printed pages in the text."""
    has_page_list: bool = False
    has_index: bool = False
    has_roles: bool = False
    """Whether parts of the book say what they are: doc-chapter, doc-footnote."""
    has_ruby: bool = False
    has_motion: bool = False
    """Whether a picture may move, so that nobody knows whether it flashes."""
    has_structure: bool = False
    """Whether there are headings, and none leaves out a level."""
    has_free_sizes: bool = True
    """Whether the style sheet leaves the size of the text to the reader."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """Somebody's word that the book is accessible."""

    certifier: str
    level: str
    """A, AA or AAA."""
    wcag: str
    """The version: 2.1."""
    credential: str = ""
    report: str = ""
    """An address."""


def find_facts(
    documents: Iterable[etree._Element],
    pictures: Iterable[bytes] = (),
    stylesheet: str = "",
) -> Facts:
    """Return the facts about parsed documents, pictures' files and a style sheet."""
    roots = tuple(documents)
    marks = [types.split() for root in roots for types in _types(root)]
    shown = [p for root in roots for p in _pictures(root) if not _is_decorative(p)]
    formulas = [e for root in roots for e in root.iter(_MATHML + "math")]
    return Facts(
        images=len(shown),
        undescribed=sum(not _is_described(p) for p in shown),
        long_descriptions=sum(any(p.get(n) for n in _LONG) for p in shown),
        formulas=len(formulas),
        described_formulas=sum(bool(e.get("alttext")) for e in formulas),
        page_breaks=sum("pagebreak" in types for types in marks),
        has_page_list=any("page-list" in types for types in marks),
        has_index=any("index" in types for types in marks),
        has_roles=any(map(_has_role, roots)),
        has_ruby=any(_holds(root, _XHTML + "ruby") for root in roots),
        has_motion=any(_holds(root, *_ANIMATIONS) for root in roots)
        or any(map(is_moving, pictures)),
        has_structure=_has_structure(roots),
        has_free_sizes=not _FIXED.search(stylesheet),
    )


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


_NONE: Mapping[str, str] = MappingProxyType({})


def summary(
    facts: Facts, language: str = "en", own: Mapping[str, str] = _NONE
) -> tuple[str, str]:
    """Return the facts for a person to read in a shop, and in which language.

    English where the book's language has no built-in words; `own` are the book's.
    """
    said = words(language, own)
    text = " ".join(said[f"access_{key}"] for key in _sentences(facts))
    tongue = language if has_words(language) else "en"
    return text.format(count=facts.undescribed), tongue


_Claim = tuple[str, str, tuple[tuple[str, str], ...]]


def claims(certificate: Certificate) -> Iterator[_Claim]:
    """Yield the claim of conformance: an element's name, its text, its attributes.

    https://www.w3.org/TR/epub-a11y-11/#sec-conf-reporting
    """
    said = f"EPUB Accessibility 1.1 - WCAG {certificate.wcag} Level {certificate.level}"
    yield "meta", said, (("property", "dcterms:conformsTo"), ("id", "conformance"))
    conformance, certifier = ("refines", "#conformance"), ("refines", "#certifier")
    named = (("property", "a11y:certifiedBy"), conformance, ("id", "certifier"))
    yield "meta", certificate.certifier, named
    if certificate.credential:
        entitled = (("property", "a11y:certifierCredential"), certifier)
        yield "meta", certificate.credential, entitled
    if certificate.report:
        link = (
            ("rel", "a11y:certifierReport"),
            certifier,
            ("href", certificate.report),
        )
        yield "link", "", link


def _sentences(facts: Facts) -> Iterator[str]:
    yield "order"
    if facts.has_free_sizes:
        yield "display"
    yield "contents"
    if facts.has_structure:
        yield "headings"
    if facts.undescribed:
        yield "bare_pictures"
    elif facts.images:
        yield "pictures"
    if facts.formulas:
        yield "formulas"
    if facts.has_page_list:
        yield "pages"
    yield "moving" if facts.has_motion else "safe"


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
    """Yield the features; what another room may add, such as an index, is found."""
    yield from ("tableOfContents", "readingOrder")
    for feature, is_there in (
        ("structuralNavigation", facts.has_structure),
        ("displayTransformability", facts.has_free_sizes),
        ("ARIA", facts.has_roles),
        ("alternativeText", facts.images and not facts.undescribed),
        ("longDescription", facts.long_descriptions),
        ("MathML", facts.formulas),
        (
            "describedMath",
            facts.formulas and facts.formulas == facts.described_formulas,
        ),
        ("rubyAnnotations", facts.has_ruby),
        ("pageBreakMarkers", facts.page_breaks),
        ("pageNavigation", facts.has_page_list),
        ("index", facts.has_index),
    ):
        if is_there:
            yield feature


def _holds(root: etree._Element, *tags: str) -> bool:
    return next(root.iter(*tags), None) is not None


def _has_structure(roots: Iterable[etree._Element]) -> bool:
    """Tell whether the headings show how the text is divided."""
    count = 0
    for root in roots:
        levels = [int(heading.tag[-1]) for heading in root.iter(*_HEADINGS)]
        count += len(levels)
        if any(after > before + 1 for before, after in pairwise(levels)):
            return False
    return count > 0


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
