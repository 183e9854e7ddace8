"""Link notes through the whole program: numbers, modes, repetition, tall notes."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from memobook.book.tree import Node, nodes, text_of
from memobook.checks.printed import Element
from memobook.checks.readings import even, flat
from tests.harness import FRONT, Built, built, make, once
from tests.judges import check_epub, check_pdf, validate
from tests.readings import readings

FIVE = """# Five links

The [first](https://example.org/1 "One") and the [second](https://example.org/2 "Two").

The [first](https://example.org/1) again, a [third](https://example.org/3), and the
[second](https://example.org/2) again.
"""

SECOND = """# A second memo

The [first](https://example.org/1 "One") stands here, too, after a
[fourth](https://example.org/4).
"""


def notes_in_print(book: Built, index: int = 0) -> list[str]:
    """Return the texts of a memo's notes in the order of its pages."""
    return [
        even(" ".join(run.text for run in note.runs()))
        for note in book.pdf.parts[FRONT + index].all("Note")
    ]


def notes_on_screen(book: Built, page: str) -> list[str]:
    return [
        flat(node)
        for node in nodes(book.epub.pages[page])
        if node.get("role") == "doc-footnote"
    ]


def calls_in_print(book: Built, index: int = 0) -> list[str]:
    part = book.pdf.parts[FRONT + index]
    return ["".join(r.text for r in call.runs()) for call in part.all("Reference")]


def calls_on_screen(book: Built, page: str) -> list[str]:
    found = nodes(book.epub.pages[page])
    return [text_of(node) for node in found if node.get("role") == "doc-noteref"]


def links(node: Node, role: str) -> list[str]:
    return [n.get("href") for n in nodes(node) if n.get("role") == role]


def test_five_links_to_three_addresses_make_three_notes_with_five_links_back(tmp_path):
    book = built(make(tmp_path, {"manuscript/five.md": FIVE}))

    expected = [
        "1. One, https://example.org/1. b",
        "2. Two, https://example.org/2. b",
        "3. https://example.org/3.",
    ]
    assert notes_on_screen(book, "five") == expected
    assert [
        n.replace(" , ", ", ").replace(" .", ".") for n in notes_in_print(book)
    ] == [note.replace(". ", ". ", 1) for note in expected]
    assert calls_on_screen(book, "five") == ["1", "2", "1", "3", "2"]
    assert calls_in_print(book) == ["1", "2", "1", "3", "2"]
    page = book.epub.pages["five"]
    assert len(links(page, "doc-backlink")) == 5
    back = [a for a in book.pdf.annotations if "__call-" in a.target]
    assert len(back) == 5
    assert (book.report.notes, book.report.calls) == (3, 5)


# Modes

MODES = ("footnotes", "memo-notes", "book-notes", "inline", "off")


def everything(mode: str) -> dict[str, str]:
    """Return a book of links in everything, in which one memo has its own mode."""
    own = "memo-notes" if mode in {"off", "both"} else "off"
    return {
        "manuscript/five.md": FIVE,
        "manuscript/places.md": """# Links in everything

## A heading with [a link](https://example.org/h) and a note[^a]

- An item with [a link](https://example.org/i)[^a]

> A quotation with [a link](https://example.org/q).

| A [head](https://example.org/th) | B |
| --- | --- |
| a [cell](https://example.org/td) | b |

/// table-caption
A caption with [a link](https://example.org/c)
///

[^a]: A note with [a link](https://example.org/n).
""",
        "manuscript/own.md": f"""---
title: Its own mode
notes: "{own}"
---

A [link](https://example.org/own) and a note[^b].

[^b]: An author’s note is never off.
""",
    }


@pytest.fixture(scope="module")
def by_mode(shared: Path) -> dict[str, Built]:
    """Return a book for each mode, and one whose outputs differ."""
    wanted = {mode: f"[links]\nnotes = '{mode}'\n[pdf]\n" for mode in MODES}
    wanted["both"] = "[links]\nnotes = 'off'\n[epub]\nnotes = 'inline'\n[pdf]\n"
    wanted["both"] += "notes = 'book-notes'\n"

    def written(mode: str) -> Callable[[Path], Path]:
        settings = wanted[mode] + "paper = 'a5'\n"
        return lambda root: make(root, everything(mode), settings)

    return {mode: once(shared / f"mode-{mode}", written(mode)) for mode in wanted}


def test_every_mode_gives_valid_outputs(by_mode):
    verdicts = validate([book.path("pdf") for book in by_mode.values()])

    assert [verdict.failed for verdict in verdicts] == [()] * len(by_mode)
    assert all(check_pdf(book.path("pdf")).clean for book in by_mode.values())
    for book in by_mode.values():
        assert check_epub(book.path("epub")) == ()


def test_every_mode_shows_the_addresses_where_it_says(by_mode):
    url = "https://example.org/1"
    shown = {}
    for mode, book in by_mode.items():
        memo, notes = even(book.pdf.pages[6]), even(book.pdf.pages[-1])
        body = even(" ".join(_runs(book, {"Note"})))
        shown[mode] = (
            url in body,
            any(url in note for note in notes_in_print(book)),
            url in notes if mode in {"book-notes", "both"} else None,
            url in memo,
        )
    assert shown == {
        "footnotes": (False, True, None, True),
        "memo-notes": (False, True, None, True),
        "book-notes": (False, False, True, False),
        "inline": (True, False, None, True),
        "off": (False, False, None, False),
        "both": (False, False, True, False),
    }


def _runs(book: Built, without: set[str]) -> list[str]:
    part = book.pdf.parts[FRONT]
    return [run.text for run in part.runs(without=frozenset(without))]


def test_each_output_may_have_a_mode_of_its_own(by_mode):
    book = by_mode["both"]

    assert calls_in_print(book) == ["1", "2", "1", "3", "2"]
    assert calls_on_screen(book, "five") == []
    assert "first (https://example.org/1)" in flat(book.epub.pages["five"])


def test_a_memo_may_have_a_mode_of_its_own(by_mode):
    for mode, book in by_mode.items():
        has_link_note = mode in {"off", "both"}
        expected = ["1", "2"] if has_link_note else ["1"]
        assert calls_on_screen(book, "own") == expected, mode
        assert calls_in_print(book, 2) == expected, mode


def test_links_stay_live_in_every_mode(by_mode):
    wanted = {"five": "1 2 3", "places": "h i q c th td", "own": "own"}
    # The note of an author has its link wherever the notes are.
    note = {"https://example.org/n"}
    for mode, book in by_mode.items():
        for index, (page, names) in enumerate(wanted.items()):
            shown = {n.get("href") for n in nodes(book.epub.pages[page])}
            printed = {k.target for k in book.pdf.parts[FRONT + index].all("Link")}
            expected = {f"https://example.org/{name}" for name in names.split()}
            for found in (shown, printed):
                outside = {url for url in found if url.startswith("https:")}
                assert outside - note == expected, (mode, page)


# Repetition


def repeated(shared: Path, repeat: str) -> Built:
    settings = f"[links]\nrepeat = '{repeat}'\n[pdf]\npaper = 'a5'\n"
    filler = "\n\n".join(["A paragraph that fills the page with words. " * 12] * 6)
    far = f"\n\n{filler}\n\nAnd the [first](https://example.org/1) on a later page.\n"
    files = {"manuscript/five.md": FIVE + far, "manuscript/second.md": SECOND}
    return once(shared / f"repeat-{repeat}", lambda root: make(root, files, settings))


@pytest.mark.parametrize(
    ("repeat", "first", "second"),
    [
        ("memo", "121321", "12"),
        ("page", "121321", "12"),
        ("book", "121321", "14"),
        ("none", "123456", "12"),
    ],
)
def test_an_address_has_one_note_for_each(repeat, first, second, shared):
    book = repeated(shared, repeat)

    assert "".join(calls_on_screen(book, "five")) == first
    assert "".join(calls_in_print(book)) == first
    assert "".join(calls_on_screen(book, "second")) == second
    assert "".join(calls_in_print(book, 1)) == second


def test_a_note_is_printed_again_on_a_later_page_that_calls_it(shared):
    book = repeated(shared, "page")

    part = book.pdf.parts[FRONT]
    pages = {
        run.page: even(book.pdf.pages[run.page])
        for call in part.all("Reference")
        for run in call.runs()
        if run.text == "1"
    }
    assert len(pages) > 1
    assert all("1. One, https://example.org/1." in text for text in pages.values())
    assert len(notes_on_screen(book, "five")) == 3
    (verdict,) = validate([book.path("pdf")])
    assert verdict.failed == ()


def test_a_note_printed_again_is_a_note_to_a_screen_reader(shared):
    book = repeated(shared, "page")

    notes = [n for n in notes_in_print(book) if n.startswith("1.")]

    assert len(notes) == 2
    ids = [note.id for note in book.pdf.parts[FRONT].all("Note")]
    assert len(ids) == len(set(ids)) == 4


# Notes that are too tall

WORDS = [f"word{n}" for n in range(700)]
TALL = f"""# A tall note

Some text[^tall] and a [link](https://example.org/short "Short").

[^tall]: {" ".join(WORDS)}
"""


def test_a_note_too_tall_for_its_page_is_moved_to_the_end_and_nothing_is_lost(tmp_path):
    book = built(make(tmp_path, {"manuscript/tall.md": TALL}), codes=("note-moved",))

    (found,) = book.report.diagnostics
    assert found.severity.value == "warning"
    assert found.span.path == "manuscript/tall.md"
    assert found.message == "note 1 is too tall for the foot of a page"
    text = even(" ".join(run.text for run in book.pdf.parts[FRONT].runs()))
    assert re.findall(r"word\d+", text) == WORDS
    (section,) = (
        section
        for kid in book.pdf.parts[FRONT].kids
        if isinstance(kid, Element)
        for section in kid.all("Sect")
        if list(section.all("Note"))
    )
    assert next(section.all("Note")).id == "tall__note-1"
    assert calls_in_print(book) == ["1", "2"]
    ((_, source, screen, _),) = readings(book)
    assert screen.notes == source.notes


LISTED = """# A list in a note

Text[^list].

[^list]: A list:

    - the first item,

    - the second item, with [a link](https://example.org/item).

    > A quotation.

    And what follows.
"""


def test_a_note_of_several_blocks_stands_at_the_foot_without_empty_lines(tmp_path):
    book = built(make(tmp_path, {"manuscript/listed.md": LISTED}), formats=("pdf",))

    (note,) = book.pdf.parts[FRONT].all("Note")
    lines = sorted({round(run.base, 1) for run in note.runs()}, reverse=True)
    gaps = [above - below for above, below in pairwise(lines)]

    assert len(lines) >= 5
    assert max(gaps) < 1.2 * min(gaps)
