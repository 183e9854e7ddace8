"""The author says where the pages stand that memobook makes for the back."""

from __future__ import annotations

from pathlib import Path

import pytest

from memobook.book.tree import Node, nodes, text_of
from memobook.checks.readings import even
from memobook.diagnostics import Code
from memobook.looking import check
from tests.harness import Built, make, once
from tests.readings import readings

TOML = """
[book]
title = "Pages in Their Places"
language = "en-US"
date = 2025-06-09

[contents]
front = ["abbreviations"]
memos = ["one.md", "two.md"]
back = ["sources", "thanks.md", "bibliography"]

[links]
sources = "domain"

[pdf]
paper = "a5"

[citations]
library = "works.bib"
style = "chicago-author-date"

[abbreviations]
terms = { ITU = "International Telecommunication Union" }
"""
FILES: dict[str, str | bytes] = {
    "manuscript/book.toml": TOML,
    "manuscript/one.md": "# One\n\nThe ITU counts [@hoyt] as [a page](https://example.org/p) says.\n",
    "manuscript/two.md": "# Two\n\nMore of [it](https://example.net/law) [@wu, p. 3].\n",
    "manuscript/thanks.md": "# Thanks\n\nTo many.\n",
    "manuscript/works.bib": "@book{hoyt, author={Hoyt, Anna}, title={Norms in Orbit}, "
    "publisher={Springer}, year=2020}\n@book{wu, author={Wu, Xiaodan}, title={Controls},"
    " publisher={Springer}, year=2015, doi={10.1002/x_y}}\n",
}
ORDER = ["abbreviations", "one", "two", "sources", "thanks", "bibliography"]
TITLES = ["Abbreviations", "One", "Two", "Sources", "Thanks", "Bibliography"]


@pytest.fixture(scope="module")
def book(shared: Path, shared_cache: Path) -> Built:
    return once(shared / "back-pages", lambda root: make(root, FILES))


def test_they_stand_where_they_are_named_in_both_outputs(book):
    assert [Path(name).stem for name in book.epub.spine][-len(ORDER) :] == ORDER
    lines = [line.title for line in book.pdf.outline if line.title in TITLES]
    assert lines == TITLES
    places = [book.pdf.destinations[name] for name in ORDER]
    assert places == sorted(places)


def test_contents_of_both_outputs_name_each_once(book):
    named = [title for title, _ in book.epub.navigation("toc")]
    assert [title for title in named if title in TITLES] == TITLES


def test_they_say_what_they_say_in_their_usual_place(book):
    said = {
        "abbreviations": "International Telecommunication Union",
        "sources": "example.net",
        "bibliography": "Hoyt, Anna. 2020. Norms in Orbit. Springer.",
    }
    for memo, source, screen, printed in readings(book):
        assert screen.words == source.words == printed.words
        assert screen.references == source.references == printed.references
        if memo.id in said:
            page = even(text_of(book.epub.pages[memo.id]))
            assert said[memo.id] in " ".join(page.split())


def test_reading_systems_know_what_they_are(book):
    types = {"abbreviations": "glossary", "bibliography": "bibliography"}
    for name, kind in types.items():
        (section,) = (
            n for n in nodes(book.epub.pages[name]) if n.get("role") == f"doc-{kind}"
        )
        assert section.get("epub:type") == kind


def test_citations_lead_to_the_list(book):
    links = [
        n for n in nodes(book.epub.pages["one"]) if n.get("role") == "doc-biblioref"
    ]
    assert [n.get("href").partition("#")[0] for n in links] == ["bibliography.xhtml"]
    assert _anchor(links[0]) in {
        n.get("id") for n in nodes(book.epub.pages["bibliography"])
    }


def _anchor(link: Node) -> str:
    return link.get("href").partition("#")[2]


def test_what_is_built_so_is_found_right(book):
    assert not check(book.root)


WRONG = [
    ('"sources", ', '"source", ', "did you mean sources?"),
    ('["abbreviations"]', '["bibliography"]', "take one of them out"),
    ('"thanks.md"', '"thanks.md", "index"', "take it out"),
    (
        "[links]\nsources",
        '[words]\nfigure = "Exhibit"\n[variables]\nsources',
        "or take",
    ),
]


@pytest.mark.parametrize(("right", "wrong", "hint"), WRONG)
def test_a_name_that_is_wrong_or_double_is_told_with_its_place(
    tmp_path, right, wrong, hint
):
    files = {**FILES, "manuscript/book.toml": TOML.replace(right, wrong)}
    found = check(make(tmp_path, files))
    (one,) = (d for d in found if hint in d.hint)
    assert (one.span.path, one.span.line > 6) == ("manuscript/book.toml", True)


def test_a_page_with_nothing_on_it_is_told(tmp_path):
    one = "# One\n\nNothing is cited.\n"
    settings = TOML.replace("ITU =", "UNO =")
    files = {**FILES, "manuscript/one.md": one, "manuscript/two.md": "# Two\n\nNo.\n"}
    files["manuscript/book.toml"] = settings
    found = check(make(tmp_path, files))
    assert [d.code for d in found].count(Code.CONFIG_WRONG_VALUE) >= 2
