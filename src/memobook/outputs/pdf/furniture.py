"""Running heads and folios: laid out by themselves and stamped on the pages when bound.

What goes in: the book's sections and style sheets. What comes out: sections of empty
pages that show only the margins, and for every page of a memo what is stamped on it.
A folio is stamped digit by digit, so that twenty pages make all folios of a book.

Why: a folio in its section makes the section's sheet depend on its page number, and a
mirrored margin on its side. With a page added near the front the whole book would be
laid out anew. So a memo is laid out without margin boxes, as if all its pages were
right-hand ones; the binder moves a left-hand page's content over and stamps the rest.
It is not done where a project's own style sheets could see the difference.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from memobook.book.direction import direction
from memobook.design.marks import MARK_BOX
from memobook.design.paper import (
    MARGIN_BOXES,
    PIXELS_PER_MILLIMETRE,
    POINTS_PER_MILLIMETRE,
    POINTS_PER_PIXEL,
    Paper,
)
from memobook.design.production import PRODUCTION
from memobook.design.section import (
    OF_BACK,
    OF_MEMOS,
    Folio,
    Kind,
    Section,
    Stylesheet,
)
from memobook.design.sections import Maker
from memobook.outputs.pdf.beginnings import folio_of
from memobook.outputs.pdf.sheet import Dressing, Sheet, Stamp
from memobook.outputs.pdf.source import Source

__all__ = ["Furniture", "bare_sheet", "furnish", "is_neutral", "stampable"]

_STAMPED = frozenset([*OF_MEMOS, Kind.NOTES, *OF_BACK])

# What in a project's own sheet depends on a page's number or side, or on the text that
# stands before it?
_PARTIAL = re.compile(
    r"@page|string-set|counter\(\s*page|counter-(?:reset|increment|set)"
    r"|:(?:left|right|first|blank|nth)\b(?!-)|\b(?:recto|verso)\b|running\(|element\("
    r"|break-(?:before|after)\s*:\s*(?:left|right)",
    re.IGNORECASE,
)


_DIGITS = "0123456789"
_ROMAN = "ivxlcdm"
_SHOWN_DIGITS = (
    "@page:left{@bottom-left{content:string(section)!important}}"
    "@page:right{@bottom-right{content:string(section)!important}}"
)


def is_neutral(sheets: Sequence[Stylesheet], sections: Sequence[Section]) -> bool:
    """Tell whether nothing of the project's own depends on a page's number or side."""
    if any(sheet.path == PRODUCTION for sheet in sheets):
        return False  # crop marks must not move with a left-hand page's content
    own = (sheet.text for sheet in sheets if not sheet.is_builtin)
    inline = any("<style" in section.html for section in sections)
    return not inline and not any(_PARTIAL.search(text) for text in own)


def stampable(section: Section) -> bool:
    """Tell whether a section is of the kind that is laid out without its furniture."""
    return section.kind in _STAMPED


def bare_sheet(paper: Paper) -> Stylesheet:
    """Return what lays every page out as a right-hand one with empty margins."""
    inner, outer = f"{paper.inner:g}mm", f"{paper.outer:g}mm"
    margins = f"margin-left:{inner}!important;margin-right:{outer}!important;"
    return Stylesheet(
        "memobook/bare.css", f"@page{{{margins}{_emptied(MARGIN_BOXES)}}}"
    )


def _emptied(boxes: Sequence[str]) -> str:
    return "".join(f"@{box}{{content:none!important}}" for box in boxes)


@dataclass(frozen=True, slots=True)
class Furniture:
    """The sections that hold running heads and folios."""

    heads: Section
    titles: tuple[tuple[str, str], ...]
    """Above left-hand and right-hand pages, in the order of the pages of `heads`."""
    folios: Section
    """A right-hand page and a left-hand one, in turn, for each of the signs."""
    signs: str
    """Of which page numbers are made: digits, and letters if there is front matter."""
    paper: Paper
    has_mark: bool = False
    """Whether every page bears the mark of a draft."""
    first_on_left: bool = False
    """Whether the first page is a left-hand one, as in a book from right to left."""

    def sheets_of(self, section: Section) -> tuple[Stylesheet, ...]:
        """Return what hides the margin boxes that another section of these shows."""
        side = "bottom" if section is self.heads else "top"
        gone = {box for box in MARGIN_BOXES if box.startswith(side)}
        if self.has_mark:
            # It is stamped with the heads, as every page has one.
            gone = gone - {MARK_BOX} if section is self.heads else gone | {MARK_BOX}
        empty = _emptied([box for box in MARGIN_BOXES if box in gone])
        # The body is on every page, and would set the strings again on each.
        shown = (
            "body{string-set:none!important}"
            ".furniture{string-set:book attr(data-book),section attr(data-section)}"
        )
        if section is self.folios:
            shown += _SHOWN_DIGITS
        return (Stylesheet(f"memobook/no-{side}.css", f"@page{{{empty}}}{shown}"),)

    def dressings(
        self,
        section: Section,
        sheets: Mapping[str, Sheet],
        page: int,
        folio: int,
        count: int,
    ) -> Iterator[Dressing]:
        """Yield what is done to each of a section's pages.

        `sheets` are those of the furniture by its sections' ids; `page` is the place of
        the section's first page in the PDF, from 0, and `folio` its number.
        """
        numerals = sheets[self.folios.id]
        widths = _widths(numerals, self.paper)
        right = self.titles.index((section.running, section.title))
        # One page for all that say the same: it is drawn once.
        left = [running for running, _ in self.titles].index(section.running)
        shift = (self.paper.outer - self.paper.inner) * POINTS_PER_MILLIMETRE
        for index in range(count):
            on_left = ((page + index) % 2 == 1) is not self.first_on_left
            label = folio_of(section.folio, folio + index)
            signs = [self.signs.index(sign) for sign in label]
            stamps = list(_number(signs, widths, numerals, on_left=on_left))
            if index > 0:  # an opener has no running head
                head = 1 + 2 * left if on_left else 2 + 2 * right
                stamps.append(Stamp(sheets[self.heads.id], head))
            elif self.has_mark:  # the first page of the heads has nothing else
                move = shift if on_left else 0.0
                stamps.append(Stamp(sheets[self.heads.id], 0, move))
            yield Dressing(shift if on_left else 0.0, tuple(stamps))


def _number(
    signs: Sequence[int], widths: Sequence[float], sheet: Sheet, *, on_left: bool
) -> Iterator[Stamp]:
    """Yield a folio: from the left edge of the text, or up to its right one."""
    taken = [widths[sign] for sign in signs]
    for index, sign in enumerate(signs):
        x = sum(taken[:index]) if on_left else -sum(taken[index + 1 :])
        yield Stamp(sheet, 2 * sign + on_left, x)


# Where does a line begin, in CSS pixels?
_PLACE = re.compile(rb"\b1 0 0 -1 ([\d.]+) [\d.]+ Tm")


@lru_cache(maxsize=1)
def _widths(sheet: Sheet, paper: Paper) -> tuple[float, ...]:
    """Return the width of each sign, in PDF points.

    On a right-hand page a sign ends where the text does, so it begins by its width
    before that. Raises ValueError for a sheet of another form.
    """
    source = Source.read(sheet.pdf)
    edge = (paper.width - paper.outer) * PIXELS_PER_MILLIMETRE
    widths = []
    for page in source.pages[::2]:
        content = source.streams[source.value(page, b"Contents") or 0].decoded()
        (x,) = _PLACE.findall(content)
        widths.append((edge - float(x)) * POINTS_PER_PIXEL)
    return tuple(widths)


def furnish(maker: Maker, sections: Sequence[Section], paper: Paper) -> Furniture:
    """Return the furniture of a book's sections."""
    stamped = [s for s in sections if stampable(s)]
    titles = tuple(dict.fromkeys((s.running, s.title) for s in stamped))
    signs = _DIGITS
    if any(section.folio is Folio.ROMAN for section in stamped):
        signs += _ROMAN
    # A style sheet hides the head of a document's first page, so that one is not used.
    pages = [_page("right", "", "")]
    for running, title in titles:
        pages += [_page("left", running, title), _page("right", running, title)]
    digits = [_page(side, "", sign) for sign in signs for side in ("right", "left")]
    return Furniture(
        heads=maker.furniture("heads", pages),
        titles=titles,
        folios=maker.furniture("folios", digits),
        signs=signs,
        paper=paper,
        has_mark=bool(maker.book.mark),
        first_on_left=direction(maker.book.language) == "rtl",
    )


def _page(side: str, running: str, title: str) -> dict[str, str]:
    return {"side": side, "running": running, "title": title}
