"""Know what a list of attributes is: {#id .class name="value"}, and nothing besides.

What goes in: the patterns of Python-Markdown and pymdownx that take such lists. What
comes out: the same, which take none that they would not understand to its last brace.
Their own go as far as they understand one, drop what follows, and hold a picture for a
name: words would be lost. What is no list stays in the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from xml.etree.ElementTree import Element

__all__ = ["take_whole_lists"]

_MADE = "\x02"
"""Begins what stands for an element that is made already."""
_BARE = r"[^ =}\n]++"
_NAME = rf"(?:[.#][^ =}}\n]*+|[^ =}}\n{_MADE}]++)"
_VALUE = rf"""(?:"[^"\n]*+"|'[^'\n]*+'|{_BARE})"""
_LIST = rf"\{{:?[ ]*(?=[^}}\n ])((?:{_NAME}(?:={_VALUE})?+|[ ])*+)\}}"


def take_whole_lists(lists: Any, spans: Any, said: Callable[[str], str]) -> None:  # noqa: ANN401 (a registry's)
    """Let both patterns take whole lists only; `said` gives the words of a value."""
    lists.HEADER_RE = re.compile(rf"[ ]+{_LIST}[ ]*$")
    lists.BLOCK_RE = re.compile(rf"\n[ ]*{_LIST}[ ]*$")
    lists.INLINE_RE = re.compile(_LIST)
    spans.ATTR_RE = re.compile(rf"{_LIST}|\{{\s*\}}")
    build = spans.build_element

    def built(*given: object) -> tuple[Element, int]:
        element, rest = build(*given)
        for name, value in element.items():
            if value and _MADE in value:
                element.set(name, said(value))
        return element, rest

    spans.build_element = built
