"""Report what of a book its layout does not show, where it was written.

What goes in: sheets, which know what no page of theirs shows. What comes out: errors. A
style sheet of the project is mostly the cause.
"""

from __future__ import annotations

from collections.abc import Mapping

from memobook.checks.kept import DELIBERATE, Wanted
from memobook.diagnostics import Code, Reporter
from memobook.outputs.pdf.sheet import Sheet

__all__ = ["report_losses", "report_lost_headings"]

# Under which code is a loss told, and how?
_SAID = {
    "words": (Code.PARITY_WORDS, "“{}” is not in the PDF"),
    "cut": (
        Code.PARITY_WORDS,
        "“{}” is cut off in the PDF: its box is too small, or off the page",
    ),
    "link": (Code.PARITY_LINKS, "the link “{}” leads nowhere in the PDF"),
    "picture": (Code.PARITY_PICTURES, "the picture “{}” is not in the PDF"),
}

_ROOM = (
    "shorten a long word or cell, write {.landscape} behind a wide table's caption, or"
    " give it room by a rule in styles/print.css"
)


def report_losses(
    sheets: Mapping[str, Sheet], wanted: Wanted, reporter: Reporter
) -> None:
    """Report all that the sheets of the memos do not show; `sheets` are by section."""
    for memo in wanted.book.memos:
        places = wanted.places(memo)
        for loss in sheets[memo.id].lost:
            code, message = _SAID[loss.kind]
            span = places.of_words(loss.text)
            if loss.kind == "picture":
                span = places.of_picture(loss.text)
            hint = _ROOM if loss.kind == "cut" else DELIBERATE
            reporter.error(code, span, message.format(loss.short), hint)


def report_lost_headings(
    sheets: Mapping[str, Sheet], wanted: Wanted, reporter: Reporter
) -> None:
    """Report headings that stand nowhere: no book can be bound without them."""
    for memo in wanted.book.memos:
        there = dict(sheets[memo.id].anchors)
        titles = [(memo.id, memo.title)] if memo.path in wanted.sources else []
        titles += [(h.anchor, h.title) for h in memo.headings]
        for anchor, title in titles:
            if anchor not in there:
                message = f"“{title}” stands nowhere in the PDF, and links lead to it"
                span = wanted.places(memo).of_anchor(anchor) or memo.span
                hint = "let the style sheets and templates of the book show it"
                reporter.error(Code.OUTPUT_INCOMPLETE, span, message, hint)
