"""Find out where each bracket such as [@fig:orbits] leads.

What goes in: a book whose anchors have names and whose captions have numbers. What
comes out: brackets as links that know the number they shall say, and every bracket that
leads nowhere reported with its place. The words, Figure or Table, are the design's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import PurePosixPath

from memobook.book.before import rewritten_before
from memobook.book.brackets import Item, is_bracket, items_of
from memobook.book.captions import CAPTIONS
from memobook.book.formulas import FORMULA
from memobook.book.model import Book, Heading, Memo
from memobook.book.outline import LABEL, PART, slug
from memobook.book.quotes import quotation_marks
from memobook.book.references import TARGET
from memobook.book.tree import HEADINGS, Child, Node, joined, line_of, nodes, rewrite
from memobook.diagnostics import Code, Reporter, Span
from memobook.project.config import BOOK_FILE

__all__ = ["resolve_brackets"]


_MEANT = {
    "fig": "figure",
    "tbl": "table",
    "sec": "heading",
    "memo": "memo",
    "eq": "formula",
}


@dataclass(frozen=True, slots=True)
class _Target:
    """What a bracket may lead to."""

    anchor: str
    memo: str
    """The id of the memo that it stands in."""
    kind: str = ""
    """figure, table, memo, …; empty for a formula and for what has a title alone."""
    number: str = ""
    title: str = ""
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class _Targets:
    """All of a book's targets by their names: fig:orbits, sec:history, memo:space."""

    found: dict[str, list[_Target]] = field(default_factory=dict)

    def add(self, name: str, target: _Target) -> None:
        places = self.found.setdefault(name, [])
        if all(place.anchor != target.anchor for place in places):
            places.append(target)

    def of(self, key: str, memo: str) -> list[_Target]:
        """Return what a key may mean in a memo: of several, its own."""
        name, owner = key, ""
        if name not in self.found and "/" in name:
            kind, _, rest = name.partition(":")
            owner, _, last = rest.rpartition("/")
            name = f"{kind}:{last}"
        places = self.found.get(name) or self.found.get(_plain(name), [])
        if owner:
            owner = next((t.memo for t in self.found.get(f"memo:{owner}", ())), owner)
            return [p for p in places if p.memo == owner]
        return [p for p in places if p.memo == memo] or places


def _plain(name: str) -> str:
    """Return a heading's name as its anchor has it: sec:Space law -> sec:space-law."""
    kind, _, rest = name.partition(":")
    return f"{kind}:{slug(rest)}"


def resolve_brackets(book: Book, reporter: Reporter) -> Book:
    """Resolve every bracket; one that leads nowhere keeps its text and is reported."""
    targets = _targets(book, reporter)
    memos = []
    for memo in book.memos:
        brackets = _Brackets(memo.id, memo.language, memo.span, targets, reporter)
        changed = memo.rewritten(brackets.change)
        memos.append(_retitled(memo, changed) if brackets.kept else changed)
    own = _Brackets("", book.language, Span(BOOK_FILE), targets, reporter)
    return replace(rewritten_before(book, own.change), memos=tuple(memos))


def _retitled(before: Memo, memo: Memo) -> Memo:
    """Return a memo whose headings are called what they say, with the brackets kept."""
    old, new = _lines(before), _lines(memo)

    def retitled(heading: Heading) -> Heading:
        line = new[heading.anchor]
        if line == old[heading.anchor]:
            return heading
        return replace(heading, title=line.removeprefix(heading.number).strip())

    return replace(memo, headings=tuple(map(retitled, memo.headings)))


def _lines(memo: Memo) -> dict[str, str]:
    """Return what the headings say, by their anchors."""
    found = (node for node in nodes(memo.body) if node.tag in HEADINGS)
    return {node.get("id"): line_of(node) for node in found}


_Change = Callable[[Node], Child | tuple[Child, ...]]

# What can be pointed to


def _targets(book: Book, reporter: Reporter) -> _Targets:
    targets = _Targets()
    _add_memos(book, targets)
    for memo in (*book.memos, *book.outside):
        for tree in (memo.body, *(n for _, n in memo.footnotes)):
            for node in nodes(tree):
                _add_target(node, memo, targets, reporter)
    return targets


def _add_memos(book: Book, targets: _Targets) -> None:
    """Add memos by the names of their files, and by their ids where none has those."""
    found = []
    for memo in (*book.memos, *book.outside):
        kind = memo.matter.value if memo.numeral else ""
        target = _Target(memo.id, memo.id, kind, memo.numeral, memo.title)
        found.append((memo.id, target))
        if memo.path != BOOK_FILE:
            targets.add(f"memo:{PurePosixPath(memo.path).stem}", target)
    for name, target in found:
        if f"memo:{name}" not in targets.found:
            targets.add(f"memo:{name}", target)


def _add_target(node: Node, memo: Memo, targets: _Targets, reporter: Reporter) -> None:
    if not node.has("id"):
        return
    if node.tag in HEADINGS:
        _, _, name = node.get("id").partition("_")
        number = node.get("data-number")
        title = line_of(node).removeprefix(number).strip()
        kind = "section" if number else ""
        target = _Target(
            node.get("id"), memo.id, kind, number, title, node.span or memo.span
        )
        targets.add(f"sec:{name}", target)
        if node.has(LABEL):
            targets.add(f"sec:{node.get(LABEL).partition(':')[2]}", target)
            targets.add(node.get(LABEL), target)
    elif node.has(LABEL):
        _add_label(node, memo, targets, reporter)


def _add_label(node: Node, memo: Memo, targets: _Targets, reporter: Reporter) -> None:
    label = node.get(LABEL)
    numbered = next((n for n in _own(node) if n.has("data-number")), Node(""))
    spans = (n.span for n in nodes(node) if n.span)
    target = _Target(
        node.get("id"),
        memo.id,
        _kind_of(node, numbered),
        node.get(PART) or numbered.get("data-number"),
        "",
        next(spans, memo.span),
    )
    for other in targets.found.get(label, []):
        if other.memo == memo.id and target.span:
            message = f"the name {label} is given twice in this memo"
            where = f"; the first is on line {other.span.line}" if other.span else ""
            hint = f"give one of them another name{where}"
            reporter.error(Code.REFERENCE_AMBIGUOUS, target.span, message, hint)
    targets.add(label, target)


def _kind_of(node: Node, numbered: Node) -> str:
    """Return what a reference calls it; `numbered` is its caption, or itself."""
    if node.has(PART):
        return "figure"
    is_equation = FORMULA in node.classes and node.has("data-number")
    return numbered.get("data-kind") or ("equation" if is_equation else "")


def _own(node: Node) -> Iterator[Node]:
    """Yield a node and its captions, but not those of figures within it."""
    yield node
    yield from (c for c in node.children if isinstance(c, Node) and c.tag in CAPTIONS)


# What points


@dataclass(frozen=True, slots=True)
class _Brackets:
    """The brackets of one memo, or of the imprint where `memo` is empty."""

    memo: str
    language: str
    whole: Span
    targets: _Targets
    reporter: Reporter
    kept: list[str] = field(default_factory=list)
    """The brackets that lead nowhere, and are printed as they were written."""

    def change(self, node: Node) -> Child | tuple[Child, ...]:
        if is_bracket(node):
            return self._bracket(node)
        if node.tag in HEADINGS or node.tag == "a":
            node = self._without_links(node)
        if node.has(LABEL) or node.has(PART):
            return node.with_items({LABEL: None, PART: None})
        return node

    def _bracket(self, node: Node) -> Child | tuple[Child, ...]:
        out: list[Child] = []
        for item in items_of(node):
            out += [", " if out else "", *self._item(item, node)]
        return joined(out)

    def _item(self, item: Item, node: Node) -> tuple[Child, ...]:
        places = self.targets.of(item.key, self.memo) if item.kind else []
        if len(places) != 1:
            span = node.span or self.whole
            report = self._ambiguous if places else self._unknown
            report(item, span, places)
            return self._as_written(node)
        target = places[0]
        if not (target.number or target.title):
            self._unnumbered(item, node.span or self.whole, target)
            return self._as_written(node)
        before = (f"{item.prefix} ",) if item.prefix else ()
        return (*before, _link(item, target, node, self.language))

    def _as_written(self, node: Node) -> tuple[str]:
        self.kept.append(node.get("refs"))
        return (f"[{node.get('refs')}]",)

    def _unknown(self, item: Item, span: Span, _: list[_Target]) -> None:
        what = _MEANT.get(item.kind, "")
        names = sorted(self.targets.found)
        alike = [n for n in names if n.startswith(f"{item.kind}:")]
        near = get_close_matches(item.key, alike, n=1) or get_close_matches(
            item.key, names, n=1
        )
        hint = f"give it that name: {{#{item.key}}}"
        if item.kind == "memo":
            hint = f"memos: {', '.join(n.partition(':')[2] for n in alike)}"
        if not what:
            hint = "write \\[ if the bracket is meant as it stands"
        hint = f"did you mean [@{near[0]}]?" if near else hint
        message = f"no {what} is called {item.key}"
        message = message if what else f"nothing in the book is called {item.key}"
        self.reporter.error(Code.REFERENCE_UNKNOWN, span, message, hint)

    def _ambiguous(self, item: Item, span: Span, places: list[_Target]) -> None:
        kind, _, name = item.key.partition(":")
        choices = " or ".join(f"[@{kind}:{p.memo}/{name}]" for p in places)
        message = f"{len(places)} memos have something that is called {item.key}"
        hint = f"write {choices}"
        self.reporter.error(Code.REFERENCE_AMBIGUOUS, span, message, hint)

    def _unnumbered(self, item: Item, span: Span, target: _Target) -> None:
        where = target.span or self.whole
        message = f"{item.key} has no caption, so it has no number to be called by"
        hint = f"write a caption for it, {where.path} line {where.line}"
        self.reporter.error(Code.REFERENCE_UNKNOWN, span, message, hint)

    def _without_links(self, node: Node) -> Node:
        """Return a link without references in it; report those of a heading."""

        def plain(inner: Node) -> Node:
            if "crossref" not in inner.classes:
                return inner
            if node.tag != "a":
                message = "a heading holds a cross-reference"
                hint = "put it into the text below"
                span = inner.span or node.span or self.whole
                self.reporter.error(Code.REFERENCE_IN_HEADING, span, message, hint)
            named = {k: inner.get(k) for k in _DATA if inner.has(k)}
            return Node("span", tuple(named.items()), inner.children, inner.span)

        return rewrite(node, plain)


_DATA = ("data-kind", "data-number")


def _link(item: Item, target: _Target, node: Node, language: str) -> Node:
    attributes = [("class", "xref crossref"), ("href", TARGET + target.anchor)]
    text = ""
    if target.kind:
        attributes += [
            ("data-kind", "" if item.is_bare else target.kind),
            ("data-number", target.number),
        ]
    elif target.number:
        text = target.number if item.is_bare else f"({target.number})"
    else:
        left, right, *_ = quotation_marks(language)
        text = target.title if item.is_bare else f"{left}{target.title}{right}"
    text += f", {item.suffix}" if item.suffix else ""
    return Node("a", tuple(attributes), (text,) if text else (), node.span)
