"""What is published holds before judges that others wrote and strict readers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from fontTools.ttLib import TTFont
from lxml import etree
from pikepdf import Name

from memobook.book.tree import nodes
from tests.harness import Built
from tests.judges import (
    check_access,
    check_epub,
    check_pdf,
    validate,
)
from tests.judges.browser import open_browser, settle

BOOKS = ("example", "scaffold", "hard")

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


@pytest.fixture(params=BOOKS)
def book(request: pytest.FixtureRequest) -> Built:
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Built)
    return found


# Judges


def test_epubcheck_finds_nothing(book):
    assert check_epub(book.path("epub")) == ()


def test_ace_finds_nothing(book):
    found = check_access(book.path("epub"))

    assert found.violations == ()
    assert found.subjects >= len(book.epub.pages)
    assert len(found.metadata) == 5


@pytest.mark.parametrize("flavour", ["ua1", "3a"])
def test_verapdf_finds_pdf_ua_and_pdf_a_in_one_file(example, scaffold, hard, flavour):
    paths = [book.path("pdf") for book in (example, scaffold, hard)]
    verdicts = validate(paths, flavour)

    assert [verdict.failed for verdict in verdicts] == [(), (), ()]
    assert [verdict.compliant for verdict in verdicts] == [True, True, True]
    assert min(verdict.assertions for verdict in verdicts) > 10_000


def test_qpdf_finds_the_pdf_whole(book):
    syntax = check_pdf(book.path("pdf"))

    assert syntax.clean, syntax.output


# The PDF


def fonts(book: Built) -> dict[str, Any]:
    """Return every font of the PDF; subsets of a face have names of their own."""
    found = {}
    for page in book.pdf.pdf.pages:
        for font in page.resources.get(Name.Font, {}).values():
            found[f"{font.BaseFont} {font.objgen}"] = font
    return found


def test_every_font_is_embedded_and_a_subset(book):
    for name, font in fonts(book).items():
        (inner,) = font.DescendantFonts
        descriptor = inner.FontDescriptor
        assert Name.FontFile2 in descriptor or Name.FontFile3 in descriptor, name
        assert re.match(r"/[A-Z]{6}\+", str(inner.BaseFont)), name
        assert Name.ToUnicode in font
    assert len(fonts(book)) > 3


def test_no_glyph_is_missing(book):
    """Glyph 0 is drawn for a character that a font lacks."""
    for index, page in enumerate(book.pdf.pdf.pages):
        for instruction in pikepdf.parse_content_stream(page):
            if str(instruction.operator) == "TJ":
                for part in instruction.operands[0]:
                    codes = bytes(part) if isinstance(part, pikepdf.String) else b""
                    pairs = zip(codes[::2], codes[1::2], strict=True)
                    assert (0, 0) not in pairs, index
    for font in book.epub.files:
        assert ".notdef" not in font


def test_every_link_of_the_pdf_is_live(book):
    assert all(
        a.is_url or a.target in book.pdf.destinations for a in book.pdf.annotations
    )
    schemes = {a.target.partition(":")[0] for a in book.pdf.annotations if a.is_url}
    assert schemes <= {"https", "http", "mailto", "tel", "urn", "doi"}
    assert len(book.pdf.annotations) > 20
    assert b"memobook:" not in book.pdf.data


def test_every_link_of_the_pdf_can_be_seen(book):
    """A live area lies on its page and is not empty."""
    for annotation in book.pdf.annotations:
        left, lower, right, upper = annotation.box
        width, height = (float(x) for x in book.pdf.pdf.pages[0].mediabox[2:])
        assert 0 <= left < right <= width, annotation
        assert 0 <= lower < upper <= height, annotation


def test_the_pdf_asks_for_nothing_outside(book):
    kinds = set()
    for found in book.pdf.pdf.objects:
        if isinstance(found, pikepdf.Dictionary | pikepdf.Stream):
            kinds |= {str(found.get(Name.S, "")), str(found.get(Name.Type, ""))}
            assert Name.EF not in found
            assert not isinstance(found.get(Name.F), pikepdf.String)
    assert kinds.isdisjoint({"/JavaScript", "/Launch", "/GoToR", "/SubmitForm"})
    assert Name.OpenAction not in book.pdf.pdf.Root


def test_a_picture_stands_where_its_element_says(hard):
    """On left-hand pages, too, which are laid out as right-hand ones."""
    sides = set()
    for part in hard.pdf.parts:
        for figure in part.all("Figure"):
            marks = {(run.page, run.mark) for run in figure.runs()}
            for page, mark in marks:
                for picture in hard.pdf.drawn[page].pictures:
                    if picture.mark == mark:
                        assert figure.box == pytest.approx(picture.box, abs=1)
                        sides.add(page % 2)
    assert sides == {0, 1}


# The EPUB


def elements(book: Built) -> Iterator[tuple[str, Any]]:
    """Yield every element of every XML file, with the file's name."""
    for name, content in book.epub.files.items():
        if name.endswith((".xhtml", ".svg", ".opf", ".ncx")):
            for element in etree.fromstring(content).iter(etree.Element):
                yield name, element


def test_ids_are_unique_in_the_whole_book_and_plain(book):
    ids = [
        node.get("id")
        for page in book.epub.pages.values()
        for node in nodes(page)
        if node.has("id")
    ]
    assert [name for name in ids if not NAME.fullmatch(name)] == []
    assert sorted(ids) == sorted(set(ids))
    assert len(ids) > 20


# What is a part with this epub:type called by ARIA?
# https://www.w3.org/TR/epub-aam-11/#mapping_role_table
ROLES = {
    "abstract": "doc-abstract",
    "acknowledgments": "doc-acknowledgments",
    "appendix": "doc-appendix",
    "backlink": "doc-backlink",
    "bibliography": "doc-bibliography",
    "biblioref": "doc-biblioref",
    "chapter": "doc-chapter",
    "endnotes": "doc-endnotes",
    "epigraph": "doc-epigraph",
    "footnote": "doc-footnote",
    "footnotes": "doc-endnotes",
    "foreword": "doc-foreword",
    "glossary": "doc-glossary",
    "glossref": "doc-glossref",
    "index": "doc-index",
    "noteref": "doc-noteref",
    "page-list": "doc-pagelist",
    "pagebreak": "doc-pagebreak",
    "part": "doc-part",
    "subtitle": "doc-subtitle",
    "toc": "doc-toc",
}
# And for which is there no such name?
NAMELESS = {
    "glossdef", "glossterm", "index-entry", "index-entry-list", "index-group", "index-term",
    "backmatter", "bodymatter", "contributors", "cover", "copyright-page",
    "frontmatter", "landmarks", "titlepage",
}  # fmt: skip


def test_every_part_of_the_epub_has_its_role_and_every_landmark_a_label(book):
    seen = set()
    for page in book.epub.pages.values():
        for node in nodes(page):
            kind = node.get("epub:type")
            if (
                kind
                and not page.get("class").startswith("contents")
                and node.tag != "a"
            ):
                seen.add(kind)
            if kind and kind not in NAMELESS and node.get("role") != "":
                assert node.get("role") == ROLES[kind], node
            in_landmarks = node.tag == "a" and node.get("role") == ""
            if kind in ROLES and not in_landmarks:
                assert node.has("role"), node
            if node.tag in {"nav", "section"} or node.get("role") == "region":
                assert node.get("aria-label") or node.get("aria-labelledby"), node
    assert seen >= {"chapter", "footnote", "pagebreak", "toc"}


def test_every_link_of_the_epub_is_live(book):
    ids = {
        f"{stem}.xhtml": {node.get("id") for node in nodes(page)}
        for stem, page in book.epub.pages.items()
    }
    for stem, page in book.epub.pages.items():
        for node in nodes(page):
            href = node.get("href")
            if node.tag == "a" and not re.match("[a-z]+:", href):
                file, _, fragment = href.partition("#")
                file = file.rpartition("/")[2] or f"{stem}.xhtml"
                assert fragment == "" or fragment in ids[file], href
                assert file in ids, href


def test_the_epub_asks_for_nothing_outside(book):
    for name, element in elements(book):
        assert etree.QName(element).localname not in {"script", "iframe", "object"}
        for key, value in element.attrib.items():
            attribute = etree.QName(key).localname
            assert not attribute.startswith("on"), name
            is_link = etree.QName(element).localname == "a"
            if attribute in {"src", "href", "srcset", "poster", "data"} and not is_link:
                assert not re.match(r"\w+:|//", value), (name, value)
    for name, content in book.epub.files.items():
        if name.endswith((".css", ".svg")):
            text = content.decode()
            assert "@import" not in text
            for url in re.findall(r"url\(([^)]*)\)", text):
                assert not re.match(r"""["']?(\w+:|//)""", url), (name, url)


def test_the_fonts_of_the_epub_have_every_letter_of_its_text(book, tmp_path):
    known: set[int] = set()
    for name, content in book.epub.files.items():
        if name.startswith("EPUB/fonts/") and name.endswith((".ttf", ".otf")):
            path = tmp_path / Path(name).name
            path.write_bytes(content)
            with TTFont(path) as font:
                known |= set(font.getBestCmap())
    text = {
        ord(character)
        for page in book.epub.pages.values()
        for node in nodes(page)
        if node.tag != "svg"
        for child in node.children
        if isinstance(child, str)
        for character in child
        if not character.isspace()
    }
    assert {chr(c) for c in text - known} == set()


def test_every_font_of_the_epub_has_its_licence(book):
    names = [n for n in book.epub.files if n.startswith("EPUB/fonts/")]
    fonts = {re.sub(r"-\d+(-italic)?\.[ot]tf$", "", n) for n in names if "ttf" in n}
    licences = {n for n in names if n.endswith(".txt")}
    assert len(licences) >= len({f.rpartition("/")[2] for f in fonts}) > 2


# On a telephone

PHONE = 360

# What is wider than the window, and what it says; what scrolls in itself may be.
TOO_WIDE = """() => {
  const wide = [...document.body.querySelectorAll('*')]
    .filter(e => e.getBoundingClientRect().right > window.innerWidth + 1)
    .map(e => e.tagName + ' ' + e.className + ': ' + e.textContent.slice(0, 60));
  const width = document.documentElement.scrollWidth;
  return width > window.innerWidth + 1 ? [width, ...wide] : [];
}"""


def test_no_page_of_the_epub_is_wider_than_a_telephone(book, tmp_path):
    for name, content in book.epub.files.items():
        target = tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    found = {}
    with open_browser() as browser:
        context = browser.new_context(
            viewport={"width": PHONE, "height": 640}, offline=True
        )
        view = context.new_page()
        for path in sorted(tmp_path.rglob("*.xhtml")):
            view.goto(path.as_uri())
            assert view.query_selector("parsererror") is None, path
            settle(view)
            assert view.evaluate("window.innerWidth") == PHONE
            if wide := view.evaluate(TOO_WIDE):
                found[path.stem] = wide
    assert found == {}
