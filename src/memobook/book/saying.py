"""Let an attribute say the words of signs in signs: Python-Markdown loses them.

What goes in: a pattern of Python-Markdown's that makes a link or a picture. What comes
out: the same, whose alternative text or title has every word that the author wrote, and
a sign where an address was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, cast
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.treeprocessors import InlineProcessor
from markdown.util import INLINE_PLACEHOLDER_RE

from memobook.book.positions import LED

__all__ = ["SAYING", "say_all"]

SAYING = ("link", "image_link", "image_reference", "short_image_ref")
"""Patterns that say in an attribute what an author wrote with signs: alt, title."""


def say_all(pattern: Any, md: Markdown) -> None:  # noqa: ANN401 (a registry's)
    """Let a pattern's attributes say all words."""

    def said(found: re.Match[str]) -> str:
        # The processor is another one by now, and has a new stash for each text.
        inline = cast("InlineProcessor", md.treeprocessors["inline"])
        held = inline.stashed_nodes.get(found[1], "")
        words = "".join(_words(held)) if isinstance(held, Element) else held
        if isinstance(held, Element) and held.get("class") == "arithmatex":
            words = words.removeprefix(r"\(").removesuffix(r"\)")
        return INLINE_PLACEHOLDER_RE.sub(said, words)

    pattern.unescape = lambda text: INLINE_PLACEHOLDER_RE.sub(said, text)


def _words(element: Element) -> Iterator[str]:
    """Yield an element's text, that of pictures included; LED for an address."""
    if element.tag == "cite":  # a bracket, which nobody looks up here
        yield f"[{element.get('refs', '')}]"
    yield element.get("alt", "") if element.tag == "img" else element.text or ""
    if element.tag in {"a", "img"}:
        yield LED
    for child in element:
        yield from _words(child)
        yield child.tail or ""
