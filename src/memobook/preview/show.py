"""What the page in the browser shows, at any moment.

What goes in: the events of the loop, from the thread that builds. What comes out: the
state as JSON, and a word to whoever waits for a new one.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from memobook.book.direction import direction
from memobook.checks.outputs import UnreadableError
from memobook.diagnostics import Diagnostic
from memobook.preview import pages, texts
from memobook.preview.editor import Editor
from memobook.preview.loop import Began, Event, Failed, Finished, Printed, Working
from memobook.preview.pages import Page, PrintedPages
from memobook.preview.texts import Document, Entry, Texts

__all__ = ["FULL", "FullError", "Show"]

FULL = 32
"""How many may listen at once."""


class FullError(Exception):
    """As many listen already as may."""


@dataclass(slots=True)
class Show:
    """The last good pages and texts, with what is wrong now."""

    root: Path
    """Resolved."""
    editor: Editor
    closing: bool = False
    version: int = 0
    """Grows with every change of the state."""
    progress: str = ""
    """What was laid out last, while a build goes on."""
    printed: PrintedPages | None = None
    texts: Texts = field(default_factory=Texts)
    files: Mapping[str, bytes] = field(default_factory=dict)
    """Suffix -> the outputs as they were delivered: pdf, epub."""
    _pages: tuple[Page, ...] = ()
    _documents: tuple[Document, ...] = ()
    _folios: Mapping[str, str] = field(default_factory=dict)
    _findings: tuple[Mapping[str, Any], ...] = ()
    _build: Mapping[str, Any] = field(default_factory=lambda: {"phase": "building"})
    _waiting: dict[asyncio.Event, asyncio.AbstractEventLoop] = field(
        default_factory=dict
    )
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def tell(self, event: Event) -> None:
        """Take an event; called in the thread that builds."""
        match event:
            case Began(paths):
                self._now(phase="building", saved=list(paths))
            case Working(title):
                self.progress = title
                self._wake()
            case Printed(pdf, folios, seconds):
                self._print(pdf, folios)
                self._now(pagesAfter=seconds)
            case Finished(report, seconds):
                self._findings = tuple(map(self._finding, report.diagnostics))
                with suppress(OSError):  # somebody has cleaned up meanwhile
                    outputs = [output.path for output in report.outputs]
                    self._read({path.suffix[1:]: path.read_bytes() for path in outputs})
                self._now(phase="ready", good=True, seconds=seconds)
            case Failed():
                self._fail(event)

    def _fail(self, event: Failed) -> None:
        self._findings = tuple(map(self._finding, event.diagnostics))
        if event.message:
            machine = {"severity": "error", "code": "", "place": "", "url": ""}
            said = {"message": event.message, "hint": event.hint}
            self._findings = ({**machine, **said},)
        self._now(phase="ready", good=False, seconds=event.seconds)

    def _print(self, pdf: bytes, folios: Mapping[str, str]) -> None:
        printed = PrintedPages.of(pdf)
        before, self.printed = self.printed, printed
        self._pages = pages.marked(printed.pages, self._pages)
        self._folios = folios
        if before is not None:
            before.close()

    def _read(self, found: Mapping[str, bytes]) -> None:
        if found.get("epub") != self.files.get("epub") and "epub" in found:
            try:
                new = Texts.of(found["epub"])
            except UnreadableError:
                return
            had = bool(self.texts.documents)
            documents = texts.marked(new, self.texts) if had else new.documents
            self._documents, self.texts = documents, new
        self.files = found

    def _now(self, **facts: object) -> None:
        with self._lock:
            self._build = {**self._build, **facts}
            self.version += 1
            self.progress = ""
        self._wake()

    # To the browser

    def state(self) -> dict[str, Any]:
        """Return the state, as JSON can hold it."""
        with self._lock:
            printed = _page_numbers(self._pages)
            return {
                "version": self.version,
                "build": dict(self._build),
                "title": self.texts.title or self.root.name,
                "language": self.texts.language,
                "direction": direction(self.texts.language),
                "pages": [_page(page) for page in self._pages],
                "documents": [_document(d) for d in self._documents],
                "styles": self.texts.styles,
                "contents": self._contents(printed),
                "breaks": [
                    {"page": printed[e.title], "href": e.href}
                    for e in self.texts.page_list
                    if e.title in printed
                ],
                "findings": list(self._findings),
                "blocks": ",".join(texts.BLOCKS),
            }

    def _contents(self, printed: Mapping[str, int]) -> list[dict[str, Any]]:
        first: dict[str, int] = {}
        for entry in self.texts.page_list:
            number = printed.get(entry.title)
            if number is not None:
                first.setdefault(entry.href.partition("#")[0], number)
        return [self._entry(e, printed, first) for e in self.texts.contents]

    def _entry(
        self, entry: Entry, printed: Mapping[str, int], first: Mapping[str, int]
    ) -> dict[str, Any]:
        path, _, anchor = entry.href.partition("#")
        folio = self._folios.get(anchor or Path(path).stem, "")
        return {
            "title": entry.title,
            "level": entry.level,
            "href": entry.href,
            "page": printed.get(folio, first.get(path)),
            "folio": folio,
        }

    def _finding(self, diagnostic: Diagnostic) -> dict[str, Any]:
        span = diagnostic.span
        parts = (span.path, span.line, span.column)
        return {
            "severity": diagnostic.severity.value,
            "code": diagnostic.code.value,
            "message": diagnostic.message,
            "hint": diagnostic.hint,
            "place": ":".join(str(part) for part in parts if part),
            "url": self.editor.url(self.root, span),
        }

    # Who waits

    def _wake(self) -> None:
        for word, loop in list(self._waiting.items()):
            loop.call_soon_threadsafe(word.set)

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[asyncio.Event]:
        """Give an event that is set when something is new. Raises FullError."""
        if len(self._waiting) >= FULL:
            raise FullError
        word = asyncio.Event()
        self._waiting[word] = asyncio.get_running_loop()
        try:
            yield word
        finally:
            del self._waiting[word]

    def close(self) -> None:
        """Tell all who listen that this is the end."""
        self.closing = True
        self._wake()


def _page_numbers(pages: tuple[Page, ...]) -> dict[str, int]:
    """Return label -> number of the page, counted from 1."""
    found: dict[str, int] = {}
    for number, page in enumerate(pages, 1):
        if page.label:
            found.setdefault(page.label, number)
    return found


def _page(page: Page) -> dict[str, Any]:
    return {
        "label": page.label,
        "look": page.look,
        "width": page.width,
        "height": page.height,
        "changed": page.changed,
    }


def _document(document: Document) -> dict[str, Any]:
    return {
        "href": document.path,
        "title": document.title,
        "hash": document.hash,
        "changed": list(document.changed),
    }
