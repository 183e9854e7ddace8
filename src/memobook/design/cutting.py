"""Give a theme the static fonts that hold the characters of its book.

What goes in: a theme, and what the book is made of. What comes out: the theme with cut
faces. Workers may begin to cut before the book is read, as the sources tell most.
"""

from __future__ import annotations

import string
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from memobook.book.model import Book
from memobook.design.anchors import code_characters
from memobook.design.cut import Need, cut_faces, needs, weights_in
from memobook.design.fonts import characters_in
from memobook.design.section import Section
from memobook.design.theme import Theme
from memobook.store import Store
from memobook.workers import Workers

__all__ = ["begin_cuts", "code_in", "with_cut_fonts"]


def code_in(books: Iterable[Book]) -> frozenset[str]:
    """Return the characters that books have in the font for code."""
    return frozenset[str]().union(*map(code_characters, books))


def with_cut_fonts(
    theme: Theme,
    books: Sequence[Book],
    code: frozenset[str],
    sections: Iterable[Section],
    store: Store,
) -> Theme:
    """Return the theme with static fonts that hold the characters of sections.

    `code` are those of the books in the font for code.
    """
    # An EPUB's index names pages that are not known yet.
    numbers = string.digits if any(book.index for book in books) else ""
    # Every character of the documents; their markup is in any font anyway.
    text = characters_in((*(section.html for section in sections), numbers))
    return replace(theme, faces=cut_faces(_needs(theme, text, code), store))


def begin_cuts(
    theme: Theme, texts: Iterable[str], store: Store, workers: Workers
) -> None:
    """Let the workers cut what a book of these texts will most likely need.

    Cuts hold whole blocks of characters, so that the sources' are mostly the book's;
    where they are not, they are cut again.
    """
    characters = characters_in(texts)
    for need in _needs(theme, characters, characters):
        workers.begun(_cut, (need, store.folder))


def _cut(job: tuple[Need, Path]) -> None:
    need, folder = job
    cut_faces([need], Store(folder))


def _needs(
    theme: Theme, text: frozenset[str], code: frozenset[str]
) -> tuple[Need, ...]:
    own = (*theme.print_sheets, *theme.screen_sheets)
    return needs(
        theme.faces,
        theme.uses,
        text=text,
        code=code,
        extra_weights=weights_in(s for s in own if not s.is_builtin),
    )
