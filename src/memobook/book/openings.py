"""Find the brackets of a formula that nothing closes.

What goes in: TeX. What comes out: where they stand. math-core looks for the end of each
one anew within all that follows it, so that one more doubles its time and its memory;
with thirty, a process has none left. It does so within a group, and within a cell.
"""

from __future__ import annotations

import re

__all__ = ["check_brackets"]

_MOST = 20
"""Brackets without an end: with so many, math-core takes a tenth of a second."""
_NAMES = "angle Angle brace Brace brack ceil floor group moustache paren vert Vert"
_DOUBLED = "angle bracket parenthesis"


def _names(side: str, *corners: str) -> str:
    """Return a regex for the commands of one side, l or r."""
    single = [side + name for name in _NAMES.split()]
    double = [side * 2 + name for name in _DOUBLED.split()]
    return rf"\\(?:{'|'.join((*single, *double, *corners))})(?![A-Za-z])"


_SIGN = re.compile(
    rf"""
    \\(?:left|middle|right|[bB]igg?)(?![A-Za-z])\s*(?:\\[A-Za-z]+|\\?.)  # no brackets
  | (?P<begin>\\begin\b) | (?P<end>\\end\b) | (?P<cell>&|\\\\)
  | (?P<in>\{{) | (?P<out>\}})
  | (?P<open>[(\[⌈⌊⌜⎰❲⟅⟦⟨⟪⟬⟮⦃⦅⦇⦉⦋⦏⦓⦕⧘⧼]|\\\{{|{_names("l", "llcorner", "ulcorner")})
  | (?P<close>[)\]⌉⌋⌝⎱❳⟆⟧⟩⟫⟭⟯⦄⦆⦈⦊⦌⦐⦔⦖⧙⧽]|\\\}}|{_names("r", "lrcorner", "urcorner")})
  | \\[A-Za-z]+ | \\.
    """,
    re.VERBOSE | re.DOTALL,
)


def check_brackets(tex: str) -> None:
    """Raise ValueError if too many brackets have no end: offset, colon, reason."""
    found = _without_end(tex) if len(tex) > _MOST else []
    if len(found) > _MOST:
        many = f"{len(found)} brackets have no end, and {_MOST} is most"
        hint = r"an interval may be \left[ ... \right["
        message = f"{found[0]}: {many}; {hint}"
        raise ValueError(message)


def _without_end(tex: str) -> list[int]:
    """Return the offsets of those that stand in one cell; of the cell with most."""
    worst: list[int] = []
    groups: list[list[int]] = [[]]
    is_table = [False]
    for found in _SIGN.finditer(tex):
        match found.lastgroup:
            case "open":
                groups[-1].append(found.start())
            case "close" if groups[-1]:
                groups[-1].pop()
            case "begin" | "in":
                groups.append([])
                is_table.append(found.lastgroup == "begin")
            case "cell" if is_table[-1]:
                worst = max(worst, groups[-1], key=len)
                groups[-1] = []
            case "end" | "out" if len(groups) > 1:
                inner = groups.pop()
                if is_table.pop():
                    worst = max(worst, inner, key=len)
                else:  # a group of a single sign is none to math-core
                    groups[-1] += inner
    return max(worst, [n for group in groups for n in group], key=len)
