"""Say in plain words what stands in a picture's alternative text, or in a title.

What goes in: an element that Python-Markdown made of signs there, and would lose. What
comes out: every word that the author wrote, and a sign where an address was.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from memobook.book.positions import LED

__all__ = ["said_in"]


def said_in(held: Element | str) -> str:
    """Return the words of an element, with LED for each address."""
    if isinstance(held, str):
        return held
    words = "".join(_words(held))
    if held.get("class") == "arithmatex":
        words = words.removeprefix(r"\(").removesuffix(r"\)")
    return words


def _words(element: Element) -> Iterator[str]:
    if element.tag == "cite":  # a bracket, which nobody looks up here
        yield f"[{element.get('refs', '')}]"
    yield element.get("alt", "") if element.tag == "img" else element.text or ""
    if element.tag in {"a", "img"}:
        yield LED
    for child in element:
        yield from _words(child)
        yield child.tail or ""
