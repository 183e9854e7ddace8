"""Where memos stand in a book, and how they are numbered there."""

from __future__ import annotations

import pytest

from memobook.book.model import Book, Matter, Source
from memobook.book.parse import parse_memo
from memobook.book.structure import branches
from memobook.design.labels import label_of, semantics, title_in_lists
from memobook.design.words import words
from memobook.diagnostics import Reporter, Span
from memobook.project.contents import Listed
from memobook.project.schema import BookFile
from tests.book.helpers import assembled, parsed

ENGLISH = words("en", {})
SETTINGS = BookFile.model_validate(
    {"book": {"title": "B", "language": "en"}, "contents": {"memos": ["a.md"]}}
)


def listed(name: str, matter: Matter) -> Listed:
    span = Span("manuscript/book.toml", 1)
    if matter is Matter.PART and "." not in name:
        return Listed("", span, matter, title=name)
    return Listed(f"manuscript/{name}", span, matter)


def book(*items: tuple[str, Matter], text: str = "Text.") -> Book:
    found = [listed(*item) for item in items]
    memos = tuple(parsed(text, item.path) for item in found if item.path)
    return assembled(SETTINGS, memos, found, ENGLISH, Reporter())


WHOLE = (
    ("foreword.md", Matter.FRONT),
    ("a.md", Matter.MEMO),
    ("First", Matter.PART),
    ("b.md", Matter.MEMO),
    ("c.md", Matter.MEMO),
    ("second.md", Matter.PART),
    ("d.md", Matter.MEMO),
    ("x.md", Matter.APPENDIX),
    ("y.md", Matter.APPENDIX),
    ("acknowledgments.md", Matter.BACK),
)


def test_numbers_of_memos_go_on_through_parts_and_appendices_have_letters():
    labels = [label_of(memo, ENGLISH) for memo in book(*WHOLE).memos]
    assert labels == [
        "", "Memo 1", "Part I", "Memo 2", "Memo 3", "Part II", "Memo 4",
        "Appendix A", "Appendix B", "",
    ]  # fmt: skip


def test_a_part_holds_its_memos_and_nothing_behind_them():
    found = [(b.memo.id, [m.id for m in b.below]) for b in branches(book(*WHOLE))]
    assert found == [
        ("foreword", []),
        ("a", []),
        ("part-first", ["b", "c"]),
        ("second", ["d"]),
        ("x", []),
        ("y", []),
        ("acknowledgments", []),
    ]


def test_a_book_opens_with_its_first_memo_or_part():
    assert book(*WHOLE).opener.id == "a"
    assert book(WHOLE[0], *WHOLE[2:]).opener.id == "part-first"


def test_two_parts_of_one_title_have_two_names():
    parts = (
        (("Same", Matter.PART), ("a.md", Matter.MEMO)),
        (
            ("Same", Matter.PART),
            ("b.md", Matter.MEMO),
        ),
    )
    found = [memo.id for memo in book(*parts[0], *parts[1]).memos]
    assert found == ["part-same", "a", "part-same-2", "b"]


def test_parts_and_appendices_have_their_label_in_lists():
    found = [title_in_lists(memo, ENGLISH) for memo in book(*WHOLE).memos]
    assert found[0:3] == ["T", "T", "Part I · First"]
    assert found[7] == "Appendix A · T"


@pytest.mark.parametrize(
    ("name", "matter", "block", "expected"),
    [
        ("foreword.md", Matter.FRONT, "", ("frontmatter", "foreword", "doc-foreword")),
        ("x.md", Matter.FRONT, "preface", ("frontmatter", "preface", "doc-preface")),
        ("Acknowledgments.md", Matter.BACK, "",
         ("backmatter", "acknowledgments", "doc-acknowledgments")),
        ("Executive summary.md", Matter.FRONT, "", ("frontmatter", "frontmatter", "")),
        # A memo is what its file is called only if its block says so.
        ("foreword.md", Matter.MEMO, "", ("bodymatter", "chapter", "doc-chapter")),
        ("a.md", Matter.MEMO, "conclusion",
         ("bodymatter", "conclusion", "doc-conclusion")),
        ("a.md", Matter.APPENDIX, "", ("backmatter", "appendix", "doc-appendix")),
        ("P", Matter.PART, "", ("bodymatter", "part", "doc-part")),
    ],
)  # fmt: skip
def test_reading_systems_are_told_what_a_memo_is(name, matter, block, expected):
    item = listed(name, matter)
    kind = f"kind: {block}\n" if block else ""
    text = f"---\ntitle: T\n{kind}---\nText.\n"
    source = Source(item.path, text)
    memos = (parse_memo(source, "en", Reporter()),) if item.path else ()
    made = assembled(SETTINGS, memos, [item], ENGLISH, Reporter())
    meaning = semantics(made.memos[0])
    assert (meaning.division, meaning.type, meaning.role) == expected
