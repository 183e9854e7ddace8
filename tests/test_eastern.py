"""A Chinese and a Japanese book: their fonts, lines, marks and words, in both outputs."""

from __future__ import annotations

import re

import pytest

from memobook.inspection import inspect
from tests.book.helpers import parsed
from tests.harness import Built, built, make
from tests.readings import readings

SETTINGS = """
[book]
title = "{title}"
name = "book"
language = "{language}"
date = 2025-06-09

[contents]
front = ["tables"]
memos = ["a.md", "b.md"]

[pdf]
paper = "a5"
"""
JAPANESE = """---
title: 宇宙と法律：概観
authors: [山田花子]
abstract: 輸出管理制度は、「軍民両用」の技術を対象とする。
---

輸出管理は、複数の国家が協調して行う制度である。[外務省](https://www.mofa.go.jp/ "外務省の頁")[^n]は"安全保障"を重視する。
*強調*と**太字**がある。[@tbl:regimes]を見よ。

> [!NOTE]
> [次のメモ](b.md)を参照。

| 制度 | 設立 |
| --- | --- |
| ミサイル技術管理レジーム | 1987 |

/// table-caption
輸出管理レジーム {#tbl:regimes}
///

[^n]: 脚注の文章。
"""
CHINESE = """---
title: 航天与法律：概述
authors: [王小明]
abstract: 出口管制制度针对“两用”技术。
---

出口管制是多个国家协调实施的制度。[商务部](https://www.mofcom.gov.cn/ "商务部网站")[^n]重视"安全"。
*强调*和**粗体**。见[@tbl:regimes]。

> [!NOTE]
> 参见[下一篇](b.md)。

| 制度 | 成立 |
| --- | --- |
| 导弹及其技术控制制度 | 1987 |

/// table-caption
管制制度 {#tbl:regimes}
///

[^n]: 脚注文字。
"""
LINES = {
    "ja": "輸出管理は、複数の国家が協調する制度である。「軍民両用」の技術（ただし例外もある）、すなわちロケットのエンジンー！\n",
    "zh-CN": "出口管制是多个国家协调实施的制度。“两用”技术，即既可民用也可军用的技术（但有例外）；卫星、火箭、雷达……都在清单上！\n",
}
# What may stand neither at a line's start nor at its end? JIS X 4051, GB/T 15834
NOT_FIRST = "、。，；：！？）」』】》ーゃゅょっ…"
NOT_LAST = "（「『【《"


@pytest.fixture(scope="module", params=["ja", "zh-CN"])
def book(request, tmp_path_factory: pytest.TempPathFactory) -> Built:
    language = request.param
    title = {"ja": "輸出管理と宇宙", "zh-CN": "出口管制与航天"}[language]
    lines = "\n".join(f"{'字' * n}{LINES[language]}" for n in range(24))
    files = {
        "manuscript/a.md": JAPANESE if language == "ja" else CHINESE,
        "manuscript/b.md": f"# {title}\n\n{lines}",
        "manuscript/book.toml": SETTINGS.format(title=title, language=language),
    }
    return built(make(tmp_path_factory.mktemp(language), files))


def is_japanese(book: Built) -> bool:
    return book.book.language == "ja"


def test_it_says_the_same_in_both_outputs(book):
    for _, source, screen, printed in readings(book):
        assert screen.text == printed.text == source.text
        assert screen.headings == printed.headings == source.headings
        assert screen.captions == printed.captions == source.captions
        assert screen.notes == printed.notes


def test_check_finds_nothing(book):
    found = inspect(book.root, validators=False)
    assert found.diagnostics == ()


def test_its_font_is_the_one_of_its_language_and_has_every_letter(book):
    runs = [run for drawn in book.pdf.drawn for run in drawn.runs.values()]
    fonts = {run.font for run in runs if re.fullmatch("[\u3040-\u9fff]+", run.text)}
    own, other = ("JP", "SC") if is_japanese(book) else ("SC", "JP")
    assert {font for font in fonts if f"Noto-Sans-{own}" not in font} == set()
    assert not any(run.lacks for run in runs)
    names = [name for name in book.epub.files if f"noto-sans-{own.lower()}" in name]
    assert names
    assert not any(f"noto-sans-{other.lower()}" in name for name in book.epub.files)


def test_no_line_begins_or_ends_with_a_sign_that_must_not(book):
    page = book.pdf.destinations["b"]
    lines = [x for p in book.pdf.pages[page:] for x in p.splitlines() if len(x) > 12]
    assert len(lines) > 40
    assert [line for line in lines if line.strip()[0] in NOT_FIRST] == []
    assert [line for line in lines if line.strip()[-1] in NOT_LAST] == []


def test_the_end_of_a_line_of_the_source_is_no_space(book):
    _, (_, _, screen, printed), *_ = readings(book)
    text = "重視する。強調と" if is_japanese(book) else "”。强调和"
    assert text in screen.text
    assert text in printed.text


def test_straight_marks_become_the_language_s(book):
    _, (_, _, screen, _), *_ = readings(book)
    text = "は「安全保障」を" if is_japanese(book) else "重视“安全”。"
    assert text in screen.text


def test_it_says_its_own_words(book):
    _, (_, source, screen, _), *_ = readings(book)
    memo, table, page = (
        ("メモ 1", "表 1", "ページ")
        if is_japanese(book)
        else ("备忘录 1", "表 1", "页")
    )
    assert source.opener.startswith(memo)
    assert table in screen.text.replace("\xa0", " ")
    assert page in book.pdf.pages[book.pdf.destinations["a"]]


def test_a_line_end_stays_where_a_space_is_meant():
    def said(text: str, language: str = "zh") -> str:
        (block,) = parsed(text, language=language).body.children
        assert not isinstance(block, str)
        return "".join(c if isinstance(c, str) else "*" for c in block.children)

    assert said("中文\n中文") == "中文中文"
    assert said("中文\nLatin\n中文") == "中文\nLatin\n中文"
    assert said("中文\n*中文*\n中文") == "中文*中文"
    assert said("中文\n`code`") == "中文\n*"
    assert said("한국어\n한국어", "ko") == "한국어\n한국어"
