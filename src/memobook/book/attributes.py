"""Know which attributes an element of a book may have, and with which values.

What goes in: names and values as an author wrote them. What comes out: whether they may
stand, and how EPUB spells them: its schema takes no other value, and its letters as
they are. https://www.w3.org/TR/html-aria/ https://html.spec.whatwg.org/#attributes-3
"""

from __future__ import annotations

import re

from memobook.book.glossary import TERM
from memobook.book.index import MARKED

__all__ = ["ELEMENTS", "OWN_CLASSES", "allowed_attributes", "own_classes", "spelt"]

ELEMENTS = frozenset(
    """a abbr address article aside b bdi bdo blockquote br caption cite code col
    colgroup dd del details dfn div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i
    img ins kbd li mark ol p pre q rp rt ruby s samp section small span strong sub
    summary sup table tbody td tfoot th thead time tr u ul var wbr""".split()
)
"""What may stand in a memo."""

OWN_CLASSES = frozenset("address call external footnote page-reference".split())
"""What memobook itself calls links and notes, by which they are known on the way to the
outputs: a word of that class would be taken for a call, or hidden like a note."""


def own_classes(tag: str) -> frozenset[str]:
    """Return the classes that no author may give to an element."""
    # A paragraph may hold an address of another kind.
    return OWN_CLASSES if tag == "a" else OWN_CLASSES - {"address"}


# Which attributes may stand on any element, and which on some? Others that say what
# something is to be called aloud lead to ids, which have other names in a book, or
# belong to what can be pressed, and a book has no such thing.
_GLOBAL = frozenset("id class lang dir title role aria-label aria-hidden".split())
_SPECIFIC = {
    "a": frozenset("href note".split()),
    "cite": frozenset(["refs"]),
    "img": frozenset("src alt width height credit".split()),
    "td": frozenset("colspan rowspan".split()),
    "th": frozenset("colspan rowspan scope".split()),
    "ol": frozenset("start type reversed".split()),
    "li": frozenset(["value"]),
    "time": frozenset(["datetime"]),
    "col": frozenset(["span"]),
    "colgroup": frozenset(["span"]),
    "del": frozenset(["datetime"]),
    "ins": frozenset(["datetime"]),
    "details": frozenset(["open"]),
}
_ALLOWED = {
    tag: _GLOBAL | MARKED | {TERM} | _SPECIFIC.get(tag, frozenset()) for tag in ELEMENTS
}

# Which values may some have? https://html.spec.whatwg.org/#the-time-element
_DAY = r"\d{4,}-\d\d-\d\d"
_MONTH = r"\d{4,}(-\d\d)?"
_HOUR = r"\d\d:\d\d(:\d\d(\.\d{1,3})?)?"
_ZONE = r"(Z|[+-]\d\d:?\d\d)"
_SPAN = re.compile("0*[1-9][0-9]*")
_NUMBER = re.compile(r"-?\d{1,9}")
_VALUES = {
    "aria-hidden": re.compile("true|false"),
    "colspan": _SPAN,
    "datetime": re.compile(rf"{_MONTH}|{_DAY}|(({_DAY}|{_MONTH})[T ])?{_HOUR}{_ZONE}?"),
    "dir": re.compile("ltr|rtl|auto"),
    "id": re.compile(r".*\S.*", re.DOTALL),
    "lang": re.compile("([A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*)?"),
    "rowspan": _SPAN,
    "scope": re.compile("row|col|rowgroup|colgroup"),
    "span": _SPAN,
    "start": _NUMBER,
    "type": re.compile("[1aAiI]"),
    "value": _NUMBER,
}
_CHANGED = re.compile(rf"{_DAY}([T ]{_HOUR}{_ZONE})?")
"""When something was taken out or put in: a day, or a time that all clocks agree on."""
_KEYWORDS = frozenset("aria-hidden dir role scope".split())
_FLAGS = frozenset("open reversed".split())
"""What is there or not, whatever it says."""

# Which roles may an author give? None that memobook gives itself, such as that of a
# note's call, and none of what can be pressed.
_PLAIN = frozenset(
    """article complementary definition directory document figure group img list
    listitem math navigation none note presentation region search separator table
    term""".split()
)
_PARTS = frozenset(
    f"doc-{part}"
    for part in """abstract acknowledgments afterword appendix bibliography chapter
    colophon conclusion credit credits dedication epigraph epilogue errata example
    foreword glossary introduction notice part preface prologue pullquote qna""".split()
)
_NONE = frozenset(["none", "presentation"])
_OF_LISTS = _NONE | {"directory", "group", "list"}
_OF_SECTIONS = frozenset(
    "complementary document group navigation note region search".split()
)
_ROLES = {
    "a": frozenset("doc-biblioref doc-glossref link".split()),
    "article": _NONE | {"article", "document", "region"},
    "aside": _NONE
    | frozenset("complementary doc-dedication doc-example doc-glossary".split())
    | frozenset("doc-pullquote doc-tip note region search".split()),
    **dict.fromkeys(("br", "wbr"), _NONE),
    **dict.fromkeys(("caption", "col", "colgroup", "summary"), frozenset[str]()),
    "dd": frozenset(["definition"]),
    "details": frozenset(["group"]),
    "dl": _NONE | {"group", "list"},
    "dt": frozenset(["listitem", "term"]),
    "figcaption": _NONE,
    **dict.fromkeys((f"h{n}" for n in range(1, 7)), _NONE | {"doc-subtitle"}),
    "hr": _NONE | {"separator"},
    "img": _NONE | {"img", "math", "separator"},
    "li": _NONE | {"listitem"},
    **dict.fromkeys(("ol", "ul"), _OF_LISTS),
    "section": _NONE | _OF_SECTIONS | _PARTS,
}
_OTHERS = _PLAIN | _PARTS | {"doc-subtitle", "doc-tip"}


def allowed_attributes(tag: str) -> frozenset[str] | None:
    """Return the attributes that an element may have; None if it has no place."""
    return _ALLOWED.get(tag)


def spelt(tag: str, name: str, value: str) -> str | None:
    """Return an attribute's value as EPUB spells it; None if it is none."""
    if name in _FLAGS:
        return ""
    if name in _KEYWORDS:
        value = value.strip().lower()
    if name == "role":
        return value if value in _ROLES.get(tag, _OTHERS) else None
    known = _CHANGED if name == "datetime" and tag != "time" else _VALUES.get(name)
    return value if known is None or known.fullmatch(value) else None
