"""Set a memo's text for a medium: its links, calls, notes, captions.

What goes in: a numbered memo and a medium. What comes out: its blocks as XHTML. The
document around it is a template's; where a thing stands on the page is a style sheet's.
"""

from __future__ import annotations

from memobook.book import formulas
from memobook.book.captions import CAPTIONS
from memobook.book.linknotes import description
from memobook.book.model import Memo, Note, NoteKind, NoteMode
from memobook.book.notes import TOLD
from memobook.book.numerals import letters
from memobook.book.references import TARGET
from memobook.book.shapes import WORD
from memobook.book.tree import Child, Node, rewrite, text_of
from memobook.book.urls import shown
from memobook.design.medium import Medium
from memobook.design.section import LED
from memobook.design.spans import in_line

__all__ = ["blocks", "foot_note", "inline", "note_blocks"]

# No linguistic content: no hyphenation, no reading as words.
# https://www.w3.org/International/questions/qa-no-language
_NO_LANGUAGE = "zxx"


def blocks(memo: Memo, medium: Medium) -> Node:
    """Return a memo's text for a medium."""
    notes = {note.anchor: note for note in memo.notes}
    show_addresses = memo.notes_mode is NoteMode.INLINE

    def change(node: Node) -> Child | tuple[Child, ...]:
        if not node.attributes and node.tag not in _CHANGED:
            return node  # as most
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
    """Return what is said of the link's page, with its address and dates."""
    said = description(note.url, note.content, note.entry, medium.words)
    return rewrite(Node("p", (), said), lambda n: _bare_address(n, medium)).children


def _bare_address(node: Node, medium: Medium) -> Node:
    """Return an address that has no content yet as it is set in the medium."""
    is_bare = "address" in node.classes and not node.children
    return _address(node.get("href"), medium) if is_bare else node


def _address(url: str, medium: Medium) -> Node:
    attributes = (("class", "address"), ("href", url), ("lang", _NO_LANGUAGE))
    return Node("a", attributes, medium.address(url))


def _author_note(
    note: Note, medium: Medium, first: Node, tail: tuple[Child, ...]
) -> tuple[Child, ...]:
    root = Node("div", (), note.content)
    changed = rewrite(root, lambda n: _common(n, medium, show_address=True))
    out = [c for c in changed.children if not isinstance(c, str) or c.strip()]
    out = out or [Node("p")]  # a book may let notes without a text pass
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
    text = letters(index + 1).lower() if index else f"{note.number}."
    attributes = (
        ("class", "back"),
        ("href", medium.target(TARGET + note.calls[index].anchor)),
        ("epub:type", "backlink"),
        ("role", "doc-backlink"),
    )
    return Node("a", attributes, (text,))


_CHANGED = frozenset(["a", "img", "li", "ol", "table"])
"""What a medium may want otherwise by its tag alone."""


def _common(
    node: Node, medium: Medium, show_address: bool
) -> Child | tuple[Child, ...]:
    if node.tag == "a" and "external" in node.classes:
        return _external(node, medium, show_address)
    if node.tag == "a" and "address" in node.classes:
        return _bare_address(node, medium)
    if node.has("data-kind"):
        node = _labelled(node, medium)
    if node.has(WORD):
        said = medium.words[node.get(WORD)]
        return node.with_items({WORD: None}).with_children((said,))
    if node.tag == "a":
        return _internal(node, medium)
    if node.tag == "img":
        return node.with_attributes(src=medium.picture(node.get("src")))
    if node.tag == "table":
        return medium.table(node)
    if node.tag in {"ol", "li"}:
        return medium.counted(node)
    if node.has(formulas.DRAWING):
        return medium.formula(node)
    return node


def _external(
    link: Node, medium: Medium, show_address: bool
) -> Node | tuple[Child, ...]:
    plain = _titled(link)
    url = link.get("href")
    if link.children == (shown(url),):
        spelt = plain.with_class("address").with_attributes(lang=_NO_LANGUAGE)
        return spelt.with_children(medium.address(url))
    if show_address and "no-note" not in link.classes and not _says(link, url):
        # Its brackets are part of it: one element says all that another medium
        # may not have, see stream.py.
        spelt = _address(url, medium).with_class("spelt")
        return (plain, " ", spelt.with_children(("(", *spelt.children, ")")))
    return plain


def _internal(link: Node, medium: Medium) -> Node | tuple[Child, ...]:
    if "xref" in link.classes:
        target = medium.target(link.get("href"))
        led = _titled(link).with_attributes(href=target)
        return (led, *medium.reference(link))
    return medium.led(link) if LED.keys() & set(link.classes) else link


def _titled(link: Node) -> Node:
    """Return a link whose title is what its author says of it, but for its note."""
    if not (link.has("title") or link.has("note")):
        return link
    told = link.get(TOLD)
    said = [t for t in (link.get("note"), link.get("title")) if t and t != told]
    title = "; ".join(said) or None
    return link.with_items({TOLD: None, "note": None, "title": title})


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
    if node.tag not in CAPTIONS:
        return plain.with_children((label, *node.children))
    start = Node("span", (("class", "caption-label"),), (label,))
    return plain.with_children((start, " ", *node.children))


def foot_note(note: Note, anchor: str, medium: Medium) -> Node:
    """Return a note that stands in the text and goes to the foot of its page."""
    attributes = (
        ("class", "footnote"),
        ("id", anchor),
        ("data-number", str(note.number)),
    )
    return Node("span", attributes, in_line(note_blocks(note, medium)))
