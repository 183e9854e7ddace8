"""Make a book of the memos: the list of passes, each from a book to a book.

What goes in: parsed memos and the settings. What comes out: a book whose anchors,
captions and links are settled. Its notes are numbered for each output, as an output
may want them elsewhere.
"""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from memobook.book.abbreviations import spell_out
from memobook.book.apart import say_outside, without_lists
from memobook.book.authors import write_authors
from memobook.book.backpages import place_back, report_unmade
from memobook.book.captionlists import write_lists
from memobook.book.citations import resolve_citations
from memobook.book.crossrefs import resolve_brackets
from memobook.book.figures import letter_figures, link_descriptions
from memobook.book.glossary import link_terms
from memobook.book.headings import number_headings
from memobook.book.index import collect_index
from memobook.book.library import Library
from memobook.book.links import by_key
from memobook.book.model import Book, Contributor, Memo, Numbers
from memobook.book.outline import name_anchors, number_captions, number_formulas, slug
from memobook.book.punctuation import punctuated
from memobook.book.references import resolve_links, resolve_pictures
from memobook.book.structure import arranged, number_memos
from memobook.book.tree import Node
from memobook.diagnostics import Reporter
from memobook.project.contents import Listed
from memobook.project.links_schema import LinkEntry
from memobook.project.schema import BookFile, BookTable, ContentsTable

__all__ = ["PASSES", "Apparatus", "gather", "resolved"]

Passes = tuple[Callable[[Book, Reporter], Book], ...]

NUMBERING: Passes = (
    lambda book, _: number_memos(book),
    lambda book, _: name_anchors(book),
    write_authors,
    lambda book, _: number_headings(book),
    lambda book, _: number_captions(book),
    lambda book, _: letter_figures(book),
    lambda book, _: link_descriptions(book),
    lambda book, _: number_formulas(book),
)
"""What gives everything its name and number, in the whole book."""


def _with_back(book: Book, reporter: Reporter) -> Book:
    book = place_back(book)
    report_unmade(book, reporter)
    return book


RESOLVING: Passes = (
    resolve_citations,
    link_terms,
    resolve_links,
    resolve_brackets,
    lambda book, _: say_outside(book),
    collect_index,  # before captions are listed a second time
    write_lists,
    resolve_pictures,
    spell_out,
    lambda book, _: without_lists(book),
    _with_back,
)
"""What finds out where everything leads: also for a memo that was taken apart."""

PASSES = (*NUMBERING, *RESOLVING)

# So that an identifier is derived and not random: any fixed UUID would do.
_NAMESPACE = uuid.UUID("6d656d6f-626f-5f6b-8000-000000000000")


@dataclass(frozen=True, slots=True, kw_only=True)
class Apparatus:
    """What a book has beside its settings and the texts of its memos."""

    imprint: Node = field(default_factory=lambda: Node("div"))
    epigraph: Node = field(default_factory=lambda: Node("div"))
    listed: Sequence[Listed] = ()
    """What the memos are in it; all plain ones if it is empty."""
    titles: Mapping[str, str] = field(default_factory=dict)
    """How pages are called that memobook makes."""
    library: Library | None = None
    registry: Mapping[str, LinkEntry] = field(default_factory=dict)
    """What is known of addresses."""


def gather(
    settings: BookFile,
    memos: tuple[Memo, ...],
    apparatus: Apparatus,
    date: dt.date,
    reporter: Reporter,
) -> Book:
    """Return the book with all its numbers, its links and citations not yet resolved.

    `date` stands in where the settings have none.
    """
    language, listed = settings.book.language, apparatus.listed
    book = replace(
        _described(settings, date),
        imprint=apparatus.imprint,
        epigraph=apparatus.epigraph,
        memos=_settled(
            arranged(memos, listed, apparatus.titles, language) if listed else memos,
            settings.contents,
        ),
        library=apparatus.library,
        registry=by_key(apparatus.registry),
        sources=settings.links.sources,
    )
    return passed(book, NUMBERING, reporter)


def resolved(book: Book, reporter: Reporter) -> Book:
    """Return a gathered book, or one memo of it taken apart, with all resolved."""
    return passed(book, RESOLVING, reporter)


def passed(book: Book, passes: Passes, reporter: Reporter) -> Book:
    """Return the book as it is behind some passes."""
    for step in passes:
        book = step(book, reporter)
    return book


def _described(settings: BookFile, date: dt.date) -> Book:
    """Return the book as its title page and the catalogues know it, without a text."""
    table = settings.book
    said = partial(punctuated, language=table.language)
    return Book(
        name=table.name or slug(table.title),
        title=said(table.title),
        subtitle=said(table.subtitle),
        language=table.language,
        date=table.date or date,
        identifier=_identifier(table),
        print_identifier=settings.pdf.identifier or f"{_identifier(table)}#pdf",
        isbn=_isbn(table),
        description=table.description,
        publisher=table.publisher,
        place=table.place,
        edition=said(table.edition),
        series=said(table.series),
        rights=table.rights,
        subjects=table.subjects,
        contributors=_contributors(table),
        numbers=Numbers(settings.figures.numbers),
        words=settings.words,
        abbreviations=settings.abbreviations,
        memos=(),
    )


def _settled(memos: tuple[Memo, ...], contents: ContentsTable) -> tuple[Memo, ...]:
    """Give memos that say nothing of their headings what the book says."""
    return tuple(
        replace(
            memo,
            number_headings=_first(memo.number_headings, contents.number_headings),
            contents=_first(memo.contents, contents.memo_contents),
        )
        for memo in memos
    )


def _first(own: int | None, general: int) -> int:
    return general if own is None else own


def _contributors(table: BookTable) -> tuple[Contributor, ...]:
    return tuple(
        Contributor(p.name, p.role, p.sort, p.affiliation, p.place)
        for p in table.contributors
    )


def _identifier(table: BookTable) -> str:
    if table.identifier:
        return table.identifier
    facts = "\n".join((table.title, table.publisher, table.edition))
    return f"urn:uuid:{uuid.uuid5(_NAMESPACE, facts)}"


def _isbn(table: BookTable) -> str:
    found = re.fullmatch(r"urn:isbn:(.*)", table.identifier or "")
    if not found:
        return ""
    # Few books have one, and stdnum loads half of what Python knows of networks.
    from stdnum import isbn

    return str(isbn.format(found[1]))
