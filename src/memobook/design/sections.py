"""Make sections of a book: one XHTML document for each piece, by Jinja templates.

What goes in: a numbered book, a theme and a medium. What comes out: the sections in
the order of the book. No engine is known here, and no number is made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from markupsafe import Markup

from memobook.book.direction import direction
from memobook.book.model import (
    BackKind,
    BackPage,
    Book,
    Contributor,
    Matter,
    Memo,
    Note,
    NoteMode,
)
from memobook.book.references import TARGET
from memobook.book.structure import neighbours
from memobook.book.tree import Child, serialize
from memobook.design.content import blocks, inline, note_blocks
from memobook.design.indexing import index_groups
from memobook.design.labels import (
    label_of,
    list_label,
    running_title,
    semantics,
)
from memobook.design.listing import Listing
from memobook.design.media import Print
from memobook.design.medium import Adjustments, Medium
from memobook.design.memo_contents import memo_contents
from memobook.design.section import Folio, Kind, Section
from memobook.design.theme import Theme
from memobook.design.words import words
from memobook.diagnostics import Reporter, Span
from memobook.project.config import BOOK_FILE

__all__ = ["Maker"]

_TITLES = {
    Kind.COVER: "cover",
    Kind.TITLE_PAGE: "title_page",
    Kind.IMPRINT: "imprint",
    Kind.EPIGRAPH: "epigraph",
    Kind.CONTENTS: "contents",
    Kind.NOTES: "notes",
}
_FOLIOS = {
    Kind.COVER: Folio.NONE,
    Kind.TITLE_PAGE: Folio.ROMAN,
    Kind.IMPRINT: Folio.ROMAN,
    Kind.EPIGRAPH: Folio.ROMAN,
    Kind.CONTENTS: Folio.ROMAN,
}
"""How the pages are numbered of what is no memo, if not by plain numbers."""
_RIGHT = frozenset([Kind.COVER, Kind.TITLE_PAGE, Kind.EPIGRAPH, Kind.CONTENTS])
_KINDS = {
    Matter.FRONT: Kind.FRONT,
    Matter.PART: Kind.PART,
    Matter.MEMO: Kind.MEMO,
    Matter.APPENDIX: Kind.APPENDIX,
    Matter.BACK: Kind.BACK,
}

# What is each to reading systems and screen readers?
# https://www.w3.org/TR/epub-ssv-11/ and https://www.w3.org/TR/dpub-aria-1.1/
_BACK = {
    BackKind.ABBREVIATIONS: {"type": "glossary", "role": "doc-glossary"},
    BackKind.BIBLIOGRAPHY: {"type": "bibliography", "role": "doc-bibliography"},
    BackKind.SOURCES: {"type": "bibliography", "role": "doc-bibliography"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Maker:
    """Makes the sections of one book for one medium."""

    book: Book
    theme: Theme
    reporter: Reporter
    medium: Callable[[str, Adjustments], Medium]
    """Section and adjustments -> the medium as it is there."""
    folios: Mapping[str, str] = field(default_factory=dict)
    """Anchor -> folio, for the contents; empty where there are no pages."""
    memos_start_right: bool = False

    def cover(self) -> Section:
        """Return the cover."""
        return self._plain(Kind.COVER)

    def front(self) -> tuple[Section, ...]:
        """Return cover, title page, imprint and contents; none for a memo alone."""
        return tuple(self._plain(Kind(name)) for name in self.book.front)

    def frames(self) -> tuple[Section, ...]:
        """Return all sections without a word in them.

        They say where each may begin and how its pages are numbered.
        """
        names = self.book.front, (*self._noted, *self.book.made)
        front, back = (tuple(self._frame(Kind(n)) for n in each) for each in names)
        return (*front, *map(self._memo_frame, self.book.memos), *back)

    @property
    def _noted(self) -> tuple[str, ...]:
        """The section of the book's notes, if any memo has its notes there."""
        wanted = (
            m.notes and m.notes_mode is NoteMode.BOOK_NOTES for m in self.book.memos
        )
        return (Kind.NOTES.value,) if any(wanted) else ()

    def memo(self, memo: Memo, adjustments: Adjustments | None = None) -> Section:
        """Return a memo's section."""
        medium = self.medium(memo.id, adjustments or Adjustments())
        frame = self._memo_frame(memo)
        about = memo.title, memo.language, frame.running
        html = self.theme.render(
            "part.html.j2" if frame.kind is Kind.PART else "memo.html.j2",
            self.reporter,
            **self._values(medium, frame.kind, *about),
            memo=_memo_values(memo, medium, self._words),
            body=_markup(blocks(memo, medium).children),
            notes=_listed_notes(memo, medium),
        )
        return replace(frame, html=html)

    def _memo_frame(self, memo: Memo) -> Section:
        kind = _KINDS[memo.matter]
        return Section(
            id=memo.id,
            kind=kind,
            title=memo.title,
            running=running_title(self.book, memo, self._words),
            landmark=semantics(memo).landmark,
            html="",
            language=memo.language,
            folio=Folio.ROMAN if kind is Kind.FRONT else Folio.ARABIC,
            starts_right=self.memos_start_right or self._opens(memo),
            span=memo.span,
        )

    def _opens(self, memo: Memo) -> bool:
        """Tell whether a memo opens the book or a part, or follows a part's page."""
        before, _ = neighbours(self.book, memo)
        follows = before is not None and before.matter is Matter.PART
        is_part = memo.matter is Matter.PART
        return is_part or follows or memo.id == self.book.opener.id

    def notes(self) -> tuple[Section, ...]:
        """Return the section of the book's notes, if there is one."""
        if not self._noted:
            return ()
        medium = self.medium(Kind.NOTES.value, Adjustments())
        groups = [
            {
                "memo": _memo_values(m, medium, self._words),
                "notes": _notes(m.notes, medium),
            }
            for m in self.book.memos
            if m.notes and m.notes_mode is NoteMode.BOOK_NOTES
        ]
        return (self._plain(Kind.NOTES, groups=groups),)

    def back(self) -> tuple[Section, ...]:
        """Return what memobook makes for the back of the book, the index last."""
        return (*map(self._back_page, self.book.back), *self.index())

    def _back_page(self, page: BackPage) -> Section:
        kind = Kind(page.kind.value)
        medium = self.medium(kind.value, Adjustments())
        body = _markup(inline(page.body.children, medium, show_address=True))
        more = {"body": body, **_BACK[page.kind]}
        return self._plain(kind, "back.html.j2", **more)

    def index(self) -> tuple[Section, ...]:
        """Return the index, if the book has one."""
        if not self.book.index:
            return ()
        medium = self.medium(Kind.INDEX.value, Adjustments())
        groups = index_groups(self.book, medium, self.folios)
        return (self._plain(Kind.INDEX, groups=groups),)

    def furniture(self, name: str, pages: Sequence[Mapping[str, str]]) -> Section:
        """Return empty pages that show only what stands in the margins of a memo.

        A page says on which side it begins, and what stands in its running head:
        `running` on a left-hand page and `title` on a right-hand one.
        """
        medium = self.medium(name, Adjustments())
        html = self.theme.render(
            "furniture.html.j2",
            self.reporter,
            **self._values(medium, Kind.MEMO, self.book.title, self.book.language),
            pages=pages,
        )
        return Section(
            id=name,
            kind=Kind.MEMO,
            title=self.book.title,
            running=self.book.title,
            html=html,
            language=self.book.language,
            span=Span(BOOK_FILE),
        )

    @property
    def _words(self) -> Mapping[str, str]:
        return words(self.book.language, self.book.words)

    def _plain(
        self,
        kind: Kind,
        template: str = "",
        **more: Any,  # noqa: ANN401 (what templates get)
    ) -> Section:
        frame = self._frame(kind)
        medium = self.medium(kind.value, Adjustments())
        html = self.theme.render(
            template or f"{kind.value}.html.j2",
            self.reporter,
            **self._values(medium, kind, frame.title, self.book.language),
            **more,
        )
        return replace(frame, html=html)

    def _frame(self, kind: Kind) -> Section:
        return Section(
            id=kind.value,
            kind=kind,
            title=self._words[_TITLES.get(kind, kind.value)],
            running=self.book.title,
            html="",
            language=self.book.language,
            folio=_FOLIOS.get(kind, Folio.ARABIC),
            starts_right=kind in _RIGHT,
            span=Span(BOOK_FILE),
        )

    def _values(
        self,
        medium: Medium,
        kind: Kind,
        title: str,
        language: str,
        running: str = "",
    ) -> dict[str, Any]:
        return {
            "book": _book_values(self.book, medium),
            "memos": Listing(self.book.memos, partial(self._entry, medium)),
            "back": Listing(self.book.made, partial(self._made, medium)),
            "medium": medium.name,
            "kind": kind.value,
            "title": title,
            "running": running or self.book.title,
            "language": language,
            "direction": direction(language),
            "words": self._words,
        }

    def _made(self, medium: Medium, name: str) -> dict[str, Any]:
        """Return the line of a page that memobook makes at the back."""
        return self._line(name, self._words[name], medium)

    def _entry(self, medium: Medium, memo: Memo) -> dict[str, Any]:
        """Return a memo's line in the contents."""
        return {
            **self._line(memo.id, memo.title, medium),
            **self._place(memo),
            "number": memo.number,
            "label": list_label(memo, self._words),
            "subtitle": memo.subtitle,
            "byline": _byline(memo.authors),
            "headings": [
                self._line(heading.anchor, heading.shown, medium)
                for heading in memo.headings
                if heading.level == 2
            ],
        }

    def _place(self, memo: Memo) -> dict[str, Any]:
        """Return what a memo is, and whether a list below it begins or ends with it."""
        _, following = neighbours(self.book, memo)
        goes_on = following is not None and following.part == memo.part > 0
        is_part = memo.matter is Matter.PART
        return {
            "kind": _KINDS[memo.matter].value,
            "opens": is_part and goes_on,
            "closes": memo.part > 0 and not is_part and not goes_on,
        }

    def _line(self, anchor: str, title: str, medium: Medium) -> dict[str, Any]:
        return {
            "title": title,
            "href": medium.target(TARGET + anchor),
            "folio": self.folios.get(anchor, "00"),
            "page_href": medium.page_target(anchor),
            "page": _markup(medium.page_number(anchor, in_column=True)),
        }


def _markup(content: Child | tuple[Child, ...]) -> Markup:
    # Serialized from the tree, where every text was escaped.
    return Markup(serialize(content))  # noqa: S704


def _book_values(book: Book, medium: Medium) -> dict[str, Any]:
    return {
        "title": book.title,
        "subtitle": book.subtitle,
        "language": book.language,
        "date": book.date.isoformat(),
        "year": str(book.date.year),
        "description": book.description,
        "publisher": book.publisher,
        "place": book.place,
        "edition": book.edition,
        "series": book.series,
        "host": book.host.title if book.host else "",
        "mark": book.mark,
        "rights": book.rights,
        "isbn": book.isbn,
        "identifier": book.identifier,
        "imprint": _markup(inline(book.imprint.children, medium)),
        "epigraph": _markup(inline(book.epigraph.children, medium)),
        "authors": [c.name for c in book.authors],
        "contributors": [_person(c) for c in book.contributors],
    }


def _memo_values(
    memo: Memo, medium: Medium, labels: Mapping[str, str]
) -> dict[str, Any]:
    meaning = semantics(memo)
    return {
        "id": memo.id,
        "number": memo.number,
        "label": label_of(memo, labels),
        "division": meaning.division,
        "type": meaning.type,
        "role": meaning.role,
        "title": memo.title,
        "subtitle": memo.subtitle,
        "byline": _byline(memo.authors),
        "authors": [_person(c) for c in memo.authors],
        "place": memo.place,
        "date": memo.date.isoformat() if memo.date else "",
        "status": memo.status,
        "language": memo.language,
        "abstract": _markup(inline(memo.abstract, medium)),
        "key_points": [_markup(inline(p, medium)) for p in memo.key_points],
        "contents": _markup(memo_contents(memo, medium)),
    }


def _person(person: Contributor) -> dict[str, str]:
    return {
        "name": person.name,
        "role": person.role,
        "affiliation": person.affiliation,
        "place": person.place,
    }


def _byline(authors: tuple[Contributor, ...]) -> str:
    return ", ".join(a.name for a in authors)


def _listed_notes(memo: Memo, medium: Medium) -> list[dict[str, Any]]:
    """Return the notes that stand at the memo's end in this medium."""
    if memo.notes_mode is NoteMode.BOOK_NOTES:
        return []
    if isinstance(medium, Print):
        return _notes(
            tuple(n for n in memo.notes if not medium.stands_at_foot(n, memo)), medium
        )
    return _notes(memo.notes, medium)


def _notes(notes: tuple[Note, ...], medium: Medium) -> list[dict[str, Any]]:
    return [
        {
            "anchor": note.anchor,
            "number": note.number,
            "blocks": _markup(note_blocks(note, medium)),
        }
        for note in notes
    ]
