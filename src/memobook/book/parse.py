"""Turn a source into a memo. The only module that imports Python-Markdown.

What goes in: one file's text. What comes out: a frozen tree in which headings, links,
pictures, footnotes and tables know their line and column. It is pure and per file;
nothing here knows the other memos.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import PurePosixPath
from typing import Any

import tinyhtml5
from markdown import Markdown
from markdown.extensions.smarty import SmartyExtension

from memobook.book.footnotes import Footnotes, check_footnotes, take_footnotes
from memobook.book.markup import Reading
from memobook.book.model import Contributor, Memo, NoteMode, Source
from memobook.book.positions import mark
from memobook.book.shapes import shape
from memobook.book.tree import Child, Node, nodes, text_of
from memobook.diagnostics import Code, Reporter, Span
from memobook.project.config import read_block, split_block
from memobook.project.schema import MemoBlock

__all__ = ["parse_memo", "parse_text"]

_EXTENSIONS = (
    "abbr",
    "attr_list",
    "def_list",
    "footnotes",
    "md_in_html",
    "sane_lists",
    "tables",
    "pymdownx.betterem",
    "pymdownx.blocks.admonition",
    "pymdownx.blocks.caption",
    "pymdownx.blocks.html",
    "pymdownx.caret",
    "pymdownx.highlight",
    "pymdownx.mark",
    "pymdownx.quotes",
    "pymdownx.superfences",
    "pymdownx.tasklist",
    "pymdownx.tilde",
)
_SETTINGS: dict[str, dict[str, Any]] = {
    # Numbers are given for the whole book, later.
    "pymdownx.blocks.caption": {"auto": False},
    "pymdownx.highlight": {"guess_lang": False, "linenums": None},
    "pymdownx.quotes": {"callouts": True},
}

# How does a language quote: left and right double, left and right single?
# https://www.unicode.org/cldr/charts/latest/summary/root.html
_QUOTES = {
    "de": "„“‚‘",
    "es": "«»“”",
    "fr": "«»‹›",
    "it": "«»“”",
    "pl": "„”‚’",
    "pt": "“”‘’",
    "ru": "«»„“",
}


def parse_memo(source: Source, language: str, reporter: Reporter) -> Memo:
    """Return the memo of a source; `language` is the book's, for one that has none."""
    whole = Span(source.path)
    block = read_block(source.text, source.path, reporter)
    _, skip = split_block(source.text)
    lines = source.text.split("\n")
    # Blank lines in the block's place keep the numbers of the lines after it.
    text = "\n".join([""] * skip + lines[skip:])
    tongue = block.language or language
    children, footnotes = _read(text, source.path, tongue, reporter)
    title, children = _title(block, children, whole, reporter)
    if not text.strip():
        reporter.error(Code.SOURCE_EMPTY, whole, "the memo has no text")
    return Memo(
        id=block.slug or _slug(PurePosixPath(source.path).stem),
        path=source.path,
        title=title,
        subtitle=block.subtitle,
        authors=_authors(block),
        place=block.place,
        date=block.date,
        language=tongue,
        abstract=_inline(block.abstract, source.path, tongue, reporter),
        key_points=tuple(
            _inline(p, source.path, tongue, reporter) for p in block.key_points
        ),
        status=block.status,
        notes_mode=NoteMode(block.notes) if block.notes else None,
        body=Node("div", (), children, whole),
        footnotes=footnotes,
        span=whole,
    )


def parse_text(text: str, path: str, language: str, reporter: Reporter) -> Node:
    """Return a text of the settings, such as the imprint's, as a div of blocks."""
    children, _ = _read(text, path, language, reporter)
    return Node("div", (), children, Span(path))


def _read(
    text: str, path: str, language: str, reporter: Reporter
) -> tuple[tuple[Child, ...], Footnotes]:
    whole = Span(path)
    marked, spots = mark(text, path)
    try:
        html = _converter(language).reset().convert(marked)
        document = tinyhtml5.parse(
            f"<!doctype html><body>{html}", namespace_html_elements=False
        )
        reading = Reading(spots, whole, reporter)
        body = document.find("body")
        children = reading.children(body) if body is not None else ()
    except RecursionError:
        hint = "look for a long run of brackets, quote signs or list signs"
        message = "the text nests too deeply to be read"
        reporter.error(Code.MARKDOWN_TOO_DEEP, whole, message, hint)
        return (), ()
    tree, footnotes = take_footnotes(shape(Node("div", (), children, whole)))
    check_footnotes(text, path, (tree, *(n for _, n in footnotes)), footnotes, reporter)
    return tree.children, footnotes


@cache
def _converter(language: str) -> Markdown:
    """Return the one converter of a process and language: making it costs 30 ms."""
    quotes = _QUOTES.get(language.split("-")[0], "“”‘’")
    names = ("left", "right")
    substitutions = {
        **{f"{n}-double-quote": q for n, q in zip(names, quotes[:2], strict=True)},
        **{f"{n}-single-quote": q for n, q in zip(names, quotes[2:], strict=True)},
    }
    smarty = SmartyExtension(substitutions=substitutions)
    return Markdown(
        extensions=[*_EXTENSIONS, smarty],
        extension_configs=_SETTINGS,
        output_format="xhtml",
    )


def _inline(
    text: str, path: str, language: str, reporter: Reporter
) -> tuple[Child, ...]:
    """Return a line of a block, whose one paragraph gives its content."""
    children, _ = _read(text, path, language, reporter)
    blocks = [c for c in children if isinstance(c, Node)]
    return tuple(c for b in blocks for c in (b.children if b.tag == "p" else (b,)))


def _title(
    block: MemoBlock, children: tuple[Child, ...], whole: Span, reporter: Reporter
) -> tuple[str, tuple[Child, ...]]:
    """Return the memo's title, and the content without the heading that holds it."""
    title = block.title
    firsts = [
        n
        for c in children
        for n in nodes(c)
        if n.tag == "h1" and "title" not in n.classes
    ]
    own = " ".join(text_of(firsts[0]).split()) if firsts else ""
    if firsts and (not title or own == title):
        title, heading = own, firsts.pop(0)
        children = tuple(c for c in children if c is not heading)
    for extra in firsts:
        reporter.error(
            Code.HEADING_SECOND_TITLE,
            extra.span or whole,
            f"“{text_of(extra).strip()}” is a second first-level heading",
            f"the memo's title is “{title}”: begin this one with ##",
        )
    if not title:
        hint = "write `title: ...` in the block at the top"
        reporter.error(Code.TITLE_MISSING, whole, "the memo has no title", hint)
    return title, children


def _authors(block: MemoBlock) -> tuple[Contributor, ...]:
    return tuple(
        Contributor(name=a.name, sort=a.sort, affiliation=a.affiliation, place=a.place)
        for a in block.authors
    )


def _slug(stem: str) -> str:
    """Return an ASCII name that may begin an anchor."""
    plain = re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-")
    return plain if plain[:1].isalpha() else f"memo-{plain}".rstrip("-")
