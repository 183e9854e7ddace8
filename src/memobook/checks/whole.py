"""Compare what a finished file says of the whole book with what its sources say.

What goes in: a file that was read back, and the numbered book. What comes out:
diagnostics on the order of memos, contents, outline, metadata, and links and pictures
that lead to nothing. What single memos say is for parity.py.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import PurePosixPath

from memobook.book.model import EPIGRAPH, Book, Matter, Memo
from memobook.book.rasters import Limits, fitted
from memobook.book.tree import nodes, text_of
from memobook.book.urls import scheme
from memobook.checks.anew import ANEW
from memobook.checks.differences import differences
from memobook.checks.indexed import check_packed_index, check_printed_index
from memobook.checks.packed import FOLDER, PackedBook
from memobook.checks.parity import excerpt
from memobook.checks.places import Places
from memobook.checks.printed import Element, PrintedBook
from memobook.checks.printed_readings import (
    PRINTED_HEADINGS,
    printed_references,
)
from memobook.checks.readings import even, flat, label
from memobook.diagnostics import Code, Reporter, Span
from memobook.project.config import BOOK_FILE
from memobook.project.files import Files

__all__ = ["Whole", "check_packed", "check_printed", "memo_parts"]

_BOOK = Span(BOOK_FILE)


@dataclass(frozen=True, slots=True)
class Whole:
    """A book and where everything in it was written."""

    book: Book
    places: Mapping[str, Places]
    """By memo id."""
    labels: Mapping[str, str]
    """The words of the book's language."""
    output: Span
    """The finished file, for what has no place in the sources."""
    limits: Limits
    """What the EPUB's pictures may be."""

    def entries(self) -> Iterator[tuple[str, str, str, int, Span]]:
        """Yield memo, anchor, title, level and place of all that may be in contents.

        Titles of parts and appendices have their label before them.
        """
        for memo in self.book.memos:
            places = self.places[memo.id]
            title = memo.title
            if memo.matter in {Matter.PART, Matter.APPENDIX}:
                title = f"{label(memo, self.labels)} · {title}"
            yield memo.id, memo.id, title, 1, places.whole
            for index, heading in enumerate(memo.headings, start=1):
                span = places.of_heading(index)
                title = f"{heading.number} {heading.title}".strip()
                yield memo.id, heading.anchor, title, heading.level, span


def _before(
    output: str, page: str, found: str, whole: Whole, reporter: Reporter
) -> None:
    """Report what the imprint or epigraph does not say any more; more may follow."""
    text = whole.book.imprint if page == "imprint" else whole.book.epigraph
    expected = flat(text).casefold()
    name = page.removesuffix("-page")
    for difference in differences(expected, even(found).casefold()):
        if difference.expected:
            said = excerpt(" ".join(difference.expected))
            message = f"{said} is not in the {name} of the {output}"
            reporter.error(Code.PARITY_WORDS, _BOOK, message, ANEW)


# The EPUB


def check_packed(
    epub: PackedBook, whole: Whole, files: Files, reporter: Reporter
) -> None:
    """Report what is wrong with an EPUB as a whole."""
    _container(epub, whole, reporter)
    _spine(epub, whole, reporter)
    _navigation(epub, whole, reporter)
    _live_links(epub, whole, reporter)
    check_packed_index(epub, whole.book, whole.output, reporter)
    _picture_files(epub, whole, files, reporter)
    for page in {"imprint", EPIGRAPH}.intersection(whole.book.front):
        for node in nodes(epub.pages.get(page, "")):
            if node.get("id") == page:
                _before("EPUB", page, flat(node), whole, reporter)
    ours = {
        "title": (whole.book.title,),
        "language": (whole.book.language,),
        "identifier": (whole.book.identifier,),
    }
    for name, values in ours.items():
        found = epub.metadata(name)
        if values[0] not in found:
            _metadata("EPUB", name, values[0], ", ".join(found), reporter)


def _container(epub: PackedBook, whole: Whole, reporter: Reporter) -> None:
    """Report a container that reading systems do not know for an EPUB.

    https://www.w3.org/TR/epub-33/#sec-zip-container-mime
    """
    first = epub.entries[0] if epub.entries else None
    if first is None or first.filename != "mimetype":
        message = "the first file in the EPUB is not mimetype"
    elif first.compress_type != zipfile.ZIP_STORED:
        message = "the file mimetype is compressed in the EPUB"
    else:
        return
    reporter.error(Code.EPUB_INVALID, whole.output, message, ANEW)


def _spine(epub: PackedBook, whole: Whole, reporter: Reporter) -> None:
    order = [PurePosixPath(name).stem for name in epub.spine]
    _order("EPUB", order, whole, reporter)
    front = list(takewhile(lambda name: name not in whole.places, order))
    if front != ["cover", *whole.book.front[1:]]:
        message = f"the EPUB begins with {', '.join(front)}"
        reporter.error(Code.PARITY_ORDER, whole.output, message, ANEW)


def _order(output: str, order: Sequence[str], whole: Whole, reporter: Reporter) -> None:
    """Report memos that are missing, or stand before the one that they follow."""
    last = -1
    for memo in whole.book.memos:
        if memo.id not in order:
            message = f"the memo {excerpt(memo.title)} is not in the {output}"
        elif (here := order.index(memo.id)) < last:
            message = f"the memo {excerpt(memo.title)} stands too early in the {output}"
        else:
            last = here
            continue
        span = whole.places[memo.id].whole
        reporter.error(Code.PARITY_ORDER, span, message, ANEW)


def _navigation(epub: PackedBook, whole: Whole, reporter: Reporter) -> None:
    links = {href: text for text, href in epub.navigation("toc")}
    wanted = []
    for memo, anchor, title, level, span in whole.entries():
        if level > 2:
            continue
        href = f"{memo}.xhtml" if anchor == memo else f"{memo}.xhtml#{anchor}"
        wanted.append(href)
        if href not in links:
            message = f"{excerpt(title)} is not in the EPUB's navigation"
        elif not _even(links[href]).startswith(_even(title)):
            name = excerpt(links[href])
            message = f"{excerpt(title)} is called {name} in the EPUB's navigation"
        else:
            continue
        reporter.error(Code.PARITY_CONTENTS, span, message, ANEW)
    known = [href for href in links if href in wanted]
    if known != [href for href in wanted if href in links]:
        message = "the entries of the EPUB's navigation have another order"
        reporter.error(Code.PARITY_CONTENTS, whole.output, message, ANEW)
    for href in links.keys() - set(wanted):
        stem = href.partition("#")[0].removesuffix(".xhtml")
        if stem in whole.places:
            message = f"the EPUB's navigation leads to {href}, which is no heading"
            reporter.error(
                Code.PARITY_CONTENTS, whole.places[stem].whole, message, ANEW
            )


def _even(text: str) -> str:
    return "".join(text.split()).casefold()


def _live_links(epub: PackedBook, whole: Whole, reporter: Reporter) -> None:
    ids = {
        stem: {n.get("id") for n in nodes(page)} for stem, page in epub.pages.items()
    }
    for stem, page in epub.pages.items():
        for node in nodes(page):
            href = node.get("href")
            if node.tag != "a" or not href or scheme(href):
                continue
            file, _, fragment = href.partition("#")
            target = PurePosixPath(file).stem or stem
            if target in ids and (not fragment or fragment in ids[target]):
                continue
            place = whole.places.get(stem)
            span = place.of_words(text_of(node)) if place else whole.output
            message = f"a link in the EPUB leads to {href}, which is not there"
            reporter.error(Code.PARITY_LINKS, span, message, ANEW)


def _picture_files(
    epub: PackedBook, whole: Whole, files: Files, reporter: Reporter
) -> None:
    packed = set(epub.files.values())
    for memo in whole.book.memos:
        for picture in memo.pictures:
            try:
                data = files.read(picture.path)
            except OSError:  # found when the sources were looked at
                continue
            if fitted(data, whole.limits) not in packed:
                message = f"the picture {picture.path} is not in the EPUB"
                reporter.error(Code.PARITY_PICTURES, picture.span, message, ANEW)
    for stem, page in epub.pages.items():
        for node in nodes(page):
            if node.tag == "img":
                path = _resolved(f"{FOLDER}text/{node.get('src')}")
                if path not in epub.files:
                    place = whole.places.get(stem)
                    alt = node.get("alt")
                    span = place.of_picture(alt) if place else whole.output
                    message = f"the EPUB shows {path}, which is not in it"
                    reporter.error(Code.PARITY_PICTURES, span, message, ANEW)


def _resolved(path: str) -> str:
    parts: list[str] = []
    for part in path.split("/"):
        if part == ".." and parts:
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)


def _metadata(
    output: str, name: str, ours: str, theirs: str, reporter: Reporter
) -> None:
    message = f"the {output} says that its {name} is {excerpt(theirs)}"
    message += f" and not {excerpt(ours)}"
    reporter.error(Code.PARITY_METADATA, _BOOK, message, ANEW)


# The PDF


def check_printed(pdf: PrintedBook, whole: Whole, reporter: Reporter) -> None:
    """Report what is wrong with a PDF as a whole."""
    front = len(whole.book.front)
    if len(pdf.parts) <= front:
        message = "the PDF is not tagged: a screen reader finds no order in it"
        reporter.error(Code.PDF_INVALID, whole.output, message, ANEW)
        return
    parts = memo_parts(pdf, whole.book)
    titles = {id(part): memo for memo, part in parts.items()}
    order = [titles[id(part)] for part in pdf.parts if id(part) in titles]
    _order("PDF", order, whole, reporter)
    by_page = sorted(
        (m.id for m in whole.book.memos if m.id in pdf.destinations),
        key=lambda memo: pdf.destinations[memo],
    )
    if by_page != order:
        _order("PDF", by_page, whole, reporter)
    _outline(pdf, whole, reporter)
    _printed_links(pdf, parts, whole, reporter)
    after = [p for p in pdf.parts[front:] if id(p) not in titles]
    check_printed_index(pdf, after, whole.book, whole.output, reporter)
    if front:
        for at, page in enumerate(whole.book.front):
            if page in {"imprint", EPIGRAPH}:
                runs = pdf.parts[at].runs(without=frozenset(["Lbl"]))
                text = "\n".join(run.text for run in runs)
                _before("PDF", page, text, whole, reporter)
        _printed_contents(pdf, whole, reporter)
    if pdf.title != whole.book.title:
        _metadata("PDF", "title", whole.book.title, pdf.title, reporter)
    if pdf.language != whole.book.language:
        _metadata("PDF", "language", whole.book.language, pdf.language, reporter)


def memo_parts(pdf: PrintedBook, book: Book) -> dict[str, Element]:
    """Return each memo's part of the structure, by its title; else by its place."""
    front = len(book.front)
    heads = {index: _first_heading(part) for index, part in enumerate(pdf.parts)}
    found: dict[str, Element] = {}
    for index, memo in enumerate(book.memos, start=front):
        wanted = _even(memo.title)
        same = [i for i, head in heads.items() if i >= front and head == wanted]
        at = index if index in same or not same else same[0]
        if at < len(pdf.parts):
            found[memo.id] = pdf.parts[at]
    return found


def _first_heading(part: Element) -> str:
    element = next(part.all(*PRINTED_HEADINGS), None)
    if element is None:
        return ""
    text = "".join(run.text for run in element.runs())
    return _even(text.replace("\u2010", ""))


def _outline(pdf: PrintedBook, whole: Whole, reporter: Reporter) -> None:
    lines = {(_even(b.title), b.page) for b in pdf.outline}
    for _, anchor, title, _, span in whole.entries():
        page = pdf.destinations.get(anchor, -1)
        if (_even(title), page) not in lines:
            message = f"{excerpt(title)} is not in the PDF's outline"
            if any(name == _even(title) for name, _ in lines):
                message = (
                    f"the PDF's outline leads to another page than {excerpt(title)}"
                )
            reporter.error(Code.PARITY_CONTENTS, span, message, ANEW)


def _printed_contents(pdf: PrintedBook, whole: Whole, reporter: Reporter) -> None:
    found: dict[str, str] = {}
    for link in pdf.parts[len(whole.book.front) - 1].all("Link"):
        text = " ".join(run.text for run in link.runs()) + " "
        found[link.target] = found.get(link.target, "") + text
    for _, anchor, title, level, span in whole.entries():
        if level > 2:
            continue
        if anchor not in found:
            message = f"{excerpt(title)} is not in the printed contents"
            reporter.error(Code.PARITY_CONTENTS, span, message, ANEW)
            continue
        text = found[anchor].replace(".", " ")
        folio = text.split()[-1] if text.split() else ""
        right = _label(pdf, anchor)
        if folio != right and right:
            message = f"the contents say that {excerpt(title)} is on page {folio}"
            message += f", and it is on page {right}"
            reporter.error(Code.PARITY_CONTENTS, span, message, ANEW)


def _label(pdf: PrintedBook, anchor: str) -> str:
    page = pdf.destinations.get(anchor, -1)
    return pdf.labels[page] if 0 <= page < len(pdf.labels) else ""


def _printed_links(
    pdf: PrintedBook,
    parts: Mapping[str, Element],
    whole: Whole,
    reporter: Reporter,
) -> None:
    for memo in whole.book.memos:
        part = parts.get(memo.id)
        if part is None:
            continue
        for target, folio in printed_references(part, whole.labels):
            right = _label(pdf, target)
            if right and folio != right:
                span = _reference(memo, target, whole)
                message = f"the PDF says “page {folio}”, and it is on page {right}"
                reporter.error(Code.PARITY_LINKS, span, message, ANEW)
        for link in part.all("Link"):
            is_dead = link.target and not scheme(link.target)
            if is_dead and link.target not in pdf.destinations:
                text = "".join(run.text for run in link.runs())
                span = whole.places[memo.id].of_words(text)
                message = (
                    f"a link in the PDF leads to {link.target}, which is not there"
                )
                reporter.error(Code.PARITY_LINKS, span, message, ANEW)


def _reference(memo: Memo, target: str, whole: Whole) -> Span:
    """Return the place of the link inside the book that leads to an anchor."""
    for node in nodes(memo.body):
        is_it = node.get("href").rpartition(":")[2] == target
        if is_it and "xref" in node.classes and node.span:
            return node.span
    return whole.places[memo.id].whole
