"""Every diagnostic code has a tiny project that shows it, with its exact place.

How to add a case is said in tests/README.md.
"""

import os
import shutil
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest

from memobook import console, looking, pipeline
from memobook.bounds import ExceededError, Limit
from memobook.diagnostics import (
    Code,
    Diagnostic,
    MachineError,
    MemobookError,
    Reporter,
    Severity,
    Span,
)
from memobook.fresh import FORMATS as FORMATS_OF_A_BUILD
from memobook.inspection import inspect
from memobook.intake import Imprint, Parsed, ParsedImprint, Text, read
from memobook.outputs.pdf.press import lay_out
from memobook.outputs.pdf.sheet import Sheet
from memobook.outputs.pdf.task import Task
from memobook.project.shelf import load_shelf
from memobook.weblinks.manners import Manners
from memobook.weblinks.story import Wishes, look_at_links
from memobook.workers import Workers, default_jobs
from tests.damages import DAMAGES, damage, fake_ace, fake_java

T = TypeVar("T")
R = TypeVar("R")

CASES = Path(__file__).parent / "cases"
BOOK = "book-with-"  # projects that show no code, but that several things go together

# Which faults show only when the book is built?
BUILT = {
    "book-with-odd-file-names",
    "book-with-writing-without-a-font",
    "cache-not-written",
    "glyph-missing",
    "layout-note",
    "note-moved",
    "output-incomplete",
    "output-not-writable",
    "pages-unsettled",
    "style-ignored",
}
# Which need one output only?
FORMATS = {
    "cache-not-written": ("epub",),
    "output-incomplete": ("epub",),
    "cover-not-drawn": ("epub",),
}

# Which are about finished files, so that the book is built and looked at as it is then?
FINISHED = {
    *DAMAGES,
    "epub-inaccessible",
    "image-coarse",
    "output-not-built",
    "page-heading-at-foot",
    "page-overflow",
    "page-single-line",
    "page-widow",
    "validator-failed",
    "validator-missing",
}

# Which are about pages of the web, so that they need one that stands still?
ON_THE_WEB = {"link-gone"}

NAMES = sorted(path.name for path in CASES.iterdir())


def without_pango(_: Task) -> Sheet:
    message = "Pango, which lays out the pages, cannot be loaded"
    raise MachineError(message, "apt-get install pango")


def dying(task: Task) -> Sheet:
    if task.section.title == "B memo":
        os._exit(1)
    return lay_out(task)


def dying_reader(item: Text | Imprint) -> Parsed | ParsedImprint:
    if "Text of B" in repr(item):
        os._exit(1)
    return read(item)


def endless(task: Task) -> Sheet:
    if task.section.title == "B memo":
        raise ExceededError(Limit.TIME)
    return lay_out(task)


# Which need a machine that the tests do not run on: one without Pango, or memory?


class Instead(Workers):
    """A worker that does something else where it is asked for a layout, or to read."""

    def __init__(self, layout: Callable[[Task], Sheet], reading: Any = read) -> None:
        super().__init__(1)
        self.layout = layout
        self.reading = reading

    def begun(self, work: Callable[[T], R], item: T) -> Future[R]:
        """Begin what stands in for a layout, or the work that is asked for."""
        others: dict[object, Any] = {lay_out: self.layout, read: self.reading}
        done: Any = work if isinstance(work, partial) else others.get(work, work)
        if isinstance(work, partial) and lay_out in work.args:
            done = partial(work.func, self.layout)
        return super().begun(done, item)


LAYOUTS: dict[str, tuple[Any, ...]] = {
    "cover-not-drawn": (without_pango,),
    "layout-died": (dying,),
    "limit-exceeded": (endless,),
    "reading-died": (lay_out, dying_reader),
}

# Which need a memobook without its extras?
WITHOUT = {"extra-missing": ("math_core", "ziamath", "mmdr")}


# Which are about many books?
SHELVES = {"shelf-book-missing"}


def without(packages: tuple[str, ...], work: Callable[[T], R], item: T) -> R:
    """Work as where some packages are not installed."""
    sys.modules.update(dict.fromkeys(packages))  # type: ignore[arg-type]  # None: no such module
    return work(item)


class Without(Workers):
    """A worker of a machine that lacks packages."""

    def __init__(self, packages: tuple[str, ...]) -> None:
        super().__init__(1)
        self.packages = packages

    def begun(self, work: Callable[[T], R], item: T) -> Future[R]:
        """Begin the work where the packages are not."""
        return super().begun(partial(without, self.packages, work), item)


def copied(name: str, folder: Path) -> Path:
    shutil.copytree(CASES / name / "in", folder)
    return folder


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="session")
def workers() -> Iterator[Workers]:
    with Workers(default_jobs()) as shared:
        yield shared


def build(
    root: Path, name: str, cache: Path, workers: Workers
) -> tuple[Diagnostic, ...]:
    formats = FORMATS.get(name, FORMATS_OF_A_BUILD)
    try:
        report = pipeline.build(root, formats=formats, cache=cache, workers=workers)
    except MemobookError as error:
        return error.diagnostics
    return report.diagnostics


def line_of(root: Path, span: Span) -> str | None:
    file = root / span.path
    if not (span.line and file.is_file()):
        return None
    text = file.read_bytes().decode("utf-8-sig", "replace")
    return text.replace("\r\n", "\n").split("\n")[span.line - 1]


def rendered(found: tuple[Diagnostic, ...], style: console.Format, root: Path) -> str:
    text = console.render(found, style, lambda span: line_of(root, span))
    return text.replace(str(root.parent), "FOLDER").replace(
        "FOLDER/book", "PROJECT"
    ) + ("\n" if text else "")


@pytest.mark.parametrize(
    "name",
    [
        n
        for n in NAMES
        if n not in {*LAYOUTS, *FINISHED, *WITHOUT, *SHELVES, *ON_THE_WEB}
    ],
)
def test_a_project_gives_the_expected_diagnostics(
    name, tmp_path, golden, cache, workers
):
    root = copied(name, tmp_path / "book")
    if name == "output-not-writable":
        # Root may write into every folder, but not into a file.
        (root / "build").write_text("in the way")
    if name == "file-too-large":
        (root / "manuscript/map.png").write_bytes(bytes((1 << 20) + 1))
    if name == "cache-not-written":
        cache = tmp_path / "cache"
        cache.write_text("in the way")
    in_full = name in BUILT
    found = build(root, name, cache, workers) if in_full else looking.check(root)
    folder = CASES / name
    golden.check(rendered(found, console.Format.SHORT, root), folder / "expected.txt")
    full = folder / "expected-full.txt"
    if full.exists():
        golden.check(rendered(found, console.Format.FULL, root), full)


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_machine_that_fails_gives_the_expected_diagnostics(name, tmp_path, golden):
    root = copied(name, tmp_path / "book")
    with Instead(*LAYOUTS[name]) as workers:
        found = build(root, name, tmp_path / "cache", workers)
    expected = CASES / name / "expected.txt"
    golden.check(rendered(found, console.Format.SHORT, root), expected)


@pytest.mark.parametrize("name", sorted(SHELVES))
def test_a_shelf_gives_the_expected_diagnostics(name, tmp_path, golden):
    root = copied(name, tmp_path / "book")
    reporter = Reporter()
    load_shelf(root / "shelf.toml", reporter)
    found = reporter.diagnostics
    for style in (console.Format.SHORT, console.Format.FULL):
        full = "-full" if style is console.Format.FULL else ""
        expected = CASES / name / f"expected{full}.txt"
        golden.check(rendered(found, style, root), expected)


@pytest.mark.parametrize("name", WITHOUT)
def test_a_missing_package_gives_the_expected_diagnostics(name, tmp_path, golden):
    root = copied(name, tmp_path / "book")
    with Without(WITHOUT[name]) as workers:
        found = build(root, name, tmp_path / "cache", workers)
    expected = CASES / name / "expected.txt"
    golden.check(rendered(found, console.Format.SHORT, root), expected)


@pytest.mark.parametrize("name", sorted(FINISHED))
def test_a_finished_file_gives_the_expected_diagnostics(
    name, tmp_path, golden, cache, workers, monkeypatch
):
    root = copied(name, tmp_path / "book")
    if name != "output-not-built":
        pipeline.build(root, cache=cache, workers=workers)
    damage(root, name)
    # No validator but those that are put there: their own words are not memobook's.
    programs = tmp_path / "programs"
    programs.mkdir()
    monkeypatch.setenv("PATH", str(programs))
    monkeypatch.chdir(programs)
    if name == "epub-inaccessible":
        fake_ace(programs)
    if name == "validator-failed":
        fake_java(programs)
    asked = name in {"epub-inaccessible", "validator-failed", "validator-missing"}
    found = inspect(root, validators=asked).diagnostics
    shown = tuple(d for d in found if d.code.value == name or not asked)
    expected = CASES / name / "expected.txt"
    golden.check(rendered(shown, console.Format.SHORT, root), expected)
    full = CASES / name / "expected-full.txt"
    if full.exists():
        golden.check(rendered(shown, console.Format.FULL, root), full)


async def no_text() -> AsyncIterator[bytes]:
    yield b""


def page_of_the_web(request: httpx.Request) -> httpx.Response:
    """Answer as a server whose pages are not there if they say so."""
    return httpx.Response(404 if "gone" in request.url.path else 200, content=no_text())


@pytest.mark.parametrize("name", sorted(ON_THE_WEB))
def test_a_page_of_the_web_gives_the_expected_diagnostics(name, tmp_path, golden):
    root = copied(name, tmp_path / "book")
    wishes = Wishes(online=True, manners=Manners(delay=0, backoff=0))
    web = httpx.MockTransport(page_of_the_web)
    found = look_at_links(root, wishes, transport=web).diagnostics
    for style in (console.Format.SHORT, console.Format.FULL):
        suffix = "-full" if style is console.Format.FULL else ""
        expected = CASES / name / f"expected{suffix}.txt"
        golden.check(rendered(found, style, root), expected)


# The catalogue


def test_every_code_has_a_folder_and_every_folder_is_a_code():
    codes = {code.value for code in Code}
    assert codes == {name for name in NAMES if not name.startswith(BOOK)}


@pytest.mark.parametrize("code", Code, ids=lambda code: code.value)
def test_the_folder_of_a_code_shows_it(code):
    expected = (CASES / code.value / "expected.txt").read_text("utf-8")
    assert f"[{code.value}]: " in expected


@pytest.mark.parametrize("code", Code, ids=lambda code: code.value)
def test_every_code_has_an_explanation_of_whole_sentences(code):
    assert code.explanation.endswith((".", "https://www.rfc-editor.org/info/bcp47"))
    assert all(len(line) <= 80 for line in code.explanation.split("\n"))


@pytest.mark.parametrize("name", NAMES)
def test_messages_are_lower_case_and_have_no_full_stop(name):
    for line in (CASES / name / "expected.txt").read_text("utf-8").splitlines():
        place, _, message = line.partition("]: ")
        assert message, line
        assert place.rpartition("[")[0].endswith(("error", "warning", "info"))
        assert not message[0].isupper() or message.split()[0].isupper()
        assert not message.endswith(".")


# What holds for every project


def test_odd_file_names_simply_work(tmp_path, cache, workers):
    root = copied("book-with-odd-file-names", tmp_path / "ein Büch")
    report = pipeline.build(root, cache=cache, workers=workers)
    assert report.diagnostics == ()
    assert [out.path.name for out in report.outputs] == ["a-case.pdf", "a-case.epub"]
    assert all(out.path.stat().st_size == out.size > 0 for out in report.outputs)


def test_a_failed_build_leaves_the_last_good_outputs_as_they_were(
    tmp_path, cache, workers
):
    root = copied("config-memo-unlisted", tmp_path / "book")
    pipeline.build(root, cache=cache, workers=workers)
    files = sorted(path for path in (root / "build").iterdir() if path.is_file())
    before = [path.read_bytes() for path in files]
    memo = root / "manuscript/a.md"
    good = memo.read_text("utf-8")
    faults = {
        "source": good + "\nSee [this]().\n",  # found while it is read
        "layout": good + "\nA letter that no font has: \U00010330.\n",
    }
    for name, text in faults.items():
        memo.write_text(text, encoding="utf-8")
        with pytest.raises(MemobookError):
            pipeline.build(root, cache=cache, workers=workers)
        now = sorted(path for path in (root / "build").iterdir() if path.is_file())
        assert files == now, name
        assert before == [path.read_bytes() for path in files], name


def test_an_epub_is_built_without_pango(tmp_path):
    root = copied("cover-not-drawn", tmp_path / "book")
    with Instead(without_pango) as workers:
        report = pipeline.build(root, formats=("epub",), workers=workers)
    assert [out.path.name for out in report.outputs] == ["a-case.epub"]


def test_warnings_let_a_book_be_built(tmp_path, cache, workers):
    root = copied("config-memo-unlisted", tmp_path / "book")
    report = pipeline.build(root, formats=("epub",), cache=cache, workers=workers)
    (found,) = report.diagnostics
    assert (found.code, found.severity) == (Code.CONFIG_MEMO_UNLISTED, Severity.WARNING)


def test_a_lowered_code_is_a_warning(tmp_path):
    root = copied("paragraph-cut", tmp_path / "book")
    toml = root / "manuscript/book.toml"
    toml.write_text(toml.read_text("utf-8") + '\n[check]\nwarn = ["paragraph-cut"]\n')
    (found,) = looking.check(root)
    assert (found.code, found.severity) == (Code.PARAGRAPH_CUT, Severity.WARNING)


def test_a_check_writes_nothing(tmp_path):
    root = copied("note-moved", tmp_path / "book")
    before = sorted(os.walk(root))
    looking.check(root)
    assert before == sorted(os.walk(root))
