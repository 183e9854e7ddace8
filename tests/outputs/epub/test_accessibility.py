"""Accessibility metadata computed from the documents."""

import pytest
from lxml import etree

from memobook.outputs.epub.accessibility import (
    Facts,
    find_facts,
    properties,
    summary,
)
from tests.outputs.epub.sample import document

SVG = 'svg xmlns="http://www.w3.org/2000/svg"'


def facts_of(body: str, media_types: tuple[str, ...] = ()) -> Facts:
    return find_facts((etree.fromstring(document("T", body).encode()),), media_types)


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
    assert "icture" not in summary(facts)


def test_described_pictures_can_be_done_without():
    facts = facts_of('<img src="a" alt="A"/>')
    assert values(facts, "accessMode") == ["textual", "visual"]
    assert values(facts, "accessModeSufficient") == ["textual", "textual,visual"]
    assert "alternativeText" in values(facts, "accessibilityFeature")


def test_a_picture_without_text_is_not_hidden():
    facts = facts_of('<img src="a" alt="A"/><img src="b"/>')
    assert values(facts, "accessModeSufficient") == ["textual,visual"]
    assert "alternativeText" not in values(facts, "accessibilityFeature")
    assert "without a description: 1." in summary(facts)


def test_pages_and_formulas_are_features():
    facts = facts_of(
        '<nav epub:type="page-list"></nav><span epub:type="pagebreak"/>'
        '<math xmlns="http://www.w3.org/1998/Math/MathML"/>'
    )
    features = values(facts, "accessibilityFeature")
    assert {"MathML", "pageBreakMarkers", "pageNavigation"} <= set(features)


def test_a_moving_picture_may_flash():
    assert values(facts_of("<p/>"), "accessibilityHazard") == ["none"]
    moving = facts_of("<p/>", ("image/gif",))
    assert values(moving, "accessibilityHazard") == ["unknown"]
    drawn = facts_of(f"<{SVG}><animate/></svg>")
    assert values(drawn, "accessibilityHazard") == ["unknown"]
