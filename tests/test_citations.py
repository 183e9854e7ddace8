"""Citations say the same in both outputs, as notes and as words with a list."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from memobook.book.tree import Node, nodes, text_of
from memobook.checks.printed import Element
from memobook.checks.readings import even
from memobook.pipeline import build
from tests.harness import FRONT, Built, make, once
from tests.readings import readings

BIB = r"""
@book{hoyt, author={Hoyt, Anna B. and M{\"u}ller, J\'ozef}, title={Norms in Orbit \& Law},
  publisher={Springer}, address={Cham}, year=2020}
@article{wu, author={Wu, Xiaodan}, title={Export controls}, journal={Space Policy}, volume=22, number=1,
  pages={91--121}, year=2015, doi={10.1002/x_y}}
@online{lists, author={{Wassenaar Arrangement}}, title={Lists}, url={https://www.wassenaar.org/control-lists/},
  date={2023-05-25}, urldate={2026-01-02}}
"""
TEXT = """---
title: Norms in Orbit
abstract: An abstract cites, too [@hoyt].
---

Norms matter [@hoyt, p. 12]. The [treaties](https://example.org/t "Treaties") have notes.
A note[^n] and [see @wu, pp. 92-94; @lists].

[^n]: In a note [@wu, p. 95] as well.
"""
FILES: dict[str, str | bytes] = {
    "manuscript/a.md": TEXT,
    "manuscript/b.md": "# A Second Memo\n\nIt cites again [@hoyt, p. 13].\n",
    "manuscript/works.bib": BIB,
}


# What print alone has: spaces, joiners, and the hyphen at a line's end.
_UNSEEN = re.compile("[\\s\u200b\u2060\u2010]")


def settings(style: str) -> str:
    return (
        f'[pdf]\npaper = "a5"\n[citations]\nlibrary = "works.bib"\nstyle = "{style}"\n'
    )


@pytest.fixture(
    scope="module", params=["chicago-notes-bibliography", "chicago-author-date"]
)
def book(request: pytest.FixtureRequest, shared: Path, shared_cache: Path) -> Built:
    style = str(request.param)
    return once(shared / style, lambda root: make(root, FILES, settings(style)))


def page(book: Built) -> Node:
    return book.epub.pages["bibliography"]


def part(book: Built) -> Element:
    return book.pdf.parts[FRONT + 2]


def test_the_text_and_the_notes_are_the_same(book):
    for _, source, screen, printed in readings(book):
        assert screen.words == source.words == printed.words
        assert screen.notes == source.notes == printed.notes
        assert screen.calls == source.calls == printed.calls
        assert screen.references == source.references == printed.references


def test_notes_are_in_the_sequence_of_all_notes(book):
    _, source, *_ = next(iter(readings(book)))
    makes_notes = "notes" in book.root.name
    assert len(source.notes) == (4 if makes_notes else 2)
    first = source.notes[1]
    assert first.startswith("1. Anna B. Hoyt" if makes_notes else "1. Treaties")


def test_the_list_is_the_same_and_has_its_roles(book):
    works = [even(text_of(n)) for n in nodes(page(book)) if n.tag == "li"]
    assert [work[:5] for work in works] == ["Hoyt,", "Wasse", "Wu, X"]
    solid = "".join("".join(works).split())
    printed = "".join(run.text for p in part(book).all("LI") for run in p.runs())
    assert _UNSEEN.sub("", printed) == solid
    (section,) = (n for n in nodes(page(book)) if n.get("id") == "bibliography")
    assert section.get("role") == "doc-bibliography"
    assert section.get("epub:type") == "bibliography"


def test_the_list_stands_in_contents_outline_and_landmarks(book):
    assert ("Bibliography", "bibliography.xhtml") in book.epub.navigation("toc")
    assert ("Bibliography", "bibliography.xhtml") in book.epub.navigation("landmarks")
    assert "Bibliography" in [line.title for line in book.pdf.outline]


def test_words_in_the_text_lead_to_the_list(book):
    links = [n for n in nodes(book.epub.pages["a"]) if n.get("role") == "doc-biblioref"]
    anchors = {n.get("id") for n in nodes(page(book))}
    assert bool(links) != ("notes" in book.root.name)
    for link in links:
        stem, _, anchor = link.get("href").partition(".xhtml#")
        assert (stem, anchor in anchors) == ("bibliography", True)


def test_another_work_in_the_library_lays_nothing_out(tmp_path):
    root = make(tmp_path, FILES, settings("chicago-author-date"))
    build(root)
    path = root / "manuscript/works.bib"
    path.write_text(path.read_text() + "@book{more, title={More}, year=2021}\n")
    again = build(root)
    assert (again.laid_out, again.nothing_changed) == (0, False)
    path.write_text(path.read_text().replace("Norms in Orbit", "Norms on Earth"))
    assert build(root).laid_out == 1


TWO = """
@book{one, author={Hoyt, Anna}, title={Areas}, year=2020}
@book{two, author={Hoyt, Anna}, title={Zones}, year=2020}
"""


def test_two_works_in_one_bracket_lead_each_to_its_own_entry(shared):
    files: dict[str, str | bytes] = {
        "manuscript/a.md": "# A\n\nNorms [@two; @one, p. 3] matter.\n",
        "manuscript/works.bib": TWO,
    }
    root = shared / "two"
    book = once(root, lambda root: make(root, files, settings("chicago-author-date")))
    links = [n for n in nodes(book.epub.pages["a"]) if n.get("role") == "doc-biblioref"]
    entries = {n.get("id"): text_of(n) for n in nodes(page(book)) if n.has("id")}
    found = {
        text_of(n): entries[n.get("href").partition("#")[2]].strip() for n in links
    }
    assert {"Hoyt 2020b": "Zones", "Hoyt 2020a, 3": "Areas"}.keys() == found.keys()
    assert "Zones" in found["Hoyt 2020b"]
    assert "Areas" in found["Hoyt 2020a, 3"]
    (_, source, screen, printed) = next(iter(readings(book)))
    assert screen.words == source.words == printed.words
    assert screen.references == source.references == printed.references
    assert "Hoyt 2020a, 3" in screen.text
