"""Where a table breaks, on real pages."""

import re
from importlib.resources import files

import pytest

from memobook.outputs.pdf.layout import lay_out
from tests.outputs.pdf.sheets import note, page_texts, task

RULES = "break-inside|break-after|break-before"
CSS = files("memobook.design").joinpath("css/print.css").read_text(encoding="utf-8")
TABLES = "\n".join(
    line
    for line in CSS.splitlines()
    if re.match(r"(caption|tr|tbody tr\S*) \{", line) and re.search(RULES, line)
)
"""What the built-in style says of breaks in tables."""

PAGE = "table { break-inside: avoid; border-collapse: collapse } p { margin: 0 }"


def pages(
    rows: int, lines: int, *, notes: bool = False, head: bool = True
) -> list[list[str]]:
    """Return each page's words, in a sheet with a table below some lines.

    A page has room for twenty rows; each row is named, as is the caption.
    """
    cells = "".join(
        f"<tr><td>row{i}.{note(i, 'A note.') if notes and i % 9 == 4 else ''}</td></tr>"
        for i in range(rows)
    )
    thead = "<thead><tr><th>Head</th></tr></thead>" if head else ""
    body = (
        f"{'<p>line</p>' * lines}<table><caption>Caption</caption>{thead}"
        f"<tbody>{cells}</tbody></table><p>After.</p>"
    )
    sheet = lay_out(task(body, own=TABLES + PAGE))
    return [text.split() for text in page_texts(sheet.pdf)]


def rows_of(page: list[str]) -> int:
    return sum(word.startswith("row") for word in page)


@pytest.mark.parametrize("notes", [False, True])
@pytest.mark.parametrize("rows", [3, 12, 30, 61])
def test_a_caption_stays_with_the_head_and_two_rows(rows: int, notes: bool):
    for lines in range(0, 26, 3):
        found = pages(rows, lines, notes=notes)
        (first,) = (page for page in found if "Caption" in page)
        assert "Head" in first
        assert rows_of(first) >= min(2, rows)
        assert sum(map(rows_of, found)) == rows


@pytest.mark.parametrize("rows", [3, 12])
def test_a_table_that_fits_on_a_page_stays_whole(rows: int):
    for lines in range(0, 26, 3):
        assert sum(bool(rows_of(page)) for page in pages(rows, lines)) == 1


@pytest.mark.parametrize("head", [False, True])
def test_a_table_longer_than_a_page_begins_where_it_stands(head: bool):
    for lines in range(0, 14, 2):
        first, *others = pages(40, lines, head=head)
        assert "Caption" in first
        assert rows_of(first) >= 2
        last = [n for n in map(rows_of, others) if n][-1]
        assert last >= 2


def test_notes_in_a_table_that_moves_stand_once_and_on_its_page():
    first, second, *_ = pages(12, 12, notes=True)
    assert "row4." not in " ".join(first)
    assert " ".join(second).count("A note.") == 1
    assert "note." not in " ".join(first)
