"""Where people work: a commit, GitHub, a container, a script, a shell."""

from __future__ import annotations

import importlib.util
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

import memobook
from tests.harness import ROOT, make

BIN = Path(sys.executable).parent
GOOD = {"manuscript/one.md": "# One\n\nA [link](https://example.org/one).\n"}
BAD = {"manuscript/one.md": "# One\n\nSee [another](none.md).\n"}


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, shared_cache: Path) -> None:
    monkeypatch.setenv("MEMOBOOK_CACHE", str(shared_cache))
    monkeypatch.setenv("PATH", f"{BIN}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)


def run(
    *command: str | Path, cwd: Path, **more: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**os.environ, **more},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def yaml_of(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text("utf-8"))


# pre-commit


def commit_hook(root: Path) -> subprocess.CompletedProcess[str] | None:
    """Run the hook as pre-commit does; None if no staged file asks for it."""
    (hook,) = yaml_of(".pre-commit-hooks.yaml")
    staged = run("git", "diff", "--cached", "--name-only", cwd=root).stdout.split("\n")
    if not any(re.search(hook["files"], name) for name in staged if name):
        return None
    assert hook["pass_filenames"] is False
    return run(*shlex.split(hook["entry"]), *hook.get("args", ()), cwd=root)


def test_the_manifest_has_what_pre_commit_asks_for():
    (hook,) = yaml_of(".pre-commit-hooks.yaml")

    assert {"id", "name", "entry", "language"} <= set(hook)
    assert hook["language"] == "python"


@pytest.mark.parametrize(("files", "code"), [(GOOD, 0), (BAD, 1)])
def test_a_commit_of_memos_is_checked(files, code, tmp_path):
    run("git", "init", "-q", cwd=tmp_path)
    run("git", "add", ".", cwd=make(tmp_path, files))

    done = commit_hook(tmp_path)

    assert done is not None
    assert done.returncode == code, done.stderr
    assert ("one.md:3:15: error[link-target-missing]" in done.stderr) == (code == 1)
    assert not (tmp_path / "build").exists()


def test_a_commit_of_other_files_is_not(tmp_path):
    run("git", "init", "-q", cwd=tmp_path)
    (tmp_path / "notes.txt").write_text("text", "utf-8")
    run("git", "add", ".", cwd=tmp_path)

    assert commit_hook(tmp_path) is None


# GitHub


def act(root: Path, **asked: str) -> tuple[subprocess.CompletedProcess[str], str]:
    outputs = root / "outputs.txt"
    done = run(
        "bash",
        ROOT / ".ci/action",
        cwd=root,
        SOURCE=str(ROOT),
        MEMOBOOK=str(BIN / "memobook"),
        GITHUB_OUTPUT=str(outputs),
        **asked,
    )
    return done, outputs.read_text("utf-8") if outputs.exists() else ""


def test_the_action_builds_checks_and_names_the_outputs(tmp_path):
    make(tmp_path / "a book", GOOD)

    done, outputs = act(tmp_path, PROJECT="a book")

    assert done.returncode == 0, done.stderr
    assert outputs.splitlines() == [
        "pdf=a book/build/a-small-book.pdf",
        "epub=a book/build/a-small-book.epub",
    ]


def test_the_action_annotates_what_is_wrong_and_fails(tmp_path):
    done, outputs = act(make(tmp_path, BAD), FORMATS="epub")

    assert (done.returncode, outputs) == (1, "")
    assert "::error file=manuscript/one.md,line=3,col=15" in done.stdout


def test_the_action_passes_its_inputs_by_the_environment_alone():
    action = yaml_of("action.yml")
    (step,) = [s for s in action["runs"]["steps"] if s.get("id") == "build"]

    assert "${{" not in step["run"]
    asked = set(re.findall(r"inputs\.(\w+)", str(action["runs"]["steps"])))
    assert asked == set(action["inputs"])
    script = (ROOT / ".ci/action").read_text("utf-8")
    assert all(f"{{{name}" in script for name in step["env"])


def test_every_action_is_used_at_a_version():
    names = ["action.yml", ".github/workflows/test.yml"]
    used = re.findall(
        r"uses: (\S+)", "".join((ROOT / n).read_text("utf-8") for n in names)
    )

    assert len(used) >= 4
    assert all(
        re.fullmatch(r"[\w-]+/[\w-]+@(v\d+|[0-9a-f]{40})", name) for name in used
    )


# The container


def machine() -> ModuleType:
    spec = importlib.util.spec_from_file_location("machine", ROOT / ".ci/machine.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_container_has_the_packages_that_the_machine_gets():
    text = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
    (installed,) = re.findall(r"apt-get install (.*?)&&", text)
    packages = {p for p in installed.split() if not p.startswith("-")}

    assert packages == set(machine().PACKAGES["apt-get"]["pango"].split())


def test_the_container_is_locked_and_no_root():
    text = (ROOT / "Dockerfile").read_text("utf-8")

    assert all("--locked" in line for line in re.findall(r"uv sync.*", text))
    last = text.rsplit("\nFROM ", 1)[1]
    assert re.search(r"^USER (?!root)\w+$", last, re.MULTILINE)
    assert 'ENTRYPOINT ["memobook"]' in last


def test_all_that_is_copied_into_the_container_is_let_through():
    copied = re.findall(
        r"^COPY (?!--)(.*) \S+$", (ROOT / "Dockerfile").read_text("utf-8"), re.MULTILINE
    )
    names = {name for line in copied for name in line.split()}
    ignore = (ROOT / ".dockerignore").read_text("utf-8").split("\n")

    assert all((ROOT / name).exists() for name in names)
    assert {line[1:] for line in ignore if line.startswith("!")} == names


# The library


CLIENT = """
import sys
from pathlib import Path

import memobook


def main(root: Path) -> int:
    try:
        report: memobook.BuildReport = memobook.build(root, formats=("epub",))
    except memobook.MemobookError as error:
        found: tuple[memobook.Diagnostic, ...] = error.diagnostics
        for each in found:
            print(each.span.path, each.span.line, each.code.value, each.message)
        return 1
    for output in report.outputs:
        print(output.path.name, output.size > 0, len(output.sha256))
    errors = [d for d in memobook.check(root) if d.severity is memobook.Severity.ERROR]
    return len(errors)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
"""


def test_a_script_builds_and_checks(tmp_path):
    script = tmp_path / "client.py"
    script.write_text(CLIENT, "utf-8")

    good = run(sys.executable, script, make(tmp_path / "good", GOOD), cwd=tmp_path)
    bad = run(sys.executable, script, make(tmp_path / "bad", BAD), cwd=tmp_path)

    assert (good.returncode, good.stderr) == (0, "")
    assert good.stdout == "a-small-book.epub True 64\n"
    assert bad.returncode == 1
    assert bad.stdout.startswith("manuscript/one.md 3 link-target-missing no memo")


def test_a_script_is_checked_by_mypy(tmp_path):
    script = tmp_path / "client.py"
    script.write_text(CLIENT, "utf-8")
    empty = tmp_path / "mypy.ini"
    empty.write_text("[mypy]\n", "utf-8")

    command = (sys.executable, "-m", "mypy", "--strict", "--config-file", empty)
    done = run(*command, "--follow-imports=silent", script, cwd=tmp_path)

    assert done.returncode == 0, done.stdout


def test_a_format_that_is_none_is_told_with_those_that_are(tmp_path):
    root = make(tmp_path / "book", GOOD)
    for wanted, message in {
        "pfd": "no format is called pfd",
        "": "no format is named",
    }.items():
        with pytest.raises(memobook.UsageError, match=message) as told:
            memobook.build(str(root), formats=[wanted] if wanted else [])
        assert told.value.hint == "formats: pdf, epub"


def test_every_name_of_the_library_is_there_and_documented():
    for name in memobook.__all__:
        assert (getattr(memobook, name).__doc__ or "").strip(), name
    assert set(memobook.__all__) <= set(dir(memobook))
    with pytest.raises(AttributeError, match="no attribute 'publish'"):
        _ = memobook.publish


def test_the_package_says_that_it_is_typed():
    assert (ROOT / "src/memobook/py.typed").is_file()


def test_the_readmes_script_works(tmp_path):
    readme = (ROOT / "README.md").read_text("utf-8")
    (script,) = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    (tmp_path / "client.py").write_text(script, "utf-8")
    make(tmp_path / "my-book", GOOD)

    done = run(sys.executable, "client.py", cwd=tmp_path)

    assert (done.returncode, done.stderr) == (0, "")
    assert "my-book/build/a-small-book.pdf" in done.stdout


# The shell


def test_ctrl_c_ends_a_build_without_a_word(tmp_path):
    root = make(tmp_path, GOOD)
    process = subprocess.Popen(
        [BIN / "memobook", "build"],
        cwd=root,
        start_new_session=True,
        env={k: v for k, v in os.environ.items() if k != "MEMOBOOK_CACHE"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    # It has begun when it makes its cache; a terminal interrupts the whole group.
    until = time.monotonic() + 60
    while not (root / "build/.cache").exists() and time.monotonic() < until:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)
    told, errors = process.communicate(timeout=60)

    assert (process.returncode, errors) == (130, "")
    assert told == ""


def test_a_reader_that_goes_away_is_no_traceback(tmp_path):
    root = make(tmp_path, GOOD)
    done = run(
        "bash", "-c", "memobook check | true; memobook schema | head -1", cwd=root
    )

    assert "Traceback" not in done.stderr
    assert "BrokenPipe" not in done.stderr


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("memobook expl", "explain"),
        ("memobook explain link-t", "link-target-missing"),
        ("memobook build --format ", "epub"),
        ("memobook build --profile d", "draft"),
        ("memobook check --message-format s", "sarif"),
    ],
)
def test_a_shell_completes(words, wanted, tmp_path):
    settings = '[profiles.draft]\ntext = { mark = "Draft" }\n'
    root = make(tmp_path, GOOD, settings)

    done = run(
        "memobook",
        cwd=root,
        _MEMOBOOK_COMPLETE="complete_bash",
        COMP_WORDS=words,
        COMP_CWORD=str(len(words.split(" ")) - 1),
    )

    assert wanted in done.stdout.split(), done.stderr


def test_a_name_that_is_too_long_is_told(tmp_path):
    done = run("memobook", "check", "x" * 5000, cwd=tmp_path)

    assert done.returncode == 4
    assert "File name too long" in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr) < 300


def test_h_is_help_and_memobook_alone_helps(tmp_path):
    assert (
        "Usage: memobook build" in run("memobook", "build", "-h", cwd=tmp_path).stdout
    )
    assert "Usage: memobook" in run("memobook", cwd=tmp_path).stdout


def test_no_colour_is_printed_where_none_is_wanted(tmp_path):
    root = make(tmp_path, BAD)
    done = run("memobook", "check", cwd=root, NO_COLOR="1", FORCE_COLOR="1")

    assert "\x1b[3" not in done.stderr + done.stdout
