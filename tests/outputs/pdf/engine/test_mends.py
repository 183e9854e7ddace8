"""What is mended in WeasyPrint's own layout."""

import io

import pypdfium2
import pytest

from memobook.outputs.pdf.layout import lay_out
from tests.outputs.pdf.sheets import opened, page_texts, task

TEXT = "industry is part of that development. The slogan <em>x</em>"


def test_no_line_ends_after_one_word_because_of_a_space_before_emphasis():
    # At one of these widths all but the last space of the text fits into a line.
    body = "".join(
        f"<p style='width:{200 + i / 4}px'>{TEXT}, so it goes on.</p>"
        for i in range(480)
    )
    sheet = lay_out(task(body))
    with pypdfium2.PdfDocument(io.BytesIO(sheet.pdf)) as pdf:
        text = "\n".join(page.get_textpage().get_text_range() for page in pdf)
    lines = [line.strip() for line in text.splitlines()]
    assert "industry" not in lines
    assert any(line.startswith("industry is part") for line in lines)


FRENCH = "Deux choses, trois choses : il dit : «\u202f<em>Jamais</em>"


def test_no_line_ends_after_one_word_because_of_a_space_that_holds_emphasis():
    body = "".join(
        f"<p lang='fr' style='width:{200 + i / 4}px'>{FRENCH}\u202f», et s’en va.</p>"
        for i in range(480)
    )
    sheet = lay_out(task(body))
    with pypdfium2.PdfDocument(io.BytesIO(sheet.pdf)) as pdf:
        text = "\n".join(page.get_textpage().get_text_range() for page in pdf)
    lines = [line.strip() for line in text.splitlines()]
    assert "Deux" not in lines
    assert not any(line.endswith("«") for line in lines)
    assert any(line.startswith("Deux choses, trois") for line in lines)


def test_a_note_stands_on_the_page_of_its_call():
    # Somewhere in so many pages a paragraph's second line is the last that fits.
    def paragraph(i: int) -> str:
        call = f"<a class='call' id='space__call-{i}' href='#space__note-{i}'>{i}</a>"
        back = f"<a class='back' href='#space__call-{i}'>{i}.</a>"
        note = f"<span class='footnote' id='space__note-{i}'>{back} A note.</span>"
        plain = f"<p>{'of a line ' * (5 * (i % 13) + 14)}.</p>"
        return f"<p>Words{call}{note} {'of a line ' * (i % 7)}.</p>{plain}{plain}"

    style = "p { orphans: 2; widows: 2 } .footnote { footnote-policy: line }"
    sheet = lay_out(task("".join(map(paragraph, range(1, 160))), own=style))
    places = dict(sheet.anchors)
    pages = [
        (places[f"space__call-{i}"].page, places[f"space__note-{i}"].page)
        for i in range(1, 160)
    ]
    assert [pair for pair in pages if pair[0] != pair[1]] == []


@pytest.mark.parametrize("end", ["\n", " \n", "\t\n  "])
def test_a_line_of_a_notes_source_ends_none_in_print(end):
    note = f"<span class='footnote' id='space__note-1'>A short{end}note.</span>"
    sheet = lay_out(task(f"<p>Words{note} go on.</p>"))
    with pypdfium2.PdfDocument(io.BytesIO(sheet.pdf)) as pdf:
        lines = pdf[0].get_textpage().get_text_range().splitlines()
    assert "A short note." in [line.strip() for line in lines]


def test_a_leader_is_one_text_and_ends_before_the_page_number():
    line = "<p>From <span class='leader'></span>12</p>"
    style = ".leader::after { content: leader(' .') }"
    sheet = lay_out(task(line, own=style))

    (text,) = page_texts(sheet.pdf)
    assert text.startswith("From . . . .")
    assert text.endswith(". 12 1")
    with opened(sheet.pdf) as pdf:
        drawn = pdf.pages[0].obj.Contents.read_bytes().count(b"BT\n")
    # The word, the dots, the number, and the page's folio.
    assert drawn == 4


def test_a_colour_profile_that_is_not_there_does_not_end_the_layout():
    style = "@color-profile --press { src: url(none.css) } p { color: red }"
    sheet = lay_out(task("<p>Text</p>", own=style))
    assert sheet.pages == 1


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_a_drawing_without_a_size_stands_in_a_line_of_either_direction(direction):
    drawing = (
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 40 60' role='img'"
        " aria-label='A leaf'><rect width='40' height='60'/></svg>"
    )
    style = f"direction: {direction}; width: 80px"
    sheet = lay_out(task(f"<p style='{style}'>Before {drawing} behind.</p>"))
    (text,) = page_texts(sheet.pdf)
    assert text.split()[:2] == ["Before", "behind."]


@pytest.mark.parametrize("value", ["calc(1 / 0)", "calc(0 / 0)", "calc(-1 / 0)"])
def test_a_number_that_is_none_does_not_end_the_layout(value):
    sheet = lay_out(task("<p>Words.</p>", own=f"p {{ widows: {value} }}"))
    assert "Words." in page_texts(sheet.pdf)[0]
