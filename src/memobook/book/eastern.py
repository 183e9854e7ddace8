"""Join the lines of a text whose words have no spaces between them.

What goes in: blocks that were read from Markdown. What comes out: the same without the
line ends between two Chinese or Japanese characters, which would be printed as spaces.
https://www.w3.org/TR/css-text-3/#line-break-transform
"""

from __future__ import annotations

import re

from memobook.book.tree import Child, Node, text_of

__all__ = ["EAST", "has_eastern_lines", "with_joined_lines"]

EAST = "\u2e80-\u312f\u31f0-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef"
"""The characters that need no space, as in a class of a regex; Korean does."""

_LINE_END = re.compile(rf"(?<=[{EAST}])[ \t]*\n[ \t]*(?=[{EAST}])")
_AT_END = re.compile(rf"[{EAST}]\W*\n")
_KEPT = frozenset(["pre", "code", "math", "svg", "kbd", "samp"])
_IN_LINE = frozenset(
    "a abbr b bdi cite del dfn em i ins mark q s small span strong sub sup u".split()
)


def has_eastern_lines(text: str) -> bool:
    """Tell whether a line ends with such a character, so that there may be work."""
    return _AT_END.search(text) is not None


def with_joined_lines(children: tuple[Child, ...]) -> tuple[Child, ...]:
    """Return blocks, or what stands in a line, with their lines joined."""
    return tuple(_joined(children, index) for index in range(len(children)))


def _joined(children: tuple[Child, ...], index: int) -> Child:
    child = children[index]
    if isinstance(child, Node):
        if child.tag in _KEPT:
            return child
        return child.with_children(with_joined_lines(child.children))
    text = _LINE_END.sub("", child)
    if _is_east(_beside(children, index + 1)[:1]) and _is_east(text.rstrip()[-1:]):
        text = re.sub(r"[ \t]*\n[ \t]*$", "", text)
    if _is_east(_beside(children, index - 1)[-1:]) and _is_east(text.lstrip()[:1]):
        text = re.sub(r"^[ \t]*\n[ \t]*", "", text)
    return text


def _beside(children: tuple[Child, ...], index: int) -> str:
    """Return the text of an element in the line that stands beside a text."""
    if not 0 <= index < len(children):
        return ""
    child = children[index]
    return text_of(child) if isinstance(child, Node) and child.tag in _IN_LINE else ""


def _is_east(character: str) -> bool:
    return re.match(f"[{EAST}]", character) is not None
