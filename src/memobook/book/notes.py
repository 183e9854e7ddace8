"""Make notes of links and number them in one sequence with the author's footnotes.

What goes in: a book whose links are resolved, and where one output wants its notes.
What comes out: memos whose calls carry their number and whose notes know their calls.
Numbers are data from here on: no style sheet counts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from operator import is_

from memobook.book.model import Book, Call, Memo, Note, NoteKind, NoteMode, Repeat
from memobook.book.outline import own_anchor
from memobook.book.tables import LANDSCAPE
from memobook.book.tree import Child, Node, joined, nodes
from memobook.book.urls import same_key
from memobook.diagnostics import Code, Reporter, Span
from memobook.project.links_schema import LinkEntry

__all__ = ["NOTED", "TOLD", "closing", "number_notes"]

TOLD = "data-told"
"""What a link's note says of it, so that the link's title need not."""
NOTED = frozenset([NoteMode.FOOTNOTES, NoteMode.MEMO_NOTES, NoteMode.BOOK_NOTES])
"""The modes in which a link makes a note."""

# Which signs close a sentence or clause, so that a call stands after them? Not one with
# a letter behind it: India’s, example.com. French puts a no-break space before some.
# Chicago Manual of Style, 17th edition, 14.26.
_CLOSING = re.compile(r"(?:[\xa0\u202f]?[.,;:!?…।॥。、，；：！？،؛؟۔”’»“‘])*(?!\w)")

# Which elements are words in a line, so that a call at their end stands behind them?
_PHRASING = frozenset(
    "abbr b bdi bdo cite del dfn em i ins mark q s small span strong u".split()
)


def number_notes(
    book: Book, mode: NoteMode, repeat: Repeat, reporter: Reporter
) -> Book:
    """Return the book with its notes numbered for an output whose mode is given.

    A memo's own mode wins. Numbers begin anew with each memo, unless one note serves
    the whole book.
    """
    numbers: dict[object, int] = {}
    memos = []
    for memo in book.memos:
        if repeat is not Repeat.BOOK:
            numbers = {}
        own = memo.notes_mode or mode
        if book.host and own is NoteMode.BOOK_NOTES:
            own = NoteMode.MEMO_NOTES  # a memo alone is its own book
        counting = _Counting(memo, own, repeat, numbers, book.registry, reporter)
        memos.append(counting.memo_with_notes())
    return replace(book, memos=tuple(memos))


@dataclass(slots=True)
class _Draft:
    """A note while its calls are still being found."""

    note: Note
    calls: list[Call] = field(default_factory=list)


@dataclass(slots=True)
class _Counting:
    """The numbering of one memo, in reading order."""

    memo: Memo
    mode: NoteMode
    repeat: Repeat
    numbers: dict[object, int]
    """What a note is made of -> its number; through the whole book for Repeat.BOOK."""
    registry: Mapping[str, LinkEntry]
    """What is known of pages, by same_key."""
    reporter: Reporter
    drafts: dict[object, _Draft] = field(default_factory=dict)
    call_count: int = 0
    turned: int = 0
    """How many turned tables this is in."""

    def memo_with_notes(self) -> Memo:
        body, _ = self._done(self.memo.body)
        notes = tuple(
            replace(d.note, calls=tuple(d.calls)) for d in self.drafts.values()
        )
        return replace(self.memo, body=body, notes=notes, notes_mode=self.mode)

    def _done(self, node: Node) -> tuple[Node, tuple[Node, ...]]:
        """Return a node with its calls numbered, and calls that belong behind it.

        Top down, so in reading order.
        """
        if len(node.children) == 1 and isinstance(node.children[0], str):
            return node, ()
        out: list[Child] = []
        waiting: tuple[Node, ...] = ()
        for child in node.children:
            if isinstance(child, str):
                end = closing(child) if waiting else len(child)
                out.append(child[:end])
                if end < len(child):
                    out += [*waiting, child[end:]]
                    waiting = ()
                continue
            out += waiting
            waiting = ()
            if child.has("data-note"):
                out.append(self._author_call(child))
                continue
            is_turned = child.tag == "table" and LANDSCAPE in child.classes
            self.turned += is_turned
            done, waiting = self._done(child)
            self.turned -= is_turned
            note = self._link_note(done) if self._makes_note(done) else None
            out.append(_told(done, note.note.content) if note else done)
            if note:
                waiting = (*waiting, self._call(note))
        if node.tag not in _PHRASING:
            out += waiting
            waiting = ()
        if all(map(is_, out, node.children)) and len(out) == len(node.children):
            return node, waiting  # most elements hold no call
        children = _separated(out)
        return Node(node.tag, node.attributes, children, node.span), waiting

    def _makes_note(self, node: Node) -> bool:
        is_link = node.tag == "a" and "external" in node.classes
        return is_link and self.mode in NOTED and "no-note" not in node.classes

    def _author_call(self, node: Node) -> Child:
        name = node.get("data-note")
        content = dict(self.memo.footnotes).get(name)
        if content is None:
            return ""
        key = (self.memo.id, name)
        if key not in self.drafts:
            blocks = self._without_nested(content)
            self._draft(key, NoteKind.AUTHOR, blocks, "", content.span or node.span)
        return self._call(self.drafts[key])

    def _link_note(self, link: Node) -> _Draft:
        url, text = link.get("href"), link.get("note")
        key: object = (same_key(url), text)
        if self.repeat is Repeat.NONE:
            key = (key, self.memo.id, self.call_count)
        if key not in self.drafts:
            title = text or link.get("title")
            content = (title,) if title else ()
            draft = self._draft(key, NoteKind.LINK, content, url, link.span)
            entry = self.registry.get(same_key(url))
            draft.note = replace(draft.note, entry=entry)
        return self.drafts[key]

    def _draft(
        self,
        key: object,
        kind: NoteKind,
        content: tuple[Child, ...],
        url: str,
        span: Span | None,
    ) -> _Draft:
        number = self.numbers.setdefault(key, len(self.numbers) + 1)
        name = own_anchor(self.memo.id, f"note-{number}")
        note = Note(name, number, kind, content, url, (), span, self.turned > 0)
        return self.drafts.setdefault(key, _Draft(note))

    def _call(self, draft: _Draft) -> Node:
        self.call_count += 1
        note, again = draft.note, len(draft.calls)
        name = f"call-{note.number}-{again + 1}" if again else f"call-{note.number}"
        call = Call(own_anchor(self.memo.id, name), note.anchor)
        draft.calls.append(call)
        attributes = (
            ("class", "call"),
            ("id", call.anchor),
            ("data-note", note.anchor),
        )
        return Node("a", attributes, (str(note.number),), note.span)

    def _without_nested(self, content: Node) -> tuple[Child, ...]:
        """Return a footnote's blocks; report a call inside it."""
        for node in nodes(content):
            if node.has("data-note"):
                name = node.get("data-note")
                message = f"the footnote [^{name}] is called inside a footnote"
                hint = (
                    "write its text where it is called, or call it in the memo's text"
                )
                span = node.span or content.span or self.memo.span
                self.reporter.error(Code.NOTE_NESTED, span, message, hint)
        return content.children


def _told(link: Node, said: tuple[Child, ...]) -> Node:
    """Return a link that knows what its note says of it."""
    if not (link.has("title") or link.has("note")):
        return link
    return link.with_items({TOLD: "".join(c for c in said if isinstance(c, str))})


def closing(text: str) -> int:
    """Return where the signs that close a clause end at the start of a text."""
    found = _CLOSING.match(text)
    return found.end() if found else 0


def _separated(children: list[Child]) -> tuple[Child, ...]:
    """Put a comma between calls that touch, so that 1 and 2 do not read as 12."""
    out: list[Child] = []
    touching = False
    for child in joined(children):
        if touching and _is_call_at(child, 0):
            out.append(Node("span", (("class", "call-comma"),), (",",)))
        out.append(child)
        touching = _is_call_at(child, -1)
    return tuple(out)


def _is_call_at(child: Child, end: int) -> bool:
    """Tell whether content begins (0) or ends (-1) with a call."""
    while isinstance(child, Node) and not child.has("data-note"):
        if child.tag not in _PHRASING or not child.children:
            return False
        child = child.children[end]
    return isinstance(child, Node)
