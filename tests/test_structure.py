"""Parts, front and back matter and appendices, as both outputs have them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pikepdf
import pytest
from lxml import etree

from memobook.book.tree import Node, nodes, text_of
from memobook.looking import check
from memobook.pipeline import build
from memobook.workers import Workers
from tests.harness import Built, built, make, once

TOML = """
[book]
title = "A Book of Parts"
language = "en-US"
date = 2025-06-09
publisher = "The Press"

[contents]
front = ["foreword.md"]
memos = ["before.md"]
parts = [
    { title = "Regimes", memos = ["licenses.md", "lists.md"] },
    { text = "orbits.md", memos = ["law.md"] },
]
appendices = ["method.md", "data.md"]
back = ["authors", "acknowledgements.md"]
number_headings = 1
memo_contents = 1

[pdf]
paper = "a5"
"""

LONG = "\n\n".join(
    f"Sentence {n} of a long text says what the license of a satellite costs, who asks"
    " for it, and how long it takes until an office answers."
    for n in range(40)
)


def memo(title: str, text: str = LONG, block: str = "") -> str:
    return f"---\ntitle: {title}\nauthors: [Ada Writer]\n{block}---\n\n{text}\n"


FILES: dict[str, str | bytes] = {
    "manuscript/book.toml": TOML,
    "manuscript/foreword.md": memo(
        "Foreword", f"See [the law](law.md) and [the data](data.md).\n\n{LONG}"
    ),
    "manuscript/before.md": memo("Before It Begins"),
    "manuscript/licenses.md": memo("Licenses", f"## Who asks\n\n{LONG}"),
    "manuscript/lists.md": memo("Lists", "As [the foreword](foreword.md) says."),
    "manuscript/orbits.md": memo("Orbits", "What goes up.", "epigraph: Up.\n"),
    "manuscript/law.md": memo("Law"),
    "manuscript/method.md": memo("Method", "## Counting\n\nOne by one."),
    "manuscript/data.md": memo("Data", "None."),
    "manuscript/acknowledgements.md": memo("Thanks", "To many."),
}


@pytest.fixture(scope="module")
def book(shared: Path, shared_cache: Path) -> Built:
    return once(shared / "structure", lambda root: make(root, FILES))


EXPECTED = [
    ("Foreword", []),
    ("Before It Begins", []),
    ("Part I · Regimes", [("Licenses", ["2.1 Who asks"]), ("Lists", [])]),
    ("Part II · Orbits", [("Law", [])]),
    ("Appendix A · Method", ["A.1 Counting"]),
    ("Appendix B · Data", []),
    ("About the authors", []),
    ("Thanks", []),
]
LEFT = "A Book of Parts"


def flat(entries: list[Any]) -> list[str]:
    """Return the titles of nested entries in their order."""
    out = []
    for entry in entries:
        if isinstance(entry, str):
            out.append(entry)
        else:
            out += [entry[0], *flat(entry[1])]
    return out


def same(found: list[Any], expected: list[Any]) -> bool:
    """Compare nested entries; one without any below may be a bare title."""

    def plain(entry: object) -> object:
        if isinstance(entry, str):
            return (entry, [])
        assert isinstance(entry, tuple)
        return (entry[0], [plain(e) for e in entry[1]])

    return [plain(e) for e in found] == [plain(e) for e in expected]


# The PDF


def test_the_outline_holds_memos_in_their_parts_and_shows_them(book):
    def items(found) -> list[Any]:
        return [(item.title, items(item.children)) for item in found]

    with book.pdf.pdf.open_outline() as outline:
        assert same(items(outline.root)[1:], EXPECTED)
        states = {i.title: i.is_closed for i in outline.root if i.children}
    assert states == {
        "Part I · Regimes": False,
        "Part II · Orbits": False,
        "Appendix A · Method": True,
    }


def test_as_many_lines_of_the_outline_are_counted_as_are_shown(book):
    # Contents, the eight, and the three memos of open parts.
    assert book.pdf.pdf.Root.Outlines.Count == 1 + len(EXPECTED) + 3


def test_front_matter_goes_on_with_the_roman_numbers_and_the_rest_begins_with_1(book):
    labels, places = book.pdf.labels, book.pdf.destinations
    front, first = places["foreword"], places["before"]
    assert labels[front : front + 2] == ("v", "vi")
    assert labels[first] == "1"
    rest = [int(label) for label in labels[first:]]
    assert rest == list(range(1, len(rest) + 1))


def test_the_pages_show_their_roman_numbers(book):
    front, first = book.pdf.destinations["foreword"], book.pdf.destinations["before"]
    for index in range(front, first):
        text = book.pdf.pages[index].split()
        assert not text or book.pdf.labels[index] in text


def test_parts_and_what_follows_their_pages_begin_on_the_right(book):
    places = book.pdf.destinations
    for name in ("before", "part-regimes", "licenses", "orbits", "law"):
        assert places[name] % 2 == 0, name


def heads(book: Built, memo: str) -> set[str]:
    """Return the running heads of the pages behind a memo's first."""
    places = sorted(book.pdf.destinations[m.id] for m in book.book.memos)
    first = book.pdf.destinations[memo]
    end = next((p for p in places if p > first), len(book.pdf.pages))
    pages = [p for p in book.pdf.pages[first + 1 : end] if p.split()]
    return {line.strip() for page in pages for line in page.splitlines()}


@pytest.mark.parametrize(
    ("memo", "left", "right"),
    [
        ("foreword", LEFT, "Foreword"),
        ("before", LEFT, "Before It Begins"),
        ("licenses", "Part I · Regimes", "Licenses"),
        ("law", "Part II · Orbits", "Law"),
    ],
)
def test_the_part_is_above_left_hand_pages_and_the_memo_above_right_hand_ones(
    book, memo, left, right
):
    assert {left, right} <= heads(book, memo)


def test_the_contents_are_nested_lists_in_the_structure_tree(book):
    contents = book.pdf.parts[3]
    (outer,) = [k for k in contents.kids if getattr(k, "kind", "") == "TOC"] or list(
        contents.all("TOC")
    )[:1]
    parts = [
        kid
        for kid in outer.kids
        if getattr(kid, "kind", "") == "TOCI"
        and "Part" in "".join(run.text for run in kid.runs())[:5]
    ]
    below = [len([k for k in p.kids if getattr(k, "kind", "") == "TOC"]) for p in parts]
    assert below == [1, 1]


def test_contents_and_references_name_roman_pages(book):
    text = book.pdf.pages[book.pdf.destinations["lists"]]
    assert "(page v)" in " ".join(text.split())
    assert "v" in book.pdf.pages[book.pdf.destinations["contents-title"]].split()


# The EPUB


def nav(book: Built) -> list[Any]:
    page = book.epub.pages["contents"]
    (toc,) = (n for n in nodes(page) if n.tag == "nav" and n.get("epub:type") == "toc")

    def entries(ol: Node) -> list[Any]:
        out = []
        for item in (c for c in ol.children if isinstance(c, Node)):
            (link,) = (c for c in item.children if isinstance(c, Node) and c.tag == "a")
            title = next(n for n in nodes(link) if n.classes == ("title",))
            lists = [c for c in item.children if isinstance(c, Node) and c.tag == "ol"]
            below = entries(lists[0]) if lists else []
            out.append((text_of(title), below))
        return out

    return entries(next(n for n in nodes(toc) if n.tag == "ol"))


def test_the_navigation_holds_memos_in_their_parts(book):
    assert same(nav(book), EXPECTED)


def test_old_reading_systems_get_the_same_contents(book):
    ncx = etree.fromstring(
        next(data for name, data in book.epub.files.items() if name.endswith(".ncx"))
    )
    found = [e.text for e in ncx.iter("{*}text")][1:]
    assert found == flat(EXPECTED)


def test_the_landmarks_name_what_a_reader_looks_for(book):
    page = book.epub.pages["contents"]
    found = [
        (n.get("epub:type"), n.get("href"))
        for n in nodes(page)
        if n.tag == "a" and n.has("epub:type")
    ]
    assert found == [
        ("cover", "cover.xhtml"),
        ("titlepage", "title-page.xhtml"),
        ("copyright-page", "imprint.xhtml"),
        ("toc", "contents.xhtml"),
        ("foreword", "foreword.xhtml"),
        ("bodymatter", "before.xhtml"),
        ("appendix", "method.xhtml"),
        ("contributors", "authors.xhtml"),
        ("acknowledgments", "acknowledgements.xhtml"),
    ]


@pytest.mark.parametrize(
    ("name", "division", "kind", "role"),
    [
        ("foreword", "frontmatter", "foreword", "doc-foreword"),
        ("before", "bodymatter", "chapter", "doc-chapter"),
        ("orbits", "bodymatter", "part", "doc-part"),
        ("part-regimes", "bodymatter", "part", "doc-part"),
        ("method", "backmatter", "appendix", "doc-appendix"),
        ("authors", "backmatter", "contributors", ""),
        ("acknowledgements", "backmatter", "acknowledgments", "doc-acknowledgments"),
    ],
)
def test_a_page_says_what_it_is(book, name, division, kind, role):
    page = book.epub.pages[name]
    body = next(n for n in nodes(page) if n.tag == "body")
    section = next(n for n in nodes(page) if n.tag == "section")
    assert body.get("epub:type") == division
    assert (section.get("epub:type"), section.get("role")) == (kind, role)


def test_an_epigraph_is_one_in_both(book):
    page = book.epub.pages["orbits"]
    (quote,) = (n for n in nodes(page) if n.get("role") == "doc-epigraph")
    assert (quote.tag, text_of(quote).strip()) == ("blockquote", "Up.")
    part = next(
        p
        for p in book.pdf.parts
        if "What goes up." in "".join(run.text for run in p.runs())
    )
    said = ["".join(r.text for r in e.runs()) for e in part.all("BlockQuote")]
    assert said == ["Up."]


def test_a_memo_lists_its_own_headings_in_both(book):
    page = book.epub.pages["licenses"]
    (toc,) = (n for n in nodes(page) if n.get("role") == "doc-toc")
    links = [(text_of(n), n.get("href")) for n in nodes(toc) if n.tag == "a"]
    assert links == [("2.1 Who asks", "#licenses_who-asks")]
    index = book.pdf.destinations["licenses"]
    text = " ".join(book.pdf.pages[index].split())
    assert f"In this memo 2.1 Who asks (page {book.pdf.labels[index]})" in text


# Rebuilds


def test_a_page_more_in_the_foreword_lays_out_no_memo(tmp_path):
    root = make(tmp_path / "book", FILES)
    with Workers(1) as workers:
        build(root, formats=("pdf",), workers=workers)
        path = root / "manuscript/foreword.md"
        path.write_text(path.read_text("utf-8") + f"\n\n{LONG}\n", "utf-8")
        report = build(root, formats=("pdf",), workers=workers)
        assert report.laid_out <= 2  # the foreword, and the contents

        path = root / "manuscript/licenses.md"
        path.write_text(path.read_text("utf-8") + f"\n\n{LONG}\n", "utf-8")
        report = build(root, formats=("pdf",), workers=workers)
        assert report.laid_out <= 2  # the memo, and the contents
    with pikepdf.open(next((root / "build").glob("*.pdf"))) as pdf:
        assert len(pdf.pages) > 20


def test_a_book_of_parts_alone_may_have_no_other_memo(tmp_path):
    toml = TOML.replace('memos = ["before.md"]', "").replace(
        'front = ["foreword.md"]', ""
    )
    files = {
        **FILES,
        "manuscript/book.toml": toml,
        "manuscript/lists.md": memo("Lists", "No more."),
    }
    del files["manuscript/before.md"], files["manuscript/foreword.md"]
    made = built(make(tmp_path / "book", files))
    assert made.pdf.labels[made.pdf.destinations["part-regimes"]] == "1"


def test_a_book_of_front_matter_alone_has_no_memo_and_says_so(tmp_path):
    toml = TOML.partition("[contents]")[0] + '[contents]\nfront = ["foreword.md"]\n'
    files = {
        "manuscript/book.toml": f"{toml}memos = []\n",
        "manuscript/foreword.md": memo("Foreword", "Short."),
    }
    found = check(make(tmp_path / "book", files))
    assert [d.code.value for d in found] == ["config-no-memos"]
