"""What moved since a revision: git's revisions are found, or it is said what lacks."""

from __future__ import annotations

import subprocess

import pytest

from memobook.diagnostics import MachineError, UsageError
from memobook.revisions import as_it_was

BOOK = "manuscript/book.toml"


def git(root, *arguments: str) -> None:
    who = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
    subprocess.run(["git", *who, *arguments], cwd=root, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path):
    (tmp_path / "manuscript").mkdir()
    (tmp_path / BOOK).write_text("old")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "Begin")
    git(tmp_path, "tag", "v1.0")
    (tmp_path / BOOK).write_text("new")
    return tmp_path


def test_a_project_is_taken_out_as_it_was_and_stays_as_it_is(repository):
    with as_it_was(repository, "v1.0") as past:
        assert (past / BOOK).read_text() == "old"
    assert (repository / BOOK).read_text() == "new"
    assert not past.exists()


def test_a_revision_that_git_does_not_know_is_named_with_one_that_is_near(repository):
    with (
        pytest.raises(UsageError, match=r"no revision v1\.1"),
        as_it_was(repository, "v1.1"),
    ):
        pass


def test_without_git_the_machine_lacks_something(repository, monkeypatch):
    monkeypatch.setenv("PATH", "")
    with (
        pytest.raises(MachineError, match="git is not installed"),
        as_it_was(repository, "v1.0"),
    ):
        pass
