"""What differs between print and screen: the form of a link, a call, a note, a picture.

What goes in: a numbered memo. What comes out: its blocks as XHTML for one medium. The
document around it is a template's; where a thing stands on the page is a style sheet's.
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from memobook.book import formulas
from memobook.book.model import Memo, Note, NoteKind, NoteMode
from memobook.book.references import TARGET
from memobook.book.shapes import WORD
from memobook.book.tree import Child, Node, joined, rewrite, text_of
from memobook.book.urls import lines_of, shown
from memobook.design.section import LED, PAGE_SCHEME, PROJECT_URL
from memobook.design.spans import has_rigid_block, in_line
from memobook.design.ways import Adjustments, Medium
from memobook.design.widetables import scrolling, turned

__all__ = [
    "Adjustments",
    "Medium",
    "Print",
    "Screen",
    "blocks",
    "inline",
    "note_blocks",
]

_BREAK = "\u200b"  # zero width space: a line may end here
_NO_BREAK = "\u2060"  # word joiner: no line may end here

# No linguistic content: no hyphenation, no reading as words.
# https://www.w3.org/International/questions/qa-no-language
_NO_LANGUAGE = "zxx"


@dataclass(frozen=True, slots=True)
class Print:
    """Paper: what a link leads to is said in words and numbers."""

    here: str
    """The section that is being made."""
    sections: Mapping[str, str]
    """Anchor -> the section that it stands in."""
    digits: Callable[[str], int]
    """Anchor -> how many digits its page number has, or a guess of that."""
    words: Mapping[str, str]
    """The built-in ones, in the book's language."""
    roman: Callable[[str], str] = lambda _: ""
    """Anchor -> its page number if that is a roman one, as in front matter."""
    adjustments: Adjustments = field(default_factory=Adjustments)
    name: str = "print"

    def target(self, href: str) -> str:
        """Return a fragment, or the href as it is if its target is in another sheet."""
        anchor = href.removeprefix(TARGET)
        return f"#{anchor}" if self.sections.get(anchor) == self.here else href

    def reference(self, link: Node) -> tuple[Child, ...]:
        """Return “ (page 00)” or “ on page 00”, in a list “ . . . 00”: a link."""
        anchor = link.get("href").removeprefix(TARGET)
        attributes = (("class", "page-reference"), ("href", self.page_target(anchor)))
        if "caption-entry" in link.classes:
            leader = Node("span", (("class", "leader"),), (" ",))
            return (leader, Node("a", attributes, self.page_number(anchor)))
        is_said = "crossref" in link.classes
        text = (
            self.words["on_page"] if is_said else f"({self.words['page']}\xa0{{page}})"
        )
        before, _, after = text.partition("{page}")
        space = " " if before[:1].isalpha() or not is_said else ""
        before = re.sub(r"\s+$", "\xa0", before)
        words = (before, *self.page_number(anchor), after)
        return (space, Node("a", attributes, joined(words)))

    def page_target(self, anchor: str) -> str:
        """Return an address that only the binder understands, but of a roman page."""
        return (
            self.target(TARGET + anchor) if self.roman(anchor) else PAGE_SCHEME + anchor
        )

    def page_number(self, anchor: str) -> tuple[Child, ...]:
        """Return zeros; the number is written when the book is bound.

        Only its length is known here. Out of the flow stand the ten digits in the same
        style, so that the binder knows their glyphs: see outputs/pdf/late.py. A roman
        number is set as it is: few sections name one.
        """
        if numeral := self.roman(anchor):
            return (Node("span", (("class", "page-number roman"),), (numeral,)),)
        sample = Node("span", (("class", "digits"),), (string.digits,))
        zeros = "0" * self.digits(anchor)
        return (Node("span", (("class", "page-number"),), (zeros,)), sample)

    def address(self, url: str) -> tuple[Child, ...]:
        """Return an address with zero width spaces, which no copied text holds."""
        text = _BREAK.join(lines_of(url))
        return (text.replace("-", f"-{_NO_BREAK}"),)

    def picture(self, path: str) -> str:
        """Return a URL that only the layout's fetcher understands."""
        return PROJECT_URL + quote(path)

    def table(self, table: Node) -> Node:
        """Turn a table that wants a page in landscape."""
        return turned(table)

    def led(self, link: Node) -> Node:
        """Return the link, live and not to be seen."""
        return link.with_attributes(href=self.target(link.get("href")))

    def formula(self, formula: Node) -> Node:
        """Return a formula's drawing."""
        return formulas.drawn(formula)

    def call(self, call: Node, note: Note, memo: Memo) -> tuple[Child, ...]:
        """Return the call, and the note behind its first one if it goes to the foot."""
        anchor = call.get("id")
        link = Node(
            "a",
            (
                ("class", "call"),
                ("id", anchor),
                ("href", self.target(TARGET + note.anchor)),
            ),
            call.children,
        )
        if not self.stands_at_foot(note, memo):
            return (link,)
        if anchor == note.calls[0].anchor:
            return (link, _foot_note(note, note.anchor, self))
        if anchor in self.adjustments.repeated:
            return (link, _foot_note(note, f"{note.anchor}-at-{anchor}", self))
        return (link,)

    def stands_at_foot(self, note: Note, memo: Memo) -> bool:
        """Tell whether a note goes to the foot of its page, and not to a list."""
        listed = memo.notes_mode in {NoteMode.MEMO_NOTES, NoteMode.BOOK_NOTES}
        too_tall = note.anchor in self.adjustments.moved
        return not (listed or too_tall or has_rigid_block(note.content))


@dataclass(frozen=True, slots=True)
class Screen:
    """An EPUB: what a link leads to is one touch away."""

    here: str
    """The section that is being made."""
    sections: Mapping[str, str]
    """Anchor -> the section that it stands in, which is its file's stem."""
    images: Mapping[str, str]
    """Path in the project -> path in the EPUB, relative to the pages."""
    words: Mapping[str, str]
    """The built-in ones, in the book's language."""
    name: str = "screen"

    def target(self, href: str) -> str:
        """Return a file and a fragment, or the fragment alone in the same file.

        Some reading systems show a pop-up only for a note in the same file.
        """
        anchor = href.removeprefix(TARGET)
        section = self.sections[anchor]
        return f"#{anchor}" if section == self.here else f"{section}.xhtml#{anchor}"

    def reference(self, link: Node) -> tuple[Child, ...]:
        """Return nothing: a screen has no pages."""
        return ()

    def page_target(self, anchor: str) -> str:
        """Return the anchor's own address."""
        return self.target(TARGET + anchor)

    def page_number(self, anchor: str) -> tuple[Child, ...]:
        """Return nothing."""
        return ()

    def address(self, url: str) -> tuple[Child, ...]:
        """Return an address with <wbr>: Kindle mishandles zero width characters."""
        out: list[Child] = []
        for piece in lines_of(url):
            out += [piece, Node("wbr")]
        return tuple(out[:-1])

    def picture(self, path: str) -> str:
        """Return the packaged picture's address."""
        return self.images[path]

    def table(self, table: Node) -> Node:
        """Let a wide table scroll by itself."""
        return scrolling(table, self.words["table"])

    def led(self, link: Node) -> Node:
        """Return the link with what it is to reading systems."""
        kind, role = next(LED[name] for name in link.classes if name in LED)
        href = self.target(link.get("href"))
        return link.with_items({"href": href, "epub:type": kind, "role": role})

    def formula(self, formula: Node) -> Node:
        """Return a formula in MathML."""
        return formulas.shown(formula)

    def call(self, call: Node, note: Note, memo: Memo) -> tuple[Child, ...]:
        """Return the call in a superscript.

        The superscript stands outside: Apple Books shows no pop-up for a link with a
        child element, and Kindle asks for a superscript.
        """
        link = Node(
            "a",
            (
                ("class", "call"),
                ("id", call.get("id")),
                ("href", self.target(TARGET + note.anchor)),
                ("epub:type", "noteref"),
                ("role", "doc-noteref"),
            ),
            call.children,
        )
        return (Node("sup", (), (link,)),)


def blocks(memo: Memo, medium: Medium) -> Node:
    """Return a memo's text for a medium."""
    notes = {note.anchor: note for note in memo.notes}
    show_addresses = memo.notes_mode is NoteMode.INLINE

    def change(node: Node) -> Child | tuple[Child, ...]:
        if node.has("data-note"):
            return medium.call(node, notes[node.get("data-note")], memo)
        return _common(node, medium, show_addresses)

    return rewrite(memo.body, change)


def inline(
    content: tuple[Child, ...], medium: Medium, *, show_address: bool = False
) -> tuple[Child, ...]:
    """Return content that has no notes, such as an abstract, for a medium."""
    root = Node("div", (), content)
    return rewrite(root, lambda node: _common(node, medium, show_address)).children


def note_blocks(note: Note, medium: Medium) -> tuple[Child, ...]:
    """Return a note's blocks, its number first as the link back to its call."""
    first = _back(note, 0, medium)
    more = [_back(note, index, medium) for index in range(1, len(note.calls))]
    tail = tuple(c for link in more for c in (" ", link))
    if note.kind is NoteKind.LINK:
        return (Node("p", (), (first, " ", *_link_note(note, medium), *tail)),)
    return _author_note(note, medium, first, tail)


def _link_note(note: Note, medium: Medium) -> tuple[Child, ...]:
    """Return title and address; the full stop stays outside the link."""
    title: tuple[Child, ...] = (*note.content, ", ") if note.content else ()
    return (*title, _address(note.url, medium), ".")


def _address(url: str, medium: Medium) -> Node:
    attributes = (("class", "address"), ("href", url), ("lang", _NO_LANGUAGE))
    return Node("a", attributes, medium.address(url))


def _author_note(
    note: Note, medium: Medium, first: Node, tail: tuple[Child, ...]
) -> tuple[Child, ...]:
    root = Node("div", (), note.content)
    changed = rewrite(root, lambda n: _common(n, medium, show_address=True))
    out = [c for c in changed.children if not isinstance(c, str) or c.strip()]
    start, end = out[0], out[-1]
    if not (isinstance(start, Node) and start.tag == "p"):
        out.insert(0, Node("p", (), (first,)))
    else:
        out[0] = start.with_children((first, " ", *start.children))
        end = out[-1]
    if tail and isinstance(end, Node) and end.tag == "p":
        out[-1] = end.with_children((*end.children, *tail))
    elif tail:
        out.append(Node("p", (), tail))
    return tuple(out)


def _back(note: Note, index: int, medium: Medium) -> Node:
    """Return the link to a note's call: its number, then b, c, … for the others."""
    letters = string.ascii_lowercase
    text = f"{note.number}." if index == 0 else letters[index % len(letters)]
    attributes = (
        ("class", "back"),
        ("href", medium.target(TARGET + note.calls[index].anchor)),
        ("epub:type", "backlink"),
        ("role", "doc-backlink"),
    )
    return Node("a", attributes, (text,))


def _common(
    node: Node, medium: Medium, show_address: bool
) -> Child | tuple[Child, ...]:
    if node.tag == "a" and "external" in node.classes:
        plain = node.with_attributes(note=None, title=None)
        url = node.get("href")
        if node.children == (shown(url),):
            spelt = plain.with_class("address").with_attributes(lang=_NO_LANGUAGE)
            return spelt.with_children(medium.address(url))
        if show_address and "no-note" not in node.classes and not _says(node, url):
            # Its brackets are part of it: one element says all that another medium
            # may not have, see stream.py.
            spelt = _address(url, medium).with_class("spelt")
            return (plain, " ", spelt.with_children(("(", *spelt.children, ")")))
        return plain
    if node.has("data-kind"):
        node = _labelled(node, medium)
    if node.has(WORD):
        said = medium.words[node.get(WORD)]
        return node.with_items({WORD: None}).with_children((said,))
    if node.tag == "a" and "xref" in node.classes:
        href = node.get("href")
        link = node.with_attributes(href=medium.target(href), title=None)
        return (link, *medium.reference(node))
    if node.tag == "a" and LED.keys() & set(node.classes):
        return medium.led(node)
    return _shown(node, medium)


def _shown(node: Node, medium: Medium) -> Node:
    """Return a picture, a table or a formula for a medium."""
    if node.tag == "img":
        return node.with_attributes(src=medium.picture(node.get("src")))
    if node.tag == "table":
        return medium.table(node)
    if node.has(formulas.DRAWING):
        return medium.formula(node)
    return node


def _says(link: Node, url: str) -> bool:
    """Tell whether a link's text is its address already."""
    return text_of(link).strip() in {url, shown(url)}


def _labelled(node: Node, medium: Medium) -> Node:
    """Return a caption or a cross-reference with its label and number."""
    kind, number = node.get("data-kind"), node.get("data-number")
    label = f"{medium.words[kind]}\xa0{number}" if kind and number else number
    label = label or medium.words[kind]
    if kind and "{number}" in medium.words[kind]:
        label = medium.words[kind].format(number=number)
    plain = node.with_items({"data-kind": None, "data-number": None})
    if node.tag not in {"caption", "figcaption"}:
        return plain.with_children((label, *node.children))
    start = Node("span", (("class", "caption-label"),), (label,))
    return plain.with_children((start, " ", *node.children))


def _foot_note(note: Note, anchor: str, medium: Medium) -> Node:
    attributes = (
        ("class", "footnote"),
        ("id", anchor),
        ("data-number", str(note.number)),
    )
    return Node("span", attributes, in_line(note_blocks(note, medium)))
