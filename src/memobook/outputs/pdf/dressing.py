"""Dress pages: move the content of left-hand ones, stamp heads and folios on all.

What goes in: a page as text and what is done to it. What comes out: its text; each
stamp is an artifact, which a screen reader passes over. ISO 32000-1, 14.8.2.2
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from memobook.outputs.pdf.fonts import SharedFonts
from memobook.outputs.pdf.sheet import Dressing, Sheet, Stamp
from memobook.outputs.pdf.source import Source, array, references
from memobook.outputs.pdf.writer import Writer

__all__ = ["Dresser", "give_resources"]

_CONTENTS = re.compile(rb"/Contents (\d+ 0 R)")
_DRAWN = re.compile(rb"/XObject << (?P<all>[^<>]*)>>")


def give_resources(source: Source, pages: tuple[int, ...]) -> None:
    """Give each page resources of its own: WeasyPrint's pages share a dictionary."""
    shared: set[int] = set()
    for page in pages:
        number = source.value(page, b"Resources")
        if number is not None:
            shared.add(number)
            text = source.objects[page]
            own = b"/Resources " + source.objects[number]
            source.objects[page] = text.replace(b"/Resources %d 0 R" % number, own)
    used = {n for stream in source.streams.values() for n in references(stream.head)}
    source.drop(shared - used)


def _drawing(name: bytes, x: float) -> bytes:
    """Return what draws a stamp, moved to the right."""
    return b"%b Do\n" % name if not x else b"q 1 0 0 1 %.4f 0 cm %b Do Q\n" % (x, name)


@dataclass(slots=True)
class Dresser:
    """Writes what is drawn around and over pages, each once."""

    writer: Writer
    fonts: SharedFonts
    _sources: dict[str, tuple[Source, Mapping[int, int]]] = field(default_factory=dict)
    """By section: a sheet of stamps, and the book's numbers of its resources."""
    _forms: dict[tuple[str, int], int] = field(default_factory=dict)
    _streams: dict[bytes, int] = field(default_factory=dict)

    def dressed(self, page: bytes, dressing: Dressing) -> bytes:
        """Return a page, whose numbers are the book's and its resources its own.

        Raises ValueError for a page of another form.
        """
        shift = dressing.shift
        before = b"q\n" if not shift else b"q 1 0 0 1 %.4f 0 cm\n" % shift
        names = [b"/Stamp%d" % i for i in range(len(dressing.stamps))]
        drawn = zip(names, dressing.stamps, strict=True)
        after = b"\nQ\n" + b"".join(_drawing(name, stamp.x) for name, stamp in drawn)
        forms = map(self._form, dressing.stamps)
        stamps = b"".join(b"%b %d 0 R " % p for p in zip(names, forms, strict=True))
        around = self._stream(before), self._stream(after)
        contents = b"/Contents [ %d 0 R \\1 %d 0 R ]" % around
        dressed, count = _CONTENTS.subn(contents, page)
        dressed, named = _DRAWN.subn(b"/XObject << \\g<all>%b>>" % stamps, dressed)
        if (count, named) != (1, 1):
            message = f"a page is not as WeasyPrint writes it: {page!r}"
            raise ValueError(message)
        return dressed

    def _stream(self, content: bytes) -> int:
        if content not in self._streams:
            self._streams[content] = self.writer.stream(b"<< >>", content)
        return self._streams[content]

    def _form(self, stamp: Stamp) -> int:
        """Return a page as something that can be drawn."""
        key = (stamp.sheet.section, stamp.page)
        if key not in self._forms:
            source, resources = self._source(stamp.sheet)
            page = source.pages[stamp.page]
            text = source.objects[page]
            contents = source.streams[source.value(page, b"Contents") or 0]
            facts = b"/BBox [%b] /Resources %d 0 R /Subtype /Form /Type /XObject" % (
                array(text, b"TrimBox") or array(text, b"MediaBox"),
                resources[source.value(page, b"Resources") or 0],
            )
            head = contents.head.replace(b"<< ", b"<< %b " % facts, 1)
            self._forms[key] = self.writer.stream(head, contents.data)
        return self._forms[key]

    def _source(self, sheet: Sheet) -> tuple[Source, Mapping[int, int]]:
        if sheet.section not in self._sources:
            source = Source.read(sheet.pdf)
            # Their text is an artifact; it has no place in the structure tree.
            used = (source.value(page, b"Resources") or 0 for page in source.pages)
            fonts = self.fonts.take(source)
            wanted = [source.reached(n, fonts) for n in set(used)]
            copied = source.only(set[int]().union(*wanted)).copy(self.writer, fonts)
            copied.write(self.writer)
            self._sources[sheet.section] = source, copied.numbers
        return self._sources[sheet.section]
