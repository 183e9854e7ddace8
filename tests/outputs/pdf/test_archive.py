"""What a PDF promises, it says and keeps; what it promises not, it does not say."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Name

from memobook.checks.printed import PrintedBook
from memobook.outputs.pdf.bind import bind
from memobook.outputs.pdf.layout import lay_out
from memobook.outputs.pdf.leaves import Leaf, OutlineItem
from memobook.outputs.pdf.sheet import Sheet
from memobook.project.standards import STANDARDS, Standards, clash
from tests.judges import validate
from tests.outputs.pdf.sheets import FACTS, leaf, note, opened, page_texts, task

BODY = f"""<h1 id="space">A <em lang="fr">titre</em></h1>
<p>Text{note(1, "A note.")} to <a href="memobook:law">law</a>.</p>
<ul><li>a</li></ul><dl><dt>b</dt><dd>c</dd></dl>
<p><img src="pixel.png" alt="a dot" style="width: 20px"> on
<span style="background: rgba(255, 0, 0, 0.5)">red</span></p>
"""
CONTENTS = """<section role="doc-toc"><ol><li>
<a href="memobook:law">Law</a></li></ol></section>"""


@pytest.fixture(scope="module")
def leaves(tmp_path_factory: pytest.TempPathFactory) -> list[Leaf]:
    """Return the leaves of a small book with contents, a note and a picture."""
    root = tmp_path_factory.mktemp("book").resolve()
    from PIL import Image

    Image.new("RGBA", (2, 2), (0, 0, 255, 128)).save(root / "pixel.png")
    sheets = [
        lay_out(task(CONTENTS, id="contents")),
        lay_out(task(BODY, root=root, own="ul { list-style: '– ' }")),
        lay_out(task('<h1 id="law">Law</h1><p>End.</p>', id="law")),
    ]
    assert [sheet.diagnostics for sheet in sheets] == [(), (), ()]
    return [leaf(sheet) for sheet in sheets]


def promised(
    leaves: list[Leaf], *names: str, attached: Mapping[str, str] | None = None
) -> bytes:
    standards = Standards.of(names)
    facts = replace(FACTS, standards=standards, attached=attached or {})
    return bind(leaves, [OutlineItem("Law", "law")], facts)


def failures(path: Path, data: bytes, flavour: str) -> tuple[object, ...]:
    path.write_bytes(data)
    (verdict,) = validate([path], flavour)
    assert verdict.assertions > 500
    return verdict.failed


@pytest.mark.parametrize("name", STANDARDS)
def test_each_standard_holds_alone(leaves, tmp_path, name):
    flavour = name.removeprefix("pdf/").removeprefix("a-").replace("-", "")

    assert failures(tmp_path / "book.pdf", promised(leaves, name), flavour) == ()


@pytest.mark.parametrize(
    "names",
    [("pdf/ua-1", "pdf/a-3a"), ("pdf/ua-1", "pdf/a-2a"), ("pdf/ua-2", "pdf/a-4")],
)
def test_two_standards_hold_at_once(leaves, tmp_path, names):
    data = promised(leaves, *names)

    for name in names:
        flavour = name.removeprefix("pdf/").removeprefix("a-").replace("-", "")
        assert failures(tmp_path / "book.pdf", data, flavour) == ()


def test_notes_and_title_are_read_back_whatever_the_standard(leaves):
    one, two = (
        PrintedBook(promised(leaves, *names))
        for names in (("pdf/ua-1", "pdf/a-3a"), ("pdf/ua-2", "pdf/a-4"))
    )

    notes = [[n.id for p in book.parts for n in p.all("Note")] for book in (one, two)]
    assert len(notes[0]) == len(notes[1]) > 0
    assert one.title == two.title == FACTS.title


def test_what_is_not_promised_is_not_said(leaves):
    with opened(promised(leaves, "pdf/ua-1")) as pdf:
        assert Name.OutputIntents not in pdf.Root
        assert "pdfaid:part" not in pdf.open_metadata()
        assert pdf.pdf_version == "1.7"
    with opened(promised(leaves, "pdf/a-3b")) as pdf:
        assert "pdfuaid:part" not in pdf.open_metadata()
        assert pdf.open_metadata()["pdfaid:conformance"] == "B"
    with opened(promised(leaves, "pdf/a-4")) as pdf:
        assert pdf.pdf_version == "2.0"
        assert Name.Info not in pdf.trailer
        assert pdf.open_metadata()["dc:title"] == FACTS.title


def test_no_word_of_a_sheet_alone_is_left(leaves):
    for names in (("pdf/ua-1",), ("pdf/ua-2",)):
        with opened(promised(leaves, *names)) as pdf:
            assert "/Anchors" not in pdf.Root.StructTreeRoot
            for element in pdf.objects:
                if isinstance(element, pikepdf.Dictionary) and Name.Ref in element:
                    assert names == ("pdf/ua-2",)
                    assert all(Name.S in target for target in element.Ref)


def test_sources_are_attached_with_the_date_of_the_book(leaves, tmp_path):
    sources = {"manuscript/a b.md": "# A\n", "manuscript/é.md": "# É\n"}
    data = promised(leaves, "pdf/ua-1", "pdf/a-3a", attached=sources)

    with opened(data) as pdf:
        files = [pdf.attachments[name] for name in sorted(pdf.attachments)]
        found = {f.filename: f.get_file().read_bytes().decode() for f in files}
        assert found == sources
        for file in files:
            stored = file.get_file()
            assert str(file.obj.AFRelationship) == "/Source"
            assert stored.mime_type == "text/markdown"
            assert stored.md5 == hashlib.md5(stored.read_bytes()).digest()
            assert str(stored.obj.Params.ModDate) == "D:20250609000000+00'00"
        assert [str(f.UF) for f in pdf.Root.AF] == sorted(sources)
        assert len(pdf.Root.Names.Dests.Names) > 2
    for flavour in ("ua1", "3a"):
        assert failures(tmp_path / "book.pdf", data, flavour) == ()
    assert data == promised(leaves, "pdf/ua-1", "pdf/a-3a", attached=sources)


def test_pictures_of_an_archive_are_not_smoothed(leaves):
    for names, expected in ((("pdf/ua-1",), True), (("pdf/a-3a",), False)):
        with opened(promised(leaves, *names)) as pdf:
            found = [
                bool(picture.Interpolate)
                for picture in pdf.objects
                if isinstance(picture, pikepdf.Stream) and Name.Interpolate in picture
            ]
            assert found == [expected] * 2  # the picture and its mask


def test_links_of_a_pdf_2_lead_to_elements(leaves):
    with opened(promised(leaves, "pdf/ua-2", "pdf/a-4")) as pdf:
        names = pikepdf.NameTree(pdf.Root.Names.Dests)
        element = names["law"].SD[0]

        assert str(element.S) == "/H1"
        assert element.Pg.objgen == names["law"].D[0].objgen == pdf.pages[2].obj.objgen


def test_clashes_are_told_of_known_names_only():
    assert clash(()) is None
    assert all(clash([name]) is None for name in STANDARDS)
    assert clash(["pdf/ua-1", "pdf/ua-1"]) is not None


# Without tags


def untagged(body: str, own: str = "") -> Sheet:
    return lay_out(replace(task(body, own=own), is_tagged=False))


def test_a_book_that_promises_nothing_has_no_tags_and_the_same_words():
    link = "<a href='memobook-page:law'>(page <span class='page-number'>00</span>"
    body = (
        f"<p id='x'>A {link}<span class='digits'>0123456789</span>)</a>, <i>b</i></p>"
    )
    own = ".digits { position: absolute; top: 0; left: 0 }"
    far = "<p style='break-before: page' id='law'>end</p>"
    facts = replace(FACTS, standards=Standards.of(()))
    tagged, plain = (
        bind([leaf(sheet)], [], facts, {"law": "72"})
        for sheet in (lay_out(task(body + far, own=own)), untagged(body + far, own))
    )

    assert page_texts(plain) == page_texts(tagged)
    assert page_texts(plain)[0].startswith("A (page 72")
    with opened(plain) as pdf:
        (link_to_law,) = pdf.pages[0].Annots
        assert str(link_to_law.Dest) == "law"
        assert str(link_to_law.Contents) == "(page 72)"
        assert Name.StructParent not in link_to_law
        assert Name.StructTreeRoot not in pdf.Root
        assert Name.MarkInfo not in pdf.Root
        assert all(Name.StructParents not in page.obj for page in pdf.pages)
        assert "pdfuaid:part" not in pdf.open_metadata()


def test_a_sheet_without_tags_is_smaller():
    body = "<p>Text with <b>some</b> <i>more</i>.</p>" * 40

    assert len(untagged(body).pdf) < len(lay_out(task(body)).pdf)
