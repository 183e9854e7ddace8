"""Give the constructs of Markdown one shape each, whatever extension made them.

What goes in: the tree as Python-Markdown and its extensions leave it. What comes out:
figures with their caption, tables with theirs, callouts, code. No numbers are given.
"""

from __future__ import annotations

import re

from memobook.book.attributes import own_classes
from memobook.book.captions import with_one_caption
from memobook.book.figures import credited, described, parted, with_credit, with_line
from memobook.book.tables import spanned, with_parts_in_order
from memobook.book.tree import Child, Node, nodes, rewrite

__all__ = ["WORD", "shape"]


def shape(root: Node) -> Node:
    """Return the tree with every construct in its one shape."""
    return described(rewrite(root, _shape_one))


def _shape_one(node: Node) -> Child | tuple[Child, ...]:
    node = described(node)
    change = _SHAPES.get(node.tag)
    return change(node) if change else node


def _figure(node: Node) -> Node:
    return with_one_caption(_whole(node))


def _table(node: Node) -> Node:
    return with_one_caption(spanned(with_parts_in_order(node)))


def _whole(node: Node) -> Node:
    """Put a table's caption into the table; a picture needs no paragraph."""
    blocks = [c for c in node.children if isinstance(c, Node)]
    table = next((b for b in blocks if b.tag == "table"), None)
    caption = next((b for b in blocks if b.tag == "figcaption"), None)
    # A caption with a table in it, as of a /// that is not closed, is no table's.
    if (
        table is None
        or caption is None
        or any(n.tag == "table" for n in nodes(caption))
    ):
        whole = node.with_children(c for b in node.children for c in _picture(b))
        named = _named_by_picture(_named_by_caption(parted(whole), caption))
        lines = (b for b in named.children if isinstance(b, Node) and b.tag == "p")
        line = next((b for b in lines if b.classes == ("credit",)), None)
        return with_line(named, line) if line and caption else named
    title = Node("caption", caption.attributes, caption.children, caption.span)
    # One that it has comes before one that stands below it.
    rest = [c for c in table.children if c != "\n"]
    at = sum(isinstance(c, Node) and c.tag == "caption" for c in rest)
    content = (*rest[:at], title, *rest[at:])
    attributes = {**dict(table.attributes), **dict(node.attributes)}
    whole = Node("table", tuple(attributes.items()), content, table.span)
    return _named_by_caption(whole, title)


# What may stand at the end of a caption: {#tbl:regimes .wide}
_NAMES = re.compile(r"\s*\{:?\s*((?:[#.][\w:.-]+\s*)+)\}\s*$")


def _named_by_caption(whole: Node, caption: Node | None) -> Node:
    """Give a figure or table the name and classes that end its caption."""
    if caption is None:
        return whole
    # Behind its text there may be the credit.
    at = next((i for i in (-1, -2) if _ends_with_names(caption.children, i)), 0)
    last = caption.children[at] if at else ""
    found = _NAMES.search(last) if isinstance(last, str) else None
    if found is None or not isinstance(last, str):
        return whole
    if own_classes(whole.tag) & {name[1:] for name in found[1].split()}:
        return whole  # they stay words, which an author sees
    rest = list(caption.children)
    rest[at] = last[: found.start()] + (" " if at < -1 else "")
    short = caption.with_children(rest)
    whole = whole.with_children(short if c is caption else c for c in whole.children)
    for name in found[1].split():
        is_id = name.startswith("#")
        whole = (
            whole.with_items({"id": name[1:]}) if is_id else whole.with_class(name[1:])
        )
    return whole


def _ends_with_names(children: tuple[Child, ...], at: int) -> bool:
    child = children[at] if len(children) >= -at else None
    return isinstance(child, str) and bool(_NAMES.search(child))


def _named_by_picture(figure: Node) -> Node:
    """Give a figure the name of its only picture: ![...](a.png "...") {#fig:a}."""
    images = [c for c in figure.children if isinstance(c, Node) and c.tag == "img"]
    if len(images) != 1 or figure.has("id") or not images[0].has("id"):
        return figure
    bare = images[0].with_items({"id": None})
    named = figure.with_items({"id": images[0].get("id")})
    return named.with_children(bare if c is images[0] else c for c in named.children)


def _picture(child: Child) -> tuple[Child, ...]:
    """Return the content of the figure that a lone picture in a figure became."""
    is_figure = isinstance(child, Node) and child.tag == "figure"
    return child.children if isinstance(child, Node) and is_figure else (child,)


def _unwrapped(caption: Node) -> tuple[Child, ...]:
    """Return a caption's content without the paragraph around a single one."""
    blocks = [c for c in caption.children if isinstance(c, Node) or c.strip()]
    blocks, credit = credited(blocks)
    only = blocks[0] if len(blocks) == 1 else None
    if isinstance(only, Node) and only.tag == "p":
        return (*only.children, *credit)
    return (*blocks, *credit) if credit else caption.children


def _figcaption(node: Node) -> Node:
    return node.with_children(_unwrapped(node))


def _paragraph(node: Node) -> Node | tuple[Child, ...]:
    """Make a figure of a paragraph that is one picture, and nothing of an empty one."""
    parts = [c for c in node.children if not isinstance(c, str) or c.strip()]
    if not parts and not node.attributes:
        return ()
    image = parts[0] if len(parts) == 1 else None
    if not isinstance(image, Node) or image.tag != "img":
        return node
    title = image.get("title")
    caption = (Node("figcaption", (), (title,), image.span),) if title else ()
    content = (image.with_attributes(title=None), *caption)
    return with_credit(_named_by_picture(Node("figure", (), content, image.span)))


def _div(node: Node) -> Node | tuple[Child, ...]:
    if "admonition" in node.classes:
        kinds = (f"callout-{c}" for c in node.classes if c != "admonition")
        names = " ".join(("callout", *kinds))
        return node.with_attributes(_class=names, role="note").with_children(
            _callout_title(c, node.classes) for c in node.children
        )
    if "highlight" in node.classes:
        return tuple(c for c in node.children if isinstance(c, Node))
    return node


# Which kinds of callouts have a title in the book's language, as on GitHub?
_CALLOUTS = frozenset("note tip important warning caution".split())

WORD = "data-word"
"""The attribute of an element that says one of the book's built-in words."""


def _callout_title(child: Child, kinds: tuple[str, ...]) -> Child:
    if not isinstance(child, Node) or "admonition-title" not in child.classes:
        return child
    title = child.with_attributes(_class="callout-title")
    kind = next((kind for kind in kinds if kind in _CALLOUTS), "")
    if kind and child.children == (kind.title(),):
        return Node("p", (*title.attributes, (WORD, f"callout_{kind}")), (), child.span)
    return title


def _pre(node: Node) -> Node:
    """Pygments puts an empty span before the code, for browsers of long ago."""
    children = [c for c in node.children if c != Node("span")]
    if children and isinstance(children[0], str):
        # An HTML reader drops a line end at the start of <pre>, an XML reader keeps it.
        children[0] = children[0].removeprefix("\n")
    return node.with_children(children)


def _th(node: Node) -> Node:
    return node if node.has("scope") else node.with_attributes(scope="col")


_SHAPES = {
    "div": _div,
    "figcaption": _figcaption,
    "figure": _figure,
    "p": _paragraph,
    "pre": _pre,
    "table": _table,
    "th": _th,
}
