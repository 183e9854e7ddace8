"""The page about the authors."""

from __future__ import annotations

from memobook.book.model import Book, Matter, NoteMode, Repeat, Source
from memobook.book.notes import number_notes
from memobook.book.parse import parse_memo
from memobook.book.tree import nodes, serialize, text_of
from memobook.design.words import words
from memobook.diagnostics import Reporter, Span
from memobook.project.contents import Listed
from memobook.project.schema import BookFile
from tests.book.helpers import assembled

BOOK = Span("manuscript/book.toml", 9)


def book(*blocks: str, reporter: Reporter, has_page: bool = True) -> Book:
    settings = BookFile.model_validate(
        {"book": {"title": "B", "language": "en"}, "contents": {"memos": ["a.md"]}}
    )
    paths = [f"manuscript/deep folder/{n}.md" for n in "abc"[: len(blocks)]]
    memos = tuple(
        parse_memo(
            Source(path, f"---\ntitle: Memo {path[-4]}\n{block}---\nText.\n"),
            "en",
            reporter,
        )
        for path, block in zip(paths, blocks, strict=True)
    )
    listed = [Listed(path, BOOK) for path in paths]
    if has_page:
        listed.append(Listed("", BOOK, Matter.BACK, made="authors"))
    return assembled(settings, memos, listed, words("en", {}), reporter)


ADA = "authors:\n  - name: Ada Writer\n    place: London\n    bio: She *writes*.\n"
TWO = "authors: [Ben Author, Ada Writer]\n"


def test_everybody_stands_once_sorted_by_last_name_with_all_that_is_known():
    reporter = Reporter()
    page = book(ADA, TWO, reporter=reporter).memos[-1]
    assert reporter.diagnostics == ()
    assert page.title == "About the authors"
    found = [(n.tag, " ".join(text_of(n).split())) for n in nodes(page.body)]
    assert [text for tag, text in found if tag == "dt"] == ["Ben Author", "Ada Writer"]
    assert [text for tag, text in found if tag == "dd"] == [
        "Memo b",
        "LondonShe writes.Memo aMemo b",
    ]


def test_the_memos_are_links_that_lead_to_them():
    page = book(ADA, TWO, reporter=Reporter()).memos[-1]
    links = [n.get("href") for n in nodes(page.body) if n.tag == "a"]
    assert links == ["memobook:b", "memobook:a", "memobook:b"]


def test_links_in_a_bio_are_notes_of_the_page():
    reporter = Reporter()
    block = "authors:\n  - name: Ada\n    bio: Her [page](https://x.org/).\n"
    made = book(block, reporter=reporter)
    noted = number_notes(made, NoteMode.FOOTNOTES, Repeat.MEMO, reporter)
    assert [n.url for n in noted.memos[-1].notes] == ["https://x.org/"]
    assert reporter.diagnostics == ()


def test_two_descriptions_of_one_author_are_a_warning():
    reporter = Reporter()
    other = ADA.replace("writes", "reads")
    page = book(ADA, other, reporter=reporter).memos[-1]
    (found,) = reporter.diagnostics
    assert (found.code.value, found.span.line, found.span.column) == (
        "author-bio", 6, 10,
    )  # fmt: skip
    assert "writes" in serialize(page.body)


def test_the_same_description_twice_is_none():
    reporter = Reporter()
    book(ADA, ADA, reporter=reporter)
    assert reporter.diagnostics == ()


def test_a_page_about_nobody_is_an_error():
    reporter = Reporter()
    book("", reporter=reporter)
    (found,) = reporter.diagnostics
    assert (found.message, found.span) == ("no memo names an author", BOOK)


def test_a_description_that_nothing_shows_is_a_warning():
    reporter = Reporter()
    book(ADA, reporter=reporter, has_page=False)
    (found,) = reporter.diagnostics
    assert found.code.value == "author-bio"
