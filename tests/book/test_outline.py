"""Names that are unique in the book, and the numbers of captions."""

from dataclasses import replace

import pytest

from memobook.book.outline import anchor, name_anchors, own_anchor, slug
from memobook.book.tree import nodes
from tests.book.helpers import books, find, numbered, parsed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Space law", "space-law"),
        ("  The “Ariane” 5!  ", "the-u201carianeu201d-5"),
        ("Über Ñandú", "uber-nandu"),
        ("a_b-c", "a-b-c"),
        ("日本", "u65e5u672c"),
        ("?!", "section"),
        ("", "section"),
    ],
)
def test_a_slug_is_ascii(text, expected):
    assert expected == slug(text)


def test_an_anchor_begins_with_its_memo_s_name():
    assert anchor("space", "Space law") == "space_space-law"
    assert anchor("space", "") == "space"
    assert own_anchor("space", "note-1") == "space__note-1"


def headings(*texts: str) -> list[tuple[str, int, str]]:
    book = books(*texts)
    return [(h.anchor, h.level, h.title) for m in book.memos for h in m.headings]


def test_headings_are_known_by_anchor_level_and_title():
    text = "## One *two* [three](https://e.org)\n\n### `Four`[^a]\n\n[^a]: A."
    expected = [("a_one-two-three", 2, "One two three"), ("a_four", 3, "Four")]
    assert expected == headings(text)


def test_an_author_s_own_id_wins():
    assert [("a_law", 2, "Space")] == headings("## Space {#law}")


def test_headings_of_one_name_get_numbers():
    text = "## Law\n\n## Law\n\n## Law 2\n\n## Law"
    expected = ["a_law", "a_law-2", "a_law-2-2", "a_law-3"]
    assert expected == [name for name, *_ in headings(text)]


def test_every_id_gets_the_memo_s_name():
    book = books('<p id="x">a</p>\n\n<p id="x">b</p>\n\n*c*{#y}[^1]\n\n[^1]: *d*{#z}')
    found = [n.get("id") for tag in ("p", "em") for n in find(book.memos[0], tag)]
    assert ["a_x", "a_x-2", "", "", "a_y", "a_z"] == found


def test_memos_of_one_name_get_numbers_and_none_is_called_like_a_page_of_the_book():
    paths = ["a/x.md", "b/x.md", "contents.md", "notes.md", "日本.md", "中国.md"]
    memos = tuple(parsed("Text.", f"manuscript/{path}") for path in paths)
    book = name_anchors(replace(books("Text."), memos=memos))
    expected = ["x", "x-2", "contents-2", "notes-2", "memo", "memo-2"]
    assert expected == [memo.id for memo in book.memos]


def test_no_two_anchors_of_a_book_are_alike():
    # A heading could look like a note, or like another memo.
    law = (
        "## Note 1\n\n## Call 1\n\n## __Note-1\n\n[l](https://e.org) [m](https://e.org)"
    )
    book = numbered(law, law)
    found = [memo.id for memo in book.memos]
    for memo in book.memos:
        found += [n.get("id") for n in nodes(memo.body) if n.has("id")]
        found += [note.anchor for note in memo.notes]
    assert len(found) == len(set(found))
    assert all(name.replace("_", "").replace("-", "").isalnum() for name in found)


# Captions


FIGURE = "![A](a.png)\n\n/// caption\nA.\n///\n\n"
TABLE = "| a |\n|---|\n| b |\n\n/// caption\nB.\n///\n\n"


def test_figures_and_tables_are_numbered_apart_through_the_book():
    book = books(FIGURE + TABLE + FIGURE, FIGURE + TABLE)
    found = [
        (memo.id, n.get("data-kind"), n.get("data-number"))
        for memo in book.memos
        for n in nodes(memo.body)
        if n.has("data-kind")
    ]
    assert found == [
        ("a", "figure", "1"),
        ("a", "table", "1"),
        ("a", "figure", "2"),
        ("b", "figure", "3"),
        ("b", "table", "2"),
    ]


def test_a_picture_without_a_caption_has_no_number():
    book = books("![A](a.png)\n\n" + FIGURE)
    found = [n.get("data-number") for n in nodes(book.memos[0].body)]
    assert [n for n in found if n] == ["1"]
