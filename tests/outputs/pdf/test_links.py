import pytest

from memobook.outputs.pdf.links import Links, spelt, spelt_number

ANCHORS = ("law", "law-é", "a(b")


@pytest.fixture
def links() -> Links:
    return Links({anchor: spelt(anchor) for anchor in ANCHORS}, {"law": "12"})


def action(uri: bytes) -> bytes:
    return b"/A << /S /URI /Type /Action /URI (%b) >>" % uri


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (b"/Dest (law)", b"/Dest (law)"),
        (action(b"memobook:law"), b"/Dest (law)"),
        (action(b"memobook:law-%C3%A9"), b"/Dest (law-\xe9)"),
        (action(rb"memobook:a\(b"), rb"/Dest (a\(b)"),
        (action(b"https://e.org/"), action(b"https://e.org/")),
    ],
)
def test_a_link_inside_the_book_leads_to_a_name(links, entry, expected):
    given = b"<< %b /F 4 /Type /Annot >>" % entry
    wanted = b"<< %b /F 4 /Type /Annot >>" % expected

    assert links.rewritten(given, 0, 0) == wanted


@pytest.mark.parametrize("entry", [b"/Dest (none)", action(b"memobook:none")])
def test_a_link_to_nowhere_is_an_error(links, entry):
    with pytest.raises(ValueError, match="a link leads to 'none'"):
        links.rewritten(b"<< %b >>" % entry, 0, 0)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (b"(page 00)", b"(page 12)"),
        ("seite ž 00", "seite ž 12"),
    ],
)
def test_a_reference_says_its_page(links, words, expected):
    words, expected = (
        w if isinstance(w, bytes) else spelt(w) for w in (words, expected)
    )
    given = b"<< %b /Contents %b >>" % (action(b"memobook-page:law"), words)

    assert links.rewritten(given, 0, 0) == b"<< /Dest (law) /Contents %b >>" % expected


def test_only_the_words_of_a_reference_change(links):
    given = b"<< /Contents (page 00) /Dest (law) >>"

    assert links.rewritten(given, 0, 0) == given


def test_a_link_moves_with_its_page(links):
    given = b"<< /QuadPoints [ 1 2 3 4 5 6 7 8 ] /Rect [ 10.5 20 30.25 40 ] >>"
    wanted = b"<< /QuadPoints [ 2.5 2 4.5 4 6.5 6 8.5 8 ] /Rect [ 12 20 31.75 40 ] >>"

    assert links.rewritten(given, 1.5, 0) == wanted
    assert links.rewritten(given, 0.0, 0) == given


def test_keys_go_on_from_the_sheet_before(links):
    assert links.rewritten(b"<< /StructParents 2 >>", 0, 7) == b"<< /StructParents 9 >>"
    assert links.rewritten(b"<< /StructParent 0 >>", 0, 7) == b"<< /StructParent 7 >>"
    assert links.highest == 9


def test_what_a_description_says_is_no_entry(links):
    given = rb"<< /Contents (/Rect [ 1 2 ] \(/StructParent 4 /Dest \(x\)) /F 4 >>"

    assert links.rewritten(given, 5, 5) == given


@pytest.mark.parametrize(
    ("number", "spelling"),
    [(12.5, b"12.5"), (-3.0, b"-3"), (0.001, b"0"), (999999.99, b"1000000")],
)
def test_a_number_has_no_exponent(number, spelling):
    assert spelling == spelt_number(number)
    assert spelt_number(7.5e8) == b"750000000"
