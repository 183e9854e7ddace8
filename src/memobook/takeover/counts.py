"""Count what a text holds, in the same way before and after it was taken over.

What goes in: Markdown. What comes out: numbers of headings, links, pictures, tables,
notes and pieces of code, as GitHub reads the text and not as memobook does.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

__all__ = ["KINDS", "counted"]

KINDS = ("headings", "links", "pictures", "tables", "notes", "code")
_TOKENS = {
    "heading_open": "headings",
    "table_open": "tables",
    "fence": "code",
    "link_open": "links",
    "image": "pictures",
}
_NOTE = re.compile(r"^\[\^[^\]]+\]:", re.MULTILINE)
_PICTURE = re.compile(r"<img\b", re.IGNORECASE)


def counted(texts: Iterable[str]) -> Counter[str]:
    """Return how many of each kind some texts hold."""
    from markdown_it import MarkdownIt

    reader = MarkdownIt("commonmark").enable("table")
    found: Counter[str] = Counter()
    for text in texts:
        found["notes"] += len(_NOTE.findall(text))
        for token in reader.parse(text):
            found[_TOKENS.get(token.type, "")] += 1
            if token.type == "html_block":
                found["pictures"] += len(_PICTURE.findall(token.content))
            for inner in token.children or ():
                found[_TOKENS.get(inner.type, "")] += 1
                if inner.type == "html_inline" and _PICTURE.match(inner.content):
                    found["pictures"] += 1
    return Counter({kind: found[kind] for kind in KINDS})
