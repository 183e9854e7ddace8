"""What an author's own MathML must be to be drawn, and what to say where it is not.

What goes in: a <math> element. What comes out: the same as its drawing shows it, or a
ValueError with a sentence. The drawing's engine, which is ziamath, tells neither.
https://www.w3.org/TR/MathML3/chapter3.html#presm.reqarg
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from memobook.book.tree import Child, Node, nodes, rewrite, text_of

__all__ = ["check", "check_places", "drawable", "reason_of", "unheard"]

# How many elements must stand in it?
_PARTS = {
    "mfrac": 2,
    "mover": 2,
    "mroot": 2,
    "msub": 2,
    "msubsup": 3,
    "msup": 2,
    "munder": 2,
    "munderover": 3,
}

_SCRIPT = "<(?!mprescripts)[a-z]+>"
_SCRIPTS = f"({_SCRIPT}{_SCRIPT})*"
# What must stand in it, in its order?
_HELD = {
    "mmultiscripts": f"{_SCRIPT}{_SCRIPTS}(<mprescripts>{_SCRIPTS})?",
    "mtable": "(<mtr>)*",
    "mtr": "(<mtd>)*",
    "semantics": "<(?!annotation)[a-z]+>(<annotation>)*",
}
# And where alone may some stand?
_HOLDERS = {
    "annotation": "semantics",
    "mprescripts": "mmultiscripts",
    "mtd": "mtr",
    "mtr": "mtable",
    "none": "mmultiscripts",
}

_TOKENS = frozenset(["mi", "mn", "mo", "ms", "mtext"])
"""Which hold words and signs?"""


def drawable(math: Node) -> Node:
    """Return a formula without what is no part of its picture.

    An annotation says the formula once more, in TeX, say.
    """
    return rewrite(math, _without_annotations)


def _without_annotations(node: Node) -> Child:
    if node.tag != "semantics":
        return node
    kept = (c for c in node.children if not _is_annotation(c))
    return replace(node.with_children(kept), tag="mrow", attributes=())


def _is_annotation(child: Child) -> bool:
    return isinstance(child, Node) and child.tag == "annotation"


def check(math: Node) -> None:
    """Raise ValueError, with a sentence, if not all of a formula can be drawn."""
    if not text_of(math).strip():
        message = "it is empty; HTML within <math> ends it"
        raise ValueError(message)
    for node in nodes(math):
        has = sum(isinstance(c, Node) for c in node.children)
        needed = _PARTS.get(node.tag, has)
        if has != needed:
            message = f"<{node.tag}> needs {needed} elements in it and has {has}"
            raise ValueError(message)
        bare = "".join(c for c in node.children if isinstance(c, str)).strip()
        if bare and node.tag not in _TOKENS:
            message = f"“{bare[:30]}” stands in no <mi>, <mn>, <mo> or <mtext>"
            raise ValueError(message)


def check_places(math: Node) -> None:
    """Raise ValueError, with a sentence, if something stands where it may not."""
    for node in nodes(math):
        tags = [c.tag for c in node.children if isinstance(c, Node)]
        for tag in tags:
            if _HOLDERS.get(tag, node.tag) != node.tag:
                message = f"<{tag}> stands in no <{_HOLDERS[tag]}>"
                raise ValueError(message)
        held = _HELD.get(node.tag)
        if held and not re.fullmatch(held, "".join(f"<{tag}>" for tag in tags)):
            message = f"<{node.tag}> does not hold what it must"
            raise ValueError(message)


def reason_of(error: Exception) -> str:
    """Return a sentence for whatever the engine raised."""
    said = " ".join(str(error).split()).rstrip(".")
    if isinstance(error, SyntaxError) or len(said.split()) < 3:
        return "there is something in it that no drawing is known for"
    return said


@contextmanager
def unheard() -> Iterator[None]:
    """Keep what an engine logs from the console, which is for diagnostics."""
    root, nowhere = logging.getLogger(), logging.NullHandler()
    root.addHandler(nowhere)
    try:
        yield
    finally:
        root.removeHandler(nowhere)
