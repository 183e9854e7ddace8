"""Give everything that can be linked to a name that is unique in the book.

What goes in: memos whose ids are as the author wrote them. What comes out: memos whose
ids begin with the memo's own, and which know their headings.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from functools import partial

from memobook.book.backpages import is_back_page
from memobook.book.brackets import PREFIXES
from memobook.book.drawable import SVG_ELEMENTS
from memobook.book.drawnnames import with_own_names
from memobook.book.formulas import FORMULA
from memobook.book.marks import lacks
from memobook.book.model import Book, Heading, Memo, Numbers
from memobook.book.paints import with_true_paints
from memobook.book.tree import Node, line_of, nodes, rewrite

__all__ = [
    "LABEL",
    "PART",
    "anchor",
    "name_anchors",
    "number_captions",
    "number_formulas",
    "own_anchor",
    "slug",
]

LABEL = "data-label"
"""Holds an id such as fig:orbits as it was written, until references are resolved."""

PART = "data-part"
"""Holds the number of a part of a figure, such as 3a, as long."""

_LEVELS = {f"h{n}": n for n in range(1, 7)}

_DRAWN = SVG_ELEMENTS - {"a", "svg"}
"""Elements whose names are for a drawing's own use."""

# Which names do the book's own pages have? A memo may be called contents.md, too.
_RESERVED = frozenset(
    "abbreviations abbreviations-title bibliography bibliography-title contents"
    " contents-title cover epigraph-page imprint index index-title nav notes"
    " sources sources-title title title-page".split()
)


def anchor(memo: str, name: str) -> str:
    """Return the book's name for a memo's anchor; for an empty one, the memo's own.

    Only letters, digits, hyphens and underlines: some reading systems look notes up by
    a CSS selector made of the id. The underline, which neither a memo's id nor a slug
    has, keeps `space` with a heading "Law" apart from the memo `space-law`.
    """
    return f"{memo}_{slug(name)}" if name else memo


def own_anchor(memo: str, name: str) -> str:
    """Return an anchor that memobook makes, which no heading can have: not "Note 1"."""
    return f"{memo}__{name}"


def slug(text: str) -> str:
    """Return a name for an id in ASCII, other scripts as their code points."""
    flat = unicodedata.normalize("NFKD", text.strip().lower())
    flat = "".join(c for c in flat if not unicodedata.combining(c))
    ascii_ = re.sub(r"[^\x00-\x7f]", lambda m: f"u{ord(m[0]):x}", flat)
    return re.sub(r"[^a-z0-9]+", "-", ascii_).strip("-") or "section"


def name_anchors(book: Book) -> Book:
    """Give memos, headings and other anchors their names in the book."""
    taken = set(_RESERVED)
    memos = []
    for memo in book.memos:
        # Such a page's name was kept free for it.
        name = memo.id if is_back_page(memo) else _free(memo.id, taken)
        named = _named(replace(memo, id=name))
        memos.append(with_own_names(with_true_paints(named)))
    return replace(book, memos=tuple(memos))


def _named(memo: Memo) -> Memo:
    taken: set[str] = set()

    def name(node: Node) -> Node:
        wanted = node.get("id")
        is_heading = node.tag in _LEVELS
        if not wanted and is_heading:
            wanted = line_of(node)
        # Contents and outline lead also to a heading that has no words.
        if not (wanted or is_heading) or node.tag in _DRAWN:
            return node
        named = node.with_attributes(id=anchor(memo.id, _free(slug(wanted), taken)))
        is_label = wanted.partition(":")[0] in PREFIXES
        return named.with_items({LABEL: wanted}) if is_label else named

    body = rewrite(memo.body, name)
    footnotes = tuple((key, rewrite(note, name)) for key, note in memo.footnotes)
    return replace(memo, body=body, footnotes=footnotes, headings=_headings(body))


def _free(name: str, taken: set[str]) -> str:
    """Return a name that nobody has yet, and take it."""
    free, count = name, 1
    while free in taken:
        count += 1
        free = f"{name}-{count}"
    taken.add(free)
    return free


def _headings(body: Node) -> tuple[Heading, ...]:
    return tuple(
        Heading(n.get("id"), max(2, _LEVELS[n.tag]), line_of(n))
        for n in nodes(body)
        if n.tag in _LEVELS
    )


def number_captions(book: Book) -> Book:
    """Give captions their numbers, figures and tables apart, by book or by memo."""
    counts: dict[str, int] = {}
    memos = []
    for memo in book.memos:
        start = ""
        if book.numbers is Numbers.MEMO:
            counts, start = {}, f"{memo.numeral}." if memo.numeral else ""
        number = partial(_numbered, counts, start)
        memos.append(replace(memo, body=rewrite(memo.body, number)))
    return replace(book, memos=tuple(memos))


def number_formulas(book: Book) -> Book:
    """Give formulas that stand by themselves and have a name their numbers."""
    count = 0

    def number(node: Node) -> Node:
        nonlocal count
        if node.tag != "div" or FORMULA not in node.classes or not node.has("id"):
            return node
        count += 1
        shown = Node("span", (("class", "formula-number"),), (f"({count})",))
        named = node.with_items({"data-number": str(count)})
        return named.with_children((*node.children, " ", shown))

    memos = (
        m if lacks(m, [FORMULA]) else replace(m, body=rewrite(m.body, number))
        for m in book.memos
    )
    return replace(book, memos=tuple(memos))


def _numbered(counts: dict[str, int], start: str, node: Node) -> Node:
    kind = {"figcaption": "figure", "caption": "table"}.get(node.tag)
    if kind is None or node.classes == ("part",):
        return node
    counts[kind] = counts.get(kind, 0) + 1
    return node.with_items({"data-kind": kind, "data-number": f"{start}{counts[kind]}"})
