"""A project as it was: git's revisions are found, or it is said what lacks."""

from __future__ import annotations

import pytest

from memobook.diagnostics import MachineError, TroubleError, UsageError
from memobook.revisions import as_it_was
from tests.revisions import commit, git

BOOK = "manuscript/book.toml"


@pytest.fixture
def repository(tmp_path):
    (tmp_path / "manuscript").mkdir()
    (tmp_path / BOOK).write_text("old")
    commit(tmp_path, "v1.0")
    (tmp_path / BOOK).write_text("new")
    return tmp_path


def refused(root, revision: str, kind: type[TroubleError] = UsageError) -> TroubleError:
    with pytest.raises(kind) as raised, as_it_was(root, revision):
        pass
    return raised.value


def test_a_project_is_taken_out_as_it_was_and_stays_as_it_is(repository):
    with as_it_was(repository, "v1.0") as past:
        assert (past / BOOK).read_text() == "old"
    assert (repository / BOOK).read_text() == "new"
    assert not past.exists()


def test_a_revision_that_git_does_not_know_is_named_with_one_that_is_near(repository):
    error = refused(repository, "v1.1")
    assert error.message == "git knows no revision v1.1"
    assert error.hint == "did you mean v1.0?"


def test_a_repository_without_a_commit_says_how_to_make_one(tmp_path):
    git(tmp_path, "init", "-q")
    assert "git commit" in refused(tmp_path, "HEAD").hint


def test_a_folder_in_no_repository_has_no_revisions(tmp_path):
    assert "is in no git repository" in refused(tmp_path, "HEAD").message


def test_without_git_the_machine_lacks_something(repository, monkeypatch):
    monkeypatch.setenv("PATH", "")
    error = refused(repository, "v1.0", MachineError)
    assert error.message.startswith("git is not installed")
    assert "apt install git" in error.hint


def test_what_git_says_of_a_broken_repository_is_told(repository):
    for objects in (repository / ".git/objects").glob("??/*"):
        objects.chmod(0o600)
        objects.write_bytes(b"broken")
    error = refused(repository, "v1.0", MachineError)
    assert "git cannot read its repository: " in error.message
    assert "fsck" in error.hint


def test_settings_that_git_cannot_read_are_no_missing_repository(repository):
    (repository / ".git/config").write_text("[broken")
    error = refused(repository, "v1.0", MachineError)
    assert "bad config" in error.message


def test_a_link_that_leads_out_of_the_project_is_left_behind(repository):
    (repository / "manuscript/away").symlink_to("/etc/hostname")
    commit(repository, "v2.0")
    with as_it_was(repository, "v2.0") as past:
        assert [path.name for path in (past / "manuscript").iterdir()] == ["book.toml"]


def test_a_hook_of_another_repository_changes_nothing(
    repository, tmp_path, monkeypatch
):
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere/.git"))
    with as_it_was(repository, "v1.0") as past:
        assert (past / BOOK).read_text() == "old"


def test_no_program_is_run_that_a_repository_names(repository):
    """What git calls a filter may have come with a stranger's project."""
    (repository / ".gitattributes").write_text("manuscript/* filter=odd\n")
    commit(repository, "v2.0")
    git(repository, "config", "filter.odd.smudge", "touch run; cat")
    with as_it_was(repository, "v2.0") as past:
        assert (past / BOOK).read_text() == "new"
    assert not [*repository.rglob("run")]


def test_a_project_below_a_repositorys_folder_is_taken_out_alone(repository):
    (repository / "shelf/a/manuscript").mkdir(parents=True)
    (repository / "shelf/a" / BOOK).write_text("below")
    commit(repository, "v2.0")
    with as_it_was(repository / "shelf/a", "v2.0") as past:
        assert (past / BOOK).read_text() == "below"
        assert [p.name for p in past.iterdir()] == ["manuscript"]
    error = refused(repository / "shelf/a", "v1.0")
    assert error.message == "there was no manuscript/book.toml in v1.0"
