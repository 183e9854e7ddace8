"""Where the sections stand, one after the other, and what is bound of them.

What goes in: sections and how many pages each has. What comes out: the page on which
each begins, the page map that follows from it, and leaves for the binder.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from memobook.design.pagination import Pagination
from memobook.design.section import OF_BACK, OF_MEMOS, Folio, Kind, Section
from memobook.outputs.pdf.beginnings import folio_of, printed
from memobook.outputs.pdf.furniture import Furniture, stampable
from memobook.outputs.pdf.leaves import Leaf
from memobook.outputs.pdf.sheet import Dressing, Sheet

__all__ = ["Place", "Setting", "leaf_of", "placed"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a section begins."""

    section: Section
    page: int
    """0-based, in the whole PDF."""
    folio: int
    blank_before: bool


@dataclass(frozen=True, slots=True)
class Setting:
    """A book as it stands after a round of layouts."""

    places: tuple[Place, ...]
    sheets: Mapping[str, Sheet]
    """By the sections' ids, the furniture's included."""
    furniture: Furniture | None

    @property
    def pages(self) -> dict[str, int]:
        """Section -> how many pages it has."""
        return {p.section.id: self.sheets[p.section.id].pages for p in self.places}

    @property
    def folios(self) -> dict[str, str]:
        """The page map of what a memo may refer to."""
        return {
            anchor: folio_of(place.section.folio, place.folio + spot.page)
            for place in self.places
            if place.section.kind in {*OF_MEMOS, Kind.NOTES, *OF_BACK}
            for anchor, spot in self.sheets[place.section.id].anchors
        }

    @property
    def pagination(self) -> Pagination:
        """Where the pages begin, but for the cover's, which has no number."""
        return {
            p.section.id: printed(self.sheets[p.section.id], p.section.folio, p.folio)
            for p in self.places
            if p.section.folio is not Folio.NONE
        }

    @property
    def end(self) -> int:
        """How many pages the book has."""
        last = self.places[-1]
        return last.page + self.sheets[last.section.id].pages


def placed(sections: Sequence[Section], pages: Mapping[str, int]) -> tuple[Place, ...]:
    """Return where each section begins: where the one before it ended.

    `pages` are the sections' page counts; one that is not known yet counts as one page.
    """
    out: list[Place] = []
    page, folio = 0, 1
    for section in sections:
        if out and out[-1].section.folio is not section.folio:
            folio = 1
            is_new = True
        else:
            is_new = False
        blank = section.starts_right and page % 2 == 1
        page += blank
        # The blank page before the first one of a numbering has no number.
        folio += blank and not is_new
        out.append(Place(section, page, folio, blank))
        page += pages.get(section.id, 1)
        folio += pages.get(section.id, 1)
    return tuple(out)


def leaf_of(place: Place, setting: Setting) -> Leaf:
    """Return a section's pages with the furniture that is stamped on them."""
    section = place.section
    sheet = setting.sheets[section.id]
    furniture = setting.furniture
    dressings: tuple[Dressing, ...] = ()
    if furniture and stampable(section):
        dressings = tuple(
            furniture.dressings(
                section, setting.sheets, place.page, place.folio, sheet.pages
            )
        )
    return Leaf(
        sheet=sheet,
        folio=section.folio,
        first_folio=place.folio,
        blank_before=place.blank_before,
        dressings=dressings,
    )
