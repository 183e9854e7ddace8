"""Words are sorted as each language's dictionaries sort them."""

import pytest

from memobook.book.collation import initial, sort_key


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "1958 à Ångström apple Zebra"),
        ("de", "Apfel Äpfel ofen Öl Strasse Straße Zebra"),
        ("fr", "coté côte œil oeuf œuvre"),
        ("sv", "apa Zebra Zå Ångström Äpple Öl"),
        ("da", "zebra æble ø å"),
        ("es-MX", "nz ñu oso"),
        ("cs", "cena čas hora chata Iva"),
        ("hi", "अनिल कमल गगन"),
        ("ar", "أمل بيت كتاب"),
    ],
)
def test_words_come_in_the_order_of_their_language(language, words):
    expected = words.split()
    shuffled = [*expected[1::2], *expected[::2]]
    found = sorted(shuffled, key=lambda w: sort_key(w, language))
    assert found == expected


def test_quotation_marks_and_capitals_do_not_move_a_word():
    words = ["“Zut”", "alpha", "Beta", "«gamma»"]
    found = sorted(words, key=lambda word: sort_key(word, "en"))
    assert found == ["alpha", "Beta", "«gamma»", "“Zut”"]


def test_a_space_comes_before_every_letter():
    words = ["space law", "spaceflight", "space"]
    found = sorted(words, key=lambda word: sort_key(word, "en"))
    assert found == ["space", "space law", "spaceflight"]


@pytest.mark.parametrize(
    ("word", "language", "letter"),
    [
        ("émigré", "fr", "E"),
        ("œuvre", "fr", "O"),
        ("“Änderung”", "de", "A"),
        ("Ängel", "sv", "Ä"),
        ("chata", "cs", "Ch"),
        ("chata", "en", "C"),
        ("कमल", "hi", "क"),
        ("Юрий", "en", "Ю"),
        ("2001", "en", ""),
        ("中国", "zh", ""),
        ("…", "en", ""),
    ],
)
def test_a_word_stands_under_its_letter(word, language, letter):
    assert initial(word, language) == letter
