"""What converters and word processors leave behind is taken out, and nothing else."""

import pytest

from memobook.book.model import Source
from memobook.book.parse import parse_memo
from memobook.checks.mends import mended
from memobook.checks.source import lint
from memobook.codes import Code
from memobook.diagnostics import Reporter

N = "\xa0"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Characters
        ("hy\u00adphen and hy&shy;phen", "hyphen and hyphen"),
        ("a page\x0c ends", "a page ends"),
        # Spaces
        (f"the{N}satellite", "the satellite"),
        (f"a line  {N}", "a line"),
        (f"one {N} two&nbsp; three", "one two three"),
        (f"#{N}Heading", "# Heading"),
        (f"-{N}item", "- item"),
        (f"{N}{N}text", "  text"),
        # Breaks
        ("One.\n\n<br>\n\nTwo.", "One.\n\nTwo."),
        ("One.\n<br/><br/>\nTwo.", "One.\n\nTwo."),
        (f"One.\n\n{N}\n\n&nbsp;\n\nTwo.", "One.\n\nTwo."),
        ("One.\n\n\\\n\nTwo.", "One.\n\nTwo."),
        ("One.<br>\n\nTwo.", "One.\n\nTwo."),
        ("One.\n\n\n\nTwo.\n\n<br>", "One.\n\n\n\nTwo.\n"),
        # Paragraphs
        ("They agreed on the\n\nsatellite.", "They agreed on the\nsatellite."),
        # Lists, also those that a space hid
        (f"- one\n{N}{N}- two", "- one\n    - two"),
    ],
)
def test_what_is_mended(text, expected):
    assert mended(text) == expected
    assert mended(expected) == expected


@pytest.mark.parametrize(
    "text",
    [
        f"p.{N}5 and 30{N}km, M.{N}Lalwani, le{N}mot{N}? «{N}mot{N}»",
        f"`a{N}{N}b` and `<br>` and `&shy;`",
        f"```\n- one\n  - two\n\n<br>\n\n{N}x\n```",
        "A line<br>\nand one more\\\nand more.",
        "| a<br>b | c |\n| --- | --- |\n| d | e |",
        "They agreed.\n\nsatellite.",
        "\ufffd",
    ],
)
def test_what_is_meant_stays(text):
    assert mended(text) == text


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("- one\n  - two", Code.LIST_FLATTENED),
        ("1) one", Code.LIST_FLATTENED),
        ("Text:\n- one", Code.LIST_FLATTENED),
        ("1. one\n- two", Code.LIST_FLATTENED),
        ("hy\u00adphen", Code.CHARACTER_STRAY),
        ("They agreed on the\n\nsatellite.", Code.PARAGRAPH_CUT),
    ],
)
def test_the_lint_finds_nothing_more_in_what_was_mended(text, code):
    def found(body: str) -> list[Code]:
        reporter = Reporter()
        source = Source("a.md", f"---\ntitle: T\n---\n{body}\n")
        lint(source, parse_memo(source, "en", Reporter()), reporter)
        return [d.code for d in reporter]

    assert found(text) == [code]
    assert found(mended(text)) == []
