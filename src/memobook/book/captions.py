"""Give a figure or table one caption, where HTML has a place for it.

What goes in: a figure or table as it was written, maybe with a title, a caption and
another one. What comes out: one with all their words in one caption.
https://html.spec.whatwg.org/multipage/grouping-content.html#the-figure-element
"""

from __future__ import annotations

from memobook.book.tree import Child, Node

__all__ = ["CAPTIONS", "with_one_caption"]

CAPTIONS = frozenset(["caption", "figcaption"])


def with_one_caption(whole: Node) -> Node:
    """Return a figure or table whose captions are one, each on a line of its own."""
    captions = [c for c in whole.children if isinstance(c, Node) and c.tag in CAPTIONS]
    if len(captions) > 1:
        whole = _joined(whole, captions)
    return _with_caption_outside(whole) if whole.tag == "figure" else whole


def _joined(whole: Node, captions: list[Node]) -> Node:
    first, *others = captions
    lines: list[Child] = [*first.children]
    attributes = dict(first.attributes)
    for caption in others:
        lines += [Node("br"), *caption.children]
        attributes = {**dict(caption.attributes), **attributes}
    one = Node(first.tag, tuple(attributes.items()), (*lines,), first.span)
    return whole.with_children(
        one if child is first else child
        for child in whole.children
        if not any(child is other for other in others)
    )


def _with_caption_outside(figure: Node) -> Node:
    """Return a figure whose caption is its first or last element, as it must be."""
    said = [c for c in figure.children if isinstance(c, Node) or c.strip()]
    caption = next((c for c in said if isinstance(c, Node) and c.tag in CAPTIONS), None)
    if caption is None or caption is said[0] or caption is said[-1]:
        return figure
    rest = (child for child in figure.children if child is not caption)
    return figure.with_children((*rest, caption))
