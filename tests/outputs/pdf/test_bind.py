import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Name

from memobook.design.section import Folio
from memobook.outputs.pdf.bind import bind
from memobook.outputs.pdf.layout import lay_out
from memobook.outputs.pdf.leaves import Leaf, OutlineItem
from memobook.outputs.pdf.sheet import Sheet
from tests.outputs.pdf.sheets import (
    FACTS,
    bound,
    leaf,
    note,
    opened,
    page_texts,
    sample,
    task,
)


def sheet(body: str, id: str = "space") -> Sheet:
    return lay_out(task(body, id=id))


def destinations(pdf: pikepdf.Pdf) -> dict[str, Any]:
    names: list[Any] = list(pdf.Root.Names.Dests.Names)
    return {str(n): d for n, d in zip(names[::2], names[1::2], strict=True)}


def test_a_link_to_another_section_becomes_a_destination_of_the_book():
    with opened(sample()) as pdf:
        (link,) = pdf.pages[0].Annots
        found = destinations(pdf)

        assert Name.A not in link
        assert str(link.Dest) == "law-é"
        # The law is on the third page: an empty one is before it.
        page, kind, *_, zoom = found["law-é"]
        assert page == pdf.pages[2].obj
        assert (str(kind), zoom) == ("/XYZ", None)


def test_a_link_is_described_by_its_words_and_an_outer_one_by_its_address():
    body = (
        "<h1 id='a'>A</h1><p><a href='memobook:a'>to <b>the</b> top</a>"
        "<a href='https://e.org/'>out</a>"
        "<a href='https://e.org/' title='Home'>x</a></p>"
    )

    with opened(bound(sheet(body))) as pdf:
        said = [str(link.Contents) for link in pdf.pages[0].Annots]

    assert said == ["to the top", "https://e.org/", "Home"]


def test_names_are_sorted_by_their_bytes():
    body = "".join(f"<p id='{name}'>.</p>" for name in ("b", "é", "a", "日"))

    with opened(bound(sheet(body.replace("日", "ж")))) as pdf:
        names = [bytes(name) for name in list(pdf.Root.Names.Dests.Names)[::2]]

    assert names == sorted(names)
    assert len(names) == 4


@pytest.mark.parametrize(
    ("body", "outline", "message"),
    [
        ("<p><a href='memobook:nowhere'>x</a></p>", [], "a link leads to 'nowhere'"),
        ("<p>x</p>", [OutlineItem("X", "nowhere")], "the outline leads to 'nowhere'"),
    ],
)
def test_an_unknown_anchor_is_an_error(body, outline, message):
    with pytest.raises(ValueError, match=message):
        bind([leaf(sheet(body))], outline, FACTS)


def test_an_anchor_that_two_sheets_have_is_an_error():
    with pytest.raises(ValueError, match="two sheets have the anchor 'a'"):
        bound(sheet("<p id='a'>x</p>"), sheet("<p id='a'>y</p>", "law"))


def test_the_outline_leads_to_the_anchors_and_is_closed():
    with opened(sample()) as pdf, pdf.open_outline() as outline:
        (item,) = outline.root

        assert (item.title, str(item.destination)) == ("Space", "space-top")
        assert [child.title for child in item.children] == ["Law"]
        assert item.is_closed


def test_pages_are_labelled_as_they_are_numbered():
    two = sheet("<p>a</p><p style='break-before: page'>b</p>")
    leaves = [
        Leaf(sheet=two, folio=Folio.NONE, first_folio=0),
        Leaf(sheet=two, folio=Folio.ROMAN, first_folio=1, blank_before=True),
        Leaf(sheet=two, folio=Folio.ROMAN, first_folio=3),
        Leaf(sheet=two, folio=Folio.ARABIC, first_folio=1),
        Leaf(sheet=two, folio=Folio.ARABIC, first_folio=4, blank_before=True),
    ]

    with opened(bind(leaves, [], FACTS)) as pdf:
        labels = [page.label for page in pdf.pages]
        runs = len(pdf.Root.PageLabels.Nums) // 2

    assert labels == ["", "", "", "i", "ii", "iii", "iv", "1", "2", "3", "4", "5"]
    assert runs == 3


def test_a_blank_page_is_empty_and_of_the_same_size():
    with opened(sample()) as pdf:
        before, blank, _ = pdf.pages

        assert blank.mediabox == before.mediabox
        assert blank.Contents.read_bytes().strip() == b""
    assert page_texts(sample())[1] == ""


def test_the_tree_of_every_sheet_stands_under_one_document():
    with opened(bound(sheet("<h1>A</h1>"), sheet("<h1>B</h1>", "law"))) as pdf:
        (document,) = pdf.Root.StructTreeRoot.K
        parts = list(document.K)
        headings = [part.K[0] for part in parts]

        assert [str(part.S) for part in parts] == ["/Part", "/Part"]
        assert [str(heading.S) for heading in headings] == ["/H1", "/H1"]
        assert [h.Pg == p.obj for h, p in zip(headings, pdf.pages, strict=True)] == [
            True,
            True,
        ]


def test_the_parent_tree_leads_from_each_page_and_link_to_its_element():
    body = "<p><a href='https://e.org/'>out</a></p>"

    with opened(bound(sheet(body), sheet(body, "law"))) as pdf:
        nums: list[Any] = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
        keys = dict(zip(nums[::2], nums[1::2], strict=True))

        assert list(keys) == sorted(keys)
        for page in pdf.pages:
            (link,) = page.Annots
            element = keys[int(link.StructParent)]
            assert (str(element.S), element.Pg) == ("/Link", page.obj)
            assert keys[int(page.StructParents)][0] == element
    assert int(pdf.Root.StructTreeRoot.ParentTreeNextKey) == len(keys)


def test_notes_can_be_found_by_their_identifiers():
    with opened(bound(sheet(f"<p>one{note(1, 'A note.')}</p>"))) as pdf:
        name, element = pdf.Root.StructTreeRoot.IDTree.Names

        assert (str(name), str(element.S)) == ("space__note-1", "/Note")


def test_the_book_says_what_it_is():
    with opened(sample()) as pdf:
        xmp = pdf.open_metadata()

        assert str(pdf.Root.Lang) == "en-US"
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert xmp["pdfuaid:part"] == "1"
        assert xmp["dc:title"] == "Žagsters & Co."
        assert xmp["dc:creator"] == ["Ann Lee", "Bo Ek"]
        assert xmp["dc:language"] == {"en-US"}
        assert xmp["dc:description"] == "A book of memos."
        assert xmp["dc:subject"] == {"law", "space"}
        assert xmp["dc:rights"] == "CC BY 4.0"
        assert xmp["dc:publisher"] == {"The Press"}
        assert xmp["xmp:ModifyDate"] == "2025-06-09T00:00:00+00:00"
        assert {str(key): str(value) for key, value in pdf.docinfo.items()} == {
            "/Author": "Ann Lee, Bo Ek",
            "/CreationDate": "D:20250609000000+00'00",
            "/Creator": "memobook",
            "/Keywords": "space, law",
            "/ModDate": "D:20250609000000+00'00",
            "/Subject": "A book of memos.",
            "/Title": "Žagsters & Co.",
        }


def test_another_date_gives_other_bytes():
    made = [leaf(sheet("<p>x</p>"))]
    later = replace(FACTS, modified=datetime(2026, 1, 1, tzinfo=UTC))

    assert bind(made, [], FACTS) == bind(made, [], FACTS)
    assert bind(made, [], FACTS) != bind(made, [], later)


def test_every_process_writes_the_same_bytes():
    script = (
        "import hashlib, tests.outputs.pdf.sheets as s;"
        "print(hashlib.sha256(s.sample()).hexdigest())"
    )
    root = Path(__file__).parents[3]
    expected = hashlib.sha256(sample()).hexdigest()

    for seed, zone, epoch in (("1", "Asia/Tokyo", "1"), ("2", "America/Lima", "99")):
        changes = {"PYTHONHASHSEED": seed, "TZ": zone, "SOURCE_DATE_EPOCH": epoch}
        done = subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, **changes},
            cwd=root,
            capture_output=True,
            check=True,
            text=True,
        )
        assert done.stdout.strip() == expected
        assert done.stderr == ""
