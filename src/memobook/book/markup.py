"""What HTML may stand in a book: the elements and attributes of EPUB's XHTML.

What goes in: the tree of an HTML parser. What comes out: frozen nodes that know their
place, with everything else taken out and reported. Markdown is not known here.
https://www.w3.org/TR/epub-33/#sec-xhtml
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from memobook.book.positions import (
    Spot,
    SpotKind,
    ends_with_mark,
    find_marks,
    unmark,
)
from memobook.book.tree import Child, Node, joined
from memobook.diagnostics import Code, Reporter, Span

__all__ = ["MAX_DEPTH", "Reading"]

MAX_DEPTH = 100
"""Elements in elements; WeasyPrint's own limit is near 130."""

# Which elements may stand in a memo?
_ELEMENTS = frozenset(
    """a abbr address article aside b bdi bdo blockquote br caption cite code col
    colgroup dd del details dfn div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i
    img ins kbd li mark ol p pre q rp rt ruby s samp section small span strong sub
    summary sup table tbody td tfoot th thead time tr u ul var wbr""".split()
)
# Which take their content with them when they go? It is no text.
_WHOLE = frozenset("script style template iframe object embed noscript head".split())
# Which attributes may stand on any element, and which on some?
_GLOBAL = frozenset("id class lang dir title role".split())
_SPECIFIC = {
    "a": frozenset("href note".split()),
    "img": frozenset("src alt width height".split()),
    "td": frozenset("colspan rowspan headers".split()),
    "th": frozenset("colspan rowspan headers scope abbr".split()),
    "ol": frozenset("start type reversed".split()),
    "li": frozenset(["value"]),
    "time": frozenset(["datetime"]),
    "col": frozenset(["span"]),
    "colgroup": frozenset(["span"]),
    "del": frozenset(["datetime"]),
    "ins": frozenset(["datetime"]),
    "details": frozenset(["open"]),
}
_FOREIGN = {
    "http://www.w3.org/2000/svg": "svg",
    "http://www.w3.org/1998/Math/MathML": "math",
}
_ALIGN = re.compile(r"text-align:\s*(left|right|center);?")
_NAME = re.compile(r"[A-Za-z][\w.-]*")
# What no XML document may hold. https://www.w3.org/TR/xml/#charsets
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Reading:
    """One memo's reading of its HTML."""

    spots: tuple[Spot, ...]
    whole: Span
    """The file, for what has no place of its own."""
    reporter: Reporter

    def children(self, element: Element, depth: int = 0) -> tuple[Child, ...]:
        """Return an element's content. Raises RecursionError below MAX_DEPTH."""
        if depth > MAX_DEPTH:
            raise RecursionError
        out: list[Child] = [self._text(element.text)]
        before = element.text or ""
        for child in element:
            if isinstance(child.tag, str):
                out += self._element(child, before, depth)
            out.append(self._text(child.tail))
            before = child.tail or ""
        return joined(out)

    def _text(self, text: str | None) -> str:
        return _NOT_XML.sub("", unmark(text)) if text else ""

    def _element(self, element: Element, before: str, depth: int) -> Iterator[Child]:
        space, _, tag = element.tag.rpartition("}")
        span = self._span(element, tag, before)
        if space:
            yield from self._foreign(element, space[1:], tag, span, depth)
        elif tag == "input":
            yield "☑" if element.get("checked") is not None else "☐"
        elif tag in _ELEMENTS:
            children = self.children(element, depth + 1)
            yield Node(tag, self._attributes(element, tag, span), children, span)
        else:
            self._refuse(f"<{tag}>", span)
            if tag not in _WHOLE:
                yield from self.children(element, depth + 1)

    def _foreign(
        self, element: Element, space: str, tag: str, span: Span | None, depth: int
    ) -> Iterator[Child]:
        if tag in _WHOLE or tag == "foreignObject":
            self._refuse(f"<{tag}>", span)
            return
        names = [("xmlns", space)] if tag == _FOREIGN.get(space) else []
        for name, value in element.items():
            if _NAME.fullmatch(name) and not name.startswith("on"):
                names.append((name, self._text(value)))
            elif not name.startswith("{http://www.w3.org/2000/xmlns/}"):
                self._refuse(f"the attribute {name}", span)
        children = self.children(element, depth + 1)
        yield Node(tag, tuple(names), children, span)

    def _attributes(
        self, element: Element, tag: str, span: Span | None
    ) -> tuple[tuple[str, str], ...]:
        allowed = _GLOBAL | _SPECIFIC.get(tag, frozenset())
        found: dict[str, str] = {}
        for name, value in element.items():
            if name in allowed or name.startswith("aria-"):
                found[name] = self._text(value)
            elif name == "style" and (align := _ALIGN.fullmatch(value)):
                found["class"] = f"{found.get('class', '')} align-{align[1]}".strip()
            else:
                self._refuse(f"the attribute {unmark(name)}", span)
        return tuple(found.items())

    def _span(self, element: Element, tag: str, before: str) -> Span | None:
        """Return where the element was written, by the mark in it or before it."""
        for name in ("href", "src"):
            for number in find_marks(element.get(name, "")):
                return self._spot(number)
        if tag in {"h1", "h2", "h3", "h4", "h5", "h6"}:
            return self._inner(element, SpotKind.HEADING)
        if tag == "table":
            return self._inner(element, SpotKind.TABLE)
        number_before = ends_with_mark(before)
        return None if number_before is None else self._spot(number_before)

    def _inner(self, element: Element, kind: SpotKind) -> Span | None:
        for text in element.itertext():
            for number in find_marks(text):
                if number < len(self.spots) and self.spots[number].kind is kind:
                    return self.spots[number].span
        return None

    def _spot(self, number: int) -> Span | None:
        # An author's own private-use characters could look like a mark.
        return self.spots[number].span if number < len(self.spots) else None

    def _refuse(self, what: str, span: Span | None) -> None:
        self.reporter.error(
            Code.HTML_NOT_ALLOWED,
            span or self.whole,
            f"{what} has no place in a book",
            "take it out, or write it in Markdown",
        )
