"""The two media: print and screen.

What goes in: a link, a call, a picture, a table, a formula of the book. What comes out:
its form in the medium.
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from memobook.book import formulas
from memobook.book.model import Memo, Note, NoteMode
from memobook.book.references import TARGET
from memobook.book.tables import LANDSCAPE
from memobook.book.tree import Child, Node, joined, nodes, text_of
from memobook.book.urls import lines_of
from memobook.design.content import foot_note
from memobook.design.medium import Adjustments
from memobook.design.section import LED, PAGE_SCHEME, PROJECT_URL
from memobook.design.spans import has_rigid_block

__all__ = ["Print", "Screen"]

_BREAK = "\u200b"  # zero width space: a line may end here
_NO_BREAK = "\u2060"  # word joiner: no line may end here

_WIDE = "wide"
"""What a table's caption may end with: {.wide}."""
_MANY = 6
"""Columns that no telephone has room for."""


@dataclass(frozen=True, slots=True)
class Print:
    """Paper: what a link leads to is said in words and numbers."""

    here: str
    """The section that is being made."""
    section_of: Callable[[str], str]
    """Anchor -> the section that it stands in."""
    digits: Callable[[str], int]
    """Anchor -> how many digits its page number has, or a guess of that."""
    column: Callable[[], int]
    """How many digits a page number has room for where numbers stand in a column."""
    words: Mapping[str, str]
    """The built-in ones, in the book's language."""
    roman: Callable[[str], str] = lambda _: ""
    """Anchor -> its page number if that is a roman one, as in front matter."""
    adjustments: Adjustments = field(default_factory=Adjustments)
    name: str = "print"

    def target(self, href: str) -> str:
        """Return a fragment, or the href as it is if its target is in another sheet."""
        anchor = href.removeprefix(TARGET)
        return f"#{anchor}" if self.section_of(anchor) == self.here else href

    def reference(self, link: Node) -> tuple[Child, ...]:
        """Return “ (page 00)” or “ on page 00”, in a list “ . . . 00”: a link."""
        anchor = link.get("href").removeprefix(TARGET)
        attributes = (("class", "page-reference"), ("href", self.page_target(anchor)))
        if "caption-entry" in link.classes:
            leader = Node("span", (("class", "leader"),), (" ",))
            number = self.page_number(anchor, in_column=True)
            return (leader, Node("a", attributes, number))
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

    def page_number(self, anchor: str, *, in_column: bool = False) -> tuple[Child, ...]:
        """Return zeros; the number is written when the book is bound.

        Only its length is known here, and in a column that of the longest. Out of the
        flow stand the ten digits in the same style, so that the binder knows their
        glyphs: see outputs/pdf/late.py. A roman number is set as it is: few sections
        name one.
        """
        if numeral := self.roman(anchor):
            return (Node("span", (("class", "page-number roman"),), (numeral,)),)
        sample = Node("span", (("class", "digits"),), (string.digits,))
        zeros = "0" * (self.column() if in_column else self.digits(anchor))
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
        is_turned = LANDSCAPE in table.classes
        return Node("div", (("class", "turned"),), (table,)) if is_turned else table

    def counted(self, item: Node) -> Node:
        """Say in CSS what HTML says of a list's numbers, which the layout passes by.

        https://html.spec.whatwg.org/multipage/rendering.html#lists
        """
        said = _counting(item)
        if not said:
            return item
        return item.with_attributes(style="; ".join((*said, item.get("style"))))

    def led(self, link: Node) -> Node:
        """Return the link, live and not to be seen."""
        return link.with_attributes(href=self.target(link.get("href")))

    def formula(self, formula: Node) -> Node:
        """Return a formula's drawing."""
        return formulas.drawn(formula)

    def call(self, call: Node, note: Note, memo: Memo) -> tuple[Child, ...]:
        """Return the call, and the note behind its first one if it goes to the foot.

        Pango ends lines behind a full stop, also before a call.
        """
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
            return (_NO_BREAK, link)
        if anchor == note.calls[0].anchor:
            return (_NO_BREAK, link, foot_note(note, note.anchor, self))
        if anchor in self.adjustments.repeated:
            return (
                _NO_BREAK,
                link,
                foot_note(note, f"{note.anchor}-at-{anchor}", self),
            )
        return (_NO_BREAK, link)

    def stands_at_foot(self, note: Note, memo: Memo) -> bool:
        """Tell whether a note goes to the foot of its page, and not to a list."""
        listed = memo.notes_mode in {NoteMode.MEMO_NOTES, NoteMode.BOOK_NOTES}
        too_tall = note.anchor in self.adjustments.moved
        listed = listed or note.is_listed
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

    def page_number(self, anchor: str, *, in_column: bool = False) -> tuple[Child, ...]:
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

    def counted(self, item: Node) -> Node:
        """Return the element as it is: a reading system counts by itself."""
        return item

    def table(self, table: Node) -> Node:
        """Let a wide table scroll by itself, also for who has only a keyboard."""
        is_wide = not {LANDSCAPE, _WIDE}.isdisjoint(table.classes)
        if not is_wide and _columns(table) < _MANY:
            return table
        names = (n for n in nodes(table) if "caption-label" in n.classes)
        name = next((text_of(n) for n in names), self.words["table"])
        attributes = (
            ("class", "scroll"),
            ("role", "group"),
            ("aria-label", name),
            ("tabindex", "0"),
        )
        return Node("div", attributes, (table,))

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


def _columns(table: Node) -> int:
    rows = (n for n in nodes(table) if n.tag == "tr")
    return max(
        (sum(isinstance(c, Node) for c in row.children) for row in rows), default=0
    )


# What is a list's numbering called in CSS?
_NUMERALS = {
    "a": "lower-alpha",
    "A": "upper-alpha",
    "i": "lower-roman",
    "I": "upper-roman",
}


def _counting(item: Node) -> list[str]:
    """Return the declarations for where a list or an item of one counts from."""
    name, rule = ("start", "reset") if item.tag == "ol" else ("value", "set")
    said, number = [], item.get(name)
    if re.fullmatch(r"-?\d{1,9}", number):
        # The item itself counts one more, in WeasyPrint also behind `counter-set`.
        said.append(f"counter-{rule}: list-item {int(number) - 1}")
    if numeral := _NUMERALS.get(item.get("type")):
        said.append(f"list-style-type: {numeral}")
    return said
