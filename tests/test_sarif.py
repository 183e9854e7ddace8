"""SARIF: always valid, read by people's editors, the same while lines move."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from memobook.cli import app
from memobook.codes import Code
from memobook.console import Format, Placed, github
from memobook.diagnostics import Diagnostic, MachineError, Severity, Span
from memobook.sarif import document
from tests.harness import make

SCHEMA = Path(__file__).parent / "fixtures" / "sarif-schema-2.1.0.json"
VALIDATOR = jsonschema.Draft4Validator(json.loads(SCHEMA.read_text("utf-8")))
BAD = {"manuscript/one.md": "# One\n\nSee 😀 [another](none.md) and [this](#).\n"}
GOOD = {"manuscript/one.md": "# One\n\nText.\n"}

texts = st.text(st.characters(exclude_categories=[]), max_size=40)
spans = st.builds(
    Span,
    path=texts,
    line=st.integers(0, 10**6),
    column=st.integers(0, 200),
    length=st.integers(0, 90),
)
findings = st.builds(
    Diagnostic,
    span=spans,
    severity=st.sampled_from(Severity),
    code=st.sampled_from(Code),
    message=texts,
    hint=texts,
)
placed = st.builds(Placed, diagnostic=findings, path=texts, line=st.none() | texts)


def log_of(*found: Placed, **facts: Any) -> dict[str, Any]:
    log = json.loads(document(found, version="1.2.3", **facts).encode("utf-8"))
    VALIDATOR.validate(log)
    assert isinstance(log, dict)
    return log


def run(*arguments: str | Path) -> tuple[int, dict[str, Any]]:
    done = CliRunner().invoke(app, [*map(str, arguments), "--message-format", "sarif"])
    log = json.loads(done.stdout)
    VALIDATOR.validate(log)
    assert len(log["runs"]) == 1
    return done.exit_code, log["runs"][0]


def place(result: dict[str, Any]) -> dict[str, Any]:
    found = result["locations"][0]["physicalLocation"]
    assert isinstance(found, dict)
    return found


def finding(message: str = "it is wrong", line: int = 3) -> Diagnostic:
    return Diagnostic(
        Span("one.md", line, 5, 2), Severity.ERROR, Code.LINK_SCHEME, message
    )


@given(st.lists(placed, max_size=5), st.lists(texts, max_size=2))
def test_any_findings_make_a_valid_document(found, failures):
    log = log_of(*found, failures=failures)

    assert len(log["runs"][0]["results"]) == len(found)


def test_every_code_is_a_rule_with_its_explanation():
    rules = log_of()["runs"][0]["tool"]["driver"]["rules"]

    assert [rule["id"] for rule in rules] == [code.value for code in Code]
    assert all(rule["help"]["text"] for rule in rules)


def test_columns_are_in_utf_16_and_paths_are_references():
    each = Placed(finding(), "a book/ä:1.md", "😀😀 b")

    found = place(log_of(each)["runs"][0]["results"][0])

    assert found["artifactLocation"]["uri"] == "a%20book/%C3%A4%3A1.md"
    assert found["region"] == {"startLine": 3, "startColumn": 7, "endColumn": 9}


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("old\udce9.md", "old%E9.md"),  # a byte that is not UTF-8, as Linux has them
        ("\udd00.md", "%EF%BF%BD.md"),  # half a pair, as Windows has them
    ],
)
def test_a_path_that_is_not_unicode_is_a_reference_too(path, uri):
    found = place(log_of(Placed(finding(), path, None))["runs"][0]["results"][0])

    assert found["artifactLocation"]["uri"] == uri


def test_a_fingerprint_stays_while_lines_and_pages_move_and_is_unique():
    def prints(*found: Diagnostic) -> list[str]:
        log = log_of(*(Placed(d, "one.md", "the line ") for d in found))
        return [
            r["partialFingerprints"]["memobook/v1"] for r in log["runs"][0]["results"]
        ]

    before = prints(finding("on page 3"), finding("on page 3", 4))

    assert before == prints(finding("on page 12", 8), finding("on page 12", 99))
    assert len(set(before)) == 2
    assert before[0] not in prints(finding("on paper"))


def test_several_projects_are_one_document_with_paths_from_the_repository(
    tmp_path, monkeypatch
):
    (tmp_path / ".git").mkdir()
    bad = make(tmp_path / "shelf" / "bad one", BAD)
    good = make(tmp_path / "shelf" / "good", GOOD)
    monkeypatch.chdir(tmp_path / "shelf")

    code, log = run("check", good, bad)

    assert code == 1
    assert log["invocations"] == [{"executionSuccessful": True}]
    errors = [r for r in log["results"] if r["level"] == "error"]
    assert [r["ruleId"] for r in errors] == ["link-target-missing", "link-placeholder"]
    found = place(errors[0])
    uri = found["artifactLocation"]["uri"]
    assert uri == "shelf/bad%20one/manuscript/one.md"
    # The smiling face is two code units.
    assert found["region"]["startColumn"] == 18
    assert "did you mean one.md?" in errors[0]["message"]["text"]


def test_a_build_without_findings_is_a_document_too(tmp_path):
    code, log = run("build", make(tmp_path, GOOD), "--format", "epub")

    assert (code, log["results"]) == (0, [])


def test_a_machine_that_lacks_something_is_told_in_the_document(tmp_path, monkeypatch):
    def lack(*_: object, **__: object) -> None:
        message = "there is no Pango"
        raise MachineError(message, "apt-get install it")

    monkeypatch.setattr("memobook.pipeline.build_each", lack)

    code, log = run("build", make(tmp_path, GOOD))

    assert code == 4
    assert log["invocations"][0]["executionSuccessful"] is False
    (told,) = log["invocations"][0]["toolExecutionNotifications"]
    assert told["message"]["text"] == "there is no Pango; apt-get install it"


# GitHub's annotations


def test_an_annotation_names_file_line_and_column_with_its_signs_escaped():
    text = "100% of\n::error::this"
    each = Placed(finding(text), "a,b:c/one.md")

    (line,) = github([each])

    assert line == (
        "::error file=a%2Cb%3Ac/one.md,line=3,col=5,endColumn=6,title=link-scheme"
        "::100%25 of%0A::error::this"
    )


@given(st.lists(placed, max_size=40))
def test_no_text_of_a_memo_becomes_a_command(found):
    lines = list(github(found))

    commands = [line for line in lines if line.startswith("::")]
    assert not any("\n" in line or "\r" in line for line in lines)
    for severity, command in zip(Severity, ("error", "warning", "notice"), strict=True):
        count = sum(p.diagnostic.severity is severity for p in found)
        assert sum(c.startswith(f"::{command} ") for c in commands) == min(count, 10)


def test_check_annotates_at_its_end(tmp_path, monkeypatch):
    monkeypatch.chdir(make(tmp_path, BAD))

    done = CliRunner().invoke(app, ["check", "--message-format", "github"])

    assert done.exit_code == 1
    assert (
        "::error file=manuscript/one.md,line=3,col=17,endColumn=23,"
        "title=link-target-missing::no memo is called none.md%0Ahint: did you mean one.md?\n"
    ) in done.stdout


@pytest.mark.parametrize("style", [Format.JSON, Format.SARIF])
def test_what_a_program_reads_has_no_room_for_differences(style, tmp_path):
    arguments = ["check", "--fix", str(make(tmp_path, GOOD)), "--message-format", style]

    assert CliRunner().invoke(app, arguments).exit_code == 2
