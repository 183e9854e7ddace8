"""Know which attributes an element of MathML may have, and with which values.

What goes in: a name and a value as an author wrote them. What comes out: whether they
may stand. EPUB asks for MathML 3, whose schema takes no other.
https://www.w3.org/TR/MathML3/appendixa.html
"""

from __future__ import annotations

import re

from memobook.book.harmless import is_harmless

__all__ = ["may_stand_in_formula"]

_ANY, _FLAG = ".*", "true|false"
_SPACE = "(negative)?(very){0,2}(thin|medium|thick)mathspace"
_LENGTH = rf"-?(\d+\.?\d*|\.\d+)(e[mx]|in|cm|mm|p[xtc]|%)?|{_SPACE}"
_PADDED = rf"[+-]?(\d+\.?\d*|\.\d+)(e[mx]|in|cm|mm|p[xtc])?|{_SPACE}"
_COLOUR = (
    "#[0-9A-Fa-f]{3}([0-9A-Fa-f]{3})?|aqua|black|blue|fuchsia|gray|green|lime|maroon"
    "|navy|olive|purple|red|silver|teal|white|yellow"
)
_COLUMN, _ROW = "left|center|right", "top|bottom|center|baseline|axis"
_LINE = "none|solid|dashed"
_VARIANT = (
    "normal|bold|italic|bold-italic|double-struck|bold-fraktur|script|bold-script"
    "|fraktur|sans-serif|bold-sans-serif|sans-serif-italic|sans-serif-bold-italic"
    "|monospace"
)


def _list(one: str) -> str:
    return rf"({one})(\s+({one}))*"


def _all(names: str, values: str) -> dict[str, str]:
    return dict.fromkeys(names.split(), values)


_EVERYWHERE = {
    **_all("class style aria-label", _ANY),
    **_all("mathbackground mathcolor", _COLOUR),
    "dir": "ltr|rtl",
    "id": r"\S+",
}
_WORDS = {"mathsize": f"{_LENGTH}|small|normal|big", "mathvariant": _VARIANT}
_ALIGNED = {"columnalign": _list(_COLUMN), "rowalign": _list(_ROW)}
_OWN = {
    "annotation": {"encoding": _ANY},
    "math": {"alttext": _ANY, "display": "block|inline", "displaystyle": _FLAG},
    "menclose": {"notation": r"[a-z]+(\s+[a-z]+)*"},
    "mfenced": _all("open close separators", _ANY),
    "mfrac": {
        "bevelled": _FLAG,
        "linethickness": f"{_LENGTH}|thin|medium|thick",
        **_all("numalign denomalign", _COLUMN),
    },
    **dict.fromkeys(("mi", "mn", "mtext"), _WORDS),
    "mo": {
        **_WORDS,
        **_all("accent fence largeop movablelimits separator", _FLAG),
        **_all("stretchy symmetric", _FLAG),
        **_all("lspace rspace minsize", _LENGTH),
        "form": "infix|prefix|postfix",
        "maxsize": f"{_LENGTH}|infinity",
    },
    "mover": {"accent": _FLAG},
    "mpadded": _all("depth height lspace voffset width", _PADDED),
    "ms": {**_WORDS, **_all("lquote rquote", _ANY)},
    "mspace": _all("depth height width", _LENGTH),
    "mstyle": {**_WORDS, "displaystyle": _FLAG, "scriptlevel": r"[+-]?\d{1,2}"},
    "mtable": {
        **_ALIGNED,
        **_all("columnlines rowlines", _list(_LINE)),
        **_all("columnspacing rowspacing", _list(_LENGTH)),
        "displaystyle": _FLAG,
        "frame": _LINE,
    },
    "mtd": {
        "columnalign": _COLUMN,
        "rowalign": _ROW,
        **_all("columnspan rowspan", "[1-9][0-9]{0,2}"),
    },
    "mtr": _ALIGNED,
    "munder": {"accentunder": _FLAG},
    "munderover": _all("accent accentunder", _FLAG),
}
_VALUES = {
    tag: {name: re.compile(values, re.DOTALL) for name, values in own.items()}
    for tag, own in {**_OWN, "": _EVERYWHERE}.items()
}


def may_stand_in_formula(tag: str, name: str, value: str) -> bool:
    """Tell whether an attribute may stand on an element of a formula."""
    if name.startswith("data-"):
        return True
    known = _VALUES.get(tag, {}).get(name) or _VALUES[""].get(name)
    return bool(known and known.fullmatch(value)) and is_harmless(value)
