"""Notes made of links, numbered in one sequence with the author's own."""

import re
from dataclasses import replace

import pytest

from memobook.book.model import Memo, NoteKind, NoteMode, Repeat
from memobook.book.notes import NOTED, number_notes
from memobook.book.tree import Node, nodes, text_of
from memobook.diagnostics import Reporter
from tests.book.helpers import books, numbered

A, B, C = "https://a.org/", "https://b.org/", "https://c.org/"


def shown(memo: Memo) -> str:
    """Return the text with its calls as [1], so that their places can be seen."""

    def plain(node: Node) -> str:
        if node.has("data-note"):
            return f"[{text_of(node)}]"
        return "".join(c if isinstance(c, str) else plain(c) for c in node.children)

    return plain(memo.body).strip()


def set_text(text: str, **settings) -> str:
    return shown(numbered(text, **settings).memos[0])


def notes(memo: Memo) -> list[tuple[int, str, str, int]]:
    """Return number, address, text and count of calls of every note."""
    return [(n.number, n.url, text_of(n.content), len(n.calls)) for n in memo.notes]


# Numbers


def test_five_links_to_three_addresses_give_three_notes_with_five_calls():
    text = f"[a]({A}) [b]({B}) [c]({A}) [d]({C}) [e]({A})"
    (memo,) = numbered(text).memos
    assert shown(memo) == "a[1] b[2] c[1] d[3] e[1]"
    assert [(1, A, "", 3), (2, B, "", 1), (3, C, "", 1)] == notes(memo)


def test_footnotes_and_link_notes_are_one_sequence():
    text = f"[a]({A}) x[^n] [b]({B}) y[^m] [c]({A}) z[^n]\n\n[^m]: M.\n\n[^n]: N."
    (memo,) = numbered(text).memos
    assert shown(memo) == "a[1] x[2] b[3] y[4] c[1] z[2]"
    kinds = [n.kind for n in memo.notes]
    assert kinds == [NoteKind.LINK, NoteKind.AUTHOR, NoteKind.LINK, NoteKind.AUTHOR]
    assert ["", "N.", "", "M."] == [text_of(n.content) for n in memo.notes]


def test_a_call_knows_its_note_and_a_note_its_calls():
    (memo,) = numbered(f"[a]({A}) [b]({B}) [c]({A})").memos
    calls = [n for n in nodes(memo.body) if n.has("data-note")]
    assert [n.get("id") for n in calls] == ["a__call-1", "a__call-2", "a__call-1-2"]
    first, second = memo.notes
    assert [c.anchor for c in first.calls] == ["a__call-1", "a__call-1-2"]
    assert [c.anchor for c in second.calls] == ["a__call-2"]
    for note in memo.notes:
        assert {c.note for c in note.calls} == {note.anchor}
    assert [n.get("data-note") for n in calls] == [
        first.anchor, second.anchor, first.anchor,
    ]  # fmt: skip


def test_the_links_stay_links():
    (memo,) = numbered(f"[a]({A})").memos
    assert [A] == [n.get("href") for n in nodes(memo.body) if n.has("href")]


def test_a_book_without_links_has_no_notes():
    (memo,) = numbered("Text.").memos
    assert (memo.notes, shown(memo)) == ((), "Text.")


@pytest.mark.parametrize(
    "other", ["HTTPS://A.ORG/", "https://a.org", "https://a.org/#"]
)
def test_one_address_in_two_spellings_is_one_note(other):
    (memo,) = numbered(f"[a]({A}) [b]({other})").memos
    assert [(1, A, "", 2)] == notes(memo)


def test_links_to_the_book_make_no_notes():
    text = "[a](b.md) [b](#c)\n\n## C"
    assert numbered(text, "Text.").memos[0].notes == ()


@pytest.mark.parametrize("url", ["mailto:a@b.org", "tel:+1", "urn:x:y"])
def test_other_schemes_make_notes_too(url):
    assert [(1, url, "", 1)] == notes(numbered(f"[a]({url})").memos[0])


# Titles


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f'[a]({A} "A, “Report”")', "A, “Report”"),
        (f'[a]({A}){{note="See chapter 2"}}', "See chapter 2"),
        (f'[a]({A} "T"){{note="N"}}', "N"),
        (f'[a]({A} "First") [b]({A} "Second")', "First"),
        (f'[a][r]\n\n[r]: {A} "T"', "T"),
        (f"[a]({A})", ""),
    ],
)
def test_a_note_says_what_its_link_says(text, expected):
    assert [expected] == [text_of(n.content) for n in numbered(text).memos[0].notes]


def test_another_text_for_the_same_address_is_another_note():
    text = f'[a]({A}) [b]({A}){{note="See page 3"}} [c]({A})'
    (memo,) = numbered(text).memos
    assert shown(memo) == "a[1] b[2] c[1]"
    assert [(1, A, "", 2), (2, A, "See page 3", 1)] == notes(memo)


def test_a_link_can_be_kept_from_making_a_note():
    (memo,) = numbered(f"[a]({A}){{.no-note}} [b]({B})").memos
    assert shown(memo) == "a b[1]"


# Modes


@pytest.mark.parametrize("mode", NoteMode)
def test_every_mode_keeps_the_author_s_footnotes(mode):
    text = f"[a]({A}) x[^n]\n\n[^n]: N."
    (memo,) = numbered(text, mode=mode).memos
    assert memo.notes_mode is mode
    assert shown(memo) == ("a[1] x[2]" if mode in NOTED else "a x[1]")


def test_modes_without_link_notes():
    assert set(NoteMode) - NOTED == {NoteMode.INLINE, NoteMode.OFF}


def test_a_memo_s_own_mode_wins():
    book = books(f"[a]({A})", f"[a]({A})")
    first = replace(book.memos[0], notes_mode=NoteMode.OFF)
    book = replace(book, memos=(first, book.memos[1]))
    done = number_notes(book, NoteMode.FOOTNOTES, Repeat.MEMO, Reporter())
    assert [len(memo.notes) for memo in done.memos] == [0, 1]


# Repeating


TWICE = f"[a]({A}) [b]({B}) [c]({A})"


@pytest.mark.parametrize(
    ("repeat", "expected"),
    [
        (Repeat.MEMO, ["a[1] b[2] c[1]", "d[1] e[2]"]),
        (Repeat.PAGE, ["a[1] b[2] c[1]", "d[1] e[2]"]),
        (Repeat.NONE, ["a[1] b[2] c[3]", "d[1] e[2]"]),
        (Repeat.BOOK, ["a[1] b[2] c[1]", "d[3] e[1]"]),
    ],
)
def test_within_what_a_note_serves_again(repeat, expected):
    book = numbered(TWICE, f"[d]({C}) [e]({A})", repeat=repeat)
    assert expected == [shown(memo) for memo in book.memos]


def test_every_memo_has_its_own_copy_of_a_note_of_the_book():
    book = numbered(f"[a]({A})", f"[b]({B}) [c]({A})", repeat=Repeat.BOOK)
    found = [[(n.number, n.anchor) for n in memo.notes] for memo in book.memos]
    assert found == [[(1, "a__note-1")], [(2, "b__note-2"), (1, "b__note-1")]]


def test_footnotes_of_one_name_in_two_memos_are_two_notes():
    text = "x[^n]\n\n[^n]: N."
    book = numbered(text, text, repeat=Repeat.BOOK)
    assert ["x[1]", "x[2]"] == [shown(memo) for memo in book.memos]


# Places


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("See [a](L).", "See a.[1]"),
        ("See [a](L), and", "See a,[1] and"),
        ("See [a](L) and", "See a[1] and"),
        ("Is it [a](L)? Yes", "Is it a?[1] Yes"),
        ('"See [a](L)." He', "“See a.”[1] He"),
        ('"See [a](L)", he', "“See a”,[1] he"),
        ("'See [a](L)'. He", "‘See a’.[1] He"),
        ("See [a](L)... and", "See a…[1] and"),
        ("([a](L)).", "(a[1])."),
        ("[a](L)—and", "a[1]—and"),
        ("[a](L)'s report", "a[1]’s report"),
        ("[a](L).com", "a[1].com"),
        ("[a](L)-based", "a[1]-based"),
        ("[a](L)5", "a[1]5"),
        ("[a](L)\n. b", "a[1]\n. b"),
        ("**[a](L)**. b", "a.[1] b"),
        ("*See [a](L).* b", "See a.[1] b"),
        ("*See **[a](L)**.* b", "See a.[1] b"),
        ("*[a](L)* b", "a[1] b"),
        ("[a](L)*b*", "a[1]b"),
        ("[a](L).*b*", "a.[1]b"),
        ("[a](L)", "a[1]"),
        ("[a](L)।", "a।[1]"),
        ("[a](L)。b", "a[1]。b"),
        ("[a](L)。 b", "a。[1] b"),
    ],
)
def test_a_call_stands_behind_the_signs_that_close_its_clause(text, expected):
    assert expected == set_text(text.replace("(L)", f"({A})"))


def test_a_call_stands_behind_french_signs_and_their_spaces():
    text = f'"Voir [a]({A})" ! [b]({B})\xa0? Non'
    expected = "«\u202fVoir a\u202f»\u202f![1] b\u202f?[2] Non"
    assert expected == set_text(text, language="fr")


def test_a_call_is_not_bold_because_its_link_is():
    (memo,) = numbered(f"**[a]({A})**").memos
    (paragraph,) = (n for n in nodes(memo.body) if n.tag == "p")
    assert [c.tag for c in paragraph.children if isinstance(c, Node)] == ["strong", "a"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[a](L)[^n]", "a[1],[2]"),
        ("x[^n][^m]", "x[1],[2]"),
        ("[a](L).[^n] b", "a.[1],[2] b"),
        ("*[a](L)*[^n]", "a[1],[2]"),
        ("*x[^n]*[^m]", "x[1],[2]"),
        ("x[^n] [^m]", "x[1] [2]"),
        ("[a](L)[b](M)", "a[1]b[2]"),
        ("[a[^n]](L)", "a[1],[2]"),
        ("x[^n]\n\n[^m] y", "x[1]\n[2] y"),
    ],
)
def test_calls_that_touch_get_a_comma(text, expected):
    text = text.replace("(L)", f"({A})").replace("(M)", f"({B})")
    notes_ = "\n\n".join(f"[^{n}]: {n}." for n in "nm" if f"[^{n}]" in text)
    assert expected == set_text(f"{text}\n\n{notes_}")


@pytest.mark.parametrize(
    "text",
    [
        f"## [a]({A})",
        f"> [a]({A})",
        f"- [a]({A})",
        f"1. x\n\n    [a]({A})",
        f"| x |\n|---|\n| [a]({A}) |",
        f"| [a]({A}) |\n|---|\n| x |",
        f"![x](x.png)\n\n/// caption\n[a]({A})\n///",
        f"Term\n:   [a]({A})",
        f"/// note | Title\n[a]({A})\n///",
        f"<div>\n\n<a href='{A}'>a</a>\n\n</div>",
        f"<{A}>",
        f"[![x](x.png)]({A})",
        f"[a][r]\n\n[r]: {A}",
        f'<a href="{A}">a</a>',
    ],
)
def test_a_link_has_its_call_wherever_it_stands(text):
    (memo,) = numbered(text).memos
    assert [(1, A, "", 1)] == notes(memo)
    (call,) = (n for n in nodes(memo.body) if n.has("data-note"))
    parent = next(n for n in nodes(memo.body) if call in n.children)
    link = parent.children[parent.children.index(call) - 1]
    assert isinstance(link, Node)
    assert link.get("href") == A


def test_a_heading_s_call_is_not_in_its_title():
    (memo,) = numbered(f"## [a]({A})[^n]\n\n[^n]: N.").memos
    assert [h.title for h in memo.headings] == ["a"]


def test_links_in_a_footnote_make_no_notes_of_their_own():
    text = f"x[^n] [b]({B})\n\n[^n]: See [a]({A})."
    (memo,) = numbered(text).memos
    assert shown(memo) == "x[1] b[2]"
    assert [(1, "", "See a.", 1), (2, B, "", 1)] == notes(memo)


def test_a_note_knows_where_its_link_was_written():
    (memo,) = numbered(f"x[^n] and [a]({A})\n\n[^n]: N.").memos
    spans = [(n.span.line, n.span.column) for n in memo.notes if n.span]
    assert spans == [(4, 2), (4, 15)]


def test_numbering_twice_gives_the_same():
    text = f"[a]({A}) x[^n] [b]({B}) [c]({A})\n\n[^n]: N."
    assert numbered(text, text) == numbered(text, text)


def test_numbers_of_a_memo_have_no_gap():
    text = " ".join(f"[x](https://example.org/{n % 7}) y[^{n % 3}]" for n in range(40))
    text += "\n\n" + "\n\n".join(f"[^{n}]: N{n}." for n in range(3))
    (memo,) = numbered(text).memos
    assert [n.number for n in memo.notes] == list(range(1, 11))
    calls = [int(n) for n in re.findall(r"\[(\d+)\]", shown(memo))]
    firsts = list(dict.fromkeys(calls))
    assert firsts == list(range(1, 11))
    assert len(calls) == sum(len(n.calls) for n in memo.notes) == 80
