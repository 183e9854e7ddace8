"""Turn a source into a memo.

What goes in: one file's text. What comes out: a frozen tree in which headings, links,
pictures, footnotes and tables know their line and column. It is pure and per file;
nothing here knows the other memos.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from xml.etree.ElementTree import Element

from memobook.book.convert import (
    converted,
    defined_footnotes,
    unused_definitions,
)
from memobook.book.definitions import report_unused
from memobook.book.depth import deepest_tag, too_deep
from memobook.book.diagrams import set_diagrams
from memobook.book.direction import with_directions
from memobook.book.eastern import has_eastern_lines, with_joined_lines
from memobook.book.footnotes import (
    Footnotes,
    check_footnotes,
    check_lost,
    nested_footnotes,
    place_of_footnote,
    report_misplaced,
    take_footnotes,
)
from memobook.book.formulas import set_formulas
from memobook.book.markup import Reading, misplaced
from memobook.book.model import Contributor, Memo, NoteMode, Source
from memobook.book.named import with_places
from memobook.book.positions import Spot, mark
from memobook.book.prose import parted, prose
from memobook.book.punctuation import punctuated, with_punctuation
from memobook.book.rawplaces import raw_places
from memobook.book.shapes import shape
from memobook.book.tree import Child, Node, line_of, nodes, rewrite
from memobook.diagnostics import Code, Reporter, Span
from memobook.project.config import read_block, split_block
from memobook.project.located import Located, Path
from memobook.project.outline_schema import Epigraph
from memobook.project.schema import Author, MemoBlock

__all__ = ["parse_epigraph", "parse_memo", "parse_text"]


def parse_memo(source: Source, language: str, reporter: Reporter) -> Memo:
    """Return the memo of a source; `language` is the book's, for one that has none."""
    whole = Span(source.path)
    block, located = read_block(source.text, source.path, reporter)
    _, skip = split_block(source.text)
    lines = source.text.split("\n")
    # Blank lines in the block's place keep the numbers of the lines after it.
    text = "\n".join([""] * skip + lines[skip:])
    tongue = block.language or language
    read = _read(replace(source, text=text), tongue, reporter, source.place)
    children, footnotes = read or ((), ())
    block = _punctuated(block, tongue)
    title, children = _title(block, located, children, whole, reporter)
    if not text.strip():
        reporter.error(Code.SOURCE_EMPTY, whole, "the memo has no text")
    elif not title.text and located and read:
        _report_no_title(whole, reporter)
    values = _Values(located or Located(source.path, {}, {}, {}), tongue, reporter)
    quoted = _epigraph(block.epigraph, ("epigraph",), values)
    return Memo(
        id=block.slug or _slug(PurePosixPath(source.path).stem),
        path=source.path,
        title=title.text,
        title_span=title.span,
        subtitle=block.subtitle,
        authors=_authors(block, values),
        place=block.place,
        date=block.date,
        language=tongue,
        abstract=values.inline(("abstract",), block.abstract),
        key_points=values.lines(("key_points",), block.key_points),
        kind=block.kind or "",
        status=block.status,
        notes_mode=NoteMode(block.notes) if block.notes else None,
        number_headings=block.number_headings,
        contents=block.contents,
        body=Node("div", (), (*quoted, *children), whole),
        footnotes=footnotes,
        span=whole,
    )


def _punctuated(block: MemoBlock, language: str) -> MemoBlock:
    """Return the block with its plain texts as the language sets them."""
    said = {n: punctuated(getattr(block, n), language) for n in ("title", "subtitle")}
    return block.model_copy(update=said)


def _report_no_title(whole: Span, reporter: Reporter) -> None:
    hint = "write `title: ...` in the block at the top, or begin with `# ...`"
    reporter.error(Code.TITLE_MISSING, whole, "the memo has no title", hint)


def parse_text(
    text: str, located: Located, path: Path, language: str, reporter: Reporter
) -> Node:
    """Return a text of the settings, such as the imprint's, as a div of blocks.

    `path` is the key that holds it, for the places of what is in it.
    """
    blocks = _Values(located, language, reporter).blocks(path, text)
    return Node("div", (), blocks, located.value(path))


def parse_epigraph(
    epigraph: Epigraph | None,
    located: Located,
    path: Path,
    language: str,
    reporter: Reporter,
) -> Node:
    """Return the book's epigraph as a div; an empty one if it has none."""
    values = _Values(located, language, reporter)
    return Node("div", (), _epigraph(epigraph, path, values), located.value(path))


# Words in which there is no sign of Markdown's. A memo has many such values, and to
# convert them takes as long as to convert a section of its text.
_PLAIN = re.compile("[A-Za-z](?:[ -]?[A-Za-z0-9,.’()–—])*")


@dataclass(frozen=True, slots=True)
class _Values:
    """Texts that are values of settings: what is found in them stands there."""

    located: Located
    language: str
    reporter: Reporter

    def blocks(self, path: Path, text: str) -> tuple[Child, ...]:
        """Return a value's blocks, which know their place in the file."""
        found = Reporter()

        def place(span: Span) -> Span:
            return self.located.inside(path, text, span)

        def placed(node: Node) -> Node:
            return replace(node, span=place(node.span)) if node.span else node

        read = _read(Source(self.located.file, text), self.language, found, place)
        children = read[0] if read else ()
        for diagnostic in found:
            self.reporter.add(replace(diagnostic, span=place(diagnostic.span)))
        return rewrite(Node("div", (), children), placed).children

    def lines(self, path: Path, texts: Iterable[str]) -> tuple[tuple[Child, ...], ...]:
        """Return the content of each text of a list."""
        return tuple(self.inline((*path, n), text) for n, text in enumerate(texts))

    def inline(self, path: Path, text: str) -> tuple[Child, ...]:
        """Return the content of a text that must be one paragraph."""
        if not text:
            return ()
        if _PLAIN.fullmatch(text) and "..." not in text:
            return (text,)
        blocks = [c for c in self.blocks(path, text) if isinstance(c, Node)]
        if not blocks:
            return ()
        if len(blocks) > 1 or blocks[0].tag != "p":
            name = ".".join(map(str, path))
            message = f"{name}: this must be one paragraph"
            hint = "put what is more than that into the memo's text"
            span = self.located.value(path)
            self.reporter.error(Code.CONFIG_WRONG_VALUE, span, message, hint)
        return blocks[0].children


def _read(
    source: Source, language: str, reporter: Reporter, place: Callable[[Span], Span]
) -> tuple[tuple[Child, ...], Footnotes] | None:
    """Return a text's blocks and footnotes; None if it cannot be read.

    `place` says where something in the text was written.
    """
    text, path = source.text, source.path
    whole = Span(path)
    lines = prose(text)
    if found := too_deep(lines, path):
        _report_too_deep(*found, reporter)
        return None
    try:
        body, spots = _converted(text, lines, path, language)
        named, unused = defined_footnotes(language), unused_definitions(language)
        places = raw_places(body, lines, path)
        reading = Reading(spots, whole, reporter, places)
        children = reading.children(body)
        if has_eastern_lines(text):
            children = with_joined_lines(children)
    except RecursionError:
        _report_too_deep(deepest_tag(lines, path) or whole, "the text", reporter)
        return None
    except RuntimeError as error:
        if "mutated" not in str(error):
            raise
        # Python-Markdown 3.11 changes its footnotes while it goes through them.
        _report_nested(text, lines, path, language, reporter)
        return None
    shaped = with_places(
        _shaped(children, text, language, whole, reporter), lines, path
    )
    tree, footnotes = take_footnotes(shaped)
    check_footnotes(lines, path, tree, footnotes, reporter, place)
    check_lost(named, text, lines, path, footnotes, reporter)
    report_unused(unused, spots, source, reporter)
    return tree.children, footnotes


def _report_nested(
    text: str, lines: list[str], path: str, language: str, reporter: Reporter
) -> None:
    nested = tuple(nested_footnotes(lines, path))
    # Where code or a comment seems to begin above it, the eye sees none.
    nested = nested or tuple(nested_footnotes(text.split("\n"), path))
    if not nested:
        # In a line that begins with another one, or with the sign of a list.
        *_, added = defined_footnotes(language)
        nested = ((added, place_of_footnote(added, text, path)),)
    for name, span in nested:
        report_misplaced(name, span, reporter)


def _converted(
    text: str, lines: list[str], path: str, language: str
) -> tuple[Element, tuple[Spot, ...]]:
    """Return a text's HTML with the marks of its places, and those places."""
    marked, spots = mark(text, path)
    body = converted(parted(marked, lines), language)
    # Mostly it is none, and there is no second conversion.
    if harmful := misplaced(body, spots):
        marked, spots = mark(text, path, without=harmful)
        body = converted(parted(marked, lines), language)
    return body, spots


def _report_too_deep(span: Span, what: str, reporter: Reporter) -> None:
    verb = "nests" if what == "the text" else "nest"
    message = f"{what} {verb} too deeply to be read"
    hint = "look for a long run of brackets, quote signs or list signs"
    reporter.error(Code.MARKDOWN_TOO_DEEP, span, message, hint)


def _shaped(
    children: tuple[Child, ...],
    text: str,
    language: str,
    whole: Span,
    reporter: Reporter,
) -> Node:
    tree = shape(Node("div", (), children, whole))
    if "$" in text or "math" in text:
        tree = set_formulas(tree, text, whole, reporter)
    if "mermaid" in text:
        tree = set_diagrams(tree, text, whole, reporter)
    return with_directions(with_punctuation(tree, language), language)


@dataclass(frozen=True, slots=True)
class _Title:
    text: str
    span: Span


def _title(
    block: MemoBlock,
    located: Located | None,
    children: tuple[Child, ...],
    whole: Span,
    reporter: Reporter,
) -> tuple[_Title, tuple[Child, ...]]:
    """Return the memo's title, and the content without the heading that holds it."""
    title = block.title
    span = located.value(("title",)) if located and title else whole
    firsts = [n for c in children for n in nodes(c) if n.tag == "h1"]
    first = firsts[0] if firsts and firsts[0] in children else None
    if first and (not title or _text(first) == title):
        firsts.pop(0)
        title, span = _text(first), first.span or whole
        children = tuple(c for c in children if c is not first)
        _check_plain(first, span, reporter)
    for extra in firsts:
        reporter.error(
            Code.HEADING_SECOND_TITLE,
            extra.span or whole,
            f"“{_text(extra)}” is a second first-level heading",
            f"the memo's title is “{title}”: begin this one with ##",
        )
    if firsts:  # a book may let them pass, and both outputs say the same of them
        children = rewrite(Node("div", (), children), _lowered).children
    return _Title(title, span), children


def _lowered(node: Node) -> Node:
    return replace(node, tag="h2") if node.tag == "h1" else node


def _text(heading: Node) -> str:
    return line_of(heading)


_NOT_PLAIN = {"img": "picture", "math": "formula"}


def _check_plain(heading: Node, span: Span, reporter: Reporter) -> None:
    for node in nodes(heading):
        if node.has("data-note") or node.has("href") or node.tag in _NOT_PLAIN:
            kind = _NOT_PLAIN.get(node.tag, "link")
            kind = "footnote" if node.has("data-note") else kind
            message = f"the memo's title holds a {kind}, which would be lost"
            hint = "put it into the text: a title is plain text in the contents, too"
            reporter.error(Code.TITLE_NOT_PLAIN, node.span or span, message, hint)


def _epigraph(
    epigraph: Epigraph | None, whole: Path, values: _Values
) -> tuple[Node, ...]:
    """Return the epigraph, a block of the text so that its links are noted."""
    if epigraph is None:
        return ()
    written, value = (*whole, "text"), values.located.value
    path: Path = whole if value(written) == value(whole) else written
    said = values.blocks(path, epigraph.text)
    source = values.inline((*whole, "source"), epigraph.source)
    if source:
        said = (*said, Node("p", (("class", "epigraph-source"),), source))
    kind = (("class", "epigraph"), ("epub:type", "epigraph"), ("role", "doc-epigraph"))
    return (Node("blockquote", kind, said, values.located.value(path)),)


def _authors(block: MemoBlock, values: _Values) -> tuple[Contributor, ...]:
    return tuple(_author(a, index, values) for index, a in enumerate(block.authors))


def _author(author: Author, index: int, values: _Values) -> Contributor:
    path: Path = ("authors", index, "bio")
    return Contributor(
        name=author.name,
        sort=author.sort,
        affiliation=author.affiliation,
        place=author.place,
        bio=values.inline(path, author.bio),
        span=values.located.value(path) if author.bio else None,
    )


def _slug(stem: str) -> str:
    """Return an ASCII name that may begin an anchor."""
    plain = re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-")
    return plain if plain[:1].isalpha() else f"memo-{plain}".rstrip("-")
