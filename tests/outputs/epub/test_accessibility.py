"""Accessibility metadata computed from the documents."""

import io
from dataclasses import fields, replace

import pytest
from lxml import etree
from PIL import Image

from memobook.design.words import LANGUAGES, words
from memobook.outputs.epub.accessibility import (
    Certificate,
    Facts,
    claims,
    find_facts,
    properties,
    summary,
)
from tests.outputs.epub.sample import document

SVG = 'svg xmlns="http://www.w3.org/2000/svg"'


def facts_of(body: str, *pictures: bytes, style: str = "") -> Facts:
    root = etree.fromstring(document("T", body).encode())
    return find_facts((root,), pictures, style)


def gif(frames: int) -> bytes:
    """Return a picture of several ones."""
    first, *more = [Image.new("L", (2, 2), 9 * n) for n in range(frames)]
    out = io.BytesIO()
    first.save(out, "GIF", save_all=True, append_images=more)
    return out.getvalue()


def values(facts: Facts, name: str) -> list[str]:
    return [value for key, value in properties(facts) if key == f"schema:{name}"]


@pytest.mark.parametrize(
    ("body", "images", "undescribed"),
    [
        ("<p>Text</p>", 0, 0),
        ('<img src="a" alt="A"/>', 1, 0),
        ('<img src="a" alt=""/>', 0, 0),
        ('<img src="a"/>', 1, 1),
        ('<img src="a" role="presentation"/>', 0, 0),
        (f'<{SVG} aria-hidden="true"><circle/></svg>', 0, 0),
        (f"<{SVG}><title>A</title><svg><circle/></svg></svg>", 1, 0),
        (f"<{SVG}><circle/></svg>", 1, 1),
        (f'<{SVG} aria-labelledby="x"><circle/></svg>', 1, 0),
    ],
)
def test_pictures_are_counted_unless_they_decorate(body, images, undescribed):
    facts = facts_of(body)
    assert (images, undescribed) == (facts.images, facts.undescribed)


def test_text_alone_is_textual_and_enough():
    facts = facts_of("<p>Text</p>")
    assert values(facts, "accessMode") == ["textual"]
    assert values(facts, "accessModeSufficient") == ["textual"]
    assert "alternativeText" not in values(facts, "accessibilityFeature")
    assert "icture" not in summary(facts)[0]


def test_described_pictures_can_be_done_without():
    facts = facts_of('<img src="a" alt="A"/>')
    assert values(facts, "accessMode") == ["textual", "visual"]
    assert values(facts, "accessModeSufficient") == ["textual", "textual,visual"]
    assert "alternativeText" in values(facts, "accessibilityFeature")


def test_a_picture_without_text_is_not_hidden():
    facts = facts_of('<img src="a" alt="A"/><img src="b"/>')
    assert values(facts, "accessModeSufficient") == ["textual,visual"]
    assert "alternativeText" not in values(facts, "accessibilityFeature")
    assert "without a description: 1." in summary(facts)[0]


def test_pages_and_formulas_are_features():
    facts = facts_of(
        '<nav epub:type="page-list"></nav><span epub:type="pagebreak"/>'
        '<math xmlns="http://www.w3.org/1998/Math/MathML"/>'
    )
    features = values(facts, "accessibilityFeature")
    assert {"MathML", "pageBreakMarkers", "pageNavigation"} <= set(features)


def test_a_moving_picture_may_flash():
    assert values(facts_of("<p/>"), "accessibilityHazard") == ["none"]
    assert values(facts_of("<p/>", gif(1)), "accessibilityHazard") == ["none"]
    moving = facts_of("<p/>", gif(1), gif(2))
    assert values(moving, "accessibilityHazard") == ["unknown"]
    assert "may flash" in summary(moving)[0]
    sheet = (
        b'<svg xmlns="http://www.w3.org/2000/svg"><style>@keyframes a{}</style></svg>'
    )
    assert values(facts_of("<p/>", sheet), "accessibilityHazard") == ["unknown"]
    drawn = facts_of(f"<{SVG}><animate/></svg>")
    assert values(drawn, "accessibilityHazard") == ["unknown"]


@pytest.mark.parametrize(
    ("body", "feature"),
    [
        ("<h1>A</h1><h2>B</h2>", "structuralNavigation"),
        ('<section role="doc-chapter"/>', "ARIA"),
        ('<img src="a" alt="A" aria-details="b"/>', "longDescription"),
        (
            '<math xmlns="http://www.w3.org/1998/Math/MathML" alttext="x"/>',
            "describedMath",
        ),
        ("<ruby>A<rt>B</rt></ruby>", "rubyAnnotations"),
        ('<section epub:type="index"/>', "index"),
    ],
)
def test_a_feature_is_said_if_it_is_there(body, feature):
    assert feature in values(facts_of(body), "accessibilityFeature")
    assert feature not in values(facts_of("<p>A</p>"), "accessibilityFeature")


def test_headings_that_leave_out_a_level_show_no_structure():
    facts = facts_of("<h1>A</h1><h3>B</h3>")
    assert "structuralNavigation" not in values(facts, "accessibilityFeature")
    assert "Headings" not in summary(facts)[0]


@pytest.mark.parametrize(
    ("style", "is_free"),
    [
        ("p { font-size: 1.2em; border: 1px solid; line-height: 1.4 }", True),
        ("p { font-size: 12px }", False),
        ("p { font: italic 10pt/1.2 serif }", False),
    ],
)
def test_a_fixed_size_of_the_text_is_no_transformability(style, is_free):
    found = values(facts_of("<p>A</p>", style=style), "accessibilityFeature")
    assert ("displayTransformability" in found) is is_free


def test_every_language_has_all_words():
    assert len({tuple(words(language, {})) for language in LANGUAGES}) == 1
    rich = Facts(images=2, formulas=1, has_page_list=True, has_structure=True)
    said = [summary(rich, language) for language in LANGUAGES]
    assert [language for _, language in said] == list(LANGUAGES)
    assert len({text for text, _ in said}) == len(LANGUAGES)
    assert "3." in summary(replace(rich, undescribed=3), "de-AT")[0]


def test_a_summary_is_english_where_there_are_no_words():
    assert summary(Facts(), "fi")[1] == "en"
    assert summary(Facts(), "de-AT")[1] == "de-AT"


def test_a_claim_names_who_makes_it():
    made = Certificate(certifier="Ada", level="AA", wcag="2.2", report="https://a.b/")
    found = [(name, text) for name, text, _ in claims(made)]
    said = "EPUB Accessibility 1.1 - WCAG 2.2 Level AA"
    assert found == [("meta", said), ("meta", "Ada"), ("link", "")]
    assert {f.name for f in fields(Certificate)} >= {"credential", "report"}
