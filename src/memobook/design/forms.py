"""The form that an element of the text takes in a medium: a link, a caption, a picture.

What goes in: one element whose content is done. What comes out: what stands in its
place. What is said differently in print and on a screen, the medium says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from memobook.book import formulas
from memobook.book.shapes import WORD
from memobook.book.tree import Child, Node, text_of
from memobook.book.urls import shown
from memobook.design.section import LED

if TYPE_CHECKING:
    from memobook.design.medium import Medium

__all__ = ["address", "form"]

# No linguistic content: no hyphenation, no reading as words.
# https://www.w3.org/International/questions/qa-no-language
_NO_LANGUAGE = "zxx"


def form(node: Node, medium: Medium, show_address: bool) -> Child | tuple[Child, ...]:
    """Return what stands in an element's place in a medium."""
    if node.tag == "a" and "external" in node.classes:
        return _external(node, medium, show_address)
    if node.has("data-kind"):
        node = _labelled(node, medium)
    if node.has(WORD):
        said = medium.words[node.get(WORD)]
        return node.with_items({WORD: None}).with_children((said,))
    if node.tag == "a" and "xref" in node.classes:
        href = node.get("href")
        link = node.with_attributes(href=medium.target(href), title=None)
        return (link, *medium.reference(node))
    if node.tag == "a" and LED.keys() & set(node.classes):
        return medium.led(node)
    if node.tag == "img":
        return node.with_attributes(src=medium.picture(node.get("src")))
    if node.tag == "table":
        return medium.table(node)
    if node.has(formulas.DRAWING):
        return medium.formula(node)
    return node


def _external(
    node: Node, medium: Medium, show_address: bool
) -> Child | tuple[Child, ...]:
    plain = node.with_attributes(note=None, title=None)
    url = node.get("href")
    if node.children == (shown(url),):
        spelt = plain.with_class("address").with_attributes(lang=_NO_LANGUAGE)
        return spelt.with_children(medium.address(url))
    if show_address and "no-note" not in node.classes and not _says(node, url):
        # Its brackets are part of it: one element says all that another medium
        # may not have, see stream.py.
        spelt = address(url, medium).with_class("spelt")
        return (plain, " ", spelt.with_children(("(", *spelt.children, ")")))
    return plain


def address(url: str, medium: Medium) -> Node:
    """Return a link that is its own address."""
    attributes = (("class", "address"), ("href", url), ("lang", _NO_LANGUAGE))
    return Node("a", attributes, medium.address(url))


def _says(link: Node, url: str) -> bool:
    """Tell whether a link's text is its address already."""
    return text_of(link).strip() in {url, shown(url)}


def _labelled(node: Node, medium: Medium) -> Node:
    """Return a caption or a cross-reference with its label and number."""
    kind, number = node.get("data-kind"), node.get("data-number")
    label = f"{medium.words[kind]}\xa0{number}" if kind and number else number
    label = label or medium.words[kind]
    if kind and "{number}" in medium.words[kind]:
        label = medium.words[kind].format(number=number)
    plain = node.with_items({"data-kind": None, "data-number": None})
    if node.tag not in {"caption", "figcaption"}:
        return plain.with_children((label, *node.children))
    start = Node("span", (("class", "caption-label"),), (label,))
    return plain.with_children((start, " ", *node.children))
