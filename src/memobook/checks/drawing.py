"""Read what a page of a PDF draws: its texts and pictures, with their places.

What goes in: a page. What comes out: a run for each marked content and each picture.
Positions are in points from the page's lower left corner.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pikepdf
from pikepdf import Dictionary, Name, Object

from memobook.checks.bidi import runs_left

__all__ = ["Drawn", "Picture", "Run", "drawn"]

Matrix = tuple[float, float, float, float, float, float]


@dataclass(frozen=True, slots=True)
class Run:
    """What was drawn in one go: the text of one element in one line."""

    text: str
    page: int
    """0-based, in the whole PDF."""
    left: float
    """Points from the page's left edge."""
    right: float
    base: float
    """Points from the page's lower edge to the line that the letters stand on."""
    ink: float = 0
    """Where the last letter ends that is no space."""
    size: float = 0
    """Of the letters, in points."""
    font: str = ""
    """The name of the font, without the mark of a subset."""
    lacks: bool = False
    """Whether a glyph stands for a character that the font has not."""
    is_embedded: bool = True
    """Whether the font is in the file."""
    mark: int = -1
    """The number of the marked content; -1 for an artifact."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of pixels as it is placed on a page."""

    page: int
    mark: int
    """As of a run."""
    box: tuple[float, float, float, float]
    """Left, lower, right, upper edge in points."""
    pixels: tuple[int, int]
    """Width and height."""

    @property
    def resolution(self) -> float:
        """Pixels in an inch, across or down, whichever is less."""
        left, lower, right, upper = self.box
        wide, high = self.pixels
        return min(
            wide * 72 / max(right - left, 0.01), high * 72 / max(upper - lower, 0.01)
        )


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a page draws."""

    runs: Mapping[int, Run]
    """By the number of the marked content."""
    strays: tuple[Run, ...]
    """Texts that no element holds: running heads, folios."""
    pictures: tuple[Picture, ...]


def drawn(page: pikepdf.Page, index: int) -> Drawn:
    """Return what a page draws; `index` is its place in the PDF, from 0."""
    drawing = _Drawing(page, index)
    for instruction in pikepdf.parse_content_stream(page):
        drawing.take(str(instruction.operator), list(instruction.operands))
    return Drawn(drawing.found, tuple(drawing.strays), tuple(drawing.pictures))


def _times(one: Matrix, two: Matrix) -> Matrix:
    a, b, c, d, e, f = one
    g, h, i, j, k, m = two
    return (
        a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j,
        e * g + f * i + k, e * h + f * j + m,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Font:
    """How a font's two-byte codes read, and how wide they are."""

    name: str
    texts: Mapping[int, str]
    widths: Mapping[int, float]
    """In thousandths of the font's size."""
    is_embedded: bool = True


def _font(found: Object) -> _Font:
    name = re.sub(r"^[A-Z]{6}\+", "", str(found.get(Name.BaseFont, "/"))[1:])
    if Name.DescendantFonts not in found:
        return _Font(name, {}, {}, is_embedded=_has_file(found))
    (inner,) = found.DescendantFonts
    widths: dict[int, float] = {}
    entries = list(inner.get(Name.W, ()))
    while entries:
        first, second = int(entries[0]), entries[1]
        if isinstance(second, pikepdf.Array):
            widths |= {first + i: float(w) for i, w in enumerate(second)}
            entries = entries[2:]
        else:
            widths |= dict.fromkeys(range(first, int(second) + 1), float(entries[2]))
            entries = entries[3:]
    table = b""
    if Name.ToUnicode in found:
        table = found.ToUnicode.read_bytes()
    pairs = re.findall(r"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]*)>", table.decode("ascii"))
    texts = {int(k, 16): bytes.fromhex(v).decode("utf-16-be") for k, v in pairs}
    return _Font(name, texts, widths, is_embedded=_has_file(inner))


def _has_file(font: Object) -> bool:
    descriptor = font.get(Name.FontDescriptor, Dictionary())
    names = (Name.FontFile, Name.FontFile2, Name.FontFile3)
    return any(name in descriptor for name in names)


_UNKNOWN = _Font("", {}, {})


@dataclass(slots=True)
class _State:
    """What q keeps and Q brings back."""

    place: Matrix = (1, 0, 0, 1, 0, 0)
    font: _Font = _UNKNOWN
    size: float = 0.0


class _Drawing:
    """The state of a page's content stream, as far as texts and pictures go."""

    def __init__(self, page: pikepdf.Page, index: int) -> None:
        self.index = index
        resources = page.resources if Name.Resources in page.obj else Dictionary()
        fonts = resources.get(Name.Font, Dictionary())
        self.fonts = {name: _font(font) for name, font in fonts.items()}
        self.objects = resources.get(Name.XObject, Dictionary())
        self.now = _State()
        self.kept: list[_State] = []
        self.text: Matrix = (1, 0, 0, 1, 0, 0)
        self.marks: list[tuple[int, str | None]] = []
        self.found: dict[int, Run] = {}
        self.strays: list[Run] = []
        self.pictures: list[Picture] = []

    def take(self, name: str, operands: list[Any]) -> None:
        change = getattr(self, f"on_{name}", None)
        if change:
            change(*operands)
        elif name in {"Td", "TD", "T*", "'", '"'}:
            message = f"a page places its text by {name}, as memobook never does"
            raise ValueError(message)

    def on_q(self) -> None:
        self.kept.append(replace(self.now))

    def on_Q(self) -> None:  # noqa: N802 (the operator's name)
        self.now = self.kept.pop()

    def on_cm(self, *matrix: Any) -> None:  # noqa: ANN401 (numbers of pikepdf's)
        a, b, c, d, e, f = map(float, matrix)
        self.now.place = _times((a, b, c, d, e, f), self.now.place)

    def on_Tm(self, *matrix: Any) -> None:  # noqa: N802, ANN401
        a, b, c, d, e, f = map(float, matrix)
        self.text = (a, b, c, d, e, f)

    def on_Tf(self, name: Any, size: Any) -> None:  # noqa: N802, ANN401
        self.now.font = self.fonts.get(str(name), _UNKNOWN)
        self.now.size = float(size)

    def on_BMC(self, _: Any) -> None:  # noqa: N802, ANN401
        self.marks.append((-1, None))

    def on_BDC(self, _: Any, properties: Any) -> None:  # noqa: N802, ANN401
        if not isinstance(properties, Dictionary):
            self.marks.append((-1, None))
            return
        actual = properties.get(Name.ActualText)
        number = int(properties.get(Name.MCID, -1))
        self.marks.append((number, None if actual is None else str(actual)))

    def on_EMC(self) -> None:  # noqa: N802
        self.marks.pop()

    def on_Tj(self, text: Any) -> None:  # noqa: N802, ANN401
        self.on_TJ([text])

    def on_TJ(self, parts: Any) -> None:  # noqa: N802, ANN401
        start, glyphs, lacks = self.text, [], False
        advance = ink = before = 0.0
        font = self.now.font
        for part in parts:
            if not isinstance(part, pikepdf.String):
                advance -= float(part)
                continue
            for code in _codes(bytes(part)):
                text = font.texts.get(code, "")
                glyphs.append(text)
                lacks = lacks or code == 0
                advance += font.widths.get(code, 0)
                if text.strip():
                    ink = advance
                elif not ink:
                    before = advance
        self.text = self._behind(start, advance)
        text = _in_order(glyphs)
        if runs_left(text):  # a line may end with a space, at its left
            start = self._behind(start, before)
        self._draw(text, start, self._behind(start, ink - before), lacks=lacks)

    def _behind(self, start: Matrix, advance: float) -> Matrix:
        """Return the place behind glyphs that are so many thousandths wide."""
        return _times((1, 0, 0, 1, advance / 1000 * self.now.size, 0), start)

    def _draw(self, text: str, start: Matrix, ink: Matrix, *, lacks: bool) -> None:
        number, actual = self.marks[-1] if self.marks else (-1, None)
        left, base = _times(start, self.now.place)[4:]
        scale = _times(start, self.now.place)
        run = Run(
            text=text,
            page=self.index,
            left=left,
            right=_times(self.text, self.now.place)[4],
            base=base,
            ink=_times(ink, self.now.place)[4],
            size=abs(self.now.size * scale[3]),
            font=self.now.font.name,
            lacks=lacks,
            is_embedded=self.now.font.is_embedded,
            mark=number,
        )
        if number == -1:
            self.strays.append(run)
        else:
            self.found[number] = _joined(self.found.get(number), run, actual)

    def on_Do(self, name: Any) -> None:  # noqa: N802, ANN401
        found = self.objects.get(str(name))
        if found is None or found.get(Name.Subtype) != Name.Image:
            return
        number = self.marks[-1][0] if self.marks else -1
        corners = list(_corners(self.now.place))
        across, down = zip(*corners, strict=True)
        self.pictures.append(
            Picture(
                page=self.index,
                mark=number,
                box=(min(across), min(down), max(across), max(down)),
                pixels=(int(found.Width), int(found.Height)),
            )
        )


def _codes(data: bytes) -> Iterator[int]:
    for high, low in zip(data[::2], data[1::2], strict=False):
        yield high << 8 | low


def _corners(place: Matrix) -> Iterator[tuple[float, float]]:
    for x, y in ((0, 0), (1, 0), (0, 1), (1, 1)):
        yield _times((1, 0, 0, 1, x, y), place)[4:]


def _joined(before: Run | None, run: Run, actual: str | None) -> Run:
    """Return what one marked content draws, with what it drew before."""
    if before is None:
        return run if actual is None else replace(run, text=actual)
    return replace(
        before,
        text=before.text + run.text if actual is None else actual,
        right=run.right,
        ink=run.ink if run.text.strip() else before.ink,
        lacks=before.lacks or run.lacks,
        is_embedded=before.is_embedded and run.is_embedded,
    )


def _in_order(glyphs: list[str]) -> str:
    """Return the text of glyphs, which stand as on the page, in the order of reading.

    For runs of one direction, and for words of the other one in them.
    """
    sides = ["".join(map(unicodedata.bidirectional, text)) for text in glyphs]
    if not any(side.startswith(("R", "AL")) for side in sides):
        return "".join(glyphs)
    out: list[str] = []
    latin: list[str] = []
    for text, side in zip(reversed(glyphs), reversed(sides), strict=True):
        if side.startswith("L") or (latin and not side.startswith(("R", "AL"))):
            latin.insert(0, text)
        else:
            out += [*latin, text]
            latin = []
    return "".join([*out, *latin])
