"""book.toml and a memo's block, checked strictly, and every mistake at once."""

import datetime as dt
from pathlib import Path

import pytest

from memobook.diagnostics import Code, Diagnostic, Reporter, Severity, Span
from memobook.project.config import (
    Project,
    load,
    read_block,
    report_unlisted,
    split_block,
)
from memobook.project.contents import Listed
from memobook.project.files import Files
from memobook.project.schema import PATTERNS, BookFile, MemoBlock
from tests.book.helpers import codes

BOOK = '[book]\ntitle = "T"\nlanguage = "en"\n'
CONTENTS = '[contents]\nmemos = ["a.md"]\n'


def loaded(tmp_path: Path, text: str | bytes) -> tuple[Project | None, Reporter]:
    """Load a book.toml beside which there are a.md and b.md."""
    folder = tmp_path / "manuscript"
    folder.mkdir()
    data = text if isinstance(text, bytes) else text.encode()
    (folder / "book.toml").write_bytes(data)
    (folder / "a.md").write_text("# A\n\nText.\n")
    (folder / "b.md").write_text("# B\n\nText.\n")
    reporter = Reporter()
    return load(Files(tmp_path.resolve()), reporter), reporter


def errors(reporter: Reporter) -> list[Diagnostic]:
    return [d for d in reporter if d.severity is Severity.ERROR]


def messages(reporter: Reporter) -> list[str]:
    return [d.message for d in reporter if d.severity is Severity.ERROR]


def test_a_good_book_is_loaded_whole(tmp_path):
    memos = '[contents]\nmemos = ["a.md", "./b.md"]\n'
    project, reporter = loaded(tmp_path, BOOK + "date = 2025-06-09\n\n" + memos)
    assert reporter.diagnostics == ()
    assert project
    assert project.settings.book.date == dt.date(2025, 6, 9)
    assert project.memos == (
        Listed("manuscript/a.md", Span("manuscript/book.toml", 7, 10, 6)),
        Listed("manuscript/b.md", Span("manuscript/book.toml", 7, 18, 8)),
    )


def test_who_claims_accessibility_must_have_a_name(tmp_path):
    text = '[epub.accessibility]\nlevel = "AAA"\nreport = "a.html"\n'
    _, reporter = loaded(tmp_path, BOOK + CONTENTS + text)
    assert {code for code, *_ in codes(reporter)} >= {
        "config-missing-key",
        "config-wrong-value",
    }


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_columns_do_not_depend_on_line_ends_or_a_byte_order_mark(tmp_path, start, end):
    text = (BOOK + 'titel = "é"\n' + CONTENTS).encode().replace(b"\n", end)
    _, reporter = loaded(tmp_path, start + text)
    assert ("config-unknown-key", 4, 1) in codes(reporter)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('titel = "x"', "unknown key book.titel"),
        ("subtitle = 5", "book.subtitle: this must be text, in quotes"),
        ('subjects = "x"', "book.subjects: this must be a list, in brackets"),
        ('subjects = [""]', "book.subjects.0: this must not be empty"),
        ('date = "soon"', "book.date: soon is no date"),
        ("date = 2025-02-30", "2025-02-30 is no date"),
        ('identifier = "978-0-306-40615-8"', "book.identifier: 978-0-306-40615-8 is "
         "not an ISBN: a digit is wrong"),
        ('identifier = "isbn: x"', "book.identifier: isbn: x is not an ISBN: "
         "a digit is wrong"),
        ('identifier = "x"', "book.identifier: x is no ISBN, DOI, URN or URL"),
        ('contributors = [{ role = "aut" }]', "book.contributors.0.name is missing"),
        ('contributors = ["x"]', "book.contributors.0: this must be a table, with "
         "keys of its own"),
        ('name = "a b"', "book.name: a b is not a file's name of letters, digits and "
         "hyphens, such as my-book"),
    ],
)  # fmt: skip
def test_a_mistake_is_said_in_the_author_s_words(tmp_path, text, expected):
    project, reporter = loaded(tmp_path, f"{BOOK}{text}\n{CONTENTS}")
    assert [expected] == messages(reporter)
    # All else is still read.
    assert project
    assert [item.path for item in project.memos] == ["manuscript/a.md"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("978-0-306-40615-7", "urn:isbn:9780306406157"),
        ("0-306-40615-2", "urn:isbn:9780306406157"),
        ("ISBN 978 0 306 40615 7", "urn:isbn:9780306406157"),
        ("urn:isbn:9780306406157", "urn:isbn:9780306406157"),
        ("10.1000/182", "https://doi.org/10.1000/182"),
        ("https://doi.org/10.1000/182", "https://doi.org/10.1000/182"),
        ("urn:uuid:1234", "urn:uuid:1234"),
    ],
)
def test_an_identifier_has_one_form(tmp_path, value, expected):
    project, _ = loaded(tmp_path, f'{BOOK}identifier = "{value}"\n{CONTENTS}')
    assert project
    assert expected == project.settings.book.identifier


@pytest.mark.parametrize(
    ("tag", "expected"),
    [("EN-us", "en-US"), ("de", "de"), ("hi", "hi"), ("zh-hant-tw", "zh-Hant-TW")],
)
def test_a_language_tag_is_written_as_it_should_be(tmp_path, tag, expected):
    text = f'[book]\ntitle = "T"\nlanguage = "{tag}"\n{CONTENTS}'
    project, _ = loaded(tmp_path, text)
    assert project
    assert expected == project.settings.book.language


@pytest.mark.parametrize("tag", ["english", "e", "en_", "xx-yy-zz", "", "12"])
def test_what_is_no_language_tag_is_reported(tmp_path, tag):
    text = f'[book]\ntitle = "T"\nlanguage = "{tag}"\n{CONTENTS}'
    _, reporter = loaded(tmp_path, text)
    assert ("config-bad-language", 3, 12) in codes(reporter)


@pytest.mark.parametrize(
    ("paper", "good"),
    [("letter", True), ("6x9in", True), ("150mm 230mm", True), ("5.5in 8in", True),
     ("A4", False), ("150mm", False), ("150mm x 230mm", False), ("", False)],
)  # fmt: skip
def test_a_paper_is_a_preset_or_two_lengths(tmp_path, paper, good):
    _, reporter = loaded(tmp_path, f'{BOOK}{CONTENTS}[pdf]\npaper = "{paper}"\n')
    errors = [code for code in codes(reporter) if code[0] != "config-memo-unlisted"]
    assert errors == ([] if good else [("config-wrong-value", 7, 9)])


def test_every_pattern_has_words_for_it():
    schemas = [BookFile.model_json_schema(), MemoBlock.model_json_schema()]
    found = {line for schema in schemas for line in _patterns(schema)}
    assert found == PATTERNS.keys()


def _patterns(schema: object) -> list[str]:
    if isinstance(schema, dict):
        own = [schema["pattern"]] if isinstance(schema.get("pattern"), str) else []
        return own + [p for value in schema.values() for p in _patterns(value)]
    if isinstance(schema, list):
        return [p for value in schema for p in _patterns(value)]
    return []


def test_all_mistakes_come_at_once(tmp_path):
    text = '[book]\ntitel = "T"\ndate = 2025-02-30\n[contents]\nmemos = ["c.md"]\n[x]\n'
    _, reporter = loaded(tmp_path, text)
    assert [d.code for d in reporter if d.is_error] == [
        Code.CONFIG_MISSING_KEY,  # language
        Code.CONFIG_MISSING_KEY,  # title
        Code.CONFIG_UNKNOWN_KEY,
        Code.CONFIG_BAD_DATE,
        Code.CONFIG_MEMO_MISSING,
        Code.CONFIG_UNKNOWN_KEY,
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["book is missing", "contents is missing"]),
        ("book = 3\n", ["book: this must be a table, with keys of its own",
                        "contents is missing"]),
        (BOOK, ["contents is missing"]),
        (BOOK + "[contents]\n", ["contents.memos is missing"]),
        (BOOK + "[contents]\nmemos = []\n", ["no memo is listed"]),
        (BOOK + '[contents]\nmemos = "a.md"\n', ["contents.memos: this must be a "
                                                 "list, in brackets"]),
        (BOOK + "contents = 3\n", ["unknown key book.contents", "contents is missing"]),
    ],
)  # fmt: skip
def test_what_is_missing_is_said_once(tmp_path, text, expected):
    _, reporter = loaded(tmp_path, text)
    assert sorted(expected) == sorted(messages(reporter))


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("c.md", Code.CONFIG_MEMO_MISSING),
        ("../../c.md", Code.FILE_OUTSIDE),
        ("/etc/passwd", Code.CONFIG_MEMO_MISSING),
        ("a.md", Code.CONFIG_MEMO_TWICE),
        ("x/../a.md", Code.CONFIG_MEMO_TWICE),
        (".", Code.CONFIG_MEMO_MISSING),
        ("x" * 300, Code.CONFIG_MEMO_MISSING),
    ],
)
def test_a_memo_that_cannot_be_listed(tmp_path, name, code):
    text = f'{BOOK}[contents]\nmemos = ["a.md", "{name}", "b.md"]\n'
    project, reporter = loaded(tmp_path, text)
    assert [(code.value, 5, 18)] == codes(reporter)
    assert project
    assert [m.path for m in project.memos] == ["manuscript/a.md", "manuscript/b.md"]


def test_a_memo_that_is_not_listed_is_a_warning(tmp_path):
    project, reporter = loaded(tmp_path, BOOK + CONTENTS)
    assert project
    assert project.unlisted == ("manuscript/b.md",)
    report_unlisted(project, frozenset(), reporter)
    (found,) = reporter
    assert (found.code, found.severity) == (
        Code.CONFIG_MEMO_UNLISTED, Severity.WARNING,
    )  # fmt: skip
    assert found.span == Span("manuscript/b.md")


def test_a_file_that_a_memo_includes_need_not_be_listed(tmp_path):
    project, reporter = loaded(tmp_path, BOOK + CONTENTS)
    assert project
    report_unlisted(project, frozenset(project.unlisted), reporter)
    assert not tuple(reporter)


def test_codes_can_be_lowered_to_warnings(tmp_path):
    text = BOOK + CONTENTS + '[check]\nwarn = ["image-missing", "image-mising"]\n'
    _, reporter = loaded(tmp_path, text)
    assert reporter.lowered == {Code.IMAGE_MISSING}
    reporter.error(Code.IMAGE_MISSING, Span("a.md"), "x")
    assert [d.severity for d in reporter if d.code is Code.IMAGE_MISSING] == ["warning"]
    (wrong,) = (d for d in reporter if d.code is Code.CONFIG_WRONG_VALUE)
    assert (wrong.span.line, wrong.span.column) == (7, 26)
    assert wrong.hint == "did you mean image-missing?"


# A memo's block


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("---\na: 1\n---\nText", ("a: 1", 3)),
        ("---\na: 1\n...\nText", ("a: 1", 3)),
        ("--- \na: 1\n---\t\nText", ("a: 1", 3)),
        ("---\n---\nText", ("", 2)),
        ("Text\n---\na: 1\n---\n", ("", 0)),
        ("---\na: 1\n", ("", 0)),
        (" ---\na: 1\n---\n", ("", 0)),
        ("", ("", 0)),
    ],
)
def test_a_block_stands_between_two_lines_at_the_very_top(text, expected):
    assert expected == split_block(text)


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        ("titel: x", [("config-unknown-key", 2, 1)]),
        ("title: x\nauthors: Ann", [("config-wrong-value", 3, 10)]),
        ("authors:\n  - {sort: x}", [("config-missing-key", 3, 5)]),
        ("date: 9 June 2025", [("config-bad-date", 2, 7)]),
        ("language: klingon", [("config-bad-language", 2, 11)]),
        ("notes: nowhere", [("config-wrong-value", 2, 8)]),
        ("slug: a--b", [("config-wrong-value", 2, 7)]),
        ("slug: Über", [("config-wrong-value", 2, 7)]),
        ("book: x", [("config-unknown-key", 2, 1)]),
    ],
)
def test_a_mistake_in_a_block_has_its_place(block, expected):
    reporter = Reporter()
    read_block(f"---\n{block}\n---\nText", "a.md", reporter)
    assert expected == codes(reporter)


def test_an_author_may_be_a_bare_name():
    reporter = Reporter()
    block, _ = read_block("---\nauthors: [Ann, {name: Bob}]\n---\n", "a.md", reporter)
    assert [author.name for author in block.authors] == ["Ann", "Bob"]


def test_a_block_that_is_not_closed_is_reported():
    reporter = Reporter()
    block, located = read_block("---\ntitle: x\n\nText", "a.md", reporter)
    assert [("block-not-yaml", 1, 0)] == codes(reporter)
    assert (block, located) == (MemoBlock(), None)


# Standards


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ('"pdf/ua-1"', ("pdf/ua-1",)),
        ("[]", ()),
        ('["pdf/ua-1", "pdf/a-2u"]', ("pdf/ua-1", "pdf/a-2u")),
        ('["pdf/a-4", "pdf/ua-2"]', ("pdf/a-4", "pdf/ua-2")),
        ('"pdf/a-3b"\nattach_sources = true', ("pdf/a-3b",)),
    ],
)
def test_a_pdf_promises_one_standard_or_two(tmp_path, value, expected):
    project, reporter = loaded(tmp_path, f"{BOOK}{CONTENTS}[pdf]\nstandard = {value}\n")
    assert errors(reporter) == []
    assert project
    assert project.settings.pdf.standard == expected


def test_a_pdf_is_accessible_and_archival_if_nothing_is_said(tmp_path):
    project, _ = loaded(tmp_path, BOOK + CONTENTS)
    assert project
    assert project.settings.pdf.standard == ("pdf/ua-1", "pdf/a-3a")


@pytest.mark.parametrize(
    ("value", "column", "message", "hint"),
    [
        ('"pdf/ua1"', 12, "pdf/ua1 is no standard", "did you mean pdf/ua-1?"),
        ('["pdf/a-3"]', 13, "pdf/a-3 is no standard", "did you mean pdf/a-3a?"),
        ('"epub"', 12, "epub is no standard", "known: pdf/ua-1, pdf/ua-2"),
        ('["pdf/a-2a", "pdf/a-3a"]', 12, "one part of PDF/A, not", "keep one"),
        ('["pdf/ua-1", "pdf/ua-2"]', 12, "one part of PDF/UA, not", "keep one"),
        ('["pdf/ua-1", "pdf/a-4"]', 12, "pdf/a-4 about PDF 2.0", '["pdf/ua-2"'),
        ('["pdf/a-3a", "pdf/ua-2"]', 12, "pdf/ua-2 about PDF 2.0", '["pdf/ua-1"'),
    ],
)
def test_standards_that_cannot_be_had_are_refused(
    tmp_path, value, column, message, hint
):
    text = f"{BOOK}[pdf]\nstandard = {value}\n{CONTENTS}"
    _, reporter = loaded(tmp_path, text)
    (found,) = errors(reporter)
    assert found.code is Code.CONFIG_BAD_STANDARD
    assert (found.span.line, found.span.column) == (5, column)
    assert message in found.message
    assert hint in found.hint


@pytest.mark.parametrize("name", ["pdf/a-2a", "pdf/a-4"])
def test_sources_are_attached_only_where_they_may_be(tmp_path, name):
    text = f'{BOOK}{CONTENTS}[pdf]\nstandard = "{name}"\nattach_sources = true\n'
    _, reporter = loaded(tmp_path, text)
    (found,) = errors(reporter)
    assert (found.code, found.span.line) == (Code.CONFIG_BAD_STANDARD, 8)
    assert "pdf/a-3a" in found.hint


def test_a_profile_that_is_no_name_is_told_by_its_place(tmp_path):
    found = loaded(tmp_path, f"{BOOK}{CONTENTS}[text]\nprofiles = [[], 1]\n")[1]
    assert {("config-wrong-value", 7)} == {(c, line) for c, line, _ in codes(found)}
