"""Take a sheet's PDF apart into the bytes of its objects, without building any of them.

What goes in: a PDF as qpdf writes it, with object streams, as layout.py saves a sheet.
What comes out: each object's text by its number, and the data of streams as they are.

Why not pikepdf: a memo has 90 structure elements a page. As objects of qpdf they take 3
KB and 5 µs each, and when bound there are half a million; as text they take 100 bytes.
qpdf's form is simple: an object is a line, a dictionary's keys are sorted, strings have
their parentheses escaped. What has another form is refused.

ISO 32000-1, 7.3 and 7.5.7
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from memobook.outputs.pdf.writer import Writer

__all__ = [
    "STRING",
    "Copy",
    "Source",
    "Stream",
    "array",
    "references",
    "renumbered",
]

STRING = rb"\((?:[^\\()]+|\\.)*\)"

_HEAD = re.compile(rb"(\d+) 0 obj\n(.*)\n(stream\n|endobj\n)")
_LENGTH = re.compile(rb"/Length (\d+)")
_FIRST = re.compile(rb"/First (\d+)")
_ROOT = re.compile(rb"/Root (\d+) 0 R")
_INFORMATION = re.compile(rb"/Info (\d+) 0 R")
_END = b"endobj\n"

# Always after a space, which is found four times as fast as any digit.
_REFERENCE = re.compile(rb"( [0-9]+ 0 R)")
_STRINGS = re.compile(STRING)


@dataclass(frozen=True, slots=True)
class Stream:
    """A stream, still compressed."""

    head: bytes
    """Its dictionary."""
    data: bytes | memoryview

    def decoded(self) -> bytes:
        """Return the data. Raises ValueError for a filter that sheets do not have."""
        if b"/Filter" not in self.head:
            return bytes(self.data)
        if b"/Filter /FlateDecode" not in self.head or b"/DecodeParms" in self.head:
            message = f"a stream is compressed in another way: {self.head!r}"
            raise ValueError(message)
        return zlib.decompress(self.data)


@dataclass(frozen=True, slots=True)
class Copy:
    """A sheet's objects as they refer to one another in the book."""

    numbers: Mapping[int, int]
    """The book's, by the sheet's."""
    spelt: Mapping[bytes, bytes]
    """The same, as a PDF spells references."""
    texts: dict[int, bytes]
    """By the sheet's numbers."""

    def write(self, writer: Writer) -> None:
        """Write the objects."""
        for number, text in self.texts.items():
            writer.put(self.numbers[number], text)


@dataclass(slots=True)
class Source:
    """A sheet's PDF, taken apart."""

    objects: dict[int, bytes] = field(default_factory=dict)
    """Those that are no streams. In a string nothing looks like a reference."""
    streams: dict[int, Stream] = field(default_factory=dict)
    root: int = 0
    """The catalogue's number."""
    information: int | None = None
    """The number of what is told of the sheet's document."""
    pages: tuple[int, ...] = ()
    """In their order."""

    @classmethod
    def read(cls, pdf: bytes) -> Source:
        """Return the objects. Raises ValueError if qpdf did not write the PDF so."""
        source = cls()
        view = memoryview(pdf)
        place = pdf.index(b"\n", pdf.index(b"\n") + 1) + 1  # after version and a mark
        while not source.root:
            head = _HEAD.match(pdf, place)
            if head is None:
                message = f"a sheet's PDF has another form at {place}"
                raise ValueError(message)
            place = head.end()
            if head[3] == _END:
                source.objects[int(head[1])] = _plain(head[2])
                continue
            end = place + _number(_LENGTH, head[2])
            source._take(int(head[1]), Stream(head[2], view[place:end]))
            place = pdf.index(_END, end) + len(_END)
        source.pages = source._found_pages()
        return source

    def _take(self, number: int, stream: Stream) -> None:
        if b"/Type /XRef" in stream.head:
            self.root = _number(_ROOT, stream.head)
            found = _INFORMATION.search(stream.head)
            self.information = int(found[1]) if found else None
        elif b"/Type /ObjStm" in stream.head:
            self._take_objects(stream)
        else:
            self.streams[number] = stream

    def _take_objects(self, stream: Stream) -> None:
        data = stream.decoded()
        first = _number(_FIRST, stream.head)
        numbers = map(int, data[:first].split()[::2])
        texts = _plain(data[first:]).removesuffix(b"\n").split(b"\n")
        self.objects.update(zip(numbers, texts, strict=True))

    def value(self, number: int, key: bytes) -> int | None:
        """Return to which object a key of a dictionary refers."""
        found = re.search(rb"/%b (\d+) 0 R" % key, self.objects[number])
        return int(found[1]) if found else None

    def _found_pages(self) -> tuple[int, ...]:
        tree = self.value(self.root, b"Pages")
        found = tuple(references(array(self.objects[tree or 0], b"Kids")))
        if not all(b"/Type /Page " in self.objects[number] for number in found):
            message = "a sheet's pages do not stand in one list"
            raise ValueError(message)
        return found

    def drop(self, numbers: Iterable[int]) -> None:
        """Forget objects."""
        for number in numbers:
            self.objects.pop(number, None)
            self.streams.pop(number, None)

    def drop_root(self) -> int:
        """Forget what tells of the sheet as a document; return its page tree's number.

        The structure tree must be taken out before.
        """
        tree = self.value(self.root, b"Pages") or 0
        self.drop(self.reached(self.root, {tree, *self.pages}))
        self.drop(n for n in (tree, self.information) if n is not None)
        return tree

    def plain_pictures(self) -> None:
        """Let no picture ask to be smoothed: an archive's must look one way only."""
        for number, stream in self.streams.items():
            if b"/Interpolate true" in stream.head:
                head = stream.head.replace(b"/Interpolate true", b"/Interpolate false")
                self.streams[number] = Stream(head, stream.data)

    def only(self, numbers: Container[int]) -> Source:
        """Return some of the objects."""
        objects = {n: text for n, text in self.objects.items() if n in numbers}
        streams = {n: stream for n, stream in self.streams.items() if n in numbers}
        return Source(objects, streams)

    def copy(self, writer: Writer, others: Mapping[int, int]) -> Copy:
        """Write the streams; return the rest to be changed and written.

        `others` are numbers of the book that stand for objects which are not here.
        """
        own = (*self.objects, *self.streams)
        first = writer.reserve(len(own))
        numbers = {number: first + i for i, number in enumerate(own)} | dict(others)
        spelt = {b" %d 0 R" % old: b" %d 0 R" % new for old, new in numbers.items()}
        for number, stream in self.streams.items():
            head = renumbered(stream.head, spelt)
            writer.stream(head, stream.data, numbers[number])
        texts = renumbered(b"\n".join(self.objects.values()), spelt).split(b"\n")
        return Copy(numbers, spelt, dict(zip(self.objects, texts, strict=True)))

    def reached(self, start: int, ends: Container[int] = ()) -> set[int]:
        """Return what can be reached from an object without the ends."""
        found: set[int] = set()
        waiting = [start]
        while waiting:
            number = waiting.pop()
            if number in found or number in ends:
                continue
            found.add(number)
            stream = self.streams.get(number)
            text = stream.head if stream else self.objects.get(number, b"")
            waiting += references(text)
        return found


def _number(pattern: re.Pattern[bytes], text: bytes) -> int:
    found = pattern.search(text)
    if found is None:
        message = f"a sheet's PDF has no {pattern.pattern!r} in {text[:200]!r}"
        raise ValueError(message)
    return int(found[1])


def _plain(text: bytes) -> bytes:
    """Return objects, in whose strings nothing looks like a reference."""
    return _STRINGS.sub(lambda found: found[0].replace(b" 0 R", rb" 0 \122"), text)


def references(text: bytes) -> Iterator[int]:
    """Yield the numbers of the objects that a text refers to."""
    return (int(found[1:-4]) for found in _REFERENCE.findall(text))


def array(text: bytes, key: bytes) -> bytes:
    """Return what stands in an array without arrays in it; b"" if there is none."""
    found = re.search(rb"/%b \[([^\]]*)\]" % key, text)
    return found[1] if found else b""


def renumbered(text: bytes, spelt: Mapping[bytes, bytes]) -> bytes:
    """Return objects' text with each reference as it is spelt in the book.

    Raises KeyError for an object that is not there.
    """
    pieces = _REFERENCE.split(text)
    pieces[1::2] = [spelt[piece] for piece in pieces[1::2]]
    return b"".join(pieces)
