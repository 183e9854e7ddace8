"""What fuzzing has found, made small: each once ended in a traceback, or lost something."""

from __future__ import annotations

import pytest

from tests.fuzz.books import Dress, FuzzBook, Manuscript, book_of
from tests.fuzz.trial import Trial
from tests.harness import HARD

_FOUND = {
    "a heading that is a picture": "## ![A leaf](images/leaf.svg)",
    "a heading without words in a list": "- #",
    "a note without a text": "A claim[^a].\n\n[^a]: <!-- later -->",
    "a note that calls itself": "A claim[^a].\n\n[^a]: See[^a]",
    "a bracket for an address": "A [link](https://[) and [one](https://example.org/).",
    "an address with a space in its host": "A [link](https://example.org An/x).",
    "square brackets in an address": "A [link](https://[2001:db8::1]/a[1]?b[]=2) and <doi:10.1/a[1]>.",
    "a block in an item below a block in a definition in an item": "qbafilodebu\n: - qbafilodedu\n    : ///figure-caption\n    - qbafilodefu\n    ///note",
    "an emphasised link with brackets in its address": "*[A qbafilodebu](http://[2001:db8::1]:80/)* of qbafilodedu.",
    "a time that is none": "A <time datetime='x'>day</time>, and [what]{dir=up} it was.",
    "a caption below nothing": "/// table-caption\nAlone\n///\n\nText.",
    "an index of a link that leads nowhere": "[Law](none.md){.index} [Law](https://[){index='Law'}",
    "a second title that a book lets pass": "# Second\n\nText.\n\n## Third",
    "an index term on a picture of the web": "Here ![a map](https://example.org/a.png){index='maps'} is shown.",
    "a change that nothing closes": "Before {--qbafilodebu of *it*.\n\nqbafilodedu.",
    "an address whose host goes over two lines": "A [link](https://exa\nmple.org/a).",
    "a footnote in a footnote where the eye sees code": "A[^a] and[^b].\n\n[^a]: `A\n\n    [^c]: C.\n\n[^b]: B.`",
    "a link that is a footnote's call": "A [[^a]](https://example.org/a).\n\n[^a]: A.",
    "a script that is a block": "/// html | script\nqbafilodebu\n///",
    "a cell that spans no number": "| A |\n| --- |\n| B {rowspan=2~} |\n| C {colspan=0} |",
    "a block in a heading": "## A *heading* with <div>[it](https://example.org/a)</div>",
    "a table in the caption of a table": "| A |\n| - |\n| B |\n\n/// table-caption\nOne\n//////\n\n| C |\n| - |\n| D |\n\n///",
    "words of the class of a link back": "A *qbafilodebu*{.footnote-backref} and <b class='call'>qbafilodedu</b>.",
    "a title of a link that no note says": "A [b](one.md 'qbafilodebu') [c](https://example.org/ 'qbafilodedu') [d](https://example.org/ 'qbafilodefu').",
    "a host with a line's end": "A [link](https://exa\u2028mple.org/a).",
    "a fence that pymdownx does not take for one": "- ```\n[b](http: 'qbafilodebu')\n- ```math",
    "a block below a line that goes on with a quotation": ">///caption\n>///\nn\n///table-caption",
    "an abbreviation in a quotation in a list": "- > > *[qbafilodebu]: Unused",
    "a picture where attributes seem to be": "[a]{ b ![c](images/fuzz.svg 'qbafilodebu'){onclick=x}",
    "attributes that end before their brace": "[a]{.b = qbafilodebu} *c*{.d = qbafilodedu}\n\nText\n{.e = qbafilodefu}",
    "an address with a title that no link uses": "Term\n:   > [ref]: // 'qbafilodebu'\n\n[a]: b 'qbafilodedu'\n[A]: c (qbafilodefu)",
    "a script that is a block beside words that look like one": "/// html | script\nqbafilodebu\n///\n\nMT\n\n*[MT]: <script>",
    "a footnote in a definition that nothing calls": "Term\n:   [^a]: qbafilodebu\n:   [^a]: qbafilodedu\n\n- > [^b]: qbafilodefu",
    "a footnote that is written twice": "A[^a].\n\n[^a]: qbafilodebu\n[^a]: qbafilodedu",
    "a footnote of several lines that nothing calls": "[^a]: qbafilodebu\nqbafilodedu\n\n    # qbafilodefu\n\nqbafilodegu",
    "a footnote that is written twice below what is included": "{{ include parts/sums.csv#Year }}\n\nA[^a].\n\n[^a]: qbafilodebu\nqbafilodedu\n\n[^a]: B",
    "a formula of brackets that nothing closes": f"A sum $v{'[@' * 28}$.",
    "a block in an item that is closed twice": "/// html | section\nTerm\n:   /// note\n    qbafilodebu\n    ///\n    ///\n///\n\nqbafilodedu",
    "a footnote that raw HTML ends": "A[^a] and[^b].\n\n[^a]: B </li> qbafilodebu\n\n    qbafilodedu\n\n[^b]: <ul><li>C</li></ul>\n    <li>qbafilodefu</li> qbafilodegu",
    "a caption that gives a class of memobook's own": "qbafilodebu\n\n/// caption\nqbafilodedu {.footnote}\n///",
    "an address in a quotation that leads nowhere": "A [b][ref].\n\nTerm\n:   One\n\n    > Two\n    > :   [ref]: ../x 'qbafilodebu'\n\n- [other]: ../y 'qbafilodedu'\n\nAn [e][other].",
    "an address in capitals": "A [link](HTTPS://EXAMPLE.ORG/A).",
}
_FOUND_IN_PRINT = {
    "a table that is one tall head": "Term\n:   | Long ![other](images/leaf.svg) and more words |\n    |-----",
    "headings that skip a level": "### Deep\n\nText.\n\n## High\n\n#### Deeper",
    "a link without a text": "A [](https://example.org/a) and [ ](https://example.org/b).",
    "a formula and a picture in a caption": "![A leaf](images/leaf.svg)\n\n/// figure-caption\nIts $x$ and ![red](images/red.png).\n///",
    "a ruby with brackets": "<ruby>A<rp>(</rp><rt>a</rt><rp>)</rp>B<rt>b</rt></ruby>",
    "a link to the web of the class of a term": "A [b](https://example.org/){.term} and <a class='xref' href='https://example.org/c'>c</a>.",
    "a link without a text in the book": "A [](one.md) and [[@wu]](one.md#end).",
    "a drawing in Hebrew without a size": "<div dir='rtl' markdown>\n\nA ![leaf](images/leaf.svg) there.\n\n</div>",
    "terms that look like the marks of a list": "a)\n:   One.\n\n+\n:   Two.\n\n    - Three.\n\n(iv)\n:   Four.",
    "a captioned table in the caption of a picture": "![A leaf](images/grey.jpg)\n\n//// figure-caption\n| A |\n| - |\n| B |\n\n/// table-caption\nRegimes\n///\n////",
    "a line's end behind a space in a note": "A claim[^a].\n\n[^a]: It goes \non.",
    "a link that is a citation": "A [[@wu, 3]](https://example.org/a) and [a [@wu]](one.md).",
}


@pytest.mark.parametrize("text", _FOUND.values(), ids=_FOUND)
@pytest.mark.parametrize("lowered", [True, False], ids=["lowered", "as it is"])
def test_what_was_found_is_mended(text, lowered, tmp_path):
    assert Trial(tmp_path).failures(_book(text, lowered=lowered)) == ()


@pytest.mark.parametrize("text", _FOUND_IN_PRINT.values(), ids=_FOUND_IN_PRINT)
def test_what_was_found_in_print_is_mended(text, tmp_path):
    trial = Trial(tmp_path, ("pdf", "epub"))
    assert trial.failures(_book(text, lowered=True)) == ()


def _book(text: str, *, lowered: bool) -> FuzzBook:
    dress = Dress(
        settings={
            "book.title": '"A Small Book"',
            "book.language": '"en-US"',
            "book.date": "2025-06-09",
            "citations.library": '"works.json"',
            "links.sources": '"domain"',
            "pdf.paper": '"a5"',
        },
        toml="",
        styles={},
        drawing=(HARD / "manuscript/images/wave.svg").read_bytes(),
        lowered=lowered,
    )
    memo = Manuscript(
        "grammar", f"---\ntitle: A memo\n---\n\nIt begins.\n\n{text}\n".encode()
    )
    return book_of([memo], dress)
