"""Know which elements may stand in which, and mend what stands where it may not.

What goes in: an element of HTML as it was read. What comes out: the same, or what
stands in its place. An HTML parser takes a <li> without a list and a <div> in a line of
text; EPUB has a schema, by which such a book is none.
https://html.spec.whatwg.org/multipage/dom.html#content-models
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby

from memobook.book.tree import HEADINGS, Child, Node

__all__ = ["BODY", "Place", "inside", "stood", "told"]

_LINES = frozenset(
    """a abbr b bdi bdo br cite code del dfn em i img ins kbd mark q ruby s samp small
    span strong sub sup time u var wbr""".split()
)
"""What may stand in a line of text."""
_BLOCKS = HEADINGS | frozenset(
    """address article aside blockquote details div dl figure hr ol p pre section table
    ul""".split()
)
_FLOW = _LINES | _BLOCKS
_APART = _BLOCKS | frozenset("caption dd dt figcaption li summary td th".split())
_GROUPS = frozenset("thead tbody tfoot".split())
_ROWS, _CELLS = frozenset(["tr"]), frozenset(["td", "th"])
_TABULAR = frozenset(["table", "colgroup", "tr"]) | _GROUPS
"""What holds no text."""

# What may stand in an element? In one that is not here, what is in a line of text; in
# one that is none of its own, what may stand where it stands itself.
_CONTENT = {
    **dict.fromkeys(
        """address article aside blockquote caption dd div dt figcaption li section td
        th""".split(),
        _FLOW,
    ),
    "colgroup": frozenset(["col"]),
    "details": _FLOW | {"summary"},
    "dl": _FLOW | {"dd", "dt"},
    "figure": _FLOW | {"figcaption"},
    "ol": _FLOW | {"li"},
    "ruby": _LINES | {"rp", "rt"},
    "summary": _LINES | HEADINGS,
    "table": _GROUPS | {"caption", "colgroup", "tr"},
    **dict.fromkeys(_GROUPS, _ROWS),
    "tr": _CELLS,
    "ul": _FLOW | {"li"},
}
_TRANSPARENT = frozenset("a del ins".split())
_TERMS = {"dt": "t", "dd": "d"}
"""What a <dl> holds, as a letter each."""
# Of what are they a part?
_OWNERS = {
    **dict.fromkeys("caption col colgroup tbody td tfoot th thead tr".split(), "table"),
    **dict.fromkeys(_TERMS, "dl"),
    **dict.fromkeys(["rp", "rt"], "ruby"),
    "figcaption": "figure",
    "li": "ul",
    "summary": "details",
}
# What may stand nowhere in an element, however deep?
_BARRED = {
    "a": frozenset(["a", "details"]),
    "address": frozenset(["address"]),
    "caption": frozenset(["table"]),
    "dfn": frozenset(["dfn"]),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where elements stand."""

    allowed: frozenset[str]
    barred: frozenset[str]
    """What some element around has no place for."""
    name: str
    """As an author is told: in a heading, in a line of text. Empty if that was told."""

    @property
    def has_text(self) -> bool:
        """Tell whether a text may stand here."""
        return bool(self.allowed & _LINES)

    def takes(self, tag: str) -> bool:
        """Tell whether an element may stand here."""
        return tag in self.allowed and tag not in self.barred

    def refusal(self, tag: str) -> str:
        """Return what an element is that may not stand here; nothing if it was told."""
        if not self.name:
            return ""
        if tag in self.barred:
            outer = next(o for o, inner in _BARRED.items() if tag in inner)
            return f"<{tag}> in <{outer}>"
        owner = _OWNERS.get(tag)
        is_part = owner and self.allowed >= _FLOW
        return f"<{tag}> outside <{owner}>" if is_part else f"<{tag}> {self.name}"

    def without(self, tag: str, children: tuple[Child, ...]) -> tuple[Child, ...]:
        """Return what stands for an element that may not: its words, apart."""
        return (" ", *children, " ") if tag in _APART else children


BODY = Place(_FLOW, frozenset(), "in a block")


@cache
def inside(place: Place, tag: str) -> Place:
    """Return the place in an element that stands at a place."""
    # Terms and what is said of them may stand in a <div> each.
    is_group = tag == "div" and _TERMS.keys() <= place.allowed
    is_new = tag not in _TRANSPARENT and not is_group
    allowed = _CONTENT.get(tag, _LINES) if is_new else place.allowed
    barred = place.barred | _BARRED.get(tag, frozenset())
    return Place(allowed, barred, _name(tag, allowed) if is_new else place.name)


def told(place: Place) -> Place:
    """Return the place for what was in an element that had none."""
    return replace(place, name="")


def _name(tag: str, allowed: frozenset[str]) -> str:
    if tag in HEADINGS:
        return "in a heading"
    if tag in _TABULAR:
        return f"in a <{tag}>"
    return "in a line of text" if allowed == _LINES else BODY.name


def stood(node: Node) -> tuple[tuple[Child, ...], str]:
    """Return what stands in the place of an element, and what had no place in it.

    The second is empty where all stands right.
    """
    change = _MENDS.get(node.tag)
    return change(node) if change else ((node,), "")


_Mend = tuple[tuple[Child, ...], str]


def _listed(node: Node) -> _Mend:
    """Put what stands in a list and in none of its items into items."""
    if node.tag == "ul":  # whose items have no numbers
        node = node.with_children(map(_without_number, node.children))
    if all(_is_blank(c) or _tag(c) == "li" for c in node.children):
        return (node,), ""
    out: list[Child] = []
    for is_item, group in groupby(node.children, lambda c: _tag(c) == "li"):
        found = tuple(group)
        is_stray = not is_item and not all(map(_is_blank, found))
        out += (Node("li", (), found, node.span),) if is_stray else found
    return (node.with_children(out),), f"what is in <{node.tag}> and in no <li>"


def _without_number(child: Child) -> Child:
    if isinstance(child, Node) and child.has("value"):
        return child.with_attributes(value=None)
    return child


def _defined(node: Node) -> _Mend:
    """Make plain blocks of what is no list of terms and what is said of them."""
    groups = [c for c in node.children if not _is_blank(c)]
    tags = "".join(_TERMS.get(_tag(c), "x") for c in groups)
    divided = groups and all(_tag(c) == "div" and _is_group(c) for c in groups)
    if divided or re.fullmatch("(t+d+)*", tags):
        return (node,), ""
    what = "a <dl> in which a <dt> or its <dd> is missing"
    return (_as_div(node, tuple(map(_undefined, node.children))),), what


def _undefined(child: Child) -> Child:
    if not isinstance(child, Node):
        return child
    if child.tag in _TERMS:
        return _as_div(child, child.children)
    inner = map(_undefined, child.children) if child.tag == "div" else child.children
    return child.with_children(inner)


def _as_div(node: Node, children: tuple[Child, ...]) -> Node:
    return Node("div", node.attributes, children, node.span)


def _is_group(child: Child) -> bool:
    inner = child.children if isinstance(child, Node) else ()
    tags = "".join(_TERMS.get(_tag(c), "x") for c in inner if not _is_blank(c))
    return re.fullmatch("t+d+", tags) is not None


def _read_out(node: Node) -> _Mend:
    """Leave the words of a <ruby> that does not say how each is read."""
    signs = {"rt": "r", "rp": "p"}
    tags = "".join(signs.get(_tag(c), "t") for c in node.children if not _is_blank(c))
    if re.fullmatch("(t*(r|prp))+", tags):
        return (node,), ""
    words = (_inner(c) if _tag(c) in signs else (c,) for c in node.children)
    return tuple(c for inner in words for c in inner), "a <ruby> without its <rt>"


def _opened(node: Node) -> _Mend:
    """Put the summary of what can be opened before all else, as browsers show it."""
    summaries = [c for c in node.children if _tag(c) == "summary"]
    if not summaries:
        plain = tuple((k, v) for k, v in node.attributes if k != "open")
        div = Node("div", plain, node.children, node.span)
        return (div,), "a <details> without a <summary>"
    first = summaries[0]
    rest = tuple(_later(c) for c in node.children if c is not first)
    return (node.with_children((first, *rest)),), ""


def _turned(node: Node) -> _Mend:
    """Leave the words of a <bdo> that does not say which way they run."""
    if node.get("dir"):
        return (node,), ""
    return node.children, "a <bdo> without its dir"


def _dated(node: Node) -> _Mend:
    """Leave a time that is no text and has no other one: a span, which holds all."""
    if node.has("datetime") or not any(isinstance(c, Node) for c in node.children):
        return (node,), ""
    return (replace(node, tag="span"),), "a <time> of elements without its datetime"


def _later(child: Child) -> Child:
    if isinstance(child, Node) and child.tag == "summary":
        return _as_div(child, child.children)
    return child


def _tag(child: Child) -> str:
    return child.tag if isinstance(child, Node) else ""


def _inner(child: Child) -> tuple[Child, ...]:
    return child.children if isinstance(child, Node) else (child,)


def _is_blank(child: Child) -> bool:
    return isinstance(child, str) and not child.strip()


_MENDS: dict[str, Callable[[Node], _Mend]] = {
    "bdo": _turned,
    "details": _opened,
    "dl": _defined,
    "ol": _listed,
    "ruby": _read_out,
    "time": _dated,
    "ul": _listed,
}
