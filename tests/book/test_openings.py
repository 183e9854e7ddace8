"""Brackets of a formula that nothing closes."""

from __future__ import annotations

import pytest

from memobook.book.openings import check_brackets


@pytest.mark.parametrize(
    "tex",
    [
        "x+" + "[" * 30,
        "x+" + "[@" * 30,
        "x+" + "{[}" * 30,
        "x+" + r"\bigl\langle y" * 30,
        r"x+\frac{" + "(" * 30 + "}{" + ")" * 30 + "}",
        r"x+\{" + r"\{" * 29,
    ],
)
def test_many_without_an_end_are_refused_where_the_first_stands(tex):
    with pytest.raises(ValueError, match=r"^\d+: 30 brackets have no end"):
        check_brackets(tex)


def test_the_first_of_them_is_told():
    with pytest.raises(ValueError, match=r"^4: 21 brackets"):
        check_brackets("(x)+" + "[" * 21)


@pytest.mark.parametrize(
    "tex",
    [
        "(x)" * 30,
        "(" * 30 + ")" * 30,
        r"\left[x\right." * 30,
        r"\begin{matrix}" + r"[0,1[ & ]0,1[ \\" * 30 + r"\end{matrix}",
        r"\lambda\le\left\{x\right. " * 30,
        "[0,1[ + " * 10,
        r"\left[0,1\right[ + " * 30,
        "}" * 30 + r"\end{x}" * 30,
    ],
)
def test_others_are_not(tex):
    check_brackets(tex)
