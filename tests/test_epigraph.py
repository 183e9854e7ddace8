"""The epigraph of a book stands on a page of its own in both outputs."""

from __future__ import annotations

from pathlib import Path

import pytest

from memobook.book.tree import nodes
from memobook.checks.readings import flat
from memobook.diagnostics import Code
from memobook.looking import check
from tests.harness import FRONT, SETTINGS, Built, make, once

QUOTED = """epigraph = { text = "The sky is not *the* limit.", source = "Ada, in \
[a letter](https://example.org/letter)" }
"""
FILES: dict[str, str | bytes] = {
    "manuscript/one.md": "# One\n\nA text.\n",
    "manuscript/two.md": "# Two\n\nAnother one.\n",
}


def toml(epigraph: str = QUOTED) -> str:
    head, contents, rest = SETTINGS.format(memos='"one.md", "two.md"').partition(
        "[contents]"
    )
    return f'{head.rstrip()}\n{epigraph}\n{contents}{rest}[pdf]\npaper = "a5"\n'


@pytest.fixture(scope="module")
def book(shared: Path, shared_cache: Path) -> Built:
    files = {**FILES, "manuscript/book.toml": toml()}
    return once(shared / "epigraph", lambda root: make(root, files))


SAID = "The sky is not the limit. Ada, in a letter"


def test_the_epub_has_it_between_imprint_and_contents(book):
    names = [Path(name).stem for name in book.epub.spine]
    assert names[1:5] == ["title-page", "imprint", "epigraph-page", "contents"]
    page = book.epub.pages["epigraph-page"]
    (quote,) = (n for n in nodes(page) if n.tag == "blockquote")
    assert " ".join(flat(quote).split()) == SAID
    assert (quote.get("epub:type"), quote.get("role")) == ("epigraph", "doc-epigraph")
    assert ("Epigraph", "epigraph-page.xhtml") in book.epub.navigation("landmarks")
    assert "Epigraph" not in [title for title, _ in book.epub.navigation("toc")]


def test_the_pdf_has_it_on_a_right_hand_page_of_its_own(book):
    part = book.pdf.parts[FRONT - 1]
    text = "\n".join(run.text for run in part.runs())
    assert " ".join(text.split()) == SAID
    page = next(i for i, text in enumerate(book.pdf.pages) if "The sky" in text)
    assert page == 4
    assert book.pdf.labels[page] == "iii"


def test_its_link_is_live_in_both(book):
    address = "https://example.org/letter"
    page = book.epub.pages["epigraph-page"]
    assert address in [n.get("href") for n in nodes(page)]
    links = book.pdf.parts[FRONT - 1].all("Link")
    assert [link.target for link in links] == [address]


def test_a_bare_text_will_do(tmp_path):
    files = {**FILES, "manuscript/book.toml": toml('epigraph = "Up."')}
    assert not check(make(tmp_path, files))


def test_one_that_is_no_quotation_is_told_with_its_place(tmp_path):
    wrong = 'epigraph = { txt = "Up." }'
    files = {**FILES, "manuscript/book.toml": toml(wrong)}
    found = check(make(tmp_path, files))
    assert {d.code for d in found} == {Code.CONFIG_UNKNOWN_KEY, Code.CONFIG_MISSING_KEY}
    assert {d.span.line for d in found} == {7}
    assert any(d.hint == "did you mean text?" for d in found)


def test_a_link_in_it_that_leads_nowhere_is_told_with_its_place(tmp_path):
    wrong = 'epigraph = "Up, as [one](onw.md) says."'
    files = {**FILES, "manuscript/book.toml": toml(wrong)}
    (found,) = check(make(tmp_path, files))
    assert found.code is Code.LINK_TARGET_MISSING
    assert (found.span.line, found.span.column) == (7, 26)
