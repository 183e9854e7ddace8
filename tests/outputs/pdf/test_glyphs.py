"""What no font has is told by memo and script, where it is first written."""

from memobook.book.model import Source
from memobook.diagnostics import Code, Diagnostic, Severity, Span
from memobook.outputs.pdf.glyphs import gathered
from memobook.project.config import BOOK_FILE

A, B = "manuscript/a.md", "manuscript/b.md"


def lacks(path: str, characters: str) -> list[Diagnostic]:
    """Return what the layout of a section finds."""
    return [
        Diagnostic(
            Span(path),
            Severity.ERROR,
            Code.GLYPH_MISSING,
            f"no font has “{c}” (U+{ord(c):04X})",
            "add a font",
        )
        for c in characters
    ]


def told(found: list[Diagnostic], **texts: str) -> list[tuple[str, int, int, str]]:
    """Return path, line, column and message of all that is told."""
    paths = {f"manuscript/{name}.md": text for name, text in texts.items()}
    sources = {path: Source(path, text) for path, text in paths.items()}
    return [
        (d.span.path, d.span.line, d.span.column, d.message)
        for d in gathered(found, sources)
    ]


def test_a_script_is_told_once_in_each_memo():
    found = [*lacks(A, "日本語"), *lacks(B, "語日")]

    assert told(found, a="# A\n\nIt is 語 and 日本語.\n", b="日 語") == [
        (A, 3, 7, "no font has Chinese: 3 characters, written 4 times, the first “語” (U+8A9E)"),
        (B, 1, 1, "no font has Chinese: 2 characters, written 2 times, the first “日” (U+65E5)"),
    ]  # fmt: skip


def test_each_script_of_a_memo_is_told():
    found = lacks(A, "அஆდა")

    messages = [message for *_, message in told(found, a="அஆ და")]

    assert [message.partition(":")[0] for message in messages] == [
        "no font has Tamil",
        "no font has Georgian",
    ]


def test_japanese_is_one_script_with_its_chinese_characters():
    (found,) = told(lacks(A, "日本のカ"), a="日本のカ")

    assert found[3].startswith("no font has Japanese: 4 characters")


def test_odd_signs_are_told_one_by_one():
    assert told(lacks(A, "⚗☤"), a="☤ ⚗") == [
        (A, 1, 3, "no font has “⚗” (U+2697)"),
        (A, 1, 1, "no font has “☤” (U+2624)"),
    ]


def test_many_signs_are_told_together():
    (found,) = told(lacks(A, "😀😁😂😃😄😅"), a="😅😀😁😂😃😄")

    assert found == (
        A, 1, 1, "no font has symbols: 6 characters, written 6 times, the first “😅” (U+1F605)"
    )  # fmt: skip


def test_the_books_own_pages_repeat_nothing_of_a_memo():
    found = [*lacks(BOOK_FILE, "日本"), *lacks(A, "日本")]

    assert [path for path, *_ in told(found, a="日本")] == [A]


def test_what_only_the_books_own_pages_say_is_told_there():
    assert [path for path, *_ in told(lacks(BOOK_FILE, "日本"))] == [BOOK_FILE]


def test_a_letter_that_a_style_sheet_has_made_is_told_of_the_memo():
    assert told(lacks(A, "ⴀⴁ"), a="abc") == [
        (A, 0, 0, "no font has Georgian: 2 characters, the first “ⴀ” (U+2D00)")
    ]


def test_whatever_else_was_found_is_left_alone():
    other = Diagnostic(Span(A, 3), Severity.WARNING, Code.LAYOUT_NOTE, "it “x”")

    assert list(gathered([other, other], {})) == [other]
