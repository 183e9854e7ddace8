"""The whole of `memobook check`: what it looks at, and that it raises no false alarm."""

from __future__ import annotations

import re
from pathlib import Path
from zipfile import ZipFile

import pytest

from memobook.diagnostics import Code, Severity
from memobook.inspection import Inspection, inspect
from memobook.pipeline import build
from memobook.workers import Workers
from tests import faults
from tests.harness import HARD, Built, make
from tests.judges import ACE
from tests.test_link_notes import everything

SMALL = {"manuscript/a.md": "# A memo\n\nA [link](https://example.org/).\n"}
GERMAN = """[book]
title = "Ein Buch"
language = "de"
date = 2025-06-09

[contents]
memos = ["one.md", "two.md", "three.md", "five.md", "places.md", "own.md"]

[links]
notes = "inline"

[pdf]
paper = "6x9in"
"""
SETTINGS = {
    "other notes in each output": (
        '[links]\nrepeat = "none"\n[epub]\nnotes = "book-notes"\n'
    ),
    "notes at the end of the memo": '[links]\nnotes = "memo-notes"\n',
    "notes of the book": '[links]\nnotes = "book-notes"\nrepeat = "book"\n',
    "notes printed again": '[links]\nrepeat = "page"\n[pdf]\npaper = "a5"\n',
}


def codes(found: Inspection) -> list[Code]:
    return [d.code for d in found.diagnostics]


def results(found: Inspection) -> dict[str, str]:
    return {f"{row.check} {row.subject}": row.result for row in found.rows}


def inspected(root: Path, cache: Path) -> Inspection:
    """Build a book, and look at what came out without validators."""
    with Workers(1) as workers:
        build(root, cache=cache, workers=workers)
    return inspect(root, validators=False)


@pytest.fixture
def small(tmp_path: Path, shared_cache: Path) -> Path:
    root = make(tmp_path, SMALL)
    with Workers(1) as workers:
        build(root, cache=shared_cache, workers=workers)
    return root


# No false alarms


@pytest.mark.parametrize("name", ["example", "scaffold"])
def test_nothing_is_wrong_with_the_shared_books(name, request):
    book = request.getfixturevalue(name)
    found = inspect(book.root, validators=False)

    assert found.diagnostics == ()
    assert set(results(found).values()) == {"passed"}


def test_the_book_of_hard_cases_has_coarse_pictures_and_no_other_fault(hard: Built):
    found = inspect(hard.root, validators=False)

    expected = {Code.IMAGE_COARSE, Code.PAGE_OVERFLOW, Code.PAGE_SINGLE_LINE}
    assert set(codes(found)) <= expected
    assert all(d.severity is Severity.WARNING for d in found.diagnostics)


@pytest.mark.parametrize("name", [*SETTINGS, "German"])
def test_nothing_is_wrong_wherever_notes_stand(name, tmp_path, shared_cache):
    files = {**faults.FILES, **everything("footnotes")}
    if name == "German":
        files["manuscript/book.toml"] = GERMAN
    root = make(tmp_path, files, SETTINGS.get(name, ""))
    found = inspected(root, shared_cache)

    assert found.diagnostics == ()
    assert [row.check for row in found.rows] == [
        "sources", "parity", "parity", "print proof",
    ]  # fmt: skip


# What is looked at


def test_a_page_may_end_between_a_link_and_its_address(tmp_path, shared_cache):
    link = "[the words that lead somewhere {0}](https://example.org/the/place/{0})"
    text = " and ".join(link.format(n) for n in range(60))
    root = make(
        tmp_path,
        {"manuscript/a.md": f"# A memo\n\n{text}\n"},
        '[links]\nnotes = "inline"\n[pdf]\npaper = "110mm 80mm"\n',
    )

    assert Code.PARITY_LINKS not in codes(inspected(root, shared_cache))


def test_an_address_may_begin_with_capital_letters(tmp_path, shared_cache):
    text = "# A memo\n\nA [link](HTTPS://EXAMPLE.ORG/A) and [another](Mailto:a@example.org).\n"
    root = make(tmp_path, {"manuscript/a.md": text})

    assert codes(inspected(root, shared_cache)) == []


def test_dashes_in_notes_are_text_but_before_items_of_a_list(tmp_path, shared_cache):
    notes = "\n\n".join((
        "[^1]: –",
        "[^2]: *norms* – *rules* and – *more*",
        "[^3]: Said:\n\n    - *one* – *two*\n    - – three",
    ))  # fmt: skip
    root = make(
        tmp_path,
        {"manuscript/a.md": f"# A memo\n\nText.[^1] And[^2] so[^3].\n\n{notes}\n"},
    )

    assert codes(inspected(root, shared_cache)) == []


def test_each_of_many_calls_of_a_note_has_its_own_letter(tmp_path, shared_cache):
    text = "And so on.[^1] " * 30
    root = make(tmp_path, {"manuscript/a.md": f"# A memo\n\n{text}\n\n[^1]: It.\n"})

    assert codes(inspected(root, shared_cache)) == []
    with ZipFile(next(root.glob("build/*.epub"))) as epub:
        page = epub.read("EPUB/text/a.xhtml").decode()
    back = re.findall(r'role="doc-backlink"[^>]*>([^<]*)<', page)
    assert back[-5:] == ["z", "aa", "ab", "ac", "ad"]


HEBREW = """[book]
title = "ספר"
language = "he"
date = 2025-06-09

[contents]
memos = ["a.md"]

[style]
text_font = "JetBrains Mono"
fallback = ["Hard Cases"]
"""


def test_signs_that_code_joins_are_told_apart_in_hebrew(tmp_path, shared_cache):
    text = """# מזכר

זהו מזכר קצר עם [קישור](https://example.org/rtl "כותרת") ועם הערה[^note].

[^note]: הערת שוליים.>>
"""
    font = "styles/fonts/HardCases-Regular.ttf"
    files = {"manuscript/a.md": text, "manuscript/book.toml": HEBREW}
    root = make(tmp_path, {**files, font: (HARD / font).read_bytes()})

    assert codes(inspected(root, shared_cache)) == []


def test_words_beside_a_picture_in_its_figure_are_printed(tmp_path, shared_cache):
    text = "# A\n\n![B](b.png)\nwords: *more*\n\n/// figure-caption\nC\n///\n"
    picture = faults.sound(tmp_path / "other") / "manuscript/images/blue.png"
    files: dict[str, str | bytes] = {
        "manuscript/a.md": text,
        "manuscript/b.png": picture.read_bytes(),
    }
    root = make(tmp_path / "book", files)

    assert codes(inspected(root, shared_cache)) == []


def test_a_page_may_hold_a_sign_alone_that_nobody_sees(tmp_path, shared_cache):
    root = make(
        tmp_path,
        {
            "manuscript/a.md": "# A\n\nText.\n\n\ufeff\n{.apart}\n",
            "styles/print.css": ".apart { break-before: page }",
        },
        '[check]\nwarn = ["character-stray"]\n',
    )

    assert Code.OUTPUT_NOT_BUILT not in codes(inspected(root, shared_cache))


def test_without_outputs_only_the_sources_are_checked(tmp_path):
    found = inspect(make(tmp_path, SMALL))

    assert codes(found) == [Code.OUTPUT_NOT_BUILT]
    assert found.diagnostics[0].severity is Severity.INFO
    assert found.diagnostics[0].hint == "type: memobook check --build"
    assert results(found)["outputs build/"] == "not checked"
    assert not (tmp_path / "build").exists()


def test_outputs_of_other_sources_are_not_checked(small):
    path = small / "manuscript/a.md"
    path.write_text(path.read_text("utf-8") + "\nMore.\n", "utf-8")
    found = inspect(small, validators=False)

    assert codes(found) == [Code.OUTPUT_NOT_BUILT]
    assert "manuscript/a.md has changed since the last build" in (
        found.diagnostics[0].message
    )


def test_a_validator_that_must_judge_and_has_nothing_to_judge_is_an_error(tmp_path):
    found = inspect(make(tmp_path, SMALL), required=frozenset(["epubcheck"]))

    (told,) = found.diagnostics
    assert (told.code, told.severity) == (Code.OUTPUT_NOT_BUILT, Severity.ERROR)


def test_one_output_alone_is_checked(tmp_path, shared_cache):
    root = make(tmp_path, SMALL)
    with Workers(1) as workers:
        build(root, formats=("epub",), cache=shared_cache, workers=workers)
    found = inspect(root, validators=False)

    assert found.diagnostics == ()
    assert list(results(found)) == [
        "sources manuscript/, styles/",
        "parity a-small-book.epub",
    ]


def test_a_file_that_was_changed_since_is_checked_as_it_is(small):
    path = small / "build/a-small-book.epub"
    path.write_bytes(faults.late_mimetype(path.read_bytes()))
    found = inspect(small, validators=False)

    assert codes(found) == [Code.EPUB_INVALID, Code.OUTPUT_ALTERED]
    assert results(found)["parity a-small-book.epub"] == "1 error, 0 warnings"


def test_a_file_that_is_gone_is_an_error(small):
    (small / "build/a-small-book.pdf").unlink()
    found = inspect(small, validators=False)

    assert codes(found) == [Code.OUTPUT_UNREADABLE]


def test_a_code_that_the_book_lowers_is_a_warning(tmp_path, shared_cache):
    root = make(tmp_path, SMALL, '[check]\nwarn = ["epub-invalid"]\n')
    with Workers(1) as workers:
        build(root, formats=("epub",), cache=shared_cache, workers=workers)
    path = root / "build/a-small-book.epub"
    path.write_bytes(faults.late_mimetype(path.read_bytes()))
    found = inspect(root, validators=False)

    assert {d.severity for d in found.diagnostics} == {Severity.WARNING}


def test_a_missing_validator_is_named_and_never_counted_as_passed(
    small, monkeypatch, tmp_path
):
    monkeypatch.setenv("PATH", "")
    monkeypatch.chdir(tmp_path)
    found = inspect(small)
    required = inspect(small, required=frozenset(["ace"]))

    assert codes(found) == [Code.VALIDATOR_MISSING] * 3
    assert {d.severity for d in found.diagnostics} == {Severity.INFO}
    assert list(results(found).values())[-3:] == ["not installed"] * 3
    assert [d.message for d in required.diagnostics if d.is_error] == [
        "a-small-book.epub was not judged, as Ace by DAISY is not installed"
    ]


def test_all_validators_judge_the_finished_files(small, monkeypatch):
    monkeypatch.chdir(ACE)
    found = inspect(small, required=frozenset(["ace", "epubcheck", "verapdf"]))

    assert found.diagnostics == ()
    subjects = {row.subject for row in found.rows if row.check == "veraPDF"}
    versions = {row.version for row in found.rows if row.check == "EPUBCheck"}
    assert subjects == {f"a-small-book.pdf as PDF/{name}" for name in ("UA-1", "A-3a")}
    assert [version.partition(".")[0] for version in versions] == ["5"]
    assert [row.result for row in found.rows] == ["passed"] * len(found.rows)
