"""Citations are said as the library's style wants them, in the place that is theirs."""

import datetime as dt
import re
import sys

import pytest

from memobook.book.citations import resolve_citations
from memobook.book.library import (
    BUILT_IN_STYLES,
    Library,
    built_in_style,
    is_style,
    read_works,
)
from memobook.book.model import Book, NoteMode, Repeat, Source
from memobook.book.notes import number_notes
from memobook.book.parse import parse_memo
from memobook.book.references import resolve_links
from memobook.book.tree import Child, nodes, serialize, text_of
from memobook.diagnostics import Reporter
from tests.book.helpers import codes

BIB = r"""
@book{hoyt, author={Hoyt, Anna B. and M{\"u}ller, J\'ozef}, title={Norms in Orbit \& Law: {A} Guide},
  publisher={Springer}, address={Cham}, year=2020}
@article{wu, author={Wu, Xiaodan}, title={{\it Export} \emph{controls}}, journal={Space Policy}, volume=22, number=1,
  pages={91--121}, year=2015, doi={10.1002/x_y}}
@online{lists, author={{Wassenaar Arrangement}}, title={Lists}, url={https://www.wassenaar.org/control-lists/},
  date={2023-05-25}, urldate={2026-01-02}}
"""


def library(style: str, bib: str = BIB) -> Library:
    reporter = Reporter()
    works = read_works(bib, "manuscript/works.bib", reporter)
    assert reporter.diagnostics == ()
    return Library(works, built_in_style(style))


def cited(
    text: str, style: str, reporter: Reporter | None = None, bib: str = BIB
) -> Book:
    own = reporter or Reporter()
    source = Source("manuscript/a.md", f"---\ntitle: T\n---\n{text}")
    memo = parse_memo(source, "en-US", own)
    book = Book(
        name="b",
        title="B",
        language="en-US",
        date=dt.date(2025, 1, 1),
        identifier="urn:x",
        memos=(memo,),
        library=library(style, bib),
    )
    found = resolve_citations(book, own)
    if reporter is None:
        assert own.diagnostics == ()
    return found


def said(book: Book) -> str:
    return text_of(book.memos[0].body).strip()


def notes(book: Book) -> list[str]:
    return [text_of(note) for _, note in book.memos[0].footnotes]


def listed(book: Book) -> list[str]:
    def items(child: Child) -> list[str]:
        if isinstance(child, str):
            return []
        if child.tag == "li":
            return [text_of(child)]
        return [text for each in child.children for text in items(each)]

    return [text for page in book.back for text in items(page.body)]


NOTES, DATES = "chicago-notes-bibliography", "chicago-author-date"


def test_a_style_of_notes_makes_notes_behind_the_clause():
    book = cited(
        "Norms matter [@hoyt, p. 12]. Laws, too [@wu]; “so” they say “now [@lists].”",
        NOTES,
    )
    body = serialize(book.memos[0].body.children)
    assert (
        'matter.<a class="call" data-note="@1"></a> Laws, too;<a class="call"' in body
    )
    assert 'now.”<a class="call" data-note="@3"></a></p>' in body
    assert notes(book) == [
        "Anna B. Hoyt and Józef Müller, Norms in Orbit & Law: A Guide (Cham: Springer, 2020), 12.",
        "Xiaodan Wu, “Export Controls,” Space Policy 22, no. 1 (2015): 91–121, doi:10.1002/x_y.",
        "Wassenaar Arrangement, “Lists,” May 25, 2023, https://www.wassenaar.org/control-lists/.",
    ]


def test_a_second_note_is_short_and_never_says_ibid():
    book = cited("One [@wu]. Two [@wu, p. 92].", NOTES)
    assert notes(book)[1] == "Wu, “Export Controls,” 2015, 92."


def test_notes_of_citations_and_links_are_one_sequence():
    text = "One [@wu]. A [link](https://a.b). Two[^n]. Three [@hoyt].\n\n[^n]: Note."
    book = number_notes(
        resolve_links(cited(text, NOTES), Reporter()),
        NoteMode.FOOTNOTES,
        Repeat.MEMO,
        Reporter(),
    )
    assert [n.number for n in book.memos[0].notes] == [1, 2, 3, 4]
    assert "One.⁠" not in said(book)
    assert said(book) == "One.1 A link.2 Two3. Three.4"


def test_a_style_of_dates_puts_words_into_the_text_that_lead_to_the_list():
    book = cited("Norms matter [@hoyt, p. 12], and [-@wu, pp. 92-94] so.", DATES)
    assert (
        said(book) == "Norms matter (Hoyt and Müller 2020, 12), and (2015, 92–94) so."
    )
    assert notes(book) == []
    assert '<a class="citation" href="memobook:work__hoyt">' in serialize(
        book.memos[0].body
    )
    assert listed(book) == [
        "Hoyt, Anna B., and Józef Müller. 2020. Norms in Orbit & Law: A Guide. Cham: Springer.",
        "Wu, Xiaodan. 2015. “Export Controls.” Space Policy 22 (1): 91–121. doi:10.1002/x_y.",
    ]


def test_words_before_and_behind_a_key_are_said():
    text = "So [see @hoyt, ch. 3; @lists, § 4, and more]."
    assert said(cited(text, DATES)) == (
        "So (see Hoyt and Müller 2020, ch. 3; Wassenaar Arrangement 2023, § 4, and more)."
    )


def test_numbers_come_in_reading_order():
    book = cited("One [@wu] *two [@hoyt]* three [@wu].", "ieee")
    assert said(book) == "One [1] two [2] three [1]."
    assert [line[:4] for line in listed(book)] == ["[1] ", "[2] "]


def test_in_a_footnote_a_citation_is_words_of_it():
    book = cited("Text[^n].\n\n[^n]: See [@wu, p. 92], too.", NOTES)
    assert notes(book) == [
        "See Xiaodan Wu, “Export Controls,” Space Policy 22, no. 1 (2015): 92, doi:10.1002/x_y, too."
    ]


def test_in_a_link_a_citation_is_no_link_and_its_call_stands_behind_the_link():
    words = serialize(cited("See [it [@hoyt]](#a).", DATES).memos[0].body)
    assert words.count("<a ") == 1
    called = serialize(cited("See [it [@hoyt]](#a).", NOTES).memos[0].body)
    assert re.search(r'it</a>\.<a class="call"', called)


def test_addresses_are_links_without_a_note_of_their_own():
    found = serialize(cited("[@lists] [@wu]", NOTES).back[0].body)
    assert (
        '<a href="https://www.wassenaar.org/control-lists/" class="no-note">' in found
    )
    assert (
        '<a href="https://doi.org/10.1002/x_y" class="no-note">10.1002/x_y</a>' in found
    )


def test_what_is_in_code_or_escaped_is_no_citation():
    book = cited("`[@wu]` and \\[@wu] and me@example.org [at home].", DATES)
    assert said(book) == "[@wu] and [@wu] and me@example.org [at home]."
    assert book.back == ()


def test_a_work_that_is_missing_has_its_place():
    reporter = Reporter()
    book = cited("One [@hoyd, p. 3] and [see @wuu].", NOTES, reporter)
    assert codes(reporter) == [("citation-missing", 4, 5), ("citation-missing", 4, 23)]
    assert [d.hint for d in reporter] == ["did you mean @hoyt?", "did you mean @wu?"]
    assert "[@hoyd, p. 3]" in said(book)


@pytest.mark.parametrize("style", BUILT_IN_STYLES)
def test_every_built_in_style_cites_and_lists(style):
    text = built_in_style(style)
    assert is_style(text)
    assert "creativecommons.org/licenses/by-sa/3.0" in text
    book = cited("One [@hoyt, p. 12] two [@wu] three [@lists].", style)
    assert len(listed(book)) == 3
    together = " ".join([said(book), *notes(book), *listed(book)])
    assert "Müller" in together
    assert "&amp;" not in together


def test_json_and_bibtex_are_the_same_to_the_style():
    json = """[{"id": "hoyt", "type": "book", "title": "Norms in Orbit & Law: A Guide",
      "author": [{"family": "Hoyt", "given": "Anna B."}, {"family": "Müller", "given": "Józef"}],
      "publisher": "Springer", "publisher-place": "Cham", "issued": {"date-parts": [[2020]]}}]"""
    from_json = read_works(json, "a.json", Reporter())
    assert from_json["hoyt"] == read_works(BIB, "a.bib", Reporter())["hoyt"]


def test_without_the_extra_the_command_that_installs_it_is_said(monkeypatch):
    monkeypatch.setitem(sys.modules, "citeproc", None)
    reporter = Reporter()
    book = cited("One [@wu].", NOTES, reporter)
    assert [d.code.value for d in reporter] == ["extra-missing"]
    assert [d.hint for d in reporter] == ['type: pip install "memobook[cite]"']
    assert said(book) == "One [@wu]."


def led(book: Book) -> list[tuple[str, str]]:
    """Return what leads to the list of works, and where."""
    links = (n for n in nodes(book.memos[0].body) if "citation" in n.classes)
    return [(text_of(n), n.get("href").partition("work__")[2]) for n in links]


def test_each_work_of_a_citation_leads_to_its_own_entry():
    book = cited("Norms [see @wu, p. 92; @hoyt; -@lists].", DATES)
    assert {key for _, key in led(book)} == {"wu", "hoyt", "lists"}
    assert said(book).count("(") == said(book).count(")") == 1
    assert all(key in text.lower() for text, key in led(book) if key != "lists")
    assert "\ue001" not in serialize(book.memos[0].body)


ALIKE = """
@book{second, author={Hoyt, Anna}, title={Zones}, year=2020}
@book{first, author={Hoyt, Anna}, title={Areas, 2020 and After}, year=2020}
@book{other, author={Hoyt, Anna}, title={Lands}, year=2021}
@book{unused, author={Hoyt, Anna}, title={Beaches}, year=2020}
"""


@pytest.mark.parametrize(
    "style", ["chicago-author-date", "apa", "harvard-cite-them-right"]
)
def test_works_of_one_author_and_year_have_letters_in_the_list_s_order(style):
    book = cited("A [@second; @other] and [@first, p. 2020].", style, bib=ALIKE)
    found = {key: text for text, key in led(book)}
    assert ("2020b" in found["second"], "2020a" in found["first"]) == (True, True)
    assert "2021a" not in said(book)
    lines = {line.split("2020")[1][0]: line for line in listed(book) if "2020" in line}
    assert ("Areas, 2020 and" in lines["a"], "Zones" in lines["b"]) == (True, True)


UNDATED = """
@book{second, author={Hoyt, Anna}, title={Zones}}
@book{first, author={Hoyt, Anna}, title={Areas}}
@book{alone, author={Wu, Xi}, title={Lands}}
"""


@pytest.mark.parametrize(
    ("style", "undated"),
    [("apa", "n.d.-{}"), ("harvard-cite-them-right", "no date {}")],
)
def test_works_without_a_year_have_letters_where_the_style_wants_them(style, undated):
    book = cited("A [@second; @alone] and [@first].", style, bib=UNDATED)
    a, b = undated.format("a"), undated.format("b")
    assert [text for text, _ in led(book)] == [
        f"Hoyt, {b}",
        f"Wu, {undated[:-3]}",
        f"Hoyt, {a}",
    ]
    assert (f"({a})" in listed(book)[0], f"({b})" in listed(book)[1]) == (True, True)


def test_a_style_without_letters_for_works_without_a_year_has_none():
    book = cited("A [@second] and [@first].", DATES, bib=UNDATED)
    assert [text for text, _ in led(book)] == ["Hoyt, n.d.", "Hoyt, n.d."]


def test_a_work_alone_in_its_year_has_no_letter():
    assert "2020a" not in said(cited("A [@second].", DATES, bib=ALIKE))
