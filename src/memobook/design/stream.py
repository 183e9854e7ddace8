"""A section's text as one stream of characters, the same in print and on a screen.

What goes in: the tree of a section's document. What comes out: its pieces of text in
reading order, but for what one medium alone has: calls, notes at the foot, page
numbers, spelt addresses. Spaces and signs that nobody sees do not count, as each medium
has its own; a picture or a formula counts as one character: a page may begin with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

__all__ = [
    "HEADINGS",
    "INLINE",
    "MADE",
    "PICTURE",
    "Piece",
    "bare",
    "local_name",
    "pieces",
    "stream_of",
]

PICTURE = "\ufffc"
"""What stands for a picture in a stream."""

INLINE = frozenset(
    "a abbr b bdi bdo cite code del dfn em i ins kbd mark q s samp small span strong "
    "sub sup u".split()
)
"""The elements whose beginning and end may stand within a word."""
HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])

MADE = frozenset(
    "back caption-label digits key-points-title notes-title number page-number"
    " page-reference".split()
)
"""What a template says for itself, so that a style sheet may well hide it, and what is
written when the book is bound."""

_PICTURES = frozenset(["img", "math", "svg"])
_LEFT_OUT = frozenset(["head", "script", "style", "template"])

# Whose text is of one medium alone? In print a note at the foot stands within the text,
# a reference names its page, and the binder gets a sample of all digits. An index
# names a page once, and where there are no pages a memo.
_OF_ONE_MEDIUM = frozenset(
    "back call call-comma digits footnote locators page-number page-reference"
    " spelt".split()
)

# Zero width spaces, joiners, soft hyphens, and marks of direction.
_UNSEEN = re.compile(r"[\s\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """The text before or behind an element's child, or a picture."""

    note: str
    """The listed note that it belongs to; empty for the section's own text."""
    owner: Any
    """The element whose text it is; a picture is its own."""
    holder: Any
    """Whose text or tail it is: both trees keep it there."""
    is_tail: bool
    text: str
    """With its spaces."""
    is_joined: bool
    """Whether it may go on with the word with which the piece before it ends."""


def bare(text: str) -> str:
    """Return the characters that count."""
    return _UNSEEN.sub("", text)


def local_name(element: Any) -> str:  # noqa: ANN401 (of lxml or the standard library)
    """Return an element's name without its namespace; empty for a comment."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def pieces(root: Any) -> tuple[Piece, ...]:  # noqa: ANN401
    """Return the stream of a document of lxml or of the standard library."""
    walk = _Walk()
    walk.enter(root)
    return tuple(walk.found)


@dataclass(slots=True)
class _Walk:
    found: list[Piece] = field(default_factory=list)
    note: str | None = ""
    """None where a list of notes says something between them."""
    is_joined: bool = False

    def enter(self, element: Any) -> None:  # noqa: ANN401
        name = local_name(element)
        classes = (element.get("class") or "").split()
        if not name or name in _LEFT_OUT or not _OF_ONE_MEDIUM.isdisjoint(classes):
            self.is_joined = False
        elif name in _PICTURES:
            self.is_joined = False
            self._add(element, element, PICTURE, is_tail=False)
            self.is_joined = False
        else:
            before = self.note
            if "notes" in classes and name != "body":  # whose class is its kind
                self.note = None
            elif element.get("role") == "doc-footnote":
                self.note = element.get("id") or before
            self._read(element, is_inline=name in INLINE)
            self.note = before

    def _read(self, element: Any, *, is_inline: bool) -> None:  # noqa: ANN401
        self.is_joined = self.is_joined and is_inline
        self._add(element, element, element.text, is_tail=False)
        for child in element:
            self.enter(child)
            self._add(element, child, child.tail, is_tail=True)
        self.is_joined = self.is_joined and is_inline

    def _add(
        self,
        owner: Any,  # noqa: ANN401
        holder: Any,  # noqa: ANN401
        text: str | None,
        *,
        is_tail: bool,
    ) -> None:
        if not text or self.note is None:
            return
        if bare(text):
            joined = self.is_joined and not text[0].isspace()
            found = Piece(self.note, owner, holder, is_tail, text, joined)
            self.found.append(found)
        self.is_joined = not text[-1].isspace()


def stream_of(found: Iterable[Piece], note: str = "") -> str:
    """Return the characters of a section's own text, or of one of its notes."""
    return "".join(bare(piece.text) for piece in found if piece.note == note)
