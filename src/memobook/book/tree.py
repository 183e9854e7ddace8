"""The text of a memo as a frozen tree of XHTML elements that know their place.

A node's children are nodes and strings in reading order; there is no second place for
text. A pass makes a new tree with `rewrite`, so that a tree can be shared and cached.
No meaning lives here: what a link or a note is, the passes know.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from html import escape

from memobook.diagnostics import Span

__all__ = [
    "HEADINGS",
    "VOID",
    "Child",
    "Node",
    "line_of",
    "nodes",
    "rewrite",
    "serialize",
    "text_of",
]

# Which elements never have content, so that `<br/>` means the same to an HTML and an
# XML reader? https://html.spec.whatwg.org/multipage/syntax.html#void-elements
VOID = frozenset(
    "area base br col embed hr img input link meta param source track wbr".split()
)


@dataclass(frozen=True, slots=True, init=False)
class Node:
    """One element."""

    tag: str
    """The local name, in lower case but for SVG and MathML."""
    attributes: tuple[tuple[str, str], ...] = ()
    """In document order."""
    children: tuple[Child, ...] = ()
    """Nodes and non-empty strings."""
    span: Span | None = None
    """Where the author wrote it; None where that is not known."""

    def __init__(
        self,
        tag: str,
        attributes: tuple[tuple[str, str], ...] = (),
        children: tuple[Child, ...] = (),
        span: Span | None = None,
    ) -> None:
        # As a dataclass does it takes half as long again, and a book has 100,000.
        _set_tag(self, tag)
        _set_attributes(self, attributes)
        _set_children(self, children)
        _set_span(self, span)

    def __reduce__(self) -> tuple[type[Node], tuple[object, ...]]:
        """Go from process to process in half the time that a dataclass takes."""
        return Node, (self.tag, self.attributes, self.children, self.span)

    def get(self, name: str, default: str = "") -> str:
        """Return an attribute's value."""
        for key, value in self.attributes:
            if key == name:
                return value
        return default

    def has(self, name: str) -> bool:
        """Tell whether the attribute is there, with whatever value."""
        for key, _ in self.attributes:  # noqa: SIM110 (any() costs three times as much)
            if key == name:
                return True
        return False

    @property
    def classes(self) -> tuple[str, ...]:
        """The class names, in order."""
        return tuple(self.get("class").split())

    def with_attributes(self, **changes: str | None) -> Node:
        """Return a copy with attributes set, or removed where the value is None.

        An underscore in a keyword stands for a hyphen, a leading one for nothing.
        """
        named = {k.strip("_").replace("_", "-"): v for k, v in changes.items()}
        return self.with_items(named)

    def with_items(self, changes: Mapping[str, str | None]) -> Node:
        """Return a copy with attributes set, or removed where the value is None."""
        merged: dict[str, str | None] = {**dict(self.attributes), **changes}
        kept = tuple((k, v) for k, v in merged.items() if v is not None)
        return Node(self.tag, kept, self.children, self.span)

    def with_class(self, name: str) -> Node:
        """Return a copy that has the class."""
        if name in self.classes:
            return self
        return self.with_attributes(_class=" ".join((*self.classes, name)))

    def with_children(self, children: Iterable[Child]) -> Node:
        """Return a copy with other content."""
        return Node(self.tag, self.attributes, joined(children), self.span)


_set_tag, _set_attributes, _set_children, _set_span = (
    vars(Node)[field.name].__set__ for field in fields(Node)
)

Child = Node | str

HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())


def joined(children: Iterable[Child]) -> tuple[Child, ...]:
    """Return children with neighbouring strings made one, and empty ones left out."""
    out: list[Child] = []
    for child in children:
        if child == "":
            continue
        if isinstance(child, str) and out and isinstance(out[-1], str):
            out[-1] += child
        else:
            out.append(child)
    return tuple(out)


def nodes(root: Child) -> Iterator[Node]:
    """Yield every node in document order, the root first."""
    if isinstance(root, Node):
        stack = [root]
        while stack:
            node = stack.pop()
            yield node
            for child in reversed(node.children):
                if isinstance(child, Node):
                    stack.append(child)


def text_of(
    child: Child | Iterable[Child], *, without: frozenset[str] = frozenset()
) -> str:
    """Return the text, leaving out the elements whose tags are in `without`.

    Of a formula, what is said instead of it.
    """
    out: list[str] = []
    _read(child, without, out)
    return "".join(out)


# No line ends at these.
_SPACES = re.compile(r"[^\S\xa0\u202f]+")


def line_of(child: Child | Iterable[Child]) -> str:
    """Return the text in one line, with single spaces, as of a title."""
    return _SPACES.sub(" ", text_of(child)).strip(" ")


def _read(
    child: Child | Iterable[Child], without: frozenset[str], out: list[str]
) -> None:
    if isinstance(child, str):
        out.append(child)
    elif not isinstance(child, Node):
        for each in child:
            _read(each, without, out)
    elif child.tag == "math" and child.has("alttext"):
        out.append(child.get("alttext"))
    elif child.tag not in without:
        for each in child.children:
            if isinstance(each, str):
                out.append(each)
            else:
                _read(each, without, out)


def rewrite(node: Node, change: Callable[[Node], Child | tuple[Child, ...]]) -> Node:
    """Return the tree with every node below the root replaced, the deepest first.

    `change` gets a node whose children are done, and returns what stands in its place:
    a node, a string, or several of them; () removes it. An unchanged node is shared.
    """
    children: list[Child] | None = None
    for index, child in enumerate(node.children):
        if isinstance(child, str):
            if children is not None:
                children.append(child)
            continue
        new = change(rewrite(child, change) if child.children else child)
        if children is None:
            if new is child:
                continue
            children = list(node.children[:index])
        if isinstance(new, tuple):
            children += new
        else:
            children.append(new)
    return node if children is None else node.with_children(children)


def serialize(child: Child | Iterable[Child]) -> str:
    """Return polyglot markup: the same tree to an XML reader and to an HTML one.

    An lxml or html5 serializer does one of the two; WeasyPrint reads HTML and an EPUB
    is XML. https://www.w3.org/TR/html-polyglot/
    """
    out: list[str] = []
    _write(child, out)
    return "".join(out)


def _write(child: Child | Iterable[Child], out: list[str]) -> None:
    if isinstance(child, str):
        out.append(_text(child))
    elif isinstance(child, Node):
        start = child.tag
        for name, value in child.attributes:
            start += f' {name}="{_value(value)}"'
        if child.tag in VOID:
            out.append(f"<{start}/>")
            return
        out.append(f"<{start}>")
        for each in child.children:
            if isinstance(each, str):
                out.append(_text(each) if _SIGN_OF_TEXT.search(each) else each)
            else:
                _write(each, out)
        out.append(f"</{child.tag}>")
    else:
        for each in child:
            _write(each, out)


# Most texts have none of these: one look instead of six.
_SIGN_OF_TEXT = re.compile("[&<>\r]")
_SIGN = re.compile("[&<>\"'\n\r\t]")


def _text(text: str) -> str:
    # A reader of XML or HTML would make a line end of a bare carriage return.
    return escape(text, quote=False).replace("\r", "&#13;")


def _value(text: str) -> str:
    if not _SIGN.search(text):
        return text
    # In an attribute a reader of XML would make spaces of these.
    plain = escape(text).replace("\n", "&#10;")
    return plain.replace("\r", "&#13;").replace("\t", "&#9;")
