"""Find what of a section its layout does not show, by WeasyPrint's boxes.

What goes in: a laid-out document. What comes out: words without a box, or whose box is
not seen or cut off; pictures that are not drawn; links that are not live. Whether that
was wanted is for others to say.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import inf
from typing import TYPE_CHECKING, Any

from memobook.design.stream import MADE, bare, local_name
from memobook.outputs.pdf.sheet import Loss

if TYPE_CHECKING:
    from weasyprint.document import Document
    from weasyprint.formatting_structure.boxes import Box

__all__ = ["unprinted"]

_MOST = 20
"""Of a section, how many losses are told: one rule may have done them all."""
_MOST_WORDS = 12

_PICTURES = frozenset(["img", "math", "svg"])
_UNREAD = frozenset(["head", "script", "style", "template"])


def unprinted(document: Document) -> tuple[Loss, ...]:
    """Return what of a document no page shows."""
    seen = _Seen()
    for page in document.pages:
        seen.look_at(page._page_box)
        seen.links |= {box.element for *_, box in page.links}
    root = document._html.etree_element
    body = root.find("body")
    found = _Found(seen)
    if body is not None:
        found.read(body)
        found.end()
    return tuple(dict.fromkeys(found.losses))[:_MOST]


@dataclass(slots=True)
class _Seen:
    """What the boxes of a document show."""

    characters: dict[Any, int] = field(default_factory=dict)
    """Element -> how many characters of its own text are to be seen."""
    cut: set[Any] = field(default_factory=set)
    """The elements that have text beyond the edge of their box, or of the page."""
    pictures: set[Any] = field(default_factory=set)
    links: set[Any] = field(default_factory=set)
    page: tuple[float, float] = (0, 0)
    """Width and height of the page that is looked at, in CSS pixels."""

    def look_at(self, page: Box) -> None:
        self.page = page.margin_width(), page.margin_height()
        stack: list[tuple[Box, _Edges | None]] = [(page, _ALL)]
        while stack:
            box, edges = stack.pop()
            if box.style["opacity"] == 0:
                continue
            text = getattr(box, "text", None)
            if text is not None:
                self._take(box, text, edges)
            elif hasattr(box, "replacement"):
                if box.width > 0 and box.height > 0:
                    self.pictures.add(box.element)
            elif hasattr(box, "children"):
                inner = _clipped(box, edges)
                stack.extend((child, inner) for child in box.children)

    def _take(self, box: Box, text: str, edges: _Edges | None) -> None:
        # The text of a margin belongs to no element.
        _, _, pseudo = (box.element_tag or "::margin").partition("::")
        shown = bare(text)
        if pseudo not in {"", "first-letter"} or not shown or not _is_seen(box):
            return
        element = box.element
        is_whole = edges is None or _is_within(box, edges)
        if is_whole and (edges is None or self._is_on_page(box)):
            self.characters[element] = self.characters.get(element, 0) + len(shown)
        else:
            self.cut.add(element)

    def _is_on_page(self, box: Box) -> bool:
        """Tell whether anything of a line is to be seen; `check` tells of the rest."""
        width, height = self.page
        is_beside = box.position_x > width or box.position_x + box.width < 0
        is_above = box.position_y > height or box.position_y + box.height < 0
        return not (is_beside or is_above)


_Edges = tuple[float, float, float, float]
"""Left, upper, right and lower edge of what is to be seen, in CSS pixels."""
_ALL = (-inf, -inf, inf, inf)


def _clipped(box: Box, edges: _Edges | None) -> _Edges | None:
    """Return what is to be seen of a box's children; None for all, if it is turned."""
    if edges is None or box.style["transform"]:
        return None
    if box.style["overflow"] == "visible" or box.element_tag in {"html", "body"}:
        return edges
    left, top = box.padding_box_x(), box.padding_box_y()
    right, bottom = left + box.padding_width(), top + box.padding_height()
    a, b, c, d = edges
    return max(a, left), max(b, top), min(c, right), min(d, bottom)


def _is_within(box: Box, edges: _Edges) -> bool:
    """Tell whether at least the middle of a line is to be seen."""
    left, top, right, bottom = edges
    x, y = box.position_x + box.width / 2, box.position_y + box.height / 2
    return bool(left <= x <= right and top <= y <= bottom)


def _is_seen(box: Box) -> bool:
    style = box.style
    is_shown = style["visibility"] == "visible" and style["font_size"] > 0
    colour = style["color"]
    return bool(is_shown and getattr(colour, "alpha", 1) > 0)


@dataclass(slots=True)
class _Found:
    """A walk through a document that gathers what is not seen."""

    seen: _Seen
    losses: list[Loss] = field(default_factory=list)
    _words: list[str] = field(default_factory=list)
    """What is not seen since the last text that is."""
    _is_cut: bool = False

    def read(self, element: Any) -> None:  # noqa: ANN401 (an element of ElementTree)
        name = local_name(element)
        classes = (element.get("class") or "").split()
        if not name or name in _UNREAD or not MADE.isdisjoint(classes):
            return
        if name in _PICTURES:
            self._picture(element, name)
            return
        is_lost = self._is_lost(element)
        if name == "a" and not is_lost:
            self._link(element)
        self._add(element.text, element, is_lost=is_lost)
        for child in element:
            self.read(child)
            self._add(child.tail, element, is_lost=is_lost)

    def end(self) -> None:
        """Tell what is lost up to here."""
        if self._words:
            words = " ".join(self._words).split()[:_MOST_WORDS]
            kind = "cut" if self._is_cut else "words"
            self.losses.append(Loss(kind, " ".join(words)))
        self._words, self._is_cut = [], False

    def _is_lost(self, element: Any) -> bool:  # noqa: ANN401
        """Tell whether some of an element's own text is not to be seen."""
        texts = (element.text, *(child.tail for child in element))
        count = sum(len(bare(text)) for text in texts if text)
        return self.seen.characters.get(element, 0) < count

    def _add(
        self,
        text: str | None,
        owner: Any,  # noqa: ANN401
        *,
        is_lost: bool,
    ) -> None:
        if not text or not bare(text):
            return
        if is_lost:
            self._words.append(text)
            self._is_cut = self._is_cut or owner in self.seen.cut
        else:
            self.end()

    def _link(self, element: Any) -> None:  # noqa: ANN401
        text = " ".join("".join(element.itertext()).split())
        is_live = not self.seen.links.isdisjoint(_all(element))
        if element.get("href") and bare(text) and not is_live:
            self.losses.append(Loss("link", text))

    def _picture(self, element: Any, name: str) -> None:  # noqa: ANN401
        alt = element.get("alt") or element.get("aria-label") or ""
        if name == "img" and alt.strip() and element not in self.seen.pictures:
            self.losses.append(Loss("picture", alt))


def _all(element: Any) -> Iterator[Any]:  # noqa: ANN401
    return iter(element.iter())
