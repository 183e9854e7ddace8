"""Sort the book's glossary, and make links of the terms that the text marks.

What goes in: a book, of which one memo is a glossary: lists of definitions. What comes
out: its definitions in the order of the language, each with an anchor; and elements
with the class `term`, or with an attribute that says the term, as links to them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from difflib import get_close_matches

from memobook.book.collation import sort_key
from memobook.book.marks import lacks
from memobook.book.model import Book, Memo
from memobook.book.outline import own_anchor, slug
from memobook.book.references import TARGET
from memobook.book.tree import Child, Node, nodes, rewrite, text_of
from memobook.diagnostics import Code, Reporter, Span

__all__ = ["TERM", "link_terms"]

TERM = "term"
"""The attribute, and the class, of words that the glossary explains."""
_KIND = "glossary"


def link_terms(book: Book, reporter: Reporter) -> Book:
    """Sort the glossary; report a term that it has not, or has twice."""
    linking = _Linking(book.language, reporter)
    memos = [linking.sorted(m) if m.kind == _KIND else m for m in book.memos]
    outside = [linking.sorted(m) if m.kind == _KIND else m for m in book.outside]
    linked = tuple(m if lacks(m, [TERM]) else linking.linked(m) for m in memos)
    return replace(book, memos=linked, outside=tuple(outside))


_Entry = tuple[Node, ...]
"""Names of one thing, and what it is: dt and dd."""


@dataclass(slots=True)
class _Linking:
    """The glossary of one book."""

    language: str
    reporter: Reporter
    anchors: dict[str, str] = field(default_factory=dict)
    """Term in small letters -> its anchor."""
    has_glossary: bool = False

    def sorted(self, memo: Memo) -> Memo:
        """Return a glossary with its lists in order, and take its terms."""
        self.has_glossary = True

        def change(node: Node) -> Node:
            return self._list(node, memo) if node.tag == "dl" else node

        return replace(memo, body=rewrite(memo.body, change))

    def _list(self, node: Node, memo: Memo) -> Node:
        entries = [tuple(self._named(e, memo)) for e in _entries(node)]
        entries.sort(key=lambda entry: sort_key(_text(entry[0]), self.language))
        children = [
            each for entry in entries for part in entry for each in (part, "\n")
        ]
        return node.with_children(["\n", *children])

    def _named(self, entry: _Entry, memo: Memo) -> Iterator[Node]:
        for node in entry:
            if node.tag != "dt":
                yield node.with_items({"epub:type": "glossdef"})
                continue
            term = _text(node)
            anchor = node.get("id") or own_anchor(memo.id, f"term-{slug(term)}")
            if term.casefold() in self.anchors:
                message = f"“{term}” is in the glossary twice"
                span = node.span or memo.span
                self.reporter.error(Code.TERM_TWICE, span, message, "put them together")
                anchor += "-2"
            self.anchors.setdefault(term.casefold(), anchor)
            yield node.with_items({"id": anchor, "epub:type": "glossterm"})

    def linked(self, memo: Memo) -> Memo:
        """Return a memo with links in the places of terms."""

        def change(node: Node) -> Child | tuple[Child, ...]:
            return self._link(node, memo.span) if _is_term(node) else node

        return memo.rewritten(change)

    def _link(self, node: Node, whole: Span) -> Child | tuple[Child, ...]:
        term = " ".join(node.get(TERM).split()) or _text(node)
        names = " ".join(name for name in node.classes if name != TERM)
        plain = node.with_items({TERM: None, "class": names or None})
        target = self.anchors.get(term.casefold())
        if target is None:
            self._report(term, node.span or whole)
        elif any(n.tag == "a" for n in nodes(node)):
            return plain  # it leads elsewhere already
        else:
            attributes = (("class", TERM), ("href", TARGET + target))
            link = Node("a", attributes, plain.children, node.span)
            if plain.tag != "span" or plain.attributes:
                return plain.with_children([link])
            return link
        is_bare = plain.tag == "span" and not plain.attributes
        return plain.children if is_bare else plain

    def _report(self, term: str, span: Span) -> None:
        message = f"the glossary does not explain “{term}”"
        near = get_close_matches(term.casefold(), self.anchors, n=1)
        hint = f'did you mean {{term="{near[0]}"}}?' if near else "explain it there"
        if not self.has_glossary:
            message = f"the book has no glossary that could explain “{term}”"
            hint = "write one: a file glossary.md with `Term` and `:   what it is`,"
            hint += ' listed in [contents] as back = ["glossary.md"]'
        self.reporter.error(Code.TERM_UNKNOWN, span, message, hint)


def _is_term(node: Node) -> bool:
    # Asked of every element of the book; most have no attribute.
    if not node.attributes:
        return False
    return node.has(TERM) or (TERM in node.classes and not node.has("href"))


def _text(node: Node) -> str:
    return " ".join(text_of(node).split())


def _entries(node: Node) -> Iterator[_Entry]:
    """Yield what belongs together: names that follow each other, and what they mean."""
    entry: list[Node] = []
    for child in node.children:
        if not isinstance(child, Node):
            continue
        if child.tag == "dt" and entry and entry[-1].tag != "dt":
            yield tuple(entry)
            entry = []
        entry.append(child)
    if entry:
        yield tuple(entry)
