"""A rebuild does only what the edit asks for; test_rebuilds.py compares what it gives."""

import random
from pathlib import Path

import pytest

from memobook.fresh import Order, unchanged
from memobook.pipeline import build
from memobook.workers import Workers
from tests.harness import make

WORDS = "A policy team writes memos and a press makes books of them in a day".split()


@pytest.fixture(scope="module")
def workers():
    with Workers(2) as made:
        yield made


def text(name: str, sentences: int, rng: random.Random) -> str:
    lines = [f"---\ntitle: Memo {name}\n---\n"]
    for n in range(sentences):
        link = f"[{rng.choice(WORDS)}](https://example.org/{rng.randrange(9)})"
        lines.append(f"{' '.join(rng.choices(WORDS, k=14))} {link}.\n")
        if n % 5 == 2:
            lines.append(f"\n## Section {n} of {name}\n")
        if n % 4 == 3:
            lines.append("\nSee [the first memo](a.md) and [the last](c.md).\n")
    return "\n".join(lines)


def project(root: Path, rng: random.Random) -> Path:
    memos = {f"manuscript/{n}.md": text(n, 6, rng) for n in "abc"}
    return make(root, memos)


def test_an_edit_lays_out_its_memo_and_the_contents_at_most(tmp_path, workers):
    rng = random.Random(3)
    root = project(tmp_path / "book", rng)
    build(root, workers=workers)
    path = root / "manuscript" / "b.md"
    path.write_text(
        path.read_text().replace("A policy", "Another policy", 1) + "\nEnd.\n"
    )
    report = build(root, workers=workers)
    assert report.laid_out <= 3


def test_a_page_added_at_the_front_lays_out_no_other_memo(tmp_path, workers):
    rng = random.Random(4)
    root = project(tmp_path / "book", rng)
    build(root, workers=workers)
    path = root / "manuscript" / "a.md"
    path.write_text(path.read_text() + text("x", 40, rng).split("---\n")[2])
    before = {p.name for p in (root / "build/.cache/sheets").glob("*.sheet")}
    build(root, workers=workers)
    after = {p.name for p in (root / "build/.cache/sheets").glob("*.sheet")}
    # The memo itself, and the contents, which name its headings and every page.
    assert len(after - before) <= 4


def test_a_build_with_nothing_to_do_is_found_to_be_one(tmp_path, workers):
    root = project(tmp_path / "book", random.Random(5))
    assert unchanged(Order(root=root)) is None
    report = build(root, workers=workers)
    found = unchanged(Order(root=root))
    assert found is not None
    assert found.nothing_changed
    assert found.outputs == report.outputs


@pytest.mark.parametrize(
    "change",
    [
        lambda root: (root / "manuscript/a.md").write_text("# A\n\nNew.\n"),
        lambda root: (root / "manuscript/new.md").write_text("# New\n\nText.\n"),
        lambda root: (root / "build/a-small-book.pdf").unlink(),
        lambda root: (root / "build/a-small-book.epub").write_bytes(b"x"),
        lambda root: (root / "build/a-small-book.json").unlink(),
        lambda root: (
            (root / "styles").mkdir()
            or (root / "styles/print.css").write_text("p { color: red }")
        ),
        lambda root: (
            (root / "styles").mkdir() or (root / "styles/memo.html.j2").write_text("x")
        ),
    ],
    ids=[
        "memo",
        "new memo",
        "no pdf",
        "other epub",
        "no manifest",
        "new style",
        "new template",
    ],
)
def test_any_change_is_something_to_do(tmp_path, workers, change):
    root = project(tmp_path / "book", random.Random(6))
    build(root, workers=workers)
    change(root)
    assert unchanged(Order(root=root)) is None


def test_the_manifest_of_another_format_is_something_to_do(tmp_path, workers):
    root = project(tmp_path / "book", random.Random(8))
    build(root, workers=workers)
    manifest = (root / "build/a-small-book.json").read_bytes()
    build(root, workers=workers, formats=("epub",))
    assert unchanged(Order(root=root)) is None
    build(root, workers=workers)
    assert (root / "build/a-small-book.json").read_bytes() == manifest


def test_another_format_or_date_is_something_to_do(tmp_path, workers):
    root = project(tmp_path / "book", random.Random(7))
    build(root, workers=workers)
    assert unchanged(Order(root=root, formats=("pdf",))) is None
    assert unchanged(Order(root=root, epoch=86400)) is None
