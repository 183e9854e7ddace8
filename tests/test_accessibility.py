"""What an EPUB says of its accessibility is what the author wrote."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.harness import HARD, Built, built, make
from tests.judges import check_access, check_epub

PICTURE = "manuscript/images/red.png"


def book(root: Path, memo: str, settings: str = "") -> Built:
    return built(make(root, files(memo), settings), formats=("epub",))


def files(memo: str) -> dict[str, str | bytes]:
    return {"manuscript/one.md": memo, PICTURE: (HARD / PICTURE).read_bytes()}


def said(made: Built, name: str) -> list[str]:
    metas = made.epub.package.iter("{*}meta")
    return [m.text or "" for m in metas if m.get("property") == name]


@pytest.mark.parametrize(
    ("bare", "described"),
    [
        ("![](images/red.png)", "![Another](images/red.png)"),
        ('<img src="images/red.png">', '<img src="images/red.png" alt="Another">'),
        (
            '<img src="images/red.png" alt="">',
            '<img class="decorative" src="images/red.png" alt="">',
        ),
    ],
)
def test_a_picture_without_text_takes_a_feature_away_and_its_text_brings_it(
    tmp_path, bare, described
):
    memo = "# One\n\n![A square](images/red.png)\n\nText. {}\n"
    lowered = '[check]\nwarn = ["image-without-alt"]\n'
    root = make(tmp_path / "bare", files(memo.format(bare)), lowered)
    without = built(root, formats=("epub",), codes=("image-without-alt",))
    whole = book(tmp_path / "described", memo.format(described))

    feature, summary = "schema:accessibilityFeature", "schema:accessibilitySummary"
    assert "alternativeText" not in said(without, feature)
    assert "textual" not in said(without, "schema:accessModeSufficient")
    assert "without a description: 1." in said(without, summary)[0]
    assert "alternativeText" in said(whole, feature)
    assert "textual" in said(whole, "schema:accessModeSufficient")
    assert "Every picture has a description." in said(whole, summary)[0]


CLAIM = """[epub.accessibility]
certifier = "Accessible Books"
credential = "Certified Auditor"
report = "https://example.org/report"
level = "AA"
"""


def test_conformance_is_claimed_by_somebody_or_not_at_all(tmp_path):
    silent = book(tmp_path / "silent", "# One\n\nText.\n")
    claimed = book(tmp_path / "claimed", "# One\n\nText.\n", CLAIM)

    conforms = "dcterms:conformsTo"
    opf = silent.epub.files["EPUB/content.opf"]
    assert said(silent, conforms) == []
    assert b"a11y:" not in opf
    assert b"WCAG" not in opf
    assert said(claimed, conforms) == ["EPUB Accessibility 1.1 - WCAG 2.1 Level AA"]
    assert said(claimed, "a11y:certifiedBy") == ["Accessible Books"]
    assert said(claimed, "a11y:certifierCredential") == ["Certified Auditor"]
    (link,) = claimed.epub.package.iter("{*}link")
    assert link.get("href") == "https://example.org/report"
    assert check_epub(claimed.path("epub")) == ()
    access = check_access(claimed.path("epub"))
    assert access.violations == ()
    assert access.metadata > {conforms, "a11y:certifiedBy", "a11y:certifierReport"}


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("de", "Inhaltsverzeichnis"),
        ("es", "índice"),
        ("fr", "sommaire"),
        ("it", "table"),
    ],
)
def test_the_summary_is_in_the_language_of_the_book(tmp_path, language, words):
    root = make(tmp_path, {"manuscript/one.md": "# One\n\nText.\n"})
    settings = root / "manuscript/book.toml"
    settings.write_text(settings.read_text().replace("en-US", language))
    made = built(root, formats=("epub",))

    (summary,) = (
        m
        for m in made.epub.package.iter("{*}meta")
        if m.get("property") == "schema:accessibilitySummary"
    )
    lang = summary.get("{http://www.w3.org/XML/1998/namespace}lang")
    assert lang == ("en" if language == "it" else language)
    assert words in summary.text
