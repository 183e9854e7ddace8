"""Books that are not in English: direction, fonts and words, in both outputs."""

from __future__ import annotations

import re
import tomllib

import pikepdf
import pytest

from memobook.book.direction import direction
from memobook.checks.bidi import as_expected, same_letters
from memobook.design.paper import POINTS_PER_MILLIMETRE, Paper, paper
from memobook.design.scripts import advice, scripts_in
from memobook.project.schema import BookFile
from tests.book.helpers import parsed
from tests.harness import Built, built, make
from tests.readings import readings

SETTINGS = """
[book]
title = "ضوابط التصدير"
name = "arabic"
language = "ar"
date = 2025-06-09

[contents]
memos = ["a.md", "b.md"]

[pdf]
paper = "a5"

[words]
memo = "ورقة"
"""
FIRST = """---
title: الفضاء والقانون
authors: [ليلى حداد]
---

تخضع صادرات التقنيات لنظام تراخيص، وتشرف عليه [وزارة التجارة](https://example.org/trade "الوزارة")[^n]. ويحدد "النظام" (MTCR) سنة 1987 حدود المدى والحمولة: 300 km و500 kg، و[a passage in English, 1999]{lang=en} هنا.

## الأقمار الصناعية

- الرصد `x = 1`
- الطاقة هي $E = mc^2$

> [!NOTE]
> انظر [المذكرة التالية](b.md).

| السنة | الحدث |
| --- | --- |
| 1957 | سبوتنيك |

/// table-caption
تواريخ
///

[^n]: انظر أيضًا القوائم الوطنية.
"""
SECOND = (
    "# المذكرة الثانية\n\n" + "تخضع الصادرات لنظام تراخيص تشرف عليه الوزارة.\n\n" * 40
)


@pytest.fixture(scope="module")
def arabic(tmp_path_factory: pytest.TempPathFactory) -> Built:
    files = {
        "manuscript/a.md": FIRST,
        "manuscript/b.md": SECOND,
        "manuscript/book.toml": SETTINGS,
    }
    return built(make(tmp_path_factory.mktemp("arabic"), files))


def test_a_book_from_right_to_left_says_the_same_in_both_outputs(arabic):
    for _, source, screen, printed in readings(arabic):
        assert screen.text == printed.text == source.text
        assert screen.opener == printed.opener == source.opener
        assert screen.headings == printed.headings == source.headings
        assert screen.captions == printed.captions == source.captions
        assert screen.notes == printed.notes


def test_it_is_turned_over_from_left_to_right(arabic):
    package = arabic.epub.files["EPUB/content.opf"].decode()
    assert 'page-progression-direction="rtl"' in package
    with pikepdf.open(arabic.path("pdf")) as pdf:
        assert pdf.Root.ViewerPreferences.Direction == pikepdf.Name.R2L
    for stem in ("a", "contents", "imprint"):
        page = arabic.epub.files[f"EPUB/text/{stem}.xhtml"].decode()
        assert re.search(r'<html[^>]* dir="rtl"', page), stem


def test_its_first_page_is_a_left_hand_one(arabic):
    inner, outer = (find_paper().inner, find_paper().outer)
    edges = {
        index: round(max(run.right for run in drawn.runs.values()))
        for index, drawn in enumerate(arabic.pdf.drawn)
        if arabic.pdf.labels[index].isdigit()
    }
    width = arabic.pdf.sizes[0][0]
    assert len(edges) > 2
    for index, edge in edges.items():
        margin = outer if index % 2 else inner
        assert abs(edge - (width - margin * POINTS_PER_MILLIMETRE)) < 2, index


def find_paper() -> Paper:
    return paper(BookFile.model_validate(tomllib.loads(SETTINGS)))


def test_a_font_that_is_installed_is_found(arabic):
    fonts = {r.font for d in arabic.pdf.drawn for r in d.runs.values()}
    assert any("Amiri" in name for name in fonts)
    assert any("amiri" in name for name in arabic.epub.files)


def test_words_are_the_language_s_or_the_author_s(arabic):
    ((_, source, screen, _), *_) = readings(arabic)
    assert source.opener.startswith("ورقة 1")
    assert "ملاحظة" in screen.text
    assert "جدول 1" in screen.text


def test_a_passage_has_the_direction_of_its_language():
    (span,) = (
        n.get("dir")
        for n in parsed("An [עברית]{lang=he} and [le mot]{lang=fr}.")
        .body.children[0]
        .children  # type: ignore[union-attr]
        if not isinstance(n, str) and n.get("lang") == "he"
    )
    assert span == "rtl"
    text = parsed("לפני `x` ו[English]{lang=en}", language="he").body.children[0]
    assert not isinstance(text, str)
    found = {n.tag: n.get("dir") for n in text.children if not isinstance(n, str)}
    assert found == {"code": "ltr", "span": "ltr"}


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("ar-EG", "rtl"),
        ("he", "rtl"),
        ("fa-IR", "rtl"),
        ("ur", "rtl"),
        ("uz-AF", "rtl"),
        ("uz", "ltr"),
        ("az-Arab-IR", "rtl"),
        ("he-Latn", "ltr"),
        ("pa-Guru", "ltr"),
        ("en-US", "ltr"),
        ("ja", "ltr"),
    ],
)
def test_a_language_has_a_direction(tag, expected):
    assert direction(tag) == expected


def test_the_scripts_of_a_book_are_found():
    texts = ["Plain", "Права", "日本語のテキスト", "हिन्दी"]
    found = {s.name: s.families[0] for s in scripts_in(texts, "ja")}
    assert found == {
        "Devanagari": "Noto Sans Devanagari",
        "Japanese": "Noto Serif JP",
        "Chinese": "Noto Serif JP",
    }
    (chinese,) = scripts_in(["中文"], "zh-Hant-TW")
    assert chinese.families[:2] == ("Noto Serif TC", "Noto Sans TC")


@pytest.mark.parametrize(
    ("character", "package"),
    [
        ("ש", "fontpkg-frank-ruhl-libre"),
        ("ع", "fontpkg-amiri"),
        ("政", "justmytype-intl-cjk"),
        ("한", "justmytype-intl-cjk"),
        ("த", "fontpkg-noto-sans-tamil"),
    ],
)
def test_a_missing_font_is_asked_for_by_name(character, package):
    assert f"pip install {package}," in advice(character)


def test_a_line_from_right_to_left_is_read_in_its_order():
    expected = "وزن500kg(MTCR)"
    line = ")MTCR(kg500نزو"
    assert as_expected(line, expected, {3, 6}, 0) == "وزن 500 kg(MTCR)".replace(
        "kg", "kg"
    )
    assert as_expected(line.replace("5", "6"), expected, set(), 0) is None
    assert same_letters("صفحة (", "(صفحة")
    assert not same_letters("صفحة (", "(صفحات")
