"""Nothing is lost: a build whose outputs lack something of the book delivers none.

Each fault is planted in a template, a style sheet or memobook itself, and is told with
its code and its place; what was built before stays. What was meant is no fault.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memobook.checks.kept import begin_looks, key_of_found
from memobook.checks.parity import Comparison, compare
from memobook.checks.readings import Reading
from memobook.diagnostics import (
    Code,
    Diagnostic,
    MemobookError,
    Reporter,
    Span,
)
from memobook.outputs.epub.publish import EpubJob
from memobook.outputs.pdf.bind import _Book
from memobook.outputs.pdf.links import Links
from memobook.outputs.pdf.navigation import write_outline
from memobook.outputs.pdf.rendering import Renderer
from memobook.outputs.pdf.tree import Tree
from memobook.pipeline import build
from memobook.workers import Workers
from tests.accidents import files_in
from tests.checks.test_faults import at
from tests.faults import BOOK, TWO, sound

Place = tuple[str, str] | None
"""A memo and words of its source; None for its title, or where nothing is nearer."""


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(1) as shared:
        yield shared


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, workers: Workers) -> Path:
    """Return the sound book, built."""
    root = sound(tmp_path_factory.mktemp("sound"))
    build(root, workers=workers)
    return root


@pytest.fixture
def book(built: Path, tmp_path: Path) -> Path:
    return shutil.copytree(built, tmp_path / "book")


def write(root: Path, path: str, text: str) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text, encoding="utf-8")


def lost(
    root: Path, workers: Workers, formats: tuple[str, ...]
) -> tuple[Diagnostic, ...]:
    """Build in vain; return the errors. What was built before stays."""
    before = files_in(root)
    with pytest.raises(MemobookError) as caught:
        build(root, formats=formats, workers=workers)
    assert files_in(root) == before
    return tuple(d for d in caught.value.diagnostics if d.is_error)


def spans(found: tuple[Diagnostic, ...], code: Code) -> list[Span]:
    return [replace(d.span, length=0) for d in found if d.code is code]


# Style sheets of the project

STYLES = {
    "a paragraph that is not displayed": (
        ".text h3 + p { display: none }", Code.PARITY_WORDS, ("one", "A quiet")),
    "a paragraph that is invisible": (
        ".text h3 + p { visibility: hidden }", Code.PARITY_WORDS, ("one", "A quiet")),
    "a paragraph in a colour that nobody sees": (
        ".text h3 + p { color: transparent }", Code.PARITY_WORDS, ("one", "A quiet")),
    "a paragraph that one sees through": (
        ".text h3 + p { opacity: 0 }", Code.PARITY_WORDS, ("one", "A quiet")),
    "a paragraph without a size": (
        ".text h3 + p { font-size: 0 }", Code.PARITY_WORDS, ("one", "A quiet")),
    "a paragraph beside the page": (
        ".text h3 + p { position: absolute; left: -400mm; width: 50mm }",
        Code.PARITY_WORDS, ("one", "A quiet")),
    "a paragraph that is cut off": (
        ".text h3 + p { height: 1mm; overflow: hidden }", Code.PARITY_WORDS,
        ("one", "A quiet")),
    "a heading that is not displayed": (
        "h3 { display: none }", Code.OUTPUT_INCOMPLETE, ("one", "A third")),
    "a heading that the contents name": (
        "h2 { display: none }", Code.OUTPUT_INCOMPLETE, ("two", "Of drawings")),
    "a title": ("h1 { display: none }", Code.OUTPUT_INCOMPLETE, ("two", "The sec")),
    "all calls": (".call { display: none }", Code.PARITY_WORDS, None),
    "an abstract that is not displayed": (
        ".abstract { display: none }", Code.PARITY_WORDS, ("one", "An abstract")),
    "a note that is not displayed": (
        "#one__note-2 { display: none }", Code.PARITY_WORDS, ("one", "The footnote")),
    "a table's column that is not displayed": (
        "td:nth-child(3), th:nth-child(3) { display: none }", Code.PARITY_WORDS,
        ("two", "Year")),
    "a caption that is not displayed": (
        "figcaption { display: none }", Code.PARITY_WORDS, ("two", "A square")),
    "a picture that is not displayed": (
        "figure img { display: none }", Code.PARITY_PICTURES, None),
}  # fmt: skip


@pytest.mark.parametrize("name", STYLES)
def test_what_a_style_sheet_hides_in_print_is_an_error(name, book, workers):
    style, code, place = STYLES[name]
    write(book, "styles/print.css", style)

    found = lost(book, workers, ("pdf",))

    assert code in {d.code for d in found}, found
    if place:
        assert at(*place) in spans(found, code), found


SCREENS = {
    "not displayed": ".text h3 + p { display: none }",
    "invisible": ".text h3 + p { visibility: hidden }",
    "transparent": ".text h3 + p { opacity: 0 }",
    "without a size": "@media screen { .text h3 + p { font-size: 0 } }",
    "in no colour": ".text h3 + p { color: transparent !important }\np { color: red }",
    "within something": ".text { display: none } .text h3 + p { display: block }",
}


@pytest.mark.parametrize("name", SCREENS)
def test_what_a_style_sheet_hides_on_a_screen_is_an_error(name, book, workers):
    write(book, "styles/epub.css", f"/* own */\n{SCREENS[name]}\n")

    (found,) = lost(book, workers, ("epub",))

    assert found.code is Code.PARITY_WORDS
    assert (found.span.path, found.span.line) == ("styles/epub.css", 2)
    assert "is hidden in the EPUB by" in found.message


SHOWN = {
    "a label": ".opener .number, .key-points-title { display: none }",
    "nothing that is there": ".nowhere { display: none }",
    "what is shown again": ".text { visibility: hidden } .text * { visibility: visible }",
    "what a later rule shows": "p { display: none } body p { display: block }",
    "on paper": "@media print { p { display: none } }",
    "before a paragraph": "p::before { content: '*'; display: none }",
}


@pytest.mark.parametrize("name", SHOWN)
def test_what_is_seen_on_a_screen_is_no_error(name, book, workers):
    write(book, "styles/epub.css", SHOWN[name])

    report = build(book, formats=("epub",), workers=workers)

    assert not [d for d in report.diagnostics if d.is_error]


# Templates of the project

MEMO = '{% extends "memobook/memo.html.j2" %}'


TEMPLATES = {
    "a word": (
        """{% block text %}
{{ super() | replace("several ordinary", "several") | safe }}{% endblock %}""",
        Code.PARITY_WORDS, ("one", "ordinary")),
    "an abstract and key points": (
        "{% block summary %}{% endblock %}", Code.PARITY_WORDS, ("one", "An abstract")),
    "all of the text": ("{% block text %}{% endblock %}", Code.PARITY_WORDS, None),
}  # fmt: skip


@pytest.mark.parametrize("output", ["pdf", "epub"])
@pytest.mark.parametrize("name", TEMPLATES)
def test_what_a_template_drops_is_an_error(name, output, book, workers):
    template, code, place = TEMPLATES[name]
    write(book, "styles/memo.html.j2", MEMO + template)

    found = lost(book, workers, (output,))

    assert code in {d.code for d in found}, found
    if place:
        assert at(*place) in spans(found, code), found


# Memobook itself


def patched(
    monkeypatch: pytest.MonkeyPatch, change: Callable[[str], str], output: str
) -> None:
    """Let a job change what its sections say after they were rendered."""
    owner: Any = Renderer if output == "pdf" else EpubJob
    original = owner.sections

    def sections(self: Any, *arguments: Any) -> tuple[Any, ...]:
        made = original(self, *arguments)
        return tuple(replace(s, html=change(s.html)) for s in made)

    monkeypatch.setattr(owner, "sections", sections)


CHANGES: dict[str, tuple[str, str, Code, Place]] = {
    "a word": (
        "several ordinary", "several", Code.PARITY_WORDS, ("one", "ordinary")),
    "a word of a note": (
        " in full", "", Code.PARITY_NOTES, ("one", "[^a]:")),
    "a link": (
        '<a href="https://example.org/page" class="external">a page</a>', "a page",
        Code.PARITY_LINKS, ("three", "[a page]")),
    "the address of a link": (
        "https://example.org/page", "https://example.org/", Code.PARITY_LINKS,
        ("three", "[a page]")),
    "a picture": (
        'alt="A blue square"', "", Code.PARITY_PICTURES, ("two", "![A blue")),
    "a heading's level": (
        "h3", "h4", Code.PARITY_HEADINGS, ("one", "### A third")),
    "a row of a table": (
        "<td>Lunar</td>", "", Code.PARITY_TABLES, ("two", "| Japan")),
    "a word of the abstract": (
        "An abstract of", "An of", Code.PARITY_WORDS, ("one", "abstract of")),
    "the number of a note": (
        'id="three__note-1"', 'id="three_x"', Code.PARITY_NOTES, ("three", "[^w]:")),
}  # fmt: skip


@pytest.mark.parametrize("output", ["pdf", "epub"])
@pytest.mark.parametrize("name", CHANGES)
def test_what_a_build_loses_is_an_error(name, output, book, workers, monkeypatch):
    old, new, code, place = CHANGES[name]
    patched(monkeypatch, lambda html: html.replace(old, new), output)
    write(book, "styles/print.css", "/* anew */")

    found = lost(book, workers, (output,))

    assert code in {d.code for d in found}, found
    if place:
        memo, words = place
        lines = {s.line for s in spans(found, code) if s.path.endswith(f"{memo}.md")}
        assert at(memo, words).line in lines, found


@pytest.mark.parametrize("output", ["pdf", "epub"])
def test_a_memo_that_is_left_out_is_an_error(output, book, workers, monkeypatch):
    def without(wanted: Any, pages: Any, *more: Any) -> Any:
        left = {name: page for name, page in pages.items() if name != "two"}
        return begin_looks(wanted, left, *more)

    monkeypatch.setattr("memobook.wholeness.begin_looks", without)
    write(book, "styles/print.css", "/* anew */")

    found = lost(book, workers, (output,))

    assert spans(found, Code.PARITY_ORDER) == [at("two", "The second")]


# What is lost when the sheets are bound


def _without_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    original = _Book.finish

    def finish(self: Any, *arguments: Any) -> bytes:
        self.pages.pop()
        return original(self, *arguments)

    monkeypatch.setattr(_Book, "finish", finish)


def _rewriting(owner: Any, old: bytes, new: bytes) -> Callable[[Any], None]:
    """Return what lets the binder write something else, wherever it stands."""

    def plant(monkeypatch: pytest.MonkeyPatch) -> None:
        original = owner.rewritten

        def rewritten(self: Any, *arguments: Any) -> bytes:
            text: bytes = original(self, *arguments)
            return re.sub(old, new, text)

        monkeypatch.setattr(owner, "rewritten", rewritten)

    return plant


def _without_a_part(monkeypatch: pytest.MonkeyPatch) -> None:
    original = Tree.close

    def close(self: Any, key: int) -> int | None:
        self._parts.pop()
        return original(self, key)

    monkeypatch.setattr(Tree, "close", close)


def _without_a_bookmark(monkeypatch: pytest.MonkeyPatch) -> None:
    def write(writer: Any, outline: Any, names: Any) -> bytes:
        return write_outline(writer, outline[:-1], names)

    monkeypatch.setattr("memobook.outputs.pdf.bind.write_outline", write)


BINDING = {
    "a page": (_without_a_page, "pages instead of"),
    "a link": (
        _rewriting(Links, rb"/Annots \[ \d+ 0 R ", b"/Annots [ "), "links out of"),
    "a link inside": (_rewriting(Links, rb"/Dest", b"/Away"), "links inside the book"),
    "notes": (_rewriting(Tree, rb"/S /Note ", b"/S /P "), "0 notes instead of 5"),
    "pictures": (_rewriting(Tree, rb"/S /Figure ", b"/S /P "), "0 pictures with"),
    "a part": (_without_a_part, "parts of the text"),
    "a bookmark": (_without_a_bookmark, "bookmarks instead of"),
}  # fmt: skip


@pytest.mark.parametrize("name", BINDING)
def test_what_is_lost_in_binding_is_an_error(name, book, workers, monkeypatch):
    plant, said = BINDING[name]
    plant(monkeypatch)

    found = lost(book, workers, ("pdf",))

    assert {d.code for d in found} == {Code.OUTPUT_INCOMPLETE}, found
    assert said in " ".join(d.message for d in found)


LOOKALIKE = "\n![A /S /Note and a /S /Figure ](images/blue.png)\n"


@pytest.mark.parametrize(
    "settings",
    [
        "",
        'standard = ["pdf/ua-2"]',
        "gray = true",
        "attach_sources = true",
        "standard = []",
    ],
    ids=["plain", "pdf 2", "gray", "sources", "no tags"],
)
def test_a_book_that_is_bound_well_is_no_error(settings, book, workers):
    write(book, "manuscript/book.toml", f"{BOOK}{settings}\n")
    write(book, "manuscript/two.md", TWO + LOOKALIKE)

    report = build(book, formats=("pdf",), workers=workers)

    assert not [d for d in report.diagnostics if d.is_error]


# What is no fault

MEANT = {
    "the label above the title": ".opener .number { display: none }",
    "the word above the key points": ".key-points-title { display: none }",
    "decoration": ".decorative { display: none }",
    "capitals": ".text p { text-transform: uppercase }",
    "words that are broken": ".text p { hyphens: auto; width: 20mm }",
    "a running head of a heading": "h2 { string-set: section content() }",
    "a box that is large enough": ".text p { overflow: hidden }",
    "a first letter": ".text p::first-letter { font-size: 2em }",
    "something before a paragraph": ".text p::before { content: '* ' }",
    "a turned heading": "h2 { transform: rotate(90deg) }",
}


@pytest.mark.parametrize("name", MEANT)
def test_what_loses_nothing_is_no_error(name, book, workers):
    write(book, "styles/print.css", MEANT[name])

    report = build(book, formats=("pdf",), workers=workers)

    assert not [d for d in report.diagnostics if d.is_error]


def test_what_one_output_is_not_to_say_is_no_error(book, workers):
    text = "\n\n{{ if epub }}\n\nFor screens alone.\n\n{{ end }}\n"
    path = book / "manuscript/two.md"
    path.write_text(path.read_text("utf-8") + text, encoding="utf-8")

    report = build(book, workers=workers)

    assert not [d for d in report.diagnostics if d.is_error]


def test_what_the_book_allows_is_a_warning(book, workers):
    write(book, "styles/print.css", ".abstract { display: none }")
    settings = book / "manuscript/book.toml"
    more = '\n[check]\nwarn = ["parity-words"]\n'
    settings.write_text(settings.read_text("utf-8") + more, encoding="utf-8")

    report = build(book, workers=workers)

    (found,) = [d for d in report.diagnostics if d.code is Code.PARITY_WORDS]
    assert not found.is_error


def test_what_a_template_adds_is_no_error(book, workers):
    text = MEMO + "{% block text %}<p>Draft.</p>{{ super() }}{% endblock %}"
    write(book, "styles/memo.html.j2", text)

    report = build(book, workers=workers)

    assert not [d for d in report.diagnostics if d.is_error]


def test_headings_are_evened_in_print_also_where_a_template_adds_to_a_memo(
    book, workers
):
    text = MEMO + "{% block text %}<p>Draft.</p>{{ super() }}{% endblock %}"
    write(book, "styles/memo.html.j2", text)
    more = '\n[check]\nwarn = ["heading-level-skipped"]\n'
    settings = (book / "manuscript/book.toml").read_text("utf-8")
    write(book, "manuscript/book.toml", settings + more)
    write(book, "manuscript/two.md", f"{TWO}\n\n#### Of inks\n\nThere are two.\n")

    report = build(book, workers=workers)

    assert not [d for d in report.diagnostics if d.is_error]


# What it costs

SAID = st.text("ab ⟦1⟧,“é\u00ad\u2010A", max_size=20)
SEVERAL = st.lists(SAID, max_size=4).map(tuple)
READINGS = st.builds(
    Reading,
    opener=SAID,
    text=SAID,
    headings=st.lists(st.tuples(st.integers(1, 6), SAID), max_size=4).map(tuple),
    captions=SEVERAL,
    urls=SEVERAL,
    pictures=SEVERAL,
    rows=st.lists(st.integers(0, 4), max_size=4).map(tuple),
    references=SEVERAL,
    notes=st.dictionaries(st.integers(1, 4), SAID, max_size=3),
    addresses=st.dictionaries(st.integers(1, 4), SEVERAL, max_size=3),
)


@given(READINGS)
def test_a_reading_that_is_the_same_has_lost_nothing(reading):
    """So that what is the same need not be compared word by word."""
    nowhere: Any = None
    reporter = Reporter()

    compare(
        Comparison("EPUB", reading, reading, nowhere, only_losses=True),
        reporter,
    )

    assert reporter.diagnostics == ()


def test_the_next_build_compares_only_what_has_changed(book, workers, monkeypatch):
    seen: list[str] = []
    build(book, formats=("epub",), workers=workers)

    def counted(work: Any, item: Any) -> Any:
        if work is key_of_found:
            seen.append(item.name)
        return original(work, item)

    original = workers.begun_later
    monkeypatch.setattr(Workers, "begun_later", lambda _, *job: counted(*job))
    path = book / "manuscript/two.md"
    path.write_text(path.read_text("utf-8") + "\nMore.\n", encoding="utf-8")

    build(book, formats=("epub",), workers=workers)

    assert seen == ["two"]
