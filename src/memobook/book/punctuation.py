"""Set spaces and quotation marks as the language of a passage has them.

What goes in: a text's tree and its language. What comes out: the tree with narrow
spaces that no line ends at before ; : ! ? and inside « » where it is French, and with
a passage's own marks where its language is another than the text's. Code, keys and
formulas are as they were written.

Why does a <q> become a text with marks? Which marks it gets, and whether any, is up to
each reading system, and WeasyPrint has others than its own text around it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

from memobook.book.quotes import quotation_marks
from memobook.book.tree import Child, Node, nodes

__all__ = ["QUOTED", "punctuated", "with_punctuation"]

QUOTED = "q"
"""The class of a quotation that was written as <q>."""

_THIN = "\u202f"
_SPACE = "[ \xa0\u202f]"

_AS_WRITTEN = frozenset("cite code kbd math pre samp script style var".split())
"""A bracket that is not resolved yet is a <cite>."""


def with_punctuation(root: Node, language: str) -> Node:
    """Return a text in `language` with the punctuation of its passages' languages."""
    has_others = has_quotations = False
    for node in nodes(root):
        if node.attributes:
            has_others = has_others or node.get("lang") not in {"", language}
        has_quotations = has_quotations or node.tag == "q"
    if has_others or _is_french(language):
        root = _set(root, language, language)
    return _quoted(root, language, 0) if has_quotations else root


def _quoted(node: Node, language: str, depth: int) -> Node:
    """Return an element in whose quotations, so deep in others, the marks are text.

    They are those of the language around a quotation.
    https://drafts.csswg.org/css-content-3/#quotes-property
    """
    own = node.get("lang") or language
    below = depth + (node.tag == "q")
    inside = tuple(
        _quoted(child, own, below) if isinstance(child, Node) else child
        for child in node.children
    )
    if node.tag != "q":
        return node.with_children(inside)
    marks = quotation_marks(language)
    left, right = marks[2:] if depth % 2 else marks[:2]
    span = replace(node, tag="span").with_class(QUOTED)
    return span.with_children((left, *inside, right))


def punctuated(text: str, language: str) -> str:
    """Return a plain text of the settings, such as a title, in the same way."""
    return _spaced(text, behind=False) if _is_french(language) else text


def _set(node: Node, own: str, around: str) -> Node:
    """Return an element in its own language; `around` is what it was read in."""
    if node.tag in _AS_WRITTEN or "arithmatex" in node.classes:
        return node
    own = node.get("lang") or own
    children: list[Child] = []
    for child in node.children:
        if isinstance(child, Node):
            children.append(_set(child, own, around))
        else:
            text = child if own == around else _requoted(child, around, own)
            behind = bool(children) and _is_inline(children[-1])
            children.append(_spaced(text, behind=behind) if _is_french(own) else text)
    return node.with_children(tuple(children))


def _is_inline(child: Child) -> bool:
    return isinstance(child, str) or child.tag not in {"br", "p", "ul", "ol"}


@cache
def _is_french(language: str) -> bool:
    """Tell whether a language has these spaces: not as Switzerland or Québec print."""
    first, *more = language.lower().split("-")
    return first == "fr" and not {"ch", "ca"} & set(more)


def _requoted(text: str, around: str, own: str) -> str:
    """Return a text with the marks of its language for those that it was read with."""
    left, right, inner_left, inner_right = quotation_marks(around)
    new = quotation_marks(own)
    single = rf"{re.escape(inner_left)}(.+?){re.escape(inner_right)}(?!\w)"
    text = re.sub(single, lambda found: f"{new[2]}{found[1]}{new[3]}", text)
    marks = {left: new[0], right: new[1]}
    either = "|".join(map(re.escape, marks))
    return re.sub(either, lambda found: marks[found[0]], text)


# What ends a clause, behind a word: no time of day, no address.
_HIGH = re.compile(
    rf"(?P<before>(?<=[^\s{_THIN}?!;:(\[«‹/])|^){_SPACE}?"
    r"(?P<sign>[;!?]+|:)(?=[\s\xa0\u202f»›”’)\]]|$)"
)
_OPENING = re.compile(rf"([«‹]){_SPACE}*(?=\S|$)")
_CLOSING = re.compile(rf"(?P<before>(?<=\S)|^){_SPACE}*([»›])")


def _spaced(text: str, *, behind: bool) -> str:
    """Return a French text; `behind` tells whether it goes on in a line."""

    def spaced(found: re.Match[str]) -> str:
        is_first = found.start() == 0 and not behind
        return found[0] if is_first else _THIN + found[0].lstrip(" \xa0\u202f")

    text = _OPENING.sub(rf"\1{_THIN}", text)
    return _CLOSING.sub(spaced, _HIGH.sub(spaced, text))
