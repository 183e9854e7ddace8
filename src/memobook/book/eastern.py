"""Know how texts are set whose words have no spaces between them.

What goes in: quotation marks, and blocks that were read from Markdown. What comes out:
where such marks stand beside Chinese or Japanese characters, and the blocks without the
line ends between two of them, which would be printed as spaces.
https://www.w3.org/TR/css-text-3/#line-break-transform
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from memobook.book.tree import Child, Node, text_of

__all__ = ["has_eastern_lines", "quotations", "with_joined_lines"]

_EAST = "\u2e80-\u312f\u31f0-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef"
"""The characters that need no space, as in a class of a regex; Korean does."""

_LINE_END = re.compile(rf"(?<=[{_EAST}])[ \t]*\n[ \t]*(?=[{_EAST}])")
_AT_END = re.compile(rf"[{_EAST}]\W*\n")
_KEPT = frozenset(["pre", "code", "math", "svg", "kbd", "samp"])
_IN_LINE = frozenset(
    "a abbr b bdi cite del dfn em i ins mark q s small span strong sub sup u".split()
)


def quotations(
    marks: Mapping[str, str],
) -> tuple[tuple[str, tuple[str | int, ...]], ...]:
    """Return patterns for quotations in a text without spaces, and what they become."""
    return tuple(
        (pattern, (marks[f"left-{name}-quote"], 1, marks[f"right-{name}-quote"]))
        for mark, name in (('"', "double"), ("'", "single"))
        for pattern in (
            rf"(?<=[{_EAST}]){mark}([^\n{mark}]+){mark}",
            rf"{mark}(?=[{_EAST}])([^\n{mark}]+){mark}",
        )
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
    return re.match(f"[{_EAST}]", character) is not None
