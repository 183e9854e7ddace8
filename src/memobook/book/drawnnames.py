"""Give what is named in drawings names that no other drawing of the page has.

What goes in: a memo with drawings in its text. What comes out: the same, in which no
name stands twice, and what refers to a name still does. A drawing's names are its own,
as a file; two in one page are one file, and most programs call their first colour "a".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from memobook.book.marks import lacks
from memobook.book.model import Memo
from memobook.book.tree import Child, Node, nodes

__all__ = ["with_own_names"]

_REFERRING = re.compile(r"""(url\(\s*["']?#|^#)([^"')\s]+)""")
_LISTING = frozenset(["aria-labelledby", "aria-describedby", "aria-details"])
# In a style sheet, but for what may be a colour.
_NAMED = re.compile(r"(?<=url\()#([\w-]+)|#(?![0-9A-Fa-f]{3,8}\b)([A-Za-z_][\w-]*)")


def with_own_names(memo: Memo) -> Memo:
    """Return a memo in whose drawings no name stands twice; others keep theirs."""
    if lacks(memo, ["svg"]):
        return memo
    naming = _Naming()
    body = naming.searched(memo.body)
    footnotes = tuple((key, naming.searched(note)) for key, note in memo.footnotes)
    return replace(memo, body=body, footnotes=footnotes)


@dataclass(slots=True)
class _Naming:
    """The naming of one memo's drawings, in reading order."""

    taken: set[str] = field(default_factory=set)

    def searched(self, node: Node) -> Node:
        """Return an element whose drawings have names of their own."""
        children: list[Child] = []
        for child in node.children:
            if isinstance(child, Node):
                is_drawing = child.tag == "svg"
                children.append((self._named if is_drawing else self.searched)(child))
            else:
                children.append(child)
        return replace(node, children=tuple(children))

    def _named(self, drawing: Node) -> Node:
        inside = [n for n in nodes(drawing) if n is not drawing and n.has("id")]
        new: dict[str, str] = {}
        for name in dict.fromkeys(node.get("id") for node in inside):
            new[name] = self._free(name)
        if all(name == old for old, name in new.items()) and len(new) == len(inside):
            return drawing
        return self._renamed(drawing, new, set(), is_root=True)

    def _free(self, name: str) -> str:
        free, count = name, 1
        while free in self.taken:
            count += 1
            free = f"{name}-{count}"
        self.taken.add(free)
        return free

    def _renamed(
        self,
        node: Node,
        new: Mapping[str, str],
        seen: set[str],
        *,
        is_root: bool = False,
    ) -> Node:
        changed = {n: _referring(n, value, new) for n, value in node.attributes}
        if node.has("id") and not is_root:
            name = node.get("id")
            # Of two in one drawing, the first is meant.
            changed["id"] = self._free(name) if name in seen else new[name]
            seen.add(name)
        children: list[Child] = []
        for child in node.children:
            if isinstance(child, Node):
                children.append(self._renamed(child, new, seen))
            elif node.tag == "style":
                children.append(_NAMED.sub(partial(_named, new), child))
            else:
                children.append(child)
        return Node(node.tag, tuple(changed.items()), tuple(children), node.span)


def _named(new: Mapping[str, str], found: re.Match[str]) -> str:
    name = found[1] or found[2]
    return f"#{new.get(name, name)}"


def _referring(name: str, value: str, new: Mapping[str, str]) -> str:
    if name in _LISTING:
        return " ".join(new.get(word, word) for word in value.split())
    if "#" not in value:
        return value
    return _REFERRING.sub(lambda found: found[1] + new.get(found[2], found[2]), value)
