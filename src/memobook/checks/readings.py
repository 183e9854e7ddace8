"""Read a memo as its source says it and as a screen shows it.

What goes in: a numbered memo, or an EPUB. What comes out: readings that can be compared
as they are, also with what printed_readings.py finds on paper. Nothing is judged here.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from memobook.book.captions import CAPTIONS
from memobook.book.linknotes import description
from memobook.book.model import Matter, Memo, Note, NoteKind, NoteMode
from memobook.book.numerals import letters
from memobook.book.references import INSIDE, TARGET
from memobook.book.shapes import WORD
from memobook.book.tree import HEADINGS, Child, Node, nodes, text_of
from memobook.book.urls import shown

__all__ = [
    "CALLS",
    "Reading",
    "alternative",
    "as_uri",
    "bare",
    "even",
    "flat",
    "from_screen",
    "from_source",
    "label",
    "notes_page",
    "pictures",
]

_BLOCKS = frozenset(
    """address article aside blockquote br caption dd details div dl dt figcaption
    figure h1 h2 h3 h4 h5 h6 header hr li ol p pre section summary table tbody td tfoot
    th thead tr ul""".split()
)
_APART = frozenset(["affiliation", "place"])
"""Classes of what is no block and stands apart all the same, where alone."""
_INVISIBLE = "\u200b\u2060\u00ad\ufeff"
CALLS = re.compile(r"⟦\d+⟧(?:,(?=\n?⟦))?")

Heading = tuple[int, str]
"""Level and text of a heading; the memo's title is on level 1."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader gets of one memo."""

    opener: str
    """From the number to the key points, in small letters."""
    text: str
    """The text below the opener; calls are ⟦1⟧."""
    headings: tuple[Heading, ...]
    captions: tuple[str, ...]
    """With their label and number."""
    urls: tuple[str, ...]
    """Where the text's links lead, notes aside."""
    pictures: tuple[str, ...]
    """The alternative texts of the pictures that say something."""
    rows: tuple[int, ...]
    """How many cells each row of the tables has."""
    references: tuple[str, ...] = ()
    """The anchors that the text's links inside the book lead to."""
    notes: Mapping[int, str] = field(default_factory=dict)
    """By number, each with its number and its links back."""
    addresses: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    """By number, where each note's links lead."""

    @property
    def calls(self) -> tuple[int, ...]:
        """The numbers in the text, in reading order."""
        return tuple(int(n) for n in re.findall(r"⟦(\d+)⟧", self.text))

    @property
    def words(self) -> str:
        """The text without its calls."""
        return bare(self.text)


def bare(text: str) -> str:
    """Return a text without its calls, and the commas between those that touch."""
    return even(CALLS.sub("", text))


def even(text: str) -> str:
    """Return a text with single spaces, composed letters and no invisible signs."""
    if not text.isascii():
        for sign in _INVISIBLE:  # a regex takes thirty times as long to find none
            text = text.replace(sign, "")
        text = unicodedata.normalize("NFC", text)
    return " ".join(text.split())


def as_uri(url: str) -> str:
    """Return an address as a PDF holds it: in ASCII."""
    return quote(url, safe=string.printable)


def flat(child: Child | Iterable[Child]) -> str:
    """Return the text of a tree, its blocks apart, calls as ⟦1⟧."""
    said: list[str] = []
    _flatten(child, said)
    return even("".join(said))


def _flatten(child: Child | Iterable[Child], said: list[str]) -> None:
    # Into a list, as generators in generators take twice as long.
    if isinstance(child, str):
        said.append(child)
    elif not isinstance(child, Node):
        for each in child:
            _flatten(each, said)
    elif child.attributes and "doc-noteref" in child.get("role"):
        said.append(f"⟦{text_of(child)}⟧")
    elif child.tag == "math":
        said.append(child.get("alttext"))
    elif child.tag != "svg":
        edge = _edge(child)
        said.append(edge)
        for each in child.children:
            if isinstance(each, str):
                said.append(each)
            else:
                _flatten(each, said)
        said.append(edge)


def _edge(node: Node) -> str:
    """Return what a style sheet or a reader puts around an element's text."""
    is_apart = node.tag in _BLOCKS or (
        node.attributes and node.get("class").strip() in _APART
    )
    return " " if is_apart else ""


def pictures(elements: Iterable[Node]) -> Iterator[Node]:
    """Yield the pictures that say something, of all the elements of a tree."""
    inside: set[int] = set()
    for node in elements:
        if node.tag == "svg" and id(node) not in inside:
            inside |= {id(n) for n in nodes(node)}
            if alternative(node):
                yield node
        elif node.tag == "img" and node.get("alt").strip():
            yield node


def alternative(picture: Node) -> str:
    """Return a picture's alternative text."""
    if picture.tag == "img":
        return even(picture.get("alt"))
    title = next((n for n in picture.children if _is_title(n)), "")
    return even(picture.get("aria-label") or text_of(title))


def _is_title(child: Child) -> bool:
    return isinstance(child, Node) and child.tag == "title"


def _rows(inside: Iterable[Node]) -> Iterator[int]:
    for node in inside:
        if node.tag == "tr":
            cells = [c for c in node.children if isinstance(c, Node)]
            yield sum(cell.tag in {"td", "th"} for cell in cells)


# The source


def from_source(memo: Memo, labels: Mapping[str, str]) -> Reading:
    """Return a numbered memo as its tree says it.

    `labels` are the words of the book's language: memo, key_points, figure, table.
    """
    body, inline = memo.body, memo.notes_mode is NoteMode.INLINE
    inside = tuple(nodes(body))
    said = _Said(labels, inline)
    return Reading(
        opener=even(" ".join(_opener(memo, labels))).casefold(),
        text=said.text(body),
        headings=(
            (1, even(memo.title)),
            *((h.level, even(f"{h.number} {h.title}")) for h in memo.headings),
        ),
        captions=tuple(bare(said.text(n)) for n in inside if n.tag in CAPTIONS),
        urls=tuple(
            n.get("href")
            for n in inside
            if _is_external(n)
            for _ in range(2 if inline and _shows_address(n) else 1)
        ),
        pictures=tuple(map(alternative, pictures(inside))),
        rows=tuple(_rows(inside)),
        references=tuple(
            n.get("href").removeprefix(TARGET) for n in inside if _is_internal(n)
        ),
        notes={n.number: _note(n, _Said(labels, addresses=True)) for n in memo.notes},
        addresses={n.number: _addresses(n) for n in memo.notes},
    )


def label(memo: Memo, labels: Mapping[str, str]) -> str:
    """Return what stands above a memo's title: Memo 3, Part I; front matter nothing."""
    if memo.label:
        return memo.label
    if memo.matter in {Matter.PART, Matter.APPENDIX}:
        return labels[memo.matter.value].replace("{number}", memo.numeral)
    return f"{labels['memo']} {memo.numeral}" if memo.matter is Matter.MEMO else ""


def _opener(memo: Memo, labels: Mapping[str, str]) -> Iterator[str]:
    yield f"{label(memo, labels)} {memo.status}"
    yield memo.title
    yield memo.subtitle
    for author in memo.authors:
        yield f"{author.name} {author.affiliation} {author.place}"
    date = memo.date.isoformat() if memo.date else ""
    yield f"{memo.place}{', ' if memo.place and date else ''}{date}"
    said = _Said(labels, addresses=False)
    yield said.text(Node("div", (), memo.abstract))
    yield labels["key_points"] if memo.key_points else ""
    yield from (said.text(Node("div", (), point)) for point in memo.key_points)
    listed = [h for h in memo.headings if h.level <= 1 + (memo.contents or 0)]
    yield labels["memo_contents"] if listed else ""
    yield from (f"{heading.number} {heading.title}" for heading in listed)


@dataclass(frozen=True, slots=True)
class _Said:
    """Says a tree with its captions' labels, and its links' addresses if wanted."""

    labels: Mapping[str, str]
    addresses: bool

    def text(self, child: Child) -> str:
        said: list[str] = []
        self._say(child, said)
        return even("".join(said))

    def _say(self, child: Child, said: list[str]) -> None:
        if isinstance(child, str):
            said.append(child)
        elif child.attributes and child.has("data-note"):
            # A call in a note has no number, where a book lets it pass.
            said.append(f"⟦{text_of(child)}⟧" if child.children else "")
        else:
            self._say_element(child, said)

    def _say_element(self, node: Node, said: list[str]) -> None:
        edge = _edge(node)
        said.append(edge)
        if node.attributes:
            said += self._before(node)
        if node.tag == "math":
            said.append(node.get("alttext"))
        elif node.tag != "svg":
            for each in node.children:
                if isinstance(each, str):
                    said.append(each)
                else:
                    self._say(each, said)
        said.append(edge)
        if node.tag == "a":
            if "address" in node.classes and not node.children:
                said.append(shown(node.get("href")))
            if self.addresses and _shows_address(node):
                said.append(f" ({shown(node.get('href'))})")

    def _before(self, node: Node) -> Iterator[str]:
        """Yield what an output adds before an element's own text."""
        if node.has("data-kind"):
            yield self._label(node)
        if node.has(WORD):
            yield self.labels[node.get(WORD)]

    def _label(self, node: Node) -> str:
        kind, number = node.get("data-kind"), node.get("data-number")
        said = self.labels[kind] if kind else ""
        label = f"{said} {number}".strip()
        label = said.format(number=number) if "{number}" in said else label
        return f"{label} " if node.tag in CAPTIONS else label


def _is_external(node: Node) -> bool:
    return node.tag == "a" and "external" in node.classes


def _is_internal(node: Node) -> bool:
    # An author may give a link to the web the class of a term.
    is_inside = node.tag == "a" and not INSIDE.isdisjoint(node.classes)
    return is_inside and not _is_external(node)


def _shows_address(node: Node) -> bool:
    url = node.get("href")
    is_noted = _is_external(node) and "no-note" not in node.classes
    return is_noted and text_of(node).strip() not in {url, shown(url)}


def _addresses(note: Note) -> tuple[str, ...]:
    inside = nodes(Node("div", (), note.content))
    found = (n.get("href") for n in inside if _is_external(n))
    if note.url:
        archive = note.entry.archive if note.entry else ""
        return tuple(dict.fromkeys(filter(None, (note.url, archive))))
    return tuple(dict.fromkeys(found))


def _note(note: Note, said: _Said) -> str:
    """Return a note with its number, and with the letters that lead back."""
    back = " ".join(letters(n).lower() for n in range(2, len(note.calls) + 1))
    if note.kind is NoteKind.LINK:
        said_of_it = description(note.url, note.content, note.entry, said.labels)
        text = said.text(Node("div", (), said_of_it))
    else:
        text = said.text(Node("div", (), note.content))
    return even(f"{note.number}. {text} {back}")


# The screen


def from_screen(pages: Mapping[str, Node], name: str, notes: str) -> Reading:
    """Return a memo as its page shows it; `pages` are those of the EPUB by their names.

    `name` is that of its page, `notes` that of the page with its notes: see notes_page.

    Raises KeyError if there is no such page.
    """
    page = pages[name]
    opener = next((n for n in nodes(page) if n.tag == "header"), Node("header"))
    text = next((n for n in nodes(page) if n.classes == ("text",)), Node("div"))
    inside = tuple(nodes(text))
    noted = dict(_shown_notes(pages.get(notes, page), name))
    return Reading(
        opener=flat(opener).casefold(),
        text=flat(text),
        headings=tuple(
            (int(n.tag[1]), bare(flat(n)))
            for n in (*nodes(opener), *inside)
            if n.tag in HEADINGS
        ),
        captions=tuple(bare(flat(n)) for n in inside if n.tag in CAPTIONS),
        urls=tuple(n.get("href") for n in inside if _is_external(n) or _is_address(n)),
        pictures=tuple(map(alternative, pictures(inside))),
        rows=tuple(_rows(inside)),
        references=tuple(
            n.get("href").rpartition("#")[2] for n in inside if _is_internal(n)
        ),
        notes={number: flat(node) for number, node in noted.items()},
        addresses={n: _shown_addresses(node) for n, node in noted.items()},
    )


def _is_address(node: Node) -> bool:
    return "address" in node.get("class") and "address" in node.classes


def notes_page(memo: Memo) -> str:
    """Return the name of the page that has a memo's notes in an EPUB."""
    return "notes" if memo.notes_mode is NoteMode.BOOK_NOTES else memo.id


def _shown_notes(page: Node, memo: str) -> Iterator[tuple[int, Node]]:
    before = f"{memo}__note-"
    for node in nodes(page):
        if node.attributes and node.get("role") == "doc-footnote":
            number = node.get("id").removeprefix(before)
            if number.isdecimal():
                yield int(number), node


def _shown_addresses(note: Node) -> tuple[str, ...]:
    found = (n for n in nodes(note) if _is_external(n) or _is_address(n))
    return tuple(dict.fromkeys(n.get("href") for n in found))
