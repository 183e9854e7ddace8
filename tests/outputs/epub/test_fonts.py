"""Fonts packed into an EPUB, cut down to the book's characters."""

import io
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from memobook.design.cut import Cut, Need, cut_faces
from memobook.design.fonts import Face, find_faces
from memobook.outputs.epub.fonts import join, subset
from memobook.store import Store

NOWHERE = Path("no-folder")
WORD = frozenset("office “é”")


@pytest.fixture(scope="module")
def literata(tmp_path_factory) -> list[Face]:
    store = Store(tmp_path_factory.mktemp("cache"))
    faces = find_faces("Literata", NOWHERE)
    return list(cut_faces([Need(f, (Cut(600),), WORD) for f in faces], store))


def characters(data: bytes) -> set[str]:
    return set(map(chr, TTFont(io.BytesIO(data)).getBestCmap()))


def test_a_font_has_only_the_characters_and_a_space(literata):
    found = subset(literata[0], frozenset("of"))
    assert [r.path for r in found.resources] == [
        "fonts/literata-600.ttf",
        "fonts/OFL-literata.txt",
    ]
    assert characters(found.resources[0].data) == set("of ")


def test_the_rule_names_family_weight_and_style(literata):
    assert subset(literata[1], WORD).css == (
        '@font-face { font-family: "Literata"; font-weight: 600; font-style: italic;'
        " src: url(../fonts/literata-600-italic.ttf) }\n"
    )


def test_bytes_are_equal_each_time(literata):
    assert subset(literata[0], WORD) == subset(literata[0], WORD)


def test_a_face_without_the_characters_gives_nothing(literata):
    assert subset(literata[0], frozenset("漢字")).resources == ()
    assert subset(literata[0], frozenset()).css == ""


def test_joined_subsets_have_a_licence_once(literata):
    joined = join(subset(face, WORD) for face in literata)
    paths = [r.path for r in joined.resources]
    assert paths.count("fonts/OFL-literata.txt") == 1
    assert joined.css.count("@font-face") == 2
