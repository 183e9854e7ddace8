"""What the registry knows of a page stands in its note and in the list of sources."""

from __future__ import annotations

from pathlib import Path

import pytest

from memobook.book.tree import nodes, text_of
from memobook.checks.readings import even, flat
from memobook.pipeline import build
from tests.harness import FRONT, Built, built, make, once
from tests.readings import readings

ONE = """# One

A [report](https://example.org/report), [a law](https://example.net/law "The Law, in
full") and [a page](https://example.org/page).[^n] Again [it](https://example.org/report).

[^n]: See [a note](https://www.example.com/note).
"""
TWO = """# Two

The [report](https://EXAMPLE.org/report) and [a telephone](tel:+41-1).
"""
REGISTRY = """
["https://example.org/report"]
title = "The Report"
author = "Ada Writer"
publisher = "The Office"
accessed = 2025-05-03
archive = "https://web.archive.org/web/1/report"
archived = 2025-05-04

["https://example.net/law"]
title = "Not said"
publisher = "Parliament"
accessed = 2025-12-31

["https://www.example.com/note"]
title = "A note"
"""
LONG = (
    "Ada Writer, The Report, The Office, https://example.org/report, accessed 3 May"
    " 2025, archived 4 May 2025 at https://web.archive.org/web/1/report."
)
LAW = (
    "The Law, in full, Parliament, https://example.net/law, accessed 31 December 2025."
)


def files(registry: str = REGISTRY) -> dict[str, str | bytes]:
    return {
        "manuscript/one.md": ONE,
        "manuscript/two.md": TWO,
        "manuscript/links.toml": registry,
    }


def settings(sources: str, more: str = "") -> str:
    return f"[links]\nsources = '{sources}'\n{more}[pdf]\npaper = 'a5'\n"


@pytest.fixture(scope="module")
def by_memo(shared: Path, shared_cache: Path) -> Built:
    return once(shared / "by-memo", lambda root: make(root, files(), settings("memo")))


@pytest.fixture(scope="module")
def by_domain(shared: Path, shared_cache: Path) -> Built:
    return once(
        shared / "by-domain", lambda root: make(root, files(), settings("domain"))
    )


def notes(book: Built) -> list[str]:
    return [
        flat(node)
        for node in nodes(book.epub.pages["one"])
        if node.get("role") == "doc-footnote"
    ]


def shown_sources(book: Built) -> list[str]:
    """Return the headings and lines of the EPUB's list."""
    page = book.epub.pages["sources"]
    return [even(text_of(n)) for n in nodes(page) if n.tag in {"h2", "p"}]


def test_a_note_says_what_the_registry_knows(by_memo):
    first, second, third, _ = notes(by_memo)
    assert first == f"1. {LONG} b"
    assert second == f"2. {LAW}"
    assert third == "3. https://example.org/page."


def test_the_copy_in_a_note_is_a_live_link(by_memo):
    page = by_memo.epub.pages["one"]
    note = next(n for n in nodes(page) if n.get("role") == "doc-footnote")
    links = [n.get("href") for n in nodes(note) if "address" in n.classes]
    assert links == [
        "https://example.org/report",
        "https://web.archive.org/web/1/report",
    ]


def test_both_outputs_say_the_same(by_memo, by_domain):
    for book in (by_memo, by_domain):
        for _, source, screen, printed in readings(book):
            assert screen.notes == source.notes == printed.notes
            assert screen.addresses == source.addresses == printed.addresses


def test_sources_stand_below_their_memo_with_the_way_back(by_memo):
    assert shown_sources(by_memo) == [
        "One", LONG, "Note 1", LAW, "Note 2", "https://example.org/page.", "Note 3",
        "A note, https://www.example.com/note.", "Note 4",
        "Two", LONG.replace("example.org/r", "EXAMPLE.org/r"), "Note 1",
    ]  # fmt: skip


def test_sources_in_a_note_stand_where_it_is_called(tmp_path, shared_cache):
    text = "# One\n\nA note.[^n] A [page](https://example.org/a).\n\n"
    text += "[^n]: See [it](https://example.org/n).\n"
    root = make(tmp_path, {"manuscript/one.md": text}, settings("memo"))
    assert shown_sources(built(root)) == [
        "One", "https://example.org/n.", "Note 1", "https://example.org/a.", "Note 2",
    ]  # fmt: skip


def test_sources_stand_below_their_domain_in_its_order(by_domain):
    assert shown_sources(by_domain) == [
        "example.com", "A note, https://www.example.com/note.", "Memo 1, Note 4",
        "example.net", LAW, "Memo 1, Note 2",
        "example.org", "https://example.org/page.", "Memo 1, Note 3",
        LONG, "Memo 1, Note 1; Memo 2, Note 1",
    ]  # fmt: skip


def test_printed_sources_name_the_pages_and_lead_to_the_calls(by_domain):
    part = by_domain.pdf.parts[FRONT + 2]
    text = even("".join(run.text for run in part.runs()))
    assert "Memo 1, Note 1(page 1); Memo 2, Note 1(page 2)" in text
    hrefs = [
        n.get("href")
        for n in nodes(by_domain.epub.pages["sources"])
        if "source-note" in n.classes
    ]
    assert hrefs[0] == "one.xhtml#one__call-4"


def test_sources_are_in_the_contents_and_the_outline(by_memo):
    contents = by_memo.epub.pages["contents"]
    assert "Sources" in [even(text_of(n)) for n in nodes(contents) if n.tag == "a"]
    assert "Sources" in [title for title, _ in by_memo.epub.navigation("toc")]


@pytest.mark.parametrize("mode", ["inline", "off"])
def test_without_notes_the_list_leads_to_the_memos(mode, tmp_path, shared_cache):
    more = f"notes = '{mode}'\n"
    book = built(make(tmp_path, files(), settings("domain", more)))
    assert shown_sources(book)[-2:] == [LONG, "Memo 1; Memo 2"]


def test_each_output_may_have_its_own_notes(tmp_path, shared_cache):
    for mode, printed in (("off", "book-notes"), ("footnotes", "inline")):
        more = f"notes = '{mode}'\n"
        of_print = settings("memo", more) + f"notes = '{printed}'\n"
        book = built(make(tmp_path / mode, files(), of_print))
        assert shown_sources(book)


def test_a_changed_registry_makes_another_book(tmp_path, shared_cache):
    root = make(tmp_path, files(), settings("memo"))
    built(root)
    registry = root / "manuscript/links.toml"
    registry.write_text(REGISTRY.replace("The Office", "The Bureau"), "utf-8")
    assert "The Bureau" in notes(built(root))[0]
    registry.unlink()
    assert notes(built(root))[0] == "1. https://example.org/report. b"


def test_dates_and_words_are_those_of_the_language(tmp_path, shared_cache):
    book = """[book]
title = "Ein Buch"
language = "de"
date = 2025-06-09
[contents]
memos = ["one.md", "two.md"]
[links]
sources = "memo"
"""
    made = built(make(tmp_path, {**files(), "manuscript/book.toml": book}))
    assert "abgerufen am 3. Mai 2025, archiviert am 4. Mai 2025 unter" in notes(made)[0]
    assert "Quellen" in text_of(made.epub.pages["sources"])


def test_a_rebuild_after_a_change_of_the_registry_is_a_clean_build(tmp_path):
    cache = tmp_path / "cache"
    root = make(tmp_path / "book", files(), settings("domain"))
    build(root, cache=cache)
    other = REGISTRY.replace("2025-05-03", "2024-01-02")
    (root / "manuscript/links.toml").write_text(other, "utf-8")
    rebuilt = build(root, cache=cache)
    clean = build(root, cache=tmp_path / "clean")
    assert [o.sha256 for o in rebuilt.outputs] == [o.sha256 for o in clean.outputs]
    assert rebuilt.laid_out < clean.laid_out
