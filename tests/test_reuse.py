"""What texts take from elsewhere stands in both outputs, as each of them wants it."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from memobook.inspection import inspect
from memobook.looking import check
from memobook.pipeline import build
from tests.harness import Built, built, make
from tests.readings import readings

MEMO = """---
title: The {{ regime }}
---

India joined the {{ regime }}. {++It asked in 2015.++} {--Nobody knew.--}

{{ if pdf }}
Printed on *paper*, with [a source](https://example.org/print).

![A map](map.svg)
{{ else }}
Shown on a screen.
{{ end }}

{{ if draft }}
Not for citation.
{{ else }}
Ready to be cited.
{{ end }}

{{ include parts/terms.md#dual }}

## The rest

Both say this, and [this](https://example.org/both).
"""
TERMS = """Nowhere.

<!-- {{ region dual }} -->
A good with [two uses](../b.md).
<!-- {{ end }} -->
"""
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><rect width="40" height="20"/></svg>'
SETTINGS = """
[pdf]
paper = "a5"
[variables]
regime = "Wassenaar Arrangement"
[profiles.draft.text]
mark = 'A "Draft"'
critic = "show"
[profiles.press.pdf]
paper = "6x9in"
"""


def project(root: Path) -> Path:
    files = {
        "manuscript/a.md": MEMO,
        "manuscript/b.md": "# B\n\n" + "A line that is long enough for a page. " * 200,
        "manuscript/map.svg": SVG,
    }
    make(root, files, SETTINGS)
    (root / "manuscript/parts").mkdir()
    (root / "manuscript/parts/terms.md").write_text(TERMS, "utf-8")
    return root


@pytest.fixture(scope="module")
def final(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return built(project(tmp_path_factory.mktemp("final")))


@pytest.fixture(scope="module")
def draft(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return built(project(tmp_path_factory.mktemp("draft")), profiles=("draft",))


def words(book: Built) -> tuple[str, str]:
    """Return the first memo's words as print and screen have them."""
    _, _, screen, printed = next(readings(book))
    return printed.words, screen.words


def test_both_outputs_have_variables_and_included_text(final):
    for text in words(final):
        assert "India joined the Wassenaar Arrangement. It asked in 2015." in text
        assert "A good with two uses" in text
        assert "Nobody knew" not in text
        assert "Nowhere" not in text


def test_each_output_has_the_text_that_is_meant_for_it(final):
    printed, shown = words(final)
    assert "Printed on paper" in printed
    assert "Shown on a screen" not in printed
    assert "Shown on a screen" in shown
    assert "Printed on paper" not in shown


def test_notes_are_numbered_by_what_each_output_has(final):
    assert len(final.numbered("pdf").memos[0].notes) == 2
    assert len(final.numbered("epub").memos[0].notes) == 1


def test_the_page_list_is_there_all_the_same(final):
    listed = [label for label, *_ in final.epub.navigation("page-list")]
    assert listed[-3:] == list(final.pdf.labels[-3:])


def test_check_finds_nothing_in_both_outputs(final, draft):
    for book in (final, draft):
        found = inspect(book.root, profiles=book.profiles, validators=False)
        assert found.diagnostics == ()
        assert [row.result for row in found.rows] == ["passed"] * 4


def test_a_profile_chooses_text_and_shows_changes(draft):
    for text in words(draft):
        assert "Not for citation" in text
        assert "Ready to be cited" not in text
        assert "Nobody knew" in text


def test_a_draft_takes_no_other_books_place(draft, final):
    assert draft.path("pdf").name == "a-small-book-draft.pdf"
    assert final.path("pdf").name == "a-small-book.pdf"


def test_every_page_that_is_not_empty_bears_the_mark(draft):
    pages = draft.pdf.pages
    assert len(pages) > 6
    assert [t for t in pages if t.strip() and 'A "Draft"' not in t] == []


def test_no_page_bears_a_mark_that_nobody_asked_for(final):
    assert "Draft" not in "".join(final.pdf.pages)


def test_every_document_of_the_epub_shows_the_mark(draft, final):
    sheet = draft.epub.files["EPUB/css/book.css"].decode()
    assert 'body::before { content: "A \\"Draft\\""' in sheet
    assert "body::before" not in final.epub.files["EPUB/css/book.css"].decode()


def test_changes_are_elements_that_say_so(draft):
    root = draft.epub.root("EPUB/text/a.xhtml")
    found = {
        etree.QName(e).localname: "".join(e.itertext())
        for e in root.iter("{*}ins", "{*}del")
    }
    assert found == {"ins": "It asked in 2015.", "del": "Nobody knew."}


def test_a_profile_may_set_what_book_toml_sets(tmp_path):
    book = built(project(tmp_path), profiles=("press",), formats=("pdf",))
    assert book.pdf.sizes[0] == (432, 648)


def test_a_fault_in_an_included_file_names_that_file(tmp_path):
    root = project(tmp_path)
    part = root / "manuscript/parts/terms.md"
    part.write_text(TERMS.replace("../b.md", "b.md") + "\n{{ no }}\n", "utf-8")
    (found,) = check(root)
    assert (found.span.path, found.span.line, found.span.column) == (
        "manuscript/parts/terms.md",
        4,
        24,
    )


def test_a_change_of_an_included_file_is_built(tmp_path, final):
    root = project(tmp_path)
    before = build(root, formats=("epub",))
    part = root / "manuscript/parts/terms.md"
    part.write_text(TERMS.replace("two uses", "three uses"), "utf-8")
    after = build(root, formats=("epub",))
    assert before.outputs[0].sha256 != after.outputs[0].sha256
