"""Take an author's footnotes out of the text and check that each one is called.

What goes in: a memo's tree as Python-Markdown leaves it, with a list of notes at its
end. What comes out: the text with calls, and the notes by name. Numbers come later, in
one sequence with link notes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from difflib import get_close_matches

from memobook.book.tree import Child, Node, nodes, rewrite
from memobook.diagnostics import Code, Reporter, Span

__all__ = [
    "Footnotes",
    "check_footnotes",
    "check_lost",
    "nested_footnotes",
    "place_of_footnote",
    "report_misplaced",
    "take_footnotes",
    "without_call_links",
]

Footnotes = tuple[tuple[str, Node], ...]
"""Name -> a div with the note's blocks."""

_CALL = re.compile(r"(?<!\\)\[\^([^\]\[]+)\]")
# Also in the first line of a quotation, an item or a definition, and of one in another.
_DEFINITION = re.compile(r"^(?:[ >\t]|(?:[-*+:]|\d+[.)])[ \t])*\[\^([^\]\[]+)\]:")


# How does Python-Markdown write a call? A second one to the same note is fnref2:name.
_REFERENCE = re.compile(r"fnref\d*:")
_WRITTEN_CALL = re.compile(
    r'(<sup id="fnref\d*:[^"]*">)<a class="footnote-ref"[^>]*>[^<]*</a></sup>'
)


def without_call_links(html: str) -> str:
    """Return Python-Markdown's HTML with its calls bare, so that one may be in a link.

    An HTML parser would end the author's link where the call's link begins.
    """
    return _WRITTEN_CALL.sub(r"\1</sup>", html)


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
    if not node.attributes:  # as most: none of these is without any
        return node
    if node.tag == "sup" and _REFERENCE.match(node.get("id")):
        name = node.get("id").partition(":")[2]
        return Node("a", (("class", "call"), ("data-note", name)), (), node.span)
    if "footnote-backref" in node.classes and node.get("href").startswith("#fnref"):
        return ()
    if node.tag == "a" and node.has("href"):
        # No link may stand in a link: a call in its text comes to stand behind it.
        calls = [n for n in nodes(node) if n.has("data-note")]
        kept = rewrite(node, lambda n: () if n.has("data-note") else n)
        return (kept, *calls) if calls else node
    return node


def _listed(div: Node) -> Iterator[tuple[str, Node]]:
    notes: list[tuple[str, list[Child]]] = []
    for part in div.children:
        is_list = isinstance(part, Node) and part.tag == "ol"
        for child in part.children if isinstance(part, Node) and is_list else (part,):
            items = nodes_of(child, "li") if isinstance(child, Node) else ()
            found = [i for i in items if i.get("id").startswith("fn:")]
            if not found and notes:
                # Raw HTML has ended the note, or the list: a <li>, say, or </ol>.
                notes[-1][1].extend(_stray(child))
            for item in found:
                name = item.get("id").removeprefix("fn:")
                notes.append((name, [c for c in item.children if c != "\n"]))
    for name, blocks in notes:
        tidy = [b for b in map(_without_last_space, blocks) if b != Node("p")]
        yield name, Node("div", (), tuple(tidy) or (Node("p"),))


def _stray(child: Child) -> Iterator[Node]:
    """Yield a block of what stands among the notes and in none."""
    content = child.children if isinstance(child, Node) else (child,)
    if any(isinstance(c, Node) or c.strip() for c in content):
        is_item = not isinstance(child, Node) or child.tag == "li"
        yield Node("div", (), content if is_item else (child,))


def _without_last_space(child: Child) -> Child:
    """Take out the no-break space before the back-link that was taken out.

    Of a paragraph that held nothing else, nothing is left.
    """
    if isinstance(child, Node) and child.children:
        last = child.children[-1]
        if isinstance(last, str):
            return child.with_children((*child.children[:-1], last.rstrip("\xa0")))
    return child


def nodes_of(root: Node, tag: str) -> Iterator[Node]:
    """Yield the nodes with a tag, in document order."""
    return (n for n in nodes(root) if n.tag == tag)


def check_footnotes(
    lines: list[str],
    path: str,
    body: Node,
    footnotes: Footnotes,
    reporter: Reporter,
    place: Callable[[Span], Span],
) -> None:
    """Report footnotes that are undefined, unused or written twice.

    `lines` are the prose of the text; `place` says where something in it was written.
    """
    defined, calls = _places(lines, path)
    notes = dict(footnotes)
    called = set(_called(body))
    # What a lost note calls is lost with it.
    called |= {n for name in called & notes.keys() for n in _called(notes[name])}
    for name, (first, *others) in defined.items():
        for span in others:
            _report_twice(name, place(first), span, reporter)
        if name not in notes:
            report_misplaced(name, first, reporter)
        elif notes[name].children == (Node("p"),):
            message = f"the footnote [^{name}] has no text"
            reporter.error(
                Code.NOTE_UNDEFINED, first, message, "write it behind the colon"
            )
        elif name not in called:
            message = f"the footnote [^{name}] is never called"
            hint = f"put [^{name}] where it belongs, or take the note out"
            reporter.error(Code.NOTE_UNUSED, first, message, hint)
    for name, span in calls:
        if name not in notes and name not in defined:
            near = get_close_matches(name, notes, n=1)
            hint = f"add a line `[^{name}]: ...`"
            hint = f"did you mean [^{near[0]}]?" if near else hint
            message = f"there is no footnote called {name}"
            reporter.error(Code.NOTE_UNDEFINED, span, message, hint)


def _report_twice(name: str, first: Span, span: Span, reporter: Reporter) -> None:
    message = f"the footnote [^{name}] is written twice"
    of = "" if first.path == span.path else f" of {first.path}"
    hint = f"give one of them another name; the first is on line {first.line}{of}"
    reporter.error(Code.NOTE_DUPLICATE, span, message, hint)


def report_misplaced(name: str, span: Span, reporter: Reporter) -> None:
    """Report a footnote that Python-Markdown does not take for one."""
    message = f"[^{name}] is written where no footnote can be"
    hint = "begin its line without spaces, below an empty line"
    reporter.error(Code.NOTE_NESTED, span, message, hint)


def nested_footnotes(lines: list[str], path: str) -> Iterator[tuple[str, Span]]:
    """Yield the footnotes that are written inside a footnote: name and place."""
    defined, _ = _places(lines, path)
    for name, spans in defined.items():
        for span in spans:
            before = lines[span.line - 1][: span.column - 1]
            if len(before.expandtabs(4)) >= 4:
                yield name, span


def place_of_footnote(name: str, text: str, path: str) -> Span:
    """Return where a footnote is written, wherever in its line."""
    for number, line in enumerate(text.split("\n"), start=1):
        if (index := line.find(f"[^{name}]:")) >= 0:
            return Span(path, number, index + 1, len(name) + 4)
    return Span(path)


def check_lost(
    names: Iterable[str],
    text: str,
    prose: list[str],
    path: str,
    footnotes: Footnotes,
    reporter: Reporter,
) -> None:
    """Report footnotes that Python-Markdown reads and does not set.

    It does so with one in the last footnote, also where the eye sees code around it;
    of those that are in the `prose` of the text, others tell.
    """
    seen, _ = _places(prose, path)
    lost = frozenset(names) - dict(footnotes).keys() - seen.keys()
    for name in sorted(lost):
        report_misplaced(name, place_of_footnote(name, text, path), reporter)


def _called(tree: Node) -> Iterator[str]:
    return (n.get("data-note") for n in nodes(tree) if n.has("data-note"))


def _places(lines: list[str], path: str) -> tuple[dict[str, list[Span]], list[_Place]]:
    """Return where footnotes are written, by name, and where they are called."""
    written: dict[str, list[Span]] = {}
    calls: list[_Place] = []
    for number, line in enumerate(lines, start=1):
        if "[^" not in line:
            continue
        definition = _DEFINITION.match(line)
        start = definition.end() if definition else 0
        if definition:
            column = definition.start(1) - 1
            span = Span(path, number, column, definition.end() - column)
            written.setdefault(definition[1], []).append(span)
        for call in _CALL.finditer(line, start):
            calls.append((call[1], Span(path, number, call.start() + 1, len(call[0]))))
    return written, calls


_Place = tuple[str, Span]
