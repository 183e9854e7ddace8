"""Draw diagrams that are written in words. The only module that knows mmdr.

What goes in: the tree of a text with fences of Mermaid's language. What comes out: SVG
with what to say instead of it, the same for both outputs. Nothing is fetched, and no
browser is asked.

mmdr has two engines. One says better what is wrong, the other draws with plain elements
that WeasyPrint and reading systems know, without a style sheet.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

from memobook.book.finding import Finder
from memobook.book.htmltree import body_of
from memobook.book.tree import Child, Node, nodes, rewrite, text_of
from memobook.diagnostics import Code, Reporter, Span

__all__ = ["DIAGRAM", "ENGINES", "set_diagrams"]

ENGINES = ("mmdr",)
"""The package of the extra `diagrams`: what is drawn depends on its version."""

DIAGRAM = "diagram"
"""The class of the block around a diagram."""

_PREFACE = re.compile(r"^Diagram parse error \([\w-]+\): ")
_SVG = "http://www.w3.org/2000/svg"
_JUDGE, _DRAWER = "merman", "mermaid-rs-renderer"


def set_diagrams(root: Node, text: str, whole: Span, reporter: Reporter) -> Node:
    """Return a tree whose diagrams are drawn; `text` is what it was made of."""
    if not any(_is_diagram(n) for n in nodes(root)):
        return root
    drawing = _Drawing(Finder(text, whole), reporter)
    return rewrite(root, lambda n: drawing.one(n) if _is_diagram(n) else n)


def _is_diagram(node: Node) -> bool:
    return node.tag == "div" and "mermaid" in node.classes


@dataclass(slots=True)
class _Drawing:
    """The diagrams of one text, in reading order."""

    finder: Finder
    reporter: Reporter
    count: int = 0

    def one(self, node: Node) -> Child:
        """Return a diagram as it is drawn; its text, as code, where it cannot be."""
        text = text_of(node).strip("\n")
        span = self.finder.find(text)
        alt = " ".join(node.get("alt").split())
        if not alt:
            hint = 'say in its first line what it shows: ```mermaid alt="..."'
            message = "a diagram has no alternative text"
            self.reporter.error(Code.IMAGE_WITHOUT_ALT, span, message, hint)
        try:
            drawing = _drawn(text)
        except ImportError:
            message = "diagrams need a package that is not installed"
            hint = 'type: pip install "memobook[diagrams]"'
            self.reporter.error(Code.EXTRA_MISSING, span, message, hint)
            return Node("pre", (), (Node("code", (), (text,)),), span)
        except ValueError as error:
            reason = _PREFACE.sub("", str(error).strip().rstrip("."))
            message = f"the diagram cannot be read: {reason[:1].lower()}{reason[1:]}"
            hint = "https://mermaid.js.org/intro/ describes the language"
            self.reporter.error(Code.DIAGRAM_INVALID, span, message, hint)
            return Node("pre", (), (Node("code", (), (text,)),), span)
        self.count += 1
        picture = _picture(drawing, alt, f"diagram-{self.count}-")
        names = {"class": DIAGRAM, "alt": None}
        around = Node("div", node.attributes).with_items(names)
        return Node("div", around.attributes, (picture,), span)


def _drawn(text: str) -> str:
    """Return a diagram as SVG. Raises ImportError, and ValueError with a reason."""
    # 10 MB of Rust, and few books have diagrams.
    import mmdr

    engine: Any = mmdr
    engine.render(text, backend=_JUDGE).svg()
    return str(engine.render(text, backend=_DRAWER).svg())


def _picture(drawing: str, alt: str, prefix: str) -> Node:
    """Return a drawing whose names are its own in the memo."""
    svg = _node(body_of(drawing)[0], prefix)
    own = dict(svg.attributes)
    size = {name: own[name] for name in ("width", "height", "viewBox") if name in own}
    attributes = (("xmlns", _SVG), *size.items(), ("role", "img"))
    title = Node("title", (), (alt,))
    return Node("svg", attributes, (title, *svg.children))


_NAMED = re.compile(r"url\(#([^)]*)\)")


def _node(element: Element, prefix: str) -> Node:
    children: list[Child] = [element.text or ""]
    for child in element:
        children += (_node(child, prefix), child.tail or "")
    attributes = []
    for name, value in element.items():
        if name == "id":
            attributes.append((name, prefix + value))
        elif name != "class" and not name.startswith(("data-", "{", "aria-")):
            attributes.append((name, _NAMED.sub(rf"url(#{prefix}\1)", value)))
    tag = element.tag.rpartition("}")[2]
    return Node(tag, tuple(attributes)).with_children(children)
