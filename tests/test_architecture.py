"""The shape of the code: who may import what, and how long a thing may be."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "memobook"
MODULES = sorted(SOURCE.rglob("*.py"))

# Which modules are the only doors to an engine?
DOORS = {
    "weasyprint": {
        "outputs/pdf/beginnings.py",
        "outputs/pdf/boxes.py",
        "outputs/pdf/engine/libraries.py",
        "outputs/pdf/finish.py",
        "outputs/pdf/layout.py",
        "outputs/pdf/tagging.py",
        "outputs/pdf/unprinted.py",
    },
    "pydyf": {"outputs/pdf/finish.py", "outputs/pdf/tagging.py"},
    "distributed": {"cluster/client.py", "cluster/there.py"},
    "ebooklib": {"outputs/epub/package.py"},
    "markdown": {"book/convert.py"},
    "markdown_it": {"checks/lists.py", "takeover/counts.py"},
    "pypandoc": {"takeover/word.py"},
    "pymdownx": {"book/convert.py"},
    "tinyhtml5": {"book/htmltree.py"},
    "pypdfium2": {"checks/printed.py", "outputs/pdf/raster.py", "preview/pages.py"},
    "starlette": {"preview/app.py", "preview/guard.py"},
    "uvicorn": {"preview/server.py"},
    "watchfiles": {"preview/saves.py"},
    "math_core": {"book/formulas.py"},
    "ziamath": {"book/formulas.py"},
    "httpx": {"weblinks/asking.py", "weblinks/download.py"},
    "yaml": {"project/yamlblock.py"},
    "tomllib": {"project/located.py"},
    "jinja2": {"design/sandbox.py", "design/templating.py"},
    "pyuca": {"book/collation.py"},
    "ebooklib.epub": {"outputs/epub/package.py"},
}
# Where may pikepdf be known? Beside the room that writes PDFs, where one is read back.
PDF_ROOM = "outputs/pdf/"
PDF_READERS = {"checks/drawing.py", "checks/printed.py"}

HEAVY = ("weasyprint", "ebooklib", "pikepdf", "markdown", "jinja2", "PIL", "fontTools")
LONGEST_MODULE = 400
LONGEST_FUNCTION = 40


def name(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


def imported(tree: ast.AST) -> Iterator[str]:
    """Yield the modules that a module imports, also inside its functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def importers(package: str) -> set[str]:
    found = set()
    for path in MODULES:
        names = imported(ast.parse(path.read_text("utf-8")))
        if any(n == package or n.startswith(f"{package}.") for n in names):
            found.add(name(path))
    return found


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node


# Imports


def test_the_rooms_import_one_way():
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("engine", DOORS)
def test_an_engine_has_one_door(engine):
    assert importers(engine) <= DOORS[engine]


def test_only_the_pdf_room_and_the_readers_know_pikepdf():
    found = importers("pikepdf") - PDF_READERS
    assert [n for n in sorted(found) if not n.startswith(PDF_ROOM)] == []


def test_the_doors_are_where_this_test_looks_for_them():
    assert importers("weasyprint") == DOORS["weasyprint"]
    assert importers("ebooklib") == {"outputs/epub/package.py"}
    assert importers("markdown") == {"book/convert.py"}


def loaded_by(code: str) -> set[str]:
    """Return which heavy packages a fresh Python has loaded after some code."""
    program = f"import sys\n{code}\nprint(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program],
        check=True,
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
    )
    return set(HEAVY) & set(done.stdout.split("\n")[-2].split())


def test_importing_memobook_loads_nothing():
    assert loaded_by("import memobook") == set()


def test_the_help_of_the_command_line_loads_no_engine():
    code = (
        "from typer.testing import CliRunner\n"
        "from memobook.cli import app\n"
        "result = CliRunner().invoke(app, ['--help'])\n"
        "assert result.exit_code == 0 and 'build' in result.output, result.output"
    )
    assert loaded_by(code) & {"weasyprint", "ebooklib"} == set()


def test_an_engine_would_be_seen():
    assert loaded_by("import memobook.book.parse") >= {"markdown"}


# Length


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_module_is_short(path):
    assert len(path.read_text("utf-8").splitlines()) <= LONGEST_MODULE


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_functions_are_short(path):
    tree = ast.parse(path.read_text("utf-8"))
    long = {
        function.name: length
        for function in functions(tree)
        if (length := (function.end_lineno or 0) - function.lineno + 1)
        > LONGEST_FUNCTION
    }
    assert long == {}


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_module_says_what_it_is_for(path):
    assert ast.get_docstring(ast.parse(path.read_text("utf-8")))


def test_only_the_command_line_prints():
    printers = {
        name(path)
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "print"
    }
    assert [n for n in printers if not n.startswith("cli/")] == []


# The repository


def test_nothing_points_out_of_the_repository():
    words = ("../" + "shared", "/work/" + "shared")
    paths = [*MODULES, *ROOT.glob("*.*"), *(ROOT / "tests").rglob("*.py")]
    texts = {p: p.read_bytes() for p in paths if p.is_file() and p.name != "uv.lock"}
    found = [p for p, text in texts.items() if any(w.encode() in text for w in words)]
    assert found == []
