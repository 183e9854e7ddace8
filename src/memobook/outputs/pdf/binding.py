"""Bind a book, and look at what was bound before it is delivered.

What goes in: leaves, an outline and facts. What comes out: the finished PDF, or an
error for whatever of the sheets it does not hold.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pikepdf

from memobook.diagnostics import Code, Reporter, Span
from memobook.outputs.pdf.bind import bind
from memobook.outputs.pdf.counting import of_book
from memobook.outputs.pdf.counts import Counts, bookmarks, lost
from memobook.outputs.pdf.gray import in_gray
from memobook.outputs.pdf.leaves import Facts, Leaf, OutlineItem
from memobook.project.config import BOOK_FILE

__all__ = ["bound"]


def bound(
    leaves: Sequence[Leaf],
    outline: Sequence[OutlineItem],
    facts: Facts,
    folios: Mapping[str, str],
    reporter: Reporter,
    *,
    gray: bool,
) -> bytes:
    """Return the PDF, in shades of gray if wanted; report what it does not hold.

    `folios` are the pages that references name, by anchor.
    """
    pdf = bind(leaves, outline, facts, folios)
    pdf = in_gray(pdf) if gray else pdf
    _report_unbound(pdf, leaves, outline, facts, reporter)
    return pdf


def _report_unbound(
    pdf: bytes,
    leaves: Sequence[Leaf],
    outline: Sequence[OutlineItem],
    facts: Facts,
    reporter: Reporter,
) -> None:
    wanted = Counts(bookmarks=bookmarks(outline), files=len(facts.attached))
    for leaf in leaves:
        wanted += leaf.sheet.counts + Counts(pages=int(leaf.blank_before))
    hint = "please report this with the memos that cause it"
    try:
        differences = list(lost(wanted, of_book(pdf, wanted)))
    except (pikepdf.PdfError, ValueError, AttributeError) as error:
        differences = [str(error)]
    for said in differences:
        message = f"the PDF is not what was put into it: {said}"
        reporter.error(Code.OUTPUT_INCOMPLETE, Span(BOOK_FILE), message, hint)
