"""What HTML may stand in a book: the elements and attributes of EPUB's XHTML.

What goes in: the tree of an HTML parser. What comes out: frozen nodes that know their
place, with everything else taken out and reported. Markdown is not known here.
https://www.w3.org/TR/epub-33/#sec-xhtml

Why not nh3, which is a good cleaner of HTML? It takes a text and gives a text: what it
took out, and where that stood, nobody knows then, and the author is to be told both.
It does not know EPUB's elements, what memobook's own attributes mean, or drawings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from memobook.book.attributes import (
    ELEMENTS,
    OWN_CLASSES,
    allowed_attributes,
    own_classes,
    spelt,
)
from memobook.book.drawable import (
    MATH_ELEMENTS,
    MATHML,
    SVG,
    SVG_ELEMENTS,
    XLINK,
    may_stand,
)
from memobook.book.harmless import harmless
from memobook.book.mathattributes import may_stand_in_formula
from memobook.book.positions import (
    BLOCK,
    LED,
    Spot,
    SpotKind,
    ends_with_mark,
    find_marks,
    is_torn,
    may_hold_mark,
    unmark,
)
from memobook.book.rawplaces import CLASSES, VALUED, space_and_name
from memobook.book.sheets import mended
from memobook.book.standing import BODY, Place, inside, stood, told
from memobook.book.tree import Child, Node, joined
from memobook.diagnostics import Code, Reporter, Span

__all__ = [
    "MAX_DEPTH",
    "NOT_XML",
    "Reading",
    "misplaced",
]

MAX_DEPTH = 100
"""Elements in elements; WeasyPrint's own limit is near 130."""

# Which take their content with them when they go? It is no text.
_WHOLE = frozenset("script style template iframe embed head".split())
_XMLNS = "{http://www.w3.org/2000/xmlns/}"
_FOREIGN = {SVG: "svg", MATHML: "math"}
# Which elements may stand in a drawing, and which in a formula?
_DRAWN = {SVG: SVG_ELEMENTS, MATHML: MATH_ELEMENTS}
_ALIGN = re.compile(r"text-align:\s*(left|right|center);?")
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML document may hold. https://www.w3.org/TR/xml/#charsets"""


@dataclass(frozen=True, slots=True)
class Reading:
    """One memo's reading of its HTML."""

    spots: tuple[Spot, ...]
    whole: Span
    """The file, for what has no place of its own."""
    reporter: Reporter
    places: Mapping[tuple[Element, str], Span] = field(default_factory=dict)
    """Element and "<" or attribute -> where that was written, if it may be refused."""

    def children(
        self, element: Element, depth: int = 0, place: Place = BODY
    ) -> tuple[Child, ...]:
        """Return an element's content, which stands at a place.

        Raises RecursionError below MAX_DEPTH.
        """
        if depth > MAX_DEPTH:
            raise RecursionError
        out: list[Child] = [self._text(element.text)]
        before = element.text or ""
        for child in element:
            if isinstance(child.tag, str):
                out += self._element(child, before, depth, place)
            out.append(self._text(child.tail))
            before = child.tail or ""
        return joined(out)

    def _text(self, text: str | None) -> str:
        # What is printable holds neither a mark nor what is not XML.
        if not text or text.isprintable():
            return text or ""
        return NOT_XML.sub("", unmark(text))

    def _element(
        self, element: Element, before: str, depth: int, place: Place
    ) -> Iterator[Child]:
        space, tag = space_and_name(element)
        span = self._span(element, tag, before) or self._marked(element)
        if space:
            yield from self._foreign(element, space, tag, span, depth)
        elif tag == "input" and place.has_text:
            yield "■" if element.get("checked") is not None else "□"
        elif tag in ELEMENTS and place.takes(tag):
            children = self.children(element, depth + 1, inside(place, tag))
            made = Node(tag, self._attributes(element, tag, span), children, span)
            found, what = stood(made)
            self._misplaced(element, what)
            yield from found
        else:
            if tag in ELEMENTS:
                self._misplaced(element, place.refusal(tag))
            else:
                self._refuse(element, "<", f"<{tag}>", span)
            # What is nowhere written as a tag has text.
            is_tag = (element, "<") in self.places and BLOCK not in element.items()
            if tag not in _WHOLE or not is_tag:
                inner = self.children(element, depth + 1, told(place))
                yield from place.without(tag, inner)

    def _misplaced(self, element: Element, what: str) -> None:
        # Markdown's own only stand wrong where raw HTML around them is not closed,
        # which is told for itself.
        if what and (element, "<") in self.places:
            self._refuse(element, "<", what, None)

    def _foreign(
        self, element: Element, space: str, tag: str, span: Span | None, depth: int
    ) -> Iterator[Child]:
        if tag not in _DRAWN[space]:
            if not _is_editors(tag):
                self._refuse(element, "<", f"<{tag}>", span)
            return
        span = span or self.places.get((element, "<"))
        names = [("xmlns", space)] if tag == _FOREIGN.get(space) else []
        for name, value in element.items():
            short = name.removeprefix(XLINK)
            plain = unmark(value)
            if space == MATHML:
                may = may_stand_in_formula(tag, name, plain)
            else:
                may = may_stand(name, plain) and not short.startswith("{")
            if may:
                names.append((short, self._text(value)))
            elif name != "xmlns" and (name, value) != BLOCK and not _is_editors(name):
                self._refuse(element, name, f"the attribute {unmark(name)}", span)
        if tag == "style":
            children: tuple[Child, ...] = (self._rules(element, span),)
        else:
            children = self._drawn(element, depth)
        if tag != "image" or dict(names).get("href"):  # else it shows nothing
            yield Node(tag, tuple(names), children, span)

    def _drawn(self, element: Element, depth: int) -> tuple[Child, ...]:
        """Return what is in a drawing or a formula, where HTML is only its words."""
        html = {e: space_and_name(e)[1] for e in element if _is_html(e)}
        for child, tag in html.items():
            place = self.places.get((child, "<"))
            self._refuse(child, "<", f"<{tag}> in a formula or drawing", place)
        if not html:
            return self.children(element, depth + 1)
        plain = Element(element.tag)
        plain.text = element.text
        for child in element:
            if child in html:
                _say(plain, "".join(child.itertext()) + (child.tail or ""))
            else:
                plain.append(child)
        return self.children(plain, depth + 1)

    def _rules(self, element: Element, span: Span | None) -> str:
        """Return the rules of a drawing's own style sheet."""
        css, offences = harmless(self._text("".join(element.itertext())))
        for offence in offences:
            self._refuse(element, "<", offence.what, span)
        css, broken = mended(css)
        for each in broken:
            what = f"“{each.what}”, which is no CSS," if each.what else "bad CSS"
            self._refuse(element, "<", what, span)
        return css

    def _attributes(
        self, element: Element, tag: str, span: Span | None
    ) -> tuple[tuple[str, str], ...]:
        if not element.keys():
            return ()
        allowed = allowed_attributes(tag) or ()
        found: dict[str, str] = {}
        for name, value in element.items():
            if name == "class" and not OWN_CLASSES.isdisjoint(value.split()):
                found[name] = self._class(element, tag, value, span)
            elif name in allowed or _is_told(element, name):
                if LED in value:
                    value = value.replace(LED, "")
                    self._report_led(name, span)
                known = spelt(tag, name, self._text(value))
                if known is None:
                    what = f"{name}={unmark(value)[:30]}, which HTML does not know,"
                    self._refuse(element, name, what, span)
                else:
                    found[name] = known
            elif name == "style" and (align := _ALIGN.fullmatch(value)):
                found["class"] = f"{found.get('class', '')} align-{align[1]}".strip()
            elif (name, value) != BLOCK:
                self._refuse(element, name, f"the attribute {unmark(name)}", span)
        return tuple(found.items())

    def _report_led(self, name: str, span: Span | None) -> None:
        where = "a picture’s alternative text" if name == "alt" else "a title"
        message = f"{where} holds a link or a picture, which gets lost there"
        hint = "put it into the text, or into the picture’s caption"
        self.reporter.error(Code.LINK_IN_ALT, span or self.whole, message, hint)

    def _class(self, element: Element, tag: str, value: str, span: Span | None) -> str:
        """Return the classes of an element that are its author's to give."""
        # Python-Markdown's own footnotes are below a line.
        if value == "footnote" and len(element) and element[0].tag == "hr":
            return value
        own = own_classes(tag)
        for name in own.intersection(value.split()):
            what = f"the class {name}, which is one of memobook's own,"
            place = self.places.get((element, CLASSES[name]))
            self._refuse(element, "class", what, place or span)
        return " ".join(n for n in value.split() if n not in own)

    def _span(self, element: Element, tag: str, before: str) -> Span | None:
        """Return where the element was written, by the mark in it or before it."""
        number_before = ends_with_mark(before)
        if tag == "img" and number_before is not None:
            # Of a picture whose address stands elsewhere.
            return self._spot(number_before)
        address = element.get("href") or element.get("src")
        for number in find_marks(address) if address else ():
            return self._spot(number)
        if tag in {"h1", "h2", "h3", "h4", "h5", "h6"}:
            return self._inner(element, SpotKind.HEADING)
        if tag == "table":
            return self._inner(element, SpotKind.TABLE)
        return None if number_before is None else self._spot(number_before)

    def _marked(self, element: Element) -> Span | None:
        """Return where an attribute was written that only memobook understands."""
        for name in element.keys() if self.places else ():
            own = (name,) if name in VALUED else ()
            for key in CLASSES.values() if name == "class" else own:
                if place := self.places.get((element, key)):
                    return place
        return None

    def _inner(self, element: Element, kind: SpotKind) -> Span | None:
        for text in element.itertext():
            for number in find_marks(text):
                if _is(self.spots, number, kind):
                    return self.spots[number].span
        return None

    def _spot(self, number: int) -> Span | None:
        # An author's own private-use characters could look like a mark.
        return self.spots[number].span if number < len(self.spots) else None

    def _refuse(
        self, element: Element, part: str, what: str, span: Span | None
    ) -> None:
        place = self.places.get((element, part)) or span
        self.reporter.error(
            Code.HTML_NOT_ALLOWED,
            place or self.places.get((element, "<")) or self.whole,
            f"{what} has no place in a book",
            "take it out, or write it in Markdown",
        )


def _is_told(element: Element, name: str) -> bool:
    """Tell whether an attribute says what to say instead of a formula or diagram."""
    told = {"arithmatex", "mermaid"}
    return name == "alt" and not told.isdisjoint(element.get("class", "").split())


def _is_html(element: Element) -> bool:
    tag: object = element.tag  # a function, of a comment
    return isinstance(tag, str) and not tag.startswith("{")


def _say(element: Element, text: str) -> None:
    """Put a text at an element's end."""
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text


def _is_editors(name: str) -> bool:
    """Tell whether an element or attribute is one that only an editor needs.

    As Inkscape's, or what XML says of the text: nobody sees it.
    """
    if name.startswith("{"):
        return not name.endswith("}href")
    return ":" in name or name == "metadata"


def misplaced(body: Element, spots: tuple[Spot, ...]) -> frozenset[int]:
    """Return the numbers of the marks that came to stand where they tell nothing.

    In code, say, or in an address that goes over two lines: there a mark may do harm.
    All of them, if one was torn apart.
    """
    seen: set[int] = set()
    right: set[int] = set()
    for element in body.iter():
        for text in _marked_texts(element):
            if is_torn(text):
                return frozenset(range(len(spots)))
            seen.update(find_marks(text))
    for element in body.iter() if seen else ():
        for number, kind in _tellers(element):
            if _is(spots, number, kind):
                right.add(number)
    return frozenset(seen - right)


def _tellers(element: Element) -> Iterator[tuple[int, SpotKind]]:
    """Yield the marks that stand where they tell something, and of what kind of spot.

    Of its text, its address, and the elements in it.
    """
    kind = _kind_in(element)
    for text in element.itertext() if kind else ():
        yield from ((n, kind) for n in find_marks(text) if kind)
    for name in ("href", "src"):
        value = element.get(name)
        found = tuple(find_marks(value)) if value else ()
        if len(found) == 1:
            yield found[0], SpotKind.TARGET
    before = element.text
    for child in element:
        if before and child.tag in {"cite", "img", "sup"}:
            number = ends_with_mark(before)
            if number is not None:
                yield number, SpotKind.INLINE
        before = child.tail


def _marked_texts(element: Element) -> Iterator[str]:
    """Yield text, tail and attributes of an element that may hold a mark."""
    for text in (element.text, element.tail):
        if text and may_hold_mark(text):
            yield text
    for name, value in element.items():
        if may_hold_mark(value):
            yield value
        if may_hold_mark(name):
            yield name


def _kind_in(element: Element) -> SpotKind | None:
    if element.tag in {"h1", "h2", "h3", "h4", "h5", "h6"}:
        return SpotKind.HEADING
    return SpotKind.TABLE if element.tag == "th" else None


def _is(spots: tuple[Spot, ...], number: int, kind: SpotKind | None) -> bool:
    # An author's own private-use characters could look like a mark.
    return number < len(spots) and spots[number].kind is kind
