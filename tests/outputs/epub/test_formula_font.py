"""The font of formulas: which characters it has, and when there is one."""

from __future__ import annotations

import io

from fontTools.ttLib import TTFont

from memobook.outputs.epub.formula_font import formula_font


def test_a_lone_letter_of_a_formula_has_its_italic_form():
    found = formula_font(["<p>x</p><math><mi>v</mi><mo>&#8721;</mo></math>"])
    with TTFont(io.BytesIO(found.resources[0].data)) as font:
        characters = {chr(code) for code in font.getBestCmap()}
        assert "MATH" in font
    assert characters >= {"v", "\U0001d463", "∑"}
    assert "x" not in characters
    assert "SIL Open Font License" in found.resources[1].data.decode()


def test_pages_without_formulas_have_no_such_font():
    assert formula_font(["<p>v</p>"]).resources == ()
