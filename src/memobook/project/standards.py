"""The standards that a PDF can promise, and which of them go together.

What goes in: names, as an author writes them. What comes out: what they ask of the PDF,
or what is wrong with them.

PDF/UA (ISO 14289) is for readers who listen, PDF/A (ISO 19005) for archives. A PDF may
promise one part of each. PDF/UA-1 and PDF/A-2 and -3 are about PDF 1.7, PDF/UA-2 and
PDF/A-4 about PDF 2.0; a file is one or the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["STANDARDS", "Standards", "clash"]

_UA = {"pdf/ua-1": 1, "pdf/ua-2": 2}
_A = {
    "pdf/a-2b": (2, "B"),
    "pdf/a-2u": (2, "U"),
    "pdf/a-2a": (2, "A"),
    "pdf/a-3b": (3, "B"),
    "pdf/a-3u": (3, "U"),
    "pdf/a-3a": (3, "A"),
    "pdf/a-4": (4, ""),
}

STANDARDS = (*_UA, *_A)
"""All that there are."""


@dataclass(frozen=True, slots=True)
class Standards:
    """What a PDF promises."""

    accessible: int = 0
    """The part of PDF/UA; 0 for none."""
    archival: int = 0
    """The part of PDF/A; 0 for none."""
    level: str = ""
    """Of PDF/A: B, U or A; PDF/A-4 has none."""
    is_tagged: bool = True
    """Whether there is a structure tree at all: not if nothing is promised."""

    @property
    def is_pdf_2(self) -> bool:
        """Whether the PDF is one of PDF 2.0."""
        return self.accessible == 2 or self.archival == 4

    @classmethod
    def of(cls, names: Sequence[str]) -> Standards:
        """Return what known names ask for, between which there is no clash."""
        accessible = max((_UA[n] for n in names if n in _UA), default=0)
        archival, level = max((_A[n] for n in names if n in _A), default=(0, ""))
        return cls(accessible, archival, level, is_tagged=bool(names))


def clash(names: Sequence[str]) -> tuple[str, str] | None:
    """Return what is wrong with known names together, and what can be had instead."""
    for known, family in ((_UA, "PDF/UA"), (_A, "PDF/A")):
        found = [name for name in names if name in known]
        if len(found) > 1:
            message = f"a PDF is one part of {family}, not {' and '.join(found)}"
            return message, f'keep one of them: "{found[-1]}"'
    old = [n for n in names if n == "pdf/ua-1" or (n in _A and _A[n][0] < 4)]
    new = [n for n in names if n not in old]
    if old and new:
        message = f"{old[0]} is about PDF 1.7 and {new[0]} about PDF 2.0"
        return message, 'write ["pdf/ua-1", "pdf/a-3a"] or ["pdf/ua-2", "pdf/a-4"]'
    return None
