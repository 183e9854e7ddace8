"""Compare what an EPUB claims for readers with a disability with what it has.

What goes in: an EPUB that was read back, and the claims that its content bears out.
What comes out: a diagnostic for each claim too many or too few.
"""

from __future__ import annotations

from collections.abc import Iterable

from memobook.checks.anew import ANEW
from memobook.checks.packed import PackedBook
from memobook.diagnostics import Code, Reporter, Span

__all__ = ["check_claims"]

_CLAIMS = (
    "schema:accessMode",
    "schema:accessModeSufficient",
    "schema:accessibilityFeature",
    "schema:accessibilityHazard",
)


def check_claims(
    epub: PackedBook,
    expected: Iterable[tuple[str, str]],
    output: Span,
    reporter: Reporter,
) -> None:
    """Report claims that the content does not bear out, and silence about the rest.

    `expected` are pairs of a schema.org property and its value.
    """
    ours = set(expected)
    for name in _CLAIMS:
        short = name.partition(":")[2]
        claimed = set(epub.metadata(name))
        borne_out = {value for key, value in ours if key == name}
        for value in sorted(claimed - borne_out):
            message = f"the EPUB claims {short} {value}, which its content has not"
            reporter.error(Code.ACCESSIBILITY_CLAIM, output, message, ANEW)
        for value in sorted(borne_out - claimed):
            message = f"the EPUB does not say that its {short} is {value}"
            reporter.error(Code.ACCESSIBILITY_CLAIM, output, message, ANEW)
