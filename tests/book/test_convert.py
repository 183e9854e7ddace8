"""Markdown to HTML: what is not tried would have matched nothing."""

import inspect
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown.treeprocessors import InlineProcessor

from memobook.book.convert import (
    BLOCK_NEEDS,
    NEEDS,
    converted,
    converter,
    plain_converter,
)
from memobook.book.positions import LED
from tests.book.markdown_texts import texts

PLAIN = {language: plain_converter(language) for language in ("en", "fr")}
PROCESSORS: tuple[Any, ...] = tuple(
    PLAIN["en"].treeprocessors[name] for name in ("inline", "smarty")
)
MANY = settings(
    max_examples=500,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def html(md, text: str) -> str:
    try:
        return str(md.reset().convert(text))
    except RuntimeError as error:  # a footnote in a footnote: see parse.py
        return str(error)


def without(text: str, sign: str) -> str:
    while sign in text:
        text = text.replace(sign, "")
    return text


@MANY
@given(texts, st.sampled_from(sorted(PLAIN)))
def test_the_html_is_that_of_a_converter_that_tries_everything(text, language):
    assert html(converter(language), text) == html(PLAIN[language], text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "``a`` \\* [^a] [b][c] ![d](e) ![f][g] [h] ![i] <https://j> <k@l.m> n  \no",
        "<b>p</b> &copy; *q* _r_ ^s^ ==t== ~u~ ~~v~~",
        "w -- x --- y... 'a' \"b\" '\"c\"' it's '80s -- 'd' \"'e'\"",
        "# A\n\nB\n---\n\n> C\n\nD\n:   E\n\n| F |\n|---|\n| G |",
        "text\n# A\n\ntext\n> C",
    ],
)
def test_what_has_every_sign_is_converted(text):
    assert html(converter("en"), text) == html(PLAIN["en"], text)


def test_the_names_are_those_of_patterns():
    found = {
        name for processor in PROCESSORS for name in processor.inlinePatterns._data
    }
    assert set(NEEDS) <= found
    # Of these a match may begin with one of several signs, or they have none.
    assert found - set(NEEDS) == {"delimiter"}


@MANY
@given(texts)
def test_a_pattern_needs_its_sign(text):
    for processor in PROCESSORS:
        patterns = processor.inlinePatterns
        for name in set(NEEDS) & set(patterns._data):
            search = patterns[name].getCompiledRegExp().search
            assert not search(without(text, NEEDS[name])), name


@MANY
@given(texts)
def test_a_kind_of_block_needs_its_sign(text):
    md = PLAIN["en"].reset()
    for name, sign in BLOCK_NEEDS.items():
        test = md.parser.blockprocessors[name].test
        assert not test(Element("div"), without(text, sign)), name


def test_the_engine_is_the_one_whose_loop_is_replaced():
    known = """
        if not isinstance(data, util.AtomicString):
            startIndex = 0
            count = len(self.inlinePatterns)
            while patternIndex < count:
                data, matched, startIndex = self.__applyPattern(
                    self.inlinePatterns[patternIndex], data, patternIndex, startIndex
                )
                if not matched:
                    patternIndex += 1
        return data
"""
    handle = InlineProcessor._InlineProcessor__handleInline  # type: ignore[attr-defined]
    assert inspect.getsource(handle).endswith(known)


@pytest.mark.parametrize(
    "alt",
    [
        '++"word"++',
        '++"`word`"++',
        "[`word`](b.md)",
        '[++"word"++](b.md)',
        "$word$",
        "[$word$](b.md)",
        "[![word](b.png)](b.md)",
        "[![wo](b.png)rd](b.md)",
    ],
)
@pytest.mark.parametrize("where", ["![{}](a.png)", "![{}][a]\n\n[a]: a.png"])
def test_a_picture_says_every_word_of_its_alternative_text(alt, where):
    (image,) = converted(where.format(alt), "en").iter("img")
    assert image.get("alt", "").replace(LED, "") == "word"


def test_a_link_says_every_word_of_its_title():
    (link,) = converted('[a](b.md "the `word`")', "en").iter("a")
    assert link.get("title") == "the word"


def test_a_bracket_in_an_alternative_text_is_said_as_it_is_written():
    (image,) = converted("[![[@fig:a, word]](a.png)](b.md)", "en").iter("img")
    assert image.get("alt") == "[@fig:a, word]"


def test_what_a_text_left_open_that_could_not_be_read_is_not_open_in_the_next():
    before = converter("en")
    with pytest.raises(RuntimeError):
        converted("Text.[^a]\n\n[^a]: A.\n    [^b]: B.\n\n[^c]: C.", "en")

    assert "".join(converted("So.", "en").itertext()).strip() == "So."
    assert converter("en") is not before
