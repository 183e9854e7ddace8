"""Links through the whole program: listed, looked at, archived, registered, printed."""

from __future__ import annotations

import csv
import io
import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from memobook.book.linknotes import said_date
from memobook.cli import app
from memobook.design.words import LANGUAGES, words
from memobook.project.links_schema import LinksFile
from memobook.project.located import read_own_toml
from tests.harness import make
from tests.weblinks.server import Counts, serving

QUICK = ("--delay", "0", "--retries", "0")

MEMO = """# One

A [page]({base}/ok "The page") and [one that moved]({base}/moved), a note.[^n]

A [mail](mailto:someone@example.org), [the page]({base}/ok) again, [the other](two.md).

[^n]: See [this]({base}/gone).
"""
SECOND = "# Two\n\nA [page]({base}/ok) and [another]({base}/elsewhere).\n"


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, shared_cache: Path) -> None:
    monkeypatch.setenv("MEMOBOOK_CACHE", str(shared_cache))
    monkeypatch.setenv("COLUMNS", "200")
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def web() -> Iterator[tuple[str, Counts]]:
    with serving() as served:
        yield served


@pytest.fixture
def book(tmp_path: Path, web: tuple[str, Counts]) -> Path:
    base, _ = web
    texts = {"one.md": MEMO, "two.md": SECOND}
    files = {f"manuscript/{n}": t.format(base=base) for n, t in texts.items()}
    return make(tmp_path / "book", files)


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["links", *map(str, arguments)])


def listed(*arguments: str | Path) -> list[dict[str, object]]:
    done = run(*arguments, "--format", "json")
    found: list[dict[str, object]] = json.loads(done.stdout)
    return found


def lock_of(root: Path) -> dict[str, dict[str, object]]:
    data = json.loads((root / "manuscript/links.lock").read_text("utf-8"))
    links: dict[str, dict[str, object]] = data["links"]
    return links


# The list


def test_every_link_is_listed_with_note_memo_and_place(book, web):
    base, _ = web
    rows = listed(book)
    said = [(r["note"], r["memo"], r["path"], r["line"], r["url"]) for r in rows]
    assert said == [
        (1, "One", "manuscript/one.md", 3, f"{base}/ok"),
        (2, "One", "manuscript/one.md", 3, f"{base}/moved"),
        (3, "One", "manuscript/one.md", 7, f"{base}/gone"),
        (4, "One", "manuscript/one.md", 5, "mailto:someone@example.org"),
        (1, "One", "manuscript/one.md", 5, f"{base}/ok"),
        (1, "Two", "manuscript/two.md", 3, f"{base}/ok"),
        (2, "Two", "manuscript/two.md", 3, f"{base}/elsewhere"),
    ]
    assert rows[0]["title"] == "The page"
    assert {row["state"] for row in rows} == {"unchecked", ""}


def test_a_list_asks_nothing_and_writes_nothing(book, web):
    _, counts = web
    before = sorted(book.rglob("*"))
    run(book)
    assert counts.asked.total() == 0
    assert sorted(book.rglob("*")) == before


def test_a_pipe_gets_a_line_for_each_link(book):
    done = run(book)
    lines = done.stdout.splitlines()
    assert lines[0].split() == [
        *"note memo place page title state checked archived copy".split()
    ]
    assert len(lines) == 8
    assert "7 links to 4 pages: 4 unchecked" in done.stderr


def test_csv_has_a_column_for_each_fact(book):
    done = run(book, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert len(rows) == 7
    assert rows[1]["text"] == "one that moved"
    assert rows[1]["line"] == "3"


def test_a_book_that_cannot_be_read_says_why(tmp_path):
    done = run(tmp_path)
    assert done.exit_code == 1
    assert "project-not-found" in done.stderr


# Looking


def test_only_what_is_newly_gone_ends_with_one(book, web):
    base, _ = web
    first = run(book, "--online", *QUICK)
    assert first.exit_code == 1
    assert f"one.md:7:18: error[link-gone]: {base}/gone is gone (404)" in first.stderr
    again = run(book, "--online", "--max-age", "0", *QUICK)
    assert again.exit_code == 0
    assert "link-gone" not in again.stderr
    assert "gone (404)" in again.stdout


def test_a_page_that_came_back_and_goes_again_is_news(book, web):
    base, _ = web
    run(book, "--online", *QUICK)
    lock = book / "manuscript/links.lock"
    data = json.loads(lock.read_text("utf-8"))
    data["links"][f"{base}/gone"]["verdict"] = "ok"
    lock.write_text(json.dumps(data), "utf-8")
    assert run(book, "--online", "--max-age", "0", *QUICK).exit_code == 1


def test_what_was_looked_at_lately_is_not_asked_again(book, web):
    _, counts = web
    run(book, "--online", *QUICK)
    before = counts.asked.total()
    rows = listed(book, "--online", *QUICK)
    assert counts.asked.total() == before
    assert [row["state"] for row in rows] == [
        "ok", "moved", "gone", "", "ok", "ok", "moved for now",
    ]  # fmt: skip
    assert all(row["checked"] for row in rows if row["state"])


def test_what_is_known_survives_a_clean(book):
    run(book, "--online", *QUICK)
    CliRunner().invoke(app, ["clean", str(book)])
    assert {row["state"] for row in listed(book)} >= {"ok", "gone"}


def test_a_link_that_left_the_book_leaves_the_lock(book, web):
    base, _ = web
    run(book, "--online", *QUICK)
    (book / "manuscript/two.md").write_text("# Two\n\nNothing.\n", "utf-8")
    assert f"{base}/elsewhere" in lock_of(book)
    run(book, "--online", *QUICK)
    assert f"{base}/elsewhere" not in lock_of(book)


def test_a_damaged_lock_is_not_overwritten(book):
    lock = book / "manuscript/links.lock"
    lock.write_text("<<<<<<< HEAD\n", "utf-8")
    done = run(book, "--online", *QUICK)
    assert done.exit_code == 2
    assert "links.lock cannot be read" in done.stderr
    assert lock.read_text("utf-8") == "<<<<<<< HEAD\n"


# A run that is killed


def test_a_run_that_is_killed_is_taken_up_where_it_was(tmp_path, web):
    base, counts = web
    links = "\n\n".join(f"A [page]({base}/page/{n})." for n in range(30))
    text = f"# One\n\nOne is [gone]({base}/gone).\n\n{links}\n"
    root = make(tmp_path / "book", {"manuscript/one.md": text})
    command = [sys.executable, "-m", "memobook", "links", str(root), "--online"]
    slow = ["--delay", "0.2", "--per-host", "1"]
    process = subprocess.Popen(
        [*command, *slow], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    lock = root / "manuscript/links.lock"
    limit = time.monotonic() + 60
    while not (lock.exists() and len(lock_of(root)) > 4):
        assert time.monotonic() < limit
        assert process.poll() is None
        time.sleep(0.1)
    process.send_signal(signal.SIGKILL)
    process.wait()
    known = [f"/page/{n}" for n in range(30) if f"{base}/page/{n}" in lock_of(root)]
    asked = {path: counts.times(path) for path in known}
    assert 0 < len(known) < 30

    done = run(root, "--online", *QUICK)
    assert done.exit_code == 1  # nobody was told that a page is gone
    assert "link-gone" in done.stderr
    assert {path: counts.times(path) for path in known} == asked
    assert {known["verdict"] for known in lock_of(root).values()} == {"ok", "gone"}
    assert len(lock_of(root)) == 31
    assert not list((root / "manuscript").glob(".*"))


# Archived copies and the registry

REGISTRY = """\
# What we know of pages.

["{base}/ok"]   # the first
title = "A title of our own"
accessed = 2025-05-03

# The one that moved
["{base}/moved"]
publisher = \"\"\"
Example
\"\"\"
"""


def archived(root: Path, base: str, *arguments: str) -> Result:
    api = ("--archive-api", f"{base}/available", "--memento-gate", f"{base}/gate/")
    return run(root, "--archive", *api, *QUICK, *arguments)


def test_copies_are_written_into_tables_that_lack_one(book, web):
    base, counts = web
    file = book / "manuscript/links.toml"
    before = REGISTRY.format(base=base)
    file.write_text(before, "utf-8")
    archived(book, base)
    after = file.read_text("utf-8")
    found = LinksFile.model_validate(read_own_toml(after)).root
    copy = found[f"{base}/ok"]
    assert copy.archive == "https://web.archive.org/web/20250503000000/copy"
    assert str(copy.archived) == "2025-05-03"
    assert found[f"{base}/moved"].archive.startswith("https://web.archive.org/")
    assert list(found) == [f"{base}/ok", f"{base}/moved"]
    kept = [line for line in after.splitlines() if line in before.splitlines()]
    assert kept == before.splitlines()
    assert counts.times("/gone") == 0  # an archive was asked, and no page


def test_a_copy_that_another_archive_has_is_found_by_memento(tmp_path, web):
    base, _ = web
    text = f"# One\n\nA [page]({base}/nothing/with-memento), [no]({base}/nothing).\n"
    root = make(tmp_path / "book", {"manuscript/one.md": text})
    archived(root, base)
    first, second = listed(root)
    assert first["archive"] == f"{base}/memento/1"
    assert first["archived"] == "2024-05-06"
    assert second["archive"] == ""


def test_missing_tables_are_added_at_the_end(book, web):
    base, _ = web
    file = book / "manuscript/links.toml"
    before = REGISTRY.format(base=base)
    file.write_text(before, "utf-8")
    run(book, "--online", "--write", *QUICK)
    after = file.read_text("utf-8")
    assert after.startswith(before)
    found = LinksFile.model_validate(read_own_toml(after)).root
    assert list(found) == [f"{base}/{n}" for n in ("ok", "moved", "gone", "elsewhere")]
    assert found[f"{base}/elsewhere"].title == "A & B"
    assert found[f"{base}/elsewhere"].accessed is not None
    assert found[f"{base}/gone"].accessed is None
    again = run(book, "--write")
    assert file.read_text("utf-8") == after
    assert again.exit_code == 0


def test_a_registry_is_made_where_there_is_none(book, web):
    base, _ = web
    run(book, "--write")
    text = (book / "manuscript/links.toml").read_text("utf-8")
    assert read_own_toml(text)[f"{base}/ok"] == {"title": "The page"}
    checked = CliRunner().invoke(app, ["check", "--no-validators", str(book)])
    assert "registry" not in checked.stderr


def test_a_registry_with_a_fault_is_left_as_it_is(book):
    file = book / "manuscript/links.toml"
    file.write_text('["https://example.org"\n', "utf-8")
    done = run(book, "--write")
    assert done.exit_code == 1
    assert "config-syntax" in done.stderr
    assert file.read_text("utf-8") == '["https://example.org"\n'


# Dates


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_dates_and_copies(language):
    import datetime as dt

    said = words(language, {})
    dates = {said_date(dt.date(2025, month, 3), said) for month in range(1, 13)}
    assert len(dates) == 12
    assert all("2025" in date and "3" in date for date in dates)
    assert "{date}" in said["accessed"]
    assert "{address}" in said["archived"]
    assert "{address}" in said["archived_at"]


def test_the_current_folder_is_the_project(book, web, monkeypatch):
    base, _ = web
    monkeypatch.chdir(book)
    done = run("--online", "--write", *QUICK)
    assert done.exit_code == 1
    assert f"{base}/elsewhere" in read_own_toml(
        Path("manuscript/links.toml").read_text("utf-8")
    )
