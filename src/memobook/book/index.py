"""Make the index of the terms that are marked in the text.

What goes in: a book with its anchors, and elements with attributes: `index`, terms that
are spoken of here; `index-from` and `index-to`, where a longer passage begins and ends;
`see` and `see-also`, beside `index`, where else to look. What comes out: the book
without these attributes but with anchors in their places, and its index, sorted. On
which pages they stand is not known here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from difflib import get_close_matches

from memobook.book.before import rewritten_before
from memobook.book.collation import initial, sort_key
from memobook.book.marks import lacks
from memobook.book.model import Book, IndexEntry, Locator, Memo
from memobook.book.outline import own_anchor
from memobook.book.tree import VOID, Child, Node, nodes, text_of
from memobook.diagnostics import Code, Reporter, Span

__all__ = ["MARKED", "collect_index"]

MARKED = frozenset(["index", "index-from", "index-to", "see", "see-also"])
"""The attributes that mark a term."""

_CLASS = "index"
"""Of an element whose text is the term itself."""

Path = tuple[str, ...]
"""A term, with those above it before it: Space law, treaties."""

_LEVELS = {f"h{n}": n for n in range(1, 7)}


def collect_index(book: Book, reporter: Reporter) -> Book:
    """Return the book with its index; report terms that lead nowhere."""
    finding = _Finding(book.language, reporter)
    marks = (*MARKED, _CLASS)
    memos = tuple(m if lacks(m, marks) else finding.memo(m) for m in book.memos)
    book = rewritten_before(book, _plain)
    return replace(book, memos=memos, index=finding.entries())


@dataclass(slots=True)
class _Entry:
    """A line of the index while it is being made."""

    span: Span
    """Where its term was first written."""
    locators: list[Locator] = field(default_factory=list)
    see: dict[str, Span] = field(default_factory=dict)
    see_also: dict[str, Span] = field(default_factory=dict)


@dataclass(slots=True)
class _Finding:
    """The index of one book while its terms are being found."""

    language: str
    reporter: Reporter
    found: dict[Path, _Entry] = field(default_factory=dict)

    def memo(self, memo: Memo) -> Memo:
        """Return a memo with anchors, and take its terms."""
        noted = (name for name, note in memo.footnotes if _has_terms(note))
        marking = _Marking(memo, self, frozenset(noted), frozenset(_sections(memo)))
        body = marking.marked(memo.body)
        marking.close()
        notes = []
        for name, note in memo.footnotes:
            marking.place = marking.calls.get(name, memo.id)
            notes.append((name, marking.marked(note)))
        marking.place = memo.id
        abstract = marking.marked(Node("div", (), memo.abstract)).children
        points = tuple(
            marking.marked(Node("div", (), p)).children for p in memo.key_points
        )
        return replace(
            memo,
            body=_with_ends(body, marking.ends),
            footnotes=tuple(notes),
            abstract=abstract,
            key_points=points,
        )

    def entry(self, path: Path, span: Span) -> _Entry:
        """Return the entry of a term, which comes with those above it."""
        for end in range(1, len(path)):
            self.found.setdefault(path[:end], _Entry(span))
        return self.found.setdefault(path, _Entry(span))

    def entries(self) -> tuple[IndexEntry, ...]:
        """Return the index; report what is wrong with it as a whole."""
        if not self.found:
            return ()
        self._check_references()
        self._check_twins()
        return tuple(self._below(()))

    def _below(self, path: Path) -> Iterator[IndexEntry]:
        inside = [p for p in self.found if len(p) == len(path) + 1 and p[:-1] == path]
        for each in sorted(inside, key=lambda p: sort_key(p[-1], self.language)):
            entry = self.found[each]
            yield IndexEntry(
                term=each[-1],
                letter="" if path else initial(each[-1], self.language),
                locators=tuple(entry.locators),
                see=tuple(entry.see),
                see_also=tuple(entry.see_also),
                below=tuple(self._below(each)),
            )

    def _check_references(self) -> None:
        names = {_SHOWN.join(path): path for path in self.found}
        for path, entry in self.found.items():
            for target, span in (*entry.see.items(), *entry.see_also.items()):
                if target not in names:
                    near = get_close_matches(target, names, n=1)
                    hint = f"did you mean “{near[0]}”?" if near else "mark it somewhere"
                    message = f"the index has no “{target}”, to which this leads"
                    self.reporter.error(Code.INDEX_SEE, span, message, hint)
            if entry.see and entry.locators:
                span = next(iter(entry.see.values()))
                message = f"“{path[-1]}” is marked in the text, and leads elsewhere too"
                hint = 'write see-also="..." instead of see="..."'
                self.reporter.error(Code.INDEX_SEE, span, message, hint)

    def _check_twins(self) -> None:
        """Report terms that differ in capitals only: they would be two lines."""
        by_name: dict[Path, Path] = {}
        for path, entry in self.found.items():
            other = by_name.setdefault(tuple(map(str.casefold, path)), path)
            if other[-1] != path[-1]:
                message = f"“{path[-1]}” and “{other[-1]}” are two lines of the index"
                hint = "write it in both places in the same way"
                self.reporter.warning(Code.INDEX_TWINS, entry.span, message, hint)


_SHOWN = " > "
"""Between a term and the one below it, as an author writes them."""


@dataclass(slots=True)
class _Marking:
    """The terms of one memo, in reading order."""

    memo: Memo
    finding: _Finding
    noted: frozenset[str]
    """The names of the footnotes that hold terms."""
    sections: frozenset[str]
    """The anchors of the headings that begin sections of the memo itself."""
    place: str = ""
    """The anchor of everything that is found; empty where each has its own."""
    count: int = 0
    open: dict[Path, tuple[str, Span]] = field(default_factory=dict)
    """Passages that have begun: term -> anchor and place."""
    ends: dict[str, str] = field(default_factory=dict)
    """Anchor of a heading -> the anchor for the end of its section."""
    calls: dict[str, str] = field(default_factory=dict)
    """Name of a footnote -> an anchor near its first call."""

    def marked(self, root: Node) -> Node:
        """Return a tree whose marked elements have anchors instead, top down."""
        if not any(_is_marked(n) or self._is_noted(n) for n in nodes(root)):
            return root
        children: list[Child] = []
        for child in root.children:
            if isinstance(child, str):
                children.append(child)
                continue
            if self._is_noted(child):
                children.append(self._before_call(child))
            done = self.marked(self._one(child) if _is_marked(child) else child)
            children += _with_words(done)
        return root.with_children(children)

    def _is_noted(self, node: Node) -> bool:
        """Tell whether this is the first call of a footnote that holds terms."""
        name = node.get("data-note") if self.noted else ""
        return name in self.noted and name not in self.calls

    def _before_call(self, call: Node) -> Node:
        """Return an anchor for the terms in a footnote, before its first call."""
        anchor = self.calls[call.get("data-note")] = self._anchor()
        return Node("span", (("id", anchor),))

    def _anchor(self) -> str:
        self.count += 1
        return own_anchor(self.memo.id, f"index-{self.count}")

    def _one(self, node: Node) -> Node:
        """Return a marked element as it stays, and take its terms."""
        span = node.span or self.memo.span
        terms = node.get("index")
        if _CLASS in node.classes and not node.has("index"):
            terms = " ".join(text_of(node).split())
        plain = _plain(node)
        if node.has("see") or node.has("see-also"):
            self._refer(node, terms, span)
            return plain
        anchor = self.place or node.get("id") or self._anchor()
        if node.has("index") or _CLASS in node.classes:
            end = ""
            if anchor in self.sections and not self.place:
                end = self.ends.setdefault(anchor, self._anchor())
            for path in self._paths(terms, "index", span):
                locator = Locator(self.memo.id, anchor, end)
                self.finding.entry(path, span).locators.append(locator)
        for path in self._paths(node.get("index-to"), "index-to", span, node):
            self._close(path, anchor, span)
        for path in self._paths(node.get("index-from"), "index-from", span, node):
            self.finding.entry(path, span)
            self.open[path] = anchor, span
        return plain if self.place else plain.with_attributes(id=anchor)

    def _refer(self, node: Node, terms: str, span: Span) -> None:
        for path in self._paths(terms, "index", span):
            entry = self.finding.entry(path, span)
            for name, places in (("see", entry.see), ("see-also", entry.see_also)):
                for other in self._paths(node.get(name), name, span, node):
                    places.setdefault(_SHOWN.join(other), span)

    def _paths(
        self, terms: str, name: str, span: Span, node: Node | None = None
    ) -> list[Path]:
        """Return the terms of an attribute, if it is there; report an empty one."""
        if node is not None and not node.has(name):
            return []
        paths = [
            tuple(" ".join(part.split()) for part in term.split(">"))
            for term in terms.split(";")
        ]
        if not all(all(path) for path in paths):
            message = f'a term of {name}="{terms}" is empty'
            hint = 'write it as index="Space law > treaties; Outer space"'
            self.finding.reporter.error(Code.INDEX_EMPTY, span, message, hint)
        return [path for path in paths if all(path)]

    def _close(self, path: Path, anchor: str, span: Span) -> None:
        begun = self.open.pop(path, None)
        if begun is None:
            name = _SHOWN.join(path)
            near = get_close_matches(name, map(_SHOWN.join, self.open), n=1)
            hint = f'write index-from="{name}" where it begins'
            hint = f"did you mean “{near[0]}”?" if near else hint
            message = f"no passage on “{name}” has begun in this memo"
            self.finding.reporter.error(Code.INDEX_PASSAGE, span, message, hint)
            return
        locator = Locator(self.memo.id, begun[0], anchor)
        self.finding.entry(path, span).locators.append(locator)

    def close(self) -> None:
        """Report the passages that have no end."""
        for path, (_, span) in self.open.items():
            name = _SHOWN.join(path)
            message = f"the passage on “{name}” does not end in this memo"
            hint = f'write index-to="{name}" where it ends'
            self.finding.reporter.error(Code.INDEX_PASSAGE, span, message, hint)


def _sections(memo: Memo) -> Iterator[str]:
    """Yield the anchors of headings that stand in no quotation, and in no callout."""
    for child in memo.body.children:
        if isinstance(child, Node) and child.tag in _LEVELS:
            yield child.get("id")


def _is_marked(node: Node) -> bool:
    # Every element of a book is looked at.
    for name, value in node.attributes:
        if name in MARKED or (name == "class" and _CLASS in value.split()):
            return True
    return False


def _has_terms(root: Node) -> bool:
    return any(map(_is_marked, nodes(root)))


def _with_words(node: Node) -> tuple[Child, ...]:
    """Return an element; nothing of one that only said where else to look.

    A paragraph of anchors alone would be an empty line.
    """
    if node.tag == "span" and not node.attributes and not node.children:
        return ()
    if node.tag == "p" and not text_of(node).strip():
        kinds = {n.tag for n in nodes(node)}
        if kinds <= {"p", "span"}:
            is_led_to = node.children or node.has("id")
            return (replace(node, tag="div"),) if is_led_to else ()
    return (node,)


def _plain(node: Node) -> Node:
    """Return an element without what marks a term."""
    if not _is_marked(node):
        return node
    names = " ".join(name for name in node.classes if name != _CLASS)
    changes: dict[str, str | None] = dict.fromkeys(MARKED)
    return node.with_items({**changes, "class": names or None})


# The ends of sections


def _with_ends(body: Node, ends: dict[str, str]) -> Node:
    """Return a memo's text with anchors at the ends of sections; theirs by heading."""
    if not ends:
        return body
    children = list(body.children)
    open_: list[tuple[int, str]] = []
    last: int | None = None
    for index, child in enumerate((*children, None)):
        level = 0 if child is None else _level(child)
        closed = [a for n, a in open_ if level is not None and n >= level]
        if closed and last is not None:
            children[last] = _with_end(children[last], closed)
            open_ = [(n, a) for n, a in open_ if a not in closed]
        if isinstance(child, Node) and _can_end(child):
            last = index
            if level and child.get("id") in ends:
                open_.append((level, ends[child.get("id")]))
    return body.with_children(children)


def _level(child: Child) -> int | None:
    return _LEVELS.get(child.tag) if isinstance(child, Node) else None


_ATOMS = VOID | {"math", "svg"}
"""In which nothing can be put."""

# In which elements stand others, and no words?
_HOLDERS = frozenset(
    "blockquote details div dl figure ol section table tbody tfoot thead tr ul".split()
)


# Which of them hold nothing else, so that an empty one holds no anchor?
_PARTED = frozenset("colgroup dl ol table tbody tfoot thead tr ul".split())


def _with_end(child: Child, anchors: list[str]) -> Child:
    """Return a block whose last words have anchors behind them."""
    if not isinstance(child, Node):
        return child
    at = [
        index
        for index, each in enumerate(child.children)
        if isinstance(each, Node) and _can_end(each)
    ]
    if at and (child.tag in _HOLDERS or _holds_blocks(child)):
        end = _with_end(child.children[at[-1]], anchors)
        rest = child.children[at[-1] + 1 :]
        return child.with_children((*child.children[: at[-1]], end, *rest))
    marks = (Node("span", (("id", anchor),)) for anchor in anchors)
    return child.with_children((*child.children, *marks))


def _can_end(node: Node) -> bool:
    """Tell whether an element has a place for anchors behind its last words."""
    if node.tag in _PARTED:
        return any(isinstance(c, Node) and _can_end(c) for c in node.children)
    return node.tag not in _ATOMS


def _holds_blocks(node: Node) -> bool:
    """Tell whether the last thing in an item or a cell is a block."""
    last = next((c for c in reversed(node.children) if c != "\n"), "")
    return isinstance(last, Node) and (last.tag in _HOLDERS or last.tag == "p")
