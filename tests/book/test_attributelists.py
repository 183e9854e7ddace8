"""What is a list of attributes, and what is text in braces."""

import pytest

from memobook.book.convert import converted
from memobook.book.positions import LED


def said(text: str) -> str:
    return "".join(converted(text, "en").itertext()).strip()


@pytest.mark.parametrize(
    "text",
    [
        "[a]{.b = word}",
        "*a*{.b = word}",
        "a\n{.b = word}",
        "# a {.b = word}",
        '[a]{.b c="d" = "word"}',
    ],
)
def test_what_is_no_list_to_its_end_stays_in_the_text(text):
    assert "word" in said(text)


def test_a_picture_is_not_taken_for_an_attribute():
    body = converted("[a]{ b ![c](d.png 'word'){.e}", "en")
    (image,) = body.iter("img")
    assert ("word", "e") == (image.get("title"), image.get("class"))
    assert list(body.iter("span")) == []


@pytest.mark.parametrize(
    ("value", "words"),
    [("`a` b", "a b"), ("$a$ b", "a b"), (r"a\_b", "a_b"), ("[a](c.md) b", "a b")],
)
def test_a_value_says_the_words_of_signs_in_it(value, words):
    (span,) = converted(f'[x]{{title="{value}"}}', "en").iter("span")
    assert words == (span.get("title") or "").replace(LED, "")


@pytest.mark.parametrize(
    "text",
    [
        "[a]{.b #c d='e } f'}",
        "[a]{: .b #c d='e } f' } {g}",
        "*a*{.b #c d='e } f'} and {g}",
        "# a {.b #c d='e } f'}",
        "a\n{: #c  .b d='e } f' }",
    ],
)
def test_a_list_gives_a_class_an_id_and_a_value(text):
    (found,) = converted(text, "en").findall(".//*[@d]")
    assert ("b", "c", "e } f") == tuple(map(found.get, ("class", "id", "d")))
