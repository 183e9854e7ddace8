"""Clean a drawing (SVG) by an allow-list: no script, nothing from elsewhere.

What goes in: a file's bytes. What comes out: the same bytes where nothing has to go,
else the drawing without it, and what was taken out, with its line. What only an editor
needs (Inkscape's views, matplotlib's metadata) goes without a word.
https://www.w3.org/TR/SVG2/ https://www.w3.org/TR/epub-33/#sec-svg
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import unquote_to_bytes

from lxml import etree

from memobook.book.drawable import MOVING, SVG, SVG_ELEMENTS, XLINK, may_stand
from memobook.book.harmless import harmless
from memobook.book.paints import PAINTED, PAINTS, as_painted
from memobook.book.sheets import mended

__all__ = ["Cleaned", "Loss", "cleaned", "is_drawing"]

_HTML = "{http://www.w3.org/1999/xhtml}"
_KNOWN = SVG_ELEMENTS | MOVING
_HREFS = ("href", f"{XLINK}href")
_MOVED = "attributeName"
_PAINTS = tuple(f"{{{SVG}}}{name}" for name in PAINTS)
_LOADED = frozenset(["feImage", "image", "use"])
_EMBEDDED = re.compile(r"\s*data:image/svg\+xml([^,]*),", re.IGNORECASE)
_DEEPEST = 2
"""How many drawings may stand in one another."""


@dataclass(frozen=True, slots=True)
class Loss:
    """What was taken out of a drawing."""

    line: int
    what: str
    """In the author's words."""
    is_visible: bool
    """Whether the drawing may look otherwise without it."""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A drawing that does no harm."""

    data: bytes
    losses: tuple[Loss, ...] = ()


def is_drawing(data: bytes) -> bool:
    """Tell whether a picture's bytes look like SVG."""
    return data.lstrip()[:1] == b"<" or data.startswith(b"\xef\xbb\xbf")


@lru_cache(maxsize=32)
def cleaned(data: bytes) -> Cleaned:
    """Return a drawing that does no harm. Raises ValueError if it is no SVG."""
    return _cleaned(data, 0)


def _cleaned(data: bytes, depth: int) -> Cleaned:
    # libxml2 refuses entities of other files and those that grow without end, and,
    # without huge_tree, what is deeper than 256 elements.
    parser = etree.XMLParser(
        resolve_entities="internal", no_network=True, load_dtd=False
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(str(error)) from None
    if root.tag != f"{{{SVG}}}svg":
        message = f"its first element is {root.tag}"
        raise ValueError(message)
    paints = frozenset(n.get("id", "") for n in root.iter(*_PAINTS))
    cleaning = _Cleaning(depth, paints)
    cleaning.document(root)
    cleaning.element(root)
    if not cleaning.is_changed:
        return Cleaned(data)
    etree.cleanup_namespaces(root)
    out = etree.tostring(root, encoding="utf-8", xml_declaration=True)
    return Cleaned(out, tuple(cleaning.losses))


@dataclass(slots=True)
class _Cleaning:
    """The cleaning of one drawing, in which the tree is changed."""

    depth: int
    paints: frozenset[str]
    """The names of what shapes may be filled with."""
    is_changed: bool = False
    losses: list[Loss] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    """The ids so far: of two the first is meant, and EPUB has each once."""

    def lose(
        self, node: etree._Element, what: str, hint: str = "", *, visible: bool = True
    ) -> None:
        self.is_changed = True
        self.losses.append(Loss(node.sourceline or 0, what, visible, hint))

    def document(self, root: etree._Element) -> None:
        """Take out what stands before and behind the drawing."""
        if root.getroottree().docinfo.doctype:
            self.is_changed = True  # nothing needs it: all entities are spelt out
        for node in (*root.itersiblings(preceding=True), *root.itersiblings()):
            if node.tag is etree.PI and node.target == "xml-stylesheet":
                hint = "let the program write the styles into the drawing"
                self.lose(node, "a style sheet of another file", hint)

    def element(self, node: etree._Element) -> None:
        """Clean an element that may stay, and all in it."""
        self._attributes(node)
        if node.tag == f"{{{SVG}}}style":
            self._style(node)
        if node.tag == f"{{{SVG}}}switch":
            self._switch(node)
        for child in list(node):
            name = _name(child)
            if child.tag is etree.Comment:
                continue
            if name in MOVING and not may_stand(_MOVED, child.get(_MOVED, "")):
                self.lose(child, f"the movement of {child.get(_MOVED)}", visible=False)
                _remove(child)
            elif name in _KNOWN:
                self.element(child)
                if name in _LOADED and not any(child.get(n) for n in _HREFS):
                    self.is_changed = True
                    _remove(child)  # it shows nothing
            else:
                self._drop(child, name)

    def _drop(self, child: etree._Element, name: str) -> None:
        if name == "script":
            self.lose(child, "a script", visible=False)
        elif name == "foreignObject" or str(child.tag).startswith(_HTML):
            self._lose_html(child)
        elif name and name != "metadata":
            self.lose(child, f"<{name}>", "export it as plain SVG")
        # What has another namespace is an editor's, and nobody sees it.
        self.is_changed = True
        _remove(child)

    def _lose_html(self, child: etree._Element) -> None:
        said = " ".join(" ".join(child.itertext()).split())
        what = f"“{_short(said)}”, which is HTML" if said else "HTML"
        hint = "let the program write its texts as plain SVG: in Mermaid, htmlLabels"
        self.lose(child, what, f"{hint}: false")

    def _switch(self, node: etree._Element) -> None:
        """Keep of a choice what a reader of plain SVG shows: its first that may stand.

        draw.io writes each text twice in this way, as HTML and, shorter, as SVG.
        """
        choices = [c for c in node if isinstance(c.tag, str)]
        if any(c.get("systemLanguage") is not None for c in choices):
            return
        kept = next((c for c in choices if _name(c) in _KNOWN), None)
        shown = "" if kept is None else " ".join("".join(kept.itertext()).split())
        for choice in choices:
            if choice is kept:
                continue
            said = " ".join(" ".join(choice.itertext()).split())
            self.is_changed = True
            if _name(choice) == "foreignObject" and _letters(said) != _letters(shown):
                has_picture = kept is not None and _name(kept) == "image"
                if not has_picture:
                    self._lose_html(choice)
            _remove(choice)

    def _attributes(self, node: etree._Element) -> None:
        for name, value in node.items():
            if name == "id" and value in self.names:
                self.is_changed = True
                del node.attrib[name]
                continue
            if name == "id":
                self.names.add(value)
            if name in _HREFS:
                self._href(node, name, value)
            elif not may_stand(name, value):
                self._attribute(node, name, value)
            elif name in PAINTED and as_painted(value, self.paints) != value:
                self.is_changed = True
                node.set(name, as_painted(value, self.paints))

    def _attribute(self, node: etree._Element, name: str, value: str) -> None:
        self.is_changed = True
        if name == "style":
            node.set(name, self._rules(node, value))
            return
        del node.attrib[name]
        if name.lower().startswith("on"):
            self.lose(node, f"the attribute {name}, a script", visible=False)
        elif name == "viewBox":
            hint = "write four numbers: left, top, width and height"
            self.lose(node, f"the viewBox {_short(value)}", hint)
        elif may_stand(name, ""):
            self.lose(node, f"the {name} {_short(value)}", _EMBED)

    def _href(self, node: etree._Element, name: str, value: str) -> None:
        found = _EMBEDDED.match(value)
        if found and self.depth < _DEEPEST:
            self._embedded(node, name, found)
        elif not may_stand(name, value):
            self.is_changed = True
            del node.attrib[name]
            if _name(node) != "a":  # in a picture no link can be followed
                self.lose(node, _short(value), _EMBED)

    def _embedded(self, node: etree._Element, name: str, found: re.Match[str]) -> None:
        """Clean a drawing that stands in this one."""
        text = unquote_to_bytes(found.string[found.end() :])
        try:
            data = base64.b64decode(text) if "base64" in found[1].lower() else text
            inner = _cleaned(data, self.depth + 1)
        except ValueError:
            del node.attrib[name]
            self.lose(node, "a drawing in it that is damaged")
            return
        if inner.data is data:
            return
        self.is_changed = True
        coded = base64.b64encode(inner.data).decode()
        node.set(name, f"data:image/svg+xml;base64,{coded}")
        for loss in inner.losses:
            self.lose(node, loss.what, loss.hint, visible=loss.is_visible)

    def _style(self, node: etree._Element) -> None:
        css = "".join((node.text or "", *(child.tail or "" for child in node)))
        rules = self._sheet(node, css)
        if rules != css or any(child.tag is not etree.Comment for child in node):
            self.is_changed = True
            for child in list(node):
                node.remove(child)
            node.text = rules

    def _sheet(self, node: etree._Element, css: str) -> str:
        """Return the rules of a drawing's own style sheet."""
        clean, broken = mended(self._rules(node, css))
        for each in broken:
            what = f"“{each.what}”, which is no CSS" if each.what else "what is no CSS"
            self.lose(node, what, visible=False)
        return clean

    def _rules(self, node: etree._Element, css: str) -> str:
        clean, offences = harmless(css)
        for offence in offences:
            self.lose(node, offence.what, _EMBED if offence.address else "")
        return clean


_EMBED = "let the program put everything into the drawing, or take this out"


def _name(node: etree._Element) -> str:
    """Return an element's name in SVG; empty for all else."""
    tag = node.tag
    return tag.removeprefix(f"{{{SVG}}}") if _is_svg(tag) else ""


def _is_svg(tag: object) -> bool:
    return isinstance(tag, str) and tag.startswith(f"{{{SVG}}}")


def _remove(child: etree._Element) -> None:
    """Remove an element and keep the text behind it."""
    parent, before = child.getparent(), child.getprevious()
    if parent is None:
        return
    if child.tail:
        if before is None:
            parent.text = (parent.text or "") + child.tail
        else:
            before.tail = (before.tail or "") + child.tail
    parent.remove(child)


def _letters(text: str) -> str:
    return "".join(text.split())


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"
