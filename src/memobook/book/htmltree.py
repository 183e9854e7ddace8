"""Read HTML as a browser does. The only module that knows tinyhtml5.

What goes in: a text of HTML, as it stands in a body. What comes out: the body's tree.

tinyhtml5 reads files of any size and encoding and says where what is wrong. Here the
whole text is at hand and nobody asks for its faults, which Python-Markdown's are not
the author's; and that is a third of the time. What is read, and how, is its own.
"""

from __future__ import annotations

import io
import re
from collections.abc import Hashable
from functools import cache
from typing import Any, cast
from xml.etree.ElementTree import Element

from tinyhtml5.inputstream import HTMLUnicodeInputStream
from tinyhtml5.parser import HTMLParser
from tinyhtml5.tokenizer import HTMLTokenizer

from memobook.book.wellformed import tree_of

__all__ = ["body_of"]


def body_of(html: str) -> Element:
    """Return the body of a page that holds this."""
    found = tree_of(html)
    return _read(html) if found is None else found


def _read(html: str) -> Element:
    page = _Parser(namespace_html_elements=False)
    body = page.parse(f"<!doctype html><body>{html}").find("body")
    return cast("Element", body)


class _Stream(HTMLUnicodeInputStream):  # type: ignore[misc]  # tinyhtml5 has no types
    """A text as the only chunk of its stream."""

    chunk_offset: int

    def __init__(self, text: str) -> None:
        super().__init__("")
        self.chunk = text.replace("\r\n", "\n").replace("\r", "\n")
        self.chunk_size = len(self.chunk)

    def chars_until(self, characters: Hashable, opposite: bool = False) -> str:
        """Return what comes before one of some characters, or what is made of them.

        The regexes are kept: tinyhtml5 2.1 writes its own into a cache under the wrong
        key, so that each is made anew for every piece of text.
        """
        found = _run(characters, opposite).match(self.chunk, self.chunk_offset)
        if found is None:
            return ""
        self.chunk_offset = found.end()
        return found[0]


@cache
def _run(characters: Any, is_of: bool) -> re.Pattern[str]:  # noqa: ANN401 (tinyhtml5's)
    codes = "".join(f"\\x{ord(character):02x}" for character in characters)
    return re.compile(f"[{codes}]+" if is_of else f"[^{codes}]+")


class _Tokenizer(HTMLTokenizer):  # type: ignore[misc]
    """Reads a text and reports no faults."""

    def __init__(self, text: str, parser: HTMLParser) -> None:
        super().__init__(io.StringIO(), parser=parser)
        self.stream = _Stream(text)

    def parse_error(self, _data: str, **datavars: object) -> None:
        """Forget a fault."""


class _Parser(HTMLParser):  # type: ignore[misc]
    """Makes a tree and keeps no faults."""

    def _parse(self, stream: str, **_: Any) -> None:  # noqa: ANN401 (tinyhtml5's)
        self.container, self.scripting = None, False
        self.tokenizer = _Tokenizer(stream, self)
        self.reset()
        self.main_loop()

    def parse_error(self, errorcode: str, datavars: object = None) -> None:
        """Forget a fault."""
