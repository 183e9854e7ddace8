"""Tie link annotations to their elements in the structure tree of a sheet.

What goes in: a tree in which WeasyPrint made an annotation and a Link for every box of
an `a`. What comes out: one Link for each link, with one annotation a line.
ISO 32000-1, 14.8.4.4.2
"""

from __future__ import annotations

from pikepdf import Array, Name, Object

from memobook.book.references import TARGET
from memobook.outputs.pdf.elements import Tree, below, is_a, remove

__all__ = ["finish_annotations", "join_lines", "target_of", "tie_links"]


def tie_links(tree: Tree) -> None:
    """Tie each link annotation to the Link, not to an element inside of it.

    WeasyPrint makes an annotation for every box in an `a`: for emphasis or code in it a
    second one, which lies on the first.
    """
    spare: dict[tuple[int, int], tuple[Object, list[Object]]] = {}
    for link in tree.of(Name.Link):
        for element in list(below(link)):
            if is_a(element, Name.Link):  # what stands in ::before or ::after
                element.S = Name.Span
            references = [k for k in element.K if _is_link_reference(k)]
            if references:
                element.K = Array([k for k in element.K if not _is_link_reference(k)])
            for reference in references:
                if not _tie(tree, link, reference):
                    page = reference.Pg
                    spare.setdefault(page.objgen, (page, []))[1].append(reference.Obj)
    for page, gone in spare.values():
        _discard(tree, page, gone)


def _tie(tree: Tree, link: Object, reference: Object) -> bool:
    """Tie an annotation to a link; tell whether it is one of its own."""
    box = _box(reference.Obj)
    for mate in link.K:
        if _is_link_reference(mate) and mate.Pg == reference.Pg:
            around = _box(mate.Obj)
            if _is_within(box, around):
                mate.Obj.Rect = Array(_union(box, around))
                return False
    tree.adopt(link, [reference])
    return True


def join_lines(tree: Tree) -> None:
    """Make one Link of the pieces of a link that is broken over lines.

    Otherwise a screen reader announces as many links as there are lines.
    """
    for parent in {link.P.objgen: link.P for link in tree.of(Name.Link)}.values():
        before: Object | None = None
        for kid in list(parent.K):
            is_link = is_a(kid, Name.Link)
            if is_link and before is not None and _is_same_link(before, kid):
                tree.adopt(before, list(kid.K))
                remove(kid)
            else:
                before = kid if is_link else None


def _is_same_link(one: Object, other: Object) -> bool:
    target = target_of(one)
    return bool(target) and target == target_of(other) and one.Pg == other.Pg


def finish_annotations(tree: Tree) -> None:
    """Let links be printed, and drop those that no element of the tree holds."""
    for page in tree.pdf.pages:
        lost: list[Object] = []
        for annotation in page.obj.get(Name.Annots, ()):
            annotation.F = 4
            annotation.Rect = Array(_box(annotation))
            element = tree.keys.get(int(annotation.get(Name.StructParent, -1)))
            if element is None or element.objgen not in tree.alive:
                lost.append(annotation)
        if lost:
            _discard(tree, page.obj, lost)


def _is_link_reference(item: Object | int) -> bool:
    if isinstance(item, int) or item.get(Name.Type, "") != "/OBJR":
        return False
    return bool(item.Obj.Subtype == "/Link")


def target_of(link: Object) -> str:
    """Return where a Link leads: an anchor, or a URL; "" if it has no annotation."""
    reference = next((kid for kid in link.K if _is_link_reference(kid)), None)
    if reference is None:
        return ""
    if Name.Dest in reference.Obj:
        return str(reference.Obj.Dest)
    return str(reference.Obj.A.get(Name.URI, "")).removeprefix(TARGET)


def _discard(tree: Tree, page: Object, gone: list[Object]) -> None:
    names = {annotation.objgen for annotation in gone}
    page.Annots = Array([a for a in page.Annots if a.objgen not in names])
    for annotation in gone:
        tree.keys.pop(int(annotation.get(Name.StructParent, -1)), None)


Box = tuple[float, float, float, float]


def _box(annotation: Object) -> Box:
    x1, y1, x2, y2 = map(float, annotation.Rect)
    return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)


def _is_within(box: Box, around: Box) -> bool:
    """Tell whether a box stands on the same line, not wider than the one around it."""
    middle = (box[1] + box[3]) / 2
    is_on_line = around[1] <= middle <= around[3]
    return is_on_line and box[0] >= around[0] - 1 and box[2] <= around[2] + 1


def _union(one: Box, other: Box) -> Box:
    return (
        min(one[0], other[0]),
        min(one[1], other[1]),
        max(one[2], other[2]),
        max(one[3], other[3]),
    )
