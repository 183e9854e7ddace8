"""Tables of CSV files."""

import pytest

from memobook.book.csvtables import is_table, table_lines
from memobook.diagnostics import Reporter, Span

SPAN = Span("a.md", 1, 1, 5)


def lines(text: str, wanted: str = "", path: str = "a.csv") -> list[str]:
    reporter = Reporter()
    found = [line for line, _ in table_lines(path, text, wanted, SPAN, reporter)]
    assert reporter.diagnostics == ()
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a,b\n1,x\n", ["| a | b |", "| ---: | --- |", "| 1 | x |"]),
        ("a;b\n1,5;x", ["| a | b |", "| ---: | --- |", "| 1,5 | x |"]),
        (
            'a,b\n"1,200","x | y"',
            ["| a | b |", "| ---: | --- |", "| 1,200 | x \\| y |"],
        ),
        ('a,b\n"x\ny",–', ["| a | b |", "| --- | ---: |", "| x<br/>y | – |"]),
        ("a\n−3 %\n\n", ["| a |", "| ---: |", "| −3 % |"]),
    ],
)
def test_a_file_is_a_table_in_markdown(text, expected):
    assert expected == lines(text)


def test_columns_are_taken_by_name_in_the_order_asked_for():
    assert ["| b | a |", "| --- | --- |", "| y | x |"] == lines("a,c,b\nx,z,y", "b, a")


def test_tabs_part_cells_of_a_tsv_file():
    assert "| a, b | c |" == lines("a, b\tc\n1\t2", path="a.tsv")[0]


def test_a_row_knows_its_line_in_the_file():
    found = table_lines("a.csv", 'a\n"x\ny"\nz\n', "", SPAN, Reporter())
    assert [1, 1, 2, 4] == [place.line for _, place in found]


def test_only_csv_and_tsv_files_are_tables():
    assert [True, True, False] == [is_table(p) for p in ("a.CSV", "b.tsv", "c.md")]


def test_every_fault_has_its_place():
    reporter = Reporter()
    list(table_lines("a.csv", "a,b\n1\n2,3", "c", SPAN, reporter))
    list(table_lines("a.csv", "a,b\n", "", SPAN, reporter))
    found = [(d.code.value, d.span.path, d.span.line) for d in reporter]
    assert [("table-file", "a.csv", 2), ("table-file", "a.md", 1)] == sorted(found[:2])
    assert 3 == len(found)
