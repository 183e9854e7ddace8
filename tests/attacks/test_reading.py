"""Nothing beside a project is read into its book, by whatever name and through
whatever door; nobody is called; and each door is shown to be open for what is inside.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from memobook import pipeline
from memobook.cli import app
from memobook.design.theme import load_theme
from memobook.diagnostics import Diagnostic, MemobookError, Reporter
from memobook.fresh import FORMATS
from memobook.project.config import load
from memobook.project.files import Files
from memobook.project.trust import TRUSTED, UNTRUSTED, Trust
from memobook.store import key_of
from memobook.workers import Workers
from tests.attacks.canaries import (
    INSIDE,
    OUTSIDE,
    PLACE,
    VARIABLE,
    Server,
    addresses,
    found,
    linked,
    listening,
    plant,
    unpacked,
)
from tests.harness import fonts_of, make

# So that the book is made whatever is wrong in it, and there is where to look.
LOWERED = """
[check]
warn = [
    "config-memo-missing", "drawing-not-allowed", "file-outside", "font-not-found",
    "html-not-allowed", "citation-style", "fetched-altered", "config-memo-twice",
    "heading-second-title", "html-unclosed", "image-missing", "image-unreadable", "image-without-alt",
    "include-missing", "library-broken", "link-reference-undefined", "link-scheme",
    "link-target-missing", "resource-remote", "source-not-utf8", "style-ignored",
    "table-file", "parity-pictures", "parity-headings", "parity-words", "parity-links",
]
[pdf]
paper = "a5"
"""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with listening() as server:
        yield server


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    """Start the workers with a canary in the environment."""
    with pytest.MonkeyPatch.context() as patch, Workers(1) as workers:
        patch.setenv(VARIABLE, OUTSIDE.decode())
        yield workers


@dataclass(frozen=True)
class Tried:
    """What came of an attack."""

    root: Path
    cache: Path
    diagnostics: tuple[Diagnostic, ...]
    is_built: bool

    @property
    def errors(self) -> list[str]:
        """Return what keeps the book from being made."""
        return [f"{d.code.value}: {d.message}" for d in self.diagnostics if d.is_error]

    def leaks(self, canary: bytes = OUTSIDE) -> list[str]:
        """Return where a canary is: in outputs, cache, or what is said."""
        said = " ".join(f"{d.message} {d.hint}" for d in self.diagnostics).encode()
        where = found(canary, self.root / "build", self.cache)
        return [*where, *["diagnostics"] * (canary in said)]


@dataclass(frozen=True)
class Press:
    """Builds books that attack."""

    folder: Path
    fonts: Path
    server: Server
    workers: Workers

    @property
    def root(self) -> Path:
        return self.folder / "book"

    def addresses(self, name: str) -> dict[str, str]:
        """Return what a file outside may be called; make what that needs."""
        plant(self.folder / PLACE, OUTSIDE)
        plant(self.folder / "book-2", OUTSIDE)
        linked(self.root, name)
        return addresses(self.folder, self.server.port, name)

    def build(
        self,
        files: Mapping[str, str | bytes],
        settings: str = LOWERED,
        trust: Trust = TRUSTED,
        formats: tuple[str, ...] = FORMATS,
    ) -> Tried:
        plant(self.root / "manuscript" / "inside", INSIDE)
        make(self.root, files, settings)
        cache = fonts_of(self.fonts, self.folder / "cache")
        before = len(self.server.calls)
        is_built = True
        try:
            told = pipeline.build(
                self.root,
                formats=formats,
                cache=cache,
                workers=self.workers,
                trust=trust,
            ).diagnostics
        except MemobookError as error:
            told, is_built = error.diagnostics, False
        assert self.server.calls[before:] == []
        return Tried(self.root, cache, told, is_built)


@pytest.fixture
def press(
    tmp_path: Path, shared_cache: Path, server: Server, workers: Workers
) -> Press:
    (tmp_path / "cache").mkdir()
    return Press(tmp_path, shared_cache, server, workers)


def in_css(address: str) -> str:
    escaped = address.replace("\\", "\\\\").replace('"', '\\"')
    return f'url("{escaped}")'


# The doors through which an address may be read: what stands there, of many addresses.

Files_ = dict[str, str | bytes]


def pictures(these: list[str]) -> Files_:
    lines = [f"![A picture](<{a}>)\n\n<img src='{a}' alt='A picture'/>" for a in these]
    return {"manuscript/a.md": "# A\n\nText.\n\n" + "\n\n".join(lines) + "\n"}


def markup(these: list[str]) -> Files_:
    forms = (
        "<a rel='attachment' href='{}'>x</a>",
        "[x](<{}>){{rel=attachment}}",
        "<link rel='attachment' href='{}'/>",
        "<link rel='stylesheet' href='{}'/>",
        "<base href='{}'/><img src='secret.svg' alt='x'/>",
        "<object data='{}'>x</object>",
        "<embed src='{}'/>",
        "<iframe src='{}'></iframe>",
        "<video poster='{}' src='{}'></video>",
        "<p style='background: url({})'>x</p>",
        "<style>@import '{}'; p {{ background: url('{}') }}</style>",
        "<svg><image href='{}'/><use href='{}#x'/></svg>",
        "<img srcset='{} 2x' alt='x'/>",
        "<math href='{}'><mi>x</mi></math>",
    )
    # Each address in three of the forms, and each form with a third of the addresses.
    chosen = [
        (a, forms[(i + n) % len(forms)]) for i, a in enumerate(these) for n in (0, 5, 9)
    ]
    lines = [form.replace("{}", a) for a, form in chosen]
    lines = [line.replace("{{", "{").replace("}}", "}") for line in lines]
    return {"manuscript/a.md": "# A\n\nText.\n\n" + "\n\n".join(lines) + "\n"}


def styles(these: list[str]) -> Files_:
    urls = [in_css(a) for a in these]
    listed = ", ".join(urls)
    rules = [
        *(f"@import {url};" for url in urls),
        *(
            f'@font-face {{ font-family: "f{i}"; src: {url} }}'
            for i, url in enumerate(urls)
        ),
        *(f"@color-profile --c{i} {{ src: {u} }}" for i, u in enumerate(urls)),
        f"body {{ background-image: {listed} }}",
        f"@page {{ background-image: {listed} }}",
        f"h2 {{ cursor: {urls[0]}, auto; mask-image: {urls[0]} }}",
        *(
            f"p:nth-of-type({i + 1})::before {{ content: {url} }}"
            f"p:nth-of-type({i + 1}) {{ font-family: f{i}; border-image: {url} 1 }}"
            f"li:nth-of-type({i + 1}) {{ list-style-image: {url} }}"
            for i, url in enumerate(urls)
        ),
    ]
    text = "\n\n".join("Text." for _ in these) + "\n\n## More\n\n"
    items = "\n".join("- item" for _ in these)
    sheet = "\n".join(rules)
    return {
        "manuscript/a.md": f"# A\n\n{text}{items}\n",
        "styles/print.css": sheet,
        "styles/epub.css": sheet,
    }


def drawings(these: list[str]) -> Files_:
    parts = [
        f"<image href='{a}' width='9' height='9'/><image xlink:href='{a}' width='9' "
        f"height='9'/><use href='{a}#x'/><use xlink:href='{a}'/><rect width='9' "
        f"height='9' fill='url({a}#x)' filter='url({a}#y)' style='mask: url({a}#z)'/>"
        f"<style>@import url('{a}'); @font-face {{ font-family: x; src: url('{a}') }}"
        f"</style><foreignObject><img src='{a}'/></foreignObject><feImage href='{a}'/>"
        for a in these
    ]
    head = "".join(f"<?xml-stylesheet href='{a}' type='text/css'?>" for a in these)
    names = (
        "xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink'"
    )
    good = f"{head}<svg {names} width='99' height='99'>{''.join(parts)}</svg>"
    entities = {
        f"manuscript/images/entity-{i}.svg": f"<!DOCTYPE svg [<!ENTITY e SYSTEM '{a}'>"
        f"<!ENTITY % p SYSTEM '{a}'> %p;]><svg {names}><text y='9'>&e;</text></svg>"
        for i, a in enumerate(these)
    }
    shown = "\n\n".join(f"![x](images/{Path(name).name})" for name in entities)
    text = f"# A\n\n![A drawing](images/drawn.svg)\n\n{shown}\n"
    return {"manuscript/a.md": text, "manuscript/images/drawn.svg": good, **entities}


def includes(these: list[str]) -> Files_:
    lines = "\n\n".join(f"{{{{ include {a} }}}}" for a in these)
    return {"manuscript/a.md": f"# A\n\nText.\n\n{lines}\n"}


def listed(these: list[str]) -> str:
    return ", ".join("'" + a.replace("'", "") + "'" for a in these)


def libraries(these: list[str]) -> str:
    return f"{LOWERED}[citations]\nlibrary = [{listed(these)}]\n"


DOORS = {
    # Door -> what is written there, the kind of file, and how one inside is named.
    "pictures as drawings": (pictures, "secret.svg", "inside/"),
    "pictures as pixels": (pictures, "secret.png", "inside/"),
    "includes": (includes, "secret.md", "inside/"),
    "tables": (includes, "secret.csv", "inside/"),
    "style sheets": (styles, "secret.svg", "../manuscript/inside/"),
    "imported sheets": (styles, "secret.css", "../manuscript/inside/"),
}
"""Those through which what is inside does come."""

SHUT = {
    "markup": (markup, "secret.svg"),
    "drawings": (drawings, "secret.svg"),
    "attachments": (markup, "secret.txt"),
}
"""Those through which nothing comes, not even from inside."""


@pytest.mark.parametrize("door", DOORS)
def test_no_address_brings_in_what_is_outside_and_each_door_works(press, door):
    write, name, place = DOORS[door]
    these = press.addresses(name)
    assert len(these) >= 40
    tried = press.build(write([*these.values(), f"{place}{name}"]))
    assert tried.is_built, tried.errors
    assert tried.leaks() == []
    assert tried.leaks(INSIDE) != []


@pytest.mark.parametrize("door", SHUT)
def test_nothing_comes_through_doors_that_are_shut(press, door):
    write, name = SHUT[door]
    tried = press.build(write([*press.addresses(name).values()]))
    assert tried.is_built, tried.errors
    assert tried.leaks() == []


def test_no_list_of_settings_brings_in_what_is_outside(press):
    """Memos, libraries, styles of citations and a cover, and what was fetched."""
    memos = [*press.addresses("secret.md").values()]
    works = [*press.addresses("secret.bib").values()]
    lock = {a: {"file": a, "sha256": "0" * 64, "date": "2026-01-01"} for a in memos}
    book = (
        f"[book]\ntitle = 'A book'\nlanguage = 'en'\n"
        f"[contents]\nmemos = ['a.md', {listed(memos)}, 'inside/secret.md']\n{LOWERED}"
        f"[citations]\nlibrary = [{listed(works)}, 'inside/secret.bib']\n"
        f"style = '../../{PLACE}/secret.csl'\n"
    )
    files: dict[str, str | bytes] = {
        "manuscript/book.toml": book,
        "manuscript/a.md": "# A\n\nText [@hoyt].\n",
        "manuscript/fetched.lock": json.dumps({"version": 1, "files": lock}),
    }
    tried = press.build(files)
    assert tried.is_built, tried.errors
    assert tried.leaks() == []
    assert tried.leaks(INSIDE) != []


@pytest.mark.parametrize("name", ["absolute", "up", "a link to a file", "a pipe"])
def test_no_cover_is_what_is_outside(press, name):
    cover = press.addresses("secret.png")[name]
    book = {"manuscript/a.md": "# A\n\nText.\n"}
    tried = press.build(
        book, f"{LOWERED}[epub]\ncover = '{cover}'\n", formats=("epub",)
    )
    assert tried.leaks() == []


def test_a_cover_from_inside_is_the_cover(press):
    settings = f"{LOWERED}[epub]\ncover = 'inside/secret.png'\n"
    tried = press.build(
        {"manuscript/a.md": "# A\n\nText.\n"}, settings, formats=("epub",)
    )
    assert tried.leaks(INSIDE) != []


FORMS = (
    "{{% include '{0}' %}}",
    "{{% import '{0}' as x %}}{{{{ x }}}}",
    "{{% from '{0}' import x %}}",
    "{{% extends '{0}' %}}",
    "{{% include ['{0}', 'none.j2'] %}}",
)


def test_no_template_brings_in_what_is_outside(press):
    addresses = press.addresses("secret.j2")
    links = press.root / "styles"
    linked(press.root, "secret.j2", "styles")
    names = [*addresses.values(), f"shelf/../../../{PLACE}/secret.j2"]
    names.append(f"memobook/../../../../../../..{press.folder}/{PLACE}/secret.j2")
    plant(links / "inside", INSIDE)
    root = make(press.root, {"manuscript/a.md": "# A\n\nText.\n"})
    tried = [(name, form) for name in names for form in FORMS]
    for index, (name, form) in enumerate(tried):
        (links / f"t{index}.j2").write_text(form.format(name.replace("\\", "\\\\")))
    (links / "good.j2").write_text(FORMS[0].format("inside/secret.j2"))
    files, reporter = Files(root.resolve()), Reporter()
    project = load(files, reporter)
    assert project is not None
    theme = load_theme(project, files, reporter)
    shown = "".join(theme.render(f"t{i}.j2", reporter) for i in range(len(tried)))
    said = "".join(d.message + d.hint for d in reporter.diagnostics)
    assert OUTSIDE.decode() not in shown + said
    assert INSIDE.decode() in theme.render("good.j2", reporter)


@pytest.mark.parametrize(
    "places",
    [
        {
            "styles/print.css": "secret.css",
            "styles/epub.css": "secret.css",
            "styles/fonts/LICENSE": "secret.txt",
            "manuscript/links.toml": "secret.toml",
            "manuscript/b.md": "secret.md",
        },
        {"styles/memo.html.j2": "secret.j2"},
        {"styles/fonts": ""},
        {"styles": ""},
    ],
    ids=lambda places: next(iter(places)),
)
def test_no_link_in_the_place_of_a_file_is_followed(press, places):
    plant(press.folder / PLACE, OUTSIDE)
    outside = press.folder / PLACE
    shutil.copy(outside / "secret.css", outside / "print.css")
    shutil.copy(outside / "secret.css", outside / "epub.css")
    for place, name in places.items():
        (press.root / place).parent.mkdir(parents=True, exist_ok=True)
        (press.root / place).symlink_to(outside / name)
    book: dict[str, str | bytes] = {
        "manuscript/a.md": "# A\n\n- A [page](https://example.org/)\n",
    }
    tried = press.build(book)
    assert tried.leaks() == []
    assert tried.leaks(PLACE.encode()) == []


def test_what_stands_in_the_place_itself_is_used(press):
    """The control of the one above."""
    plant(press.folder / PLACE, INSIDE)
    sheet = (press.folder / PLACE / "secret.css").read_bytes()
    book: dict[str, str | bytes] = {
        "manuscript/a.md": "# A\n\n- Text\n",
        "styles/print.css": sheet,
    }
    assert press.build(book, formats=("pdf",)).leaks(INSIDE) != []


@pytest.mark.parametrize("trust", [TRUSTED, UNTRUSTED])
def test_only_a_trusted_shelf_shares_what_is_outside_of_it(press, trust):
    shelf = press.folder / "shelf"
    plant(press.folder / PLACE, OUTSIDE)
    house = press.folder / PLACE
    shutil.copy(house / "secret.css", house / "print.css")
    shelf.mkdir()
    (shelf / "shelf.toml").write_text(
        f"[shelf]\nbooks = ['*']\nstyles = '{house}'\nlinks = '{house}/secret.toml'\n"
    )
    within = Press(shelf, press.fonts, press.server, press.workers)
    (shelf / "cache").mkdir()
    book = {"manuscript/a.md": "# A\n\n- A [page](https://example.org/)\n"}
    tried = within.build(book, trust=trust, formats=("pdf",))
    assert tried.is_built, tried.errors
    assert bool(tried.leaks()) is (trust is TRUSTED)


def test_a_strangers_build_folder_leads_nowhere(press):
    """The outputs would take the place of other files."""
    (press.folder / PLACE).mkdir()
    press.root.mkdir()
    (press.root / "build").symlink_to(press.folder / PLACE)
    book = {"manuscript/a.md": "# A\n\nText.\n"}
    tried = press.build(book, formats=("epub",), trust=UNTRUSTED)
    assert tried.errors == [
        f"output-not-writable: build is a link to {press.folder / PLACE}"
    ]
    assert [*(press.folder / PLACE).iterdir()] == []


def test_a_cache_that_came_with_a_stranger_is_not_believed(press, monkeypatch):
    """It holds a memo that is not what its text says."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(press.folder / "own"))
    root = make(press.root, {"manuscript/a.md": "# A\n\nText.\n"})
    pipeline.build(root, formats=("epub",), workers=press.workers)
    for path in (root / "build/.cache/memos").glob("*.json"):
        data = path.read_bytes().replace(b"Text.", OUTSIDE)
        path.write_bytes(data)
        digest = path.with_name(f"{path.name}.sha256")
        digest.write_text(key_of(path.name, data))
    made = []
    for trust in (TRUSTED, UNTRUSTED):
        for output in (root / "build").glob("*.epub"):
            output.unlink()
        pipeline.build(root, formats=("epub",), workers=press.workers, trust=trust)
        (epub,) = (root / "build").glob("*.epub")
        made.append(any(OUTSIDE in part for part in unpacked(epub.read_bytes())))
    assert made == [True, False]


@pytest.mark.parametrize("place", ["styles/print.css", "../shelf.toml"])
@pytest.mark.parametrize("target", ["/dev/zero", "pipe"])
def test_nothing_waits_for_a_pipe_or_reads_a_device(press, place, target):
    """Not even to show the line of a finding."""
    os.mkfifo(press.folder / "pipe")
    press.root.mkdir()
    (press.root / place).parent.mkdir(exist_ok=True)
    there = target if target.startswith("/") else press.folder / target
    (press.root / place).symlink_to(there)
    make(press.root, {"manuscript/a.md": "# A\n\nText.\n"})
    asked = ["check", str(press.root), "--no-validators", "--untrusted"]
    done = CliRunner().invoke(app, asked)
    is_style = place.startswith("styles")
    assert ("leads out of the project folder" in done.stderr) is is_style
    assert done.exit_code == int(is_style)


def test_a_schema_is_not_written_through_a_link(press):
    root = make(press.root, {"manuscript/a.md": "# A\n\nText.\n"})
    plant(press.folder / PLACE, OUTSIDE)
    target = press.folder / PLACE / "secret.txt"
    (root / "manuscript/book.schema.json").symlink_to(target)
    assert CliRunner().invoke(app, ["schema", "--write", str(root)]).exit_code == 0
    assert target.read_bytes() == OUTSIDE
