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

from memobook.book.drawable import (
    MATH_ELEMENTS,
    MATHML,
    SVG,
    SVG_ELEMENTS,
    XLINK,
    may_stand,
)
from memobook.book.glossary import TERM
from memobook.book.harmless import harmless
from memobook.book.index import MARKED
from memobook.book.positions import (
    Spot,
    SpotKind,
    ends_with_mark,
    find_marks,
    is_torn,
    may_hold_mark,
    unmark,
)
from memobook.book.tree import Child, Node, joined
from memobook.diagnostics import Code, Reporter, Span

__all__ = [
    "MAX_DEPTH",
    "NOT_XML",
    "Reading",
    "allowed_attributes",
    "misplaced",
    "raw_places",
]

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
_WHOLE = frozenset("script style template iframe embed head".split())
# Which attributes may stand on any element, and which on some?
_GLOBAL = frozenset("id class lang dir title role".split()) | MARKED | {TERM}
_SPECIFIC = {
    "a": frozenset("href note".split()),
    "cite": frozenset(["refs"]),
    "img": frozenset("src alt width height credit".split()),
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
_ALLOWED = {tag: _GLOBAL | _SPECIFIC.get(tag, frozenset()) for tag in _ELEMENTS}
_XMLNS = "{http://www.w3.org/2000/xmlns/}"
_FOREIGN = {SVG: "svg", MATHML: "math"}
# Which elements may stand in a drawing, and which in a formula?
_DRAWN = {SVG: SVG_ELEMENTS, MATHML: MATH_ELEMENTS}
# Which values may some have? https://html.spec.whatwg.org/#the-time-element
_DAY = r"\d{4,}(-\d\d(-\d\d)?)?"
_HOUR = r"\d\d:\d\d(:\d\d(\.\d{1,3})?)?"
_VALUES = {
    "datetime": re.compile(rf"{_DAY}|({_DAY}[T ])?{_HOUR}(Z|[+-]\d\d:?\d\d)?"),
    "dir": re.compile("ltr|rtl|auto", re.IGNORECASE),
    "scope": re.compile("row|col|rowgroup|colgroup", re.IGNORECASE),
    "start": re.compile(r"-?\d{1,9}"),
    "value": re.compile(r"-?\d{1,9}"),
}
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
        # What is printable holds neither a mark nor what is not XML.
        if not text or text.isprintable():
            return text or ""
        return NOT_XML.sub("", unmark(text))

    def _element(self, element: Element, before: str, depth: int) -> Iterator[Child]:
        space, tag = _space_and_name(element)
        span = self._span(element, tag, before) or self._marked(element)
        if space:
            yield from self._foreign(element, space, tag, span, depth)
        elif tag == "input":
            yield "■" if element.get("checked") is not None else "□"
        elif tag in _ELEMENTS:
            children = self.children(element, depth + 1)
            yield Node(tag, self._attributes(element, tag, span), children, span)
        else:
            self._refuse(element, "<", f"<{tag}>", span)
            if tag not in _WHOLE:
                yield from self.children(element, depth + 1)

    def _foreign(
        self, element: Element, space: str, tag: str, span: Span | None, depth: int
    ) -> Iterator[Child]:
        if tag not in _DRAWN[space]:
            if not _is_editors(tag):
                self._refuse(element, "<", f"<{tag}>", span)
            return
        names = [("xmlns", space)] if tag == _FOREIGN.get(space) else []
        for name, value in element.items():
            short = name.removeprefix(XLINK)
            if may_stand(name, unmark(value)) and not short.startswith("{"):
                names.append((short, self._text(value)))
            elif name != "xmlns" and not _is_editors(name):
                self._refuse(element, name, f"the attribute {unmark(name)}", span)
        if tag == "style":
            children: tuple[Child, ...] = (self._rules(element, span),)
        else:
            children = self.children(element, depth + 1)
        if tag != "image" or dict(names).get("href"):  # else it shows nothing
            yield Node(tag, tuple(names), children, span)

    def _rules(self, element: Element, span: Span | None) -> str:
        """Return the rules of a drawing's own style sheet."""
        css, offences = harmless(self._text("".join(element.itertext())))
        for offence in offences:
            self._refuse(element, "<", offence.what, span)
        return css

    def _attributes(
        self, element: Element, tag: str, span: Span | None
    ) -> tuple[tuple[str, str], ...]:
        if not element.keys():
            return ()
        allowed = _ALLOWED[tag]
        found: dict[str, str] = {}
        for name, value in element.items():
            if name in _VALUES and not _VALUES[name].fullmatch(value):
                what = f"{unmark(name)}={unmark(value)[:30]}, which HTML does not know,"
                self._refuse(element, name, what, span)
            elif name in allowed or name.startswith("aria-") or _is_told(element, name):
                found[name] = self._text(value)
            elif name == "style" and (align := _ALIGN.fullmatch(value)):
                found["class"] = f"{found.get('class', '')} align-{align[1]}".strip()
            else:
                self._refuse(element, name, f"the attribute {unmark(name)}", span)
        return tuple(found.items())

    def _span(self, element: Element, tag: str, before: str) -> Span | None:
        """Return where the element was written, by the mark in it or before it."""
        number_before = ends_with_mark(before)
        if tag == "img" and number_before is not None:
            # Of a picture whose address stands elsewhere.
            return self._spot(number_before)
        for name in ("href", "src") if element.keys() else ():
            for number in find_marks(element.get(name, "")):
                return self._spot(number)
        if tag in {"h1", "h2", "h3", "h4", "h5", "h6"}:
            return self._inner(element, SpotKind.HEADING)
        if tag == "table":
            return self._inner(element, SpotKind.TABLE)
        return None if number_before is None else self._spot(number_before)

    def _marked(self, element: Element) -> Span | None:
        """Return where an attribute was written that only memobook understands."""
        names = [n for n in element.keys() if n in _VALUED] if self.places else []  # noqa: SIM118 (an element is no mapping)
        found = (self.places.get((element, n)) for n in (*names, *_CLASSES.values()))
        return next(filter(None, found), None)

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
        self.reporter.error(
            Code.HTML_NOT_ALLOWED,
            self.places.get((element, part)) or span or self.whole,
            f"{what} has no place in a book",
            "take it out, or write it in Markdown",
        )


def _is_told(element: Element, name: str) -> bool:
    """Tell whether an attribute says what to say instead of a formula or diagram."""
    told = {"arithmatex", "mermaid"}
    return name == "alt" and not told.isdisjoint(element.get("class", "").split())


def _space_and_name(element: Element) -> tuple[str, str]:
    """Return an element's namespace, empty for HTML, and its local name."""
    # The name itself may hold braces, as the author wrote it.
    if not element.tag.startswith("{"):
        return "", element.tag
    space, _, name = element.tag[1:].partition("}")
    return space, name


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
        right.update(n for n, kind in _tellers(element) if _is(spots, n, kind))
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
    text, tail = element.text, element.tail
    if text and may_hold_mark(text):
        yield text
    if tail and may_hold_mark(tail):
        yield tail
    for item in element.items():
        yield from (part for part in item if may_hold_mark(part))


def _kind_in(element: Element) -> SpotKind | None:
    if element.tag in {"h1", "h2", "h3", "h4", "h5", "h6"}:
        return SpotKind.HEADING
    return SpotKind.TABLE if element.tag == "th" else None


def _is(spots: tuple[Spot, ...], number: int, kind: SpotKind | None) -> bool:
    # An author's own private-use characters could look like a mark.
    return number < len(spots) and spots[number].kind is kind


def raw_places(
    body: Element, lines: list[str], path: str
) -> dict[tuple[Element, str], Span]:
    """Return where raw HTML was written: element and "<" or attribute -> its place.

    `lines` are the prose of the text.

    Markdown makes no such element or attribute, so that the third one in the tree is
    the third one in the text. Where the numbers differ, nothing is guessed.
    """
    written: dict[str, list[Span]] = {}
    plain = "\n".join(lines)
    for name, start in _names(plain):
        line = plain.count("\n", 0, start) + 1
        column = start - plain.rfind("\n", 0, start)
        written.setdefault(name, []).append(Span(path, line, column, len(name)))
    seen: dict[str, list[tuple[Element, str]]] = {name: [] for name in written}
    for name, key in _parts(body) if written else ():
        if name in seen:
            seen[name].append(key)
    return {
        key: span
        for name, keys in seen.items()
        if len(keys) == len(written.get(name, ()))
        for key, span in zip(keys, written[name], strict=True)
    }


def _parts(body: Element) -> Iterator[tuple[str, tuple[Element, str]]]:
    """Yield the tags and attributes of a tree, by their names in the text."""
    for element in body.iter():
        if isinstance(element.tag, str):
            yield f"<{_space_and_name(element)[1]}".lower(), (element, "<")
            for name, value in element.items():
                written = unmark(name).replace(XLINK, "xlink:").lower()
                yield _named(written, value), (element, name)
                for kind in value.split() if name == "class" else ():
                    if shown := _CLASSES.get(kind):
                        yield shown, (element, shown)


_VALUED = MARKED | {TERM}
_CLASSES = {"index": ".index", TERM: ".term"}
"""Class of words that memobook understands -> as an author writes it."""


def _named(name: str, value: str) -> str:
    """Return what an attribute is found by: a term's also by its value.

    In the text a footnote stands somewhere, and in the tree at the end.
    """
    return f"{name}={unmark(value)}" if name in _VALUED else name


# A tag, or a list of attributes in braces; and the names of the attributes in either.
_TAG = re.compile(r"""<[A-Za-z](?:[^<>"']|"[^"]*"|'[^']*')*>?|\{:?[^{}\n]*\}""")
_ATTRIBUTE = re.compile(
    r"""([^\s"'<>/={}:][^\s"'<>/={}]*)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s>}]*))?"""
)


def _names(text: str) -> Iterator[tuple[str, int]]:
    """Yield names of tags ("<div") and attributes in lower case, with their offsets."""
    for tag in _TAG.finditer(text):
        start = tag.start()
        name = re.match(r"<[^\s/>]+", tag[0])
        if name:
            yield name[0].lower(), start
            start += name.end()
        for attribute in _ATTRIBUTE.finditer(text, start, tag.end()):
            value = (attribute[2] or "").strip("\"'")
            yield _named(attribute[1].lower(), value), attribute.start()


def allowed_attributes(tag: str) -> frozenset[str] | None:
    """Return the attributes that an element may have; None if it has no place."""
    return _ALLOWED.get(tag)
