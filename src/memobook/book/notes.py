"""Make notes of links and number them in one sequence with the author's footnotes.

What goes in: a book whose links are resolved, and where one output wants its notes.
What comes out: memos whose calls carry their number and whose notes know their calls.
Numbers are data from here on: no style sheet counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from memobook.book.model import Book, Call, Memo, Note, NoteKind, NoteMode, Repeat
from memobook.book.tree import Child, Node, joined, nodes
from memobook.book.urls import same_key
from memobook.diagnostics import Code, Reporter, Span

__all__ = ["NOTED", "number_notes"]

NOTED = frozenset([NoteMode.FOOTNOTES, NoteMode.MEMO_NOTES, NoteMode.BOOK_NOTES])
"""The modes in which a link makes a note."""

# Which signs close a sentence or clause, so that a call stands after them?
# Chicago Manual of Style, 17th edition, 14.26.
_CLOSING = re.compile(r"[.,;:!?…]*[”’»“]?[.,;:!?…]*")


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
        counting = _Counting(memo, memo.notes_mode or mode, repeat, numbers, reporter)
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
    reporter: Reporter
    drafts: dict[object, _Draft] = field(default_factory=dict)
    call_count: int = 0

    def memo_with_notes(self) -> Memo:
        body = self._children_done(self.memo.body)
        notes = tuple(
            replace(d.note, calls=tuple(d.calls)) for d in self.drafts.values()
        )
        return replace(self.memo, body=body, notes=notes, notes_mode=self.mode)

    def _children_done(self, node: Node) -> Node:
        """Return a node with its calls numbered; top down, so in reading order."""
        out: list[Child] = []
        pending: Node | None = None
        for child in node.children:
            if pending is not None:
                child = self._place(pending, child, out)
                pending = None
            if isinstance(child, str):
                out.append(child)
                continue
            if child.has("data-note"):
                out.append(self._author_call(child))
                continue
            done = self._children_done(child)
            out.append(done)
            if self._makes_note(done):
                pending = self._link_call(done)
        if pending is not None:
            out.append(pending)
        return replace(node, children=_separated(out))

    def _place(self, call: Node, following: Child, out: list[Child]) -> Child:
        """Put a call behind the signs that close its clause; return what is left."""
        if not isinstance(following, str):
            out.append(call)
            return following
        closing = _CLOSING.match(following)
        end = closing.end() if closing else 0
        out += [following[:end], call]
        return following[end:]

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

    def _link_call(self, link: Node) -> Node:
        url, text = link.get("href"), link.get("note")
        key: object = (same_key(url), text)
        if self.repeat is Repeat.NONE:
            key = (key, self.memo.id, self.call_count)
        if key not in self.drafts:
            title = text or link.get("title")
            content = (title,) if title else ()
            self._draft(key, NoteKind.LINK, content, url, link.span)
        return self._call(self.drafts[key])

    def _draft(
        self,
        key: object,
        kind: NoteKind,
        content: tuple[Child, ...],
        url: str,
        span: Span | None,
    ) -> None:
        number = self.numbers.setdefault(key, len(self.numbers) + 1)
        name = f"{self.memo.id}-note-{number}"
        self.drafts[key] = _Draft(Note(name, number, kind, content, url, (), span))

    def _call(self, draft: _Draft) -> Node:
        self.call_count += 1
        note = draft.note
        call = Call(f"{self.memo.id}-call-{self.call_count}", note.anchor)
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


def _separated(children: list[Child]) -> tuple[Child, ...]:
    """Put a comma between calls that touch, so that 1 and 2 do not read as 12."""
    return joined(_with_commas(children))


def _with_commas(children: list[Child]) -> Iterator[Child]:
    touching = False
    for child in children:
        is_call = isinstance(child, Node) and child.has("data-note")
        if is_call and touching:
            yield Node("span", (("class", "call-comma"),), (",",))
        yield child
        touching = is_call or (touching and child == "")
