"""Where two texts differ, in whole words."""

import random

import pytest

from memobook.checks.differences import differences

TEXT = " ".join(f"word{i} says{i * 7} something{i * 13}" for i in range(200))


def found(one: str, two: str) -> list[tuple[int, str, str]]:
    return [(d.first, " ".join(d.expected), d.found) for d in differences(one, two)]


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        ("The same.", "The same.", []),
        ("A space here.", "A spa ce here.", []),
        ("a re\u2010port", "a report", []),
        ("all elephants here", "all elephant here", [(1, "elephants", "elephant")]),
        ("all elephant here", "all elephants here", [(1, "elephant", "elephants")]),
        ("one two three", "one three", [(1, "two", "")]),
        ("one three", "one two three", [(1, "", "two")]),
        ("one two", "one two three", [(2, "", "three")]),
        ("one two", "two", [(0, "one", "")]),
        ("", "text", [(0, "", "text")]),
        ("text", "", [(0, "text", "")]),
    ],
)
def test_a_difference_is_told_in_whole_words(one, two, expected):
    assert found(one, two) == expected


def test_several_differences_of_a_long_text_are_told_one_by_one():
    other = TEXT.replace("word50 ", "").replace("says350", "says")
    other = other.replace("something1300", "nothing")

    assert found(TEXT, other) == [
        (150, "word50 says350", "says"),
        (302, "something1300", "nothing"),
    ]


def test_a_paragraph_that_is_gone_does_not_hide_what_follows():
    words = TEXT.split()
    other = " ".join([*words[:100], *words[400:500], "new", *words[500:]])

    assert found(TEXT, other) == [
        (100, " ".join(words[100:400]), ""),
        (500, "", "new"),
    ]


def test_a_word_that_changes_anywhere_is_found_there():
    rng = random.Random(4)
    words = TEXT.split()
    for _ in range(200):
        index = rng.randrange(len(words))
        other = [*words[:index], "planted", *words[index + 1 :]]
        assert found(TEXT, " ".join(other)) == [(index, words[index], "planted")]
