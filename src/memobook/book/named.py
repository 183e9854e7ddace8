"""Find where terms of definitions and abbreviations are written.

What goes in: a memo's tree and its prose. What comes out: the tree in which these
elements know their place, where the text leaves no doubt. Python-Markdown tells nothing
of them, and there is no sign in the text that could bear a mark.
"""

from __future__ import annotations

import re
from dataclasses import replace

from memobook.book.tree import Node, rewrite, text_of
from memobook.diagnostics import Span

__all__ = ["with_places"]

_NAMED = frozenset(["abbr", "dt"])
_ABBREVIATION = re.compile(r"^ {0,3}\*\[([^\]]+)\]:")
_MEANING = re.compile(r"^ {0,3}:[ \t]")


def with_places(tree: Node, lines: list[str], path: str) -> Node:
    """Return the tree; `lines` are the prose of the text."""
    places = _places(lines, path)
    if not places:
        return tree

    def change(node: Node) -> Node:
        if node.tag not in _NAMED or node.span:
            return node
        found = places.get((node.tag, " ".join(text_of(node).split())))
        return replace(node, span=found) if found else node

    return rewrite(tree, change)


def _places(lines: list[str], path: str) -> dict[tuple[str, str], Span]:
    """Return tag and text -> where it is written, of two the last."""
    found: dict[tuple[str, str], Span] = {}
    for number, line in enumerate(lines, start=1):
        if match := _ABBREVIATION.match(line):
            span = Span(path, number, match.start(1) + 1, len(match[1]))
            found["abbr", match[1]] = span
        elif _MEANING.match(line):
            above = number - 1
            while above and lines[above - 1].strip():
                term = lines[above - 1].strip()
                if not _MEANING.match(lines[above - 1]):
                    column = lines[above - 1].index(term) + 1
                    span = Span(path, above, column, len(term))
                    found["dt", " ".join(term.split())] = span
                above -= 1
    return found
