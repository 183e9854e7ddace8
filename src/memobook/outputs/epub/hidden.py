"""Find what of a memo a style sheet of the project hides in the EPUB.

What goes in: style sheets and pages. What comes out: an error for each rule that hides
something of the author's, with its place. Rules that hide are few, so that most books
cost no more than a look at their sheets. Built-in sheets hide nothing of an author's.

Known are `display`, `visibility`, `opacity`, `font-size` and `color`, as they are on
every screen: what a media query makes of some screens, and pictures, is not looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import cssselect2
import tinycss2
from tinycss2.ast import AtRule, Node, QualifiedRule

from memobook.checks.kept import DELIBERATE, root_of
from memobook.design.section import Stylesheet
from memobook.design.stream import MADE, bare, local_name
from memobook.diagnostics import Code, Reporter, Span

__all__ = ["report_hidden"]

_FOR_GOOD = {"display": ("none",), "opacity": ("0", "0%", "0.0", ".0")}
_INHERITED = {
    "visibility": ("hidden", "collapse"),
    "font-size": ("0", "0px", "0em", "0rem", "0pt", "0%"),
    "color": ("transparent",),
}
"""What a descendant can undo."""
_HIDING = _FOR_GOOD | _INHERITED
_ALWAYS = frozenset(["", "all", "screen"])
_MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class _Setting:
    """A declaration of a property that may hide."""

    name: str
    value: str
    important: bool
    span: Span

    @property
    def hides(self) -> bool:
        return self.value in _HIDING[self.name]


def report_hidden(
    sheets: Iterable[Stylesheet], pages: Mapping[str, bytes], reporter: Reporter
) -> None:
    """Report each rule that hides words of the pages, with the first words."""
    matcher, hides = cssselect2.Matcher(), False
    for sheet in sheets:
        rules = () if sheet.is_builtin else tinycss2.parse_stylesheet(sheet.text)
        for rule in _rules(rules):
            settings = tuple(_settings(rule, sheet.path))
            hides = hides or any(s.hides for s in settings)
            for selector in _selectors(rule) if settings else ():
                matcher.add_selector(selector, settings)
    if not hides:
        return
    told: dict[_Setting, str] = {}
    for page in pages.values():
        root = cssselect2.ElementWrapper.from_html_root(root_of(page))
        for setting, text in _hidden(root, {}, matcher):
            told.setdefault(setting, text)
    for setting, text in told.items():
        message = f"“{text}” is hidden in the EPUB by {setting.name}: {setting.value}"
        reporter.error(Code.PARITY_WORDS, setting.span, message, DELIBERATE)


def _rules(nodes: Iterable[Node]) -> Iterator[QualifiedRule]:
    """Yield the rules that hold on every screen."""
    for node in nodes:
        if isinstance(node, QualifiedRule):
            yield node
        elif isinstance(node, AtRule) and node.content:
            said = tinycss2.serialize(node.prelude).strip().lower()
            is_media = node.lower_at_keyword == "media" and said in _ALWAYS
            if is_media or node.lower_at_keyword in {"layer", "supports"}:
                yield from _rules(tinycss2.parse_rule_list(node.content))


def _settings(rule: QualifiedRule, path: str) -> Iterator[_Setting]:
    for found in tinycss2.parse_blocks_contents(rule.content):
        if found.type == "declaration" and found.lower_name in _HIDING:
            value = tinycss2.serialize(found.value).strip().lower()
            span = Span(path, found.source_line, found.source_column)
            yield _Setting(found.lower_name, value, found.important, span)


def _selectors(rule: QualifiedRule) -> Iterable[Any]:
    try:
        found: list[Any] = cssselect2.compile_selector_list(rule.prelude)
    except cssselect2.SelectorError:  # which reading systems do not know either
        return ()
    return [s for s in found if s.pseudo_element is None]


def _hidden(
    wrapper: Any,  # noqa: ANN401 (cssselect2 has no types)
    above: Mapping[str, _Setting],
    matcher: Any,  # noqa: ANN401
) -> Iterator[tuple[_Setting, str]]:
    """Yield what hides text, and the text; `above` are the settings that hold."""
    element = wrapper.etree_element
    classes = (element.get("class") or "").split()
    if local_name(element) in {"head", "math", "svg"} or not MADE.isdisjoint(classes):
        return
    own = [s for *_, settings in matcher.match(wrapper) for s in settings]
    now = dict(above)
    for setting in sorted(own, key=lambda s: s.important):  # stable: the last one wins
        if setting.name in _INHERITED or not _hides(above, setting.name):
            now[setting.name] = setting
    hiding = next((s for s in now.values() if s.hides), None)
    texts = [element.text, *(child.tail for child in element)]
    if hiding and any(text and bare(text) for text in texts):
        yield hiding, " ".join("".join(element.itertext()).split()[:_MOST_WORDS])
    for child in wrapper.iter_children():
        yield from _hidden(child, now, matcher)


def _hides(settings: Mapping[str, _Setting], name: str) -> bool:
    return name in settings and settings[name].hides
