"""What moved since another build is told per memo, and marked in a PDF of its own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from memobook.cli import app
from tests.harness import make
from tests.judges import validate
from tests.outputs.pdf.sheets import page_texts
from tests.revisions import commit

ONE = """# One

The first paragraph stays as it is.

Three launches were counted in the year, see [the list](https://example.org/list).

- an item that stays
- an item that goes
"""
TWO = "# Two\n\nThis memo will go.\n"
NEW = ONE.replace("Three launches", "Five launches").replace(
    "- an item that goes\n", ""
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a project with a revision v1, and with changes since then."""
    files = {"manuscript/one.md": ONE, "manuscript/two.md": TWO}
    root = make(tmp_path / "book", files)
    commit(root, "v1")
    (root / "manuscript/one.md").write_text(NEW)
    return root


def run(*arguments: str | Path) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["build", *map(str, arguments)])
    return done.exit_code, done.output


def test_a_report_counts_words_links_and_pages_since_a_revision(root):
    code, out = run(root, "--since", "v1", "--message-format", "json")
    told = json.loads(out.splitlines()[-1])["report"]
    one, two = told["memos"]

    assert (code, told["since"], told["known"]) == (0, "v1", True)
    assert (one["id"], one["state"], two["state"]) == ("one", "changed", "same")
    words = one["changes"]["words"]
    assert (words["inserted"], words["deleted"]) == (1, 5)
    assert one["changes"]["links"]["before"] == one["changes"]["links"]["after"] == 1


def test_a_report_tells_of_the_last_build_from_the_second_one_on(root):
    _, first = run(root, "--report", "--format", "epub")
    _, same = run(root, "--report", "--format", "epub")
    (root / "manuscript/two.md").write_text(
        TWO + "\nOr not [yet](https://example.org/yet).\n"
    )
    _, other = run(root, "--report", "--format", "epub")

    assert "no earlier build is known" in first
    assert "nothing has moved since the last build" in same
    assert "two: + https://example.org/yet" in other
    assert "\none " not in other


def test_a_comparison_marks_what_came_and_what_went_and_leaves_the_outputs_alone(root):
    run(root)
    before = {p.name: p.read_bytes() for p in (root / "build").glob("*.pdf")}
    code, _ = run(root, "--compare", "v1")
    (path,) = (root / "build").glob("*-changes.pdf")
    text = " ".join(" ".join(page_texts(path.read_bytes())).split())

    assert code == 0
    assert {name: (root / "build" / name).read_bytes() for name in before} == before
    for part in ("Three", "Five", "an item that stays", "an item that goes"):
        assert part in text
    assert "v1" in text
    (verdict,) = validate([path], "ua1")
    assert verdict.failed == ()


def test_what_cannot_be_compared_is_said_and_nothing_is_built(root, tmp_path):
    code, out = run(root, "--compare", "v9")
    assert (code, "git knows no revision v9" in out) == (2, True)

    other = make(tmp_path / "nowhere" / "book", {"manuscript/one.md": ONE})
    code, out = run(other, "--since", "v1")
    assert (code, "git" in out) == (2, True)

    code, out = run(root, other, "--report")
    assert (code, "--report is for one project" in out) == (2, True)
    assert not (root / "build").exists()


def test_a_report_is_made_also_where_the_last_count_has_gone_from_the_cache(root):
    run(root, "--report")
    for entry in (root / "build/.cache/census").iterdir():
        entry.unlink()
    _, again = run(root, "--report")
    _, same = run(root, "--report")

    assert "no earlier build is known" in again
    assert "nothing has moved since the last build" in same


def test_an_epub_alone_lets_the_next_pdf_have_its_pages(root):
    run(root)
    run(root, "--format", "epub")
    _, out = run(root, "--report")
    assert "nothing has moved since the last build" in out


def test_the_first_pdf_behind_an_epub_moves_nothing(root):
    run(root, "--format", "epub")
    _, out = run(root, "--report")
    assert "nothing has moved since the last build" in out


def test_a_memo_that_was_not_there_yet_is_new(root):
    (root / "manuscript/three.md").write_text("# Three\n\nA new memo.\n")
    book = root / "manuscript/book.toml"
    book.write_text(book.read_text().replace('"two.md"', '"two.md", "three.md"'))

    code, out = run(root, "--memo", "three", "--since", "v1")
    assert (code, "\nthree  new" in out) == (0, True)

    code, _ = run(root, "--memo", "three", "--compare", "v1")
    (path,) = (root / "build").glob("*-changes.pdf")
    assert (code, "A new memo" in " ".join(page_texts(path.read_bytes()))) == (0, True)


def test_a_memo_that_never_was_there_is_not_called_new(root):
    code, out = run(root, "--memo", "thre", "--since", "v1")
    assert (code, "no memo is called thre" in out) == (2, True)


@pytest.mark.parametrize("option", ["--since", "--compare"])
def test_an_empty_revision_is_no_revision(root, option):
    code, out = run(root, option, "")
    assert (code, f"{option} is empty" in out) == (2, True)


@pytest.mark.parametrize("option", ["--only-changed", "--cluster"])
def test_an_option_for_many_books_is_named_that_does_not_go_with_a_report(root, option):
    more = ["tcp://127.0.0.1:1"] if option == "--cluster" else []
    code, out = run(root, "--report", option, *more)
    assert (code, f"--report does not go with {option}" in out) == (2, True)


def test_a_comparison_tells_no_report_of_another_build(root):
    code, out = run(root, "--compare", "v1", "--report")
    assert (code, "--compare makes a PDF of its own" in out) == (2, True)


def test_a_comparison_marks_title_subtitle_authors_and_date(root):
    block = "---\ntitle: One\nsubtitle: {}\nauthors:\n  - name: {}\ndate: {}\n---\n\n"
    text = ONE.removeprefix("# One\n\n")
    one, book = root / "manuscript/one.md", root / "manuscript/book.toml"
    one.write_text(block.format("Old words", "Ada", "2025-01-02") + text)
    commit(root, "v2")
    one.write_text(block.format("New words", "Berta", "2026-03-04") + text)
    book.write_text(book.read_text().replace("A Small Book", "A Smaller Book"))

    code, _ = run(root, "--compare", "v2")
    (path,) = (root / "build").glob("*-changes.pdf")
    said = " ".join(" ".join(page_texts(path.read_bytes())).split())
    assert code == 0
    assert "Old New words" in said
    assert "Ada Berta" in said
    assert "2025-01-02 2026-03-04" in said
    assert "A Small Smaller Book" in said
