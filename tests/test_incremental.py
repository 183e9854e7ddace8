"""A rebuild gives the bytes of a clean build, and does only what the edit asks for."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from memobook.fresh import store_of, unchanged
from memobook.pipeline import build
from memobook.workers import Workers
from tests.harness import make

STEPS = 24

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


def edit(root: Path, rng: random.Random) -> str:
    name, change = rng.choice(EDITS)
    change(root, rng)
    return name


def grow(root: Path, rng: random.Random) -> None:
    path = root / "manuscript" / f"{rng.choice('abc')}.md"
    more = text("x", rng.randrange(1, 25), rng).split("---\n")[2]
    path.write_text(path.read_text() + more)


def shrink(root: Path, rng: random.Random) -> None:
    name = rng.choice("abc")
    fresh = text(name, rng.randrange(2, 9), rng)
    (root / "manuscript" / f"{name}.md").write_text(fresh)


def reorder(root: Path, rng: random.Random) -> None:
    names = rng.sample(["a.md", "b.md", "c.md"], 3)
    path = root / "manuscript" / "book.toml"
    lines = path.read_text().split("\n")
    at = next(i for i, line in enumerate(lines) if line.startswith("memos ="))
    lines[at] = "memos = [" + ", ".join(f'"{n}"' for n in names) + "]"
    path.write_text("\n".join(lines))


def restyle(root: Path, rng: random.Random) -> None:
    rules = [
        "p { color: #333 }",
        "@page :left { margin-left: 30mm }",
        "h2 { font-size: 20pt }",
        "",
    ]
    (root / "styles").mkdir(exist_ok=True)
    (root / "styles" / "print.css").write_text(rng.choice(rules))


def retitle(root: Path, rng: random.Random) -> None:
    path = root / "manuscript" / f"{rng.choice('abc')}.md"
    number = rng.randrange(1000)
    head, _, rest = path.read_text().partition("title: ")
    path.write_text(
        f"{head}title: Memo {number} {path.stem}\n{rest.partition(chr(10))[2]}"
    )


def override(root: Path, rng: random.Random) -> None:
    path = root / "styles" / "memo.html.j2"
    path.parent.mkdir(exist_ok=True)
    if path.exists():
        path.unlink()
    else:
        path.write_text(
            '{% extends "memobook/memo.html.j2" %}'
            "{% block heading %}{{ super() }}<p>Draft</p>{% endblock %}"
        )


def resettle(root: Path, rng: random.Random) -> None:
    path = root / "manuscript" / "book.toml"
    head = path.read_text().partition("[pdf]")[0]
    start = rng.choice(["right", "next"])
    path.write_text(f'{head}[pdf]\npaper = "a5"\nmemos_start = "{start}"\n')


Edit = tuple[str, Callable[[Path, random.Random], None]]
EDITS: list[Edit] = [
    ("grow", grow),
    ("shrink", shrink),
    ("reorder", reorder),
    ("restyle", restyle),
    ("retitle", retitle),
    ("override", override),
    ("resettle", resettle),
]


def outputs(root: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in (root / "build").iterdir() if p.is_file()}


@pytest.mark.parametrize("seed", [1, 2])
def test_after_any_edits_a_rebuild_is_a_clean_build(tmp_path, workers, seed):
    rng = random.Random(seed)
    root = project(tmp_path / "book", rng)
    done = []
    with Workers(1) as single:
        for step in range(STEPS // 2):
            done.append(edit(root, rng))
            build(root, workers=workers)
            rebuilt = outputs(root)
            clean = tmp_path / "clean" / str(step)
            build(root, workers=single if step % 2 else workers, cache=clean)
            assert outputs(root) == rebuilt, done


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
    store = store_of(root, None)
    formats = ("pdf", "epub")
    assert unchanged(root, formats, None, store) is None
    report = build(root, workers=workers)
    found = unchanged(root, formats, None, store)
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
    ids=["memo", "new memo", "no pdf", "other epub", "no manifest", "new style", "new template"],
)
def test_any_change_is_something_to_do(tmp_path, workers, change):
    root = project(tmp_path / "book", random.Random(6))
    build(root, workers=workers)
    change(root)
    assert unchanged(root, ("pdf", "epub"), None, store_of(root, None)) is None


def test_the_manifest_of_another_format_is_something_to_do(tmp_path, workers):
    root = project(tmp_path / "book", random.Random(8))
    build(root, workers=workers)
    manifest = (root / "build/a-small-book.json").read_bytes()
    build(root, workers=workers, formats=("epub",))
    assert unchanged(root, ("pdf", "epub"), None, store_of(root, None)) is None
    build(root, workers=workers)
    assert (root / "build/a-small-book.json").read_bytes() == manifest


def test_another_format_or_date_is_something_to_do(tmp_path, workers):
    root = project(tmp_path / "book", random.Random(7))
    build(root, workers=workers)
    store = store_of(root, None)
    assert unchanged(root, ("pdf",), None, store) is None
    assert unchanged(root, ("pdf", "epub"), 86400, store) is None
