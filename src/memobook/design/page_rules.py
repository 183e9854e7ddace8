"""Say what a page must not hold, whoever wrote its template.

What goes in: a page as XHTML. What comes out: what in it would run, load something from
elsewhere, or take a reader's input. A memo's text was looked through when it was read;
a template can write anything.
https://www.w3.org/TR/epub-33/#sec-xhtml
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from memobook.book.attributes import allowed_attributes
from memobook.book.drawable import (
    MATH_ELEMENTS,
    MATHML,
    SVG,
    SVG_ELEMENTS,
    XLINK,
)
from memobook.book.harmless import harmless, is_inside
from memobook.book.references import TARGET
from memobook.book.urls import ALLOWED_SCHEMES, scheme
from memobook.design.own_styles import is_at_hand
from memobook.design.section import PAGE_SCHEME, PROJECT_URL

__all__ = ["Fault", "faults"]

_XHTML = "http://www.w3.org/1999/xhtml"
# Which elements has a page around a memo's text?
_AROUND = frozenset(
    "body footer head header hgroup html link main meta nav style title".split()
)
_DRAWN = {SVG: SVG_ELEMENTS, MATHML: MATH_ELEMENTS}
# Which attributes load, send, or hold a page of their own?
_LOADING = frozenset(
    """action archive background classid codebase data dynsrc formaction http-equiv
    lowsrc manifest ping poster profile srcdoc srcset""".split()
)
_LINKS = frozenset(["href", "src", "cite", "longdesc", f"{XLINK}href"])
_SCHEMES = ALLOWED_SCHEMES | {TARGET.rstrip(":"), PAGE_SCHEME.rstrip(":")}


@dataclass(frozen=True, slots=True)
class Fault:
    """What has no place in a page."""

    what: str
    written: str
    """As it most likely stands in the template."""


def faults(page: str) -> tuple[Fault, ...]:
    """Return what has no place in a page, in its order."""
    return tuple(f for node in _tree(page).iter(etree.Element) for f in _of(node))


def _tree(page: str) -> etree._Element:
    data = page.encode("utf-8", "replace")
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        # As an EPUB it is refused. As a PDF it is read as HTML.
        found = etree.fromstring(data, etree.HTMLParser(encoding="utf-8"))
        return etree.Element("html") if found is None else found


def _of(node: etree._Element) -> Iterator[Fault]:
    space, tag = etree.QName(node).namespace or _XHTML, etree.QName(node).localname
    if not _may_stand(space, tag):
        yield Fault(f"<{tag}>", f"<{tag}")
        return
    for name, value in node.items():
        if not _is_good(space, tag, name, value):
            plain = name.rpartition("}")[2]
            yield Fault(f"{plain}={value[:100]!r}", plain)
    if tag == "link" and node.get("rel") != "stylesheet":
        yield Fault("<link>", "<link")
    if tag == "style":
        _, offences = harmless("".join(node.itertext()), is_at_hand)
        yield from (Fault(o.what, o.what) for o in offences)


def _may_stand(space: str, tag: str) -> bool:
    if space == _XHTML:
        return tag in _AROUND or allowed_attributes(tag) is not None
    return tag in _DRAWN.get(space, ())


def _is_good(space: str, tag: str, name: str, value: str) -> bool:
    """Tell whether an attribute neither runs nor loads anything."""
    plain = name.rpartition("}")[2].lower()
    if plain.startswith("on") or plain in _LOADING or name.endswith("}base"):
        return False
    if name == "style":
        return not harmless(value, is_at_hand)[1]
    if name not in _LINKS:
        return space == _XHTML or not harmless(value)[1]
    address = value.strip()
    if space != _XHTML:
        return is_inside(address)
    if tag == "a":
        kind = scheme("".join(address.split()))
        return not address.startswith(("//", "\\")) and kind in {"", *_SCHEMES}
    return address.startswith(PROJECT_URL) or is_at_hand(address)
