"""Mend the structure tree that WeasyPrint 70 gives a sheet, so that it is PDF/UA-1.

What goes in: the tagged PDF of one section, just written. It is changed in place, by
PASSES. WeasyPrint makes one element for each box, which is nearly right: what is wrong
is said at each pass.

ISO 32000-1, 14.7 and 14.8; the Matterhorn Protocol, https://pdfa.org/resource/the-matterhorn-protocol/
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pikepdf
from pikepdf import (
    Array,
    ContentStreamInstruction,
    Dictionary,
    Name,
    Object,
    Pdf,
    String,
)

from memobook.book.references import TARGET

__all__ = ["PASSES", "mend"]

_POINTS = 0.75
"""PDF points in a CSS pixel."""

# What memobook names its calls and notes; a heading "Note 1" gets another name.
_CALL = re.compile(r"__call-(\d+)(-\d+)?$")
_NOTE = re.compile(r"__note-\d+$")


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
        for element in _below(self.document):
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


def mend(pdf: Pdf, section: str) -> None:
    """Mend the structure of a sheet; one that is not tagged stays as it is.

    `section` is the section's id, which the elements' identifiers begin with.
    """
    if Name.StructTreeRoot not in pdf.Root:
        return
    root = pdf.Root.StructTreeRoot
    nums = list(root.ParentTree.Nums)
    keys = {int(k): v for k, v in zip(nums[::2], nums[1::2], strict=True)}
    tree = Tree(pdf, section, root.K[0], keys)
    for change in PASSES:
        change(tree)
    root.ParentTree = pdf.make_indirect(
        Dictionary(Nums=Array([x for key in sorted(keys) for x in (key, keys[key])]))
    )
    if tree.ids:
        names = [x for i in sorted(tree.ids) for x in (String(i), tree.ids[i])]
        root.IDTree = pdf.make_indirect(Dictionary(Names=Array(names)))


def _tie_links(tree: Tree) -> None:
    """Tie each link annotation to the Link, not to an element inside of it.

    WeasyPrint makes an annotation for every box in an `a`: for emphasis or code in it a
    second one, which lies on the first.
    """
    for link in tree.of(Name.Link):
        for element in list(_below(link)):
            if _is(element, Name.Link):  # what stands in ::before or ::after
                element.S = Name.Span
            references = [k for k in element.K if _is_link_reference(k)]
            if references:
                element.K = Array([k for k in element.K if not _is_link_reference(k)])
            for reference in references:
                _tie(tree, link, reference)


def _tie(tree: Tree, link: Object, reference: Object) -> None:
    box = _box(reference.Obj)
    for mate in link.K:
        if _is_link_reference(mate) and mate.Pg == reference.Pg:
            around = _box(mate.Obj)
            if _is_within(box, around):
                _discard_annotation(tree, reference.Pg, reference.Obj)
                mate.Obj.Rect = Array(_union(box, around))
                return
    tree.adopt(link, [reference])


def _drop_decoration(tree: Tree) -> None:
    """Take pictures without alternative text out of the tree: they say nothing."""
    for figure in tree.of(Name.Figure):
        if Name.Alt not in figure:
            _remove(figure)


def _join_lines(tree: Tree) -> None:
    """Make one Link of the pieces of a link that is broken over lines.

    Otherwise a screen reader announces as many links as there are lines.
    """
    for parent in {link.P.objgen: link.P for link in tree.of(Name.Link)}.values():
        before: Object | None = None
        for kid in list(parent.K):
            is_link = _is(kid, Name.Link)
            if is_link and before is not None and _is_same_link(before, kid):
                tree.adopt(before, list(kid.K))
                _remove(kid)
            else:
                before = kid if is_link else None


def _is_same_link(one: Object, other: Object) -> bool:
    target = _target(one)
    return bool(target) and target == _target(other) and one.Pg == other.Pg


def _wrap_list_bodies(tree: Tree) -> None:
    """Put what stands beside the label of a list item into its body."""
    for item in tree.of(Name.LI):
        labels = [kid for kid in item.K if _is(kid, Name.Lbl)]
        rest = [kid for kid in item.K if not _is(kid, Name.Lbl)]
        if all(_is(kid, Name.LBody) for kid in rest):
            continue
        body = tree.make(Name.LBody, item, item.Pg)
        for kid in rest:
            tree.adopt(body, list(kid.K) if _is(kid, Name.LBody) else [kid])
        item.K = Array([*labels, body])


def _scope_headers(tree: Tree) -> None:
    """Say of each header cell whether it heads a column or a row."""
    for cell in tree.of(Name.TH):
        row = cell.P
        is_head = all(_is(kid, Name.TH) for kid in row.K)
        is_column = is_head or _is(row.P, Name.THead)
        attributes = cell.get(Name.A, Dictionary(O=Name.Table))
        attributes.Scope = Name.Column if is_column else Name.Row
        cell.A = attributes


def _tag_notes(tree: Tree) -> None:
    """Make a Note of each note, and a Reference around each call.

    WeasyPrint's footnotes are spans in a NonStruct at the end of a page's elements, and
    an `aside` in a list of notes is a NonStruct in a Sect. A note is known by its link
    back to the call. ISO 14289-1, 7.9: a Note has an identifier.
    """
    for link in tree.of(Name.Link):
        target = _target(link)
        if _NOTE.search(target):
            _wrap(tree, link, Name.Reference)
        elif _CALL.search(target):
            _tag_note(tree, link, _CALL.sub(r"__note-\1", target))


def _tag_note(tree: Tree, link: Object, name: str) -> None:
    element = link.P
    while _is_element(element) and not _is(element, Name.Note, Name.LBody):
        above = element.P
        is_foot = _is(above, Name.NonStruct) and tree.document == above.P
        if is_foot or (_is(element, Name.NonStruct) and _is(above, Name.Sect)):
            break
        element = above
    # A note with two calls has two links back.
    if not _is_element(element) or _is(element, Name.Note):
        return
    while name in tree.ids:  # printed again on another page
        name += "-again"
    if _is(element, Name.LBody):
        body, element = element, tree.make(Name.Note, element, element.Pg)
        tree.adopt(element, list(body.K))
        body.K = Array([element])
    element.S = Name.Note
    element.ID = String(name)
    tree.ids[name] = element


def _wrap(tree: Tree, element: Object, kind: Name) -> None:
    parent = element.P
    wrapper = tree.make(kind, parent, element.Pg)
    for index, kid in enumerate(parent.K):
        if kid == element:
            parent.K[index] = wrapper
    tree.adopt(wrapper, [element])


def _place_figures(tree: Tree) -> None:
    """Give figures their box in PDF points from the bottom.

    WeasyPrint writes CSS pixels from the top. ISO 32000-1, table 343.
    """
    for figure in tree.of(Name.Figure):
        x1, y1, x2, y2 = (float(edge) * _POINTS for edge in figure.A.BBox)
        height = float(figure.Pg.MediaBox[3])
        figure.A.BBox = Array([x1, height - y2, x2, height - y1])


def _prune(tree: Tree) -> None:
    """Remove elements without content, as the places of the built-in note calls."""
    empty: dict[tuple[int, int], set[tuple[int, int]]] = {}
    for element in reversed(list(_below(tree.document))):
        key = element.objgen
        if gone := empty.pop(key, None):
            _remove_all(element, gone)
        if len(element.K) > 0 or _is(element, Name.TD, Name.TH):
            tree.alive.add(key)
        else:
            empty.setdefault(element.P.objgen, set()).add(key)
    _remove_all(tree.document, empty.get(tree.document.objgen, set()))


def _remove_all(parent: Object, kids: set[tuple[int, int]]) -> None:
    """Remove kids at once: one by one costs their square on a page of many."""
    kept = [kid for kid in parent.K if not _is_element(kid) or kid.objgen not in kids]
    parent.K = Array(kept)


def _name_elements(tree: Tree) -> None:
    """Make identifiers unique in the book: WeasyPrint counts from the page's start."""
    for cell in (*tree.of(Name.TH), *tree.of(Name.TD)):
        if Name.ID in cell:
            name = f"{tree.section}.{cell.ID}"
            cell.ID = String(name)
            tree.ids[name] = cell
        if Name.Headers in cell.get(Name.A, Dictionary()):
            names = [String(f"{tree.section}.{name}") for name in cell.A.Headers]
            cell.A.Headers = Array(names)


def _mark_artifacts(tree: Tree) -> None:
    """Make an artifact of what no element of the tree holds.

    That is the running heads and folios, whose elements WeasyPrint leaves out of the
    tree, and the decoration of the pass above.
    """
    for page in tree.pdf.pages:
        elements = tree.keys.get(int(page.obj.get(Name.StructParents, -1)))
        if elements is None:
            continue
        dead = {i for i, e in enumerate(elements) if e.objgen not in tree.alive}
        for index in dead:
            elements[index] = None
        if dead:
            _rewrite(tree.pdf, page, dead)


def _rewrite(pdf: Pdf, page: pikepdf.Page, dead: set[int]) -> None:
    middle = float(page.mediabox[3]) / _POINTS / 2
    instructions = pikepdf.parse_content_stream(page)
    artifact: Dictionary | None = None
    for index, instruction in enumerate(instructions):
        name, operands = str(instruction.operator), instruction.operands
        if name == "BDC" and operands[1].get(Name.MCID) in dead:
            artifact = Dictionary(Type=Name.Pagination)
            instructions[index] = ContentStreamInstruction(
                [Name.Artifact, artifact], instruction.operator
            )
        elif name == "Tm" and artifact is not None:
            # The fifth and sixth operand are the place, in CSS pixels from the top.
            is_above = float(operands[5]) < middle
            artifact.Subtype = Name.Header if is_above else Name.Footer
        elif name == "EMC":
            artifact = None
    page.obj.Contents = pdf.make_stream(pikepdf.unparse_content_stream(instructions))


def _finish_annotations(tree: Tree) -> None:
    """Let links be printed, and drop those that no element of the tree holds."""
    for page in tree.pdf.pages:
        for annotation in list(page.obj.get(Name.Annots, ())):
            annotation.F = 4
            annotation.Rect = Array(_box(annotation))
            element = tree.keys.get(int(annotation.get(Name.StructParent, -1)))
            if element is None or element.objgen not in tree.alive:
                _discard_annotation(tree, page.obj, annotation)


PASSES: tuple[Callable[[Tree], None], ...] = (
    _tie_links,
    _drop_decoration,
    _join_lines,
    _wrap_list_bodies,
    _scope_headers,
    _tag_notes,
    _place_figures,
    _prune,
    _name_elements,
    _mark_artifacts,
    _finish_annotations,
)


def _is_element(item: Object | int) -> bool:
    # A reference to an object or to marked content has no kind.
    return not isinstance(item, int) and "/S" in item


def _is(item: Object | int, *kinds: Name) -> bool:
    return _is_element(item) and not isinstance(item, int) and item.S in kinds


def _kids(element: Object) -> list[Object]:
    return [kid for kid in element["/K"] if _is_element(kid)]


def _below(element: Object) -> Iterator[Object]:
    """Yield every element in this one, parents first."""
    stack = list(reversed(_kids(element)))
    while stack:
        kid = stack.pop()
        yield kid
        stack += reversed(_kids(kid))


def _remove(element: Object) -> None:
    parent = element.P
    parent.K = Array([kid for kid in parent.K if kid != element])


def _is_link_reference(item: Object | int) -> bool:
    if isinstance(item, int) or item.get(Name.Type, "") != "/OBJR":
        return False
    return bool(item.Obj.Subtype == "/Link")


def _target(link: Object) -> str:
    """Return where a Link leads: an anchor, or a URL; "" if it has no annotation."""
    reference = next((kid for kid in link.K if _is_link_reference(kid)), None)
    if reference is None:
        return ""
    if Name.Dest in reference.Obj:
        return str(reference.Obj.Dest)
    return str(reference.Obj.A.get(Name.URI, "")).removeprefix(TARGET)


def _discard_annotation(tree: Tree, page: Object, annotation: Object) -> None:
    page.Annots = Array([a for a in page.Annots if a != annotation])
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
