"""An EPUB tells on which page of the PDF each of its words stands."""

from __future__ import annotations

import random
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest

from memobook.book.tree import Node, nodes, text_of
from memobook.fresh import Order, unchanged
from memobook.pipeline import build
from memobook.workers import Workers
from tests.harness import HARD, Built, built, make, once
from tests.judges import check_epub
from tests.judges.browser import open_browser, settle
from tests.test_validity import BOOKS

WORD = re.compile(r"[^\W\d_]{4,}")


# A book in which hardly a word comes twice, on pages as small as a hand

SYLLABLES = "ba de fi go ku la me ni po ru sa te vi wo zu".split()
SMALL = '[pdf]\npaper = "90mm 120mm"\n'
PICTURES = ("manuscript/images/red.png", "manuscript/images/wave.svg")


def words(number: int) -> Iterator[str]:
    """Yield words that nobody wrote before, such as `Balafigoku`."""
    rng = random.Random(number)
    while True:
        yield "".join(rng.choices(SYLLABLES, k=rng.randint(4, 7)))


def sentence(source: Iterator[str], count: int) -> str:
    said = [next(source) for _ in range(count)]
    said[count // 2] = f"*{said[count // 2]}*"
    said[count // 4] = f"{said[count // 4][:5]}**{next(source)}**"
    return " ".join(said).capitalize() + "."


def link(source: Iterator[str]) -> str:
    return f"[{next(source)} {next(source)} {next(source)}](https://example.org/{next(source)})"


def text(number: int) -> str:
    """Return a memo with a bit of everything that may stand at a page's top."""
    source = words(number)
    blocks: list[str] = []
    for n in range(3):
        blocks.append(f"## {sentence(source, 6)}")
        blocks += [" ".join(sentence(source, 14) for _ in range(5)) for _ in range(3)]
        blocks.append(
            " ".join(f"{sentence(source, 6)} {link(source)}" for _ in range(5))
        )
        blocks.append("\n".join(f"- {sentence(source, 9)}" for _ in range(9)))
        blocks.append("\n\n    ".join(f"1. {sentence(source, 9)}".split(" ", 1)))
        blocks.append("\n>\n".join(f"> {sentence(source, 20)}" for _ in range(3)))
        rows = [f"| | {next(source)} | {sentence(source, 7)} |" for _ in range(14)]
        blocks.append("\n".join(["| A | B | C |", "|---|---|---|", *rows]))
        code = "\n".join(f"{next(source)} = {next(source)}" for _ in range(14))
        blocks.append(f"```python\n{code}\n```")
        picture = PICTURES[n % 2].removeprefix("manuscript/")
        blocks.append(f"![{sentence(source, 3)}]({picture})")
        blocks.append(f"{next(source)}\n:   {sentence(source, 30)}")
        blocks.append(f"A note[^{n}] is {sentence(source, 9)}")
        blocks.append(f"[^{n}]: {sentence(source, 25)}")
    return f"# {next(source)}\n\n" + "\n\n".join(blocks)


@pytest.fixture(scope="session")
def small(shared: Path, shared_cache: Path) -> Built:
    files: dict[str, str | bytes] = {}
    files |= {f"manuscript/memo-{n}.md": text(n) for n in (1, 2)}
    files |= {
        "manuscript/page-2.md": "# A memo that is called as a page\n\nIts text.\n"
    }
    pictures = {name: (HARD / name).read_bytes() for name in PICTURES}
    return once(shared / "small", lambda root: make(root, files | pictures, SMALL))


@pytest.fixture(params=[*BOOKS, "small"])
def book(request: pytest.FixtureRequest) -> Built:
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Built)
    return found


# Reading


@dataclass(frozen=True)
class Stretch:
    """The text of an EPUB's document from one mark to the next."""

    label: str
    """Empty before the first mark."""
    text: str


def is_mark(node: Node) -> bool:
    return "pagebreak" in node.get("epub:type").split()


def stretches(page: Node) -> list[Stretch]:
    """Return a document's text by its pages; a space for every beginning of a block."""
    found = [["", ""]]

    def read(node: Node) -> None:
        for child in node.children:
            if isinstance(child, str):
                found[-1][1] += child
            elif is_mark(child):
                found.append([child.get("aria-label"), ""])
            elif child.tag == "svg":
                continue  # what it is called is read aloud, and not shown
            else:
                is_block = child.tag in {"p", "li", "td", "th", "tr", "h1", "h2", "pre"}
                found[-1][1] += " " * is_block
                read(child)
                found[-1][1] += " " * is_block

    read(next(node for node in nodes(page) if node.tag == "body"))
    return [Stretch(label, said) for label, said in found]


def bare(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def listed(book: Built) -> dict[str, str]:
    """Return the page list: label -> address."""
    contents = book.epub.pages["contents"]
    (nav,) = (n for n in nodes(contents) if n.get("epub:type") == "page-list")
    links = [node for node in nodes(nav) if node.tag == "a"]
    found = {str(link.children[0]): link.get("href") for link in links}
    assert len(found) == len(links)
    return found


# What the marks say


def test_every_word_stands_behind_the_mark_of_its_printed_page(book):
    pages = zip(book.pdf.labels, map(bare, book.pdf.pages), strict=True)
    printed = Counter(
        (word, label) for label, said in pages for word in WORD.findall(said)
    )
    in_print = Counter(word for word, _ in printed.elements())
    on_screen = {
        memo.id: [
            (word, part.label)
            for part in stretches(book.epub.pages[memo.id])
            for word in WORD.findall(bare(part.text))
        ]
        for memo in book.book.memos
    }
    counts = Counter(word for found in on_screen.values() for word, _ in found)
    tried = 0
    for memo, found in on_screen.items():
        # What both show whole and once, but for notes: they are printed near calls.
        notes = notes_of(book, memo)
        seen = [
            (word, label)
            for word, label in found
            if counts[word] == in_print[word] == 1 and word not in notes
        ]
        assert [pair for pair in seen if pair not in printed] == [], memo
        tried += len(seen)
    assert tried >= 100


def notes_of(book: Built, memo: str) -> frozenset[str]:
    """Return the words of a memo's notes."""
    return frozenset(
        word
        for node in nodes(book.epub.pages[memo])
        if node.get("role") == "doc-footnote"
        for word in WORD.findall(bare(text_of(node)))
    )


def test_every_printed_page_is_listed_by_its_folio(book):
    memos = {memo.id: memo for memo in book.book.memos}
    places = book.pdf.destinations
    front = min(places[name] for name in memos)
    end = len(book.pdf.pages) - ("notes" in book.epub.pages) * 1
    found = listed(book)
    for index in range(front, end):
        label, said = book.pdf.labels[index], book.pdf.pages[index].split()
        assert (label in found) == bool(said), index
        assert not said or label in {said[0], said[-1], *said}, index
    # Title page, imprint, contents and front matter have roman numbers; of the contents
    # only the first page is marked.
    roman = [label for label in found if not label.isdigit()]
    pages = range(front, end)
    more = [book.pdf.labels[index] for index in pages if book.pdf.pages[index].split()]
    assert roman == ["i", "ii", "iii", *(label for label in more if label.isalpha())]


def test_the_list_leads_to_the_marks_in_their_order(book):
    marks = [
        (node.get("aria-label"), f"{stem}.xhtml#{node.get('id')}")
        for stem, page in book.epub.pages.items()
        for node in nodes(page)
        if is_mark(node)
    ]
    assert list(listed(book).items()) == marks


def test_a_mark_says_what_it_is_and_shows_nothing(book):
    marks = [n for page in book.epub.pages.values() for n in nodes(page) if is_mark(n)]
    for mark in marks:
        assert mark.tag == "span"
        assert mark.get("role") == "doc-pagebreak"
        assert mark.get("id").startswith(f"page-{mark.get('aria-label')}")
        assert mark.children == ()


def test_no_mark_stands_within_a_word(book):
    for page in book.epub.pages.values():
        parts = stretches(page)
        for before, after in pairwise(parts):
            ends = before.text[-1:].isalnum() and after.text[:1].isalnum()
            assert not ends, (before.text[-20:], after.text[:20])


MARK = re.compile(r'<span [^>]*role="doc-pagebreak"[^>]*></span>')

# Where everything is on a telephone, to the tenth of a pixel.
PLACES = """() => [...document.body.querySelectorAll('*')]
  .filter(e => e.getAttribute('role') != 'doc-pagebreak')
  .map(e => e.getBoundingClientRect())
  .map(r => [r.x, r.y, r.width, r.height].map(n => n.toFixed(1)).join(' '))"""


@pytest.mark.parametrize("name", ["hard", "small"])
def test_marks_move_nothing_on_a_screen(request, name, tmp_path):
    book = request.getfixturevalue(name)
    for path, content in book.epub.files.items():
        target = tmp_path / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    seen = 0
    with open_browser() as browser:
        view = browser.new_page(viewport={"width": 390, "height": 800})
        for page in sorted(tmp_path.rglob("*.xhtml")):
            found = []
            text = page.read_text("utf-8")
            for shown in (text, MARK.sub("", text)):
                page.write_text(shown, "utf-8")
                view.goto(page.as_uri())
                settle(view)
                found.append(view.evaluate(PLACES))
            assert found[0] == found[1], page
            seen += len(MARK.findall(text))
    assert seen > 30


def test_marks_stand_before_headings_and_links_and_not_in_them(small):
    for page in small.epub.pages.values():
        for node in nodes(page):
            if node.tag in {"h1", "h2", "a", "em", "strong"} and node.children:
                first = node.children[0]
                assert isinstance(first, str) or not is_mark(first), node


def test_a_page_that_begins_with_a_row_is_marked_in_its_first_cell(small):
    rows = [
        [cell for cell in row.children if isinstance(cell, Node)]
        for page in small.epub.pages.values()
        for row in nodes(page)
        if row.tag == "tr" and any(is_mark(n) for n in nodes(row))
    ]
    assert [row for row in rows if not any(map(is_mark, nodes(row[0])))] == []
    assert len(rows) > 3


def test_the_small_book_is_valid(small):
    assert check_epub(small.path("epub")) == ()
    assert len(small.pdf.pages) > 40


def test_the_source_of_the_pages_is_the_pdf(book):
    with book.pdf.pdf.open_metadata() as found:
        identifier = found["dc:identifier"]
    (source,) = (
        meta.text
        for meta in book.epub.package.iter("{*}meta")
        if meta.get("property") == "pageBreakSource"
    )
    assert source == identifier == f"{book.book.identifier}#pdf"


# An EPUB that is built alone

MEMOS = {
    "manuscript/one.md": "# One\n\n" + "A few words more. " * 900,
    "styles/print.css": "p { orphans: 2 }\n",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make(tmp_path / "book", MEMOS)


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(1) as made:
        yield made


def epub(root: Path) -> bytes:
    (path,) = (root / "build").glob("*.epub")
    return path.read_bytes()


def test_an_epub_built_alone_is_the_one_that_comes_with_the_pdf(root, workers):
    build(root, workers=workers)
    both = epub(root)
    report = build(root, formats=("epub",), workers=workers)

    assert not report.lacks_page_list
    assert epub(root) == both
    assert b'"pagebreak"' in Built(root, report).epub.files["EPUB/text/one.xhtml"]


def test_an_epub_built_alone_may_say_other_things_than_the_pdf(tmp_path, workers):
    words = "\n\n{{ if pdf }}\nIn print.\n{{ else }}\nOn a screen.\n{{ end }}\n"
    files = {"manuscript/one.md": MEMOS["manuscript/one.md"] + words}
    root = make(tmp_path / "book", files)
    build(root, workers=workers)
    both = epub(root)
    report = build(root, formats=("epub",), workers=workers)

    assert not report.lacks_page_list
    assert epub(root) == both


def test_an_epub_without_a_pdf_has_no_page_list_and_says_so(root, workers):
    report = build(root, formats=("epub",), workers=workers)

    assert report.lacks_page_list
    assert report.diagnostics == ()
    found = Built(root, report).epub.files
    assert all(b"pagebreak" not in content for content in found.values())
    assert b"page-list" not in found["EPUB/text/contents.xhtml"]
    assert b"pageBreakSource" not in found["EPUB/content.opf"]


@pytest.mark.parametrize(
    ("path", "content", "is_true"),
    [
        ("manuscript/one.md", "# One\n\nOther words.\n", False),
        ("styles/print.css", "p { orphans: 3 }\n", False),
        ("styles/print.css", "p { orphans: 2 }\n", True),
        ("styles/epub.css", "p { orphans: 3 }\n", True),
        ("manuscript/book.toml", "[pdf]\npaper = 'a4'\n", False),
        ("manuscript/book.toml", "[pdf]\npaper = 'a5'\n[epub]\nnotes = 'off'\n", True),
    ],
)
def test_the_last_pdf_s_pages_are_used_while_they_are_true(
    root, workers, path, content, is_true
):
    build(root, formats=("pdf",), workers=workers)
    book = (root / "manuscript/book.toml").read_text()
    start = book.partition("[pdf]")[0] if path.endswith("toml") else ""
    (root / path).write_text(start + content)
    report = build(root, formats=("epub",), workers=workers)

    assert report.lacks_page_list is not is_true


def test_a_page_list_can_be_left_out(root, workers):
    with (root / "manuscript/book.toml").open("a") as file:
        file.write("\n[epub]\npage_list = false\n")
    report = build(root, workers=workers)

    assert not report.lacks_page_list
    assert b"pagebreak" not in Built(root, report).epub.files["EPUB/text/one.xhtml"]


def test_a_pdf_that_comes_or_changes_is_something_to_do_for_an_epub(root, workers):
    alone = ("epub",)
    order = Order(root=root, formats=alone)
    style = root / "styles/print.css"
    build(root, formats=alone, workers=workers)
    assert unchanged(order)

    build(root, formats=("pdf",), workers=workers)
    assert unchanged(order) is None
    assert not build(root, formats=alone, workers=workers).lacks_page_list

    style.write_text("p { orphans: 4 }\n")
    assert unchanged(order) is None
    assert build(root, formats=alone, workers=workers).lacks_page_list

    style.write_text(MEMOS["styles/print.css"])
    assert unchanged(order) is None
    assert not build(root, formats=alone, workers=workers).lacks_page_list


# Templates and settings

SCREEN_ONLY = """{% extends "memobook/memo.html.j2" %}
{% block byline %}{% if medium == "screen" %}<p>Only in the EPUB.</p>{% endif %}
{% endblock %}
"""


def test_a_text_of_one_medium_does_not_move_the_marks(tmp_path):
    plain = built(make(tmp_path / "plain", MEMOS))
    files = {**MEMOS, "styles/memo.html.j2": SCREEN_ONLY}
    more = built(make(tmp_path / "more", files))

    def after(book: Built) -> list[str]:
        return [part.text for part in stretches(book.epub.pages["one"])[2:]]

    assert "Only in the EPUB." in stretches(more.epub.pages["one"])[1].text
    assert after(more) == after(plain)
    assert len(after(plain)) > 3


def test_each_output_may_have_its_own_notes(tmp_path):
    memo = "# One\n\n" + "".join(
        f"A [link](https://example.org/{n}) and words. [^{n}]\n\n[^{n}]: Note {n}.\n\n"
        for n in range(150)
    )
    modes = ("footnotes", "memo-notes", "book-notes", "inline", "off")
    for number, (pdf, own) in enumerate(zip(modes, modes[1:] + modes[:1], strict=True)):
        settings = f'[pdf]\npaper = "a5"\nnotes = "{pdf}"\n[epub]\nnotes = "{own}"\n'
        book = built(
            make(tmp_path / f"{number}", {"manuscript/one.md": memo}, settings)
        )
        parts = stretches(book.epub.pages["one"])
        assert len(parts) > 4, (pdf, own)
        assert check_epub(book.path("epub")) == ()


def test_notes_at_the_end_of_the_book_may_be_more_in_one_output(tmp_path):
    memos = {
        "manuscript/one.md": "# One\n\nA note.[^a]\n\n[^a]: Note.\n",
        "manuscript/two.md": "---\ntitle: Two\nnotes: book-notes\n---\nA note.[^a]\n\n[^a]: Note.\n",
    }
    book = built(make(tmp_path, memos, '[epub]\nnotes = "book-notes"\n'))
    found = [n for n in nodes(book.epub.pages["notes"]) if "note" in n.classes]
    assert len(found) == 2


def test_the_print_edition_may_have_its_own_isbn(tmp_path):
    settings = "[pdf]\nidentifier = '978-3-16-148410-0'\n"
    book = built(make(tmp_path, MEMOS, settings))

    assert b"urn:isbn:9783161484100" in book.epub.files["EPUB/content.opf"]
