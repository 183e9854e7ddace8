"""The navigation document: contents, landmarks and page list as one XHTML page.

What goes in: entries and pages of the spine. What comes out: a document as text. It is
a page of the book at the same time: its place in the spine is the contents page's.
https://www.w3.org/TR/epub-33/#sec-nav
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from memobook.book.tree import Child, Node, serialize
from memobook.design.section import Kind

__all__ = [
    "Entry",
    "Landmark",
    "Page",
    "find_landmarks",
    "navigation_document",
    "page_id",
    "page_path",
]

_FOLDER = "text/"

# What is a page of this kind called in the landmarks?
# https://www.w3.org/TR/epub-33/#sec-nav-landmarks
_LANDMARKS = {
    Kind.COVER: "cover",
    Kind.TITLE_PAGE: "titlepage",
    Kind.IMPRINT: "copyright-page",
    Kind.EPIGRAPH: "epigraph",
    Kind.CONTENTS: "toc",
    Kind.FRONT: "frontmatter",
    Kind.PART: "bodymatter",
    Kind.MEMO: "bodymatter",
    Kind.APPENDIX: "appendix",
    Kind.BACK: "backmatter",
    Kind.NOTES: "endnotes",
    Kind.ABBREVIATIONS: "glossary",
    Kind.BIBLIOGRAPHY: "bibliography",
    Kind.SOURCES: "bibliography",
    Kind.INDEX: "index",
}


@dataclass(frozen=True, slots=True)
class Page:
    """One document of the spine."""

    id: str
    """Its file's stem, unique in the book: space for text/space.xhtml."""
    title: str
    """Plain text, in the book's language; also its name in the landmarks."""
    html: str
    """A whole XHTML document, its style sheet linked as ../css/book.css."""
    kind: Kind
    in_spine: bool = True
    """Whether it is read as a page: the contents of a memo alone are not."""
    linear: bool = True
    """Whether one comes to it by turning pages."""
    landmark: str = ""
    """What it is among the landmarks; empty for what its kind is."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the contents."""

    title: str
    href: str
    """text/space.xhtml#anchor; empty for a part that has no page of its own."""
    byline: str = ""
    """The authors, as they are shown below the title."""
    children: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Landmark:
    """A place that a reading system offers a button for."""

    type: str
    """A term of https://www.w3.org/TR/epub-ssv-11/ such as bodymatter."""
    href: str
    title: str


def page_path(page_id: str) -> str:
    """Return where a page stands in the publication: text/space.xhtml."""
    return f"{_FOLDER}{page_id}.xhtml"


def page_id(label: str) -> str:
    """Return the id of the mark of a printed page."""
    return f"page-{label}"


def find_landmarks(pages: Iterable[Page]) -> tuple[Landmark, ...]:
    """Return the first page of every kind, in the order of the spine."""
    first: dict[str, Page] = {}
    for page in pages:
        first.setdefault(page.landmark or _LANDMARKS[page.kind], page)
    return tuple(
        Landmark(name, page_path(page.id), page.title) for name, page in first.items()
    )


def navigation_document(
    contents: Iterable[Entry],
    *,
    heading: str,
    language: str,
    direction: str = "ltr",
    landmarks: Iterable[Landmark] = (),
    pages: Iterable[tuple[str, str]] = (),
    landmarks_label: str = "Landmarks",
    pages_label: str = "Pages",
    label: str = "",
) -> str:
    """Return the document; `heading` is the word for "Contents" in `language`.

    `pages` are pairs of a printed page's number and its href; `label` is the number of
    the printed contents' own page. Landmarks and page list are hidden, as the document
    is read as a page of the book.
    """
    navs: list[Child] = [_page_mark(label)] if label else []
    navs.append(_toc(contents, heading))
    marks = [_anchor(m.href, m.title, epub_type=m.type) for m in landmarks]
    if marks:
        navs.append(_hidden("landmarks", landmarks_label, marks))
    folios = [_anchor(href, label) for label, href in pages]
    if folios:
        navs.append(_hidden("page-list", pages_label, folios, role="doc-pagelist"))
    return _document(heading, navs, language, direction)


def _page_mark(label: str) -> Node:
    attributes = (
        ("epub:type", "pagebreak"),
        ("role", "doc-pagebreak"),
        ("id", page_id(label)),
        ("aria-label", label),
    )
    return Node("span", attributes)


def _toc(contents: Iterable[Entry], heading: str) -> Node:
    title = Node("h1", (("id", "contents-heading"),), (heading,))
    attributes = (
        ("epub:type", "toc"),
        ("role", "doc-toc"),
        ("id", "toc"),
        ("aria-labelledby", "contents-heading"),
    )
    return Node("nav", attributes, (title, "\n", _list(contents)))


def _list(entries: Iterable[Entry]) -> Node:
    items: list[Child] = ["\n"]
    for entry in entries:
        inner: tuple[Child, ...] = (_label(entry),)
        if entry.children:
            inner = (*inner, _list(entry.children))
        items += [Node("li", (), inner), "\n"]
    return Node("ol", (), tuple(items))


def _label(entry: Entry) -> Node:
    """Return the line of an entry, its byline inside the link.

    A list item may hold one `a` or `span` and one `ol`, nothing else. A reading system
    shows the text of the link in its own panel: the dash keeps title and byline apart
    there, and the style sheet hides it where the byline has its own line.
    """
    content: tuple[Child, ...] = (Node("span", (("class", "title"),), (entry.title,)),)
    if entry.byline:
        dash = Node("span", (("class", "separator"),), (" — ",))
        byline = Node("span", (("class", "byline"),), (dash, entry.byline))
        content = (*content, byline)
    if not entry.href:
        return Node("span", (), content)
    return Node("a", (("href", _relative(entry.href)),), content)


def _anchor(href: str, text: str, epub_type: str = "") -> Node:
    kind = (("epub:type", epub_type),) if epub_type else ()
    return Node("a", (*kind, ("href", _relative(href))), (text,))


def _relative(href: str) -> str:
    """Return an address inside the publication as the contents page says it."""
    if href.startswith(_FOLDER):
        return href.removeprefix(_FOLDER)
    return f"../{href}"


def _hidden(kind: str, label: str, anchors: Iterable[Node], role: str = "") -> Node:
    attributes = (
        ("epub:type", kind),
        *((("role", role),) if role else ()),
        ("hidden", "hidden"),
        ("aria-label", label),
    )
    items = [Node("li", (), (anchor,)) for anchor in anchors]
    return Node("nav", attributes, ("\n", Node("ol", (), tuple(items))))


def _document(title: str, navs: Iterable[Child], language: str, direction: str) -> str:
    sheet = (("rel", "stylesheet"), ("type", "text/css"), ("href", "../css/book.css"))
    head: tuple[Child, ...] = (
        Node("meta", (("charset", "utf-8"),)),
        Node("title", (), (title,)),
        Node("link", sheet),
    )
    body = [part for nav in navs for part in (nav, "\n")]
    root = Node(
        "html",
        (
            ("xmlns", "http://www.w3.org/1999/xhtml"),
            ("xmlns:epub", "http://www.idpf.org/2007/ops"),
            ("lang", language),
            ("xml:lang", language),
            ("dir", direction),
        ),
        (
            Node("head", (), head),
            "\n",
            Node("body", (("class", "contents"),), tuple(body)),
        ),
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n{serialize(root)}\n'
    )
