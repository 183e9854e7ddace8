"""Every construct that memobook takes, and how each output shows that it has it.

What goes in: a page of the EPUB and a part of the PDF. What comes out: whether one of
them has a construct. A sign is a function of what was read; none of them knows how the
output was written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from memobook.book.tree import Node, nodes, text_of
from memobook.checks.drawing import Run
from memobook.checks.printed import Element
from tests.harness import Built

__all__ = ["Page", "Part", "page_of", "part_of"]

Sign = Callable[["Part"], bool]
Look = Callable[["Page"], bool]
Box = tuple[float, float, float, float]


def solid(text: str) -> str:
    """Return a text without spaces, hyphens at line ends and marks of direction."""
    return re.sub(r"[\s\u2010\u2011\u00ad\u200b-\u200f\u2066-\u2069]", "", text)


# The EPUB


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the EPUB, in its book."""

    book: Built
    root: Node


def page_of(book: Built, name: str) -> Page:
    return Page(book, book.epub.pages[name])


def has(tag: str, text: str = "", **attributes: str) -> Look:
    """Look for an element with a text; `tag.class` and attributes narrow it.

    The names of attributes have _ for - and __ for a colon; a value "*" is any.
    """
    name, _, of_class = tag.partition(".")
    wanted = {k.replace("__", ":").replace("_", "-"): v for k, v in attributes.items()}

    def fits(node: Node) -> bool:
        if name and node.tag != name:
            return False
        if of_class and of_class not in node.classes:
            return False
        for key, value in wanted.items():
            own = node.get(key)
            if not (own if value == "*" else value in own.split() or value == own):
                return False
        return solid(text) in solid(text_of(node))

    return lambda page: any(fits(node) for node in nodes(page.root))


def nested(outer: str, inner: str) -> Look:
    """Look for an element in another one."""

    def look(page: Page) -> bool:
        return any(
            node.tag == outer and any(n.tag == inner for n in nodes(node) if n != node)
            for node in nodes(page.root)
        )

    return look


# The PDF


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the PDF's structure tree, in its book."""

    book: Built
    root: Element

    @property
    def text(self) -> str:
        return solid("".join(run.text for run in self.root.runs()))


def part_of(book: Built, name: str) -> Part:
    """Return the part that stands where the EPUB has a page of this name."""
    return Part(book, book.pdf.parts[list(book.epub.pages).index(name)])


def reads(*texts: str) -> Sign:
    """Look for texts in their order, one right behind another."""
    return lambda part: solid("".join(texts)) in part.text


def kind(name: str, text: str = "", *, alt: str = "", target: str = "") -> Sign:
    """Look for an element of the structure tree."""

    def fits(element: Element) -> bool:
        said = solid("".join(run.text for run in element.runs()))
        return (
            solid(text) in said
            and alt in (element.alt or "")
            and element.target.endswith(target)
        )

    return lambda part: any(fits(e) for e in part.root.all(*name.split("|")))


def within(outer: str, inner: str) -> Sign:
    return lambda part: any(any(e.all(inner)) for e in part.root.all(outer))


def _runs(part: Part, text: str) -> Iterator[Run]:
    found = (run for run in part.root.runs() if solid(text) in solid(run.text))
    return iter(sorted(found, key=lambda run: len(run.text)))


def font(name: str, text: str) -> Sign:
    """Look for a text that is set in a font of this name."""
    return lambda part: any(name in run.font for run in _runs(part, text))


def shifted(text: str, *, up: bool) -> Sign:
    """Look for a small text above or below the line of the others."""

    def look(part: Part) -> bool:
        others = list(part.root.runs())
        return any(
            run.size < other.size * 0.9
            and 0.5 < (run.base - other.base if up else other.base - run.base) < 6
            for run in _runs(part, text)
            for other in others
            if run.page == other.page and abs(run.left - other.right) < 3
        )

    return look


def painted(text: str, *, at: str) -> Sign:
    """Look for a text with something drawn behind, below or through its letters."""

    def look(part: Part) -> bool:
        return any(
            _lies(box, run, at)
            for run in _runs(part, text)
            for box in _shapes(part.book, run.page)
        )

    return look


def _lies(box: Box, run: Run, at: str) -> bool:
    left, lower, right, upper = box
    if left > run.left + 1 or right < run.ink - 1 or right - left > 300:
        return False
    middle, is_thin = (lower + upper) / 2 - run.base, upper - lower < 1.6
    if at == "behind":
        return lower < run.base < run.base + run.size / 2 < upper < lower + 30
    if at == "through":
        return is_thin and 0.1 * run.size < middle < 0.5 * run.size
    return is_thin and -0.4 * run.size < middle < 0


def _shapes(book: Built, index: int) -> list[Box]:
    """Return the edges of what is drawn on a page and is no text, by PDFium."""
    with pypdfium2.PdfDocument(book.pdf.data) as document:
        found = document[index].get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH])
        return [shape.get_bounds() for shape in found]


def drawn(alt: str) -> Sign:
    """Look for a figure with this alternative text that is drawn."""

    def look(part: Part) -> bool:
        return any(
            alt in (figure.alt or "") and any(figure.runs())
            for figure in part.root.all("Figure")
        )

    return look


def cells(*rows: tuple[str, ...]) -> Sign:
    """Look for these rows, one below another in a table."""

    def look(part: Part) -> bool:
        for table in part.root.all("Table"):
            found = [
                tuple(
                    solid("".join(r.text for r in cell.runs()))
                    for cell in row.kids
                    if isinstance(cell, Element)
                )
                for row in table.all("TR")
            ]
            wanted = [tuple(map(solid, row)) for row in rows]
            if any(found[i : i + len(rows)] == wanted for i in range(len(found))):
                return True
        return False

    return look


def spans(name: str, number: int) -> Sign:
    """Look for a cell that takes a number of columns or rows, in the tree's objects."""

    def look(part: Part) -> bool:
        numbers = {e.number for e in part.root.all("TD", "TH")}
        for found in part.book.pdf.pdf.objects:
            if getattr(found, "objgen", (0,))[0] in numbers:
                attributes: Any = found.get("/A", {})
                if int(attributes.get(f"/{name}", 1)) == number:
                    return True
        return False

    return look


def of_language(code: str, text: str) -> Sign:
    """Look for an element of the structure tree whose language is told."""

    def look(part: Part) -> bool:
        for element in part.root.everything():
            said = solid("".join(run.text for run in element.runs()))
            if solid(text) in said:
                own = part.book.pdf.pdf.get_object((element.number, 0)).get("/Lang")
                if own is not None and str(own).startswith(code):
                    return True
        return False

    return look
