"""Figures, tables and what points to them, read back from both outputs."""

import io
import re

import pytest
from PIL import Image

from memobook.book.tree import nodes, text_of
from tests.harness import Built, built, make


def _jpeg() -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize((1600, 800)).save(out, "JPEG")
    return out.getvalue()


ONE = """# One

See [@tbl:launches] and [@fig:left], with [@sec:history] in [@memo:two].[^n]

[^n]: Compare [@tbl:launches].

![A gradient](images/left.jpg "Left"){#fig:left} ![A gradient again](images/left.jpg)

/// figure-caption
Two *gradients*

Photo: NASA {.credit}
///

/// description
Both go from dark to light.
///
"""
TWO = """# Two

{{ include data/launches.csv }}

/// table-caption
Launches {#tbl:launches}
///

## History

| A {colspan=2} | |
| --- | --- |
| 1 | [2](https://example.org/two) |

/// table-caption
On a page in landscape {.landscape}
///
"""
FILES: dict[str, str | bytes] = {
    "manuscript/one.md": ONE,
    "manuscript/two.md": TWO,
    "manuscript/data/launches.csv": "State,Launches\nIndia,7\nChina,67\n",
    "manuscript/images/left.jpg": _jpeg(),
}
SETTINGS = """
front = ["figures", "tables"]
[pdf]
paper = "a5"
picture_dpi = 150
[epub]
picture_pixels = 500
[figures]
numbers = "memo"
"""


@pytest.fixture(scope="module")
def book(tmp_path_factory) -> Built:
    return built(make(tmp_path_factory.mktemp("figures"), FILES, SETTINGS))


def printed(book: Built) -> str:
    text = " ".join(run.text for part in book.pdf.parts for run in part.runs())
    return " ".join(text.split())


def shown(book: Built, page: str) -> str:
    return " ".join(text_of(book.epub.pages[page]).replace("\xa0", " ").split())


def test_print_says_the_page_and_the_epub_does_not(book):
    said = re.sub(r"\s+", "", printed(book))
    folio = {a: book.pdf.labels[p] for a, p in book.pdf.destinations.items()}
    table, left = folio["two_tbl-launches"], folio["one_fig-left"]
    assert f"SeeTable2.1onpage{table}andFigure1.1aonpage{left},with" in said
    assert f"“History”onpage{folio['two_history']}inMemo2onpage{folio['two']}." in said
    assert "See Table 2.1 and Figure 1.1a, with “History” in Memo 2." in shown(
        book, "one"
    )


def test_a_reference_is_a_link_to_its_target_in_both(book):
    links = [link.target for part in book.pdf.parts for link in part.all("Link")]
    assert {"two_tbl-launches", "one_fig-left", "two_history", "two"} <= set(links)
    found = [n.get("href") for n in nodes(book.epub.pages["one"]) if n.tag == "a"]
    assert "two.xhtml#two_tbl-launches" in found
    assert "#one_fig-left" in found


def test_lists_of_figures_and_tables_stand_in_both(book):
    for page, line in (
        ("figures", "Figure 1.1 Two gradients"),
        ("tables", "Table 2.1 Launches"),
    ):
        assert line in shown(book, page)
        assert re.sub(r"\s", "", line) in re.sub(r"\s", "", printed(book))
    assert "NASA" not in shown(book, "figures")


def test_parts_credit_and_description_stand_in_both(book):
    solid = re.sub(r"\s", "", printed(book))
    for text in ("(a) Left", "Photo: NASA", "Both go from dark to light."):
        assert text in shown(book, "one")
        assert re.sub(r"\s", "", text) in solid
    page = book.epub.pages["one"]
    (details,) = [n for n in nodes(page) if n.tag == "details"]
    pointing = [n.get("aria-details") for n in nodes(page) if n.tag == "img"]
    assert details.get("id") in pointing


def test_a_csv_file_is_a_table_in_both(book):
    rows = [
        [text_of(c) for c in n.children if not isinstance(c, str)]
        for n in nodes(book.epub.pages["two"])
        if n.tag == "tr"
    ]
    assert [
        ["State", "Launches"],
        ["India", "7"],
        ["China", "67"],
        ["A"],
        ["1", "2"],
    ] == [
        [cell.rstrip("1") if cell.startswith("2") else cell for cell in row]
        for row in rows
    ]
    cells = [
        [kid.kind for kid in row.kids] for p in book.pdf.parts for row in p.all("TR")
    ]
    assert [len(row) for row in cells] == [2, 2, 2, 1, 2]


def test_a_turned_table_has_its_page_and_its_note_the_memo_s_end(book):
    page = book.pdf.destinations["two_history"]
    (note,) = [
        n for p in book.pdf.parts for n in p.all("Note") if n.id == "two__note-1"
    ]
    assert page + 1 < next(note.runs()).page
    scrolls = [n for n in nodes(book.epub.pages["two"]) if n.classes == ("scroll",)]
    assert ["Table 2.2"] == [n.get("aria-label").replace("\xa0", " ") for n in scrolls]


def test_pictures_have_the_size_that_the_settings_allow(book):
    for name, data in book.epub.files.items():
        if name.endswith(".jpg"):
            assert Image.open(io.BytesIO(data)).size == (500, 250)
    drawn = [p for page in book.pdf.drawn for p in page.pictures]
    assert drawn
    assert all(picture.resolution < 330 for picture in drawn)
