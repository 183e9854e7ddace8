"""No Markdown breaks the front half: CommonMark's own examples, and random texts.

Not that the meaning is CommonMark's: Python-Markdown has its own. But whatever it makes
of a text becomes well-formed XHTML for both media, without an exception and without a
trace of the marks that carry positions; and what gets lost is reported.
"""

import json
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from lxml import etree

from memobook.book.model import Book, NoteMode, Repeat, Source
from memobook.book.notes import number_notes
from memobook.book.positions import MARKS
from memobook.book.tree import Child, serialize, text_of
from memobook.checks.source import lint
from memobook.design.anchors import section_of_anchors
from memobook.design.content import blocks, inline, note_blocks
from memobook.design.media import Print, Screen
from memobook.design.medium import Medium
from memobook.design.words import words
from memobook.diagnostics import Diagnostic, Reporter
from tests.book.helpers import books
from tests.book.markdown_texts import texts

SPEC = Path(__file__).parent / "fixtures/commonmark-0.31.2.json"
EXAMPLES = json.loads(SPEC.read_text("utf-8"))["examples"]
LABELS = words("en", {})
MANY = settings(
    max_examples=2000,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def through(text: str) -> tuple[Book, tuple[Diagnostic, ...]]:
    """Return the numbered book of one memo, and what was found in it."""
    reporter = Reporter()
    book = books(text, reporter=reporter)
    source = Source("manuscript/a.md", f"---\ntitle: A\n---\n{text}")
    lint(source, book.memos[0], reporter)
    book = number_notes(book, NoteMode.FOOTNOTES, Repeat.MEMO, reporter)
    return book, reporter.diagnostics


def media(book: Book) -> tuple[Medium, Medium]:
    anchors = section_of_anchors(book)
    images = {p.path: "../images/x.png" for memo in book.memos for p in memo.pictures}
    section_of, digits = (lambda a: anchors.get(a, "")), (lambda _: 2)
    return Print("a", section_of, digits, lambda: 2, LABELS), Screen(
        "a", anchors, images, LABELS
    )


def set_in(book: Book, medium: Medium) -> tuple[Child, ...]:
    """Return all that a medium shows of a book's memo."""
    (memo,) = book.memos
    notes = (part for note in memo.notes for part in note_blocks(note, medium))
    return (blocks(memo, medium), *inline(memo.abstract, medium), *notes)


def read_as_xml(content: tuple[Child, ...]) -> str:
    """Return the text that an XML reader finds, of a formula what it is called.

    Raises XMLSyntaxError.
    """
    namespaces = 'xmlns:epub="http://www.idpf.org/2007/ops"'
    markup = f"<div {namespaces}>{serialize(content)}</div>"
    # Deeper than libxml2's own limit: a memo may nest 100 deep, a note in it again.
    root = etree.fromstring(markup.encode(), etree.XMLParser(huge_tree=True))
    for formula in root.iter("{http://www.w3.org/1998/Math/MathML}math"):
        if said := formula.get("alttext"):
            del formula[:]
            formula.text = said
    return "".join(root.itertext())


def check(text: str) -> tuple[Book, tuple[Diagnostic, ...]]:
    book, found = through(text)
    for medium in media(book):
        content = set_in(book, medium)
        assert text_of(content) == read_as_xml(content)
        assert not MARKS.search(serialize(content))
    assert not any(MARKS.search(note.url) for note in book.memos[0].notes)
    return book, found


@pytest.mark.parametrize(("number", "text"), EXAMPLES, ids=lambda x: str(x)[:3])
def test_an_example_of_commonmark_is_set_in_both_media(number, text):
    check(text)


def test_all_examples_are_there():
    assert list(range(1, 653)) == [number for number, _ in EXAMPLES]


@MANY
@given(texts, texts)
def test_random_texts_are_set_in_both_media_and_lose_nothing_in_silence(before, after):
    book, found = check(f"{before}\n\nQuokka wombat.\n\n{after}")
    # A comment is hidden on purpose; for anything else that is lost there is an error.
    if "<!--" not in before and not any(d.is_error for d in found):
        (memo,) = book.memos
        trees = (memo.body, *(note for _, note in memo.footnotes))
        assert "Quokka wombat." in text_of(trees)


_LETTERS = st.text(st.characters(categories=["Lu", "Ll", "Lo", "Nd"]), min_size=1)


@settings(MANY, max_examples=200)
@given(st.lists(_LETTERS, min_size=1, max_size=8).map(" ".join))
def test_a_plain_paragraph_is_kept_letter_by_letter(text):
    assume(not re.match(r"\d+[.)]", text))
    book, _ = check(text)
    assert text == text_of(book.memos[0].body).strip()
