"""Page numbers in the text, written when the book is bound.

What goes in: a sheet in which "page 12" is set as "page 00". What comes out: where its
digits stand in the page's content stream, and later a stream with the real ones.

Why: a page added near the front moves every page number after it. If the numbers were
part of the layout, every memo that names a later page would be laid out anew. Tabular
figures all have one width, so that only the number's length matters to the layout; in
a column not even that, where a shorter number leaves the first places empty.

How the digits are found: the reference holds its number, and out of the flow all ten
digits in the same style. Their glyphs tell which codes to write, and put the ten into
the font; then they are taken out.
"""

from __future__ import annotations

import io
import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pikepdf
from pikepdf import Array, ContentStreamInstruction, Dictionary, Name, Object, Page, Pdf

from memobook.design.section import PAGE_SCHEME
from memobook.outputs.pdf.counting import links
from memobook.outputs.pdf.counts import Counts
from memobook.outputs.pdf.sheet import LateNumber
from memobook.outputs.pdf.source import Source, Stream
from memobook.outputs.pdf.tagging import untag

__all__ = ["find_late_numbers", "read_and_packed", "write_late_numbers"]

_CODE = 2
"""Bytes of a glyph's code: WeasyPrint's fonts all have the encoding Identity-H."""
_PLACE = len("<0000>")
"""Bytes of a digit, or of a move that is as wide."""


@dataclass(frozen=True, slots=True)
class _Reference:
    """A reference to a page, by the marked content of its parts."""

    anchor: str
    number: int
    sample: int


def read_and_packed(data: bytes) -> tuple[bytes, tuple[LateNumber, ...], Counts]:
    """Pack a sheet's PDF as source.py reads it; find its late numbers, count links."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        numbers = find_late_numbers(pdf)
        untag(pdf)
        counts = links(pdf)
        pdf.save(
            out,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        )
    return out.getvalue(), numbers, counts


def find_late_numbers(pdf: Pdf) -> tuple[LateNumber, ...]:
    """Take the ten digits out of every reference; return where its number stands.

    Raises ValueError for a reference that is not as the design makes it.
    """
    if Name.StructTreeRoot not in pdf.Root:
        return ()
    nums = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
    parents = {int(k): v for k, v in zip(nums[::2], nums[1::2], strict=True)}
    found: list[LateNumber] = []
    for index, page in enumerate(pdf.pages):
        references = tuple(_references(page, parents))
        if references:
            found += _located(pdf, page, index, references)
            for reference in references:
                parents[int(page.obj.StructParents)][reference.sample] = None
    return tuple(found)


def _references(page: Page, parents: Mapping[int, Object]) -> Iterator[_Reference]:
    seen: set[tuple[int, int]] = set()
    for annotation in page.obj.get(Name.Annots, ()):
        uri = str(annotation.get(Name.A, Dictionary()).get(Name.URI, ""))
        if not uri.startswith(PAGE_SCHEME):
            continue
        link = parents[int(annotation.StructParent)]
        if link.objgen in seen:
            continue
        seen.add(link.objgen)
        if parts := _parts(link, page):
            yield _Reference(uri.removeprefix(PAGE_SCHEME), *parts)


def _parts(link: Object, page: Page) -> tuple[int, int] | None:
    """Return the marked content of number and sample: the last two of the elements.

    The words before them are the link's. The sample's element goes. None if they stand
    on another page than the link begins on.
    """
    inner = [
        (element, kid)
        for element in _elements(link)
        if element.objgen != link.objgen
        for kid in _numbers(element)
    ]
    if len(inner) < 2:
        message = f"a page reference has {len(inner)} parts and not two"
        raise ValueError(message)
    (_, number), (element, sample) = inner[-2:]
    if element.get(Name.Pg, page.obj).objgen != page.obj.objgen:
        return None
    parent = element.P
    parent.K = Array([k for k in list(parent.K) if _objgen(k) != element.objgen])
    return int(number), int(sample)


def _numbers(element: Object) -> Iterator[int]:
    kids: Iterable[Any] = element.get(Name.K, ())
    return (kid for kid in kids if isinstance(kid, int))


def _elements(element: Object) -> Iterator[Object]:
    yield element
    kids: Iterable[Any] = element.get(Name.K, ())
    for kid in kids:
        if not isinstance(kid, int) and kid.get(Name.Type, "") == "/StructElem":
            yield from _elements(kid)


def _objgen(kid: Any) -> tuple[int, int] | None:  # noqa: ANN401 (element or number)
    return None if isinstance(kid, int) else kid.objgen


# The content stream

_Instruction = ContentStreamInstruction


def _located(
    pdf: Pdf, page: Page, index: int, references: Sequence[_Reference]
) -> Iterator[LateNumber]:
    """Write the page's content anew; yield where in it the numbers stand."""
    data = page.obj.Contents.read_bytes()
    marked = _marked(data)
    samples = {r.sample for r in references}
    numbers = {r.number: r for r in references}
    out, size, kept = [], 0, 0
    for mcid, (start, end) in marked.items():
        if mcid not in numbers and mcid not in samples:
            continue
        out.append(data[kept:start])
        size += start - kept
        kept = end
        if mcid in numbers:
            reference = numbers[mcid]
            digits = _codes(_parsed(pdf, data, marked[reference.sample]))
            segment = _parsed(pdf, data, (start, end))
            hexed, places = _with_hex(segment, digits)
            yield LateNumber(
                page=index,
                anchor=reference.anchor,
                places=tuple(size + place for place in places),
                digits=tuple(digits),
                width=_width(page, segment, digits[0]),
            )
            out.append(hexed)
            size += len(hexed)
    page.obj.Contents = pdf.make_stream(b"".join([*out, data[kept:]]))


_STRING = rb"\((?:[^\\()]+|\\.)*\)"
_MARK = re.compile(
    rb"/\w+\s*<<(?P<facts>(?:[^<>()]+|<[0-9A-Fa-f\s]*>|%(string)b)*)>>\s*BDC\b"
    rb"|/\w+\s+(?:BMC|/\w+\s+BDC)\b|(?P<end>\bEMC\b)|%(string)b" % {b"string": _STRING},
    re.DOTALL,
)
_MCID = re.compile(rb"/MCID (\d+)")


def _marked(data: bytes) -> dict[int, tuple[int, int]]:
    """Return where marked content begins and ends, by its number."""
    out: dict[int, tuple[int, int]] = {}
    depth = start = 0
    mcid: re.Match[bytes] | None = None
    for found in _MARK.finditer(data):
        if found["end"]:
            depth -= 1
            if depth == 0 and mcid:
                out[int(mcid[1])] = start, found.end()
        elif not found[0].startswith(b"("):
            depth += 1
            if depth == 1:
                start, mcid = found.start(), _MCID.search(found["facts"] or b"")
    return out


def _parsed(pdf: Pdf, data: bytes, part: tuple[int, int]) -> list[_Instruction]:
    """Return the instructions of a part, which reading the whole would cost more."""
    start, end = part
    stream = pdf.make_stream(data[start:end])
    found = pikepdf.parse_content_stream(stream)
    return [i for i in found if isinstance(i, _Instruction)]


def _codes(segment: Iterable[_Instruction]) -> list[int]:
    """Return the glyph codes that a run of instructions shows."""
    data = b"".join(s for i in segment for s in _strings(i))
    return [
        int.from_bytes(data[k : k + _CODE], "big") for k in range(0, len(data), _CODE)
    ]


def _strings(instruction: _Instruction) -> Iterator[bytes]:
    if str(instruction.operator) == "Tj":
        yield bytes(instruction.operands[0])
    elif str(instruction.operator) == "TJ":
        for item in instruction.operands[0]:
            if isinstance(item, pikepdf.String):
                yield bytes(item)


def _with_hex(
    segment: Sequence[_Instruction], digits: Sequence[int]
) -> tuple[bytes, list[int]]:
    """Return a number's instructions with its codes in hex, and their places.

    Raises ValueError if the codes are not all zeros of the sample.
    """
    if len(digits) != 10 or set(_codes(segment)) != {digits[0]}:
        message = "a page number's digits are not those of its sample"
        raise ValueError(message)
    out = b""
    places: list[int] = []
    for instruction in segment:
        if not any(_strings(instruction)):
            out += pikepdf.unparse_content_stream([instruction]) + b"\n"
            continue
        operands = instruction.operands[0]
        items = operands if isinstance(operands, Array) else [operands]
        out += b"["
        for item in items:
            if isinstance(item, pikepdf.String):
                codes = bytes(item)
                for at in range(0, len(codes), _CODE):
                    places.append(len(out))
                    out += b"<" + codes[at : at + _CODE].hex().encode() + b">"
            else:
                out += b" " + str(item).encode() + b" "
        out += b"] TJ\n"
    return out, places


def _width(page: Page, segment: Iterable[_Instruction], code: int) -> int:
    """Return how far a glyph leads: ISO 32000-1, 9.7.4.3, its first form."""
    (name,) = (i.operands[0] for i in segment if str(i.operator) == "Tf")
    font = page.resources[Name.Font][str(name)].DescendantFonts[0]
    runs: list[Any] = list(font.W)
    for first, widths in zip(runs[::2], runs[1::2], strict=True):
        if 0 <= code - int(first) < len(widths):
            return int(widths[code - int(first)])
    return int(font.get(Name.DW, 1000))


# Binding


def write_late_numbers(
    source: Source, numbers: Iterable[LateNumber], folios: Mapping[str, str]
) -> None:
    """Write the numbers into the pages of a sheet.

    A number that is shorter than its place stands at the end of it, as in a column.
    Raises ValueError if one is longer.
    """
    by_page: dict[int, list[LateNumber]] = defaultdict(list)
    for number in numbers:
        by_page[number.page].append(number)
    pages = source.pages
    for index, found in by_page.items():
        contents = source.value(pages[index], b"Contents") or 0
        data = bytearray(source.streams[contents].decoded())
        for number in found:
            _write(data, number, folios[number.anchor])
        head = b"<< /Filter /FlateDecode >>"
        source.streams[contents] = Stream(head, zlib.compress(data))


def _write(data: bytearray, number: LateNumber, folio: str) -> None:
    if len(folio) > len(number.places):
        message = f"the page number {folio} does not fit into {len(number.places)}"
        raise ValueError(message)
    empty = [b"%-6d" % -number.width] * (len(number.places) - len(folio))
    glyphs = (b"<%04x>" % number.digits[int(digit)] for digit in folio)
    for place, shown in zip(number.places, (*empty, *glyphs), strict=True):
        data[place : place + _PLACE] = shown
