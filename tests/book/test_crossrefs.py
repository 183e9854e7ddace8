"""Where brackets lead: [@fig:orbits], and what they say."""

import pytest

from memobook.book.brackets import Item, items_of
from memobook.book.tree import Node
from memobook.diagnostics import Reporter
from tests.book.helpers import books, codes, find, place

FIGURE = '![Orbits](o.png "Three orbits"){#fig:orbits}'
TABLE = "| a |\n|---|\n| b |\n\n/// table-caption\nRegimes {#tbl:regimes}\n///"


def references(*texts: str) -> list[tuple[str, str, str]]:
    """Return target, kind with number, and own text of the first memo's brackets."""
    found = find(books(*texts).memos[0], "a")
    return [
        (
            n.get("href").removeprefix("memobook:"),
            f"{n.get('data-kind')} {n.get('data-number')}".strip(),
            "".join(c for c in n.children if isinstance(c, str)),
        )
        for n in found
        if "crossref" in n.classes
    ]


def faults(*texts: str) -> list[tuple[str, int, int]]:
    reporter = Reporter()
    books(*texts, reporter=reporter)
    return codes(reporter)


@pytest.mark.parametrize(
    ("bracket", "expected"),
    [
        ("[@fig:orbits]", ("a_fig-orbits", "figure 1", "")),
        ("[-@fig:orbits]", ("a_fig-orbits", "1", "")),
        ("[@fig:orbits, left]", ("a_fig-orbits", "figure 1", ", left")),
        ("[@tbl:regimes]", ("b_tbl-regimes", "table 1", "")),
        ("[@tbl:b/regimes]", ("b_tbl-regimes", "table 1", "")),
        ("[@sec:history]", ("b_sec-history", "", "“History of it”")),
        ("[@sec:the-law]", ("a_the-law", "", "“The law”")),
        ("[@{sec:The law}]", ("a_the-law", "", "“The law”")),
        ("[-@sec:the-law]", ("a_the-law", "", "The law")),
        ("[@memo:b]", ("b", "memo 2", "")),
    ],
)
def test_a_bracket_leads_to_what_it_names(bracket, expected):
    one = f"See {bracket}.\n\n{FIGURE}\n\n## The law"
    two = f"## History of it {{#sec:history}}\n\n{TABLE}"
    assert [expected] == references(one, two)


def test_several_in_one_bracket_are_several_links():
    text = f"[@fig:orbits; @tbl:regimes]\n\n{FIGURE}\n\n{TABLE}"
    assert ["figure 1", "table 1"] == [kind for _, kind, _ in references(text)]


def test_a_memos_own_figure_comes_before_those_of_others():
    assert ["figure 1"] == [
        r[1] for r in references(f"[@fig:orbits]\n\n{FIGURE}", FIGURE)
    ]
    assert "figure 2" == references("[@fig:orbits]\n\n![An x](x.png 'y')", FIGURE)[0][1]


def test_a_bracket_stands_wherever_text_does():
    text = f"- [@fig:orbits]\n\n| [@fig:orbits] |\n|---|\n| **[@fig:orbits]** |\n\nA.[^n]\n\n{FIGURE}\n\n[^n]: [@fig:orbits]"
    assert 4 == len(references(text))


def test_a_bracket_in_a_link_is_no_link():
    memo = books(f"[to [@fig:orbits]](#x)\n\n{FIGURE}\n\n## X").memos[0]
    assert ["memobook:a_x"] == [n.get("href") for n in find(memo, "a")]
    assert "figure" == find(memo, "span")[0].get("data-kind")


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["x [@fig:orbit]", FIGURE], ("reference-unknown", 4, 3)),
        (["[@hoyt2020, p. 12]"], ("citation-missing", 4, 1)),
        (["[@memo:space]", "b"], ("reference-unknown", 4, 1)),
        (["[@fig:x]\n\n![x](x.png){#fig:x}"], ("reference-unknown", 4, 1)),
        (["[@fig:orbits]", FIGURE, FIGURE], ("reference-ambiguous", 4, 1)),
        ([f"{FIGURE}\n\n{FIGURE}"], ("reference-ambiguous", 6, 11)),
        ([f"## To [@fig:orbits]\n\n{FIGURE}"], ("reference-in-heading", 4, 7)),
    ],
)
def test_what_leads_nowhere_is_reported_where_it_stands(texts, expected):
    assert [expected] == faults(*texts)


@pytest.mark.parametrize(
    "text",
    [
        "\\[@fig:x]",
        "`[@fig:x]`",
        "[@UN](https://un.org)",
        "[@UN][un]\n\n[un]: https://un.org",
        "[@un]\n\n[@un]: https://un.org",
        "me@example.org, [me @ home]",
        "    [@fig:x]",
        "![@un](x.png)",
    ],
)
def test_what_only_looks_like_a_bracket_is_none(text):
    memo = books(text).memos[0]
    assert [] == [n for n in find(memo, "a") if "crossref" in n.classes]


def test_a_bracket_over_two_lines_knows_its_place():
    reporter = Reporter()
    memo = books("See [@key, p.\n12].", reporter=reporter).memos[0]
    assert [("citation-missing", 4, 5)] == codes(reporter)
    assert place(memo.body) is not None


def test_items_have_the_words_around_their_keys():
    node = Node("cite", (("refs", "@hoyt2020, p. 12; see -@{a b}; nobody"),))
    expected = (Item("hoyt2020", "", "p. 12"), Item("a b", "see", "", True))
    assert expected == items_of(node)
