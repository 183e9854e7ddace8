"""A glossary is sorted, and terms in the text lead to it."""

from dataclasses import replace

from memobook.book.glossary import link_terms
from memobook.book.model import Book
from memobook.book.tree import nodes, serialize, text_of
from memobook.diagnostics import Reporter
from tests.book.helpers import books

GLOSSARY = """Regime
:   A club. See [dual use]{.term}.

Dual use
Double usage
:   Of goods.

    More.

Änderung
:   A change.
"""


def linked(
    text: str, glossary: str = GLOSSARY, reporter: Reporter | None = None
) -> Book:
    """Return a book of a memo and a glossary."""
    plain = books("x", "y")
    own = reporter or Reporter()
    from memobook.book.model import Source
    from memobook.book.parse import parse_memo

    memos = tuple(
        parse_memo(
            Source(f"manuscript/{n}.md", f"---\ntitle: {n}\n---\n{t}"), "de", own
        )
        for n, t in (("a", text), ("glossary", glossary))
    )
    memos = (memos[0], replace(memos[1], kind="glossary"))
    book = link_terms(replace(plain, memos=memos, language="de"), own)
    if reporter is None:
        assert own.diagnostics == ()
    return book


def test_terms_are_sorted_by_the_language_with_what_belongs_to_them():
    body = linked("x").memos[1].body
    found = [
        (n.tag, " ".join(text_of(n).split())[:8])
        for n in nodes(body)
        if n.tag in {"dt", "dd"}
    ]
    assert found == [
        ("dt", "Änderung"), ("dd", "A change"),
        ("dt", "Dual use"), ("dt", "Double u"), ("dd", "Of goods"),
        ("dt", "Regime"), ("dd", "A club. "),
    ]  # fmt: skip


def test_a_term_leads_to_its_explanation():
    book = linked(
        'Of [dual use]{.term}, [regimes]{term="Regime"}, *so*{term="double usage"}.'
    )
    body = serialize(book.memos[0].body.children)
    assert (
        '<a class="term" href="memobook:glossary__term-dual-use">dual use</a>' in body
    )
    assert '<a class="term" href="memobook:glossary__term-regime">regimes</a>' in body
    assert (
        '<em><a class="term" href="memobook:glossary__term-double-usage">so</a></em>'
        in body
    )
    anchors = {n.get("id") for n in nodes(book.memos[1].body)}
    assert {"glossary__term-dual-use", "glossary__term-regime"} <= anchors


def test_a_term_in_the_glossary_itself_is_a_link_too():
    body = serialize(linked("x").memos[1].body.children)
    assert 'href="memobook:glossary__term-dual-use">dual use</a>' in body


def test_a_link_stays_a_link():
    book = linked("Of [dual use](https://example.org){.term}.")
    assert 'href="https://example.org"' in serialize(book.memos[0].body.children)


def test_a_term_that_nobody_explains_is_reported_with_its_place():
    reporter = Reporter()
    linked('Of [dual usage]{.term}, [it]{term="Regimes"}.', reporter=reporter)
    found = [(d.code.value, d.span.line, d.span.column, d.hint) for d in reporter]
    assert found == [
        ("term-unknown", 4, 17, 'did you mean {term="dual use"}?'),
        ("term-unknown", 4, 30, 'did you mean {term="regime"}?'),
    ]


def test_a_book_without_a_glossary_says_how_to_write_one():
    reporter = Reporter()
    link_terms(books("A [word]{.term}.", reporter=reporter), reporter)
    assert "glossary.md" in next(iter(reporter)).hint
