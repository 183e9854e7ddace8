"""Prove the finished pages: what a printer's reader would mark on them.

What goes in: a PDF that was read back, and where everything was written. What comes
out: diagnostics on what leaves the page or the text's area, on coarse pictures, missing
glyphs and fonts, and on lines that stand alone, each with its place in the Markdown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from memobook.book.tree import nodes, text_of
from memobook.checks.anew import ANEW
from memobook.checks.drawing import Run
from memobook.checks.parity import excerpt
from memobook.checks.places import Places
from memobook.checks.printed import Element, PrintedBook
from memobook.checks.printed_readings import (
    PRINTED_HEADINGS,
    Words,
    halves,
    lines,
)
from memobook.checks.readings import bare
from memobook.checks.whole import Whole, memo_parts
from memobook.diagnostics import Code, Reporter, Span

__all__ = ["Box", "prove"]

Box = tuple[float, float, float, float]
"""Left, lower, right, upper edge in points."""

RESOLUTION = 150
"""Pixels in an inch below which a picture looks coarse in print."""
_OVERHANG = 2.0
"""Points that a letter may stand out, as an f or a point in the margin does."""
_LINE = 4.5
"""Points between baselines below which two texts stand in one line, as a call does."""
_ASCENT = 0.7
"""How high a letter is, in its size."""

_INLINE = frozenset(["Span", "Link", "Reference", "Em", "Strong", "Quote", "Annot"])
_HOLDERS = frozenset(
    ["P", "LBody", "TD", "TH", "Caption", "Lbl", "Note", *PRINTED_HEADINGS]
)
_PARAGRAPHS = frozenset(["P", "LBody"])


@dataclass(frozen=True)
class _Block:
    """A paragraph, a heading, a cell, a note: what has lines of its own."""

    element: Element
    in_table: bool
    runs: tuple[Run, ...]

    @property
    def kind(self) -> str:
        return self.element.kind


@dataclass(frozen=True)
class _Memo:
    """A printed memo."""

    part: Element
    places: Places
    words: Words

    @cached_property
    def body(self) -> tuple[_Block, ...]:
        """Its blocks but for the notes."""
        found = halves(self.part)
        elements = (*found.opener, *found.text)
        return tuple(b for e in elements for b in _blocks(e, None, in_table=False))

    @cached_property
    def notes(self) -> tuple[_Block, ...]:
        """Its notes, each as one block."""
        return tuple(
            _Block(n, in_table=False, runs=tuple(_letters(n)))
            for n in self.part.all("Note")
        )

    def text(self, block: _Block, page: int | None = None) -> str:
        """Return what a block says without calls, on one page or on all."""
        only = Element("Div", "", "", (block.element,))
        tokens = (t for t in self.words.tokens([only]) if page in {None, t.run.page})
        return bare(lines(tokens).replace("\u2010\n", "").replace("\n", " "))

    def place(self, block: _Block, run: Run) -> Span:
        """Return where the text of a run was written."""
        before = []
        only = Element("Div", "", "", (block.element,))
        for token in self.words.tokens([only]):
            if token.run is run:
                break
            before.append(token)
        text = bare(lines(before).replace("\u2010\n", "").replace("\n", " "))
        whole = self.text(block)
        first = min(len(text.split()), max(len(whole.split()) - 1, 0))
        return self.places.of_words(whole, first, len(run.text.split()) or 1)


def _letters(element: Element) -> Iterator[Run]:
    """Yield the runs in an element but for its formulas, which are drawn."""
    for kid in element.kids:
        if isinstance(kid, Run):
            yield kid
        elif kid.kind != "Formula":
            yield from _letters(kid)


def _blocks(
    element: Element, holder: Element | None, *, in_table: bool
) -> Iterator[_Block]:
    """Yield the blocks in an element, in reading order; those in a block come first."""
    if element.kind in {"Note", "Lbl", "Formula"}:
        return
    if element.is_picture:
        for caption in element.captions():
            yield from _blocks(caption, None, in_table=in_table)
        return
    is_inline = element.kind in _INLINE or (
        holder is not None and element.kind in {"NonStruct", "Code"}
    )
    in_table = in_table or element.kind == "Table"
    inner = holder if is_inline and holder else element
    own: list[Run] = []
    for kid in element.kids:
        if isinstance(kid, Run):
            own.append(kid)
            continue
        for block in _blocks(
            kid, inner if inner.kind in _HOLDERS else None, in_table=in_table
        ):
            if block.element is inner or block.kind in _INLINE:
                own += block.runs
            else:
                yield block
    if own:
        yield _Block(inner, in_table, tuple(own))


def prove(
    pdf: PrintedBook,
    whole: Whole,
    area: Callable[[int], Box | None],
    reporter: Reporter,
) -> None:
    """Report what is wrong with the pages.

    `area` returns where the text of a page of memos stands; None where nobody knows.
    """
    words = Words(whole.labels)
    parts = memo_parts(pdf, whole.book)
    proof = _Proof(pdf, whole, area, reporter)
    memos = [
        _Memo(parts[memo.id], whole.places[memo.id], words)
        for memo in whole.book.memos
        if memo.id in parts
    ]
    for memo in memos:
        proof.read(memo)
    proof.fonts(memos)
    proof.read_strays()


@dataclass(frozen=True, slots=True)
class _Proof:
    """The proof of one PDF."""

    pdf: PrintedBook
    whole: Whole
    area: Callable[[int], Box | None]
    reporter: Reporter

    def read(self, memo: _Memo) -> None:
        for block in (*memo.body, *memo.notes):
            self._edges(memo, block)
            self._glyphs(memo, block)
        self._formulas(memo)
        self._pictures(memo)
        self._pages(memo)

    def read_strays(self) -> None:
        """Look at running heads and folios, which no memo holds."""
        for drawn in self.pdf.drawn:
            for run in drawn.strays:
                page = f"on page {self.pdf.labels[run.page]}"
                if run.text.strip() and _leaves(_box(run), self._page(run.page)):
                    message = f"{excerpt(run.text)} {page} goes beyond the page"
                    self.reporter.error(Code.PAGE_OVERFLOW, self.whole.output, message)
                if run.lacks:
                    message = f"a letter at the edge {page} is in no font"
                    self.reporter.error(Code.GLYPH_MISSING, self.whole.output, message)

    # What stands out

    def _page(self, index: int) -> Box:
        width, height = self.pdf.sizes[index]
        return (0, 0, width, height)

    def _edges(self, memo: _Memo, block: _Block) -> None:
        for run in block.runs:
            if run.text.strip() and self._is_out(run.page, _box(run)):
                said = excerpt(run.text)
                self._tell_out(run.page, _box(run), said, memo.place(block, run))
                return  # one line of a block is enough

    def _is_out(self, page: int, box: Box) -> bool:
        area = self.area(page)
        is_off = _leaves(box, self._page(page))
        return is_off or (area is not None and _leaves(box, area))

    def _tell_out(self, page: int, box: Box, said: str, span: Span) -> None:
        label = self.pdf.labels[page]
        hint = "let it break: shorten it, or add a rule to styles/print.css"
        if _leaves(box, self._page(page)):
            message = f"{said} goes beyond page {label}"
            self.reporter.error(Code.PAGE_OVERFLOW, span, message, hint)
        else:
            message = f"{said} goes into the margin of page {label}"
            self.reporter.warning(Code.PAGE_OVERFLOW, span, message, hint)

    def _glyphs(self, memo: _Memo, block: _Block) -> None:
        for run in block.runs:
            label = self.pdf.labels[run.page]
            if run.lacks:
                message = (
                    f"a letter of {excerpt(run.text)} on page {label} is in no font"
                )
                hint = "add a font that has it to styles/fonts/"
                span = memo.place(block, run)
                self.reporter.error(Code.GLYPH_MISSING, span, message, hint)

    def fonts(self, memos: Sequence[_Memo]) -> None:
        """Report each font that is not in the file where it is first used."""
        told: set[str] = set()
        for memo in memos:
            for block in (*memo.body, *memo.notes):
                for run in block.runs:
                    if run.is_embedded or run.font in told:
                        continue
                    told.add(run.font)
                    label = self.pdf.labels[run.page]
                    message = f"the font {run.font} of page {label} is not in the PDF"
                    span = memo.place(block, run)
                    self.reporter.error(Code.FONT_NOT_EMBEDDED, span, message, ANEW)

    def _formulas(self, memo: _Memo) -> None:
        for formula in memo.part.all("Formula"):
            for run in formula.runs():
                box = (run.left, run.base, run.right, run.base)
                if self._is_out(run.page, box):
                    said = f"the formula {excerpt(run.text)}"
                    span = memo.places.of_words(run.text)
                    self._tell_out(run.page, box, said, span)

    def _pictures(self, memo: _Memo) -> None:
        for index, figure in enumerate(memo.part.all("Figure")):
            marks = {(run.page, run.mark) for run in figure.runs()}
            alt = figure.alt or ""
            span = memo.places.of_picture(alt, index)
            pages = sorted(page for page, _ in marks)
            if pages and len(figure.box) == 4:
                left, lower, right, upper = figure.box
                box = (left, lower, right, upper)
                if self._is_out(pages[0], box):
                    said = f"the picture {excerpt(alt)}"
                    self._tell_out(pages[0], box, said, span)
            drawn = [
                picture
                for page in dict.fromkeys(pages)
                for picture in self.pdf.drawn[page].pictures
                if (page, picture.mark) in marks
            ]
            if not drawn and not memo.places.is_drawing(alt):
                message = f"the picture {excerpt(alt)} is not drawn in the PDF"
                self.reporter.error(Code.PARITY_PICTURES, span, message, ANEW)
            for picture in drawn:
                if picture.resolution < RESOLUTION - 0.5:
                    self._coarse(picture.resolution, alt, picture.page, span)

    def _coarse(self, resolution: float, alt: str, page: int, span: Span) -> None:
        message = f"the picture {excerpt(alt)} has {resolution:.0f} pixels an inch"
        message += f" on page {self.pdf.labels[page]}"
        hint = f"use a file with {RESOLUTION / resolution:.1f} times as many pixels"
        self.reporter.warning(Code.IMAGE_COARSE, span, message, hint)

    # Lines that stand alone

    def _pages(self, memo: _Memo) -> None:
        runs = [run for block in memo.body for run in block.runs]
        pages = sorted({run.page for run in runs if run.text.strip()})
        known = {
            _solid(bare(text_of(node)))
            for node in nodes(memo.places.memo.body)
            if node.tag in {"p", "li", "dd", "blockquote"}
        }
        figures = {r.page for f in memo.part.all("Figure", "Formula") for r in f.runs()}
        for page in pages:
            found = _lines_of(memo.body, page)
            if page != pages[0]:
                self._widow(memo, found[0], page, known)
            if page != pages[-1]:
                self._foot(memo, found[-1], page)
            if len(found) == 1 and page not in figures:
                block, run = found[0][0]
                message = f"page {self.pdf.labels[page]} has a single line"
                hint = "shorten the memo by a line, or let it grow"
                span = memo.place(block, run)
                self.reporter.warning(Code.PAGE_SINGLE_LINE, span, message, hint)

    def _widow(self, memo: _Memo, line: _Line, page: int, known: set[str]) -> None:
        block, run = line[0]
        if block.in_table or block.kind not in _PARAGRAPHS:
            return
        own = [other for other in _lines_of((block,), page) if other]
        if len(own) != 1:
            return
        text = _solid(memo.text(block, page))
        goes_on = any(r.page < page for r in block.runs)
        ends = text not in known and any(p.endswith(text) for p in known)
        if text and (goes_on or ends):
            message = "the last line of a paragraph stands alone at the head of page"
            message += f" {self.pdf.labels[page]}"
            hint = "shorten the paragraph by a line, or take widows: 1 out of the style"
            span = memo.place(block, run)
            self.reporter.warning(Code.PAGE_WIDOW, span, message, hint)

    def _foot(self, memo: _Memo, line: _Line, page: int) -> None:
        block, run = line[0]
        if block.kind in PRINTED_HEADINGS:
            title = memo.text(block)
            message = f"the heading {excerpt(title)} stands at the foot of page"
            message += f" {self.pdf.labels[page]}"
            hint = "take break-after out of the style of headings"
            span = memo.place(block, run)
            self.reporter.warning(Code.PAGE_HEADING_AT_FOOT, span, message, hint)


_Line = Sequence[tuple[_Block, Run]]


def _lines_of(blocks: Sequence[_Block], page: int) -> list[_Line]:
    """Return the lines of a page from its head to its foot."""
    runs = [
        (block, run)
        for block in blocks
        for run in block.runs
        if run.page == page and run.text.strip()
    ]
    found: list[list[tuple[_Block, Run]]] = []
    for block, run in sorted(runs, key=lambda pair: -pair[1].base):
        if found and found[-1][0][1].base - run.base < _LINE:
            found[-1].append((block, run))
        else:
            found.append([(block, run)])
    return [sorted(line, key=lambda pair: pair[1].left) for line in found]


def _solid(text: str) -> str:
    return "".join(text.split()).replace("\u2010", "").casefold()


def _box(run: Run) -> Box:
    return (run.left, run.base, run.ink, run.base + _ASCENT * run.size)


def _leaves(box: Box, area: Box) -> bool:
    """Tell whether a box goes beyond an area by more than letters may."""
    left, lower, right, upper = box
    return (
        left < area[0] - _OVERHANG
        or lower < area[1] - _OVERHANG
        or right > area[2] + _OVERHANG
        or upper > area[3] + _OVERHANG
    )
