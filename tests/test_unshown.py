"""A picture that cannot be shown, and is let pass: its words stand in its place."""

from __future__ import annotations

import pytest

from memobook.book.tree import text_of
from memobook.checks.judges.epubcheck import check_epub
from memobook.pipeline import build
from tests.harness import Built, built, make

TEXT = """\
It begins with ![the first map](none.png) in a line.

![The second map](none.png "A caption")

![Left map](none.png "L") ![Right map](bad.png "R")

/// caption
Both of them
///

![](nameless.png)

![](none.png){.decorative}

A note[^1] and a [![linked map](none.png)](https://example.org/).

| a | b |
|---|---|
| ![cell map](../../outside.png){width=50%} | x |

[^1]: It has a ![noted map](none.png).
"""
WORDS = (
    "with the first map in a line",
    "The second map",
    "Left map",
    "Right map",
    "nameless.png",
    "linked map",
    "cell map",
    "a noted map",
)
SETTINGS = """\
[check]
warn = ["image-missing", "image-unreadable", "image-without-alt", "file-outside"]
"""
MEMOS = {"manuscript/a.md": f"---\ntitle: A memo\n---\n\n{TEXT}"}
CODES = (
    "file-outside",
    *["image-missing"] * 7,
    "image-unreadable",
    "image-without-alt",
)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Built:
    root = tmp_path_factory.mktemp("unshown")
    files: dict[str, str | bytes] = {**MEMOS, "manuscript/bad.png": b"no picture"}
    return built(make(root, files, SETTINGS), codes=CODES)


@pytest.mark.parametrize("words", WORDS)
def test_its_words_stand_in_its_place_in_both_outputs(words, book):
    for said in (shown(book), printed(book)):
        assert words in said


def test_the_epub_is_valid(book):
    assert check_epub(book.path("epub")) == ()


def test_a_memo_built_alone_says_them_too(book):
    build(book.root, memo="a", formats=("epub",))
    (alone,) = (book.root / "build").glob("*-a.epub")
    assert check_epub(alone) == ()


def shown(book: Built) -> str:
    texts = map(text_of, book.epub.pages.values())
    return " ".join(" ".join(texts).split())


def printed(book: Built) -> str:
    return " ".join(" ".join(book.pdf.pages).split())
