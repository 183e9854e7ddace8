"""Lists are re-indented so that they are read as GitHub reads them, and else stay."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from memobook.book.convert import converted
from memobook.book.htmltree import body_of
from memobook.checks.lists import with_mended_lists

SPEC = Path(__file__).parents[1] / "fixtures" / "commonmark-0.31.2.json"
GITHUB = MarkdownIt("commonmark").enable("table")


def shape(element: Any) -> list[Any]:
    """Return lists and items in each other, and nothing else."""
    found: list[Any] = []
    for child in element:
        if isinstance(child.tag, str):
            inside = shape(child)
            is_list = child.tag in {"ul", "ol", "li"}
            found += [(child.tag, inside)] if is_list else inside
    return found


def on_github(text: str) -> list[Any]:
    return shape(body_of(GITHUB.render(text)))


def here(text: str) -> list[Any]:
    return shape(converted(text, "en"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- one\n  - two\n- three", "- one\n    - two\n- three"),
        ("1. one\n   - two", "1. one\n    - two"),
        ("- one\n\n  more", "- one\n\n    more"),
        ("- one\n  ```\n  code\n  ```\n  - two", "- one\n    ```\n    code\n    ```\n    - two"),
        ("- one\n\n      code\n\n- two\n  - x", "- one\n\n        code\n\n- two\n    - x"),
        ("1) one\n2) two", "1. one\n2. two"),
        ("Text:\n- one", "Text:\n\n- one"),
        ("1. one\n- two", "1. one\n\n- two"),
        ("- one\n    - two\n\n        more\n- three", "- one\n    - two\n\n        more\n\n- three"),
        ("- one\n\n    - two\n- three", "- one\n\n    - two\n\n- three"),
        ("- one\nlazy\n  - two", "- one\n    lazy\n    - two"),
    ],
)  # fmt: skip
def test_a_list_that_would_be_read_otherwise_is_mended(text, expected):
    assert with_mended_lists(text) == expected
    assert here(expected) == on_github(text)


@pytest.mark.parametrize(
    "text",
    [
        "- one\n    - two\n\n        more\n\n- three",
        "---\ntitle: x\nkey_points:\n  - a\n  - b\n---\n- one",
        "> - one\n>   - two",
        "```\n- one\n  - two\n```",
        "    - one\n      - two",
        "[^a]: Text\n\n    - one\n      - two",
        "- - one\n  - two",
    ],
)
def test_what_is_right_or_no_list_stays_as_it_is(text):
    assert with_mended_lists(text) == text


def examples() -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = json.loads(SPEC.read_text("utf-8"))["examples"]
    return found


# The list with another sign is one list here: sane_lists knows no such difference.
@pytest.mark.parametrize(
    ("number", "text"), [(n, t) for n, t in examples() if n != 302]
)
def test_github_reads_every_example_of_commonmark_as_before(number, text):
    mended = with_mended_lists(text)
    assert with_mended_lists(mended) == mended

    def words(markdown: str) -> str:
        # Whether an item's text is a paragraph changes with an empty line.
        return re.sub(r"</?p>|\s", "", GITHUB.render(markdown))

    assert words(mended) == words(text)


@st.composite
def lists(draw: st.DrawFn) -> str:
    """Return a list as authors write it for GitHub."""
    lines: list[str] = []

    def item(indent: int, depth: int) -> None:
        ordered = draw(st.booleans()) and not depth
        for number in range(draw(st.integers(1, 3))):
            mark = f"{number + 1}." if ordered else "-"
            lines.append(f"{' ' * indent}{mark} Item")
            inside = indent + len(mark) + 1
            if draw(st.booleans()):
                lines.extend(["", f"{' ' * inside}More."])
            if depth < 3 and draw(st.booleans()):
                if draw(st.booleans()):
                    lines.append("")
                item(inside, depth + 1)

    item(0, 0)
    return "\n".join(lines)


@settings(max_examples=300, deadline=None)
@given(lists())
def test_every_list_as_authors_write_it_nests_as_on_github(text):
    mended = with_mended_lists(text)
    assert here(mended) == on_github(text)
    assert on_github(mended) == on_github(text)
