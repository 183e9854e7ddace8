import re
import tomllib
from importlib import resources
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memobook import looking
from memobook.project.scaffold import create
from memobook.project.schema import BookFile

FILES = [
    ".gitignore",
    "manuscript/book.schema.json",
    "manuscript/book.toml",
    "manuscript/images/link.svg",
    "manuscript/links.md",
    "manuscript/look.md",
    "manuscript/start.md",
    "manuscript/text.md",
    "styles/epub.css",
    "styles/print.css",
]


def written(folder: Path) -> list[str]:
    paths = (p for p in folder.rglob("*") if p.is_file())
    return sorted(p.relative_to(folder).as_posix() for p in paths)


def title_in(folder: Path) -> str:
    text = (folder / "manuscript/book.toml").read_text("utf-8")
    return str(tomllib.loads(text)["book"]["title"])


# Files


def test_a_new_project_has_these_files_and_no_others(tmp_path):
    paths = create(tmp_path / "a" / "book", "A Title")

    found = written(tmp_path / "a" / "book")
    assert found == FILES
    assert [p.relative_to(tmp_path / "a" / "book").as_posix() for p in paths] == FILES


def test_only_the_title_differs_from_what_is_packaged(tmp_path):
    create(tmp_path, "A Title")

    source = resources.files("memobook.project").joinpath("new")
    for name in set(FILES) - {"manuscript/book.schema.json"}:
        packaged = source.joinpath(name.replace(".gitignore", "dot-gitignore"))
        expected = packaged.read_bytes()
        if name == "manuscript/book.toml":
            expected = expected.replace(b"A Book of Memos", b"A Title")
        assert (tmp_path / name).read_bytes() == expected


def test_what_is_built_is_ignored_by_git(tmp_path):
    create(tmp_path, "A Title")

    assert (tmp_path / ".gitignore").read_text("utf-8") == "build/\n"


@pytest.mark.parametrize("name", FILES)
def test_an_existing_file_is_never_touched(tmp_path, name):
    mine = tmp_path / name
    mine.parent.mkdir(parents=True, exist_ok=True)
    mine.write_text("mine", "utf-8")

    with pytest.raises(FileExistsError) as error:
        create(tmp_path, "A Title")

    assert error.value.args == (mine,)
    assert written(tmp_path) == [name]
    assert mine.read_text("utf-8") == "mine"


def test_a_file_in_the_place_of_a_folder_stops_it_before_anything_is_written(
    tmp_path,
):
    mine = tmp_path / "manuscript"
    mine.write_text("mine", "utf-8")

    with pytest.raises(FileExistsError) as error:
        create(tmp_path, "A Title")

    assert error.value.args == (mine,)
    assert written(tmp_path) == ["manuscript"]


def test_a_link_that_leads_nowhere_is_not_written_through(tmp_path):
    (tmp_path / "styles").mkdir()
    (tmp_path / "styles/print.css").symlink_to(tmp_path / "elsewhere.css")

    with pytest.raises(FileExistsError):
        create(tmp_path, "A Title")

    assert written(tmp_path) == []


def test_other_files_of_the_folder_do_not_matter(tmp_path):
    (tmp_path / "manuscript").mkdir()
    (tmp_path / "manuscript/draft.txt").write_text("mine", "utf-8")

    create(tmp_path, "A Title")

    assert written(tmp_path) == sorted([*FILES, "manuscript/draft.txt"])


# Title


@pytest.mark.parametrize(
    "title",
    [
        'The "Best" Book',
        r"C:\new\table",
        '\\"',
        "Two\nlines",
        "अ 漢 😀 é",
        "Bell \x07, delete \x7f",
        "# [not] = 'a table'",
    ],
)
def test_any_title_is_written_as_toml(tmp_path, title):
    create(tmp_path, title)

    assert title_in(tmp_path) == title


@settings(deadline=None, max_examples=50)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=30))
def test_every_title_comes_back_as_it_went_in(tmp_path_factory, title):
    folder = tmp_path_factory.mktemp("book")
    create(folder, title)

    assert title_in(folder) == title


def test_a_title_with_bytes_that_are_no_text_can_be_read(tmp_path):
    create(tmp_path, "bad \udcff")

    assert title_in(tmp_path) == "bad ?"


# Content


def test_the_new_project_has_no_finding(tmp_path):
    create(tmp_path, "A Title")

    assert looking.check(tmp_path) == ()


def test_settings_that_stand_in_the_new_book_are_the_defaults(tmp_path):
    create(tmp_path, "A Title")

    text = (tmp_path / "manuscript/book.toml").read_text("utf-8")
    book = BookFile.model_validate(tomllib.loads(text))
    for name in ("links", "epub", "style", "check"):
        table = getattr(book, name)
        assert table == type(table)(), name


def test_the_manual_names_the_blocks_that_templates_have(tmp_path):
    create(tmp_path, "A Title")

    text = (tmp_path / "manuscript/look.md").read_text("utf-8")
    rows = re.findall(r"^\| `(\S+\.j2)` \| (.*) \|$", text, re.MULTILINE)
    assert len(rows) == 5
    for name, cell in rows:
        template = resources.files("memobook.design").joinpath("templates", name)
        blocks = re.findall(r"{% block (\w+)", template.read_text("utf-8"))
        shown = [b for b in blocks if b not in {"type", "content"}]
        assert re.findall(r"`(\w+)`", cell) == shown, name


def test_the_example_of_a_template_works(tmp_path):
    create(tmp_path, "A Title")
    text = (tmp_path / "manuscript/look.md").read_text("utf-8")
    found = re.search(r"```jinja\n(.*?)```", text, re.DOTALL)
    assert found is not None

    (tmp_path / "styles/memo.html.j2").write_text(found[1], "utf-8")

    assert looking.check(tmp_path) == ()
