"""Find where the HTML in a text was written.

What goes in: the tree of an HTML parser, and the lines that Markdown made it of. What
comes out: the place of each tag and attribute that may have to be refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from memobook.book.attributes import OWN_CLASSES
from memobook.book.drawable import XLINK
from memobook.book.glossary import TERM
from memobook.book.index import MARKED
from memobook.book.positions import BLOCK, unmark
from memobook.diagnostics import Span

__all__ = ["CLASSES", "VALUED", "raw_places", "space_and_name"]


def raw_places(
    body: Element, lines: list[str], path: str
) -> dict[tuple[Element, str], Span]:
    """Return where raw HTML was written: element and "<" or attribute -> its place.

    `lines` are the prose of the text.

    Markdown makes no such element or attribute, so that the third one in the tree is
    the third one in the text. Where the numbers differ, nothing is guessed.
    """
    written: dict[str, list[Span]] = {}
    plain = "\n".join(lines)
    for name, start in _names(plain):
        line = plain.count("\n", 0, start) + 1
        column = start - plain.rfind("\n", 0, start)
        written.setdefault(name, []).append(Span(path, line, column, len(name)))
    seen: dict[str, list[tuple[Element, str]]] = {name: [] for name in written}
    for name, key in _parts(body) if written else ():
        if name in seen:
            seen[name].append(key)
    return {
        key: span
        for name, keys in seen.items()
        if len(keys) == len(written.get(name, ()))
        for key, span in zip(keys, written[name], strict=True)
    }


def _parts(body: Element) -> Iterator[tuple[str, tuple[Element, str]]]:
    """Yield the tags and attributes of a tree, by their names in the text."""
    for element in body.iter():
        if isinstance(element.tag, str):
            sign = _BLOCK_SIGN if BLOCK in element.items() else "<"
            yield f"{sign}{space_and_name(element)[1]}".lower(), (element, "<")
            for name, value in element.items():
                written = unmark(name).replace(XLINK, "xlink:").lower()
                yield _named(written, value), (element, name)
                for kind in value.split() if name == "class" else ():
                    if shown := CLASSES.get(kind):
                        yield shown, (element, shown)


VALUED = MARKED | {TERM}
CLASSES = {name: f".{name}" for name in ("index", TERM, *sorted(OWN_CLASSES))}
"""Class of words that memobook understands -> as an author writes it."""


def _named(name: str, value: str) -> str:
    """Return what an attribute is found by: a term's also by its value.

    In the text a footnote stands somewhere, and in the tree at the end.
    """
    return f"{name}={unmark(value)}" if name in VALUED else name


_BLOCK_SIGN = "html | "
_MAY_BE_BLOCK = re.compile(r"///+[ ]*html")
_BLOCK = re.compile(r"(?m)^[^/\n]*/{3,}[ ]*(html[ ]*\|[ ]*((?:\\.|[^\s#.\[\\])+))")
# A tag, or a list of attributes in braces; and the names of the attributes in either.
_TAG = re.compile(r"""<[A-Za-z](?:[^<>"']|"[^"]*"|'[^']*')*>?|\{:?[^{}\n]*\}""")
_ATTRIBUTE = re.compile(
    r"""([^\s"'<>/={}:][^\s"'<>/={}]*)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s>}]*))?"""
)


def _names(text: str) -> Iterator[tuple[str, int]]:
    """Yield names of tags ("<div") and attributes in lower case, with their offsets.

    Of a block that is to become a tag, "html | div".
    """
    for block in _BLOCK.finditer(text) if _MAY_BE_BLOCK.search(text) else ():
        yield f"{_BLOCK_SIGN}{block[2]}".lower(), block.start(1)
    for tag in _TAG.finditer(text):
        start = tag.start()
        name = re.match(r"<[^\s/>]+", tag[0])
        if name:
            yield name[0].lower(), start
            start += name.end()
        for attribute in _ATTRIBUTE.finditer(text, start, tag.end()):
            value = (attribute[2] or "").strip("\"'")
            yield _named(attribute[1].lower(), value), attribute.start()


def space_and_name(element: Element) -> tuple[str, str]:
    """Return an element's namespace, empty for HTML, and its local name."""
    # The name itself may hold braces, as the author wrote it.
    if not element.tag.startswith("{"):
        return "", element.tag
    space, _, name = element.tag[1:].partition("}")
    return space, name
