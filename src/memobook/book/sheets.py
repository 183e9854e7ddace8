"""Take out of a style sheet what is no CSS, so that an EPUB has none of it.

What goes in: a sheet's text. What comes out: the same where nothing has to go, else one
without its broken rules and declarations, and what these were. A browser skips them by
itself; EPUBCheck refuses the book (CSS-008). What it does not know either, and older
reading systems do not, is a rule within a rule.
https://www.w3.org/TR/css-syntax-3/ https://www.w3.org/TR/epub-33/#sec-css
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field

import tinycss2
from tinycss2.ast import AtRule, Node, ParseError, QualifiedRule

__all__ = ["DIRECTIONS", "Broken", "mended"]

_GROUPS = frozenset(["container", "layer", "media", "scope", "supports"])
_STEPS = frozenset(["keyframes", "-moz-keyframes", "-webkit-keyframes"])
"""What holds no selectors, and no rules beginning with @."""
_NAME = re.compile(r"-?[A-Za-z_][\w-]*")
_COMBINATORS = frozenset([">", "+", "~", ","])
_SIGNS = _COMBINATORS | {".", ":", "*", "|"}
_NO_SELECTOR = frozenset(["number", "percentage", "dimension", "string", "{} block"])
# Which no EPUB may hold: it says so in the text. https://www.w3.org/TR/epub-33/#sec-css
DIRECTIONS = frozenset(["direction", "unicode-bidi"])
_BLANK = frozenset(["whitespace", "comment"])


@dataclass(frozen=True, slots=True)
class Broken:
    """What was taken out of a style sheet."""

    line: int
    """1-based, as is the column."""
    column: int
    what: str
    """As it is written, short."""
    is_error: bool
    """Whether it is none of CSS by its signs alone."""


def mended(css: str) -> tuple[str, tuple[Broken, ...]]:
    """Return a sheet that is CSS as EPUB has it, and what was taken out of it.

    What only lacks its end, such as a brace, gets it without a word.
    """
    mending = _Mending()
    try:
        rules = mending.rules(tinycss2.parse_stylesheet(css))
        if mending.is_changed:
            return str(tinycss2.serialize(rules)), tuple(mending.broken)
        closed = str(tinycss2.serialize(tinycss2.parse_component_value_list(css)))
    except RecursionError:
        return "", (Broken(1, 1, "brackets in brackets in brackets", is_error=True),)
    return (closed if closed.startswith(css.rstrip()) else css), ()


@dataclass(slots=True)
class _Mending:
    is_changed: bool = False
    broken: list[Broken] = field(default_factory=list)

    def rules(self, nodes: list[Node]) -> list[Node]:
        """Return the rules of a list that may stay."""
        return [node for node in nodes if self._stays(node)]

    def _stays(self, node: Node) -> bool:
        if isinstance(node, AtRule):
            if not _is_at_rule(node):
                return self._drop(node)
            if node.content and node.lower_at_keyword in _GROUPS:
                node.content = self.rules(tinycss2.parse_rule_list(node.content))
            elif node.content and node.lower_at_keyword in _STEPS:
                steps = tinycss2.parse_rule_list(node.content)
                node.content = [step for step in steps if self._is_step(step)]
        elif isinstance(node, QualifiedRule):
            if not _is_selector(node.prelude):
                return self._drop(node)
            self._declarations(node)
        elif isinstance(node, ParseError):
            return self._drop(node)
        return True

    def _is_step(self, node: Node) -> bool:
        if isinstance(node, AtRule | ParseError):
            return self._drop(node)
        if isinstance(node, QualifiedRule):
            self._declarations(node)
        return True

    def _declarations(self, rule: QualifiedRule) -> None:
        before, kept = self.is_changed, []
        self.is_changed = _has_empty(rule.content)
        for node in tinycss2.parse_blocks_contents(rule.content):
            if node.type == "declaration":
                values = [v for v in node.value if v.type not in _BLANK]
                is_good = values and not any(v.type == "{} block" for v in values)
                is_good = is_good and node.lower_name not in DIRECTIONS
                if is_good or self._drop(node):
                    kept.append(f"{node.serialize()};")
            elif node.type not in _BLANK:
                self._drop(node)
        if self.is_changed:
            rule.content = tinycss2.parse_component_value_list(" ".join(kept))
        self.is_changed = self.is_changed or before

    def _drop(self, node: Node) -> bool:
        self.is_changed = True
        is_error = isinstance(node, ParseError)
        said = "" if is_error else " ".join(node.serialize().split())
        what = said if len(said) <= 60 else f"{said[:59]}…"
        line, column = node.source_line, node.source_column
        self.broken.append(Broken(line, column, what, is_error=is_error))
        return False


def _is_at_rule(rule: AtRule) -> bool:
    name = rule.lower_at_keyword
    if name == "charset":
        return "utf-8" in tinycss2.serialize(rule.prelude).lower()
    if name == "font-face" and ":" not in (rule.content or []):
        return False
    needs_block = name in _GROUPS - {"layer"}
    return bool(_NAME.fullmatch(rule.at_keyword)) and not (
        needs_block and rule.content is None
    )


def _has_empty(content: list[Node]) -> bool:
    """Tell whether a semicolon ends nothing."""
    before: Node | str = ";"
    for node in content:
        if node.type not in _BLANK:
            if node == ";" and before == ";":
                return True
            before = node
    return False


def _is_selector(prelude: list[Node]) -> bool:
    found = [n for n in prelude if n.type not in _BLANK]
    if not found or found[0] in (">", "+", "~", ",") or found[-1] in (*_COMBINATORS,):
        return False
    for node, after in zip(prelude, (*prelude[1:], None), strict=True):
        if node.type in _NO_SELECTOR or (
            node.type == "literal" and node.value not in _SIGNS
        ):
            return False
        if node == "." and (after is None or after.type != "ident"):
            return False
        is_name = after is not None and after.type in {"ident", "function"}
        if node == ":" and not (is_name or after == ":"):
            return False
        if node.type == "[] block" and not _is_test(node.content):
            return False
    pairs = itertools.pairwise(found)
    return not any(
        a.type == b.type == "literal"
        and a.value in _COMBINATORS
        and b.value in _COMBINATORS
        for a, b in pairs
    )


def _is_test(content: list[Node]) -> bool:
    """Tell whether the brackets of a selector hold a name, or a name and a value."""
    found = [n for n in content if n.type not in _BLANK]
    if len(found) <= 1 or found[0].type != "ident":
        return bool(found) and found[0].type == "ident"
    return any(n.type in {"ident", "string"} for n in found[1:])
