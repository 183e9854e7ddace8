"""Say which extensions Python-Markdown has in memobook, and how they are set.

Nothing goes in. What comes out: names and settings. Python-Markdown is not known here.
"""

from __future__ import annotations

import re
from html import escape
from typing import Any

__all__ = ["ABBREVIATION", "EXTENSIONS", "SETTINGS"]

EXTENSIONS = (
    "markdown.extensions.abbr",
    "markdown.extensions.attr_list",
    "markdown.extensions.def_list",
    "markdown.extensions.footnotes",
    "markdown.extensions.md_in_html",
    "markdown.extensions.sane_lists",
    "markdown.extensions.tables",
    "pymdownx.arithmatex",
    "pymdownx.betterem",
    "pymdownx.blocks.admonition",
    "pymdownx.blocks.caption",
    "pymdownx.bracketspan",
    "pymdownx.caret",
    "pymdownx.highlight",
    "pymdownx.keys",
    "pymdownx.mark",
    "pymdownx.quotes",
    "pymdownx.superfences",
    "pymdownx.tasklist",
    "pymdownx.tilde",
)


def _kept(kind: str) -> dict[str, Any]:
    """Return the setting for fences of a kind whose text another module reads."""

    def fence(
        text: str,
        _: str,
        __: str,
        given: dict[str, str],
        ___: object,
        *,
        attrs: dict[str, str],
        id_value: str,
        **____: object,
    ) -> str:
        names = {**given, **attrs, **({"id": id_value} if id_value else {})}
        said = "".join(f' {name}="{escape(value)}"' for name, value in names.items())
        return f'<div class="{_FENCES[kind]}"{said}>{escape(text)}</div>'

    def takes(
        _: str, found: dict[str, str], given: dict[str, str], *__: object
    ) -> bool:
        given.update(found)  # what has no place there is reported with other HTML
        return True

    return {"name": kind, "class": kind, "format": fence, "validator": takes}


_FENCES = {"math": "arithmatex", "mermaid": "mermaid"}
SETTINGS: dict[str, dict[str, Any]] = {
    "pymdownx.arithmatex": {
        "generic": True,
        "inline_syntax": ["dollar"],
        "block_syntax": ["dollar"],
    },
    # Numbers are given for the whole book, later.
    "pymdownx.blocks.caption": {"auto": False},
    "pymdownx.highlight": {"guess_lang": False, "linenums": None},
    "pymdownx.quotes": {"callouts": True},
    "pymdownx.superfences": {"custom_fences": [_kept(name) for name in _FENCES]},
}

# Python-Markdown would read *[text](http://[2001:db8::1]:80/)* as one, and lose it.
ABBREVIATION = re.compile(
    r"^[*]\[(?P<abbr>[^\\\[\]\n]*)\][ ]?:[ ]*\n?[ ]*(?P<title>.*)$", re.MULTILINE
)
"""Explains an abbreviation."""
