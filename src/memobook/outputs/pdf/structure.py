"""Make the structure tree of a section: from its HTML, and not from boxes.

What goes in: what was painted on the pages, piece by piece, each with its element of
HTML. What comes out: the tree, with its PASSES made. WeasyPrint 70 makes one element
for each box instead; so a paragraph over two pages becomes two, and languages, notes
and contents are lost. Here a piece joins its own element, wherever it stands.

Levels of headings: PDF/UA-1, 7.4.2, and WCAG 2.2 (technique G141) want none skipped. A
skipped level is the author's to mend, and the source lint says where it is; but it is
no reason to give a reader a tree with gaps. So each section begins with H1, and a
heading is one level below the one that it stands under, whatever its tag says.

Notes: one at the foot of a page comes after the paragraph of its call, where a
reader who listens can still connect the two; one in a list comes where the list is.

ISO 32000-1, 14.7 and 14.8; the Matterhorn Protocol, https://pdfa.org/resource/the-matterhorn-protocol/
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element as Html

from memobook.outputs.pdf.elements import (
    GROUPING,
    INLINE,
    Annotation,
    Box,
    Content,
    Element,
)
from memobook.outputs.pdf.roles import (
    CALL,
    NOTE,
    Roles,
    alternative_of,
    anchor_of,
    numbering_of,
)
from memobook.outputs.pdf.tables import mend_tables
from memobook.outputs.pdf.ties import tie

__all__ = ["PASSES", "Structure"]


@dataclass(slots=True)
class Structure:
    """A structure tree that is being made."""

    section: str
    """What stands before an identifier, to make it unique in the book."""
    roles: Roles
    document: Element = field(default_factory=lambda: Element("Document"))
    _holders: dict[Html, Element] = field(default_factory=dict)
    """Where the content of an element of HTML goes."""
    _paragraphs: dict[Element, tuple[Html | None, Element]] = field(
        default_factory=dict
    )
    """The last P that was made for text in an element that groups."""
    _live: dict[Html, list[Annotation]] = field(default_factory=dict)
    _notes: dict[str, Element] = field(default_factory=dict)
    """Those at the foot of a page, which still have no place, by their id."""
    _calls: dict[str, Element] = field(default_factory=dict)
    """Links by their id, and the first call of a note by the note's."""

    # What was painted

    def text(self, html: Html, content: Content) -> None:
        """Take a piece of text."""
        self._place(html).add(content)

    def mark(self, html: Html, content: Content) -> None:
        """Take the bullet or number of a list's item."""
        item = self._holder(html)
        while item.kind in {"LBody", "Note"} and item.parent is not None:
            item = item.parent
        if item.kind not in {"LI", "TOCI"}:
            self.text(html, content)
            return
        labels = [kid for kid in item.elements if kid.kind == "Lbl"]
        (labels[0] if labels else item.make("Lbl", 0)).add(content)

    def picture(self, html: Html, content: Content, box: Box) -> None:
        """Take a picture that has a text for those who do not see it."""
        figure = self._place(html)
        figure.add(content)
        figure.attributes.setdefault("BBox", box)

    def link(self, html: Html, annotation: Annotation) -> None:
        """Take a link's live area."""
        self._live.setdefault(html, []).append(annotation)

    def cell(self, html: Html) -> None:
        """Take a cell of a table, which may have no content."""
        self._holder(html)

    def numbered(self, html: Html, style: str) -> None:
        """Take how a list is numbered, from an item of it."""
        above = self._holder(html).parent
        lists = above.above() if above else ()
        found = next((e for e in lists if e.kind == "L"), None)
        if found is not None and "ListNumbering" not in found.attributes:
            parent = self.roles.parents.get(html)
            tag = "" if parent is None else str(parent.tag)
            found.attributes["ListNumbering"] = numbering_of(style, tag)

    def finished(self) -> Element:
        """Return the tree."""
        for change in PASSES:
            change(self)
        return self.document

    @property
    def anchors(self) -> dict[str, Element]:
        """The element of every id, or the one around it; known when all is painted."""
        found: dict[str, Element] = {}
        for html in self.roles.parents:
            if name := html.get("id"):
                near: Html | None = html
                while near is not None and near not in self._holders:
                    near = self.roles.parents.get(near)
                holder = self.document if near is None else self._holders[near]
                around = holder.parent
                is_call = around is not None and around.kind == "Reference"
                found.setdefault(name, around if is_call and around else holder)
        return found

    # Where it goes

    def _place(self, html: Html) -> Element:
        """Return what takes the content of an element."""
        holder = self._holder(html)
        return self._paragraph(holder, html) if holder.kind in GROUPING else holder

    def _paragraph(self, group: Element, html: Html) -> Element:
        """Return a P for text that stands in an element without one."""
        block: Html | None = html
        while block is not None and self.roles.is_in_line(block):
            block = self.roles.parents.get(block)
        kept, paragraph = self._paragraphs.get(group, (None, None))
        if paragraph is not None and kept is block and group.kids[-1] is paragraph:
            return paragraph
        made = self._added("P", group)
        self._paragraphs[group] = block, made
        return made

    def _holder(self, html: Html) -> Element:
        found = self._holders.get(html)
        if found is None:
            found = self._holders[html] = self._made(html)
        return found

    def _made(self, html: Html) -> Element:
        parent = self.roles.parents.get(html)
        if parent is None:
            return self.document
        kind = self.roles.kind(html)
        if not kind or (kind == "Figure" and self.roles.is_of_figure(html)):
            return self._holder(parent)
        if kind == "Note":
            made = self._note(html, parent)
        elif kind == "Link":
            made = self._link(html, parent)
        else:
            above = self._holder(parent)
            if kind in INLINE or (kind == "Figure" and html.tag != "figure"):
                above = self._place(parent)
            made = self._added(kind, above)
        self._describe(made, html)
        return made

    def _added(self, kind: str, above: Element) -> Element:
        """Add an element with what must stand around or in it."""
        if kind in {"LI", "TOCI"} and above.kind not in {"L", "TOC"}:
            kind = "Div"  # an item without a list
        if kind in {"Lbl", "LBody"}:
            return self._item(above, kind).make(kind)
        if above.kind == "L" and kind not in {"LI", "Caption"}:
            above = above.make("LI").make("LBody")
        made = above.make(kind)
        return made.make("LBody") if kind == "LI" else made

    @staticmethod
    def _item(group: Element, kind: str) -> Element:
        """Return the item of a list of terms to which the next part belongs."""
        if group.kind != "L":
            return group
        last = group.elements[-1] if group.kids else None
        if last is None or (
            kind == "Lbl" and any(e.kind == "LBody" for e in last.elements)
        ):
            return group.make("LI")
        return last

    def _describe(self, made: Element, html: Html) -> None:
        made.language = self.roles.language(html)
        if made.kind in {"Figure", "Formula"}:
            # What a caption shows is an element of its own in it.
            inside = {e for caption in html.iter("figcaption") for e in caption.iter()}
            shown = (e for e in html.iter() if e not in inside)
            made.alternative = " ".join(filter(None, map(alternative_of, shown)))
        elif made.kind == "Span" and html.tag == "abbr":
            made.expansion = html.get("title", "")
        elif html.tag == "dl":
            made.attributes["ListNumbering"] = "Description"
        elif made.kind in {"TH", "TD"}:
            for name in ("colspan", "rowspan", "scope"):
                if value := html.get(name):
                    made.attributes[name] = value
        elif made.kind.startswith("H"):
            made.level = int(made.kind[1:])

    # Notes and links

    def _note(self, html: Html, parent: Html) -> Element:
        """Return a note: one at the foot waits for its place."""
        name = html.get("id", "")
        made = Element("Note", name=name)
        if self.roles.is_in_line(html):
            self._notes[name] = made
        elif html.tag == "li":
            self._added("LI", self._holder(parent)).add(made)
        else:
            self._holder(parent).add(made)
        return made

    def _link(self, html: Html, parent: Html) -> Element:
        target = anchor_of(html.get("href", ""))
        above = self._place(parent)
        if CALL.search(target) and (note := self._note_around(html)):
            if not any(kid.kind == "Lbl" for kid in note.elements):
                above = note.make("Lbl", 0)
            if "-at-" not in note.name:  # printed again, on another page
                note.refers.append(target)
        elif NOTE.search(target) or any(e.kind == "TOC" for e in above.above()):
            above = above.make("Reference")
            above.refers = [target]
        made = above.make("Link")
        if name := html.get("id"):
            self._calls[name] = made
        self._calls.setdefault(target, made)
        return made

    def _note_around(self, html: Html) -> Element | None:
        above = self.roles.parents.get(html)
        while above is not None:
            if self.roles.kind(above) == "Note":
                return self._holder(above)
            above = self.roles.parents.get(above)
        return None

    # Passes

    def _tie_links(self) -> None:
        for html, areas in self._live.items():
            if html in self._holders or any(map(_is_seen, areas)):
                tie(self._holder(html), areas)

    def _place_notes(self) -> None:
        for name, note in self._notes.items():
            plain, _, call = name.partition("-at-")
            found = self._calls.get(call or plain)
            if found is None:
                self.document.add(note)
                continue
            block: Element = next(e for e in found.above() if e.kind not in INLINE)
            _add_after(note, found, block)

    def _level_headings(self) -> None:
        """Leave no gap between the levels of headings."""
        open_ones: list[int] = []
        for element in self.document.below():
            if element.level:
                while open_ones and open_ones[-1] >= element.level:
                    open_ones.pop()
                open_ones.append(element.level)
                element.kind = f"H{len(open_ones)}"

    def _mend_tables(self) -> None:
        mend_tables(self.document, self.section)


def _is_seen(annotation: Annotation) -> bool:
    left, lower, right, upper = annotation.box
    return right - left > 0 and upper - lower > 0


def _add_after(note: Element, call: Element, block: Element) -> None:
    """Put a note after the paragraph of its call, or after the call's line of text."""
    inner: Element = call
    while inner.parent is not None and inner.parent is not block:
        inner = inner.parent
    if block.parent is not None and block.kind in _PARAGRAPHS:
        inner, block = block, block.parent
        index = block.kids.index(inner) + 1
    else:
        index = block.kids.index(inner) + 1
        while index < len(block.kids) and _is_in_line(block.kids[index]):
            index += 1
    while index < len(block.kids) and _is_note(block.kids[index]):
        index += 1
    block.add(note, index)


_PARAGRAPHS = frozenset(("P", "H1", "H2", "H3", "H4", "H5", "H6"))


def _is_in_line(kid: object) -> bool:
    return not isinstance(kid, Element) or kid.kind in INLINE


def _is_note(kid: object) -> bool:
    return isinstance(kid, Element) and kid.kind == "Note"


PASSES: tuple[Callable[[Structure], None], ...] = (
    Structure._tie_links,
    Structure._place_notes,
    Structure._level_headings,
    Structure._mend_tables,
)
