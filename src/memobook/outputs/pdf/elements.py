"""A sheet's structure tree, taken apart: its elements, their kinds and their keys.

What goes in: a tagged PDF. What comes out: elements that structure.py and ties.py mend.
ISO 32000-1, 14.7
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from pikepdf import Array, Dictionary, Name, Object, Pdf

__all__ = ["Tree", "below", "is_a", "is_element", "kids_of", "remove"]


@dataclass(slots=True)
class Tree:
    """A sheet's structure tree, taken apart for mending."""

    pdf: Pdf
    section: str
    """What stands before an identifier, to make it unique in the book."""
    document: Object
    keys: dict[int, Object]
    """The parent tree: a page's key -> its elements by MCID; a link's -> its element.
    ISO 32000-1, 14.7.4.4"""
    kinds: dict[str, list[Object]] = field(default_factory=dict)
    """What WeasyPrint made, by kind as "/LI", parents first."""
    ids: dict[str, Object] = field(default_factory=dict)
    alive: set[tuple[int, int]] = field(default_factory=set)
    """The object numbers of what is in the tree in the end."""

    def __post_init__(self) -> None:
        # Asking each element for its kind once, not in each pass, halves the time.
        for element in below(self.document):
            self.kinds.setdefault(str(element["/S"]), []).append(element)

    def of(self, kind: Name) -> list[Object]:
        """Return the elements that were of a kind in the beginning."""
        return self.kinds.get(str(kind), [])

    def make(self, kind: Name, parent: Object, page: Object) -> Object:
        """Return a new element; its parent must still take it in."""
        return self.pdf.make_indirect(
            Dictionary(Type=Name.StructElem, S=kind, P=parent, Pg=page, K=Array())
        )

    def adopt(self, parent: Object, kids: list[Object | int]) -> None:
        """Give an element these kids, at its end."""
        for kid in kids:
            if isinstance(kid, int):
                self.keys[int(parent.Pg.StructParents)][kid] = parent
            elif kid.get(Name.Type, "") == "/OBJR":
                self.keys[int(kid.Obj.StructParent)] = parent
            else:
                kid.P = parent
            parent.K.append(kid)


def is_element(item: Object | int) -> bool:
    """Tell whether an item of a K is an element."""
    # A reference to an object or to marked content has no kind.
    return not isinstance(item, int) and "/S" in item


def is_a(item: Object | int, *kinds: Name) -> bool:
    """Tell whether an item of a K is an element of one of these kinds."""
    return is_element(item) and not isinstance(item, int) and item.S in kinds


def kids_of(element: Object) -> list[Object]:
    """Return an element's own elements."""
    return [kid for kid in element["/K"] if is_element(kid)]


def below(element: Object) -> Iterator[Object]:
    """Yield every element in this one, parents first."""
    stack = list(reversed(kids_of(element)))
    while stack:
        kid = stack.pop()
        yield kid
        stack += reversed(kids_of(kid))


def remove(element: Object) -> None:
    """Take an element out of its parent."""
    parent = element.P
    parent.K = Array([kid for kid in parent.K if kid != element])
