"""A package with every kind of page, small enough to see whole."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

from memobook.book.model import Book, Contributor, Memo
from memobook.book.tree import Node
from memobook.design.cut import Cut, Need, cut_faces
from memobook.design.fonts import find_faces
from memobook.design.section import Kind
from memobook.diagnostics import Span
from memobook.outputs.epub.container import Resource
from memobook.outputs.epub.fonts import join, subset
from memobook.outputs.epub.navigation import (
    Entry,
    Page,
    find_landmarks,
    navigation_document,
)
from memobook.outputs.epub.package import Package
from memobook.store import Store

CSS = "body { font-family: serif }\n.separator { display: none }\n"

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><defs>'
    '<linearGradient id="g"><stop offset="0"/></linearGradient></defs>'
    '<circle cx="5" cy="5" r="4" fill="url(#g)"/></svg>'
)

SPACE = f"""<section epub:type="chapter" role="doc-chapter" aria-labelledby="space">
<h1 id="space">Space &amp; law</h1>
<p>The <a href="https://example.org/r">report</a><sup><a id="space-r1"
 href="#space-n1" epub:type="noteref" role="doc-noteref">1</a></sup> and the same
 <a href="https://example.org/r">source</a><sup><a id="space-r1-2" href="#space-n1"
 epub:type="noteref" role="doc-noteref">1</a></sup>; अंतरिक्ष.</p>
<pre><b>x</b><i>y</i></pre>
<figure><img src="../images/3f2a.svg" alt="An orbit"/>
<figcaption>Figure 1. An orbit</figcaption></figure>
{SVG.replace("<svg ", '<svg role="img" aria-label="A circle" ')}
<h2 id="space-treaties">Treaties</h2>
<table><caption>Table 1. Treaties</caption><thead><tr><th scope="col">Name</th>
<th scope="col">Year</th></tr></thead><tbody><tr><td>OST</td><td>1967</td></tr></tbody>
</table>
<section epub:type="footnotes" role="doc-endnotes" aria-label="Notes"><h2>Notes</h2>
<aside id="space-n1" epub:type="footnote" role="doc-footnote">
<p><a href="#space-r1" epub:type="backlink" role="doc-backlink"
 title="Go to note reference 1">1.</a> Example, “Report”,
 <a href="https://example.org/r">https://<wbr/>example.org<wbr/>/r</a>.
 <a href="#space-r1-2" role="doc-backlink"
 title="Go to second reference to note 1">b</a></p></aside></section></section>"""

EXPORT = """<section epub:type="chapter" role="doc-chapter" aria-labelledby="export">
<h1 id="export">Export controls</h1>
<p>See <a href="space.xhtml#space-treaties">Treaties</a><sup><a id="export-r1"
 href="notes.xhtml#export-n1" epub:type="noteref" role="doc-noteref">1</a></sup>.</p>
</section>"""

NOTES = """<section epub:type="endnotes" role="doc-endnotes" aria-labelledby="notes">
<h1 id="notes">Notes</h1>
<aside id="export-n1" epub:type="footnote" role="doc-footnote"><p>
<a href="export.xhtml#export-r1" epub:type="backlink" role="doc-backlink">1.</a>
 A note of an author.</p></aside></section>"""

COVER = """<section epub:type="cover" aria-label="Cover">
<img src="../images/cover.png" alt="Cover: Orbits" role="doc-cover"/></section>"""


def document(title: str, body: str, language: str = "en-US") -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n'
        '<html xmlns="http://www.w3.org/1999/xhtml"'
        ' xmlns:epub="http://www.idpf.org/2007/ops"'
        f' lang="{language}" xml:lang="{language}"><head><meta charset="utf-8"/>'
        f"<title>{title}</title>"
        '<link rel="stylesheet" type="text/css" href="../css/book.css"/></head>'
        f"<body>{body}</body></html>"
    )


def page(page_id: str, kind: Kind, title: str, body: str) -> Page:
    return Page(page_id, title, document(title, body), kind)


def memo(memo_id: str, title: str, author: str) -> Memo:
    path = f"manuscript/{memo_id}.md"
    return Memo(
        id=memo_id,
        path=path,
        title=title,
        authors=(Contributor(author),),
        language="en-US",
        body=Node("div"),
        span=Span(path),
    )


BOOK = Book(
    name="orbits",
    title="Orbits & “Law”",
    subtitle="A reader",
    language="en-US",
    date=date(2025, 6, 9),
    identifier="urn:isbn:9783161484100",
    isbn="978-3-16-148410-0",
    description="Two memos.",
    publisher="The Press",
    edition="Second edition",
    series="Readers",
    rights="© 2025",
    subjects=("Space", "Law"),
    contributors=(
        Contributor("Ada Writer", sort="Writer, Ada"),
        Contributor("Ed Itor", role="edt"),
    ),
    memos=(memo("space", "Space", "Ada"), memo("export", "Export", "Bo")),
)

ENTRIES = (
    Entry(
        "Space & law",
        "text/space.xhtml",
        byline="Ada Writer",
        children=(Entry("Treaties", "text/space.xhtml#space-treaties"),),
    ),
    Entry("Part", "", children=(Entry("Export controls", "text/export.xhtml", "Bo"),)),
    Entry("Notes", "text/notes.xhtml"),
)


def cover_picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 90), "#205060").save(out, "PNG")
    return out.getvalue()


def sample() -> Package:
    pages = (
        page("cover", Kind.COVER, "Cover", COVER),
        page("title-page", Kind.TITLE_PAGE, "Title page", "<h1>Orbits</h1>"),
        page("imprint", Kind.IMPRINT, "Imprint", "<p>© 2025 The Press</p>"),
        Page("contents", "Contents", "", Kind.CONTENTS),
        page("space", Kind.MEMO, "Space", SPACE),
        page("export", Kind.MEMO, "Export controls", EXPORT),
        page("notes", Kind.NOTES, "Notes", NOTES),
    )
    nav = navigation_document(
        ENTRIES,
        heading="Contents",
        language="en-US",
        landmarks=find_landmarks(pages),
    )
    cover = Resource("images/cover.png", "image/png", cover_picture())
    return Package(
        book=BOOK,
        pages=tuple(replace(p, html=p.html or nav) for p in pages),
        contents=ENTRIES,
        stylesheet=CSS,
        resources=(Resource("images/3f2a.svg", "image/svg+xml", SVG.encode()),),
        cover=cover,
    )


def sample_with_fonts() -> Package:
    plain = sample()
    characters = frozenset("".join(page.html for page in plain.pages))
    families = ("Literata", "Noto Sans Devanagari")
    faces = [f for name in families for f in find_faces(name, Path("no-folder"))]
    with TemporaryDirectory() as folder:
        cuts = (Cut(400), Cut(600))
        wanted = [Need(face, cuts, characters) for face in faces]
        static = cut_faces(wanted, Store(Path(folder)))
        fonts = join(subset(face, characters) for face in static)
    return replace(plain, fonts=fonts.resources, stylesheet=fonts.css + CSS)


def change_page(whole: Package, page_id: str, old: str, new: str) -> Package:
    assert any(p.id == page_id and old in p.html for p in whole.pages)
    pages = (
        replace(p, html=p.html.replace(old, new)) if p.id == page_id else p
        for p in whole.pages
    )
    return replace(whole, pages=tuple(pages))
