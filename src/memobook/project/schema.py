"""The settings that an author may write: book.toml and a memo's block.

Each class is a table; its docstrings are the descriptions in `memobook schema`. What
goes in has passed TOML or YAML; what comes out is frozen and typed.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
)
from pydantic_core import PydanticCustomError

from memobook.project.limits_schema import LimitsTable
from memobook.project.outline_schema import (
    ContentsTable,
    Depth,
    Epigraph,
    MemoKind,
    PartTable,
    Text,
    quoted,
)
from memobook.project.standards import Standards
from memobook.project.values import (
    PATTERNS,
    Colour,
    FileStem,
    Identifier,
    LanguageTag,
    Length,
    Paper,
    Role,
    Slug,
    StandardNames,
    WebAddress,
)
from memobook.project.works_schema import AbbreviationsTable, CitationsTable

__all__ = [
    "PATTERNS",
    "Author",
    "BookFile",
    "ContentsTable",
    "MemoBlock",
    "MemoKind",
    "PartTable",
    "StyleTable",
]


Mode = Literal["footnotes", "memo-notes", "book-notes", "inline", "off"]


_Quotation = Annotated[
    Epigraph, BeforeValidator(quoted, json_schema_input_type=Epigraph | str)
]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class Person(_Table):
    """A contributor to the book."""

    name: Text
    role: Role = "aut"
    """A MARC relator code: aut, edt, trl, ill, ..."""
    sort: str = ""
    """As the name is sorted: Stroikos, Dimitrios."""
    affiliation: str = ""
    place: str = ""


class BookTable(_Table):
    """What the title page and the catalogues say."""

    title: Text
    language: LanguageTag
    """BCP 47: en-US, de, hi."""
    date: dt.date | None = None
    """Of publication; SOURCE_DATE_EPOCH stands in for it."""
    name: FileStem | None = None
    """The stem of the outputs' file names; made of the title where it is missing."""
    subtitle: str = ""
    description: str = ""
    identifier: Identifier | None = None
    """ISBN, DOI, URN or URL; derived from title and publisher where it is missing."""
    publisher: str = ""
    place: str = ""
    edition: str = ""
    series: str = ""
    rights: str = ""
    imprint: str = ""
    """Markdown for the imprint page."""
    epigraph: _Quotation | None = None
    """A quotation on a page of its own before the contents."""
    subjects: tuple[Text, ...] = ()
    contributors: tuple[Person, ...] = ()


class LinksTable(_Table):
    """How links become notes."""

    notes: Mode = "footnotes"
    repeat: Literal["memo", "book", "page", "none"] = "memo"
    """Within what a second link to the same address uses the same note."""
    sources: Literal["memo", "domain"] | None = None
    """Whether an appendix lists all sources, and how they are grouped there."""


class FiguresTable(_Table):
    """Figures and tables."""

    numbers: Literal["book", "memo"] = "book"
    """Whether they are numbered through the book, or in each memo: Figure 3.2."""


class PdfTable(_Table):
    """The print PDF."""

    paper: Paper = "letter"
    """letter, a4, a5, 6x9in, or a width and a height: 150mm 230mm."""
    identifier: Identifier | None = None
    """The print edition's own ISBN, if it has one; the book's and #pdf by default."""
    standard: StandardNames = ("pdf/ua-1", "pdf/a-3a")
    """One name or a list; an empty list makes a PDF without tags."""
    attach_sources: bool = False
    """Whether the memos' Markdown is attached to the PDF."""
    picture_dpi: Annotated[int, Field(ge=72, le=2400)] = 300
    """Pixels an inch of a picture as wide as the text: a larger one is made smaller."""
    notes: Mode | None = None
    bleed: Length | None = None
    """How far colour goes beyond the page's edge, to be cut off: 3mm."""
    crop_marks: bool = False
    """Whether marks outside the page say where it is to be cut."""
    gray: bool = False
    """Whether all colours and pictures become shades of gray."""
    memos_start: Literal["right", "next"] = "next"
    """Whether a memo begins on a right-hand page or on the next one."""

    @field_validator("attach_sources")
    @classmethod
    def _attachable(cls, value: bool, info: ValidationInfo) -> bool:
        archival = Standards.of(info.data.get("standard", ())).archival
        if value and archival in {2, 4}:
            kind, message = "bad_standard", "PDF/A-{part} allows no attached Markdown"
            context = {"part": archival, "hint": 'write standard = "pdf/a-3a"'}
            raise PydanticCustomError(kind, message, context)
        return value


class AccessibilityTable(_Table):
    """Who has examined the EPUB and says that it is accessible.

    Without this table the EPUB says what it has, and claims no conformance.
    """

    certifier: Text
    """A person or an organization."""
    level: Literal["A", "AA", "AAA"] = "AA"
    """Of the Web Content Accessibility Guidelines."""
    wcag: Literal["2.0", "2.1", "2.2"] = "2.1"
    """Their version."""
    credential: str = ""
    """What entitles the certifier to it."""
    report: WebAddress = ""
    """The address of a report on the examination."""


class EpubTable(_Table):
    """The EPUB."""

    notes: Mode | None = None
    cover: str = ""
    """A picture, relative to manuscript/; drawn from the cover page if missing."""
    picture_pixels: Annotated[int, Field(ge=100, le=10000)] = 2048
    """Of a picture's longer side: a larger one is made smaller."""
    page_list: bool = True
    """Whether the EPUB marks where the PDF's pages begin and lists them."""
    accessibility: AccessibilityTable | None = None


class StyleTable(_Table):
    """Tokens of the design, for both outputs at once."""

    ink: Colour = "#1c1b1a"
    accent: Colour = "#8a2f24"
    muted: Colour = "#5c5a57"
    rule: Colour = "#b9b4ac"
    tint: Colour = "#f3f0ea"
    text_font: Text = "Literata"
    heading_font: Text = "Inter"
    code_font: Text = "JetBrains Mono"
    fallback: tuple[Text, ...] = ("Noto Sans Devanagari",)
    """Families for characters that the others lack."""
    text_size: Length | None = None
    """In print; chosen with the paper where it is missing."""
    leading: Length | None = None
    """From baseline to baseline in print."""
    measure: Length | None = None
    """The width of the text in print."""


class TextTable(_Table):
    """What is done with the texts before they are read."""

    profiles: tuple[Text, ...] = ()
    """Profiles that hold where the command line names none."""
    critic: Literal["accept", "reject", "show"] = "accept"
    """What is done with changes that critic marks propose."""
    mark: str = ""
    """A word on every page, such as Draft."""


class ProfileTable(_Table):
    """What a profile, such as draft or public, sets otherwise."""

    variables: dict[Text, str] = {}
    text: dict[str, Any] = {}
    """Keys of [text]."""
    links: dict[str, Any] = {}
    """Keys of [links]."""
    pdf: dict[str, Any] = {}
    """Keys of [pdf]."""
    epub: dict[str, Any] = {}
    """Keys of [epub]."""
    style: dict[str, Any] = {}
    """Keys of [style]."""


class CheckTable(_Table):
    """How strict the lint is."""

    warn: tuple[str, ...] = ()
    """Codes whose errors are reported as warnings."""


class BookFile(_Table):
    """manuscript/book.toml."""

    book: BookTable
    contents: ContentsTable
    links: LinksTable = LinksTable()
    figures: FiguresTable = FiguresTable()
    pdf: PdfTable = PdfTable()
    epub: EpubTable = EpubTable()
    abbreviations: AbbreviationsTable | None = None
    citations: CitationsTable | None = None
    style: StyleTable = StyleTable()
    check: CheckTable = CheckTable()
    limits: LimitsTable = LimitsTable()
    variables: dict[Text, str] = {}
    """Texts by their names: {{ press }} stands for the one called press."""
    text: TextTable = TextTable()
    profiles: dict[Slug, ProfileTable] = {}
    """What a profile sets otherwise; memobook build --profile NAME uses it."""
    words: dict[str, Text] = {}
    """Built-in words that the book says otherwise: figure = "Exhibit"."""


class Author(_Table):
    """An author of a memo; a bare name will do."""

    name: Text
    sort: str = ""
    """As the name is sorted: Stroikos, Dimitrios."""
    affiliation: str = ""
    place: str = ""
    bio: str = ""
    """Markdown, one paragraph, for the page about the authors."""


def _named(value: object) -> object:
    return {"name": value} if isinstance(value, str) else value


_NamedAuthor = Annotated[
    Author, BeforeValidator(_named, json_schema_input_type=Author | str)
]


class MemoBlock(_Table):
    """The YAML block at the top of a memo."""

    title: str = ""
    subtitle: str = ""
    authors: tuple[_NamedAuthor, ...] = ()
    place: str = ""
    date: dt.date | None = None
    language: LanguageTag | None = None
    abstract: str = ""
    """Markdown, one paragraph."""
    key_points: tuple[Text, ...] = ()
    """Markdown, one line each."""
    slug: Slug | None = None
    """The prefix of the memo's anchors, and its file's name in the EPUB."""
    kind: MemoKind | None = None
    """What it is, where it is no plain memo; told from its file's name if possible."""
    number_headings: Depth | None = None
    """Instead of the book's."""
    contents: Depth | None = None
    """Instead of the book's memo_contents."""
    epigraph: _Quotation | None = None
    """A quotation before the text."""
    status: str = ""
    """Shown in the opener: Draft."""
    notes: Mode | None = None
