"""Write a PDF object by object, each as soon as it is known.

What goes in: objects as text, and streams that are compressed already. What comes out:
the bytes of a PDF, the same for the same objects. Of what was written only the place is
kept, so that a book of thousands of pages takes little more than its own size.

ISO 32000-1, 7.5
"""

from __future__ import annotations

import hashlib
import io
import re
import zlib
from collections import deque
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import accumulate

__all__ = ["Writer"]

_BATCH = 200
"""Objects in a stream; one byte must hold the last one's index."""

_AHEAD = 8
"""Streams that are being compressed while others are written."""

_LENGTH = re.compile(rb" /Length \d+")

# A row of the cross-reference stream: kind, place or stream, index.
_ROW = (1, 4, 1)
_IN_FILE, _IN_STREAM = 1, 2
# What follows in a stream differs from the row before by 1 in the index; the first byte
# says that differences are written. https://www.w3.org/TR/png-3/#9Filter-types
_NEXT = b"\2" + bytes(sum(_ROW) - 1) + b"\1"


class Writer:
    """A PDF that is being written."""

    def __init__(self, version: bytes = b"1.7") -> None:
        self._out = io.BytesIO()
        self._out.write(b"%%PDF-%b\n%%\xbf\xf7\xa2\xfe\n" % version)
        self._count = 1  # object 0 is the head of the list of free ones
        self._waiting: list[tuple[int, bytes]] = []
        self._runs: list[tuple[int, int, bytes]] = []
        """First number, count, and the row of the first."""
        # To compress does not hold Python's lock.
        self._press = ThreadPoolExecutor(1)
        self._pressed: deque[tuple[int, bytes, Future[bytes]]] = deque()

    def reserve(self, count: int = 1) -> int:
        """Return a number for an object that comes later, the first of `count`."""
        first = self._count
        self._count += count
        return first

    def put(self, number: int, text: bytes) -> None:
        """Write an object that is no stream."""
        self._waiting.append((number, text))
        if len(self._waiting) == _BATCH:
            self._write_waiting()

    def add(self, text: bytes) -> int:
        """Write an object that is no stream; return its number."""
        number = self.reserve()
        self.put(number, text)
        return number

    def stream(self, head: bytes, data: bytes | memoryview, number: int = 0) -> int:
        """Write a stream; `head` is its dictionary, and its length may be wrong."""
        number = number or self.reserve()
        place = self._out.tell().to_bytes(_ROW[1], "big")
        self._runs.append((number, 1, bytes([_IN_FILE]) + place + bytes(_ROW[2])))
        opened = _LENGTH.sub(b"", head).removesuffix(b">>").rstrip()
        self._out.write(b"%d 0 obj\n%b " % (number, opened))
        self._out.write(b"/Length %d >>\nstream\n" % len(data))
        self._out.write(data)
        self._out.write(b"\nendstream\nendobj\n")
        return number

    def compressed(self, head: bytes, data: bytes, number: int = 0) -> int:
        """Compress a stream and write it; `head` must not name a filter."""
        number = number or self.reserve()
        opened = head.removesuffix(b">>") + b"/Filter /FlateDecode >>"
        self._pressed.append((number, opened, self._press.submit(zlib.compress, data)))
        # Where a stream stands depends on what was written, and never on the time.
        if len(self._pressed) > _AHEAD:
            self._write_pressed()
        return number

    def _write_pressed(self) -> None:
        number, head, data = self._pressed.popleft()
        self.stream(head, data.result(), number)

    def _write_waiting(self) -> None:
        waiting, self._waiting = self._waiting, []
        if not waiting:
            return
        lengths = (len(text) + 1 for _, text in waiting[:-1])
        places = accumulate(lengths, initial=0)
        pairs = zip(waiting, places, strict=True)
        head = b" ".join(b"%d %d" % (number, at) for (number, _), at in pairs) + b"\n"
        body = b"\n".join(text for _, text in waiting)
        facts = b"<< /Type /ObjStm /N %d /First %d >>" % (len(waiting), len(head))
        stream = self.compressed(facts, head + body)
        start = bytes([_IN_STREAM]) + stream.to_bytes(_ROW[1], "big")
        before = -1
        for index, (number, _) in enumerate(waiting):
            if number == before + 1:
                first, count, row = self._runs.pop()
                self._runs.append((first, count + 1, row))
            else:
                self._runs.append((number, 1, start + bytes([index])))
            before = number

    def finish(self, root: int, information: int | None) -> bytes:
        """Write what says where everything is; return the PDF.

        `information` is what is told of the document beside its XMP, if anything is.

        Raises ValueError if an object was reserved and did not come.
        """
        self._write_waiting()
        while self._pressed:
            self._write_pressed()
        number, place = self.reserve(), self._out.tell()
        row = bytes([_IN_FILE]) + place.to_bytes(_ROW[1], "big") + bytes(_ROW[2])
        self._runs.append((number, 1, row))
        rows = _rows(self._runs)
        if len(rows) != self._count * len(_NEXT):
            message = "an object has a number and was never written"
            raise ValueError(message)
        identity = hashlib.sha256(self._out.getbuffer()).hexdigest()[:32].encode()
        facts = (
            b"<< /Type /XRef /W [ %d %d %d ]" % _ROW
            + b" /Root %d 0 R" % root
            + (b" /Info %d 0 R" % information if information else b"")
            + b" /Size %d /ID [ <%b> <%b> ]" % (self._count, identity, identity)
            + b" /DecodeParms << /Columns %d /Predictor 12 >> >>" % sum(_ROW)
        )
        self.compressed(facts, rows, number)
        self._write_pressed()
        self._press.shutdown()
        self._out.write(b"startxref\n%d\n%%%%EOF\n" % place)
        return self._out.getvalue()


def _rows(runs: Iterable[tuple[int, int, bytes]]) -> bytes:
    """Return the rows by number, each as its difference to the one before it."""
    out: list[bytes] = [b"\2" + bytes(sum(_ROW))]
    before = bytes(sum(_ROW))
    for _, count, row in sorted(runs):
        change = bytes((b - a) & 255 for a, b in zip(before, row, strict=True))
        out.append(b"\2" + change + _NEXT * (count - 1))
        before = row[:-1] + bytes([row[-1] + count - 1])
    return b"".join(out)
