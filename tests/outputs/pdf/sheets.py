"""Small sections, laid out, and what can be read back from them."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pypdfium2

from memobook.design.fonts import find_faces
from memobook.design.section import Folio, Kind, Section, Stylesheet
from memobook.diagnostics import Span
from memobook.outputs.pdf.bind import bind
from memobook.outputs.pdf.layout import lay_out
from memobook.outputs.pdf.leaves import Facts, Leaf, OutlineItem
from memobook.outputs.pdf.sheet import Sheet
from memobook.outputs.pdf.task import Task
from memobook.project.standards import Standards

PRINT = """
@page { size: 420px 400px; margin: 40px; @bottom-center { content: counter(page) } }
@page:left { @top-left { content: "built-in" } }
body { font-family: Literata; font-size: 12px; margin: 0 }
p.first { color: rgb(255, 0, 0) }
.footnote { float: footnote; font-size: 10px }
.footnote::footnote-call { content: none }
.footnote::footnote-marker { content: none }
"""

FACTS = Facts(
    title="Žagsters & Co.",
    authors=("Ann Lee", "Bo Ek"),
    language="en-US",
    description="A book of memos.",
    subjects=("space", "law"),
    rights="CC BY 4.0",
    publisher="The Press",
    modified=datetime(2025, 6, 9, tzinfo=UTC),
    standards=Standards(accessible=1),
)


def task(
    body: str,
    *,
    id: str = "space",
    own: str = "",
    root: Path = Path("/nonexistent"),
    first_folio: int = 1,
    on_left: bool = False,
) -> Task:
    """Return the task of a memo with this body and this style sheet of the project."""
    html = f"<html lang='en'><head><title>{id}</title></head><body>{body}</body></html>"
    section = Section(
        id=id,
        kind=Kind.MEMO,
        title=id,
        html=f"<!DOCTYPE html>{html}",
        language="en",
        span=Span(f"manuscript/{id}.md"),
    )
    return Task(
        section=section,
        stylesheets=(
            Stylesheet("memobook/print.css", PRINT, is_builtin=True),
            Stylesheet("styles/print.css", own),
        ),
        faces=find_faces("Literata", Path("/nonexistent")),
        root=root,
        first_folio=first_folio,
        on_left=on_left,
    )


def note(number: int, text: str) -> str:
    """Return a call and its note, as the design writes them."""
    call, name = f"space__call-{number}", f"space__note-{number}"
    return (
        f'<a class="call" id="{call}" href="#{name}">{number}</a>'
        f'<span class="footnote" id="{name}" data-number="{number}">'
        f'<a class="back" href="#{call}">{number}.</a> {text}</span>'
    )


def leaf(sheet: Sheet, *, first_folio: int = 1, blank_before: bool = False) -> Leaf:
    return Leaf(
        sheet=sheet,
        folio=Folio.ARABIC,
        first_folio=first_folio,
        blank_before=blank_before,
    )


def bound(*sheets: Sheet) -> bytes:
    return bind([leaf(sheet) for sheet in sheets], [], FACTS)


@contextmanager
def opened(data: bytes) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        yield pdf


def page_texts(data: bytes) -> list[str]:
    """Return the text of each page, with single spaces."""
    document = pypdfium2.PdfDocument(data)
    try:
        return [_text(page) for page in document]
    finally:
        document.close()


def _text(page: pypdfium2.PdfPage) -> str:
    return " ".join(page.get_textpage().get_text_bounded().split())


def sample() -> bytes:
    """Return a small book of two memos that link to one another."""
    space = lay_out(
        task(
            "<h1 id='space-top'>Space</h1>"
            "<p>To <a href='memobook:law-é'>law</a> and <b>back</b>.</p>"
        )
    )
    law = lay_out(
        replace(task("<h1 id='law-é'>Law</h1>", id="law"), first_folio=3, on_left=False)
    )
    leaves = [leaf(space), leaf(law, first_folio=3, blank_before=True)]
    outline = [OutlineItem("Space", "space-top", (OutlineItem("Law", "law-é"),))]
    return bind(leaves, outline, FACTS)
