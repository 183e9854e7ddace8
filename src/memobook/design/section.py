"""A section: one piece of the book, as a document that an engine can set by itself.

It is what the design hands to the outputs: XHTML and style sheets, complete. Nothing
here knows an engine.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from memobook.diagnostics import Span

__all__ = [
    "LED",
    "OF_BACK",
    "OF_MEMOS",
    "PAGE_SCHEME",
    "PROJECT_URL",
    "Folio",
    "Kind",
    "Section",
    "Stylesheet",
]

PROJECT_URL = "https://project.invalid/"
"""What stands before a path of the project in a URL, so that relative addresses in a
style sheet resolve. The name can never be a host: https://www.rfc-editor.org/rfc/rfc2606"""

PAGE_SCHEME = "memobook-page:"
"""What stands before an anchor in a link whose text names the anchor's page."""


LED = {
    "citation": ("biblioref", "doc-biblioref"),
    "term": ("glossref", "doc-glossref"),
}
"""Class of a link to a page that memobook makes -> what it is to reading systems."""


class Kind(StrEnum):
    """What a section is, which is also the name of its template.

    But for what is made of a memo: that has a memo's template, if it opens no part.
    """

    COVER = "cover"
    TITLE_PAGE = "title-page"
    IMPRINT = "imprint"
    EPIGRAPH = "epigraph-page"
    CONTENTS = "contents"
    FRONT = "front-matter"
    PART = "part"
    MEMO = "memo"
    APPENDIX = "appendix"
    BACK = "back-matter"
    NOTES = "notes"
    ABBREVIATIONS = "abbreviations"
    BIBLIOGRAPHY = "bibliography"
    SOURCES = "sources"
    INDEX = "index"


OF_MEMOS = frozenset([Kind.FRONT, Kind.PART, Kind.MEMO, Kind.APPENDIX, Kind.BACK])
"""The kinds of sections that are made of a memo each."""

OF_BACK = (Kind.ABBREVIATIONS, Kind.BIBLIOGRAPHY, Kind.SOURCES, Kind.INDEX)
"""What memobook makes for the back of the book, in their order."""


class Folio(StrEnum):
    """How a section's pages are numbered."""

    NONE = "none"
    """Neither counted nor shown: the cover."""
    ROMAN = "roman"
    ARABIC = "arabic"


@dataclass(frozen=True, slots=True)
class Stylesheet:
    """One style sheet."""

    path: str
    """As a diagnostic names it: styles/print.css, or memobook/print.css if built in."""
    text: str
    is_builtin: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One piece of the book for one medium."""

    id: str
    """Unique in the book: cover, title-page, contents, or the memo's id."""
    kind: Kind
    title: str
    """Plain text, for the outline and the document's title."""
    html: str
    """A whole XHTML document without style sheets, pictures as PROJECT_URL + path."""
    running: str = ""
    """What stands above its left-hand pages: the part's title, else the book's."""
    landmark: str = ""
    """What a reading system calls it; empty for what its kind is called."""
    language: str
    folio: Folio = Folio.ARABIC
    starts_right: bool = False
    """Whether it begins on a right-hand page."""
    span: Span
    """The file that it was made from, for a diagnostic that has no better place."""
