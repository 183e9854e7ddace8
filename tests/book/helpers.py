"""Parsing without a project: what most tests of the book need."""

import datetime as dt
from collections.abc import Mapping, Sequence

from memobook.book.assemble import PASSES, Apparatus, gather, resolved
from memobook.book.model import Book, Memo, NoteMode, Repeat, Source
from memobook.book.notes import number_notes
from memobook.book.parse import parse_memo
from memobook.book.tree import Node, nodes, serialize
from memobook.diagnostics import Reporter
from memobook.project.contents import Listed
from memobook.project.schema import BookFile

__all__ = ["assembled", "books", "codes", "find", "html", "numbered", "parsed", "place"]


def parsed(text: str, path: str = "manuscript/a.md", language: str = "en") -> Memo:
    """Return a memo that has no fault."""
    reporter = Reporter()
    memo = parse_memo(Source(path, f"---\ntitle: T\n---\n{text}"), language, reporter)
    assert reporter.diagnostics == ()
    return memo


def html(text: str) -> str:
    """Return the body of a memo that has no fault as markup."""
    return serialize(parsed(text).body.children)


def assembled(
    settings: BookFile,
    memos: tuple[Memo, ...],
    listed: Sequence[Listed],
    titles: Mapping[str, str],
    reporter: Reporter,
) -> Book:
    """Return a book of memos that are listed in it."""
    apparatus = Apparatus(listed=listed, titles=titles)
    date = dt.date(2025, 1, 1)
    return resolved(gather(settings, memos, apparatus, date, reporter), reporter)


def books(*texts: str, reporter: Reporter | None = None, language: str = "en") -> Book:
    """Return a book of memos called a.md, b.md …; without a reporter it has no fault."""
    own = reporter or Reporter()
    memos = tuple(
        parse_memo(
            Source(f"manuscript/{name}.md", f"---\ntitle: {name.upper()}\n---\n{text}"),
            language,
            own,
        )
        for name, text in zip("abcdef", texts, strict=False)
    )
    book = Book(
        name="book",
        title="Book",
        language=language,
        date=dt.date(2025, 1, 1),
        identifier="urn:x",
        memos=memos,
    )
    for step in PASSES:
        book = step(book, own)
    if reporter is None:
        assert own.diagnostics == ()
    return book


def numbered(
    *texts: str,
    mode: NoteMode = NoteMode.FOOTNOTES,
    repeat: Repeat = Repeat.MEMO,
    language: str = "en",
) -> Book:
    """Return a book without a fault, its notes numbered."""
    reporter = Reporter()
    book = number_notes(books(*texts, language=language), mode, repeat, reporter)
    assert reporter.diagnostics == ()
    return book


def find(memo: Memo, tag: str) -> list[Node]:
    """Return the nodes with a tag, in reading order, footnotes last."""
    trees = (memo.body, *(note for _, note in memo.footnotes))
    return [n for tree in trees for n in nodes(tree) if n.tag == tag]


def place(node: Node) -> tuple[int, int, int] | None:
    """Return line, column and length; the first line below the block is line 4."""
    return (node.span.line, node.span.column, node.span.length) if node.span else None


def codes(reporter: Reporter) -> list[tuple[str, int, int]]:
    """Return what was reported: code, line and column."""
    return [(d.code.value, d.span.line, d.span.column) for d in reporter]
