"""A French book has its narrow spaces in both outputs, also where it is no Markdown."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from memobook.book.tree import nodes, text_of
from memobook.checks.judges.programs import find_program
from memobook.checks.packed import PackedBook
from memobook.checks.readings import even
from memobook.looking import check
from tests.harness import FRONT, Built, make, once

TOML = """
[book]
title = "Quoi : l’orbite ?"
subtitle = "Le droit : une norme"
language = "fr"
date = 2025-06-09
publisher = "La Presse"
edition = "Première édition !"

[contents]
memos = []
parts = [{ title = "Et après ?", memos = ["un.md", "deux.md"] }]

[pdf]
paper = "a5"
"""
FILES: dict[str, str | bytes] = {
    "manuscript/book.toml": TOML,
    "manuscript/un.md": """---
title: Qui décide ?
subtitle: "Une règle : la loi"
abstract: Un résumé !
key_points: [Un point ; un autre.]
---

## Pourquoi ?

Il dit « oui » ; elle dit : non ![^n]

[^n]: Une note ?
""",
    "manuscript/deux.md": "# Et ensuite ?\n\nRien.\n",
}


@pytest.fixture(scope="module")
def book(shared: Path, shared_cache: Path) -> Built:
    return once(shared / "french", lambda root: make(root, FILES))


SAID = [
    "Qui décide\u202f?",
    "Une règle\u202f: la loi",
    "Un résumé\u202f!",
    "Un point\u202f; un autre.",
    "Pourquoi\u202f?",
    "Il dit «\u202foui\u202f»\u202f; elle dit\u202f: non\u202f!",
    "Une note\u202f?",
]
LISTED = [
    "Et après\u202f?",
    "Qui décide\u202f?",
    "Pourquoi\u202f?",
    "Et ensuite\u202f?",
]


def printed(book: Built, part: int) -> str:
    """Return a part's text with plain spaces.

    Fonts have one glyph for both, narrower by its place, and a PDF one sign for a glyph.
    """
    return even("".join(run.text for run in book.pdf.parts[part].runs()))


@pytest.mark.parametrize("words", SAID)
def test_a_memo_has_them_in_both_outputs(book, words):
    assert words in text_of(book.epub.pages["un"])
    assert even(words) in printed(book, FRONT + 1)


@pytest.mark.parametrize("words", LISTED)
def test_contents_and_outline_have_them(book, words):
    assert words in text_of(book.epub.pages["contents"])
    assert even(words) in printed(book, FRONT - 1)
    assert any(words in line.title for line in book.pdf.outline)


@pytest.mark.parametrize("page", ["title-page", "cover"])
def test_the_title_pages_have_them_and_catalogues_too(book, page):
    at = ["cover", "title-page"].index(page)
    for words in ("Quoi\u202f: l’orbite\u202f?", "Le droit\u202f: une norme"):
        assert even(words) in printed(book, at)
        assert words in _said(book.epub, page)
    assert book.pdf.title == "Quoi\u202f: l’orbite\u202f?"
    assert "Quoi\u202f: l’orbite\u202f?" in book.epub.metadata("title")


_WORD = re.compile(r'<word xMin="(.*?)" .*? xMax="(.*?)" .*?>(.*?)</word>')


def test_they_are_narrow_in_print(book):
    program = find_program("pdftotext", package="poppler-utils")
    command = [program, "-bbox", str(book.path("pdf")), "-"]
    page = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    words = [(float(a), float(b), text) for a, b, text in _WORD.findall(page)]
    at = [text for *_, text in words].index("décide")
    between, before = (words[i + 1][0] - words[i][1] for i in (at - 1, at))
    assert 0 < before < 0.6 * between


def _said(epub: PackedBook, page: str) -> str:
    """Return a page's text, and what stands for its pictures."""
    alts = (n.get("alt") for n in nodes(epub.pages[page]))
    return text_of(epub.pages[page]) + "".join(alts)


def test_nothing_is_wrong_with_it(book):
    assert not check(book.root)
