"""Read a memo three times: as its source says it, as printed, as shown on a screen.

What goes in: a book that was built. What comes out: readings that can be compared as
they are. A printed line's end hides whether a space is there, so that `unbroken` takes
it from another reading; everything else is as it was found. No assertion lives here.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import quote

from memobook.book.model import Memo, NoteMode
from memobook.book.tree import Child, Node, nodes, text_of
from memobook.book.urls import same_key, shown
from tests.harness import Built
from tests.readers import Element, PackedBook, PrintedBook, Run

FRONT = 4
"""How many sections stand before the memos: cover, title page, imprint, contents."""

_BLOCKS = frozenset(
    """address article aside blockquote br caption dd details div dl dt figcaption
    figure h1 h2 h3 h4 h5 h6 header hr li ol p pre section summary table tbody td tfoot
    th thead tr ul""".split()
)
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_INVISIBLE = str.maketrans("", "", "\u200b\u2060\u00ad")
_HYPHEN = "\u2010"
_CALLS = re.compile(r"⟦\d+⟧(?:,(?=\n?⟦))?")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader gets of one memo."""

    opener: str
    """From the number to the key points, in small letters."""
    text: str
    """The text below the opener; calls are ⟦1⟧."""
    headings: tuple[str, ...]
    captions: tuple[str, ...]
    """With their label and number."""
    urls: tuple[str, ...]
    """Where the text's links lead, notes aside."""
    notes: Mapping[int, str] = field(default_factory=dict)
    """By number, each with its number and its links back."""

    @property
    def calls(self) -> tuple[int, ...]:
        """The numbers in the text, in reading order."""
        return tuple(int(n) for n in re.findall(r"⟦(\d+)⟧", self.text))

    @property
    def words(self) -> str:
        """The text without its calls."""
        return _bare(self.text)


def _bare(text: str) -> str:
    """Return a text without its calls, and the commas between those that touch."""
    return even(_CALLS.sub("", text))


def even(text: str) -> str:
    """Return a text with single spaces, composed letters and no invisible signs."""
    plain = unicodedata.normalize("NFC", text.translate(_INVISIBLE))
    return " ".join(plain.split())


def flat(child: Child | Iterable[Child]) -> str:
    """Return the text of a tree, its blocks apart, calls as ⟦1⟧."""
    return even("".join(_flat(child)))


def _flat(child: Child | Iterable[Child]) -> Iterator[str]:
    if isinstance(child, str):
        yield child
    elif not isinstance(child, Node):
        for each in child:
            yield from _flat(each)
    elif "doc-noteref" in child.get("role"):
        yield f"⟦{text_of(child)}⟧"
    elif child.tag != "svg":
        before, after = _edges(child)
        yield before
        yield from _flat(child.children)
        yield after


def _edges(node: Node) -> tuple[str, str]:
    """Return what a style sheet or a reader puts around an element's text."""
    if node.tag == "q":
        return "“", "”"
    is_apart = node.tag in _BLOCKS or node.classes in {("affiliation",), ("place",)}
    return (" ", " ") if is_apart else ("", "")


# The source


def from_source(memo: Memo) -> Reading:
    """Return a memo as its tree says it; calls are not in the text."""
    body, inline = memo.body, _mode(memo) is NoteMode.INLINE
    return Reading(
        opener=even(" ".join(_opener(memo))).casefold(),
        text=even("".join(_said(body, addresses=inline))),
        headings=(memo.title, *(h.title for h in memo.headings)),
        captions=tuple(
            even("".join(_said(n, addresses=inline)))
            for n in nodes(body)
            if n.tag in {"caption", "figcaption"}
        ),
        urls=tuple(
            n.get("href")
            for n in nodes(body)
            if _is_external(n)
            for _ in range(2 if inline and _shows_address(n) else 1)
        ),
        notes=dict(enumerate(_expected_notes(memo), start=1)),
    )


def _mode(memo: Memo) -> NoteMode:
    """Return where a memo's notes stand in a book that leaves it at the default."""
    return memo.notes_mode or NoteMode.FOOTNOTES


def _opener(memo: Memo) -> Iterator[str]:
    yield f"Memo {memo.number} {memo.status}"
    yield memo.title
    yield memo.subtitle
    for author in memo.authors:
        yield f"{author.name} {author.affiliation} {author.place}"
    date = memo.date.isoformat() if memo.date else ""
    yield f"{memo.place}{', ' if memo.place and date else ''}{date}"
    yield flat(memo.abstract)
    yield "Key points" if memo.key_points else ""
    yield from (flat(point) for point in memo.key_points)


def _said(child: Child, *, addresses: bool) -> Iterator[str]:
    """Yield a text with its captions' labels, and its links' addresses if wanted."""
    if isinstance(child, str):
        yield child
        return
    before, after = _edges(child)
    yield before
    if child.has("data-kind"):
        yield f"{child.get('data-kind').title()} {child.get('data-number')} "
    if child.tag != "svg":
        for each in child.children:
            yield from _said(each, addresses=addresses)
    yield after
    if addresses and _shows_address(child):
        yield f" ({shown(child.get('href'))})"


def _is_external(node: Node) -> bool:
    return node.tag == "a" and "external" in node.classes


def _shows_address(node: Node) -> bool:
    url = node.get("href")
    is_noted = _is_external(node) and "no-note" not in node.classes
    return is_noted and text_of(node) not in {url, shown(url)}


def _expected_notes(memo: Memo) -> Iterator[str]:
    """Yield the notes in the order of their first calls, one for each address."""
    of_links = _mode(memo) not in {NoteMode.INLINE, NoteMode.OFF}
    first: dict[object, Node] = {}
    count: dict[object, int] = {}
    for node in nodes(memo.body):
        if node.has("data-note"):
            key: object = node.get("data-note")
        elif of_links and _is_external(node) and "no-note" not in node.classes:
            key = (same_key(node.get("href")), node.get("note"))
        else:
            continue
        first.setdefault(key, node)
        count[key] = count.get(key, 0) + 1
    for number, (key, node) in enumerate(first.items(), start=1):
        back = " ".join(string.ascii_lowercase[1 : count[key]])
        yield even(f"{number}. {_note_text(memo, node)} {back}")


def _note_text(memo: Memo, node: Node) -> str:
    if node.has("data-note"):
        note = dict(memo.footnotes)[node.get("data-note")]
        return "".join(_said(note, addresses=True))
    title = node.get("note") or node.get("title")
    return f"{title}{', ' if title else ''}{shown(node.get('href'))}."


# The screen


def from_screen(epub: PackedBook, memo: Memo) -> Reading:
    """Return a memo as its page in the EPUB shows it."""
    page = epub.pages[memo.id]
    (opener,) = (n for n in nodes(page) if n.tag == "header")
    (text,) = (n for n in nodes(page) if n.classes == ("text",))
    return Reading(
        opener=flat(opener).casefold(),
        text=flat(text),
        headings=tuple(
            _bare(flat(n)) for n in (*nodes(opener), *nodes(text)) if n.tag in _HEADINGS
        ),
        captions=tuple(
            _bare(flat(n)) for n in nodes(text) if n.tag in {"caption", "figcaption"}
        ),
        urls=tuple(
            n.get("href")
            for n in nodes(text)
            if _is_external(n) or "address" in n.classes
        ),
        notes=dict(_shown_notes(epub.pages[_notes_page(memo)], memo)),
    )


def _notes_page(memo: Memo) -> str:
    return "notes" if _mode(memo) is NoteMode.BOOK_NOTES else memo.id


def _shown_notes(page: Node, memo: Memo) -> Iterator[tuple[int, str]]:
    for node in nodes(page):
        is_note = node.get("role") == "doc-footnote"
        if is_note and node.get("id").startswith(f"{memo.id}__"):
            text = flat(node)
            yield int(text.partition(".")[0]), text


# The page


@dataclass(frozen=True, slots=True)
class _Token:
    """A run of a printed memo, or a call in its place."""

    run: Run
    text: str


def from_print(pdf: PrintedBook, memo: Memo, index: int, other: Reading) -> Reading:
    """Return a memo as it is printed; `other` says where lines' ends hide spaces.

    `index` is the memo's place in the book, from 0.
    """
    part = pdf.parts[FRONT + index]
    listed = pdf.parts[-1] if _mode(memo) is NoteMode.BOOK_NOTES else part
    sections = [k for k in part.kids if isinstance(k, Element) and k.kind == "Sect"]
    kids = [k for s in sections for k in s.kids if isinstance(k, Element)]
    opener = [k for k in kids if k.kind == "NonStruct"]
    text = list(_with_one_head([k for k in kids if k.kind == "Div"]))
    return Reading(
        opener=unbroken(_lines(_tokens(opener)), other.opener, folded=True),
        text=unbroken(_lines(_tokens(text)), other.text),
        headings=_texts([*opener, *text], _PRINTED_HEADINGS, other.headings),
        captions=_texts(text, ("Caption",), other.captions),
        urls=tuple(_urls(text)),
        notes={
            number: unbroken(printed, other.notes.get(number, ""))
            for number, printed in _printed_notes(listed, memo)
        },
    )


def printed_references(part: Element) -> Iterator[tuple[str, str]]:
    """Yield where each “(page 12)” leads, and the folio that it says."""
    for link in part.all("Link"):
        found = _PAGE.fullmatch(_text(link))
        if found and not _is_url(link.target):
            yield link.target, found[1]


def _text(element: Element) -> str:
    return "".join(run.text for run in element.runs())


def _with_one_head(elements: Iterable[Element]) -> Iterator[Element]:
    """Return elements without the table heads that a new page repeats."""
    before = ""

    def change(element: Element) -> Element:
        nonlocal before
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


_PRINTED_HEADINGS = ("H1", "H2", "H3", "H4", "H5", "H6")
_NO_TEXT = frozenset(["Note", "Lbl", "Figure"])
_PAGE = re.compile(r"\s*\(page\s(\w+)\)\s*")
_GENERATED = frozenset(["·", "–", ""])


def _with_links(
    kids: Iterable[Element | Run],
    link: Element | None,
    *,
    without: frozenset[str] = _NO_TEXT,
) -> Iterator[tuple[Element | None, Run]]:
    """Yield the runs in order, each with the Link that it is in."""
    for kid in kids:
        if isinstance(kid, Run):
            yield link, kid
        elif kid.kind not in without:
            inner = kid if kid.kind == "Link" else link
            yield from _with_links(kid.kids, inner, without=without)


def _tokens(elements: Iterable[Element]) -> Iterator[_Token]:
    """Yield the text's runs and calls, without the pages that print adds to links."""
    for link, run in _with_links(elements, None):
        if link is not None and "__note-" in link.target:
            yield _Token(run, f"⟦{run.text}⟧")
        elif link is not None and _PAGE.fullmatch(_text(link)):
            continue
        elif run.text.strip() not in _GENERATED:
            yield _Token(run, run.text)


def _is_url(target: str) -> bool:
    return re.match(r"[a-z]+:", target) is not None


_NEAR, _SAME_LINE = 1.5, 12.0


def _lines(tokens: Iterable[_Token]) -> str:
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
        out += " " * (place in spaces) + text
        place += len(text.replace(" ", ""))
    return out.strip()


def _texts(
    elements: Iterable[Element], kinds: tuple[str, ...], others: tuple[str, ...]
) -> tuple[str, ...]:
    """Return the text of the elements of some kinds, without calls."""
    found = [e for element in elements for e in element.all(*kinds)]
    known = [*others, *[""] * len(found)]
    return tuple(
        unbroken(_CALLS.sub("", _lines(_tokens([e]))), other)
        for e, other in zip(found, known, strict=False)
    )


def _urls(elements: Iterable[Element]) -> Iterator[str]:
    """Yield where links lead; one that goes over a page's end is one."""
    before: Element | None = None
    for link, run in _with_links(elements, None, without=frozenset(["Note"])):
        if link is not before and link is not None and _is_url(link.target):
            goes_on = before is not None and before.target == link.target
            if not (goes_on and before is not None and _page(before) != run.page):
                yield link.target
        before = link


def _page(element: Element) -> int:
    return [run.page for run in element.runs()][-1]


def _printed_notes(part: Element, memo: Memo) -> Iterator[tuple[int, str]]:
    for note in part.all("Note"):
        if note.id.startswith(f"{memo.id}__"):
            printed = _lines(_tokens([Element("Div", "", "", note.kids)]))
            yield int(printed.strip().partition(".")[0]), printed


def readings(book: Built) -> Iterator[tuple[Memo, Reading, Reading, Reading]]:
    """Yield each memo with its source's, its screen's and its print's reading."""
    for index, memo in enumerate(book.book.memos):
        screen = from_screen(book.epub, memo)
        printed = from_print(book.pdf, memo, index, screen)
        yield memo, from_source(memo), screen, printed


def as_uri(url: str) -> str:
    """Return an address as a PDF holds it: in ASCII."""
    return quote(url, safe=string.printable)
