"""Publish a book as an EPUB: its sections, pictures and fonts become one package.

What goes in: a numbered book, a theme and the project's files. What comes out: the
EPUB's bytes, read back and compared.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from html import escape

from memobook.book.direction import direction
from memobook.book.model import Book, Memo
from memobook.book.structure import branches
from memobook.checks.pictures import SUFFIXES, media_type
from memobook.design.anchors import code_characters, section_of_anchors
from memobook.design.fonts import Face, characters_in, characters_of
from memobook.design.labels import title_in_lists
from memobook.design.media import Screen
from memobook.design.pagination import Pagination
from memobook.design.section import Kind, Section, Stylesheet
from memobook.design.sections import Maker
from memobook.design.theme import Theme, with_values
from memobook.design.words import words
from memobook.diagnostics import Reporter
from memobook.outputs.epub.accessibility import Certificate
from memobook.outputs.epub.container import LossError
from memobook.outputs.epub.fonts import FontSubset, join, subset
from memobook.outputs.epub.formula_font import formula_font
from memobook.outputs.epub.navigation import (
    Entry,
    Page,
    find_landmarks,
    navigation_document,
    page_id,
    page_path,
)
from memobook.outputs.epub.package import Package, Resource, package
from memobook.outputs.epub.pagebreaks import mark_pages
from memobook.outputs.epub.pictures import Fitting
from memobook.outputs.epub.ready import prepare
from memobook.outputs.epub.styles import resolve
from memobook.project.files import Files

__all__ = ["EpubJob"]

# An EPUB has no AVIF: what there is of it was converted.
_SUFFIXES = {kind: name for kind, name in SUFFIXES.items() if kind != "image/avif"}
_WEIGHTS = frozenset([400, 600, 700])
"""Regular and bold: what a reading system asks for."""
_DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'


@dataclass(frozen=True, slots=True, kw_only=True)
class EpubJob:
    """One book's way to an EPUB."""

    book: Book
    theme: Theme
    files: Files
    reporter: Reporter
    pagination: Pagination = field(default_factory=dict)
    """Where the PDF's pages begin; empty for an EPUB without a page list."""
    folios: Mapping[str, str] = field(default_factory=dict)
    """The PDF's pages of what the index names; empty without a page list."""
    fitting: Fitting = field(default_factory=Fitting)
    """How pictures are made to fit."""
    certificate: Certificate | None = None
    differing: frozenset[str] = frozenset()
    """Sections that may say other things than in the PDF, as conditions want it."""
    _pictures: dict[str, Resource] = field(default_factory=dict)
    _sections: list[Section] = field(default_factory=list)
    _sheets: list[str] = field(default_factory=list)

    def sections(self) -> tuple[Section, ...]:
        """Return the sections but for the contents, which is the navigation document.

        A picture that cannot be read was reported, and has no name in them.
        """
        if not self._sections:
            self._pictures.update(self._read_pictures())
            maker = self._maker()
            made = {s.kind: s for s in (maker.cover(), *maker.front())}
            made.pop(Kind.CONTENTS, None)
            self._sections.extend(made.values())
            self._sections.extend(map(maker.memo, self.book.memos))
            self._sections.extend((*maker.notes(), *maker.back()))
        return tuple(self._sections)

    def stylesheet(self) -> str:
        """Return the style sheet with every token's value in its place."""
        if not self._sheets:
            self._sheets.extend(map(self._resolved, self.theme.screen_sheets))
        return "\n".join(self._sheets)

    def _resolved(self, sheet: Stylesheet) -> str:
        tokens = self.theme.tokens
        if sheet.is_builtin:  # nothing is wrong with it, nor with a token's value
            return with_values(sheet.text, tokens)
        return resolve(sheet.text, tokens, sheet.path, self.reporter)

    def publish(
        self,
        picture: Callable[[], bytes | None],
        told: Callable[[Mapping[str, bytes]], object] = lambda _: None,
    ) -> bytes:
        """Return the EPUB; `picture` returns its cover's picture, if there is one.

        That is asked for when all else is there, as it may still be in the making;
        `told` is called with all other pages, by their names, before they are packed.
        Raises LossError if the file is not what was put in.
        """
        sections, listed = self._marked()
        fonts = self._fonts(sections, listed)
        pictures = tuple({p.path: p for p in self._pictures.values()}.values())
        pages = tuple(self._pages(sections, listed))
        text = tuple(page for page in pages if page.kind is not Kind.COVER)
        ready = prepare(text, (*fonts.resources, *pictures), self.book.date)
        told({page.id: page.html.encode() for page in text})
        drawn = picture()
        cover = self.fitting.fit(drawn) if drawn else None
        return package(
            Package(
                book=self.book,
                pages=tuple(self._covered(page, cover) for page in pages),
                contents=self._entries(),
                stylesheet=f"{fonts.css}\n{self.stylesheet()}",
                resources=pictures,
                fonts=fonts.resources,
                cover=_image(cover) if cover else None,
                certificate=self.certificate,
                page_source=self.book.print_identifier if listed else "",
            ),
            ready(),
        )

    def _maker(self) -> Maker:
        sections = section_of_anchors(self.book)
        paths = (p.path for memo in self.book.memos for p in memo.pictures)
        images = dict.fromkeys(paths, "")
        images |= {path: f"../{p.path}" for path, p in self._pictures.items()}
        said = words(self.book.language, self.book.words)
        return Maker(
            book=self.book,
            theme=self.theme,
            reporter=self.reporter,
            medium=lambda here, _: Screen(here, sections, images, said),
        )

    def _read_pictures(self) -> Iterator[tuple[str, Resource]]:
        """Yield pictures under names made of their bytes, which are safe anywhere."""
        for path in sorted({p.path for m in self.book.memos for p in m.pictures}):
            with suppress(OSError, ValueError):
                yield path, _image(self.fitting.fit(self.files.read(path)))

    def _marked(self) -> tuple[tuple[Section, ...], tuple[tuple[str, str], ...]]:
        """Return the sections with marks of the printed pages, and the page list.

        Raises LossError for a section whose text is not the printed one, unless the
        project's own templates or a condition may be the cause.
        """
        sections: list[Section] = []
        listed: list[tuple[str, str]] = []
        for section in self.sections():
            if section.id == self.book.memos[0].id:
                label = self._contents_label()
                listed += _hrefs("contents", [(label, page_id(label))] if label else [])
            if section.kind is Kind.INDEX and self.folios:
                # Its pages are known only now.
                (section,) = replace(self._maker(), folios=self.folios).index()
            printed = self.pagination.get(section.id)
            if printed:
                marked = mark_pages(section.html, printed)
                may_differ = self.theme.has_own_templates or (
                    section.id in self.differing
                )
                if not marked.has_same_text and not may_differ:
                    reason = "has another text than in the PDF"
                    raise LossError(page_path(section.id), reason)
                section = replace(section, html=marked.html)
                listed += _hrefs(section.id, marked.pages)
            sections.append(section)
        return tuple(sections), tuple(listed)

    def _pages(
        self,
        sections: tuple[Section, ...],
        listed: tuple[tuple[str, str], ...],
    ) -> Iterator[Page]:
        """Yield the spine: the contents page stands before the first memo."""
        for section in sections:
            if section.id == self.book.memos[0].id:
                yield self._contents_page(sections, listed)
            yield Page(
                section.id,
                section.title,
                _DECLARATION + section.html,
                section.kind,
                landmark=section.landmark,
            )

    def _contents_page(
        self, sections: tuple[Section, ...], listed: tuple[tuple[str, str], ...]
    ) -> Page:
        said = words(self.book.language, self.book.words)
        title = said["contents"]
        marks = [Page(s.id, s.title, "", s.kind, landmark=s.landmark) for s in sections]
        if self.book.front:
            before = len(self.book.front) - 1
            marks.insert(before, Page("contents", title, "", Kind.CONTENTS))
        html = navigation_document(
            self._entries(),
            heading=title,
            language=self.book.language,
            direction=direction(self.book.language),
            landmarks=find_landmarks(marks),
            pages=listed,
            landmarks_label=said["landmarks"],
            pages_label=said["pages"],
            label=self._contents_label(),
        )
        is_read = bool(self.book.front)
        return Page("contents", title, html, Kind.CONTENTS, in_spine=is_read)

    def _contents_label(self) -> str:
        """Return the number of the printed contents' first page, if it is known.

        The marks of more pages would be within links: a list of contents holds no more.
        """
        printed = self.pagination.get(Kind.CONTENTS.value)
        return printed.pages[0].label if printed else ""

    def _covered(self, page: Page, cover: bytes | None) -> Page:
        """Return a page as it is; the cover's with its picture alone, if it has one.

        It says its text for the blind.
        """
        if page.kind is not Kind.COVER or cover is None:
            return page
        names = ", ".join(c.name for c in self.book.authors)
        text = ". ".join(t for t in (self.book.title, self.book.subtitle, names) if t)
        head, _, rest = page.html.partition("<body")
        start, _, _ = rest.partition(">")
        html = (
            f'{head}<body{start}>\n<section id="cover" epub:type="cover" role="region" '
            f'aria-label="{escape(page.title)}"><img src="../{_image(cover).path}" '
            f'alt="{escape(text)}" role="doc-cover"/></section>\n</body>\n</html>\n'
        )
        return replace(page, html=html)

    def _entries(self) -> tuple[Entry, ...]:
        said = words(self.book.language, self.book.words)
        memos = tuple(
            _entry(branch.memo, said, tuple(_entry(m, said) for m in branch.below))
            for branch in branches(self.book)
        )
        back = (Entry(said[name], page_path(name)) for name in self.book.made)
        return (*memos, *back)

    def _fonts(
        self, sections: tuple[Section, ...], listed: tuple[tuple[str, str], ...]
    ) -> FontSubset:
        """Return the faces, each cut down to the characters that it is needed for."""
        contents = self._contents_page(sections, listed)
        pages = (*(section.html for section in sections), contents.html)
        text = characters_in(pages)
        code = code_characters(self.book)
        main = [f for f in self.theme.faces if self._has_use(f, {"text", "heading"})]
        lacking = text - characters_of(main)
        parts = []
        for face in self.theme.faces:
            if face.weight not in _WEIGHTS:
                continue
            if face in main:
                parts.append(subset(face, text))
            elif self._has_use(face, {"code"}):
                parts.append(subset(face, code))
            elif self._has_use(face, {"fallback"}):
                parts.append(subset(face, lacking))
        return join([*parts, formula_font(pages)])

    def _has_use(self, face: Face, wanted: set[str]) -> bool:
        return bool(self.theme.uses.get(face.family, frozenset()) & wanted)


def _hrefs(section: str, marks: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    return ((label, f"{page_path(section)}#{name}") for label, name in marks)


def _image(data: bytes) -> Resource:
    kind = media_type(data)
    if kind is None:
        message = "a picture that was checked before cannot be read"
        raise ValueError(message)
    name = hashlib.sha256(data).hexdigest()[:16]
    return Resource(f"images/{name}.{_SUFFIXES[kind]}", kind, data)


def _entry(memo: Memo, said: Mapping[str, str], below: tuple[Entry, ...] = ()) -> Entry:
    byline = ", ".join(author.name for author in memo.authors)
    headings = tuple(
        Entry(h.shown, f"{page_path(memo.id)}#{h.anchor}")
        for h in memo.headings
        if h.level == 2
    )
    title = title_in_lists(memo, said)
    return Entry(title, page_path(memo.id), byline, (*headings, *below))
