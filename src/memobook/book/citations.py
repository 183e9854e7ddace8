"""Put citations into the text: as notes, or as words that lead to a list of works.

What goes in: a book with brackets such as [@hoyt2020, p. 12], and its library. What
comes out: a book in which they are said in the library's style, and which knows the
works that it cites. A style that makes notes makes footnotes of them, in the same
sequence as all others; in a footnote they are words of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from enum import Enum
from typing import TYPE_CHECKING

from memobook.book.brackets import Item, is_bracket, is_cross_reference, items_of
from memobook.book.library import Library
from memobook.book.marks import lacks
from memobook.book.model import BackKind, BackPage, Book, Memo
from memobook.book.notes import closing
from memobook.book.outline import slug
from memobook.book.references import TARGET
from memobook.book.tree import Child, Node, joined, nodes, rewrite, text_of
from memobook.diagnostics import Code, Reporter, Span
from memobook.project.config import BOOK_FILE

if TYPE_CHECKING:
    from memobook.book.citing import Citing

__all__ = ["resolve_citations"]


def resolve_citations(book: Book, reporter: Reporter) -> Book:
    """Say every citation; one whose key the library lacks is reported."""
    memos = (memo for memo in book.memos if not lacks(memo, ["refs"]))
    if not any(_cites(tree) for memo in memos for tree in _trees(memo)):
        return book
    work = _Work(book.library, reporter)
    if book.library is not None:
        # Not above: it is an extra, and no book needs it that cites nothing.
        from memobook.book.citing import Citing, is_installed

        if is_installed():
            work.citing = Citing(book.library, book.language)
            work.citing.tell_apart(tuple(_keys(book, book.library)))
        else:
            hint = 'type: pip install "memobook[cite]"'
            message = "citations need what is not installed"
            span = book.library.span
            reporter.error(Code.EXTRA_MISSING, span, message, hint)
    cited = tuple(map(work.memo, book.memos))
    page = tuple(_page(tuple(work.works())))
    return replace(book, memos=cited, back=(*book.back, *page))


def _page(works: tuple[tuple[str, tuple[Child, ...]], ...]) -> Iterator[BackPage]:
    """Yield the page that lists the works, if there are any."""
    items = (
        Node("li", (("id", anchor),), (Node("p", (), content),))
        for anchor, content in works
    )
    if works:
        attributes = (("class", "works"), ("role", "list"))
        body = Node("div", (), (Node("ul", attributes, tuple(items)),))
        yield BackPage(BackKind.BIBLIOGRAPHY, body)


def _trees(memo: Memo) -> Iterator[Node]:
    yield memo.body
    yield from (note for _, note in memo.footnotes)
    yield Node("div", (), memo.abstract)
    yield from (Node("div", (), point) for point in memo.key_points)


def _cites(tree: Node) -> bool:
    return any(is_bracket(n) and not is_cross_reference(n) for n in nodes(tree))


def _keys(book: Book, library: Library) -> dict[str, None]:
    """Return what the book cites of its library, in reading order."""
    brackets = (
        node
        for memo in book.memos
        for tree in _trees(memo)
        for node in nodes(tree)
        if is_bracket(node) and not is_cross_reference(node)
    )
    keys = (item.key for bracket in brackets for item in items_of(bracket))
    return dict.fromkeys(key for key in keys if key in library.works)


class _Form(Enum):
    """What becomes of a citation, if the style makes notes."""

    NOTES = 0
    WORDS = 1
    """In a footnote, which is a note already."""
    BRACKETS = 2
    """Where there are no notes: in an abstract."""


@dataclass(slots=True)
class _Work:
    """The citations of one book, in reading order."""

    library: Library | None
    reporter: Reporter
    citing: Citing | None = None
    anchors: dict[str, str] = field(default_factory=dict)
    """Key of a work that is cited -> its anchor in the list."""
    notes: list[tuple[str, Node]] = field(default_factory=list)
    """Of the memo at hand: name and content."""
    memo_span: Span = field(default_factory=lambda: Span(BOOK_FILE))

    def memo(self, memo: Memo) -> Memo:
        """Return a memo with its citations."""
        self.notes, self.memo_span = [], memo.span
        if self.citing:
            self.citing.begin()
        abstract = self._said(Node("div", (), memo.abstract), _Form.BRACKETS)
        points = [
            self._said(Node("div", (), p), _Form.BRACKETS) for p in memo.key_points
        ]
        if self.citing:
            self.citing.begin()
        body = self._said(memo.body, _Form.NOTES)
        own = tuple((k, self._said(n, _Form.WORDS)) for k, n in memo.footnotes)
        return replace(
            memo,
            body=body,
            footnotes=(*own, *self.notes),
            abstract=abstract.children,
            key_points=tuple(point.children for point in points),
        )

    def works(self) -> Iterator[tuple[str, tuple[Child, ...]]]:
        """Yield the list of what was cited: anchor and content."""
        if self.citing and self.anchors and self.citing.has_list():
            for key, content in self.citing.works():
                yield self.anchors[key], content

    def _said(self, node: Node, form: _Form) -> Node:
        """Return a tree with its citations said, top down, so in reading order."""
        if not _cites(node):
            return node
        children: list[Child] = []
        for child in node.children:
            if isinstance(child, str):
                children.append(child)
            elif is_bracket(child) and not is_cross_reference(child):
                children += self._cited(child, form)
            else:
                children += _without_links(self._said(child, form))
        return node.with_children(_placed(children))

    def _cited(self, node: Node, form: _Form) -> tuple[Child, ...]:
        items = items_of(node)
        span = node.span or self.memo_span
        missing = [item for item in items if not self._is_known(item, span)]
        if missing or not items or self.citing is None or self.library is None:
            return (f"[{node.get('refs')}]",)
        anchors = [TARGET + self._anchor(item.key) for item in items]
        leads = not self.library.makes_notes and self.citing.has_list()
        taken = self.citing.register(items)
        content = self.citing.cite(taken, items, anchors if leads else ())
        if not self.library.makes_notes:
            return content
        if form is _Form.NOTES:
            return (self._note(content, span),)
        # In a sentence, whose own full stop follows.
        content = _without_full_stop(content)
        return content if form is _Form.WORDS else ("(", *content, ")")

    def _is_known(self, item: Item, span: Span) -> bool:
        works = self.library.works if self.library else {}
        if item.key in works:
            return True
        message = f"the library has no work called {item.key}"
        near = get_close_matches(item.key, works, n=1)
        hint = f"did you mean @{near[0]}?" if near else "add it to the library"
        if self.library is None:
            message = (
                f"nothing in the book is called @{item.key}, and it has no library"
            )
            hint = 'write `[citations]` and `library = "works.json"` in book.toml,'
            hint += " or \\[ if the bracket is meant as it stands"
        self.reporter.error(Code.CITATION_MISSING, span, message, hint)
        return False

    def _anchor(self, key: str) -> str:
        if key not in self.anchors:
            name, count = f"work__{slug(key)}", 1
            while name in self.anchors.values():
                count += 1
                name = f"work__{slug(key)}-{count}"
            self.anchors[key] = name
        return self.anchors[key]

    def _note(self, content: tuple[Child, ...], span: Span) -> Node:
        # No author's footnote can have such a name.
        name = f"@{len(self.notes) + 1}"
        if not text_of(content).rstrip("”’").endswith((".", "?", "!")):
            content = (*content, ".")
        block = Node("div", (), (Node("p", (), _capital(joined(content))),), span)
        self.notes.append((name, block))
        attributes = (("class", "call"), ("data-note", name), ("data-cite", ""))
        return Node("a", attributes, (), span)


def _without_links(node: Node) -> tuple[Child, ...]:
    """Return a node; if it is a link, its calls stand behind it and its links are text.

    No link may stand in a link.
    """
    inside = Node("div", (), node.children)
    if node.tag != "a" or not any(n.tag == "a" for n in nodes(inside)):
        return (node,)
    calls = [n.with_attributes(data_cite="") for n in nodes(inside) if _is_call(n)]
    kept = rewrite(inside, lambda n: () if _is_call(n) else _unlinked(n))
    return (node.with_children(kept.children), *calls)


def _is_call(node: Node) -> bool:
    return node.has("data-note")


def _unlinked(node: Node) -> Child | tuple[Child, ...]:
    return node.children if node.tag == "a" else node


def _placed(children: list[Child]) -> list[Child]:
    """Return content in which the calls of citations stand behind the clause's end.

    An author writes them before it, with a space: as in “a claim [@hoyt].”
    """
    out: list[Child] = []
    waiting: list[Child] = []
    for child in joined(children):
        if isinstance(child, Node) and child.has("data-cite"):
            if out and isinstance(out[-1], str) and not waiting:
                out[-1] = out[-1].rstrip()
            waiting.append(child.with_attributes(data_cite=None))
            continue
        end = closing(child) if waiting and isinstance(child, str) else 0
        if isinstance(child, str):
            out += [child[:end], *waiting, child[end:]]
        else:
            out += [*waiting, child]
        waiting = []
    return [*out, *waiting]


def _capital(content: tuple[Child, ...]) -> tuple[Child, ...]:
    """Return a note that begins with a capital letter."""
    first = content[0] if content else ""
    if isinstance(first, str) and first[:1].islower():
        return (first[0].upper() + first[1:], *content[1:])
    return content


def _without_full_stop(content: tuple[Child, ...]) -> tuple[Child, ...]:
    last = content[-1] if content else ""
    if isinstance(last, str) and last.endswith("."):
        return joined((*content[:-1], last[:-1]))
    return content
