"""The structure tree says what the HTML says, and veraPDF agrees."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pikepdf
import pytest
from pikepdf import Name, Object

from memobook.checks.judges.verapdf import validate
from memobook.outputs.pdf.layout import lay_out
from tests.outputs.pdf.sheets import bound, note, opened, page_texts, task

PICTURE = (
    "data:image/svg+xml,%3Csvg xmlns=%22http://www.w3.org/2000/svg%22 width=%2230%22"
    " height=%2220%22%3E%3Crect width=%2230%22 height=%2220%22 fill=%22red%22/%3E"
    "%3C/svg%3E"
)

HARD = f"""
<main><h1 id="ID-top">Hard <em>things</em></h1>
<ul><li><p>Loose.</p><p>Two.</p></li><li><p>Loose.</p><ul><li>nested</li><li>nested
 <b>b</b><ol><li>deep</li></ol></li></ul></li></ul>
<ol><li>tight</li><li>tight <a href="https://e.org/?q=1">link with <em>emphasis</em> and
 <code>code</code></a> after</li></ol>
<h2 id="ID-h2"><a href="https://e.org/h">Heading <em>link</em></a></h2>
<p>Text{note(1, 'With <a href="https://e.org/note">https://e.org/note</a>.')} and
 <a href="memobook:ID-h2">inside</a>{note(2, "Second, <em>more</em>.")}.</p>
<p>A link <a href="https://e.org/long">that goes over the end of its line and therefore
 has more than <em>one rectangle on the page, even</em> three</a> end.</p>
<p>A picture <a href="https://e.org/img"><img src="{PICTURE}" alt="red"></a> in a link,
 <a class="ext" href="https://e.org/ext">generated text</a>,
 decoration <img src="{PICTURE}" alt="">.</p>
<table><caption>Table 1</caption>
<thead><tr><th colspan="2">Both</th><th>Three</th></tr></thead>
<tbody><tr><th scope="row">r</th><td>a</td><td><p>b</p></td></tr>
<tr><td>1</td><td colspan="2">wide <a href="https://e.org/t">t</a></td></tr></tbody>
</table>
<figure><img src="{PICTURE}" alt="A red box"><figcaption>Figure 1.
 <a href="https://e.org/f">Red</a></figcaption></figure>
<blockquote><p>Quoted{note(3, "Third.")}</p><ul><li><p>in a quotation</p></li></ul>
</blockquote>
<dl><dt>Term</dt><dd><p>Definition</p></dd><dt>Two</dt><dd>Two</dd></dl><hr>
<pre><code>def f():
    return <span class="k">1</span>
</code></pre><h3>Third</h3>
{'<p>Text over the end of the page. <a href="https://e.org/p">A link</a></p>' * 30}
<section><h2>Notes</h2><ol><li id="ID__note-9"><p>
<a class="back" href="#ID__call-9">9.</a> At the end <a href="https://e.org/e">x</a></p>
</li></ol></section><p>c<a class="call" id="ID__call-9" href="#ID__note-9">9</a></p>
<ul class="inside"><li>inside</li><li><p>x</p></li></ul>
<ul class="bare"><li>bare</li><li><p>x</p></li></ul></main>
"""
OWN = """
@page { @top-right { content: string(title) } @bottom-left { content: "Foot" } }
h1 { string-set: title content() }
a.ext::after { content: " +" }
table { border-collapse: collapse } td { border: 1px solid gray }
ul { list-style: "–" } ul.inside { list-style: "–" inside } ul.bare { list-style: none }
"""


def hard_body(id: str) -> str:
    named = HARD.replace("ID-", f"{id}-").replace("ID__", f"{id}__")
    return named.replace("space__", f"{id}__")


def hard(id: str) -> bytes:
    sheet = lay_out(task(hard_body(id), id=id, own=OWN))
    assert sheet.diagnostics == ()
    assert sheet.moved == frozenset()
    return bound(sheet)


def tree(body: str, own: str = "") -> str:
    """Return the elements of a sheet as text: `P(Span Link(Span))`."""
    with opened(lay_out(task(body, own=own)).pdf) as pdf:
        return " ".join(map(outline, pdf.Root.StructTreeRoot.K[0].K))


def outline(element: Object) -> str:
    inner = [outline(kid) for kid in kids(element) if Name.S in kid]
    name = str(element.S)[1:]
    return f"{name}({' '.join(inner)})" if inner else name


def elements(element: Object) -> Iterator[Object]:
    for kid in kids(element):
        if Name.S in kid:
            yield kid
            yield from elements(kid)


def kids(element: Any) -> list[Any]:
    """Return the elements and references in an element, without its marked content."""
    return [kid for kid in element.K if not isinstance(kid, int)]


def found(pdf: pikepdf.Pdf, kind: Name) -> list[Object]:
    document = pdf.Root.StructTreeRoot.K[0]
    return [element for element in elements(document) if kind == element.S]


def test_a_book_of_hard_constructs_is_pdf_ua(tmp_path):
    first = lay_out(task(hard_body("space"), own=OWN))
    second = lay_out(task(hard_body("law"), id="law", own=OWN, first_folio=5))
    path = tmp_path / "hard.pdf"
    path.write_bytes(bound(first, second))

    (verdict,) = validate([path])

    assert (first.diagnostics, first.moved) == ((), frozenset())
    assert verdict.failed == ()
    assert verdict.compliant


def test_what_stands_in_a_list_item_is_in_its_body():
    body = "<ul><li><p>one</p><p>two</p></li></ul>"

    assert tree(body) == "L(LI(Lbl LBody(P P)))"


def test_a_link_has_one_annotation_for_each_line():
    body = "<p><a href='https://e.org/'>one <em>two</em> <code>three</code></a></p>"

    with opened(lay_out(task(body)).pdf) as pdf:
        (annotation,) = pdf.pages[0].Annots
        (link,) = found(pdf, Name.Link)

        assert [kid.Obj for kid in kids(link) if Name.Obj in kid] == [annotation]
        assert annotation.F == 4
    assert tree(body) == "P(Link(Code))"


def test_a_link_over_several_lines_is_one_link():
    words = "word " * 40

    with opened(
        lay_out(task(f"<p>a <a href='https://e.org/'>{words}</a></p>")).pdf
    ) as pdf:
        (link,) = found(pdf, Name.Link)
        lines = len(pdf.pages[0].Annots)

        assert lines > 2
        assert len(kids(link)) == lines


def test_a_picture_in_a_link_can_be_clicked():
    body = f"<p><a href='https://e.org/'><img src='{PICTURE}' alt='red'></a></p>"

    with opened(lay_out(task(body)).pdf) as pdf:
        (figure,) = found(pdf, Name.Figure)
        boxes = [[float(edge) for edge in a.Rect] for a in pdf.pages[0].Annots]
        x1, y1, x2, y2 = map(float, figure.A.BBox)

        assert str(figure.P.S) == "/Link"
        assert any(
            a <= x1 + 1 and b <= y1 + 1 and c >= x2 - 1 and d >= y2 - 1
            for a, b, c, d in boxes
        )


def test_header_cells_say_what_they_head():
    body = "<table><tr><th colspan='2'>a</th></tr><tr><th>b</th><td>c</td></tr></table>"

    with opened(lay_out(task(body)).pdf) as pdf:
        scopes = [str(cell.A.Scope) for cell in found(pdf, Name.TH)]
        spans = [int(cell.A.get(Name.ColSpan, 1)) for cell in found(pdf, Name.TH)]
        (cell,) = found(pdf, Name.TD)
        row = [str(head.ID) for head in found(pdf, Name.TH)]

        assert sorted(map(str, cell.A.Headers)) == sorted(row)
    assert scopes == ["/Column", "/Row"]
    assert spans == [2, 1]


def test_a_scope_that_the_author_gave_is_kept():
    body = """<table><tr><th scope="col">a</th><th scope="col">b</th></tr>
    <tr><th scope="row">c</th><td>d</td></tr><tr><td>e</td><th>f</th></tr></table>"""

    with opened(lay_out(task(body)).pdf) as pdf:
        scopes = [str(cell.A.Scope) for cell in found(pdf, Name.TH)]

    assert scopes == ["/Column", "/Column", "/Row", "/Row"]


def test_decoration_and_running_heads_are_artifacts():
    body = f"<p>one <img src='{PICTURE}' alt=''></p>"
    own = "@page { @top-right { content: 'Head' } }"

    with opened(lay_out(task(body, own=own)).pdf) as pdf:
        marks = [
            instruction.operands[1]
            for instruction in pikepdf.parse_content_stream(pdf.pages[0])
            if str(instruction.operator) == "BDC"
            and instruction.operands[0] == Name.Artifact
        ]
        kinds = sorted(str(mark.get(Name.Subtype, "")) for mark in marks)

    assert kinds == ["", "/Footer", "/Header"]
    assert tree(body) == "P"


def test_a_note_is_a_note_and_its_call_a_reference():
    assert tree(f"<p>one{note(1, 'A note.')}</p>") == (
        "P(Reference(Link)) Note(Lbl(Link))"
    )


def test_a_note_at_the_end_is_a_note_with_one_identifier():
    body = (
        "<p>a<a id='m__call-1' href='#m__note-1'>1</a>"
        "<a id='m__call-1-2' href='#m__note-1'>1</a></p>"
        "<ol><li id='m__note-1'><a href='#m__call-1'>a</a> <a href='#m__call-1-2'>b</a>"
        " Note.</li></ol>"
    )

    with opened(lay_out(task(body)).pdf) as pdf:
        assert [str(n.ID) for n in found(pdf, Name.Note)] == ["m__note-1"]


def test_identifiers_begin_with_the_section():
    body = "<table><tr><th>a</th></tr><tr><td>b</td></tr></table>"

    with opened(lay_out(task(body)).pdf) as pdf:
        (head,) = found(pdf, Name.TH)
        (cell,) = found(pdf, Name.TD)

        assert str(head.ID).startswith("space.")
        assert [str(name) for name in cell.A.Headers] == [str(head.ID)]


def test_no_text_is_changed_by_the_mending():
    texts = " ".join(page_texts(hard("space")))

    for words in ("Hard things", "generated text +", "1. With", "Foot", "return 1"):
        assert words in texts


# Over the end of a page

LINES = "Text over the end of the page. " * 100


def content(pdf: pikepdf.Pdf, element: Object) -> list[tuple[int, int]]:
    """Return the pages and MCIDs of what stands in an element itself."""
    pages = [page.obj.objgen for page in pdf.pages]
    kids: list[Any] = list(element.K)
    return [
        (pages.index(element.Pg.objgen), kid)
        if isinstance(kid, int)
        else (pages.index(kid.Pg.objgen), int(kid.MCID))
        for kid in kids
        if isinstance(kid, int) or Name.MCID in kid
    ]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (f"<p>{LINES}</p>", Name.P),
        (f"<ul><li>{LINES}</li></ul>", Name.LBody),
        (f"<blockquote>{LINES}</blockquote>", Name.P),
        (f"<aside id='space__note-1'>{LINES}</aside>", Name.Note),
        (f"<p><a href='https://e.org/'>{LINES}</a></p>", Name.Link),
        ("<pre><code>" + "line\n" * 60 + "</code></pre>", Name.Code),
    ],
)
def test_what_goes_over_a_page_is_one_element(body, kind):
    with opened(lay_out(task(body)).pdf) as pdf:
        (element,) = found(pdf, kind)
        parts = content(pdf, element)

        assert len(pdf.pages) > 1
        assert {page for page, _ in parts} == set(range(len(pdf.pages)))
        assert parts == sorted(parts)
        for index, page in enumerate(pdf.pages):
            parents = pdf.Root.StructTreeRoot.ParentTree.Nums[2 * index + 1]
            assert int(page.obj.StructParents) == index
            for _, mcid in (part for part in parts if part[0] == index):
                assert parents[mcid] == element


def test_a_list_and_a_table_over_a_page_are_one_each():
    items = "<li>item</li>" * 60
    rows = "<tr><td>a</td><td></td></tr>" * 60
    table = f"<table><thead><tr><th>Head</th><th>b</th></tr></thead>{rows}</table>"

    with opened(lay_out(task(f"<ul>{items}</ul>{table}")).pdf) as pdf:
        (one,) = found(pdf, Name.L)
        (other,) = found(pdf, Name.Table)

        assert len(kids(one)) == 60
        assert [str(kid.S) for kid in kids(other)] == ["/THead", "/TBody"]
        assert len(found(pdf, Name.TH)) == 2  # printed again, and not told again
        assert len(found(pdf, Name.TD)) == 120
        assert "Head" in page_texts(bound(lay_out(task(table))))[1]


# What HTML says


def test_the_contents_are_a_table_of_contents():
    body = """<section role="doc-toc"><h1>Contents</h1><ol><li><p>
    <a href="#a">One</a></p><p>by</p><ol><li><a href="#a">Two</a></li></ol></li></ol>
    </section><p id="a">a</p>"""

    assert tree(body) == (
        "Sect(H1 TOC(TOCI(Lbl P(Reference(Link)) P"
        " TOC(TOCI(Lbl P(Reference(Link))))))) P"
    )


def test_dots_that_lead_to_a_number_are_not_read_out():
    own = ".leader::after { content: leader('.') }"
    body = "<p>one <span class='leader'></span> 12</p>"

    with opened(lay_out(task(body, own=own)).pdf) as pdf:
        (paragraph,) = found(pdf, Name.P)
        kinds = [
            str(instruction.operands[0])
            for instruction in pikepdf.parse_content_stream(pdf.pages[0])
            if str(instruction.operator) == "BDC"
        ]

        assert kinds.count("/Artifact") == 2  # the dots and the folio
        assert kinds.count("/Span") == 2
        assert len(paragraph.K) == 2


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<h1>a</h1><h2>b</h2><h3>c</h3><h2>d</h2>", "H1 H2 H3 H2"),
        ("<h1>a</h1><h4>b</h4><h4>c</h4><h5>d</h5><h2>e</h2>", "H1 H2 H2 H3 H2"),
        ("<h3>a</h3><h2>b</h2>", "H1 H1"),
        ("<h1>a</h1><section><h6>b</h6></section>", "H1 Sect(H2)"),
    ],
)
def test_no_level_of_headings_is_skipped(body, expected):
    assert tree(body) == expected


def test_every_element_with_a_language_says_it():
    body = """<p>one <em lang="fr">deux</em> <i>three</i></p><p lang="de">vier</p>
    <div lang="hi"><p>a</p></div><p lang="en">five</p>
    <p><a href="https://e.org/" lang="es">seis</a> <code lang="zxx">x</code></p>"""

    with opened(lay_out(task(body)).pdf) as pdf:
        document = pdf.Root.StructTreeRoot.K[0]
        said = {str(e.S): str(e.Lang) for e in elements(document) if Name.Lang in e}
        plain = [e for e in found(pdf, Name.P) if Name.Lang not in e]

    assert said == {
        "/Span": "fr",
        "/P": "de",
        "/Div": "hi",
        "/Link": "es",
        "/Code": "zxx",
    }
    assert len(plain) == 4


def test_a_memo_in_another_language_than_the_book_says_so():
    german = task("<p>eins</p>", id="law")
    section = german.section
    html = section.html.replace("lang='en'", "lang='de'")
    other = lay_out(replace(german, section=replace(section, html=html)))

    with opened(bound(lay_out(task("<p>one</p>")), other)) as pdf:
        first, second = pdf.Root.StructTreeRoot.K[0].K

        assert str(pdf.Root.Lang) == "en-US"
        assert str(first.Lang) == "en"
        assert str(second.Lang) == "de"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<h1>a{}</h1><p>b</p>", "H1(Reference(Link)) Note(Lbl(Link)) P"),
        (
            "<ul><li>a{} b<ul><li>c</li></ul></li></ul>",
            "L(LI(Lbl LBody(Reference(Link) Note(Lbl(Link)) L(LI(Lbl LBody)))))",
        ),
        (
            "<table><tr><td>a{}</td></tr></table>",
            "Table(TBody(TR(TD(Reference(Link) Note(Lbl(Link))))))",
        ),
        (
            "<div>a <em>b{}</em> c<p>d</p></div>",
            "P(Reference(Link)) Note(Lbl(Link)) P",
        ),
        (
            "<blockquote><p>a{}</p><p>b</p></blockquote>",
            "BlockQuote(P(Reference(Link)) Note(Lbl(Link)) P)",
        ),
    ],
)
def test_a_note_comes_after_the_paragraph_of_its_call(body, expected):
    assert tree(body.format(note(1, "A note."))) == expected


def test_notes_come_in_the_order_of_their_calls():
    body = f"<p>a{note(1, 'One.')} b{note(2, 'Two.')} {LINES}c{note(3, 'Three.')}</p>"

    with opened(lay_out(task(f"{body}<p>end</p>")).pdf) as pdf:
        kinds = [(str(e.S), str(e.get(Name.ID, ""))) for e in kids(document(pdf))]

    assert kinds == [
        ("/P", ""),
        ("/Note", "space__note-1"),
        ("/Note", "space__note-2"),
        ("/Note", "space__note-3"),
        ("/P", ""),
    ]


def document(pdf: pikepdf.Pdf) -> Object:
    return pdf.Root.StructTreeRoot.K[0]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            f"<figure><img src='{PICTURE}' alt='red'><figcaption>b</figcaption></figure>",
            "Figure(Caption)",
        ),
        (
            f"<figure><img src='{PICTURE}' alt=''><figcaption>b</figcaption></figure>",
            "Sect(Caption)",
        ),
        ("<figure><pre>a</pre><figcaption>b</figcaption></figure>", "Sect(P Caption)"),
        (
            "<table><caption>a</caption><tr><td>b</td></tr></table>",
            "Table(Caption TBody(TR(TD)))",
        ),
        ("<pre><code>a <span>b</span></code></pre>", "P(Code)"),
        (
            "<blockquote><p>a</p><ul><li>b</li></ul></blockquote>",
            "BlockQuote(P L(LI(Lbl LBody)))",
        ),
        ("<p>a <q>b</q></p>", "P(Quote)"),
        (
            "<dl><dt>a</dt><dt>b</dt><dd>c</dd><dt>d</dt><dd><p>e</p></dd></dl>",
            "L(LI(Lbl Lbl LBody) LI(Lbl LBody(P)))",
        ),
        (
            "<section>a <b>b</b> <a href='https://e.org/'>c</a></section>",
            "Sect(P(Link))",
        ),
        ("<div><div>a</div><div>b</div></div>", "P P"),
    ],
)
def test_what_html_says_is_said_in_the_tree(body, expected):
    assert tree(body) == expected


def test_an_abbreviation_says_what_it_stands_for():
    with opened(lay_out(task("<p>the <abbr title='World'>W</abbr></p>")).pdf) as pdf:
        (span,) = found(pdf, Name.Span)

        assert str(span.E) == "World"


def test_a_figure_has_its_text_and_its_box():
    body = f"<figure><img src='{PICTURE}' alt='A red box'><figcaption>b</figcaption></figure>"

    with opened(lay_out(task(body)).pdf) as pdf:
        (figure,) = found(pdf, Name.Figure)
        x1, y1, x2, y2 = map(float, figure.A.BBox)

        assert str(figure.Alt) == "A red box"
        assert (round(x2 - x1, 1), round(y2 - y1, 1)) == (22.5, 15)
        assert 270 > y2 > y1 > 200  # of a page that is 300 high


def test_lists_say_how_they_are_numbered():
    body = "<ul><li>a</li></ul><ol><li>a</li></ol><ol class='i'><li>a</li></ol>"
    body += "<ol class='g'><li>a</li></ol><dl><dt>a</dt><dd>b</dd></dl>"
    own = "ul { list-style-type: '– ' } .i { list-style-type: lower-roman }"
    own += ".g { list-style-type: lower-greek }"

    with opened(lay_out(task(body, own=own)).pdf) as pdf:
        said = [str(e.A.ListNumbering) for e in found(pdf, Name.L)]

    assert said == ["/Unordered", "/Decimal", "/LowerRoman", "/Ordered", "/Description"]


def test_empty_cells_are_cells():
    body = "<table><tr><td></td><td>a</td></tr><tr><td>b</td><td></td></tr></table>"

    assert tree(body) == "Table(TBody(TR(TD TD) TR(TD TD)))"


@pytest.mark.parametrize("kind", [Name.Link, Name.P, Name.Span, Name.NonStruct])
def test_no_element_is_empty(kind):
    with opened(hard("space")) as pdf:
        assert [e for e in found(pdf, kind) if len(e.K) == 0] == []
