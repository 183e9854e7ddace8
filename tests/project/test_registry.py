"""The registry of links: the book's own, and that of its shelf."""

import zipfile
from pathlib import Path

from memobook import looking
from memobook.diagnostics import Code, Reporter
from memobook.project.files import Files
from memobook.project.registry import read_registry
from tests.harness import built, make

OWN = '["https://example.org/one"]\ntitle = "One of the book"\n'
SHARED = (
    '["https://example.org/one"]\ntitle = "One of the house"\n\n'
    '["https://example.org/two"]\ntitle = "Two of the house"\n\n'
    '["https://example.org/unused"]\ntitle = "For other books"\n'
)
TEXT = "# One\n\n[One](https://example.org/one) and [two](https://example.org/two).\n"


def on_shelf(folder: Path, own: str | None, shared: str) -> Path:
    files = {
        "manuscript/a.md": TEXT,
        "../shelf.toml": "[shelf]\nbooks = ['*']\nlinks = 'links.toml'\n",
        "../links.toml": shared,
    }
    if own:
        files["manuscript/links.toml"] = own
    return make(folder / "book", files)


def test_a_book_s_own_registry_comes_before_that_of_its_shelf(tmp_path):
    reporter = Reporter()
    root = on_shelf(tmp_path, OWN, SHARED)
    known = read_registry(Files(root.resolve()), reporter).known
    assert [entry.title for entry in known.values()] == [
        "One of the book",
        "Two of the house",
        "For other books",
    ]
    assert reporter.diagnostics == ()


def test_notes_say_what_the_shelf_s_registry_says_and_what_others_need_is_no_fault(
    tmp_path,
):
    found = built(on_shelf(tmp_path, None, SHARED), formats=("epub",))
    with zipfile.ZipFile(found.path("epub")) as package:
        names = [n for n in package.namelist() if n.endswith(".xhtml")]
        text = "".join(package.read(name).decode() for name in names)
    assert "Two of the house" in text
    assert "For other books" not in text


def test_a_mistake_in_the_shelf_s_registry_is_told(tmp_path):
    shared = '["https://example.org/one"]\ntitel = "x"\n'
    (found,) = looking.check(on_shelf(tmp_path, None, shared))
    assert (found.code, found.span.path) == (
        Code.CONFIG_UNKNOWN_KEY,
        "@shelf/links.toml",
    )
