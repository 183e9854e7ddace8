"""Fonts cut down to a book's characters."""

import io
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from memobook.design.fonts import Face, find_faces
from memobook.outputs.epub.fonts import join, subset

NOWHERE = Path("no-folder")
LITERATA, LITERATA_ITALIC = find_faces("Literata", NOWHERE)
DEVANAGARI = find_faces("Noto Sans Devanagari", NOWHERE)[0]
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


def test_a_file_for_each_weight_has_only_the_characters():
    found = subset(LITERATA, WORD, (700, 400))
    paths = [r.path for r in found.resources]
    assert paths == [
        "fonts/literata-400.ttf",
        "fonts/literata-700.ttf",
        "fonts/OFL-literata.txt",
    ]
    for resource, weight in zip(found.resources, (400, 700), strict=False):
        font = font_of(resource.data)
        assert set(map(ord, WORD)) == set(font.getBestCmap())
        assert weight == font["OS/2"].usWeightClass
        assert not {"fvar", "gvar", "HVAR", "STAT", "fpgm"} & set(font.keys())


def test_names_and_style_bits_are_those_of_the_css():
    found = subset(LITERATA_ITALIC, WORD, (700,))
    font = font_of(found.resources[0].data)
    names = [font["name"].getDebugName(i) for i in (1, 2, 4, 6)]
    assert names == [
        "Literata",
        "Bold Italic",
        "Literata Bold Italic",
        "Literata-BoldItalic",
    ]
    assert (font["head"].macStyle, font["OS/2"].fsSelection & 0x7F) == (0b11, 0b100001)
    assert found.css == (
        '@font-face { font-family: "Literata"; font-weight: 700; font-style: italic;'
        " src: url(../fonts/literata-700-italic.ttf) }\n"
    )


def test_the_weights_are_drawn_differently():
    regular, bold = subset(LITERATA, WORD, (400, 700)).resources[:2]
    widths = [font_of(r.data)["hmtx"]["o"][0] for r in (regular, bold)]
    assert widths[0] < widths[1]


def test_bytes_are_equal_each_time():
    assert subset(LITERATA, WORD, (400,)) == subset(LITERATA, WORD, (400,))


def test_what_an_indic_script_is_shaped_by_is_kept():
    letters = frozenset(map(chr, range(0x900, 0x970)))
    found = subset(DEVANAGARI, letters, (400,))
    kept = features_of(font_of(found.resources[0].data), "dev2")
    whole = features_of(TTFont(DEVANAGARI.path), "dev2")
    shaping = set("abvs akhn blwf blws cjct half haln nukt pres psts rkrf rphf".split())
    assert whole & shaping == kept & shaping
    assert {"half", "rphf", "akhn"} <= kept


def test_a_face_without_the_characters_gives_nothing():
    assert subset(DEVANAGARI, frozenset("漢字"), (400,)).resources == ()
    assert subset(LITERATA, frozenset(), (400,)).css == ""


def test_a_static_face_has_its_own_weight(tmp_path):
    path = tmp_path / "medium.ttf"
    path.write_bytes(subset(LITERATA, WORD, (500,)).resources[0].data)
    face = Face("My Serif", path, is_italic=False, weight=500)
    found = subset(face, frozenset("of"), (400, 700))
    assert [r.path for r in found.resources] == ["fonts/my-serif-500.ttf"]
    assert set(map(ord, "of ")) == set(font_of(found.resources[0].data).getBestCmap())


def test_a_weight_beyond_the_axis_is_its_end():
    (face, _) = find_faces("JetBrains Mono", NOWHERE)
    heavy = [subset(face, WORD, (w,)).resources[0].data for w in (800, 900)]
    left, right = (font_of(data)["glyf"]["o"] for data in heavy)
    assert left == right


def test_joined_subsets_have_a_licence_once():
    joined = join(subset(f, WORD, (400,)) for f in (LITERATA, LITERATA_ITALIC))
    paths = [r.path for r in joined.resources]
    assert paths.count("fonts/OFL-literata.txt") == 1
    assert joined.css.count("@font-face") == 2
    assert LITERATA.licence is not None
    texts = [r.data for r in joined.resources if r.path.endswith(".txt")]
    assert [LITERATA.licence.read_bytes()] == texts


@pytest.mark.parametrize("name", ["Inter", "JetBrains Mono"])
def test_the_other_built_in_families_can_be_cut(name):
    for face in find_faces(name, NOWHERE):
        font = font_of(subset(face, WORD, (400,)).resources[0].data)
        assert set(map(ord, WORD)) == set(font.getBestCmap())
