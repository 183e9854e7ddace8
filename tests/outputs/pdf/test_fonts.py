import io
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name, Object

from memobook.design.cut import Cut, Need, cut_faces
from memobook.design.fonts import Face, find_faces
from memobook.outputs.pdf.layout import lay_out
from memobook.outputs.pdf.sheet import Sheet
from memobook.store import Store
from tests.judges import validate
from tests.outputs.pdf.sheets import bound, opened, task

LATIN = frozenset(chr(c) for c in (*range(0x20, 0x7F), *range(0xA0, 0x180)))
HINDI = frozenset(chr(c) for c in (0x20, *range(0x900, 0x980)))

SVG = (
    "<img alt='Word' src='data:image/svg+xml,"
    "%3Csvg xmlns=%22http://www.w3.org/2000/svg%22 width=%2290%22 height=%2230%22%3E"
    "%3Ctext y=%2220%22 font-family=%22Literata%22%3EWord%3C/text%3E%3C/svg%3E'/>"
)


def cut(
    folder: Path,
    characters: frozenset[str] = LATIN,
    weight: int = 400,
    family: str = "Literata",
) -> Face:
    """Return an upright static face, as the pipeline cuts it."""
    face = next(f for f in find_faces(family, folder) if not f.is_italic)
    (made,) = cut_faces([Need(face, (Cut(weight),), characters)], Store(folder))
    return made


@pytest.fixture(scope="module")
def faces(tmp_path_factory: pytest.TempPathFactory) -> tuple[Face, ...]:
    folder = tmp_path_factory.mktemp("faces")
    latin = [cut(folder, weight=weight) for weight in (400, 600)]
    return (*latin, cut(folder, HINDI, family="Noto Sans Devanagari"))


def laid_out(body: str, faces: Iterable[Face], id: str = "space") -> bytes:
    own = (
        "@page { @bottom-center { content: none } }"
        "body { font-family: Literata, Square, 'Noto Sans Devanagari' }"
    )
    made = lay_out(replace(task(body, id=id, own=own), faces=tuple(faces)))
    return made.pdf


def joined(*sheets: bytes) -> bytes:
    """Return the pages of all sheets, each with its own fonts."""
    with pikepdf.new() as pdf:
        for sheet in sheets:
            with opened(sheet) as part:
                pdf.pages.extend(part.pages)
        return saved(pdf)


def shared(data: bytes) -> bytes:
    """Return the book of one sheet that has these pages."""
    with opened(data) as pdf:
        pages = len(pdf.pages)
    sheet = Sheet(section="space", pdf=data, pages=pages, anchors=())
    # Saved again, as a sheet is: only then its objects are where they were.
    with opened(bound(sheet)) as pdf:
        return saved(pdf)


def saved(pdf: pikepdf.Pdf) -> bytes:
    out = io.BytesIO()
    pdf.save(
        out,
        deterministic_id=True,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
    )
    return out.getvalue()


def looks(data: bytes) -> list[tuple[str, bytes]]:
    """Return what each page says, and how it looks."""
    document = pypdfium2.PdfDocument(data)
    try:
        return [
            (
                page.get_textpage().get_text_range(),
                bytes(page.render(scale=2).buffer),
            )
            for page in document
        ]
    finally:
        document.close()


def fonts(pdf: pikepdf.Pdf) -> list[Object]:
    dictionaries = [o for o in pdf.objects if isinstance(o, Dictionary)]
    return [o for o in dictionaries if o.get(Name.Subtype) == Name.Type0]


def programs(data: bytes) -> list[bytes]:
    with opened(data) as pdf:
        descriptors = [f.DescendantFonts[0].FontDescriptor for f in fonts(pdf)]
        files = {
            d[name].objgen: d[name].read_bytes()
            for d in descriptors
            for name in (Name.FontFile2, Name.FontFile3)
            if name in d
        }
    return list(files.values())


def count(data: bytes) -> tuple[int, int]:
    """Return how many Type0 fonts and how many programs there are."""
    with opened(data) as pdf:
        return len(fonts(pdf)), len(programs(data))


BODIES = [
    "<p>Plain words <b>and bold ones</b>.</p>",
    "<p>Zwölf Boxkämpfer, déjà vu, <b>ÀÉÎÕÜ</b></p>",
    f"<p style='opacity: 0.5'>Pale <b>words</b></p><p>{SVG}</p>",
    "<p>12 <b>12</b></p>",
    "<p>अंतरिक्ष <b>कि</b> words</p>",
]


def test_a_face_is_there_once_and_the_pages_are_as_before(faces):
    before = joined(*(laid_out(body, faces) for body in BODIES))

    after = shared(before)

    assert count(before) == (10, 10)
    assert count(after) == (3, 3)
    assert looks(after) == looks(before)


def test_a_bound_book_has_each_face_once_and_is_pdf_ua(tmp_path, faces):
    made = [
        lay_out(replace(task(body, id=f"memo-{i}"), faces=faces))
        for i, body in enumerate(BODIES)
        if "opacity" not in body  # whose letters WeasyPrint does not tag
    ]
    path = tmp_path / "book.pdf"
    path.write_bytes(bound(*made))

    (verdict,) = validate([path])

    assert len(programs(path.read_bytes())) == 3
    assert verdict.failed == ()
    assert verdict.compliant


def test_many_sheets_have_no_more_of_fonts_than_one(faces):
    words = "Sphinx of black quartz, judge my vow; pack a dozen liquor jugs".split()
    bodies = [f"<p>{word} <b>{word}</b></p>" for word in words]

    many = shared(joined(*(laid_out(body, faces) for body in bodies)))
    one = laid_out("".join(bodies), faces)

    assert sum(map(len, programs(many))) <= sum(map(len, programs(one)))


def test_components_that_each_subset_numbers_anew_are_found(faces):
    sheets = [laid_out(f"<p>{text}</p>", faces) for text in ("é", "éz", "Öé÷", "äöü")]
    before = joined(*sheets)
    parts = set()
    for program in programs(before):
        font = TTFont(io.BytesIO(program))
        if "é" in numbers(font):
            acute = font["glyf"][font.getBestCmap()[ord("é")]]
            parts.add(tuple(font.getGlyphID(c.glyphName) for c in acute.components))

    after = shared(before)

    assert len(parts) > 1  # or the test would show nothing
    assert count(after) == (1, 1)
    assert looks(after) == looks(before)


def numbers(font: TTFont) -> dict[str, int]:
    """Return the number of the glyph of each character."""
    return {chr(c): font.getGlyphID(name) for c, name in font.getBestCmap().items()}


def test_a_program_says_which_character_each_glyph_is_for(faces):
    after = shared(joined(*(laid_out(f"<p>{c}</p>", faces) for c in "aéb")))

    (program,) = programs(after)

    known = numbers(TTFont(faces[0].path))
    assert numbers(TTFont(io.BytesIO(program))) == {c: known[c] for c in "abé"}


def test_a_cut_with_other_numbers_is_another_face(tmp_path):
    small = cut(tmp_path, LATIN - frozenset("ABCDEF"))
    large = cut(tmp_path)
    before = joined(laid_out("<p>ab</p>", [small]), laid_out("<p>bc</p>", [large]))
    known = [numbers(TTFont(face.path)) for face in (small, large)]
    with opened(before) as pdf:
        names = {str(font.BaseFont) for font in fonts(pdf)}

    after = shared(before)

    assert len(names) == 1
    assert known[0]["b"] != known[1]["b"]
    assert count(after) == (2, 2)
    assert looks(after) == looks(before)


def test_a_cut_of_another_weight_is_another_face(tmp_path):
    regular = cut(tmp_path)
    bold = replace(cut(tmp_path, weight=600), weight=400)
    before = joined(laid_out("<p>a</p>", [regular]), laid_out("<p>b</p>", [bold]))

    after = shared(before)

    assert count(after) == (2, 2)
    assert looks(after) == looks(before)


def test_where_a_glyph_spells_something_else_only_the_spelling_is_kept(faces):
    # The sign of i stands before its consonant and has the text of both.
    sheets = [laid_out(f"<p>{text}</p>", faces) for text in ("क", "कि", "ख", "कि")]
    before = joined(*sheets)

    after = shared(before)

    assert looks(after) == looks(before)
    assert count(after) == (2, 1)
    with opened(after) as pdf:
        one, other = fonts(pdf)
        assert one.DescendantFonts[0] == other.DescendantFonts[0]
        assert one.ToUnicode != other.ToUnicode


def test_where_a_glyph_has_another_width_the_program_is_still_shared(faces):
    with opened(joined(*(laid_out("<p>ab</p>", faces) for _ in "12"))) as pdf:
        widths = fonts(pdf)[1].DescendantFonts[0].W
        widths[1][0] = int(widths[1][0]) + 1
        before = saved(pdf)

    after = shared(before)

    assert count(after) == (2, 1)
    assert looks(after) == looks(before)


def test_a_font_that_lacks_a_character_stays_as_it_is(faces):
    bodies = ("<p>a日</p>", "<p>b日</p>", "<p>a</p>", "<p>b</p>")
    before = joined(*(laid_out(body, faces[:1]) for body in bodies))

    after = shared(before)

    assert count(after) == (3, 3)
    assert looks(after) == looks(before)


def test_a_font_with_cff_outlines_stays_as_it_is(tmp_path):
    square = Face("Square", otf(tmp_path / "square.otf"), is_italic=False, weight=400)
    before = joined(*(laid_out("<p>A</p>", [square]) for _ in "12"))

    after = shared(before)

    assert count(after) == (2, 2)
    assert programs(after) == programs(before)
    assert looks(after) == looks(before)


def otf(path: Path) -> Path:
    """Write a font with one square letter."""
    names = [".notdef", "A"]
    pen = T2CharStringPen(600, None)
    pen.moveTo((50, 0))
    for point in ((550, 0), (550, 500), (50, 500)):
        pen.lineTo(point)
    pen.closePath()
    builder = FontBuilder(1000, isTTF=False)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({ord("A"): "A"})
    builder.setupCFF("Square", {}, dict.fromkeys(names, pen.getCharString()), {})
    builder.setupHorizontalMetrics(dict.fromkeys(names, (600, 50)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Square", "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    builder.save(path)
    return path


def test_what_is_written_in_another_way_stays_as_it_is(faces):
    with opened(joined(*(laid_out("<p>ab</p>", faces) for _ in "1234"))) as pdf:
        first, second, *_ = fonts(pdf)
        first.DescendantFonts[0].W = Array([0, 999, 500])
        second.ToUnicode = pdf.make_stream(
            b"endcodespacerange\n1 beginbfrange\n<0000> <ffff> <0000>\nendbfrange\n"
        )
        before = saved(pdf)

    after = shared(before)

    assert count(after) == (3, 3)
    assert looks(after) == looks(before)


def test_equal_books_stay_equal_and_a_shared_one_stays_as_it_is(faces):
    before = joined(*(laid_out(body, faces) for body in BODIES))

    after = shared(before)

    assert shared(before) == after
    assert programs(shared(after)) == programs(after)
    assert count(shared(after)) == count(after)
