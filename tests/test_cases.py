"""Every diagnostic code has a tiny project that shows it, with its exact place.

How to add a case is said in tests/README.md.
"""

import os
import shutil
from pathlib import Path

import pytest

from memobook import console, pipeline
from memobook.diagnostics import (
    Code,
    Diagnostic,
    MachineError,
    MemobookError,
    Severity,
    Span,
)

CASES = Path(__file__).parent / "cases"
BOOK = "book-with-"  # projects that show no code, but that several things go together

# Which faults show only when the book is built?
BUILT = {
    "book-with-odd-file-names",
    "glyph-missing",
    "layout-note",
    "note-moved",
    "output-incomplete",
    "output-not-writable",
    "pages-unsettled",
    "style-ignored",
}
# Which need the whole build, and not only one format?
FORMATS = {"output-incomplete": ("epub",), "cover-not-drawn": ("epub",)}

# The machine that the tests run on has Pango.
WITHOUT_PANGO = "cover-not-drawn"

NAMES = sorted(path.name for path in CASES.iterdir())


def copied(name: str, folder: Path) -> Path:
    shutil.copytree(CASES / name / "in", folder)
    return folder


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


def build(root: Path, name: str, cache: Path) -> tuple[Diagnostic, ...]:
    formats = FORMATS.get(name, pipeline.FORMATS)
    try:
        return pipeline.build(root, formats=formats, cache=cache).diagnostics
    except MemobookError as error:
        return error.diagnostics


def line_of(root: Path, span: Span) -> str | None:
    file = root / span.path
    if not (span.line and file.is_file()):
        return None
    text = file.read_bytes().decode("utf-8-sig", "replace")
    return text.replace("\r\n", "\n").split("\n")[span.line - 1]


def rendered(found: tuple[Diagnostic, ...], style: console.Format, root: Path) -> str:
    text = console.render(found, style, lambda span: line_of(root, span))
    return text.replace(str(root), "PROJECT") + ("\n" if text else "")


@pytest.mark.parametrize("name", [n for n in NAMES if n != WITHOUT_PANGO])
def test_a_project_gives_the_expected_diagnostics(name, tmp_path, golden, cache):
    root = copied(name, tmp_path / "book")
    if name == "output-not-writable":
        # Root may write into every folder, but not into a file.
        (root / "build").write_text("in the way")
    found = build(root, name, cache) if name in BUILT else pipeline.check(root)
    folder = CASES / name
    golden.check(rendered(found, console.Format.SHORT, root), folder / "expected.txt")
    full = folder / "expected-full.txt"
    if full.exists():
        golden.check(rendered(found, console.Format.FULL, root), full)


def test_an_epub_without_pango_has_no_cover(tmp_path, golden, cache, monkeypatch):
    def lay_out(_: object) -> None:
        message = "Pango, which lays out the pages, cannot be loaded"
        raise MachineError(message, "apt-get install pango")

    monkeypatch.setattr(pipeline, "lay_out", lay_out)
    root = copied(WITHOUT_PANGO, tmp_path / "book")
    found = build(root, WITHOUT_PANGO, cache)
    expected = CASES / WITHOUT_PANGO / "expected.txt"
    golden.check(rendered(found, console.Format.SHORT, root), expected)
    assert (root / "build/a-case.epub").is_file()


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
        assert place.rpartition("[")[0].endswith(("error", "warning"))
        assert not message[0].isupper() or message.split()[0].isupper()
        assert not message.endswith(".")


# What holds for every project


def test_odd_file_names_simply_work(tmp_path, cache):
    root = copied("book-with-odd-file-names", tmp_path / "ein Büch")
    report = pipeline.build(root, cache=cache)
    assert report.diagnostics == ()
    assert [out.path.name for out in report.outputs] == ["a-case.pdf", "a-case.epub"]
    assert all(out.path.stat().st_size == out.size > 0 for out in report.outputs)


def test_a_failed_build_leaves_the_last_good_outputs_as_they_were(tmp_path, cache):
    root = copied("config-memo-unlisted", tmp_path / "book")
    pipeline.build(root, cache=cache)
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
            pipeline.build(root, cache=cache)
        now = sorted(path for path in (root / "build").iterdir() if path.is_file())
        assert files == now, name
        assert before == [path.read_bytes() for path in files], name


def test_warnings_let_a_book_be_built(tmp_path, cache):
    root = copied("config-memo-unlisted", tmp_path / "book")
    report = pipeline.build(root, formats=("epub",), cache=cache)
    (found,) = report.diagnostics
    assert (Code.CONFIG_MEMO_UNLISTED, Severity.WARNING) == (found.code, found.severity)


def test_a_lowered_code_is_a_warning(tmp_path):
    root = copied("paragraph-cut", tmp_path / "book")
    toml = root / "manuscript/book.toml"
    toml.write_text(toml.read_text("utf-8") + '\n[check]\nwarn = ["paragraph-cut"]\n')
    (found,) = pipeline.check(root)
    assert (Code.PARAGRAPH_CUT, Severity.WARNING) == (found.code, found.severity)


def test_a_check_writes_nothing(tmp_path):
    root = copied("note-moved", tmp_path / "book")
    before = sorted(os.walk(root))
    pipeline.check(root)
    assert before == sorted(os.walk(root))
