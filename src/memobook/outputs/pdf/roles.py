"""Say what an element of HTML is in the structure tree of a PDF.

What goes in: an element of a section and what it stands in. What comes out: a standard
structure type, or "" for what only groups or only changes the look.
ISO 32000-1, 14.8.4

It is told by tags, roles and the names that memobook gives to notes and calls, so that
a project's own templates are understood as well.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote
from xml.etree.ElementTree import Element as Html

from memobook.book.formulas import FORMULA
from memobook.book.punctuation import QUOTED
from memobook.book.references import TARGET
from memobook.design.section import PAGE_SCHEME

__all__ = [
    "CALL",
    "NOTE",
    "SVG",
    "Roles",
    "alternative_of",
    "anchor_of",
    "is_late",
    "numbering_of",
]

CALL = re.compile(r"__call-\d+(-\d+)?$")
NOTE = re.compile(r"__note-\d+(-at-.*)?$")
"""What memobook names its calls and notes; a heading "Note 1" gets another name."""

SVG = "{http://www.w3.org/2000/svg}"

_KINDS = {
    "p": "P",
    "pre": "P",
    "section": "Sect",
    "nav": "Sect",
    "aside": "Sect",
    "article": "Art",
    "blockquote": "BlockQuote",
    "q": "Quote",
    "code": "Code",
    "samp": "Code",
    "ul": "L",
    "ol": "L",
    "dl": "L",
    "li": "LI",
    "dt": "Lbl",
    "dd": "LBody",
    "table": "Table",
    "caption": "Caption",
    "thead": "THead",
    "tbody": "TBody",
    "tfoot": "TFoot",
    "tr": "TR",
    "th": "TH",
    "td": "TD",
    "figcaption": "P",
    "h1": "H1",
    "h2": "H2",
    "h3": "H3",
    "h4": "H4",
    "h5": "H5",
    "h6": "H6",
}

# What stands within a line? All else begins a block.
_IN_LINE = frozenset(
    "a abbr b bdi bdo br cite code data del dfn em i img ins kbd label mark output q rp"
    " rt ruby s samp small span strong sub sup time u var wbr".split()
)

# The spans whose glyphs late.py looks for.
_LATE = frozenset(("page-number", "digits"))

# How does a PDF call a list's numbering? ISO 32000-2, table 382
_NUMBERINGS = {
    "disc": "Disc",
    "circle": "Circle",
    "square": "Square",
    "decimal": "Decimal",
    "lower-roman": "LowerRoman",
    "upper-roman": "UpperRoman",
    "lower-alpha": "LowerAlpha",
    "lower-latin": "LowerAlpha",
    "upper-alpha": "UpperAlpha",
    "upper-latin": "UpperAlpha",
}


@dataclass(frozen=True, slots=True)
class Roles:
    """What the elements of one section are."""

    parents: Mapping[Html, Html]

    def kind(self, html: Html) -> str:
        """Return an element's structure type."""
        tag, classes = str(html.tag), html.get("class", "").split()
        if NOTE.search(html.get("id", "")) and tag != "a":
            return "Note"
        if tag == "a":
            return "Link" if html.get("href") is not None else self._other(html)
        if tag == "img" and FORMULA in classes:
            return "Formula"
        if tag in {"img", f"{SVG}svg"}:
            return "Figure" if alternative_of(html) else ""
        if tag == "figure":
            return _figure(html)
        if tag == "span" and "block" in classes:
            return self._block(html, classes)
        if tag in {"ul", "ol"} and self._is_contents(html):
            return "TOC"
        if tag == "li" and self._is_contents(html):
            return "TOCI"
        if tag == "figcaption":
            figure = self.parents.get(html)
            has_one = figure is not None and self.kind(figure) in {"Figure", "Sect"}
            return "Caption" if has_one else "P"
        return _KINDS.get(tag) or self._other(html)

    def is_figure(self, html: Html) -> bool:
        """Tell whether this is a figure with a picture that says something."""
        return html.tag == "figure" and self.kind(html) == "Figure"

    def is_of_figure(self, html: Html) -> bool:
        """Tell whether a picture is that of a figure, also in a block of its own."""
        above = self.parents.get(html)
        if above is not None and above.tag == "div":
            above = self.parents.get(above)
        return above is not None and self.is_figure(above)

    def is_in_line(self, html: Html) -> bool:
        """Tell whether an element stands within a line."""
        return html.tag in _IN_LINE or str(html.tag).startswith(SVG)

    def language(self, html: Html) -> str:
        """Return an element's language where it is another than around it."""
        own = html.get("lang", "")
        return own if own and own != self._language_around(html) else ""

    @staticmethod
    def _block(html: Html, classes: list[str]) -> str:
        """Return what a block of a note at the foot of a page is: see spans.py."""
        if "quote" in classes:
            return "BlockQuote"
        return "" if any("block" in h.get("class", "") for h in html) else "P"

    def _other(self, html: Html) -> str:
        """Return what an element is that only its language or its text makes one.

        A memo's text is told from its opener.
        """
        if not self.is_in_line(html):
            is_text = "text" in html.get("class", "").split()
            return "Div" if is_text or self.language(html) else ""
        if QUOTED in html.get("class", "").split():
            return "Quote"
        is_short = html.tag == "abbr" and html.get("title")
        return "Span" if is_late(html) or is_short or self.language(html) else ""

    def _language_around(self, html: Html) -> str:
        above = self.parents.get(html)
        while above is not None:
            if found := above.get("lang"):
                return found
            above = self.parents.get(above)
        return ""

    def _is_contents(self, html: Html) -> bool:
        above: Html | None = html
        while above is not None:
            if above.get("role") == "doc-toc":
                return True
            if "toc" in above.get("epub:type", "").split():
                return True
            above = self.parents.get(above)
        return False


def _figure(html: Html) -> str:
    if _has_parts(html):
        return "Sect"  # in a Div, PDF/UA-2 does not see whose caption it is
    if any(alternative_of(h) for h in html.iter()):
        return "Figure"
    # A paragraph, a table or a listing may have a caption, too.
    return "Sect" if html.find("figcaption") is not None else "Div"


def _has_parts(figure: Html) -> bool:
    """Tell whether a figure holds others, which are figures of their own in a PDF."""
    return any(inner.tag == "figure" for inner in figure.iter() if inner is not figure)


def is_late(html: Html) -> bool:
    """Tell whether this is a page number that is written when the book is bound."""
    return html.get("class") in _LATE


def alternative_of(html: Html) -> str:
    """Return what a picture shows; "" for decoration and for what is no picture."""
    if html.tag == "img":
        return html.get("alt", "").strip()
    if html.tag == f"{SVG}svg":
        title = html.findtext(f"{SVG}title") or html.get("aria-label") or ""
        return title.strip()
    return ""


def anchor_of(href: str) -> str:
    """Return the anchor of the book that a link leads to; "" if it leads out of it."""
    for start in ("#", TARGET, PAGE_SCHEME):
        if href.startswith(start):
            return unquote(href.removeprefix(start))
    return ""


def numbering_of(style: str, tag: str) -> str:
    """Return how a list is numbered, from its items' style, as PDF 2.0 calls it."""
    return _NUMBERINGS.get(style, "Ordered" if tag == "ol" else "Unordered")
