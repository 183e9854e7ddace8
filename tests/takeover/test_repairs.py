"""Mends of single lines that leave the text and take out what leads nowhere."""

import pytest

from memobook.codes import Code
from memobook.diagnostics import Diagnostic, Severity, Span
from memobook.takeover.repairs import repaired, without_references


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("See [the reference][gone].", "See the reference."),
        ("See [gone] and [gone][].", "See gone and gone."),
        ("See [Gone].", "See Gone."),
        ("See [gone](https://example.org/) and [gone]: it.", "See [gone](https://example.org/) and [gone]: it."),
        ("See [the reference][other].", "See [the reference][other]."),
    ],
)  # fmt: skip
def test_what_refers_to_an_address_that_went_is_text(text, expected):
    assert without_references(text, "gone") == expected


@pytest.mark.parametrize(
    ("line", "at", "code", "expected"),
    [
        ("See [a *b*](no.md) c", "no.md", Code.LINK_TARGET_MISSING, "See a *b* c"),
        ("[![x](a.png)](no.md)", "no.md", Code.LINK_TARGET_MISSING, "![x](a.png)"),
        ("A ![the map](no.png) b", "no.png", Code.IMAGE_MISSING, "A *the map* b"),
        ('A <img src="no.png"> b', "no.png", Code.IMAGE_MISSING, "A  b"),
        ("[x]: no.md", "no.md", Code.LINK_TARGET_MISSING, ""),
        ("A </div> b", "</div", Code.HTML_UNCLOSED, "A  b"),
        ("By {{ nobody }}", "{{", Code.VARIABLE_UNKNOWN, "By \\{{ nobody }}"),
        ("[^a]: Text", "[^a]", Code.NOTE_UNUSED, "Text"),
        ("a \ufffd b", "\ufffd", Code.CHARACTER_STRAY, "a  b"),
    ],
)
def test_a_line_is_mended(line, at, code, expected):
    span = Span("a.md", 1, line.index(at) + 1, len(at))
    made = repaired(line, Diagnostic(span, Severity.ERROR, code, "it is wrong"))
    assert made is not None
    assert made.line == expected


def test_what_has_no_mend_stays():
    found = Diagnostic(Span("a.md", 1, 1, 1), Severity.ERROR, Code.GLYPH_MISSING, "x")
    assert repaired("a", found) is None
