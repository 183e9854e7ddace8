"""Make a style sheet fit for old reading systems: no custom properties, no mistakes.

What goes in: a sheet's text and the design's tokens. What comes out: the same sheet
with every var() replaced by its value, and diagnostics for what a reading system would
ignore. What would load something, or run, goes: an EPUB has all that it shows.
https://www.w3.org/TR/css-variables-1/#using-variables
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

import tinycss2
from tinycss2.ast import AtRule, FunctionBlock, Node, ParseError, QualifiedRule

from memobook.book.harmless import harmless
from memobook.book.sheets import DIRECTIONS, mended
from memobook.design.own_styles import report_offence
from memobook.diagnostics import Code, Reporter, Span

__all__ = ["resolve"]

# Which at-rules hold rules, and not declarations?
# https://www.w3.org/TR/css-conditional-3/ and https://www.w3.org/TR/css-cascade-5/
_GROUPS = frozenset(["container", "layer", "media", "scope", "supports"])


# How tinycss2 says that something in a rule is no declaration
_NO_RULE = "reached before {} block"


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What a replacement needs to know besides the token at hand."""

    tokens: Mapping[str, str]
    path: str
    reporter: Reporter

    def span(self, node: Node, length: int = 0) -> Span:
        """Return the place of a token of the sheet."""
        return Span(self.path, node.source_line, node.source_column, length)


def resolve(css: str, tokens: Mapping[str, str], path: str, reporter: Reporter) -> str:
    """Return the sheet with the value of `tokens["name"]` for every `var(--name)`.

    Values may use var() themselves, and a fallback stands in for an unknown name.
    Reports `style-token-unknown` for a name that is none of `tokens`, or that needs
    itself, and `style-ignored` for what is not CSS; both with line and column in
    `path`. What could not be replaced stays. What would load something or run is taken
    out, and reported as `resource-remote` or `style-ignored`. A sheet without all that
    comes back as it is; in others escapes in strings are written out as characters.
    """
    css, offences = harmless(css)
    for offence in offences:
        report_offence(offence, path, reporter)
    named = {name.removeprefix("--"): value for name, value in tokens.items()}
    sheet = _Sheet(named, path, reporter)
    for place, message in _errors(tinycss2.parse_stylesheet(css)):
        reporter.error(Code.STYLE_IGNORED, sheet.span(place), message)
    whole, broken = mended(css)
    for each in broken:
        if not each.is_error:
            span = Span(path, each.line, each.column, len(each.what))
            message = f"not CSS that reading systems know: {each.what}"
            hint = "write it otherwise"
            if each.what.partition(":")[0].strip().lower() in DIRECTIONS:
                message = f"an EPUB's style sheet may not hold this: {each.what}"
                hint = "say in the text which way it runs: [words]{dir=rtl}"
            reporter.error(Code.STYLE_IGNORED, span, message, hint)
    if "var(" not in css.lower():
        return whole
    # Of the sheet as it is written, so that a token is told where it stands.
    replaced = _replace(tinycss2.parse_component_value_list(css), sheet, None, ())
    # A token's value could make of two halves what stood in none of them.
    return mended(harmless(str(tinycss2.serialize(replaced)))[0])[0]


# What is no CSS


def _errors(nodes: Iterable[Node]) -> Iterator[tuple[Node, str]]:
    """Yield place and message for errors in rules, their declarations and values."""
    for node in nodes:
        if isinstance(node, ParseError):
            yield node, _message(node)
        elif isinstance(node, (AtRule, QualifiedRule)):
            yield from _errors(node.prelude)
            yield from _body_errors(node)
        else:
            for name in ("content", "arguments", "value"):
                inner = getattr(node, name, None)
                if isinstance(inner, list):
                    yield from _errors(inner)


def _body_errors(rule: AtRule | QualifiedRule) -> Iterator[tuple[Node, str]]:
    content = rule.content or []
    if isinstance(rule, AtRule) and rule.lower_at_keyword in _GROUPS:
        yield from _errors(tinycss2.parse_rule_list(content))
        return
    for node in tinycss2.parse_blocks_contents(content):
        is_no_rule = isinstance(node, ParseError) and _NO_RULE in node.message
        # A bad declaration is tried as a nested rule, and the message says so.
        if is_no_rule and (start := _statement(content, node)):
            said = tinycss2.serialize([start]).strip()
            yield start, f"neither a declaration nor a rule begins with {said!r}"
        else:
            yield from _errors([node])


def _statement(content: list[Node], error: Node) -> Node | None:
    """Return the first token of the declaration in which an error was seen."""
    start: Node | None = None
    for node in content:
        if _position(node) > _position(error):
            break
        is_end = node.type == "{} block" or node == ";"
        if start is None and node.type not in {"whitespace", "comment"}:
            start = node
        if is_end and _position(node) < _position(error):
            start = None
    return start


def _position(node: Node) -> tuple[int, int]:
    return (node.source_line, node.source_column)


def _message(error: ParseError) -> str:
    said = str(error.message).rstrip(".")
    if _NO_RULE in said:
        said = "a rule without its block in braces"
    return f"not CSS, and ignored by reading systems: {said}"


# Custom properties


def _replace(
    nodes: Iterable[Node], sheet: _Sheet, place: Node | None, inside: tuple[str, ...]
) -> list[Node]:
    """Return tokens with every var() replaced, at whatever depth.

    `place` is the var() of the sheet whose value these tokens are, None in the sheet
    itself; `inside` are the names that are being replaced.
    """
    out: list[Node] = []
    for node in nodes:
        if isinstance(node, FunctionBlock) and node.lower_name == "var":
            out += _value(node, sheet, place or node, inside)
            continue
        for name in ("content", "arguments"):
            inner = getattr(node, name, None)
            if isinstance(inner, list):
                setattr(node, name, _replace(inner, sheet, place, inside))
        out.append(node)
    return out


def _value(
    call: FunctionBlock, sheet: _Sheet, place: Node, inside: tuple[str, ...]
) -> list[Node]:
    name, fallback = _arguments(call)
    if name in sheet.tokens and name not in inside:
        value = tinycss2.parse_component_value_list(sheet.tokens[name])
        return _replace(value, sheet, place, (*inside, name))
    if fallback is not None and name not in inside:
        return _replace(fallback, sheet, place, inside)
    _report(name, sheet, place, inside)
    return [call]


def _arguments(call: FunctionBlock) -> tuple[str, list[Node] | None]:
    """Return the name without its hyphens, and the tokens after the first comma."""
    for index, node in enumerate(call.arguments):
        if node.type == "literal" and node.value == ",":
            name = tinycss2.serialize(call.arguments[:index])
            return _bare(name), call.arguments[index + 1 :]
    return _bare(tinycss2.serialize(call.arguments)), None


def _bare(name: str) -> str:
    return name.strip().removeprefix("--")


def _report(name: str, sheet: _Sheet, place: Node, inside: tuple[str, ...]) -> None:
    if name in inside:
        message = f"the token --{name} needs its own value"
    elif inside:
        message = f"no token is called --{name}, which --{inside[-1]} needs"
    else:
        message = f"no token is called --{name}"
    near = get_close_matches(name, sheet.tokens, n=1)
    hint = f"did you mean var(--{near[0]})?" if near and name not in inside else ""
    length = 0 if inside else len(f"var(--{name})")
    span = sheet.span(place, length)
    sheet.reporter.error(Code.STYLE_TOKEN_UNKNOWN, span, message, hint)
