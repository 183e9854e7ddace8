"""The navigation document."""

from lxml import etree

from memobook.design.section import Kind
from memobook.outputs.epub.navigation import (
    Entry,
    Landmark,
    Page,
    find_landmarks,
    navigation_document,
)

NAMESPACES = {"h": "http://www.w3.org/1999/xhtml"}
TYPE = "{http://www.idpf.org/2007/ops}type"


def navs_of(html: str) -> dict[str, etree._Element]:
    root = etree.fromstring(html.encode())
    return {nav.get(TYPE): nav for nav in root.iter("{*}nav")}


def hrefs_of(nav: etree._Element) -> list[str]:
    return [a.get("href") for a in nav.iter("{*}a")]


def test_an_item_holds_one_link_and_one_list():
    entry = Entry("A & b", "text/a.xhtml", "Ada", (Entry("C", "text/a.xhtml#c"),))
    html = navigation_document((entry,), heading="Contents", language="en")
    item = next(navs_of(html)["toc"].iter("{*}li"))
    assert [etree.QName(child).localname for child in item] == ["a", "ol"]
    assert "".join(item[0].itertext()) == "A & b — Ada"
    assert hrefs_of(navs_of(html)["toc"]) == ["a.xhtml", "a.xhtml#c"]


def test_a_part_without_a_page_is_a_span():
    part = Entry("Part", "", children=(Entry("A", "text/a.xhtml"),))
    html = navigation_document((part,), heading="Contents", language="en")
    item = next(navs_of(html)["toc"].iter("{*}li"))
    assert [etree.QName(child).localname for child in item] == ["span", "ol"]


def test_the_heading_and_language_are_those_given():
    html = navigation_document(
        (Entry("א", "text/a.xhtml"),),
        heading="תוכן",
        language="he",
        direction="rtl",
    )
    root = etree.fromstring(html.encode())
    assert (root.get("lang"), root.get("dir")) == ("he", "rtl")
    assert root.xpath("//h:h1/text()", namespaces=NAMESPACES) == ["תוכן"]
    assert list(navs_of(html)) == ["toc"]


def test_landmarks_are_the_first_page_of_each_kind():
    pages = (
        Page("cover", "Cover", "", Kind.COVER),
        Page("a", "First", "", Kind.MEMO),
        Page("b", "Second", "", Kind.MEMO),
        Page("notes", "Notes", "", Kind.NOTES),
    )
    assert (
        Landmark("cover", "text/cover.xhtml", "Cover"),
        Landmark("bodymatter", "text/a.xhtml", "First"),
        Landmark("endnotes", "text/notes.xhtml", "Notes"),
    ) == find_landmarks(pages)


def test_landmarks_and_page_list_are_hidden():
    html = navigation_document(
        (Entry("A", "text/a.xhtml"),),
        heading="Contents",
        language="en",
        landmarks=(Landmark("toc", "text/contents.xhtml", "Contents"),),
        pages=(("iv", "text/a.xhtml#page-iv"), ("1", "appendix.xhtml")),
    )
    navs = navs_of(html)
    assert list(navs) == ["toc", "landmarks", "page-list"]
    assert hrefs_of(navs["landmarks"]) == ["contents.xhtml"]
    assert hrefs_of(navs["page-list"]) == ["a.xhtml#page-iv", "../appendix.xhtml"]
    assert {"hidden"} == {n.get("hidden") for k, n in navs.items() if k != "toc"}
