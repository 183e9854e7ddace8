"""Give figures what they may have beside a caption: credits, descriptions, parts.

What goes in: figures as shapes.py makes them, and a book whose anchors have names. What
comes out: credit lines as <span class="credit">, long descriptions as <details> that
the picture knows, and pictures side by side as figures in a figure, with letters.
"""

from __future__ import annotations

import re
from dataclasses import replace

from memobook.book.marks import lacks
from memobook.book.model import Book, Memo
from memobook.book.numerals import letters
from memobook.book.outline import PART, own_anchor
from memobook.book.tree import Child, Node, nodes, rewrite

__all__ = [
    "credited",
    "described",
    "letter_figures",
    "link_descriptions",
    "parted",
    "with_credit",
    "with_line",
]

_CREDIT = re.compile(r"\s*\{:?\s*\.credit\s*\}\s*$")
_DESCRIBED = frozenset(["figure", "table"])


# Credits


def credited(blocks: list[Child]) -> tuple[list[Child], tuple[Child, ...]]:
    """Part a caption's blocks from the credit that ends them: Photo: X {.credit}."""
    last = blocks[-1] if len(blocks) > 1 else None
    end = last.children[-1] if isinstance(last, Node) and last.children else None
    if not isinstance(last, Node) or not isinstance(end, str):
        return blocks, ()
    found = _CREDIT.search(end)
    if found is None:
        return blocks, ()
    content = last.with_children((*last.children[:-1], end[: found.start()])).children
    return blocks[:-1], (" ", Node("span", (("class", "credit"),), content))


def with_credit(figure: Node) -> tuple[Node, ...]:
    """Return a figure with its picture's credit: ![...](a.jpg){credit="X"}.

    It ends the caption; without one it stands below the figure.
    """
    image = next((c for c in figure.children if _is(c, "img")), None)
    if not isinstance(image, Node) or not image.has("credit"):
        return (figure,)
    text = image.get("credit")
    bare = image.with_attributes(credit=None)
    figure = figure.with_children(bare if c is image else c for c in figure.children)
    line = Node("p", (("class", "credit"),), (text,))
    if any(_is(c, "figcaption") for c in figure.children):
        return (with_line(figure, line),)
    return figure, line


def with_line(figure: Node, line: Node) -> Node:
    """Return a figure whose caption ends with a line of credit."""
    short = Node("span", line.attributes, line.children)
    return figure.with_children(
        c.with_children((*c.children, " ", short))
        if isinstance(c, Node) and c.tag == "figcaption"
        else c
        for c in figure.children
        if c is not line
    )


# Descriptions


def described(node: Node) -> Node:
    """Return a node in which long descriptions are <details>."""
    for child in node.children:
        if isinstance(child, Node) and _is_description(child):
            return node.with_children(map(_details, node.children))
    return node


def _is_description(node: Node) -> bool:
    return node.tag == "div" and node.classes == ("description",)


def _details(child: Child) -> Child:
    if not isinstance(child, Node) or not _is_description(child):
        return child
    summary = Node("summary", (("data-kind", "description"),))
    attributes = (("class", "description"),)
    return Node("details", attributes, (summary, *child.children), child.span)


def link_descriptions(book: Book) -> Book:
    """Tell each picture where its long description is."""
    linked = (m if lacks(m, ["description"]) else _with_linked(m) for m in book.memos)
    return replace(book, memos=tuple(linked))


def _with_linked(memo: Memo) -> Memo:
    count = 0

    def link(node: Node) -> Node:
        nonlocal count
        if not any(_is(c, "details") for c in node.children):
            return node
        children = list(node.children)
        before: int | None = None
        for index, child in enumerate(children):
            if not isinstance(child, Node):
                continue
            if child.tag == "details" and child.classes == ("description",):
                count += 1
                name = own_anchor(memo.id, f"description-{count}")
                children[index] = child.with_attributes(id=name)
                figure = None if before is None else children[before]
                if before is not None and isinstance(figure, Node):
                    children[before] = _pointing(figure, name)
            if child.classes != ("credit",):
                before = index if child.tag in _DESCRIBED else None
        return node.with_children(children)

    return replace(memo, body=link(rewrite(memo.body, link)))


def _pointing(figure: Node, name: str) -> Node:
    if figure.tag == "table":
        return figure.with_attributes(aria_details=name)
    first = next((n for n in nodes(figure) if n.tag in {"img", "svg"}), None)
    pointed = first.with_attributes(aria_details=name) if first else None
    return rewrite(figure, lambda n: pointed if pointed and n is first else n)


# Parts


def parted(figure: Node) -> Node:
    """Return a figure whose pictures side by side are figures with captions."""
    return figure.with_children(map(_parts, figure.children))


def _parts(child: Child) -> Child:
    if not isinstance(child, Node) or child.tag != "p":
        return child
    content = [c for c in child.children if isinstance(c, Node) or c.strip()]
    images = [c for c in content if isinstance(c, Node) and c.tag == "img"]
    if len(images) < 2 or len(images) < len(content):
        return child
    return Node("div", (("class", "parts"),), tuple(map(_part, images)), child.span)


def _part(image: Node) -> Node:
    title = image.get("title")
    caption = Node("figcaption", (("class", "part"),), (title,) if title else ())
    name = (("id", image.get("id")),) if image.has("id") else ()
    bare = image.with_attributes(title=None, id=None)
    return Node("figure", (("class", "part"), *name), (bare, caption), image.span)


def letter_figures(book: Book) -> Book:
    """Give the parts of numbered figures their letters: 3a and 3b."""

    def letter(node: Node) -> Node:
        is_whole = any(_is(c, "div") and _parts_of(c) for c in node.children)
        return _lettered(node) if node.tag == "figure" and is_whole else node

    memos = (
        m if lacks(m, ["parts"]) else replace(m, body=rewrite(m.body, letter))
        for m in book.memos
    )
    return replace(book, memos=tuple(memos))


def _parts_of(child: Child) -> bool:
    return isinstance(child, Node) and child.classes == ("parts",)


def _lettered(figure: Node) -> Node:
    captions = (c for c in figure.children if _is(c, "figcaption"))
    own = next((c for c in captions if isinstance(c, Node)), None)
    number = own.get("data-number") if own else ""
    count = 0

    def letter(node: Node) -> Node:
        nonlocal count
        if node.classes != ("part",):
            return node
        if node.tag == "figcaption":
            count += 1
            sign = f"({letters(count).lower()})"
            return node.with_items({"data-kind": "", "data-number": sign})
        # The caption stands in the figure, and so comes first.
        return node.with_items({PART: f"{number}{letters(count).lower()}"})

    return rewrite(figure, letter)


def _is(child: Child, tag: str) -> bool:
    return isinstance(child, Node) and child.tag == tag
