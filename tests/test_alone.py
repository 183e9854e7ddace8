"""A memo alone: a book of one memo, by the same way as every book."""

from __future__ import annotations

import pikepdf
import pytest
from typer.testing import CliRunner

from memobook.cli import app
from memobook.diagnostics import MemobookError, UsageError
from memobook.fresh import Order
from memobook.inspection import inspect
from memobook.pipeline import build, build_each
from tests.harness import _SESSION, Built, built, make
from tests.judges import check_access, check_epub

MEMOS: dict[str, str | bytes] = {
    "manuscript/orbits.md": """---
title: Orbits
authors: [{name: Ada Lovelace, affiliation: The Office, place: London}]
date: 2024-05-01
abstract: What a memo says of orbits.
---

## Low {#low}

A [link](https://example.org/a "A"), then [the second one](norms.md#old), [@memo:norms],
[@tbl:norms/regimes] and [@sec:low]. It speaks of [dual use]{.term}[^n].

[^n]: See [norms](norms.md).
""",
    "manuscript/norms.md": """# Norms

## Old

[B](https://example.org/b), [C](https://example.org/c).

| a | b |
| --- | --- |
| 1 | 2 |

/// table-caption
Regimes {#tbl:regimes}
///
""",
    "manuscript/glossary.md": "# Glossary\n\nDual use\n:   Of goods.\n",
}
SETTINGS = """
[book]
title = "A Small Book"
language = "en-US"
date = 2025-06-09
publisher = "The Press"
rights = "All rights kept"
contributors = [{ name = "Grace Hopper" }]
identifier = "urn:x:book"

[contents]
memos = ["orbits.md", "norms.md"]
back = ["glossary.md"]

[pdf]
paper = "a5"
"""
FILES = {**MEMOS, "manuscript/book.toml": SETTINGS}


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory, shared_cache):
    """The book and all of its memos, built at once."""
    root = make(tmp_path_factory.mktemp("alone"), FILES)
    order = Order(root=root, cache=_SESSION["cache"])
    reports = build_each(order, every=True, workers=_SESSION["workers"])
    assert [d for r in reports for d in r.diagnostics] == []
    return root


def alone(root, memo: str) -> Built:
    return Built(root, build(root, memo=memo, **_SESSION))


class _Files:
    """The outputs of one memo, read back."""

    def __init__(self, root, memo: str) -> None:
        from memobook.checks.packed import PackedBook
        from memobook.checks.printed import PrintedBook

        stem = root / "build" / f"a-small-book-{memo}"
        self.pdf_path = stem.with_suffix(".pdf")
        self.pdf = PrintedBook(self.pdf_path.read_bytes())
        self.epub = PackedBook(stem.with_suffix(".epub").read_bytes())
        self.epub_path = stem.with_suffix(".epub")
        runs = (r for part in self.pdf.parts for r in part.runs())
        self.text = " ".join(" ".join(r.text for r in runs).split())


@pytest.fixture(scope="module")
def orbits(book):
    return _Files(book, "orbits")


@pytest.fixture(scope="module")
def norms(book):
    return _Files(book, "norms")


def test_every_memo_has_files_of_its_own_beside_the_book(book):
    names = {p.name for p in (book / "build").iterdir() if p.is_file()}
    stems = ("a-small-book", "a-small-book-norms", "a-small-book-orbits")
    assert names == {f"{s}.{kind}" for s in stems for kind in ("pdf", "epub", "json")}


def test_it_opens_with_its_title_block(orbits):
    opening = orbits.text[:300]
    for said in (
        "of A Small Book",
        "Orbits",
        "Ada Lovelace",
        "The Office",
        "London",
        "2024-05-01",
        "What a memo says of orbits.",
    ):
        assert said.casefold() in opening.casefold()


def test_a_memo_without_an_author_or_a_date_has_the_books(norms):
    assert "Grace Hopper" in norms.text
    assert "2025-06-09" in norms.text


def test_it_says_at_its_end_what_it_is_a_part_of(orbits):
    assert orbits.text.endswith(
        "Memo 1 of A Small Book. The Press, 2025. All rights kept"
    ) or ("The Press" in orbits.text and "All rights kept" in orbits.text)


def test_what_leads_to_another_memo_is_words(orbits):
    page = orbits.epub.pages["orbits"]
    from memobook.book.tree import nodes, text_of

    text = " ".join(text_of(page).split())
    assert "the second one (Memo 2 of A Small Book)" in text
    assert ", Memo 2 of A Small Book, Table\xa01 (Memo 2 of A Small Book)".replace(
        "\xa0", " "
    ) in text.replace("\xa0", " ")
    assert "See norms (Memo 2 of A Small Book)" in text
    hrefs = [n.get("href") for n in nodes(page) if n.tag == "a"]
    assert not any("norms" in href or "glossary" in href for href in hrefs)
    assert "#orbits_low" in hrefs


def test_its_notes_begin_with_one(norms):
    from memobook.book.tree import nodes

    ids = [n.get("id") for n in nodes(norms.epub.pages["norms"])]
    notes = [i for i in ids if "__note-" in i]
    assert notes[:2] == ["norms__note-1", "norms__note-2"]


def test_a_table_has_its_number_of_the_book(norms):
    assert "Table 1" in norms.text.replace("\xa0", " ")


def test_its_metadata_name_the_book_that_it_is_a_part_of(norms):
    assert norms.epub.metadata("title") == ("Norms",)
    assert norms.epub.metadata("belongs-to-collection") == ("A Small Book",)
    assert norms.epub.metadata("collection-type") == ("set",)
    assert norms.epub.metadata("group-position") == ("2",)
    assert norms.epub.metadata("identifier")[0].startswith("urn:uuid:")
    with pikepdf.open(norms.pdf_path) as pdf, pdf.open_metadata() as data:
        assert data["dc:relation"] == {"urn:x:book"}
        assert str(pdf.docinfo.Title) == "Norms"


def test_its_epub_has_a_navigation_that_is_no_page(orbits):
    assert [n.rpartition("/")[2] for n in orbits.epub.spine] == [
        "cover.xhtml",
        "orbits.xhtml",
    ]
    assert [text for text, _ in orbits.epub.navigation("toc")] == [
        "Orbits Ada Lovelace",
        "Low",
    ] or len(orbits.epub.navigation("toc")) == 2


@pytest.mark.parametrize("memo", ["orbits", "norms"])
def test_both_outputs_say_the_same(book, memo):
    found = inspect(book, memo=memo, validators=False)
    assert found.diagnostics == ()
    assert "parity" in {row.check for row in found.rows}


def test_both_outputs_are_valid(book, orbits):
    found = inspect(book, memo="orbits")
    wrong = [d for d in found.diagnostics if d.code.value != "validator-missing"]
    assert wrong == []
    check_epub(orbits.epub_path)


def test_a_memo_alone_is_accessible(book, orbits):
    found = check_access(orbits.epub_path)
    assert found.violations == ()


def test_check_looks_at_a_memo_s_own_outputs(tmp_path, shared_cache, monkeypatch):
    monkeypatch.setenv("MEMOBOOK_CACHE", str(shared_cache))
    root = make(tmp_path / "book", FILES)
    options = ("--memo", "orbits", "--no-validators")

    none = checked(root, *options)
    assert "type: memobook check --build --memo orbits" in none.output
    there = checked(root, *options, "--build")
    assert there.exit_code == 0
    assert "a-small-book-orbits.pdf" in there.output

    (root / "build/a-small-book-orbits.epub").write_bytes(b"nothing")
    damaged = checked(root, *options)
    assert damaged.exit_code == 1
    assert "a-small-book-orbits.epub: error[output-unreadable]" in damaged.output
    assert "build it anew: memobook build --memo orbits" in damaged.output


def test_check_names_a_memo_that_is_near(tmp_path):
    result = checked(make(tmp_path / "book", FILES), "--memo", "orbit")
    assert result.exit_code == 2
    assert "did you mean orbits?" in result.output


def checked(*arguments):
    return CliRunner().invoke(app, ["check", *map(str, arguments)])


def test_a_memo_has_the_same_bytes_alone_and_among_all(book, tmp_path):
    root = make(tmp_path, FILES)
    build(root, memo="norms.md", **_SESSION)
    for kind in ("pdf", "epub", "json"):
        name = f"a-small-book-norms.{kind}"
        assert (root / "build" / name).read_bytes() == (
            book / "build" / name
        ).read_bytes()


def test_a_build_of_a_memo_leaves_the_book_as_it_was(book):
    files = [book / "build" / f"a-small-book.{kind}" for kind in ("pdf", "json")]
    before = [path.stat().st_mtime_ns for path in files]
    alone(book, "orbits")
    assert [path.stat().st_mtime_ns for path in files] == before


def test_an_unknown_memo_is_told_with_one_that_is_like_it(book):
    with pytest.raises(UsageError) as raised:
        build(book, memo="orbit", **_SESSION)
    assert raised.value.hint == "did you mean orbits?"


def test_a_part_or_a_made_page_is_no_memo(tmp_path):
    settings = SETTINGS.replace('back = ["glossary.md"]', 'back = ["authors"]')
    memos = {k: v for k, v in FILES.items() if "glossary" not in k}
    memos["manuscript/orbits.md"] = "# Orbits\n\nText.\n"
    root = make(tmp_path, {**memos, "manuscript/book.toml": settings})
    with pytest.raises(UsageError, match="no memo is called authors"):
        build(root, memo="authors", **_SESSION)


def test_a_mistake_in_another_memo_keeps_no_memo_from_being_built(tmp_path):
    files = {**FILES, "manuscript/norms.md": "# Norms\n\n[gone](nowhere.md)\n"}
    files["manuscript/orbits.md"] = "# Orbits\n\nText.\n"
    root = make(tmp_path, files)
    with pytest.raises(MemobookError):
        build(root, **_SESSION)
    assert alone(root, "orbits").report.diagnostics == ()


def test_a_mistake_of_its_own_keeps_its_place(tmp_path):
    files = {**FILES, "manuscript/orbits.md": "# Orbits\n\n[gone](nowhere.md)\n"}
    root = make(tmp_path, files)
    with pytest.raises(MemobookError) as raised:
        build(root, memo="orbits", **_SESSION)
    (found,) = raised.value.diagnostics
    assert (found.span.path, found.span.line) == ("manuscript/orbits.md", 3)


def test_notes_at_the_end_of_the_book_stand_at_the_end_of_the_memo(tmp_path):
    settings = SETTINGS + '\n[links]\nnotes = "book-notes"\n'
    root = make(tmp_path, {**FILES, "manuscript/book.toml": settings})
    build(root, memo="norms", **_SESSION)
    assert inspect(root, memo="norms", validators=False).diagnostics == ()


def test_only_a_long_memo_lists_its_headings(tmp_path):
    section = "## Part {n}\n\n" + "word " * 800 + "\n\n"
    long = "# Long\n\n" + "".join(section.format(n=n) for n in range(4))
    book = built(make(tmp_path, {"manuscript/long.md": long}))
    build(book.root, memo="long", **_SESSION)
    assert "in this memo" in _Files(book.root, "long").text.casefold()


def test_a_memo_that_is_called_as_another_output_takes_no_ones_place(tmp_path):
    root = make(tmp_path, {"manuscript/changes.md": "# Changes\n\nText.\n"})
    report = build(root, memo="changes", **_SESSION)
    assert report.outputs[0].path.name == "a-small-book-memo-changes.pdf"
