"""Spaces and quotation marks are those of a passage's language."""

import pytest

from memobook.book.model import Source
from memobook.book.parse import parse_memo
from memobook.book.tree import text_of
from memobook.diagnostics import Reporter


def said(text: str, language: str) -> str:
    reporter = Reporter()
    source = Source("manuscript/a.md", f"---\ntitle: T\n---\n{text}\n")
    memo = parse_memo(source, language, reporter)
    assert reporter.diagnostics == ()
    return text_of(memo.body).strip()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Quoi ? Non !", "Quoi\u202f? Non\u202f!"),
        ("Quoi? Non!", "Quoi\u202f? Non\u202f!"),
        ("Deux choses : a ; b.", "Deux choses\u202f: a\u202f; b."),
        (
            "À 12:30, sur https://example.org/a?b.",
            "À 12:30, sur https://example.org/a?b.",
        ),
        ("« Oui », dit-il.", "«\u202fOui\u202f», dit-il."),
        ("«Oui», dit-il.", "«\u202fOui\u202f», dit-il."),
        ('Il dit "oui" !', "Il dit «\u202foui\u202f»\u202f!"),
        ("« *Oui* » et *quoi* ?", "«\u202fOui\u202f» et quoi\u202f?"),
        ("Du code : `a ? b : c ;`", "Du code\u202f: a ? b : c ;"),
        ("Quoi ?! (Non !)", "Quoi\u202f?! (Non\u202f!)"),
    ],
)
def test_french_has_narrow_spaces_that_no_line_ends_at(text, expected):
    assert said(text, "fr") == expected


@pytest.mark.parametrize("language", ["en", "de", "fr-CH", "fr-CA"])
def test_other_languages_have_no_such_spaces(language):
    assert said("Quoi? Non!", language) == "Quoi? Non!"


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ('He said [l\'été "est" là !]{lang=fr} "Yes!"', "en",
         "He said l’été «\u202fest\u202f» là\u202f! “Yes!”"),
        ('She said ["nein, \'nie\'"]{lang=de}, "no".', "en", "She said „nein, ‚nie‘“, “no”."),
        ('Er sagt ["no!"]{lang=en}, „nein“.', "de", "Er sagt “no!”, „nein“."),
        ('Il dit ["no!"]{lang=en} !', "fr", "Il dit “no!”\u202f!"),
    ],
)  # fmt: skip
def test_a_passage_has_the_marks_of_its_own_language(text, language, expected):
    assert said(text, language) == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "A “b ‘c’”."),
        ("de", "A „b ‚c‘“."),
        ("fr", "A «\u202fb ‹\u202fc\u202f›\u202f»."),
        ("he", "A ”b ’c’”."),
    ],
)
def test_a_quotation_of_html_has_the_marks_of_its_language(language, expected):
    assert expected == said("A <q>b <q>c</q></q>.", language)


def test_a_quotation_in_another_language_has_the_marks_of_the_one_around_it():
    text = '<p lang="de">A <q lang="fr">mot <q>dit</q></q>.</p>'
    assert "A „mot ‹\u202fdit\u202f›“." == said(text, "en")
