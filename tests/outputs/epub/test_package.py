"""One EPUB of finished documents."""

import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from ebooklib import epub
from lxml import etree

from memobook.book.direction import direction
from memobook.checks.judges.epubcheck import check_epub
from memobook.design.section import Kind
from memobook.outputs.epub.container import LossError, pack, unpack
from memobook.outputs.epub.navigation import navigation_document, page_path
from memobook.outputs.epub.package import Package, Page, Resource, package
from memobook.outputs.epub.ready import prepare
from tests.outputs.epub.sample import (
    BOOK,
    ENTRIES,
    change_page,
    document,
    memo,
    sample,
    sample_with_fonts,
)

UUID = "urn:uuid:00000000-0000-5000-8000-000000000000"

NAMESPACES = {
    "opf": "http://www.idpf.org/2007/opf",
    "dc": "http://purl.org/dc/elements/1.1/",
    "ncx": "http://www.daisy.org/z3986/2005/ncx/",
}


def opf_of(whole: Package) -> etree._Element:
    return etree.fromstring(unpack(package(whole))["EPUB/content.opf"])


def texts(root: etree._Element, path: str) -> list[str]:
    found = root.xpath(path, namespaces=NAMESPACES)
    return [each if isinstance(each, str) else each.text or "" for each in found]


@pytest.mark.parametrize("make", [sample, sample_with_fonts])
def test_epubcheck_finds_no_fault_and_no_odd_usage(make, tmp_path):
    path = tmp_path / "book.epub"
    path.write_bytes(package(make()))
    found = check_epub(path, usage=True)
    # Fonts and their licences are there on purpose.
    assert {f.code for f in found} <= {"CSS-028", "OPF-097"}
    assert {f.severity for f in found} <= {"USAGE"}


def test_epubcheck_takes_a_page_list_mathml_and_languages_from_right_to_left(tmp_path):
    page_break = '<span epub:type="pagebreak" role="doc-pagebreak" id="page-1"'
    page_break += ' aria-label="1"></span><math alttext="x" xmlns='
    page_break += '"http://www.w3.org/1998/Math/MathML"><mi>x</mi></math>'
    whole = change_page(sample(), "export", "<p>See ", f"<p>{page_break}See ")
    nav = navigation_document(
        ENTRIES,
        heading="المحتويات",
        language="ar",
        direction="rtl",
        pages=(("1", "text/export.xhtml#page-1"),),
    )
    pages = tuple(
        replace(p, html=nav) if p.id == "contents" else p for p in whole.pages
    )
    book = replace(BOOK, language="ar", identifier=UUID, isbn="")
    whole = replace(whole, book=book, pages=pages, page_source="The printed book")
    path = tmp_path / "book.epub"
    path.write_bytes(package(whole))
    assert check_epub(path, usage=True) == ()
    opf = opf_of(whole)
    assert (opf.get("dir"), direction("ar"), direction("en")) == ("rtl", "rtl", "ltr")
    assert texts(opf, "//*[@property='pageBreakSource']") == ["The printed book"]
    assert texts(opf, "//opf:item[contains(@href,'export')]/@properties") == ["mathml"]


def test_bytes_are_equal_in_another_process_time_zone_and_hash_seed():
    code = (
        "import hashlib; from memobook.outputs.epub.package import package; "
        "from tests.outputs.epub.sample import sample_with_fonts; "
        "print(hashlib.sha256(package(sample_with_fonts())).hexdigest())"
    )
    digests = {hashlib.sha256(package(sample_with_fonts())).hexdigest()}
    for seed, zone in (("1", "Asia/Tokyo"), ("2", "America/Los_Angeles")):
        env = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": "C"}
        done = subprocess.run(
            [sys.executable, "-c", code], env=env, capture_output=True, check=True
        )
        digests.add(done.stdout.decode().strip())
    assert len(digests) == 1


def test_metadata_says_all_that_the_book_says():
    opf = opf_of(sample())
    assert opf.get("{http://www.w3.org/XML/1998/namespace}lang") == "en-US"
    assert texts(opf, "//dc:title") == ["Orbits & “Law”", "A reader"]
    assert texts(opf, "//*[@refines='#title'][@property='title-type']") == ["main"]
    assert texts(opf, "//*[@refines='#subtitle']") == ["subtitle"]
    assert texts(opf, "//dc:identifier") == ["urn:isbn:9783161484100"]
    assert texts(opf, "//*[@property='identifier-type']") == ["15"]
    assert texts(opf, "//dc:creator") == ["Ada Writer"]
    assert texts(opf, "//dc:contributor") == ["Ed Itor"]
    assert texts(opf, "//*[@scheme='marc:relators']") == ["aut", "edt"]
    assert texts(opf, "//*[@property='file-as']") == ["Writer, Ada"]
    assert texts(opf, "//dc:date") == ["2025-06-09"]
    assert texts(opf, "//*[@property='dcterms:modified']") == ["2025-06-09T00:00:00Z"]
    assert texts(opf, "//dc:subject") == ["Space", "Law"]
    assert texts(opf, "//*[@property='belongs-to-collection']") == ["Readers"]
    assert texts(opf, "//*[@name='cover']/@content") == ["item-images-cover.png"]
    assert texts(opf, "//*[@name='generator']") == []


def test_a_book_without_authors_has_those_of_its_memos():
    opf = opf_of(replace(sample(), book=replace(BOOK, contributors=())))
    assert texts(opf, "//dc:creator") == ["Ada", "Bo"]


def test_an_isbn_beside_another_identifier_is_a_second_identifier():
    opf = opf_of(replace(sample(), book=replace(BOOK, identifier=UUID)))
    expected = [UUID, "urn:isbn:9783161484100"]
    assert expected == texts(opf, "//dc:identifier")


def test_languages_of_memos_are_named_once():
    other = replace(memo("x", "X", "A"), language="hi")
    memos = (*BOOK.memos, other, replace(other, id="y"))
    opf = opf_of(replace(sample(), book=replace(BOOK, memos=memos)))
    assert texts(opf, "//dc:language") == ["en-US", "hi"]


def test_manifest_properties_come_from_the_content():
    opf = opf_of(sample())
    items = opf.xpath("//opf:item[@properties]", namespaces=NAMESPACES)
    assert {item.get("href"): item.get("properties") for item in items} == {
        "text/contents.xhtml": "nav",
        "text/space.xhtml": "svg",
        "images/cover.png": "cover-image",
    }


def test_the_ncx_nests_and_a_part_leads_to_its_first_memo():
    ncx = etree.fromstring(unpack(package(sample()))["EPUB/toc.ncx"])
    assert texts(ncx, "//ncx:content/@src") == [
        "text/space.xhtml",
        "text/space.xhtml#space-treaties",
        "text/export.xhtml",
        "text/export.xhtml",
        "text/notes.xhtml",
    ]
    assert texts(ncx, "//ncx:navPoint/ncx:navPoint//ncx:text") == [
        "Treaties",
        "Export controls",
    ]


def test_a_page_out_of_the_way_is_not_linear():
    whole = sample()
    pages = (*whole.pages[:-1], replace(whole.pages[-1], linear=False))
    opf = opf_of(replace(whole, pages=pages))
    assert texts(opf, "//*[@linear='no']/@idref") == ["item-text-notes.xhtml"]


def test_text_that_ebooklib_would_lose_is_kept_byte_for_byte():
    deep = "<div>" * 300 + "deep" + "</div>" * 300
    whole = change_page(sample(), "export", "</section>", f"{deep}</section>Tail.")
    entries = unpack(package(whole))
    for page in whole.pages:
        assert page.html.encode() == entries[f"EPUB/{page_path(page.id)}"]


@pytest.mark.parametrize(
    ("old", "new"),
    [("<p>See", "<p @click='x'>See"), ("<p>See", "<p>&nbsp;See"), ("</p>", "")],
)
def test_a_page_that_is_no_xml_is_a_loss(old, new):
    with pytest.raises(LossError, match=r"text/export\.xhtml: .*(XML|entity)"):
        package(change_page(sample(), "export", old, new))


def test_an_item_that_is_packed_otherwise_is_a_loss(monkeypatch):
    name = "EPUB/images/3f2a.svg"

    def faulty(entries: dict[str, bytes], day: date, _: object) -> bytes:
        return pack({**entries, name: b"<svg/>"}, day)

    monkeypatch.setattr("memobook.outputs.epub.package.pack", faulty)
    with pytest.raises(LossError) as caught:
        package(sample())
    assert caught.value.item == name


def test_what_is_ready_gives_the_same_bytes():
    whole = sample()
    ready = prepare(whole.pages[1:], whole.resources, whole.book.date)()
    assert package(whole, ready) == package(whole)


def test_what_was_ready_and_has_changed_is_not_taken():
    whole = sample()
    other = change_page(whole, "export", "See", "Look")
    ready = prepare(other.pages, other.resources, whole.book.date)()
    assert package(whole, ready) == package(whole)


def test_no_item_goes_through_ebooklib(monkeypatch):
    expected = package(sample())
    monkeypatch.setattr(epub.EpubItem, "get_content", lambda _: b"changed")
    assert package(sample()) == expected


def test_a_field_that_ebooklib_drops_is_a_loss():
    book = replace(BOOK, description="A form feed \f is no XML.")
    with pytest.raises(LossError, match="lacks the description"):
        package(replace(sample(), book=book))


def test_a_page_that_ebooklib_leaves_out_of_the_spine_is_a_loss(monkeypatch):
    spine = epub.EpubWriter._write_opf_spine

    def faulty(writer: epub.EpubWriter, *args: object) -> None:
        del writer.book.spine[2]
        spine(writer, *args)

    monkeypatch.setattr(epub.EpubWriter, "_write_opf_spine", faulty)
    with pytest.raises(LossError, match="other pages in its spine"):
        package(sample())


@pytest.mark.parametrize(
    "path", ["../evil.svg", "images/a b.svg", "/x.svg", "images/ü.svg", "css/book.css"]
)
def test_an_unsafe_or_doubled_path_is_refused(path):
    resource = Resource(path, "image/svg+xml", b"<svg/>")
    with pytest.raises(ValueError, match="path"):
        package(replace(sample(), resources=(resource,)))


def test_exactly_one_page_is_the_contents():
    extra = Page("more", "More", document("More", "<p>More</p>"), Kind.CONTENTS)
    whole = sample()
    with pytest.raises(ValueError, match="one contents page"):
        package(replace(whole, pages=(*whole.pages, extra)))


def test_the_package_does_not_touch_the_disk(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    package(sample())
    assert list(Path().iterdir()) == []
