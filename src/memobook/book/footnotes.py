"""Take an author's footnotes out of the text and check that each one is called.

What goes in: a memo's tree as Python-Markdown leaves it, with a list of notes at its
end. What comes out: the text with calls, and the notes by name. Numbers come later, in
one sequence with link notes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from memobook.book.positions import code_lines
from memobook.book.tree import Child, Node, nodes, rewrite
from memobook.diagnostics import Code, Reporter, Span

__all__ = ["Footnotes", "check_footnotes", "take_footnotes"]

Footnotes = tuple[tuple[str, Node], ...]
"""Name -> a div with the note's blocks."""

_CALL = re.compile(r"\[\^([^\]\s]+)\]")
_DEFINITION = re.compile(r"^ {0,3}\[\^([^\]]+)\]:")
_CODE = frozenset(["code", "pre", "kbd", "samp"])


def take_footnotes(root: Node) -> tuple[Node, Footnotes]:
    """Return the text with <a class="call" data-note="name">, and its footnotes."""
    called = rewrite(root, _call)
    notes: list[tuple[str, Node]] = []
    rest: list[Child] = []
    for child in called.children:
        if isinstance(child, Node) and "footnote" in child.classes:
            notes += _listed(child)
        else:
            rest.append(child)
    return called.with_children(rest), tuple(notes)


def _call(node: Node) -> Child | tuple[Child, ...]:
    if node.tag == "sup" and node.get("id").startswith("fnref"):
        link = next(nodes_of(node, "a"), None)
        name = link.get("href").removeprefix("#fn:") if link else ""
        return Node("a", (("class", "call"), ("data-note", name)), (), node.span)
    if "footnote-backref" in node.classes:
        return ()
    return node


def _listed(div: Node) -> Iterator[tuple[str, Node]]:
    for item in nodes_of(div, "li"):
        if item.get("id").startswith("fn:"):
            blocks = tuple(c for c in item.children if c != "\n")
            tidy = tuple(map(_without_last_space, blocks))
            yield item.get("id").removeprefix("fn:"), Node("div", (), tidy, item.span)


def _without_last_space(child: Child) -> Child:
    """Take out the no-break space before the back-link that was taken out."""
    if isinstance(child, Node) and child.children:
        last = child.children[-1]
        if isinstance(last, str):
            return child.with_children((*child.children[:-1], last.rstrip("\xa0")))
    return child


def nodes_of(root: Node, tag: str) -> Iterator[Node]:
    """Yield the nodes with a tag, in document order."""
    return (n for n in nodes(root) if n.tag == tag)


def check_footnotes(
    text: str,
    path: str,
    trees: Iterable[Node],
    footnotes: Footnotes,
    reporter: Reporter,
) -> None:
    """Report footnotes that are undefined, unused or written twice."""
    trees = tuple(trees)
    places = _definitions(text, path)
    names = [name for name, _ in footnotes]
    called = {n.get("data-note") for t in trees for n in nodes(t) if n.has("data-note")}
    for name, spans in places.items():
        for span in spans[1:]:
            message = f"the footnote [^{name}] is written twice"
            hint = (
                f"give one of them another name; the first is on line {spans[0].line}"
            )
            reporter.error(Code.NOTE_DUPLICATE, span, message, hint)
        if name in names and name not in called:
            message = f"the footnote [^{name}] is never called"
            hint = f"put [^{name}] where it belongs, or take the note out"
            reporter.error(Code.NOTE_UNUSED, spans[0], message, hint)
    for name in sorted({name for tree in trees for name in _literal_calls(tree)}):
        near = get_close_matches(name, names, n=1)
        hint = f"did you mean [^{near[0]}]?" if near else f"add a line `[^{name}]: ...`"
        for span in _occurrences(f"[^{name}]", text, path):
            message = f"there is no footnote called {name}"
            reporter.error(Code.NOTE_UNDEFINED, span, message, hint)


def _definitions(text: str, path: str) -> dict[str, list[Span]]:
    lines = text.split("\n")
    code = code_lines(lines)
    found: dict[str, list[Span]] = {}
    for index, line in enumerate(lines):
        match = _DEFINITION.match(line)
        if match and index not in code:
            column = line.index("[") + 1
            span = Span(path, index + 1, column, len(match[0].strip()) - 1)
            found.setdefault(match[1], []).append(span)
    return found


def _literal_calls(node: Node) -> Iterator[str]:
    """Yield the names of calls that stayed text, because nothing defines them."""
    for child in node.children:
        if isinstance(child, str):
            yield from _CALL.findall(child)
        elif child.tag not in _CODE:
            yield from _literal_calls(child)


def _occurrences(literal: str, text: str, path: str) -> Iterator[Span]:
    lines = text.split("\n")
    code = code_lines(lines)
    for index, line in enumerate(lines):
        if index not in code:
            for match in re.finditer(re.escape(literal), line):
                yield Span(path, index + 1, match.start() + 1, len(literal))
