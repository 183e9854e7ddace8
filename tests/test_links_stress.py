"""Two hundred difficult addresses on a narrow measure: all of each, and no more."""

from __future__ import annotations

import random
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest

from memobook.book.tree import nodes
from memobook.book.urls import shown
from memobook.checks.drawing import Run
from memobook.checks.judges.programs import find_program
from memobook.checks.printed import Element
from memobook.checks.readings import as_uri, flat
from memobook.design.paper import paper
from memobook.project.schema import BookFile
from tests.harness import FRONT, Built, make, once

COUNT = 200
POINTS = 72 / 25.4
"""In a millimetre."""
MEASURE = 60 * POINTS
TOLERANCE = 0.5
"""Points that a letter may hang over its place, as an f does."""
SETTINGS = {
    "book": {"title": "A Small Book", "language": "en-US"},
    "contents": {"memos": ["m0.md"]},
    "pdf": {"paper": "a5"},
    "style": {"measure": "60mm"},
}

WORDS = "policy defense space export-control India convergence a norms treaty".split()
HOSTS = (
    "www.example.org",
    "example.org:8443",
    "user@example.org",
    "a-very-long-host-name-with-hyphens.sub-domain.example-organisation.museum",
    "bücher.example",
    "xn--bcher-kva.example",
    "उदाहरण.example",
    "[2001:db8:85a3::8a2e:370:7334]",
    "192.0.2.235",
)
PIECES = (
    "a-b-c-d-e-f-g-h-i-j-k-l-m-n-o-p-q-r-s-t-u-v-w-x-y-z",
    "one--two---three----four",
    "under_score_after_under_score_and___three",
    "~tilde/~~two/x~y",
    "percent%20sign%2Fand%C3%A9%25more",
    "(parentheses)(and)(more)",
    "[square][brackets]",
    "comma,semicolon;colon:at@plus+star*dollar$bang!quote'",
    "größe/Łódź/ελλάδα/кириллица",
    "मेमो",
    "dots...and.more..dots.html",
    "MixedCaseWithoutAnyPlaceToBreakItAtAllWhichIsLongerThanAnyLine",
    "0123456789" * 9,
    "w" * 70,
    "-",
    "--/--",
    "a/b//c///d",
)
QUERIES = (
    "",
    "?q=a&lang=en&x=&y",
    "?a=b&c=d-e&f=g_h&amp=1",
    "?token=" + "0a1b2c3d4e5f" * 6,
    "?q=%22quoted%22+words+and+plus",
    "?redirect=https://example.org/-/path?x=y",
    "?==&&==",
)
FRAGMENTS = ("", "#", "#section-2.1", "#:~:text=first%20words,-last%20words", "#-")


def addresses() -> list[str]:
    """Return COUNT different addresses, the same ones every time."""
    dice = random.Random(60)
    found: dict[str, None] = {}
    while len(found) < COUNT - 3:
        scheme = dice.choice(("https", "https", "http"))
        path = "/".join(dice.choices((*PIECES, *WORDS), k=dice.randint(1, 4)))
        query, fragment = dice.choice(QUERIES), dice.choice(FRAGMENTS)
        url = f"{scheme}://{dice.choice(HOSTS)}/{path}/{len(found)}{query}{fragment}"
        found[url] = None
    whole = "https://example.org/" + "-".join(WORDS) * 20
    found[whole[:400]] = None
    found["https://example.org/" + "x" * 380] = None
    found["mailto:" + "very.long.local-part_of.an.address." * 5 + "a@example.org"] = (
        None
    )
    return list(found)


URLS = addresses()


def memo(number: int, urls: list[str]) -> str:
    """Return a memo that has an address in a note, and every fifth in the text, too."""
    out = [f"# Addresses {number}\n"]
    for index, url in enumerate(urls):
        out.append(f'A [link](<{url}> "Title") in a line of text.\n')
        if index % 5 == 0 and url.isascii() and not set("<>[]'@") & set(url):
            out.append(f"Here it stands in the text: <{url}>, in a sentence.\n")
    return "\n".join(out)


@pytest.fixture(scope="module")
def stress(shared: Path) -> Built:
    files = {
        f"manuscript/m{n}.md": memo(n, URLS[n * 50 : (n + 1) * 50]) for n in range(4)
    }
    settings = "[pdf]\npaper = 'a5'\n[style]\nmeasure = '60mm'\n"
    return once(shared / "stress", lambda root: make(root, files, settings))


def runs(found: Element) -> list[Run]:
    return list(found.runs())


def notes(book: Built) -> list[Element]:
    return [n for part in book.pdf.parts[FRONT:] for n in part.all("Note")]


def address(note: Element) -> Element:
    (link,) = (e for e in note.all("Link") if "__call-" not in e.target)
    return link


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def spelt(url: str) -> str:
    """Return an address whose square brackets are spelt as RFC 3986 has them."""
    return url.replace("[square][brackets]", "%5Bsquare%5D%5Bbrackets%5D")


def test_there_is_a_note_for_each_of_the_addresses(stress):
    assert len(URLS) == len(set(URLS)) == COUNT
    assert max(map(len, URLS)) == 400
    assert [address(n).target for n in notes(stress)] == [
        as_uri(spelt(url)) for url in URLS
    ]


def test_the_address_in_a_note_is_read_as_it_is(stress):
    found = ["".join(r.text for r in runs(address(note))) for note in notes(stress)]
    assert found == [shown(spelt(url)) for url in URLS]


@pytest.mark.parametrize("program", ["poppler", "pdfium"])
def test_the_copied_address_is_the_address(program, stress):
    text = squeezed(copied(program, stress))

    missing = [url for url in URLS if f"Title,{shown(spelt(url))}." not in text]

    assert missing == []


def copied(program: str, book: Built) -> str:
    if program == "pdfium":
        return "".join(book.pdf.pages)
    path = find_program("pdftotext", package="poppler-utils")
    command = [
        str(path),
        "-raw",
        "-enc",
        "UTF-8",
        "-nopgbrk",
        str(book.path("pdf")),
        "-",
    ]
    done = subprocess.run(command, capture_output=True, check=True, encoding="utf-8")
    return done.stdout


def test_nothing_stands_beyond_the_text_area(stress):
    margins = paper(BookFile.model_validate(SETTINGS))
    found = list(letters(stress))

    out = []
    for page, letter, left, right in found:
        is_right_page = page % 2 == 0
        edge = (margins.inner if is_right_page else margins.outer) * POINTS
        if left < edge - TOLERANCE or right > edge + MEASURE + TOLERANCE:
            out.append((page, letter, left - edge, right - edge - MEASURE))

    assert out == []
    assert len(found) > 20_000


def letters(book: Built) -> Iterator[tuple[int, str, float, float]]:
    """Yield the memos' letters by PDFium: page, letter, left and right edge."""
    document = pypdfium2.PdfDocument(book.pdf.data)
    for index in range(book.pdf.destinations["m0"], len(document)):
        text = document[index].get_textpage()
        for number in range(text.count_chars()):
            letter = text.get_text_range(number, 1)
            left, _, right, _ = text.get_charbox(number)
            if letter.strip():
                yield index, letter, left, right
    document.close()


def test_an_address_has_at_most_one_live_area_in_a_line(stress):
    areas = Counter(
        (a.page, a.target, round(a.box[1])) for a in stress.pdf.annotations if a.is_url
    )
    assert {area: count for area, count in areas.items() if count > 1} == {}
    assert len(areas) > 2 * COUNT


def test_the_live_areas_lie_on_the_letters(stress):
    areas = [a for a in stress.pdf.annotations if a.is_url]
    for note in notes(stress):
        link = address(note)
        for run in runs(link):
            inside = [
                a
                for a in areas
                if (a.page, a.target) == (run.page, link.target)
                and a.box[1] < run.base < a.box[3]
            ]
            assert len(inside) == 1
            assert inside[0].box[0] <= run.left + 1
            assert inside[0].box[2] >= run.right - 1


def test_no_line_of_an_address_ends_with_a_hyphen(stress):
    ends = [
        run.text
        for part in stress.pdf.parts[FRONT:]
        for link in part.all("Link")
        if "__" not in link.target
        for run in runs(link)[:-1]
        if run.text.endswith(("-", "\u2010", "\u00ad"))
    ]
    assert ends == []


def test_the_address_in_the_epub_is_the_address(stress):
    found = [
        flat(node)
        for number in range(4)
        for note in nodes(stress.epub.pages[f"m{number}"])
        if note.get("role") == "doc-footnote"
        for node in nodes(note)
        if node.tag == "a" and node.get("role") != "doc-backlink"
    ]
    assert found == [shown(spelt(url)) for url in URLS]
