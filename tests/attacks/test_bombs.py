"""Bombs end within their limits, are told by their files, and harm no neighbour.

They are all built at once, as many books of strangers would be: a book of each kind of
bomb, and an honest one. How long it takes is not measured here; that it ends is.
"""

import pytest

from tests.attacks.bombs import KINDS, Built, built, write
from tests.harness import make

SIZE = 300
MOST = 500 << 20
"""Bytes of memory that the command's own process may have."""

# Which cannot end by themselves, in any time or memory that a build could have?
ENDLESS = {
    "layout": ["flex", "variables"],
    "extras": ["row"],
}
# Which are refused before an engine sees them?
REFUSED = {
    "spans": {"colspan": "limit-exceeded", "rowspan": "limit-exceeded"},
    "pictures": {
        "huge-png": "image-too-large",
        "endless-png": "image-too-large",
        "large-png": "image-too-large",
        "large-jpg": "image-too-large",
        "large-webp": "image-too-large",
        "huge-gif": "image-too-large",
        "text-png": "image-unreadable",
    },
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("bombs")


@pytest.fixture(scope="module")
def done(folder) -> Built:
    roots = [write(folder, kind, bombs(SIZE)) for kind, bombs in KINDS.items()]
    honest = make(folder / "honest", {"manuscript/a.md": "# A\n\nText.\n"})
    return built([*roots, honest])


def codes(done: Built, kind: str) -> dict[str, set[str]]:
    """Return what was found in a book of bombs: path -> codes."""
    found: dict[str, set[str]] = {}
    for each in done.found:
        book, _, path = str(each["path"]).rpartition("manuscript/")
        if f"/{kind}/" in f"/{book}":
            found.setdefault(path, set()).add(str(each["code"]))
    return found


def test_there_are_many_bombs():
    assert sum(len(bombs(SIZE)) for bombs in KINDS.values()) >= 100


def test_the_command_ends_with_errors_and_without_a_traceback(done):
    assert done.code == 1, done.text
    assert "Traceback" not in done.text


def test_the_command_itself_stays_small(done):
    assert 0 < done.peak < MOST


def test_the_other_books_are_built(done, folder):
    names = {path.suffix for path in (folder / "honest/build").iterdir()}
    assert {".pdf", ".epub"} <= names


@pytest.mark.parametrize("kind", KINDS)
def test_a_book_of_bombs_is_not_written(kind, done, folder):
    written = [p.name for p in (folder / kind / "build").glob("*.*")]
    assert [n for n in written if n.endswith((".pdf", ".epub"))] == []


@pytest.mark.parametrize("kind", KINDS)
def test_each_error_stands_in_a_bomb_and_none_in_its_honest_neighbour(kind, done):
    files = {f"{name}.md" for name in KINDS[kind](SIZE)}
    assert codes(done, kind)
    assert set(codes(done, kind)) <= files


@pytest.mark.parametrize(
    ("kind", "name"), [(k, name) for k, names in ENDLESS.items() for name in names]
)
def test_what_never_ends_is_ended_and_told_by_its_file(kind, name, done):
    assert "limit-exceeded" in codes(done, kind).get(f"{name}.md", set())


@pytest.mark.parametrize(
    ("kind", "name", "code"),
    [(k, name, code) for k, found in REFUSED.items() for name, code in found.items()],
)
def test_what_is_plainly_too_much_is_refused(kind, name, code, done):
    assert code in codes(done, kind).get(f"{name}.md", set())
