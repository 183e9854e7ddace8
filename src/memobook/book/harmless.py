"""Find what in a style sheet would load something from elsewhere, or run.

What goes in: a text of CSS, a value of it, or an address. What comes out: the same
without what does harm, and where that stood. It is read as a browser reads it, token by
token, so that an escape or a comment hides nothing.
https://www.w3.org/TR/css-syntax-3/ https://www.w3.org/TR/css-values-4/#urls
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import tinycss2
from tinycss2.ast import FunctionBlock, IdentToken, Node

__all__ = ["Offence", "harmless", "is_harmless", "is_inside", "quoted"]

# What may a drawing or a sheet hold in itself? https://www.rfc-editor.org/rfc/rfc2397
_HELD = re.compile(
    r"(?i)data:(image/(png|jpe?g|gif|webp|avif)|font/\w+"
    r"|application/(x-)?font-[\w-]+|application/vnd\.ms-fontobject)[;,]"
)
# A text without any of these cannot offend.
_SIGNS = re.compile(r"(?i)url|src|image|@|\\|expression|behavior|binding")
_ADDRESSES = frozenset(["url", "src"])
_PICTURES = frozenset(["image", "image-set", "-webkit-image-set", "cross-fade"])
"""Functions in which a string is an address."""
_RUNNING = frozenset(["behavior", "-moz-binding"])
"""Properties whose value is a program. Old browsers knew them."""


@dataclass(frozen=True, slots=True)
class Offence:
    """What was taken out of a style sheet."""

    line: int
    """1-based, as is the column."""
    column: int
    what: str
    """As it is written, short."""
    address: str = ""
    """Where it leads to; empty for what runs, and for @import."""


def quoted(text: str) -> str:
    """Return a text as a string of CSS, which it cannot end before its end.

    https://www.w3.org/TR/cssom-1/#serialize-a-string
    """
    escaped = re.sub(r'["\\<\x00-\x1f]', lambda m: f"\\{ord(m[0]):x} ", text)
    return f'"{escaped}"'


def is_inside(address: str) -> bool:
    """Tell whether an address leads to an element of the same file, or holds all."""
    return address.startswith("#") or bool(_HELD.match(address))


def is_harmless(value: str) -> bool:
    """Tell whether a value, or declarations, load and run nothing."""
    if not _SIGNS.search(value):
        return True
    return not harmless(value)[1]


def harmless(
    css: str, may_load: Callable[[str], bool] = is_inside, *, imports: bool = False
) -> tuple[str, tuple[Offence, ...]]:
    """Return a sheet without what loads or runs, and what that was.

    `may_load` tells of which addresses something may be loaded; `imports`, whether
    @import may stand, whose address is then looked at like all others. A sheet that
    does no harm comes back as it is.
    """
    if not _SIGNS.search(css):
        return css, ()
    try:
        nodes = tinycss2.parse_component_value_list(css)
        found = tuple(_offences(nodes, may_load, imports=imports))
        return (str(tinycss2.serialize(nodes)), found) if found else (css, ())
    except RecursionError:
        return "", (Offence(1, 1, "brackets in brackets in brackets"),)


def _offences(
    nodes: list[Node], may_load: Callable[[str], bool], *, imports: bool = False
) -> Iterator[Offence]:
    """Yield what does harm, and put `none` into its place."""
    index = 0
    while index < len(nodes):
        node = nodes[index]
        if node.type == "at-keyword":
            name = node.lower_value
            if name == "import" and not imports:
                yield _offence(node, "@import")
                del nodes[index : _end(nodes, index)]
                continue
            # The address of a namespace is a name, and nothing is loaded.
            index = _end(nodes, index) if name == "namespace" else index + 1
            continue
        address = _address(node)
        if (address is not None and not may_load(address)) or _runs(nodes, index):
            yield _offence(node, _said(node), address or "")
            nodes[index] = IdentToken(node.source_line, node.source_column, "none")
        else:
            for name in ("content", "arguments"):
                inner = getattr(node, name, None)
                if isinstance(inner, list):
                    yield from _offences(inner, may_load, imports=imports)
        index += 1


def _address(node: Node) -> str | None:
    """Return the address that a token loads; None if it loads nothing."""
    if node.type == "url":
        return str(node.value).strip()
    if not isinstance(node, FunctionBlock):
        return None
    name = node.lower_name
    strings = [str(n.value).strip() for n in node.arguments if n.type == "string"]
    if name in _ADDRESSES:
        return strings[0] if strings else ""
    if name in _PICTURES:
        return next((s for s in strings if not is_inside(s)), None)
    return None


def _runs(nodes: list[Node], index: int) -> bool:
    node = nodes[index]
    if isinstance(node, FunctionBlock):
        return bool(node.lower_name == "expression")
    if node.type != "ident" or node.lower_value not in _RUNNING:
        return False
    rest = (n for n in nodes[index + 1 :] if n.type not in {"whitespace", "comment"})
    return next(rest, None) == ":"


def _end(nodes: list[Node], start: int) -> int:
    """Return where an at-rule ends: behind its semicolon or block."""
    for index in range(start, len(nodes)):
        if nodes[index] == ";" or nodes[index].type == "{} block":
            return index + 1
    return len(nodes)


def _offence(node: Node, what: str, address: str = "") -> Offence:
    return Offence(node.source_line, node.source_column, what, address)


def _said(node: Node) -> str:
    text = " ".join(node.serialize().split())
    return text if len(text) <= 60 else f"{text[:59]}…"
