"""The index says the same in the PDF and in the EPUB, and its pages are right."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from memobook.book.model import Book, IndexEntry, Locator
from memobook.book.tree import Node, nodes, rewrite, text_of
from memobook.checks.indexed import check_packed_index, check_printed_index
from memobook.checks.printed import Element
from memobook.checks.readings import even
from memobook.design.indexing import merged
from memobook.diagnostics import Reporter, Span
from memobook.pipeline import build
from tests.harness import FRONT, Built, built, make, once

LONG = " ".join(["States have long agreed on what may leave a country."] * 30)

FIRST = f"""# Norms in Orbit

## Space law {{index="Space law"}}

The treaties[^n] speak of [outer space]{{.index}} and *planets*{{index="Space law > planets"}}.

{LONG}

{LONG}

[]{{index="Cosmos" see="outer space"}} []{{index="Space law" see-also="Export controls"}}

Here begins a [list]{{index-from="Norms"}}.

## India

{LONG}

[Here]{{index-to="Norms"}} it ends, and [outer space]{{.index}} again, twice: [it]{{index="outer space"}}.

[^n]: India tested [one]{{index="Tests"}}.
"""

SECOND = f"""# Export Controls

[Export controls]{{.index}} and [émigrés]{{.index}} and the [Zangger list]{{.index}}.

{LONG}

{LONG}

Again [Export controls]{{.index}}.
"""

FILES: dict[str, str | bytes] = {
    "manuscript/a.md": FIRST,
    "manuscript/b.md": SECOND,
}
SMALL = '[pdf]\npaper = "90mm 120mm"\n'


@pytest.fixture(scope="module")
def book(shared: Path, shared_cache: Path) -> Built:
    return once(shared / "indexed", lambda root: make(root, FILES, SMALL))


def on_screen(book: Built) -> list[str]:
    """Return the lines of the EPUB's index."""
    lines = (n for n in nodes(book.epub.pages["index"]) if "index-line" in n.classes)
    return [even(text_of(line)) for line in lines]


def in_print(book: Built) -> list[str]:
    """Return the lines of the PDF's index."""
    return [said(p) for p in part(book).all("P")]


def part(book: Built) -> Element:
    return book.pdf.parts[FRONT + len(book.book.memos)]


def said(element: Element) -> str:
    text = " ".join(run.text.strip() for run in element.runs())
    return even(re.sub(r"\s*–\s*", "–", re.sub(r"\s+(?=[,.;])", "", text)))


def places(book: Built) -> Iterator[tuple[str, str]]:
    """Yield what the printed index says of each page, and where that leads."""
    for link in part(book).all("Link"):
        text = "".join(run.text for run in link.runs()).strip()
        if text.isdecimal():
            yield text, link.target


def test_both_outputs_have_the_same_lines(book):
    lines = on_screen(book)
    assert in_print(book) == lines
    assert [line.partition(",")[0].partition(".")[0] for line in lines] == [
        "Cosmos",
        "émigrés",
        "Export controls",
        "Norms",
        "outer space",
        "Space law",
        "planets",
        "Tests",
        "Zangger list",
    ]
    assert lines[0] == "Cosmos. See outer space"
    assert lines[5].endswith(". See also Export controls")


def test_every_page_is_the_one_on_which_the_term_stands(book):
    found = list(places(book))
    assert len(found) > 8
    for folio, target in found:
        assert book.pdf.labels[book.pdf.destinations[target]] == folio


def test_a_page_is_named_once_and_a_passage_has_two(book):
    lines = {re.match(r"[^,.]+", line)[0]: line for line in on_screen(book)}  # type: ignore[index]
    assert re.fullmatch(r"outer space, \d, \d", lines["outer space"])
    assert re.match(r"Space law, 1–\d\.", lines["Space law"])
    assert re.fullmatch(r"Norms, \d–\d", lines["Norms"])
    assert lines["Tests"] == "Tests, 1"


def test_the_screen_leads_to_the_place_itself(book):
    links = [n for n in nodes(book.epub.pages["index"]) if "locator" in n.classes]
    assert links
    for link in links:
        stem, _, anchor = link.get("href").partition(".xhtml#")
        assert anchor in {n.get("id") for n in nodes(book.epub.pages[stem])}


def test_the_index_has_its_roles_and_stands_in_contents_and_outline(book):
    (section,) = (n for n in nodes(book.epub.pages["index"]) if n.get("id") == "index")
    assert (section.get("epub:type"), section.get("role")) == ("index", "doc-index")
    assert ("Index", "index.xhtml") in book.epub.navigation("toc")
    assert ("Index", "index.xhtml") in book.epub.navigation("landmarks")
    assert "Index" in [line.title for line in book.pdf.outline]
    contents = "".join(r.text for r in book.pdf.parts[FRONT - 1].runs())
    assert "Index" in contents


def test_letters_are_headings(book):
    page = book.epub.pages["index"]
    letters = [text_of(n) for n in nodes(page) if n.tag == "h2"]
    assert letters == ["C", "E", "N", "O", "S", "T", "Z"]
    assert [said(h) for h in part(book).all("H2")] == letters


def test_an_epub_without_pages_names_the_memos(tmp_path):
    found = built(
        make(tmp_path, FILES, "[epub]\npage_list = false\n"), formats=("epub",)
    )
    assert "Export controls, Export Controls" in on_screen(found)
    assert "outer space, Norms in Orbit" in on_screen(found)


def test_an_epub_built_alone_names_the_pages_of_the_last_pdf(tmp_path):
    found = built(make(tmp_path, FILES, SMALL))
    before = found.path("epub").read_bytes()
    found.path("epub").unlink()
    assert built(tmp_path, formats=("epub",)).path("epub").read_bytes() == before


def test_a_page_more_at_the_front_lays_out_its_memo_and_what_names_pages(tmp_path):
    root = make(tmp_path, {**FILES, "manuscript/0.md": f"# One\n\n{LONG}"}, SMALL)
    build(root)
    path = root / "manuscript/0.md"
    path.write_text(path.read_text() + f"\n\n{LONG}")
    assert build(root).laid_out <= 2
    again = Built(root, build(root))
    for folio, target in places(again):
        assert again.pdf.labels[again.pdf.destinations[target]] == folio


# Merging


def test_places_come_in_the_order_of_their_pages():
    folios = {"a": "12", "b": "3", "c": "3", "d": "5", "e": "4"}
    found = merged(
        [
            Locator("m", "a"),
            Locator("m", "b"),
            Locator("m", "c"),
            Locator("m", "e"),
            Locator("m", "b", "d"),
        ],
        folios,
    )
    assert found == (Locator("m", "b", "d"), Locator("m", "a"))


def test_a_passage_on_one_page_is_a_place():
    assert merged([Locator("m", "a", "b")], {"a": "7", "b": "7"}) == (
        Locator("m", "a"),
    )


def test_without_pages_a_memo_is_named_once():
    places = [Locator("m", "a"), Locator("m", "b", "c"), Locator("n", "d")]
    assert merged(places, {}) == (Locator("m", "a"), Locator("n", "d"))


# The check


def findings(book: Built, index: tuple[IndexEntry, ...]) -> list[str]:
    reporter = Reporter()
    other: Book = replace(book.book, index=index)
    check_printed_index(book.pdf, [part(book)], other, Span("b.pdf"), reporter)
    check_packed_index(book.epub, other, Span("b.epub"), reporter)
    return [d.message for d in reporter]


def test_a_check_finds_an_index_complete(book):
    assert findings(book, book.book.index) == []


def test_a_check_finds_a_line_that_is_missing(book):
    more = (*book.book.index, IndexEntry("Zulu", "Z"))
    assert findings(book, more) == [
        "“Zulu” is not in the index of the EPUB",
        "“Zulu” is not in the index of the PDF",
    ]


def test_a_check_finds_a_wrong_page(book):
    labels = tuple("9" if label == "1" else label for label in book.pdf.labels)
    wrong = Built(book.root, book.report)
    wrong.pdf.__dict__["labels"] = labels
    assert "the index says page 1, and it is page 9" in findings(wrong, book.book.index)


def test_a_check_finds_a_wrong_page_on_the_screen(book):
    wrong = Built(book.root, book.report)
    page = wrong.epub.pages["index"]

    def change(node: Node) -> Node:
        if "locator" in node.classes and text_of(node) == "1":
            return node.with_children(["7"])
        return node

    wrong.epub.pages["index"] = rewrite(page, change)
    assert "the index says page 7, and it is page 1" in findings(wrong, book.book.index)


def test_a_memo_that_is_another_in_the_epub_is_named_and_not_its_page(tmp_path):
    text = '# One\n\n{{ if pdf }}\n\n[Law]{index="Paper"} alone.\n\n{{ end }}\n\nOf [law]{index="Law"}.\n'
    files = {"manuscript/a.md": text, "manuscript/b.md": SECOND}
    found = built(make(tmp_path, files, SMALL))
    assert "Law, One" in on_screen(found)
    assert any(re.fullmatch(r"émigrés, \d+", line) for line in on_screen(found))
