"""Keep where the pages of the last PDF begin, for an EPUB that is built alone.

What goes in: the pagination of a PDF, and all that the PDF was made of. What comes out:
the same pagination in a later build, if all of that is as it was. What only an EPUB is
made of may have changed: its style sheet, its cover, its settings.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any

from memobook.design.pagination import (
    Beginning,
    Pagination,
    PrintedPage,
    PrintedSection,
)
from memobook.design.theme import STYLES
from memobook.fresh import Order, is_as_it_was, keep_pages, kept_pages
from memobook.project.config import BOOK_FILE, MANUSCRIPT
from memobook.project.files import Files
from memobook.project.house import SHARED_STYLES
from memobook.project.schema import BookFile
from memobook.store import Store, key_of

__all__ = ["LastPdf"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LastPdf:
    """The last PDF of a project, as far as its store remembers it."""

    files: Files
    """Those of this build."""
    fonts: Mapping[str, str]
    """Path of a font that this build uses -> its SHA-256 in hex."""
    settings: BookFile
    order: Order
    store: Store
    memo: str = ""
    """The memo that is built alone; empty for the book."""
    profiles: tuple[str, ...] = ()
    """Those that hold: a condition may ask for one that sets nothing."""

    def keep(self, pagination: Pagination, folios: Mapping[str, str]) -> None:
        """Remember the PDF that was just built; without room nothing is.

        `folios` are the pages of what the index names, by anchor.
        """
        cover = f"{MANUSCRIPT}/{self.settings.epub.cover}"
        sheets = (f"{folder}/epub.css" for folder in (STYLES, SHARED_STYLES))
        own = {BOOK_FILE, *sheets, cover}
        facts = {
            "settings": self._settings(),
            "inputs": {p: d for p, d in self.files.inputs.items() if p not in own},
            "listings": self.files.listings,
            "fonts": self.fonts,
            "folios": dict(folios),
            "sections": [[name, asdict(s)] for name, s in pagination.items()],
        }
        data = json.dumps(facts, sort_keys=True).encode()
        with suppress(OSError):
            keep_pages(self.order, self.store, data, self.memo)

    def pagination(self) -> Pagination:
        """Return where its pages begin; empty if a new PDF might have other pages."""
        return {name: _section(section) for name, section in self._facts("sections")}

    def folios(self) -> Mapping[str, str]:
        """Return the pages of what the index names; empty as the pagination."""
        return dict(self._facts("folios"))

    def _facts(self, name: str) -> Any:  # noqa: ANN401 (of JSON)
        data = self._kept()
        if data is None:
            return ()
        facts = json.loads(data)
        here = Files(self.files.root, trust=self.files.trust, sizes=self.files.sizes)
        same = is_as_it_was(here, facts["inputs"], facts["listings"], facts["fonts"])
        if not same or facts["settings"] != self._settings():
            return ()
        return facts.get(name, ())

    def _kept(self) -> bytes | None:
        return kept_pages(self.order, self.store, self.memo)

    def inputs(self) -> dict[str, str]:
        """Return what to look at to tell whether the PDF is still the same.

        As Files.inputs: a print style sheet's picture is no input of an EPUB, but a
        change of it makes the page list go.
        """
        data = self._kept()
        here = Files(self.files.root, trust=self.files.trust, sizes=self.files.sizes)
        for path in json.loads(data)["inputs"] if data else ():
            with suppress(OSError):
                here.read(path)
        return here.inputs

    def _settings(self) -> str:
        only_epub = {"epub", "check", "limits"}
        settings = self.settings.model_dump_json(exclude=only_epub)
        return key_of(settings, ",".join(self.profiles))


def _section(facts: Mapping[str, Any]) -> PrintedSection:
    pages = (
        PrintedPage(page["label"], Beginning(**page["begins"]))
        for page in facts["pages"]
    )
    return PrintedSection(facts["text"], tuple(pages))
