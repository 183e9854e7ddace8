"""Mend the structure tree that WeasyPrint 70 gives a sheet, so that it is PDF/UA-1.

What goes in: the tagged PDF of one section, just written. It is changed in place, by
PASSES. WeasyPrint makes one element for each box, which is nearly right: what is wrong
is said at each pass.

ISO 32000-1, 14.7 and 14.8; the Matterhorn Protocol, https://pdfa.org/resource/the-matterhorn-protocol/
"""

from __future__ import annotations

import re
from collections.abc import Callable

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

from memobook.outputs.pdf.elements import Tree, below, is_a, is_element, remove
from memobook.outputs.pdf.ties import (
    finish_annotations,
    join_lines,
    target_of,
    tie_links,
)

__all__ = ["PASSES", "mend"]

_POINTS = 0.75
"""PDF points in a CSS pixel."""

# What memobook names its calls and notes; a heading "Note 1" gets another name.
_CALL = re.compile(r"__call-(\d+)(-\d+)?$")
_NOTE = re.compile(r"__note-\d+$")


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


def _drop_decoration(tree: Tree) -> None:
    """Take pictures without alternative text out of the tree: they say nothing."""
    for figure in tree.of(Name.Figure):
        if Name.Alt not in figure:
            remove(figure)


def _wrap_list_bodies(tree: Tree) -> None:
    """Put what stands beside the label of a list item into its body."""
    for item in tree.of(Name.LI):
        labels = [kid for kid in item.K if is_a(kid, Name.Lbl)]
        rest = [kid for kid in item.K if not is_a(kid, Name.Lbl)]
        if all(is_a(kid, Name.LBody) for kid in rest):
            continue
        body = tree.make(Name.LBody, item, item.Pg)
        for kid in rest:
            tree.adopt(body, list(kid.K) if is_a(kid, Name.LBody) else [kid])
        item.K = Array([*labels, body])


def _scope_headers(tree: Tree) -> None:
    """Say of each header cell whether it heads a column or a row."""
    for cell in tree.of(Name.TH):
        row = cell.P
        is_head = all(is_a(kid, Name.TH) for kid in row.K)
        is_column = is_head or is_a(row.P, Name.THead)
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
        target = target_of(link)
        if _NOTE.search(target):
            _wrap(tree, link, Name.Reference)
        elif _CALL.search(target):
            _tag_note(tree, link, _CALL.sub(r"__note-\1", target))


def _tag_note(tree: Tree, link: Object, name: str) -> None:
    element = link.P
    while is_element(element) and not is_a(element, Name.Note, Name.LBody):
        above = element.P
        is_foot = is_a(above, Name.NonStruct) and tree.document == above.P
        if is_foot or (is_a(element, Name.NonStruct) and is_a(above, Name.Sect)):
            break
        element = above
    # A note with two calls has two links back.
    if not is_element(element) or is_a(element, Name.Note):
        return
    while name in tree.ids:  # printed again on another page
        name += "-again"
    if is_a(element, Name.LBody):
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
    for element in reversed(list(below(tree.document))):
        key = element.objgen
        if gone := empty.pop(key, None):
            _remove_all(element, gone)
        if len(element.K) > 0 or is_a(element, Name.TD, Name.TH):
            tree.alive.add(key)
        else:
            empty.setdefault(element.P.objgen, set()).add(key)
    _remove_all(tree.document, empty.get(tree.document.objgen, set()))


def _remove_all(parent: Object, kids: set[tuple[int, int]]) -> None:
    """Remove kids at once: one by one costs their square on a page of many."""
    kept = [kid for kid in parent.K if not is_element(kid) or kid.objgen not in kids]
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


PASSES: tuple[Callable[[Tree], None], ...] = (
    tie_links,
    _drop_decoration,
    join_lines,
    _wrap_list_bodies,
    _scope_headers,
    _tag_notes,
    _place_figures,
    _prune,
    _name_elements,
    _mark_artifacts,
    finish_annotations,
)
