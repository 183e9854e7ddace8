"""Keep what the next build of a project is to know of this one.

What goes in: what was read, made and reported. What comes out: entries of the store,
from which a later build sees that nothing changed, where pages begin, what moved.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress

from memobook.census import Census, census_of
from memobook.deliver import Made
from memobook.fresh import Order, Record, keep_census, keep_record, kept_census
from memobook.lastpdf import LastPdf
from memobook.manuscript import Manuscript
from memobook.report import BuildReport
from memobook.store import Store

__all__ = ["last_pdf", "remember"]


def last_pdf(text: Manuscript, order: Order, store: Store, memo: str) -> LastPdf:
    """Return what is known of the last PDF of a book, or of a memo alone."""
    fonts = sorted({face.path for face in text.theme.faces})
    return LastPdf(
        files=text.files,
        fonts={str(p): hashlib.sha256(p.read_bytes()).hexdigest() for p in fonts},
        settings=text.project.settings,
        order=order,
        store=store,
        memo=memo,
        profiles=text.project.profiles,
    )


def remember(last: LastPdf, text: Manuscript, made: Made, report: BuildReport) -> None:
    """Keep the record of a build, and what its memos hold.

    `last` is of the PDF before it. Without room the next build does all of this again.
    """
    with suppress(OSError):
        keep_record(
            last.order, last.store, _record(text, last, made, report), last.memo
        )
        census = _census(made, last).as_json()
        keep_census(last.order, last.store, census, last.memo)


def _record(text: Manuscript, last: LastPdf, made: Made, report: BuildReport) -> Record:
    # Whether the page list is still true is to be seen before the next build, too.
    more = last.inputs() if report.pages is None else {}
    return Record(
        inputs={**more, **text.files.inputs, **made.inputs},
        listings=text.files.listings,
        fonts=dict(last.fonts),
        report=report.as_dict(),
    )


def _census(made: Made, last: LastPdf) -> Census:
    """Return what the memos hold; without a PDF their pages are the last one's."""
    printed = made.pagination if made.pages is not None else {}
    pages = {name: len(section.pages) for name, section in printed.items()}
    census = census_of(made.book, made.folios, pages, made.pages, made.inputs)
    known = kept_census(last.order, last.store, last.memo)
    if made.pages is None and known is not None:
        return census.with_pages_of(Census.from_json(known))
    return census
