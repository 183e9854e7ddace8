"""Read the outputs of a build back, and stop it where something of the book is lost.

What goes in: what was made, before it is delivered. What comes out: errors with their
places in the Markdown. The EPUB is read out of the zip that will be delivered. Of the
PDF the pages are read as they go to the layout, whose workers tell what of them no box
shows (outputs/pdf/unprinted.py): to read the PDF itself, as `check` does, would cost a
tenth of a build.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from memobook.book.model import Book, Source
from memobook.checks.kept import Wanted, compare_pages
from memobook.design.section import Section, Stylesheet
from memobook.design.words import words
from memobook.diagnostics import Reporter
from memobook.outputs.epub.container import FOLDER
from memobook.outputs.epub.hidden import report_hidden
from memobook.store import Store, key_of

__all__ = ["Readback"]

_KIND, _SUFFIX = "whole", ".json"


@dataclass(frozen=True, slots=True)
class Readback:
    """One look at what a build has made."""

    store: Store
    reporter: Reporter
    key: str
    """Of the book in the store, as a memo may be built alone."""

    @classmethod
    def of(cls, root: Path, memo: str, store: Store, reporter: Reporter) -> Readback:
        """Return the look at a project's book, or at one of its memos alone."""
        return cls(store, reporter, key_of(str(root.resolve()), memo))

    def epub(
        self,
        data: bytes,
        book: Book,
        sources: Mapping[str, Source],
        sheets: Iterable[Stylesheet],
    ) -> None:
        """Report what the EPUB lacks of its book, or hides of it, if there is one."""
        if not data:
            return
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            pages = {
                PurePosixPath(name).stem: archive.read(name)
                for name in archive.namelist()
                if name.startswith(f"{FOLDER}text/") and name.endswith(".xhtml")
            }
        self._compare("EPUB", book, sources, pages)
        ids = {*(memo.id for memo in book.memos), "notes"}
        shown = {name: page for name, page in pages.items() if name in ids}
        report_hidden(sheets, shown, self.reporter)

    def printed(
        self, sections: Iterable[Section], book: Book, sources: Mapping[str, Source]
    ) -> None:
        """Report what the pages lack that are to be laid out."""
        pages = {section.id: section.html.encode() for section in sections}
        self._compare("PDF", book, sources, pages)

    def _compare(
        self,
        output: str,
        book: Book,
        sources: Mapping[str, Source],
        pages: Mapping[str, bytes],
    ) -> None:
        wanted = Wanted(output, book, sources, words(book.language, book.words))
        key = key_of(self.key, output)
        kept = self.store.load(_KIND, key, _SUFFIX)
        known = frozenset(json.loads(kept)) if kept else frozenset()
        whole = compare_pages(wanted, pages, known, self.reporter)
        if whole != known:
            with suppress(OSError):  # the next build looks at all of it again
                data = json.dumps(sorted(whole)).encode()
                self.store.keep(_KIND, key, _SUFFIX, data)
