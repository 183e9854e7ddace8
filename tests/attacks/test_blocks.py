"""A stranger's settings are keys and values: no code, no hang, no traceback."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from memobook.diagnostics import Code, Reporter, Severity
from memobook.project.config import load, read_block
from memobook.project.files import Files
from tests.harness import make

CODE = "block-not-yaml"

# Each with the place at which it is refused, after the line of hyphens.
REFUSED = [
    ("title: !!python/object/apply:os.system ['touch CANARY']", 2, 8),
    ("title: !!python/object/new:os.system ['touch CANARY']", 2, 8),
    ("title: !!python/name:os.system", 2, 8),
    ("title: !!python/module:os", 2, 8),
    ("title: !!python/object:subprocess.Popen {args: touch CANARY}", 2, 8),
    ("title: !<tag:yaml.org,2002:python/object/apply:os.system> ['touch CANARY']", 2, 8),
    ("title: !ruby/object:Gem A", 2, 8),
    ("title: !!js/function 'x'", 2, 8),
    ("title: !!binary aGk=", 2, 8),
    ("title: !!set {a, b}", 2, 8),
    ("title: ! A", 2, 8),
    ("a: &x [1]\ntitle: *x", 2, 4),
    ("a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\ntitle: *c", 2, 4),
    ("title: *unknown", 2, 8),
    ("&top\ntitle: A", 2, 1),
    ("base: &b {title: A}\n<<: *b", 2, 7),
    ("title: " + "[" * 30_000, 2, 27),
    ("title: " + "[" * 500 + "]" * 500, 2, 27),
    ("title: " + "{a: " * 500 + "}" * 500, 2, 84),
    ("- " * 3_000, 2, 41),
    ("title:\n" + "".join(" " * i + "a:\n" for i in range(1, 200)), 22, 21),
    ("title: " + "a" * 70_000, 2, 0),
    ("".join(f"key{n}: 1\n" for n in range(9_000)), 2, 0),
    ('title: "\\0"', 2, 8),
    ('title: "\\U00110000"', 2, 0),
    ("? [a, b]\n: c", 2, 3),
    ("? {a: b}\n: c", 2, 3),
    ("title: A\ntitle: B", 3, 1),
    ("authors: [{name: A, name: B}]", 2, 21),
    ("%YAML 9.9\ntitle: A", 2, 1),
    ("title: 'A", 2, 10),
    ("title: \x07", 2, 8),
]  # fmt: skip


@pytest.mark.parametrize(
    ("block", "line", "column"), REFUSED, ids=[r[0][:50] for r in REFUSED]
)
def test_a_block_is_refused_where_it_is_more_than_keys_and_values(
    block: str, line: int, column: int, tmp_path: Path
) -> None:
    canary = tmp_path / "canary"
    reporter = Reporter()
    read_block(f"---\n{block.replace('CANARY', str(canary))}\n---\n", "a.md", reporter)
    assert (CODE, line, column) in [
        (d.code.value, d.span.line, d.span.column) for d in reporter
    ]
    assert not canary.exists()


def test_a_loader_of_yaml_that_believes_all_would_run_it(tmp_path: Path) -> None:
    block = f"title: !!python/object/apply:os.mkdir ['{tmp_path / 'canary'}']"
    yaml.unsafe_load(block)
    assert (tmp_path / "canary").exists()


# What would another reader make of it?
@pytest.mark.parametrize(
    "written",
    ["no", "yes", "on", "~", "null", "010", "0x1f", "12:30", "12:30:45", "1e400", ".inf",
     ".nan", "1_000", "2024-02-30", "=", "true", "9" * 5_000, "0o17", "+1", "<<"],
)  # fmt: skip
def test_a_value_is_what_is_written(written: str) -> None:
    reporter = Reporter()
    block, _ = read_block(f"---\ntitle: {written}\n---\n", "a.md", reporter)
    assert (written, ()) == (block.title, reporter.diagnostics)


@pytest.mark.parametrize(
    "day", ["2024-02-30", "2024-13-01", "yesterday", "20240230", "0000-00-00"]
)
def test_a_date_is_one_of_the_calendar(day: str) -> None:
    reporter = Reporter()
    block, _ = read_block(f"---\ntitle: A\ndate: {day}\n---\n", "a.md", reporter)
    assert (None, [("config-bad-date", 3, 7)]) == (
        block.date,
        [(d.code.value, d.span.line, d.span.column) for d in reporter],
    )
    good, _ = read_block("---\ndate: 2024-02-29\n---\n", "a.md", reporter)
    assert date(2024, 2, 29) == good.date


def test_a_second_document_is_text() -> None:
    reporter = Reporter()
    block, _ = read_block("---\ntitle: A\n---\ntitle: B\n---\n", "a.md", reporter)
    assert ("A", ()) == (block.title, reporter.diagnostics)


def test_many_mistakes_are_told_up_to_a_number() -> None:
    reporter = Reporter()
    block = "".join(f"k{n}: 1\n" for n in range(4_000))
    read_block(f"---\n{block}---\n", "a.md", reporter)
    assert 100 <= len(reporter.diagnostics) <= 500


BOOK = '[book]\ntitle = "A"\nlanguage = "en"\n[contents]\nmemos = ["a.md"]\n'


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        (BOOK + "x = " + "[" * 20_000, Code.CONFIG_SYNTAX),
        (BOOK + "x = " + "[" * 5_000 + "]" * 5_000, Code.CONFIG_SYNTAX),
        (BOOK + "x = " + "{a=" * 5_000 + "1" + "}" * 5_000, Code.CONFIG_SYNTAX),
        (BOOK + "a." * 20_000 + "a = 1", Code.CONFIG_SYNTAX),
        (BOOK + "[" + "a." * 20_000 + "a]", Code.CONFIG_SYNTAX),
        (BOOK + "x = " + "9" * 100_000, Code.CONFIG_SYNTAX),
        (BOOK + "".join(f"k{n} = 1\n" for n in range(3_000)), Code.CONFIG_UNKNOWN_KEY),
        (BOOK + "# " + "a" * 5_000_000, Code.CONFIG_SYNTAX),
        (BOOK.replace('"A"', '"A\\u0000"'), Code.CONFIG_WRONG_VALUE),
        (BOOK.replace('"A"', '"A\\u0008"'), Code.CONFIG_WRONG_VALUE),
        (BOOK.replace('"A"', "1979-05-27"), Code.CONFIG_WRONG_VALUE),
        (BOOK.replace('"A"', "inf"), Code.CONFIG_WRONG_VALUE),
        (BOOK + BOOK, Code.CONFIG_SYNTAX),
    ],
    ids=range(13),
)  # fmt: skip
def test_a_book_s_settings_come_to_an_end(
    settings: str, code: Code, tmp_path: Path
) -> None:
    root = make(
        tmp_path, {"manuscript/a.md": "# A\n\nText\n", "manuscript/book.toml": settings}
    )
    reporter = Reporter()
    load(Files(root), reporter)
    found = [d for d in reporter if d.severity is Severity.ERROR]
    assert code in {d.code for d in found}
    assert {d.span.path for d in found} == {"manuscript/book.toml"}
