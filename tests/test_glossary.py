"""A glossary and abbreviations say the same in both outputs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from memobook.book.tree import nodes, text_of
from memobook.checks.readings import even
from tests.harness import FRONT, Built, make, once
from tests.readings import readings

TEXT = """# Norms in Orbit

The WTO, the WTO and the NSG. Goods of [dual use]{.term} and [regimes]{term="Regime"}[^n].

[^n]: A [regime]{.term} of the WTO.

*[NSG]: Nuclear Suppliers Group
"""
GLOSSARY = """# Words

Regime
:   A club. See [dual use]{.term}.

Dual use
:   Of goods, with [a link](https://example.org/x "A link").
"""
SETTINGS = """[book]
title = "A Small Book"
language = "en-US"
date = 2025-06-09

[contents]
memos = ["a.md"]
back = ["glossary.md"]

[pdf]
paper = "a5"

[abbreviations]
terms = { WTO = "World Trade Organization" }
"""
FILES: dict[str, str | bytes] = {
    "manuscript/book.toml": SETTINGS,
    "manuscript/a.md": TEXT,
    "manuscript/glossary.md": GLOSSARY,
}


@pytest.fixture(scope="module")
def book(shared: Path, shared_cache: Path) -> Built:
    return once(shared / "glossary", lambda root: make(root, FILES))


def test_both_outputs_say_what_the_sources_say(book):
    for _, source, screen, printed in readings(book):
        assert screen.words == source.words == printed.words
        assert screen.notes == source.notes == printed.notes
        assert screen.references == source.references == printed.references
    text = next(iter(readings(book)))[1].words
    assert text.startswith(
        "The World Trade Organization (WTO), the WTO and the Nuclear"
    )


def test_the_glossary_is_sorted_and_terms_lead_to_it(book):
    page = book.epub.pages["glossary"]
    terms = [text_of(n) for n in nodes(page) if n.tag == "dt"]
    assert terms == ["Dual use", "Regime"]
    anchors = {n.get("id") for n in nodes(page) if n.tag == "dt"}
    links = [n for n in nodes(book.epub.pages["a"]) if n.get("role") == "doc-glossref"]
    assert len(links) == 3
    for link in links:
        assert link.get("href").partition("#")[2] in anchors
        assert link.get("epub:type") == "glossref"
    printed = [a.target for a in book.pdf.annotations if "term-" in a.target]
    assert len(printed) >= 4


def test_the_glossary_has_its_roles(book):
    roles = [n.get("role") for n in nodes(book.epub.pages["glossary"])]
    assert "doc-glossary" in roles
    assert ("Words", "glossary.xhtml") in book.epub.navigation("landmarks")


def test_the_list_of_abbreviations_is_the_same(book):
    page = book.epub.pages["abbreviations"]
    shown = [text_of(n) for n in nodes(page) if n.tag in {"dt", "dd"}]
    assert shown == [
        "NSG",
        "Nuclear Suppliers Group",
        "WTO",
        "World Trade Organization",
    ]
    part = book.pdf.parts[FRONT + 2]
    printed = " ".join(run.text for run in part.runs())
    assert even(re.sub(r"\s+", " ", printed)) == f"Abbreviations {' '.join(shown)}"
    assert ("Abbreviations", "abbreviations.xhtml") in book.epub.navigation("toc")
    assert "Abbreviations" in [line.title for line in book.pdf.outline]


def test_an_abbreviation_says_what_it_means_in_both_outputs(book):
    found = [n for n in nodes(book.epub.pages["a"]) if n.tag == "abbr"]
    assert {n.get("title") for n in found} == {
        "World Trade Organization",
        "Nuclear Suppliers Group",
    }
