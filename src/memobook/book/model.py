"""The values of a book: what the author wrote and what it means, before it is set.

All are frozen; a pass makes a new book. Nothing here knows Markdown, HTML or an engine.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Literal

from memobook.book.host import Host
from memobook.book.library import Library
from memobook.book.tree import Child, Node, rewrite
from memobook.diagnostics import Span
from memobook.project.contents import Matter
from memobook.project.links_schema import LinkEntry
from memobook.project.works_schema import AbbreviationsTable

__all__ = [
    "EPIGRAPH",
    "FRONT",
    "BackKind",
    "BackPage",
    "Book",
    "Call",
    "Contributor",
    "Heading",
    "IndexEntry",
    "Locator",
    "Matter",
    "Memo",
    "Note",
    "NoteKind",
    "NoteMode",
    "Numbers",
    "Origin",
    "Picture",
    "Repeat",
    "Source",
]


class NoteMode(StrEnum):
    """Where a link's address is shown."""

    FOOTNOTES = "footnotes"
    """At the foot of the page; a pop-up in the EPUB."""
    MEMO_NOTES = "memo-notes"
    """At the end of the memo."""
    BOOK_NOTES = "book-notes"
    """In a section of notes at the end of the book."""
    INLINE = "inline"
    """In brackets after the link."""
    OFF = "off"
    """Nowhere: the link is live, and that is all."""


class Repeat(StrEnum):
    """Within what a second link to the same address uses the same note."""

    MEMO = "memo"
    BOOK = "book"
    PAGE = "page"
    """As `memo`, and the note is printed again on every page that calls it."""
    NONE = "none"


class NoteKind(StrEnum):
    """Who made a note."""

    AUTHOR = "author"
    LINK = "link"


class Numbers(StrEnum):
    """Within what figures and tables are numbered."""

    BOOK = "book"
    """Figure 12."""
    MEMO = "memo"
    """Figure 3.2, the second one of memo 3."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a run of a line was written that came from elsewhere, or moved."""

    column: int
    """1-based: where the run begins in its line."""
    place: Span
    """Of its first character; with a length if all of it stands for that, as the value
    of a variable does."""


@dataclass(frozen=True, slots=True)
class Source:
    """A memo's file as it was read."""

    path: str
    """Relative to the project folder: manuscript/space.md."""
    text: str
    """With Unix line ends, without a byte order mark, block included."""
    origins: tuple[tuple[Origin, ...], ...] = ()
    """The runs of each line; none where the text is as it stands in the file."""

    def place(self, span: Span) -> Span:
        """Return where something in the text was written."""
        if span.path != self.path or not 0 < span.line <= len(self.origins):
            return span
        runs = self.origins[span.line - 1]
        run = next((r for r in reversed(runs) if r.column <= span.column), runs[0])
        place = run.place
        if not span.column:
            return Span(place.path, place.line)
        if place.length:
            return place
        column = place.column + span.column - run.column
        return Span(place.path, place.line, column, span.length)


@dataclass(frozen=True, slots=True)
class Contributor:
    """A person with a part in the book or a memo."""

    name: str
    """As it is shown."""
    role: str = "aut"
    """A MARC relator code. https://id.loc.gov/vocabulary/relators.html"""
    sort: str = ""
    """As it is sorted: Lalwani, Sameer."""
    affiliation: str = ""
    place: str = ""
    bio: tuple[Child, ...] = ()
    """A few words on the person; inline content."""
    span: Span | None = None
    """Where these words are written."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading below a memo's title."""

    anchor: str
    """Unique in the book."""
    level: int
    """2 to 6; the memo's title is 1."""
    title: str
    """Plain text, without calls."""
    number: str = ""
    """2.1, A.3; empty if it has none."""

    @property
    def shown(self) -> str:
        """The title with its number, as lists show it."""
        return f"{self.number} {self.title}" if self.number else self.title


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture file that the text shows."""

    path: str
    """Relative to the project folder."""
    span: Span


@dataclass(frozen=True, slots=True)
class Call:
    """One place in the text that calls a note."""

    anchor: str
    """Unique in the book; the back-link's target."""
    note: str
    """The note's anchor."""


@dataclass(frozen=True, slots=True)
class Note:
    """A numbered note: an author's footnote or one made of a link."""

    anchor: str
    """Unique in the book."""
    number: int
    kind: NoteKind
    content: tuple[Child, ...]
    """An author's blocks; for a link note, the title of the link's target."""
    url: str = ""
    """The address of a link note, as the author wrote it."""
    calls: tuple[Call, ...] = ()
    """In reading order, at least one."""
    span: Span | None = None
    is_listed: bool = False
    """Whether print has it in the memo's list: no note stands below a turned table."""
    entry: LinkEntry | None = None
    """What the registry says of a link note's page."""


EPIGRAPH = "epigraph-page"
FRONT = ("cover", "title-page", "imprint", "contents")


class BackKind(StrEnum):
    """What a page is that memobook makes for the back of the book, in their order."""

    ABBREVIATIONS = "abbreviations"
    BIBLIOGRAPHY = "bibliography"
    SOURCES = "sources"


@dataclass(frozen=True, slots=True)
class BackPage:
    """A page that memobook makes for the back of the book."""

    kind: BackKind
    body: Node
    """A div with its blocks."""


@dataclass(frozen=True, slots=True)
class Locator:
    """A place that the index names."""

    memo: str
    """The id of the memo that it is in."""
    start: str
    """An anchor."""
    end: str = ""
    """The anchor at the end of a passage; empty for a single place."""


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """A line of the index with the lines below it."""

    term: str
    letter: str
    """Under which it stands; empty for digits and signs, and for a line below one."""
    locators: tuple[Locator, ...] = ()
    """In reading order."""
    see: tuple[str, ...] = ()
    """The terms to look under instead."""
    see_also: tuple[str, ...] = ()
    """The terms to look under, too."""
    below: tuple[IndexEntry, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Memo:
    """A parsed source, with its own authors, place and date.

    Also a page that memobook makes of the settings and of other memos: one that opens a
    part, one about the authors.
    """

    id: str
    """Its slug, unique in the book: the prefix of its anchors, its EPUB file's name."""
    path: str
    """Of its file; book.toml for one that memobook makes."""
    title: str
    title_span: Span | None = None
    """Where the title is written."""
    subtitle: str = ""
    authors: tuple[Contributor, ...] = ()
    place: str = ""
    date: dt.date | None = None
    language: str
    abstract: tuple[Child, ...] = ()
    """Inline content."""
    key_points: tuple[tuple[Child, ...], ...] = ()
    """Inline content, one tuple a point."""
    status: str = ""
    matter: Matter = Matter.MEMO
    kind: str = ""
    """foreword, summary, …; empty for a plain memo."""
    number: int | None = None
    """1 for the first memo, appendix or part; None for front and back matter."""
    numeral: str = ""
    """The number as it is shown: 1, A for an appendix, I for a part."""
    label: str = ""
    """What stands above its title instead of its number, if it stands alone."""
    part: int = 0
    """The number of the part that it opens or stands in; 0 for none."""
    number_headings: int | None = None
    """How many levels of its headings are numbered; None to do as the book does."""
    contents: int | None = None
    """How many levels of its headings are listed before its text; None as above."""
    notes_mode: NoteMode | None = None
    """The memo's own setting; None to take the output's."""
    body: Node
    """A div with the text's blocks; calls are <a class="call" data-note="...">."""
    footnotes: tuple[tuple[str, Node], ...] = ()
    """Name -> a div with the author's footnote, in the order of their definitions."""
    marks: frozenset[str] | None = None
    """See marks.py; None where nobody has looked."""
    headings: tuple[Heading, ...] = ()
    pictures: tuple[Picture, ...] = ()
    notes: tuple[Note, ...] = ()
    """Numbered, in the order of their first calls; empty before numbering."""
    span: Span

    def rewritten(self, change: Callable[[Node], Child | tuple[Child, ...]]) -> Memo:
        """Return the memo with all its nodes replaced, in reading order; see rewrite().

        Its title is plain text.
        """

        def inline(content: tuple[Child, ...]) -> tuple[Child, ...]:
            return rewrite(Node("div", (), content), change).children

        return replace(
            self,
            abstract=inline(self.abstract),
            key_points=tuple(map(inline, self.key_points)),
            body=rewrite(self.body, change),
            footnotes=tuple((k, rewrite(n, change)) for k, n in self.footnotes),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """A book: its memos in order and all that its title page says."""

    name: str
    """The stem of the outputs' file names."""
    title: str
    subtitle: str = ""
    language: str
    date: dt.date
    identifier: str
    """urn:isbn:..., urn:uuid:... or a DOI's URL."""
    print_identifier: str = ""
    """Of the PDF, where it is published: an EPUB names it as its pages' source."""
    isbn: str = ""
    """Hyphenated; empty if the book has none."""
    description: str = ""
    publisher: str = ""
    place: str = ""
    edition: str = ""
    series: str = ""
    rights: str = ""
    subjects: tuple[str, ...] = ()
    contributors: tuple[Contributor, ...] = ()
    mark: str = ""
    """A word on every page, such as Draft."""
    imprint: Node = field(default_factory=lambda: Node("div"))
    """The imprint page's own text, as blocks."""
    epigraph: Node = field(default_factory=lambda: Node("div"))
    """Holds the quotation before its contents; nothing if it has none."""
    numbers: Numbers = Numbers.BOOK
    """Of figures and tables."""
    words: Mapping[str, str] = field(default_factory=dict)
    """Built-in words that the author wants otherwise, by their names."""
    memos: tuple[Memo, ...]
    abbreviations: AbbreviationsTable | None = None
    """What is spelled out; None if nothing is."""
    library: Library | None = None
    """What it may cite; None if it cites nothing."""
    registry: Mapping[str, LinkEntry] = field(default_factory=dict)
    """What is known of the pages that its links lead to, by urls.same_key."""
    fetched: Mapping[str, str] = field(default_factory=dict)
    """Address of a picture -> path of the file that was saved of it."""
    sources: Literal["memo", "domain"] | None = None
    """How it lists them all at its back; None if it does not."""
    back: tuple[BackPage, ...] = ()
    """In their order, without the index."""
    index: tuple[IndexEntry, ...] = ()
    """Sorted; empty if no term is marked."""
    host: Host | None = None
    """The book that a memo alone was taken out of; None for a whole book."""
    outside: tuple[Memo, ...] = ()
    """The memos of its host, as long as it is not known which of them it names."""

    @property
    def front(self) -> tuple[str, ...]:
        """What memobook makes in print before the memos: nothing for a memo alone."""
        if self.host or not self.epigraph.children:
            return () if self.host else FRONT
        return (*FRONT[:-1], EPIGRAPH, FRONT[-1])

    @property
    def opener(self) -> Memo:
        """The first memo that is no front matter; a part's page, if it has parts."""
        main = (m for m in self.memos if m.matter is not Matter.FRONT)
        return next(main, self.memos[0])

    @property
    def made(self) -> tuple[str, ...]:
        """What the pages at its back are that memobook makes, in their order."""
        return (
            *(page.kind.value for page in self.back),
            *("index",) * bool(self.index),
        )

    @property
    def authors(self) -> tuple[Contributor, ...]:
        """The contributors who wrote it."""
        return tuple(c for c in self.contributors if c.role == "aut")
