"""Read the outputs of a build back, and stop it where something of the book is lost.

What goes in: what was made, before it is delivered. What comes out: errors with their
places in the Markdown. Of the EPUB the pages are read as they go into the zip, which is
read back and compared with them when it is packed (outputs/epub/container.py). Of the
PDF the pages are read as they go to the layout, whose workers tell what of them no box
shows (outputs/pdf/unprinted.py): to read the PDF itself, as `check` does, would cost a
tenth of a build.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from memobook.book.model import Book, Source
from memobook.checks.kept import Looks, Wanted, begin_looks
from memobook.design.section import Stylesheet
from memobook.design.words import words
from memobook.diagnostics import Reporter
from memobook.outputs.epub.hidden import report_hidden
from memobook.store import Store, key_of
from memobook.workers import Workers

__all__ = ["Readback"]

_KIND, _SUFFIX = "whole", ".json"


@dataclass(frozen=True, slots=True)
class Readback:
    """One look at what a build has made."""

    store: Store
    workers: Workers
    reporter: Reporter
    key: str
    """Of the book in the store, as a memo may be built alone."""

    @classmethod
    def of(
        cls, root: Path, memo: str, store: Store, workers: Workers, reporter: Reporter
    ) -> Readback:
        """Return the look at a project's book, or at one of its memos alone."""
        return cls(store, workers, reporter, key_of(str(root.resolve()), memo))

    def begin(
        self,
        output: str,
        book: Book,
        sources: Mapping[str, Source],
        pages: Mapping[str, bytes],
    ) -> Looks:
        """Let workers compare an output's pages with its book, and return at once."""
        wanted = Wanted(output, book, sources, words(book.language, book.words))
        kept = self.store.load(_KIND, self._key(output), _SUFFIX)
        known = frozenset(json.loads(kept)) if kept else frozenset()
        return begin_looks(wanted, pages, known, self.workers)

    def finish(self, looks: Looks) -> None:
        """Report what the pages lack; remember what is whole."""
        whole = looks.finish(self.reporter)
        if whole == looks.known:
            return
        with suppress(OSError):  # the next build looks at all of it again
            data = json.dumps(sorted(whole)).encode()
            self.store.keep(_KIND, self._key(looks.wanted.output), _SUFFIX, data)

    def finish_epub(self, looks: Looks, sheets: Iterable[Stylesheet]) -> None:
        """Report what an EPUB's pages lack, and what its style sheets hide."""
        self.finish(looks)
        ids = {*(memo.id for memo in looks.wanted.book.memos), "notes"}
        shown = {name: page for name, page in looks.pages.items() if name in ids}
        report_hidden(sheets, shown, self.reporter)

    def _key(self, output: str) -> str:
        return key_of(self.key, output)
