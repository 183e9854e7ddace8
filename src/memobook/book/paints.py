"""Take paints that are none out of drawings: no EPUB may name one, and nobody sees it.

What goes in: a memo with drawings in its text, or what one shape of a drawing is filled
with. What comes out: the same as it looks: with the colour that was to stand in for the
paint, or none. https://www.w3.org/TR/SVG2/painting.html#SpecifyingPaint
"""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import replace

from memobook.book.marks import lacks
from memobook.book.model import Memo
from memobook.book.tree import Node, nodes, rewrite

__all__ = ["PAINTED", "PAINTS", "as_painted", "with_true_paints"]

PAINTS = frozenset(["linearGradient", "radialGradient", "pattern"])
PAINTED = ("fill", "stroke")
"""Attributes that may name a paint."""

_NAMED = re.compile(r"""url\(\s*["']?#([^"')]+)["']?\s*\)(.*)""", re.DOTALL)


def as_painted(value: str, paints: Container[str]) -> str:
    """Return a fill or a stroke without a paint that is not there.

    >>> as_painted("url(#sky)", {"sky"}), as_painted("url(#sky)", ())
    ('url(#sky)', 'none')
    >>> as_painted("url(#sky) #06c", ())
    '#06c'
    """
    found = _NAMED.fullmatch(value.strip())
    if found is None or found[1].strip() in paints:
        return value
    return found[2].strip() or "none"


def with_true_paints(memo: Memo) -> Memo:
    """Return a memo whose drawings name no paint but those of its drawings."""
    if lacks(memo, PAINTED):
        return memo
    texts = (memo.body, *(note for _, note in memo.footnotes))
    drawn = [node for text in texts for node in nodes(text)]
    paints = {node.get("id") for node in drawn if node.tag in PAINTS}

    def change(node: Node) -> Node:
        named = {n: as_painted(v, paints) for n, v in node.attributes if n in PAINTED}
        is_same = named.items() <= set(node.attributes)
        return node if is_same else node.with_items(named)

    footnotes = tuple((key, rewrite(note, change)) for key, note in memo.footnotes)
    return replace(memo, body=rewrite(memo.body, change), footnotes=footnotes)
