"""Look through a project's style sheets: nothing of the web, nothing that runs.

What goes in: a sheet's text and what the project may do. What comes out: the same
sheet, or one without what has no place in it, which is reported where it stands. What
an EPUB can load from a sheet, which is nothing, the room that makes it knows.
"""

from __future__ import annotations

from memobook.book.harmless import Offence, harmless, is_inside
from memobook.book.urls import scheme
from memobook.diagnostics import Code, Reporter, Span
from memobook.project.trust import Trust

__all__ = ["checked", "is_at_hand", "is_remote", "report_offence"]


def checked(css: str, path: str, trust: Trust, reporter: Reporter) -> str:
    """Return a sheet without what loads from elsewhere or runs; report each."""
    clean, offences = harmless(css, is_at_hand, imports=trust.imports_styles)
    for offence in offences:
        report_offence(offence, path, reporter, trust)
    return clean


def is_remote(address: str) -> bool:
    """Tell whether an address leads out of the project."""
    return bool(scheme(address)) or address.startswith(("//", "\\\\"))


def is_at_hand(address: str) -> bool:
    """Tell whether an address leads to a file of the project, or holds all."""
    is_picture = address.lower().startswith("data:image/")
    return is_inside(address) or is_picture or not is_remote(address)


def report_offence(
    offence: Offence, path: str, reporter: Reporter, trust: Trust | None = None
) -> None:
    """Report what was taken out of a style sheet."""
    span = Span(path, offence.line, offence.column, len(offence.what))
    if offence.what == "@import":
        hint = "write the rules of the other sheet into this one"
        message = "@import has no place here"
        hint = trust.hint(hint) if trust else hint
        reporter.error(Code.STYLE_IGNORED, span, message, hint)
    elif is_remote(offence.address):
        message = f"“{offence.address[:200]}” is not a file of the project"
        hint = "save the file in the project folder and name it by its path"
        reporter.error(Code.RESOURCE_REMOTE, span, message, hint)
    elif offence.address:
        message = f"an EPUB's style sheet can load no file: {offence.what}"
        hint = "write the file into the sheet as data:image/png;base64,..."
        reporter.error(Code.STYLE_IGNORED, span, message, hint)
    else:
        message, hint = f"{offence.what} has no place in a book", "take it out"
        reporter.error(Code.STYLE_IGNORED, span, message, hint)
