"""Count what each memo of a build holds, and tell what moved between two builds.

What goes in: a book that was made. What comes out: for every memo its pages, words,
notes, links and pictures, as JSON can hold it; and of two such counts what is more,
less or another.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from difflib import SequenceMatcher
from typing import Any

from memobook.book.model import Book, Memo
from memobook.book.tree import Node, text_of

__all__ = ["Census", "Change", "Counted", "Moved", "census_of", "moved"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What one memo holds."""

    id: str
    title: str
    folio: str | None = None
    """The number of its first page; None if no PDF was made."""
    pages: int | None = None
    text: str = ""
    """Its words in reading order, notes behind the text, with a space between them:
    as a list they take ten times as long to keep."""
    notes: tuple[str, ...] = ()
    """What each says, or the address of a link's note."""
    links: tuple[str, ...] = ()
    """Where the links of text and footnotes lead."""
    pictures: Mapping[str, str] = field(default_factory=dict)
    """Path -> SHA-256 in hex."""


@dataclass(frozen=True, slots=True)
class Census:
    """What the memos of one build hold, in the order of the book."""

    memos: tuple[Counted, ...]
    pages: int | None
    """Of the whole PDF."""

    def as_json(self) -> bytes:
        """Return the census as it is kept."""
        return json.dumps(self, default=_fields).encode()

    def with_pages_of(self, last: Census) -> Census:
        """Return the census with the pages of another one, of the last PDF."""
        known = {memo.id: memo for memo in last.memos}
        memos = (
            replace(memo, folio=known[memo.id].folio, pages=known[memo.id].pages)
            if memo.id in known
            else memo
            for memo in self.memos
        )
        return Census(tuple(memos), last.pages)

    @staticmethod
    def from_json(data: bytes) -> Census:
        """Return the census that as_json gave. Raises ValueError for another text."""
        facts = json.loads(data)
        lists = ("notes", "links")
        memos = (
            Counted(**{**m, **{name: tuple(m[name]) for name in lists}})
            for m in facts["memos"]
        )
        return Census(tuple(memos), facts["pages"])


def _fields(value: Census | Counted) -> dict[str, Any]:
    return {each.name: getattr(value, each.name) for each in fields(value)}


def census_of(
    book: Book,
    folios: Mapping[str, str],
    pages: Mapping[str, int],
    whole: int | None,
    digests: Mapping[str, str],
) -> Census:
    """Return what a numbered book holds.

    `folios` is the page map, `pages` how many each section has and `whole` the PDF,
    empty or None without a PDF; `digests` are the hashes of the files that were read.
    """
    return Census(tuple(_counted(m, folios, pages, digests) for m in book.memos), whole)


def _counted(
    memo: Memo,
    folios: Mapping[str, str],
    pages: Mapping[str, int],
    digests: Mapping[str, str],
) -> Counted:
    said: list[str] = []
    links: list[str] = []
    _take(Node("div", (), memo.abstract), said, [])
    for tree in (memo.body, *(note for _, note in memo.footnotes)):
        _take(tree, said, links)
    return Counted(
        id=memo.id,
        title=memo.title,
        folio=folios.get(memo.id),
        pages=pages.get(memo.id),
        text=" ".join(" ".join(said).split()),
        notes=tuple(n.url or " ".join(text_of(n.content).split()) for n in memo.notes),
        links=tuple(links),
        pictures={p.path: digests.get(p.path, "") for p in memo.pictures},
    )


def _take(node: Node, said: list[str], links: list[str]) -> None:
    """Take a tree's words and where its links lead; the number of a call is no word."""
    # All words of a book are taken: no generator goes through them.
    for child in node.children:
        if isinstance(child, str):
            said.append(child)
            continue
        if child.tag == "a" and "external" in child.classes:
            links.append(child.get("href"))
        if not child.attributes or not child.has("data-note"):
            _take(child, said, links)


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one kind of thing."""

    before: int | None
    """How many there were; None if that is not known."""
    after: int | None
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    """Those of the same name that are others: pictures."""
    inserted: int = 0
    """How many words are new."""
    deleted: int = 0

    @property
    def is_none(self) -> bool:
        """Whether nothing moved."""
        more = (*self.added, *self.removed, *self.changed)
        words = self.inserted or self.deleted
        # How many pages there are nobody knows before the first PDF.
        is_known = self.before is not None and self.after is not None
        return not (more or words or (is_known and self.before != self.after))


@dataclass(frozen=True, slots=True)
class Moved:
    """What moved in one memo."""

    id: str
    title: str
    state: str
    """new, gone, changed, moved (its first page alone) or same."""
    folio: tuple[str | None, str | None]
    """Of its first page, before and after."""
    changes: Mapping[str, Change]
    """pages, words, notes, links, pictures."""

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        return asdict(self)


def moved(before: Census, after: Census) -> tuple[Moved, ...]:
    """Return what moved in each memo, in the book's order; what is gone is last."""
    was = {memo.id: memo for memo in before.memos}
    now = {memo.id for memo in after.memos}
    there = [_moved(was.get(memo.id), memo) for memo in after.memos]
    return (*there, *(_moved(m, None) for m in before.memos if m.id not in now))


def _moved(was: Counted | None, now: Counted | None) -> Moved:
    some = now or was
    assert some is not None
    none = Counted(id=some.id, title=some.title, pages=0)
    old, new = was or none, now or none
    changes = {
        "pages": Change(old.pages, new.pages),
        "words": _worded(old.text.split(), new.text.split()),
        "notes": _listed(old.notes, new.notes),
        "links": _listed(old.links, new.links),
        "pictures": _pictured(old.pictures, new.pictures),
    }
    is_known = old.folio is not None and new.folio is not None
    state = "moved" if is_known and old.folio != new.folio else "same"
    if old.title != new.title or not all(c.is_none for c in changes.values()):
        state = "changed"
    state = "new" if was is None else "gone" if now is None else state
    return Moved(some.id, some.title, state, (old.folio, new.folio), changes)


def _worded(old: Sequence[str], new: Sequence[str]) -> Change:
    inserted = deleted = 0
    if old != new:
        matcher = SequenceMatcher(None, old, new, autojunk=False)
        for name, a1, a2, b1, b2 in matcher.get_opcodes():
            if name != "equal":
                deleted += a2 - a1
                inserted += b2 - b1
    return Change(len(old), len(new), inserted=inserted, deleted=deleted)


def _listed(old: Sequence[str], new: Sequence[str]) -> Change:
    more, less = Counter(new) - Counter(old), Counter(old) - Counter(new)
    added, removed = tuple(more.elements()), tuple(less.elements())
    return Change(len(old), len(new), added, removed)


def _pictured(old: Mapping[str, str], new: Mapping[str, str]) -> Change:
    return Change(
        len(old),
        len(new),
        tuple(path for path in new if path not in old),
        tuple(path for path in old if path not in new),
        tuple(path for path in new if path in old and new[path] != old[path]),
    )
