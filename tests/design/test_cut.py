"""Static fonts cut out of variable ones."""

import io
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from memobook.design.cut import Cut, Need, cut_faces, needs, reduced, weights_in
from memobook.design.fonts import Face, find_faces
from memobook.design.section import Stylesheet
from memobook.store import Store

NOWHERE = Path("no-folder")
LITERATA, LITERATA_ITALIC = find_faces("Literata", NOWHERE)
(DEVANAGARI,) = find_faces("Noto Sans Devanagari", NOWHERE)
WORD = frozenset("office “é”")


def font_of(data: bytes) -> TTFont:
    return TTFont(io.BytesIO(data))


def features_of(font: TTFont, script: str) -> set[str]:
    table = font["GSUB"].table
    systems = [
        record.Script.DefaultLangSys
        for record in table.ScriptList.ScriptRecord
        if record.ScriptTag == script
    ]
    records = table.FeatureList.FeatureRecord
    return {records[i].FeatureTag for s in systems for i in s.FeatureIndex}


def cut(tmp_path, face=LITERATA, *cuts: Cut) -> list[Face]:
    return list(cut_faces([Need(face, cuts, WORD)], Store(tmp_path)))


def test_a_cut_is_static_and_has_the_characters_and_the_names_of_its_weight(tmp_path):
    (face,) = cut(tmp_path, LITERATA_ITALIC, Cut(600))
    font = TTFont(face.path)
    assert (face.family, face.weight, face.is_italic) == ("Literata", 600, True)
    assert set(map(ord, WORD)) == set(font.getBestCmap())
    assert not {"fvar", "gvar", "HVAR", "STAT", "fpgm"} & set(font.keys())
    assert font["OS/2"].usWeightClass == 600
    assert [font["name"].getDebugName(i) for i in (1, 2, 6)] == [
        "Literata",
        "SemiBold Italic",
        "Literata-SemiBoldItalic",
    ]


def test_a_cut_for_titles_is_drawn_for_a_large_size(tmp_path):
    text, display = cut(tmp_path, LITERATA, Cut(400), Cut(400, is_display=True))
    assert (text.family, display.family) == ("Literata", "Literata Display")
    widths = [TTFont(f.path)["hmtx"]["o"][0] for f in (text, display)]
    assert widths[0] > widths[1]


def test_a_font_without_optical_sizes_has_no_cut_for_titles(tmp_path):
    (face, _) = find_faces("JetBrains Mono", NOWHERE)
    assert cut(tmp_path, face, Cut(400, is_display=True)) == []


def test_a_static_font_stays_as_it_is(tmp_path):
    static = Face("My Serif", tmp_path / "mine.ttf", is_italic=False, weight=500)
    assert cut(tmp_path, static, Cut(400)) == [static]


def test_a_cut_is_made_once(tmp_path):
    (first,) = cut(tmp_path, LITERATA, Cut(400))
    before = first.path.stat().st_ino
    (again,) = cut(tmp_path, LITERATA, Cut(400))
    assert again == first
    assert again.path.stat().st_ino == before


def test_bytes_are_equal_in_another_store(tmp_path):
    (one,) = cut(tmp_path / "one", LITERATA, Cut(400))
    (two,) = cut(tmp_path / "two", LITERATA, Cut(400))
    assert one.path.read_bytes() == two.path.read_bytes()


def test_what_an_indic_script_is_shaped_by_is_kept():
    letters = frozenset(map(chr, range(0x900, 0x970)))
    kept = features_of(font_of(reduced(DEVANAGARI.path.read_bytes(), letters)), "dev2")
    whole = features_of(TTFont(DEVANAGARI.path), "dev2")
    shaping = set("abvs akhn blwf blws cjct half haln nukt pres psts rkrf rphf".split())
    assert whole & shaping == kept & shaping
    assert {"half", "rphf", "akhn"} <= kept


def test_a_value_beyond_an_axis_is_its_end():
    data = find_faces("JetBrains Mono", NOWHERE)[0].path.read_bytes()
    left, right = (
        font_of(reduced(data, WORD, {"wght": w}))["glyf"]["o"] for w in (800, 900)
    )
    assert left == right


def test_a_fallback_font_is_cut_only_for_what_the_others_lack():
    faces = (LITERATA, DEVANAGARI)
    uses = {
        "Literata": frozenset(["text"]),
        "Noto Sans Devanagari": frozenset(["fallback"]),
    }
    without = needs(faces, uses, frozenset("abc"), frozenset(), frozenset())
    with_hindi = needs(faces, uses, frozenset("abcभ"), frozenset(), frozenset())
    assert [n.face.family for n in without] == ["Literata"]
    assert [n.face.family for n in with_hindi] == ["Literata", "Noto Sans Devanagari"]
    assert {"भ", "म", " "} <= with_hindi[1].characters


@pytest.mark.parametrize(
    ("css", "weights"),
    [
        ("p { font-weight: 300 }", {300}),
        ("p { font: bold 900 1em x }", {700, 900}),
        ("p { width: 100%; margin: 200px }", set()),
    ],
)
def test_the_weights_that_a_style_sheet_names_are_found(css, weights):
    assert weights_in([Stylesheet("styles/print.css", css)]) == weights
