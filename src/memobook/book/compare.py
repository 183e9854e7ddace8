"""Show what changed between two versions of a book, in the text of the new one.

What goes in: an old and a new book, both resolved, their notes not yet numbered. What
comes out: the new book; what is new in it stands in <ins>, what is gone in <del>, and
each block that differs has a class for a bar beside it. Blocks are compared with
blocks, and words within those that are alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from memobook.book.model import Book, Contributor, Memo
from memobook.book.rewording import Version, gone, likeness, reworded, words_of
from memobook.book.tree import Child, Node

__all__ = ["CHANGED", "compared"]

CHANGED, _REMOVED = "changed", "removed"
"""The class of a block that differs, and also of one that is gone."""

_FACTS = "facts-changed"
"""The class of what is no text: a title, a subtitle, authors, a date."""

_BLOCKS = frozenset(
    "blockquote caption dd details div dl dt figcaption figure h1 h2 h3 h4 h5 h6 hr li "
    "ol p pre section summary table tbody td tfoot th thead tr ul".split()
)
_WORDS = "#words"
"""The tag of what stands in a line beside blocks."""
# What has a border or a picture, so that the bar goes around it?
_FRAMED = frozenset(["figure", "table"])
# Of what is the change its parent's, as nothing may go around it?
_PARTS = frozenset("caption figcaption tbody td tfoot th thead tr".split())
# What has a sign before it, so that the bar stands beside what is in it?
_MARKED = frozenset(["dd", "li"])
_ALIKE = 0.4
"""How alike two blocks are, from 0 to 1, that are versions of one."""


def compared(old: Book, new: Book, changed: frozenset[str] = frozenset()) -> Book:
    """Return the new book with marks at what is not as in the old one.

    A memo is the same one if its file is, or its id; one that is gone stands struck
    through behind the one that it followed. `changed` are the paths of pictures that
    are not what they were.
    """
    was = {id(memo): before for before, memo in _pairs(old, new) if before}
    known = {id(before) for before in was.values()}
    memos = list(map(_struck, _gone_behind(None, old, known)))
    for memo in new.memos:
        before = was.get(id(memo))
        memos.append(_memo(before, memo, changed))
        if before is not None:
            memos += map(_struck, _gone_behind(before, old, known))
    lines = _lines(_title_page(old), _title_page(new))
    imprint = new.imprint.with_children((*lines, *new.imprint.children))
    return replace(new, memos=tuple(memos), imprint=imprint)


def _pairs(old: Book, new: Book) -> Iterator[tuple[Memo | None, Memo]]:
    left = list(old.memos)
    for memo in new.memos:
        same = [m for m in left if (m.path, m.id) == (memo.path, memo.id)]
        same += [m for m in left if m.id == memo.id]
        if same:
            left = [m for m in left if m is not same[0]]
        yield same[0] if same else None, memo


def _gone_behind(memo: Memo | None, old: Book, known: set[int]) -> Iterator[Memo]:
    """Yield the memos that are gone from behind one, or from the book's beginning."""
    places = [i for i, other in enumerate(old.memos) if other is memo]
    for other in old.memos[places[0] + 1 if places else 0 :]:
        if id(other) in known:
            return
        yield other


def _struck(memo: Memo) -> Memo:
    """Return a memo that is gone: its text alone."""
    version = Version(dict(memo.footnotes))
    blocks = (c for unit in _units(memo.body) for c in _gone(unit, version))
    return Memo(
        id=f"{_REMOVED}-{memo.id}",
        path=memo.path,
        title=memo.title,
        subtitle="−",
        language=memo.language,
        matter=memo.matter,
        part=memo.part,
        body=Node("div", (), tuple(blocks)),
        span=memo.span,
    )


def _memo(old: Memo | None, new: Memo, changed: frozenset[str]) -> Memo:
    """Return a memo with marks; one that was not there is new from its first word."""
    nothing = replace(new, title="", body=Node("div"), footnotes=())
    before = old or replace(nothing, abstract=(), key_points=())
    was, now = dict(before.footnotes), dict(new.footnotes)
    work = _Comparing(Version(was), Version(now, changed))
    # The opener has no room for marks: what it said stands below it.
    opener = _lines(_opener(before), _opener(new)) if old else ()
    body, _ = work.held(before.body, new.body)
    return replace(
        new,
        body=body.with_children((*opener, *body.children)),
        footnotes=tuple(
            (name, work.held(was.get(name, Node("div")), note)[0])
            for name, note in new.footnotes
        ),
        abstract=reworded(before.abstract, new.abstract, work.before, work.after),
        key_points=tuple(
            reworded(work.point(index, point, before), point, work.before, work.after)
            for index, point in enumerate(new.key_points)
        ),
    )


def _opener(memo: Memo) -> tuple[str, ...]:
    dateline = (memo.place, memo.date.isoformat() if memo.date else "")
    people = map(_person, memo.authors)
    return (memo.title, memo.subtitle, "; ".join(people), _listed(dateline))


def _title_page(book: Book) -> tuple[str, ...]:
    people = "; ".join(map(_person, book.contributors))
    publisher = _listed((book.publisher, book.place, book.date.isoformat()))
    return (book.title, book.subtitle, people, book.series, book.edition, publisher)


def _person(person: Contributor) -> str:
    return _listed((person.name, person.affiliation, person.place))


def _listed(parts: Iterable[str]) -> str:
    return ", ".join(filter(None, parts))


def _lines(old: Sequence[str], new: Sequence[str]) -> tuple[Node, ...]:
    """Return the lines that differ, each with what was and what is."""
    pairs = [(was, now) for was, now in zip(old, new, strict=True) if was != now]
    lines = [
        Node("p", (), reworded((was,), (now,), Version(), Version()))
        for was, now in pairs
    ]
    around = Node("div", (("class", f"{CHANGED} {_FACTS}"),), tuple(lines))
    return (around,) if lines else ()


# Blocks


def _barred(content: tuple[Child, ...]) -> Node:
    return Node("div", (("class", CHANGED),), content)


def _units(node: Node) -> list[Node]:
    """Return an element's blocks, and what stands beside them in a line as one each."""
    units: list[Node] = []
    for child in node.children:
        if isinstance(child, Node) and child.tag in _BLOCKS:
            units.append(child)
        elif units and units[-1].tag == _WORDS:
            units[-1] = units[-1].with_children((*units[-1].children, child))
        elif isinstance(child, Node) or child.strip():
            units.append(Node(_WORDS, (), (child,)))
    return units


def _holds_blocks(node: Node) -> bool:
    return any(isinstance(c, Node) and c.tag in _BLOCKS for c in node.children)


def _content(unit: Node) -> tuple[Child, ...]:
    return unit.children if unit.tag == _WORDS else (unit,)


def _gone(unit: Node, version: Version) -> tuple[Child, ...]:
    """Return a block that is gone: what it said, in a block that can stand there."""
    if unit.tag in _FRAMED or not _holds_blocks(unit):
        content = gone(unit.children, version)
    else:
        content = tuple(c for u in _units(unit) for c in _gone(u, version))
    if not content or unit.tag == _WORDS:
        return content
    is_plain = unit.tag in {"figure", "hr", "pre", "table", "div"} | _HEADINGS
    tag = "p" if is_plain and not _holds_blocks(Node("", (), content)) else unit.tag
    kept = Node(tag, (), content).with_class(_REMOVED)
    return (kept if _holds_blocks(kept) else kept.with_class(CHANGED),)


_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6 summary".split())


@dataclass(frozen=True, slots=True)
class _Comparing:
    """Two versions of one memo."""

    before: Version
    after: Version

    def point(
        self, index: int, point: tuple[Child, ...], old: Memo
    ) -> tuple[Child, ...]:
        """Return the old key point that is the most like a new one."""
        words = words_of(point, self.after)
        found = [(likeness(words_of(p, self.before), words), p) for p in old.key_points]
        best = max(found, key=lambda each: each[0], default=(0.0, ()))
        return best[1] if best[0] >= _ALIKE else ()

    def held(self, old: Node, new: Node) -> tuple[Node, bool]:
        """Return an element with its blocks compared, and whether a bar is its own."""
        was, now = _units(old), _units(new)
        out: list[Child] = []
        touched = False
        for before, after in self._matched(was, now):
            if after is None:
                out += () if before is None else _gone(before, self.before)
                touched = touched or (before is not None and before.tag in _PARTS)
                continue
            done, is_parents = self._unit(before, after)
            out += done
            touched = touched or is_parents
        return new.with_children(out), touched

    def _matched(
        self, was: list[Node], now: list[Node]
    ) -> Iterator[tuple[Node | None, Node | None]]:
        """Yield blocks with what they were, in the order in which they are shown."""
        keys = [self._key(unit, self.before) for unit in was]
        others = [self._key(unit, self.after) for unit in now]
        matcher = SequenceMatcher(None, keys, others, autojunk=False)
        for name, a1, a2, b1, b2 in matcher.get_opcodes():
            if name == "equal":
                yield from zip(was[a1:a2], now[b1:b2], strict=True)
            else:
                yield from self._alike(was[a1:a2], now[b1:b2])

    def _alike(
        self, was: Sequence[Node], now: Sequence[Node]
    ) -> Iterator[tuple[Node | None, Node | None]]:
        left = list(was)
        for unit in now:
            at = next((i for i, o in enumerate(left) if self._is_like(o, unit)), None)
            if at is None:
                yield None, unit
                continue
            yield from ((old, None) for old in left[:at])
            yield left[at], unit
            left = left[at + 1 :]
        yield from ((old, None) for old in left)

    def _is_like(self, old: Node, new: Node) -> bool:
        if old.tag != new.tag:
            return False
        was = words_of(old.children, self.before)
        return likeness(was, words_of(new.children, self.after)) >= _ALIKE

    def _key(self, unit: Node, version: Version) -> tuple[str, ...]:
        keys = (word.key for word in words_of(unit.children, version))
        return (unit.tag, *(key for key in keys if key))

    def _unit(self, old: Node | None, new: Node) -> tuple[tuple[Child, ...], bool]:
        """Return a block with marks, and whether the bar is to stand beside its parent.

        That is so where nothing may go around it, as around a table's cell.
        """
        before = old or Node(new.tag)
        was = None if old is None else self._key(old, self.before)
        if was == self._key(new, self.after):
            return _content(new), False
        if _holds_blocks(new):
            done, touched = self.held(before, new)
        else:
            content = reworded(before.children, new.children, self.before, self.after)
            done, touched = new.with_children(content), True
        if not touched or new.tag in _PARTS:
            return _content(done), touched
        if new.tag in _FRAMED or new.tag == _WORDS:
            return (_barred(_content(done)),), False
        if new.tag in _MARKED:
            return (done.with_children((_barred(done.children),)),), False
        return (done.with_class(CHANGED),), False
