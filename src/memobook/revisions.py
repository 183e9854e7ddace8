"""Take a project as it was at a revision of git out into a folder: the door to git.

What goes in: a project folder and what somebody calls a revision: a tag, a branch,
HEAD~3. What comes out: a folder with the project's files as they were. The project
itself is only read, and no program of its repository is run.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path

from memobook.diagnostics import MachineError, UsageError

__all__ = ["as_it_was"]


@contextmanager
def as_it_was(root: Path, revision: str) -> Iterator[Path]:
    """Yield a folder with a project as it was; it goes when it is no more needed.

    Raises MachineError without git, and UsageError if the project is in no repository,
    or there is no such revision, or nothing of the project in it.
    """
    if shutil.which("git") is None:
        hint = "install git, on Debian or Ubuntu: sudo apt install git"
        message = "git is not installed, and it knows the revisions"
        raise MachineError(message, hint)
    if _git(root, "rev-parse", "--is-inside-work-tree").strip() != b"true":
        hint = "type: git init && git add . && git commit -m Begin"
        message = f"{root.resolve()} is in no git repository, so it has no revisions"
        raise UsageError(message, hint)
    commit = _commit(root, revision)
    archive = _git(root, "archive", "--format=tar", commit)
    with tempfile.TemporaryDirectory(prefix="memobook-revision-") as name:
        folder = Path(name).resolve() / root.resolve().name
        folder.mkdir()
        if archive:
            with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
                tar.extractall(folder, filter="data")
        if not (folder / "manuscript" / "book.toml").is_file():
            message = f"there was no manuscript/book.toml in {revision}"
            hint = "see when it came: git log -- manuscript/book.toml"
            raise UsageError(message, hint)
        yield folder


def _commit(root: Path, revision: str) -> str:
    """Return the full name of a commit."""
    asked = ("rev-parse", "--verify", "--quiet", "--end-of-options")
    found = _git(root, *asked, f"{revision}^{{commit}}").decode().strip()
    if found:
        return found
    names = _git(root, "for-each-ref", "--format=%(refname:short)").decode().split()
    near = get_close_matches(revision, names, n=1)
    hint = f"did you mean {near[0]}?" if near else "see them all: git log --oneline"
    message = f"git knows no revision {revision}"
    raise UsageError(message, hint)


def _git(root: Path, *arguments: str) -> bytes:
    """Return what git says; nothing if it fails."""
    done = subprocess.run(
        ["git", "-C", str(root), *arguments],
        capture_output=True,
        check=False,
        # What is asked is in English, and nobody is asked for a password.
        env={**os.environ, "LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0"},
    )
    return done.stdout if done.returncode == 0 else b""
