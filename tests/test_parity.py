"""Source, PDF and EPUB say the same: words, numbers, notes, addresses, pages."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from functools import cache

import pytest

from memobook.book.model import Matter, Memo
from memobook.book.tree import Node, nodes, text_of
from memobook.checks.drawing import Run
from memobook.checks.judges.programs import find_program
from memobook.checks.printed import Element
from memobook.checks.printed_readings import printed_references
from memobook.checks.readings import Reading, as_uri, even, flat
from memobook.design.words import words
from memobook.project.config import BOOK_FILE
from tests.harness import FRONT, Built
from tests.readings import expected_notes, readings


@pytest.fixture(params=["example", "hard"])
def book(request: pytest.FixtureRequest) -> Built:
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Built)
    return found


@cache
def read(book: Built) -> tuple[tuple[Memo, Reading, Reading, Reading], ...]:
    return tuple(readings(book))


# What is read


def test_every_memo_has_its_words_in_their_order(book):
    for memo, source, screen, printed in read(book):
        # Only a page that opens a part may say nothing but its title.
        is_bare = memo.matter is Matter.PART and memo.path == BOOK_FILE
        assert is_bare or len(source.words.split()) > 0, memo.path
        assert screen.words == source.words
        assert printed.words == source.words


def test_every_memo_opens_with_what_its_block_says(book):
    for _, source, screen, printed in read(book):
        assert screen.opener == source.opener
        assert printed.opener == source.opener


def test_headings_are_the_same(book):
    for _, source, screen, printed in read(book):
        assert screen.headings == source.headings
        assert printed.headings == source.headings


def test_captions_are_the_same_with_their_labels_and_numbers(book):
    for _, source, screen, printed in read(book):
        assert screen.captions == source.captions
        assert printed.captions == source.captions


def test_figures_and_tables_are_numbered_through_the_book(book):
    captions = [c for _, source, _, _ in read(book) for c in source.captions]
    for label in ("Figure", "Table"):
        numbers = [c.split()[1] for c in captions if c.startswith(label)]
        assert numbers == [str(n) for n in range(1, len(numbers) + 1)]
        assert numbers


def test_calls_stand_at_the_same_words(book):
    for _, source, screen, printed in read(book):
        assert printed.text == screen.text == source.text
        # Else 1 and 2 would read as 12.
        assert "⟧⟦" not in screen.text


def test_notes_are_numbered_in_the_order_of_their_first_calls(book):
    for memo, source, screen, printed in read(book):
        first = list(dict.fromkeys(screen.calls))
        assert first == list(range(1, len(first) + 1)), memo.path
        assert first == list(source.notes) == list(screen.notes)
        assert first == sorted(printed.notes)
    assert sum(len(screen.calls) for _, _, screen, _ in read(book)) > 20


def test_notes_say_the_same(book):
    for memo, source, screen, printed in read(book):
        assert source.notes == expected_notes(memo, book.book.registry)
        assert screen.notes == source.notes
        assert printed.notes == source.notes


def test_links_lead_to_the_same_addresses(book):
    for _, source, screen, printed in read(book):
        assert screen.urls == source.urls
        assert printed.urls == tuple(map(as_uri, source.urls))
        assert screen.references == printed.references == source.references
        assert screen.addresses == source.addresses
        assert printed.addresses == {
            number: tuple(map(as_uri, urls))
            for number, urls in source.addresses.items()
        }


def test_pictures_and_tables_are_the_same(book):
    for _, source, screen, printed in read(book):
        assert screen.pictures == printed.pictures == source.pictures
        assert screen.rows == printed.rows == source.rows
    assert sum(len(source.rows) for _, source, _, _ in read(book)) > 5


def test_the_imprint_is_the_same(book):
    source = flat(book.book.imprint)

    (page,) = (n for n in nodes(book.epub.pages["imprint"]) if n.get("id") == "imprint")
    printed = even("".join(f"{run.text}\n" for run in _runs(book.pdf.parts[2])))

    assert flat(page).startswith(source)
    assert _solid(printed).startswith(_solid(source))


def _runs(part: Element) -> list[Run]:
    return list(part.runs(without=frozenset(["Lbl"])))


def _solid(text: str) -> str:
    return text.replace(" ", "").replace("\u2010", "")


# Where it stands


def test_the_contents_say_where_memos_and_headings_really_are(book):
    pdf = book.pdf
    expected = []
    for memo in book.book.memos:
        anchors = [(listed(memo, " "), memo.id)]
        anchors += [
            (f"{h.number} {h.title}", h.anchor) for h in memo.headings if h.level == 2
        ]
        expected += [
            (_solid(title), pdf.labels[pdf.destinations[anchor]], anchor)
            for title, anchor in anchors
        ]

    said = words(book.book.language, book.book.words)
    expected += [
        (_solid(said[name]), pdf.labels[pdf.destinations[name]], name)
        for name in book.numbered("pdf").made
    ]

    found = []
    for link in pdf.parts[3].all("Link"):
        line = [w for run in link.runs() for w in run.text.split() if w != "."]
        found.append((_solid("".join(line[:-1])), line[-1], link.target))

    assert found == expected


def test_the_outline_leads_to_the_page_of_each_heading(book):
    pdf = book.pdf
    # The heading over a memo's list of notes is none of its own.
    headings = [
        next(element.runs()).page
        for part in pdf.parts[FRONT : FRONT + len(book.book.memos)]
        for element in part.all("H1", "H2", "H3", "H4", "H5", "H6")
        if element.kind == "H1" or "".join(r.text for r in element.runs()) != "Notes"
    ]
    titles = [
        title
        for memo in book.book.memos
        for title in (
            listed(memo, " · "),
            *(f"{h.number} {h.title}".strip() for h in memo.headings),
        )
    ]
    contents, *outline = pdf.outline
    outline = outline[: len(titles)]

    assert contents.title == "Contents"
    assert [item.title for item in outline] == titles
    assert [item.page for item in outline] == headings


def listed(memo: Memo, between: str) -> str:
    """Return a memo's title as lists show it, with the label of a part or appendix."""
    labels = {Matter.PART: "Part", Matter.APPENDIX: "Appendix"}
    label = labels.get(memo.matter)
    return f"{label} {memo.numeral}{between}{memo.title}" if label else memo.title


def test_every_page_shows_the_number_that_its_label_says(book):
    main = next(m for m in book.book.memos if m.matter is not Matter.FRONT)
    first = book.pdf.destinations[book.book.memos[0].id]
    labels = book.pdf.labels
    for index in range(first, len(labels)):
        lines = book.pdf.pages[index].splitlines()
        # A page that only lets the next memo begin on the right is empty.
        assert not lines or labels[index] in _edges(lines), (index, lines[-3:])
    assert labels[book.pdf.destinations[main.id]] == "1"


def _edges(lines: list[str]) -> set[str]:
    """Return the words at a page's upper and lower edge."""
    return {word for line in (lines[0], *lines[-2:]) for word in line.split()}


def test_references_name_the_page_that_they_lead_to(book):
    pdf = book.pdf
    memos = pdf.parts[FRONT : FRONT + len(book.book.memos)]
    labels = words(book.book.language, book.book.words)
    found = [r for part in memos for r in printed_references(part, labels)]
    links = [
        node
        for memo in book.book.memos
        for tree in (memo.body, *(n for _, n in memo.footnotes), _opener(memo))
        for node in nodes(tree)
        if "xref" in node.classes
    ]
    assert len(found) > 5
    # A memo's own contents name pages, too.
    anchors = [
        heading.anchor
        for memo in book.book.memos
        for heading in memo.headings
        if heading.level <= 1 + (memo.contents or 0)
    ]
    assert sorted(target for target, _ in found) == sorted(
        [*anchors, *(n.get("href").removeprefix("memobook:") for n in links)]
    )
    for target, folio in found:
        assert folio == pdf.labels[pdf.destinations[target]]


def _opener(memo: Memo) -> Node:
    texts = (memo.abstract, *memo.key_points)
    return Node("div", (), tuple(Node("p", (), text) for text in texts))


# Calls and notes


def test_there_are_as_many_links_back_as_calls(book):
    for memo in book.book.memos:
        calls = [
            f"{node.get('id')}"
            for node in nodes(book.epub.pages[memo.id])
            if node.get("role") == "doc-noteref"
        ]
        assert _links_back_on_screen(book, memo) == sorted(calls)
        assert _links_back_in_print(book, memo) == sorted(calls)


def _links_back_on_screen(book: Built, memo: Memo) -> list[str]:
    hrefs = [
        node.get("href")
        for page in (book.epub.pages[memo.id], book.epub.pages.get("notes"))
        if page is not None
        for node in nodes(page)
        if node.get("role") == "doc-backlink"
    ]
    targets = (href.partition("#")[2] for href in hrefs)
    return sorted(t for t in targets if t.startswith(f"{memo.id}__"))


def _links_back_in_print(book: Built, memo: Memo) -> list[str]:
    targets = [
        link.target
        for part in book.pdf.parts
        for note in part.all("Note")
        for link in note.all("Link")
    ]
    return sorted(t for t in targets if t.startswith(f"{memo.id}__call"))


def test_a_footnote_stands_on_the_page_of_its_first_call(book):
    places = book.pdf.destinations
    count = 0
    for index, memo in enumerate(book.book.memos):
        part = book.pdf.parts[FRONT + index]
        if memo.notes_mode is not None:
            continue
        for note in _at_the_foot(part):
            call = note.id.replace("__note-", "__call-")
            assert places[call] == next(note.runs()).page, note.id
            count += 1
    assert count > 20


def _at_the_foot(part: Element) -> Iterator[Element]:
    """Yield the notes that stand by their paragraphs: one too tall is in a section."""
    sections = [kid for kid in part.kids if isinstance(kid, Element)]
    for kid in (kid for section in sections for kid in section.kids):
        if isinstance(kid, Element) and kid.kind == "Note":
            yield kid
        elif isinstance(kid, Element) and kid.kind != "Sect":
            yield from kid.all("Note")


def test_a_note_in_the_epub_is_in_the_file_of_its_call_and_after_it(book):
    for memo in book.book.memos:
        page = book.epub.pages[memo.id]
        ids = [node.get("id") for node in nodes(page) if node.has("id")]
        for node in nodes(page):
            if node.get("role") == "doc-noteref" and memo.id != "book-notes":
                target = node.get("href")
                assert target.startswith("#")
                assert ids.index(target[1:]) > ids.index(node.get("id"))


# Scripts that are shaped

AGENCY = "भारतीय अंतरिक्ष अनुसंधान संगठन"


def extracted(book: Built) -> dict[str, str]:
    """Return the PDF's text by two programs, with single spaces."""
    program = find_program("pdftotext", package="poppler-utils")
    poppler = subprocess.run(
        [program, "-raw", "-enc", "UTF-8", book.path("pdf"), "-"],
        capture_output=True,
        check=True,
        encoding="utf-8",
    ).stdout
    return {"poppler": even(poppler), "pdfium": even("\n".join(book.pdf.pages))}


def test_indian_words_are_copied_as_they_were_written(book):
    words = {
        word
        for memo in book.book.memos
        for node in nodes(Node("div", (), (memo.body, *memo.abstract, memo.title)))
        for child in node.children
        if isinstance(child, str)
        for word in child.split()
        if any("\u0900" <= c < "\u0980" for c in word)
    }
    for program, text in extracted(book).items():
        assert AGENCY in text, program
        assert {word for word in words if word not in text} == set(), program
    assert len(words) > 5


def test_code_is_copied_as_it_was_written(hard):
    (code,) = (
        text_of(node)
        for memo in hard.book.memos
        for node in nodes(memo.body)
        if node.tag == "pre" and "def words" in text_of(node)
    )
    for program, text in extracted(hard).items():
        for line in code.splitlines():
            if len(line) < 50:
                assert even(line) in text, program
