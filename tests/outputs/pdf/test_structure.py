"""What WeasyPrint tags wrongly is mended, and veraPDF agrees."""

from collections.abc import Iterator
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

    assert tree(body) == "L(LI(Lbl(Span) LBody(P(Span) P(Span))))"


def test_a_link_has_one_annotation_for_each_line():
    body = "<p><a href='https://e.org/'>one <em>two</em> <code>three</code></a></p>"

    with opened(lay_out(task(body)).pdf) as pdf:
        (annotation,) = pdf.pages[0].Annots
        (link,) = found(pdf, Name.Link)

        assert [kid.Obj for kid in kids(link) if Name.Obj in kid] == [annotation]
        assert annotation.F == 4
    assert tree(body) == "P(Link(NonStruct(Span) NonStruct(Span)))"


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

    assert scopes == ["/Column", "/Row"]


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
    assert tree(body) == "P(Span)"


def test_a_note_is_a_note_and_its_call_a_reference():
    assert tree(f"<p>one{note(1, 'A note.')}</p>") == (
        "P(Span Reference(Link)) NonStruct(Note(Link Span))"
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


@pytest.mark.parametrize("kind", [Name.Link, Name.P, Name.Span, Name.NonStruct])
def test_no_element_is_empty(kind):
    with opened(hard("space")) as pdf:
        assert [e for e in found(pdf, kind) if len(e.K) == 0] == []
