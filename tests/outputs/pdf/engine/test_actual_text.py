"""What is copied from a PDF is what was written, also where glyphs tell otherwise."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest

from memobook.design.fonts import Face, find_faces
from memobook.outputs.pdf.layout import lay_out
from memobook.outputs.pdf.task import Task
from tests.harness import HARD
from tests.outputs.pdf.sheets import opened, page_texts, task

NOWHERE = Path("/nonexistent")
AGENCY = "भारतीय अंतरिक्ष अनुसंधान संगठन"
FAMILIES = {
    "devanagari": find_faces("Noto Sans Devanagari", NOWHERE),
    "code": find_faces("JetBrains Mono", NOWHERE),
    "hebrew": find_faces("Hard Cases", HARD / "styles" / "fonts"),
}


def set_in(family: str, text: str) -> Task:
    """Return the task of a paragraph in a font."""
    faces = FAMILIES[family]
    own = f'body {{ font-family: "{faces[0].family}" }}'
    made = task(f"<p>{text}</p>", own=own)
    return replace(made, faces=(*made.faces, *faces))


def spelt(data: bytes) -> list[str]:
    """Return every text that stands beside its glyphs."""
    with opened(data) as pdf:
        return [
            str(instruction.operands[1].ActualText)
            for page in pdf.pages
            for instruction in pikepdf.parse_content_stream(page)
            if str(instruction.operator) == "BDC"
            and "/ActualText" in instruction.operands[1]
        ]


def text(data: bytes) -> str:
    """Return what PDFium reads, without the folio."""
    return page_texts(data)[0].removesuffix(" 1")


@pytest.mark.parametrize(
    "words", [AGENCY, "कि कमल क् क्षत्रिय र्क्त", "रणनीतिक स्वायत्तता नीति तत्त्व"]
)
def test_devanagari_is_read_as_it_was_written(words):
    data = lay_out(set_in("devanagari", words)).pdf

    assert spelt(data) == [words]
    assert text(data) == words


def test_a_sign_of_code_is_read_as_it_was_written():
    data = lay_out(set_in("code", "<code>a -&gt; b &gt;= c</code>")).pdf

    assert text(data) == "a -> b >= c"


def test_marks_for_line_breaks_are_not_read():
    data = lay_out(set_in("devanagari", AGENCY.replace(" ", "/\u200b\u2060"))).pdf

    assert spelt(data) == [AGENCY.replace(" ", "/")]


@pytest.mark.parametrize(
    ("family", "words"),
    [
        ("code", "Plain letters, éàü, ﬁne “quotes”\u200b and\u00a0spaces."),
        ("devanagari", "कमल"),
        ("hebrew", "שלום עולם"),
        ("hebrew", "שָׁלוֹם"),
    ],
)
def test_what_the_glyphs_tell_is_not_told_again(family, words):
    assert spelt(lay_out(set_in(family, words)).pdf) == []


def test_a_hyphen_at_a_lines_end_needs_no_telling():
    long = "incomprehensibility " * 30

    data = lay_out(task(f"<p style='hyphens: auto'>{long}</p>")).pdf

    assert "\u2010" in text(data) or "\x02" in text(data) or "\ufffe" in text(data)
    assert spelt(data) == []


# The fault, seen without the mend, in another process.
FAULT = """
import io, sys, pypdfium2, weasyprint
from weasyprint.text.fonts import FontConfiguration
fonts = FontConfiguration()
style = f"@font-face {{ font-family: d; src: url('{sys.argv[1]}') }}"
style += "p { font-family: d }"
html = weasyprint.HTML(string=f"<html lang=en><title>t</title><p>{sys.argv[2]}</p>")
css = weasyprint.CSS(string=style, font_config=fonts)
data = html.write_pdf(stylesheets=[css], font_config=fonts, pdf_variant="pdf/ua-1")
text = pypdfium2.PdfDocument(data)[0].get_textpage().get_text_bounded()
sys.stdout.buffer.write(text.encode())
"""


def test_the_fault_that_this_mends_is_still_there():
    (face, *_) = FAMILIES["devanagari"]
    assert isinstance(face, Face)

    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", FAULT, face.path.as_uri(), AGENCY],
        capture_output=True,
        check=True,
        encoding="utf-8",
    )

    assert done.stdout.strip() != AGENCY
    assert "भारतीय" in done.stdout
