"""`memobook check` finds each fault that is planted, with its code and its place.

First come faults of the sources, then of the layout, then what may happen to a finished
file behind memobook's back. One sound book is built; its copies are spoilt.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from memobook.checks.outputs import LastBuild, find_last_build
from memobook.diagnostics import Code, Diagnostic, Reporter, Span
from memobook.inspection import inspect, inspect_outputs
from memobook.looking import Look, look_through
from memobook.pipeline import build
from memobook.workers import Workers
from tests import faults
from tests.faults import ONE, THREE, TWO, glyphs, rewritten, said, sound
from tests.harness import Built, make, once
from tests.judges import ACE

TEXTS = {"one": ONE, "two": TWO, "three": THREE}


def at(memo: str, words: str, text: str | None = None) -> Span:
    """Return where some words stand in a memo."""
    text = text or TEXTS[memo]
    offset = text.index(words)
    line = text.count("\n", 0, offset) + 1
    column = offset - text.rfind("\n", 0, offset)
    return Span(f"manuscript/{memo}.md", line, column)


def places(found: tuple[Diagnostic, ...], code: Code) -> list[Span]:
    return [replace(d.span, length=0) for d in found if d.code is code]


# The sources

SOURCES = {
    "a picture without alternative text": (
        "two", "![A blue square]", "![]", Code.IMAGE_WITHOUT_ALT, "images/blue.png"),
    "a picture that is not there": (
        "two", "blue.png", "blu.png", Code.IMAGE_MISSING, "images/blu.png"),
    "an anchor that is not there": (
        "three", "#a-second-heading", "#a-heading", Code.LINK_ANCHOR_MISSING,
        "one.md#a-heading"),
    "a memo that is not there": (
        "two", "(one.md)", "(won.md)", Code.LINK_TARGET_MISSING, "won.md"),
    "a level that is skipped": (
        "two", "## Of drawings", "#### Of drawings", Code.HEADING_LEVEL_SKIPPED,
        "Of drawings"),
    "a second title": (
        "two", "## Of drawings", "# Of drawings", Code.HEADING_SECOND_TITLE,
        "Of drawings"),
    "a key that is unknown": (
        "one", "abstract:", "abstrakt:", Code.CONFIG_UNKNOWN_KEY, "abstrakt"),
    "a footnote that is not written": (
        "three", "[^w]\n", "[^x]\n", Code.NOTE_UNDEFINED, "[^x]"),
    "a footnote that is not called": (
        "three", "whales.[^w]", "whales.", Code.NOTE_UNUSED, "[^w]:"),
    "a link that leads nowhere": (
        "three", "(https://example.org/page)", "()", Code.LINK_PLACEHOLDER, ")\n\n[^w]"),
    "an element that is not closed": (
        "three", "The item", "<b>The item", Code.HTML_UNCLOSED, "<b>"),
    "a script": (
        "three", "The last", "<script>x</script>\n\nThe last", Code.HTML_NOT_ALLOWED, None),
    "a reference without its address": (
        "three", "[a page](https://example.org/page)", "[a page][p]",
        Code.LINK_REFERENCE_UNDEFINED, "[a page][p]"),
    "a soft hyphen": (
        "three", "whales", "wha\u00adles", Code.CHARACTER_STRAY, "\u00adles"),
    "a scheme that no book should have": (
        "three", "https://example.org/page", "javascript:x()", Code.LINK_SCHEME, None),
    "a title that is used twice": (
        "three", "# The third memo", "# The second memo", Code.TITLE_DUPLICATE,
        "The second memo"),
}  # fmt: skip


@pytest.mark.parametrize("name", SOURCES)
def test_a_fault_of_the_sources_is_found(name, tmp_path):
    memo, old, new, code, place = SOURCES[name]
    text = TEXTS[memo].replace(old, new, 1)
    assert text != TEXTS[memo]
    found = inspect(sound(tmp_path, **{memo: text}), validators=False).diagnostics

    if place is None:
        assert code in {d.code for d in found}
    else:
        assert at(memo, place, text) in places(found, code), found


# The layout

LONG = "Antidisestablishmentarianism" * 4
WIDE = "| A | B |\n| --- | --- |\n" + f"| a | {LONG} |\n"
FILL = "\n\n".join(f"Paragraph {i} says a little." for i in range(60))


LAYOUTS = {
    "a table that is too wide": (
        f"# A\n\n{WIDE}", "td { overflow-wrap: normal; hyphens: none }",
        Code.PAGE_OVERFLOW, LONG),
    "a line of code that is too long": (
        "# A\n\nText.\n\n    code = " + "x" * 120 + "\n", "pre { white-space: pre }",
        Code.PAGE_OVERFLOW, "code = "),
    "a word that leaves the page": (
        "# A\n\nText.\n\nA word.\n{: .out }\n",
        ".out { position: relative; left: 120mm }", Code.PAGE_OVERFLOW, "A word"),
    "a picture that is too wide": (
        "# A\n\n![A wide box](images/blue.png)\n",
        "figure img { width: 170mm; max-width: none }", Code.PAGE_OVERFLOW,
        "images/blue.png"),
    "a coarse picture": (
        "# A\n\n![A coarse box](images/line.png)\n", "figure img { width: 60mm }",
        Code.IMAGE_COARSE, "images/line.png"),
    "a last line that stands alone": (
        "# A\n\nOne.\n\nTwo is broken here. *Its last line*{.last}\n\nThree.\n",
        ".last { display: block; break-before: page }", Code.PAGE_WIDOW,
        "Its last line"),
    "a heading at the foot of a page": (
        f"# A\n\nOne.\n\n## Lonely heading\n\nFollows.\n\n{FILL}\n",
        "h2 { break-after: page !important }", Code.PAGE_HEADING_AT_FOOT,
        "Lonely heading"),
    "a page with a single line": (
        "# A\n\nOne.\n\nAlone on its page.\n", ".text p + p { break-before: page }",
        Code.PAGE_SINGLE_LINE, "Alone on"),
}  # fmt: skip


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(1) as shared:
        yield shared


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_fault_of_the_layout_is_found(name, tmp_path, workers, shared_cache):
    text, css, code, place = LAYOUTS[name]
    files = {**faults.FILES, "manuscript/a.md": text, "styles/print.css": css}
    for memo in TEXTS:
        del files[f"manuscript/{memo}.md"]
    root = make(tmp_path, files)
    found = inspect(
        root,
        build=lambda: build(
            root, formats=("pdf",), cache=shared_cache, workers=workers
        ),
        validators=False,
    ).diagnostics

    assert at("a", place, text) in places(found, code), found


def test_a_character_that_no_font_has_is_found(tmp_path, workers, shared_cache):
    text = "# A\n\nA letter that no font has: \U00010330.\n"
    root = make(tmp_path, {"manuscript/a.md": text})
    found = inspect(
        root,
        build=lambda: build(
            root, formats=("pdf",), cache=shared_cache, workers=workers
        ),
        validators=False,
    ).diagnostics

    assert places(found, Code.GLYPH_MISSING) == [at("a", "\U00010330", text)]


# The finished files


@dataclass(frozen=True)
class Sound:
    """A sound book, its sources looked through."""

    book: Built
    look: Look
    last: LastBuild

    def found(self, **outputs: bytes) -> tuple[Diagnostic, ...]:
        """Return what is found when some of the outputs are others."""
        last = replace(self.last, outputs={**self.last.outputs, **outputs})
        reporter = Reporter()
        inspect_outputs(self.look, last, self.book.root, reporter, None)
        return reporter.diagnostics

    def judged(self, outputs: dict[str, bytes]) -> tuple[Diagnostic, ...]:
        """Return what is found, by the validators of others too."""
        with TemporaryDirectory() as folder:
            paths = {k: Path(folder) / p.name for k, p in self.last.paths.items()}
            for kind, data in outputs.items():
                paths[kind].write_bytes(data)
            last = replace(self.last, outputs=outputs, paths=paths)
            reporter = Reporter()
            required = frozenset(["epubcheck", "ace", "verapdf"])
            inspect_outputs(self.look, last, self.book.root, reporter, required)
            return reporter.diagnostics


@pytest.fixture(scope="session")
def good(shared: Path, shared_cache: Path) -> Sound:
    book = once(shared / "sound", sound)
    last = find_last_build(book.root, book.book.name)
    assert last is not None
    return Sound(book, look_through(book.root), last)


def test_nothing_is_found_in_a_sound_book(good):
    assert good.look.reporter.diagnostics == ()
    assert good.found() == ()


PAGE = r"<p>The last words are about whales\."
HEADING = at("one", "A second heading")

EPUBS: dict[str, tuple[Callable[[bytes], bytes], Code, Span | str]] = {
    "a word changed": (
        said("text/two.xhtml", "Elephants", "Elephant"),
        Code.PARITY_WORDS, at("two", "Elephants")),
    "a paragraph dropped": (
        said("text/one.xhtml", "<p>A quiet paragraph.*?</p>", ""),
        Code.PARITY_WORDS, at("one", "A quiet paragraph")),
    "a paragraph added": (
        said("text/two.xhtml", "<p>Elephants", "<p>Intruder text.</p><p>Elephants"),
        Code.PARITY_WORDS, at("two", "Elephants")),
    "an abstract changed": (
        said("text/one.xhtml", "An abstract", "No abstract"),
        Code.PARITY_WORDS, at("one", "An abstract")),
    "the imprint changed": (
        said("text/imprint.xhtml", "An imprint", "No imprint"),
        Code.PARITY_WORDS, "manuscript/book.toml"),
    "a note dropped": (
        said("text/three.xhtml", "<aside[^>]*three__note-1.*?</aside>", ""),
        Code.PARITY_NOTES, at("three", "Whales have")),
    "a note's text changed": (
        said("text/three.xhtml", "note of their own", "tail of their own"),
        Code.PARITY_NOTES, at("three", "Whales have")),
    "a wrong number in a note": (
        said("text/three.xhtml", r">1\.</a>", ">3.</a>"),
        Code.PARITY_NOTES, at("three", "Whales have")),
    "a wrong number in a call": (
        said("text/three.xhtml", r"(noteref\"[^>]*>)1<", r"\g<1>2<"),
        Code.PARITY_NOTES, at("three", "[^w]")),
    "a call dropped": (
        said("text/three.xhtml", r"<sup><a[^>]*noteref.*?</sup>", ""),
        Code.PARITY_NOTES, at("three", "[^w]")),
    "a call at another word": (
        said("text/three.xhtml",
             r"The last words are about whales\.(<sup>.*?</sup>)",
             r"The last words\1 are about whales."),
        Code.PARITY_NOTES, at("three", "[^w]")),
    "a heading on another level": (
        said("text/one.xhtml", r"<h3([^>]*>A third heading)</h3>", r"<h2\1</h2>"),
        Code.PARITY_HEADINGS, at("one", "A third heading")),
    "a heading that is none": (
        said("text/one.xhtml", r"<h2([^>]*>A second heading)</h2>", r"<p\1</p>"),
        Code.PARITY_HEADINGS, HEADING),
    "a link to elsewhere": (
        said("text/one.xhtml", "https://example.org/other\"", 'https://example.org/x"'),
        Code.PARITY_LINKS, at("one", "https://example.org/other")),
    "a link in a note to elsewhere": (
        said("text/one.xhtml", 'href="https://example.org/source"', 'href="https://x.org/"', 9),
        Code.PARITY_LINKS, at("one", "The footnote tells")),
    "a link inside the book to elsewhere": (
        said("text/three.xhtml", "one.xhtml#one_a-second-heading", "one.xhtml#one_a-third-heading"),
        Code.PARITY_LINKS, at("three", "one.md#a-second-heading")),
    "a link to what is not there": (
        said("text/three.xhtml", "one.xhtml#one_a-second-heading", "one.xhtml#nothing"),
        Code.PARITY_LINKS, at("three", "the second heading")),
    "a link dropped": (
        said("text/three.xhtml", '<a [^>]*example.org/page"[^>]*>(.*?)</a>', r"\1"),
        Code.PARITY_LINKS, at("three", "https://example.org/page")),
    "an alternative text dropped": (
        said("text/two.xhtml", ' alt="A blue square"', ' alt=""'),
        Code.PARITY_PICTURES, at("two", "images/blue.png")),
    "an alternative text changed": (
        said("text/two.xhtml", ' alt="A blue square"', ' alt="A red circle"'),
        Code.PARITY_PICTURES, at("two", "images/blue.png")),
    "a picture's file dropped": (
        faults.without(".svg"),
        Code.PARITY_PICTURES, at("two", "images/green.svg")),
    "a damaged picture": (
        faults.damaged_picture, Code.PARITY_PICTURES, at("two", "images/blue.png")),
    "another picture in a picture's place": (
        faults.other_picture, Code.PARITY_PICTURES, at("two", "images/blue.png")),
    "a picture dropped from the page": (
        said("text/two.xhtml", '<img [^>]*A green drawing[^>]*>', ""),
        Code.PARITY_PICTURES, at("two", "images/green.svg")),
    "a caption that is none": (
        said("text/two.xhtml", "<figcaption(.*?)</figcaption>", r"<p\1</p>"),
        Code.PARITY_PICTURES, at("two", "A square that")),
    "a cell dropped": (
        said("text/two.xhtml", "<td[^>]*>Lunar</td>", ""),
        Code.PARITY_TABLES, at("two", "Japan")),
    "a row dropped": (
        said("text/two.xhtml", r"<tr>\s*<td[^>]*>Japan.*?</tr>", ""),
        Code.PARITY_TABLES, at("two", "Japan")),
    "two memos swapped": (
        faults.swapped_spine, Code.PARITY_ORDER, at("three", "The third memo")),
    "a memo dropped from the spine": (
        said("content.opf", r'<itemref [^>]*two[^>]*/>', ""),
        Code.PARITY_ORDER, at("two", "The second memo")),
    "an entry of the navigation dropped": (
        said("text/contents.xhtml", r"<li><a [^>]*deep-down.*?</li>", ""),
        Code.PARITY_CONTENTS, at("three", "Deep down")),
    "an entry of the navigation renamed": (
        said("text/contents.xhtml", "Deep down", "High up"),
        Code.PARITY_CONTENTS, at("three", "Deep down")),
    "an entry of the navigation that leads elsewhere": (
        said("text/contents.xhtml", "three.xhtml#three_deep-down", "three.xhtml"),
        Code.PARITY_CONTENTS, at("three", "Deep down")),
    "another title": (
        said("content.opf", "A Small Book", "A Large Book"),
        Code.PARITY_METADATA, "manuscript/book.toml"),
    "another language": (
        said("content.opf", "en-US</dc:language>", "fr</dc:language>"),
        Code.PARITY_METADATA, "manuscript/book.toml"),
    "another identifier": (
        said("content.opf", "urn:uuid:", "urn:uuid:0"),
        Code.PARITY_METADATA, "manuscript/book.toml"),
    "a claim of alternative texts that are not there": (
        said("text/two.xhtml", ' alt="A blue square"', ""),
        Code.ACCESSIBILITY_CLAIM, "build/a-small-book.epub"),
    "a claim of formulas": (
        said("content.opf", ">structuralNavigation<", ">MathML<"),
        Code.ACCESSIBILITY_CLAIM, "build/a-small-book.epub"),
    "a mimetype that is compressed": (
        faults.compressed_mimetype, Code.EPUB_INVALID, "build/a-small-book.epub"),
    "a mimetype that is not the first": (
        faults.late_mimetype, Code.EPUB_INVALID, "build/a-small-book.epub"),
    "a page that is not well-formed": (
        said("text/two.xhtml", "</p>", ""),
        Code.OUTPUT_UNREADABLE, "build/a-small-book.epub"),
    "half of an EPUB": (faults.cut, Code.OUTPUT_UNREADABLE, "build/a-small-book.epub"),
}  # fmt: skip


@pytest.mark.parametrize("name", EPUBS)
def test_a_fault_of_the_epub_is_found(name, good):
    change, code, place = EPUBS[name]
    found = good.found(epub=change(good.last.outputs["epub"]))

    expected = Span(place) if isinstance(place, str) else place
    assert expected in places(found, code), found
    assert all(d.is_error for d in found if d.code is code)


PDFS: dict[str, tuple[Callable[[bytes], bytes], Code, Span | str]] = {
    "a word changed": (
        glyphs("Elephants", faults.reversed_glyphs),
        Code.PARITY_WORDS, at("two", "Elephants")),
    "the imprint changed": (
        glyphs("An imprint", faults.reversed_glyphs),
        Code.PARITY_WORDS, "manuscript/book.toml"),
    "a paragraph dropped": (
        rewritten(faults.removed("LI", -1)),
        Code.PARITY_WORDS, at("three", "Another item")),
    "a note dropped": (
        rewritten(faults.removed("Note", -2)),
        Code.PARITY_NOTES, at("three", "Whales have")),
    "a call dropped": (
        rewritten(faults.removed("Reference", -2)),
        Code.PARITY_NOTES, at("three", "[^w]")),
    "a heading on another level": (
        rewritten(faults.other_kind("H3", 0, "H2")),
        Code.PARITY_HEADINGS, at("one", "A third heading")),
    "a heading that is none": (
        rewritten(faults.other_kind("H3", 0, "P")),
        Code.PARITY_HEADINGS, at("one", "A third heading")),
    "an alternative text dropped": (
        rewritten(faults.alternative(None)),
        Code.PARITY_PICTURES, at("two", "images/blue.png")),
    "an alternative text changed": (
        rewritten(faults.alternative("A red circle")),
        Code.PARITY_PICTURES, at("two", "images/blue.png")),
    "a picture that is no figure": (
        rewritten(faults.removed("Figure", 0)),
        Code.PARITY_PICTURES, at("two", "images/blue.png")),
    "a caption that is none": (
        rewritten(faults.other_kind("Caption", 0, "P")),
        Code.PARITY_PICTURES, at("two", "A square that")),
    "a row dropped": (
        rewritten(faults.removed("TR", -1)), Code.PARITY_TABLES, at("two", "Japan")),
    "a cell dropped": (
        rewritten(faults.removed("TD", -1)), Code.PARITY_TABLES, at("two", "Japan")),
    "a link to elsewhere": (
        rewritten(faults.other_address("https://example.org/page", "https://x.org/")),
        Code.PARITY_LINKS, at("three", "https://example.org/page")),
    "a link inside the book to elsewhere": (
        rewritten(faults.other_address("one_a-second-heading", "one_a-third-heading")),
        Code.PARITY_LINKS, at("three", "one.md#a-second-heading")),
    "a link to what is not there": (
        rewritten(faults.other_address("one_a-second-heading", "nothing")),
        Code.PARITY_LINKS, at("three", "one.md#a-second-heading")),
    "two memos swapped": (
        rewritten(faults.swapped_parts), Code.PARITY_ORDER, at("three", "The third memo")),
    "the outline dropped": (
        rewritten(faults.no_outline), Code.PARITY_CONTENTS, HEADING),
    "another title": (
        rewritten(faults.titled), Code.PARITY_METADATA, "manuscript/book.toml"),
    "no language": (
        rewritten(faults.speechless), Code.PARITY_METADATA, "manuscript/book.toml"),
    "a picture that is not drawn": (
        rewritten(faults.no_picture), Code.PARITY_PICTURES, at("two", "images/blue.png")),
    "a font that is not embedded": (
        rewritten(faults.no_font_file), Code.FONT_NOT_EMBEDDED, at("one", "The first memo")),
    "a glyph that is missing": (
        glyphs("Elephants", faults.no_glyph), Code.GLYPH_MISSING, at("two", "Elephants")),
    "no tags": (
        rewritten(faults.untagged), Code.PDF_INVALID, "build/a-small-book.pdf"),
    "half of a PDF": (faults.cut, Code.OUTPUT_UNREADABLE, "build/a-small-book.pdf"),
}  # fmt: skip


@pytest.mark.parametrize("name", PDFS)
def test_a_fault_of_the_pdf_is_found(name, good):
    change, code, place = PDFS[name]
    found = good.found(pdf=change(good.last.outputs["pdf"]))

    expected = Span(place) if isinstance(place, str) else place
    assert expected in places(found, code), found
    assert all(d.is_error for d in found if d.code is code)


def test_the_validators_point_into_the_markdown(good, monkeypatch):
    """One batch for all three: each has an EPUB or a PDF with a fault of its own."""
    bad = said("text/two.xhtml", ' alt="A blue square"', "")
    worse = said(
        "text/three.xhtml", '<h2 id="three_deep-down"', r'\g<0> role="nonsense"'
    )
    outputs = {
        "epub": worse(bad(good.last.outputs["epub"])),
        "pdf": rewritten(faults.alternative(None))(good.last.outputs["pdf"]),
    }
    monkeypatch.chdir(ACE)
    found = good.judged(outputs)

    blue, deep = at("two", "images/blue.png"), at("three", "Deep down")
    assert deep in places(found, Code.EPUB_INVALID), found
    assert blue in places(found, Code.EPUB_INACCESSIBLE), found
    assert blue in places(found, Code.PDF_INVALID), found
    judges = {d.message.split("(")[1] for d in found if d.code in JUDGED}
    said_by = {words.split(")")[0].split(",")[0] for words in judges}
    assert said_by == {"EPUBCheck", "Ace", "veraPDF"}


JUDGED = {Code.EPUB_INVALID, Code.EPUB_INACCESSIBLE, Code.PDF_INVALID}


def test_there_are_faults_enough():
    assert len(SOURCES) + len(LAYOUTS) + len(EPUBS) + len(PDFS) >= 80


def test_a_fault_of_one_output_is_not_said_of_the_other(good):
    """The same text is found missing in the EPUB alone."""
    change, _, _ = EPUBS["a word changed"]
    found = good.found(epub=change(good.last.outputs["epub"]))

    assert [d.message for d in found] == [
        "the EPUB says “elephant” instead of “elephants”"
    ]
