"""Read a memo as it is printed.

What goes in: a PDF that was read back, and a memo. What comes out: a reading. A printed
line's end hides whether a space is there, so that `unbroken` takes it from another
reading; everything else is as it was found. Nothing is judged here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from memobook.book.model import Memo, NoteMode
from memobook.book.urls import scheme
from memobook.checks.bidi import as_expected, runs_left, same_letters
from memobook.checks.drawing import Run
from memobook.checks.printed import Element, PrintedBook
from memobook.checks.readings import CALLS, Reading, even

__all__ = [
    "PRINTED_HEADINGS",
    "Halves",
    "Token",
    "Words",
    "from_print",
    "halves",
    "lines",
    "printed_notes",
    "printed_references",
    "unbroken",
]

PRINTED_HEADINGS = ("H1", "H2", "H3", "H4", "H5", "H6")
_HYPHEN = "\u2010"
_NO_TEXT = frozenset(["Note", "Lbl", "Figure"])
# What do style sheets put between texts? In a text itself such a sign is the author's.
_OF_TEXT = frozenset([""])
_OF_OPENER = _OF_TEXT | {"·"}
_DASH = "–"


@dataclass(frozen=True, slots=True)
class Halves:
    """A printed memo: what its template says of it, and its text."""

    opener: tuple[Element, ...]
    text: tuple[Element, ...]


def halves(part: Element) -> Halves:
    """Return the elements of a memo's opener and of its text, notes aside."""
    opener: list[Element] = []
    text: list[Element] = []
    sections = [k for k in part.kids if isinstance(k, Element) and k.kind == "Sect"]
    for section in sections:
        for kid in (k for k in section.kids if isinstance(k, Element)):
            if kid.kind == "Div":
                text.append(kid)
            elif kid.kind != "Sect" and not text:
                opener.append(kid)
    return Halves(tuple(opener), tuple(_with_one_head(text)))


def from_print(
    pdf: PrintedBook,
    memo: Memo,
    part: Element,
    other: Reading,
    labels: Mapping[str, str],
) -> Reading:
    """Return a memo as it is printed; `other` says where lines' ends hide spaces.

    `part` is the memo's in the structure, and `labels` the words of the book's language
    that stand around a page's number: page, on_page.
    """
    found, words = halves(part), Words(labels)
    both = (*found.opener, *found.text)
    notes = dict(printed_notes(_notes_part(pdf, memo, part), memo))
    return Reading(
        opener=unbroken(
            lines(words.tokens(found.opener, _OF_OPENER)), other.opener, folded=True
        ),
        text=unbroken(lines(words.tokens(found.text)), other.text),
        headings=tuple(words.headings(both, [title for _, title in other.headings])),
        captions=words.texts(found.text, ("Caption",), other.captions),
        urls=tuple(e.target for e in _links(found.text) if scheme(e.target)),
        pictures=tuple(
            even(e.alt) for e in _of(found.text, "Figure") if e.alt is not None
        ),
        rows=tuple(map(_cells, _of(found.text, "TR"))),
        references=tuple(words.targets(found.text)),
        notes={
            number: unbroken(words.text(note, told), told)
            for number, note in notes.items()
            for told in [other.notes.get(number, "")]
        },
        addresses={number: _addresses(note) for number, note in notes.items()},
    )


def _notes_part(pdf: PrintedBook, memo: Memo, part: Element) -> Element:
    """Return the part of the structure in which a memo's notes are listed."""
    if memo.notes_mode is not NoteMode.BOOK_NOTES:
        return part
    has_notes = (p for p in pdf.parts[::-1] if next(printed_notes(p, memo), None))
    return next(has_notes, pdf.parts[-1])


def _of(elements: Iterable[Element], *kinds: str) -> Iterator[Element]:
    for element in elements:
        if element.kind in kinds:
            yield element
        yield from element.all(*kinds)


def _cells(row: Element) -> int:
    cells = [kid.kind for kid in row.kids if isinstance(kid, Element)]
    return cells.count("TD") + cells.count("TH")


def printed_references(
    part: Element, labels: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """Yield where each “(page 12)” or “on page 12” leads, and what folio it says."""
    words = Words(labels)
    for link in part.all("Link"):
        found = words.reference(link)
        if found and not scheme(link.target):
            yield link.target, found[1]


def _with_one_head(elements: Iterable[Element]) -> Iterator[Element]:
    """Return elements without the table heads that a new page repeats."""
    before = ""

    def change(element: Element) -> Element:
        nonlocal before
        if element.kind == "Table":
            before = ""  # two tables may have the same head
        kids = []
        for kid in element.kids:
            if isinstance(kid, Element) and kid.kind == "THead":
                head, known = "".join(r.text for r in kid.runs()), before
                before = head
                if head == known:
                    continue
            kids.append(change(kid) if isinstance(kid, Element) else kid)
        return replace(element, kids=tuple(kids))

    return map(change, elements)


@dataclass(frozen=True, slots=True)
class Token:
    """A run of a printed memo, or a call in its place."""

    run: Run
    text: str


@dataclass(frozen=True, slots=True)
class Words:
    """Reads elements of a book that has its own words for a page."""

    labels: Mapping[str, str]

    def reference(self, link: Element) -> re.Match[str] | None:
        """Return what matched if a link is a “(page 12)” or an “on page 12”."""
        text = even("".join(run.text for run in link.runs()))
        for said in (f"({self.labels['page']} {{page}})", self.labels["on_page"]):
            before, after = map(re.escape, even(said).split("{page}"))
            before = before.replace("\\ ", r"\s*")
            if found := re.fullmatch(rf"{before}(\w+){after}", text):
                return found
            if runs_left(text) and (found := re.search(r"(\d+|[ivxlcdm]+)", text)):
                rest = text[: found.start()] + text[found.end() :]
                if same_letters(rest, said.replace("{page}", "")):
                    return found
        # In a list of figures the number alone, which is marked as late.
        if all(isinstance(kid, Element) and kid.kind == "Span" for kid in link.kids):
            return re.fullmatch(r"(\d+|[ivxlcdm]+)", text)
        return None

    def tokens(
        self, elements: Iterable[Element], generated: frozenset[str] = _OF_TEXT
    ) -> Iterator[Token]:
        """Yield the text's runs and calls, without what print adds: pages, signs."""
        for link, run in _with_links(elements, None):
            if link is not None and "__note-" in link.target:
                yield Token(run, f"⟦{run.text}⟧")
            elif link is not None and self.reference(link):
                continue
            elif run.text.strip() not in generated:
                yield Token(run, run.text)

    def texts(
        self,
        elements: Iterable[Element],
        kinds: tuple[str, ...],
        others: Iterable[str],
    ) -> tuple[str, ...]:
        """Return the text of the elements of some kinds, without calls."""
        found = list(_of(elements, *kinds))
        known = [*others, *[""] * len(found)]
        return tuple(
            unbroken(CALLS.sub("", lines(self.tokens([e]))), other)
            for e, other in zip(found, known, strict=False)
        )

    def headings(
        self, elements: Sequence[Element], known: Iterable[str]
    ) -> Iterator[tuple[int, str]]:
        """Yield level and text of the headings."""
        found = _of(elements, *PRINTED_HEADINGS)
        titles = self.texts(elements, PRINTED_HEADINGS, known)
        for element, title in zip(found, titles, strict=True):
            yield int(element.kind[1]), title

    def text(self, note: Element, other: str) -> str:
        """Return what a note says, its number and lines' ends included.

        `other` tells how many dashes are text: print puts more before a list's items.
        """
        tree = Element("Div", "", "", _with_labels(note).kids)
        tokens = list(self.tokens([tree]))
        dashes = [
            (not before or before.run.base == token.run.base, place)
            for place, (before, token) in enumerate(pairwise((None, *tokens)))
            if token and token.text.strip() == _DASH
        ]
        more = sum(t.text.count(_DASH) for t in tokens) - other.count(_DASH)
        marks = {place for _, place in sorted(dashes)[: max(more, 0)]}
        return lines(t for place, t in enumerate(tokens) if place not in marks)

    def targets(self, elements: Iterable[Element]) -> Iterator[str]:
        """Yield the anchors that links lead to."""
        return (e.target for e in _links(elements) if self._is_reference(e))

    def _is_reference(self, link: Element) -> bool:
        is_call = "__note-" in link.target
        return bool(link.target) and not (
            is_call or scheme(link.target) or self.reference(link)
        )


def printed_notes(part: Element, memo: Memo) -> Iterator[tuple[int, Element]]:
    """Yield the notes of a memo with the number that each bears."""
    name = re.compile(rf"{re.escape(memo.id)}__note-(\d+)(-.*)?")
    for note in part.all("Note"):
        if found := name.fullmatch(note.id):
            yield int(found[1]), note


def _addresses(note: Element) -> tuple[str, ...]:
    found = (link.target for link in note.all("Link"))
    return tuple(dict.fromkeys(target for target in found if scheme(target)))


def _with_labels(note: Element) -> Element:
    """Return a note whose number is read, also where it is the note's label."""
    kids = tuple(
        replace(_with_labels(kid), kind="Span" if kid.kind == "Lbl" else kid.kind)
        if isinstance(kid, Element) and kid.kind not in {"L", "LI"}
        else kid
        for kid in note.kids
    )
    return replace(note, kids=kids)


def _with_links(
    kids: Iterable[Element | Run],
    link: Element | None,
    *,
    without: frozenset[str] = _NO_TEXT,
    is_marked: bool = True,
) -> Iterator[tuple[Element | None, Run]]:
    """Yield the runs in order, each with the Link that it is in.

    `is_marked` tells whether labels are the marks of a list here, which are no text.
    """
    for kid in kids:
        if isinstance(kid, Run):
            yield link, kid
            continue
        inner = kid if kid.kind == "Link" else link
        marked = kid.is_marked if kid.kind == "L" else is_marked
        read = _read(kid, without, is_marked=marked)
        yield from _with_links(read, inner, without=without, is_marked=marked)


def _read(
    element: Element, without: frozenset[str], *, is_marked: bool
) -> tuple[Element | Run, ...]:
    """Return what is read of an element: of a picture its caption, a label's term."""
    if element.kind == "Figure" and not element.is_picture:
        return element.kids
    if element.kind not in without or (element.kind == "Lbl" and not is_marked):
        return element.kids
    return tuple(element.captions()) if element.kind == "Figure" else ()


_NEAR, _SAME_LINE = 1.5, 12.0


def lines(tokens: Iterable[Token]) -> str:
    """Return the text with a line end wherever a reader could not see a space."""
    out = ""
    before: Run | None = None
    for token in tokens:
        run = token.run
        touches = (
            before is not None
            and before.page == run.page
            and abs(run.left - before.right) < _NEAR
            and abs(run.base - before.base) < _SAME_LINE
        )
        out += token.text if touches else f"\n{token.text}"
        before = run
    return out


def unbroken(printed: str, other: str, *, folded: bool = False) -> str:
    """Return a printed text without its line ends, spaces there as in another reading.

    A hyphen that the line's end brought goes with it.
    """
    solid, spaces = "", set()
    for character in other:
        if character == " ":
            spaces.add(len(solid))
        else:
            solid += character
    out, place = "", 0
    for line in filter(None, map(even, printed.split("\n"))):
        text = line.casefold() if folded else line
        if out.endswith(_HYPHEN) and solid[place - 1 : place] != _HYPHEN:
            out, place = out[:-1], place - 1
        letters = text.replace(" ", "")
        right = as_expected(letters, solid, spaces, place) if runs_left(text) else None
        out += " " * (place in spaces) + text if right is None else right
        place += len(letters)
    return out.strip()


def _links(elements: Iterable[Element]) -> Iterator[Element]:
    """Yield the links in their order; one that goes over a page's end is one."""
    before: Element | None = None
    for link, _ in _with_links(elements, None, without=frozenset(["Note"])):
        if link is not None and link is not before:
            yield link
        before = link
