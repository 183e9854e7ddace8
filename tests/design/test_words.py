"""The words that a book says by itself."""

from importlib import resources

import pytest

from memobook.design.words import LANGUAGES, words


def test_every_language_has_its_file():
    folder = resources.files("memobook.design").joinpath("languages")
    assert [f"{name}.toml" for name in LANGUAGES] == sorted(
        file.name for file in folder.iterdir()
    )


def test_every_language_says_the_same_words_in_the_same_order():
    said = {language: words(language, {}) for language in LANGUAGES}
    assert {tuple(found) for found in said.values()} == {tuple(said["en"])}
    assert all(text.strip() for found in said.values() for text in found.values())


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en-US", "Contents"),
        ("hi", "अनुक्रम"),
        ("zh-Hant-TW", "目录"),
        ("fi", "Contents"),
    ],
)
def test_a_language_is_found_by_its_first_tag_and_english_stands_in(language, expected):
    assert words(language, {})["contents"] == expected


def test_a_book_may_say_a_word_otherwise():
    assert words("de", {"figure": "Schaubild"})["figure"] == "Schaubild"
    assert words("de", {"figure": "Schaubild"})["table"] == "Tabelle"
    assert words("de", {})["figure"] == "Abbildung"
