"""What a table repeats on each page is printed, however tall it is."""

import pytest

from memobook.outputs.pdf.layout import lay_out
from tests.outputs.pdf.sheets import page_texts, task

STYLE = "table { border-collapse: collapse } p { margin: 0 } .tall { height: %s }"


def words(table: str, *, height: str, lines: int = 3) -> list[str]:
    """Return all words of a sheet with a table below some lines."""
    body = f"{'<p>line</p>' * lines}<table>{table}</table><p>After.</p>"
    pages = page_texts(lay_out(task(body, own=STYLE % height)).pdf)
    return " ".join(pages).split()


@pytest.mark.parametrize("group", ["thead", "tfoot"])
@pytest.mark.parametrize("height", ["40pt", "90%", "2000pt"])
@pytest.mark.parametrize("rows", [0, 1, 40])
def test_a_head_or_foot_of_any_height_is_printed(group: str, height: str, rows: int):
    tall = f"<{group}><tr><th><div class=tall>Head</div></th></tr></{group}>"
    body = "".join(f"<tr><td>row{i}.</td></tr>" for i in range(rows))
    found = words(f"{tall}<tbody>{body}</tbody>" if rows else tall, height=height)
    assert "Head" in found
    assert [f"row{i}." for i in range(rows)] == [w for w in found if w[:3] == "row"]
    assert "After." in found


def test_a_head_with_room_stands_on_every_page_of_its_table():
    rows = "".join(f"<tr><td>row{i}.</td></tr>" for i in range(40))
    head = "<thead><tr><th>Head</th></tr></thead>"
    assert words(f"{head}<tbody>{rows}</tbody>", height="1pt").count("Head") > 1
