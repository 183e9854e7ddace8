"""Tell in which direction a language is written.

What goes in: a language tag. What comes out: rtl or ltr. A table, as langcodes loads
its own for a tenth of a second, and every page asks.
"""

from __future__ import annotations

from memobook.book.tree import Node, nodes, rewrite

__all__ = ["direction", "with_directions"]

# https://www.unicode.org/iso15924/iso15924-codes.html
_SCRIPTS = frozenset("adlm arab aran hebr mand nkoo rohg samr syrc thaa".split())
# Which languages are written so where the tag names no script?
# https://github.com/unicode-org/cldr/blob/main/common/supplemental/likelySubtags.xml
_LANGUAGES = frozenset(
    """ar arc arz ary aeb apc acm ajp bal bqi ckb dv fa glk he iw ji khw ks lrc mzn
    nqo pnb ps sd sdh skr syr ug ur uz-af yi prs""".split()
)


def direction(language: str) -> str:
    """Return rtl or ltr for a BCP 47 tag.

    >>> direction("ar-EG"), direction("az-Arab"), direction("he-Latn"), direction("en")
    ('rtl', 'rtl', 'ltr', 'ltr')
    """
    first, *more = language.lower().split("-")
    script = next((part for part in more if len(part) == 4 and part.isalpha()), "")
    if script:
        return "rtl" if script in _SCRIPTS else "ltr"
    names = {first, f"{first}-{more[0]}" if more else first}
    return "ltr" if names.isdisjoint(_LANGUAGES) else "rtl"


_CODE = frozenset("code kbd pre samp".split())
"""What is written from left to right in any language."""


def with_directions(root: Node, language: str) -> Node:
    """Return a tree in which a passage in a language of another direction says so.

    `language` is the text's own.
    """
    around = direction(language)
    if around == "ltr" and not any(n.attributes and n.has("lang") for n in nodes(root)):
        return root

    def directed(node: Node) -> Node:
        if node.has("dir"):
            return node
        if node.tag in _CODE and around == "rtl":
            return node.with_attributes(dir="ltr")
        if not node.has("lang"):
            return node
        own = direction(node.get("lang"))
        return node if own == around else node.with_attributes(dir=own)

    return rewrite(root, directed)
