"""Take a project as it was at a revision of git out into a folder: the door to git.

What goes in: a project folder and what somebody calls a revision: a tag, a branch,
HEAD~3. What comes out: a folder with the project's files as they were. The project
itself is only read, and no program of its repository is run.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType

from memobook.diagnostics import MachineError, UsageError

__all__ = ["as_it_was"]


@contextmanager
def as_it_was(root: Path, revision: str) -> Iterator[Path]:
    """Yield a folder with a project as it was; it goes when it is no more needed.

    Raises MachineError without git, or if git cannot do what it is asked, and
    UsageError if the project is in no repository, or there is no such revision, or
    nothing of the project in it.
    """
    _look_for_repository(root)
    commit = _commit(root, revision)
    archive = _archive(root, commit)
    with tempfile.TemporaryDirectory(prefix="memobook-revision-") as name:
        folder = Path(name).resolve() / root.resolve().name
        folder.mkdir()
        if archive:
            with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
                tar.extractall(folder, filter=_inside)  # noqa: S202 (judges each)
        if not (folder / "manuscript" / "book.toml").is_file():
            message = f"there was no manuscript/book.toml in {revision}"
            hint = "see when it came: git log -- manuscript/book.toml"
            raise UsageError(message, hint)
        yield folder


def _archive(root: Path, commit: str) -> bytes:
    """Return a project's files at a commit, as git packs them.

    By an empty repository that has the same objects: git runs what the configuration of
    a repository calls a filter, and that may have come with a stranger's project. The
    user's own filters, such as those of Git LFS, are run.
    """
    here = ("rev-parse", "--path-format=absolute")
    objects = _told(root, *here, "--git-path", "objects").decode().rstrip("\n")
    kind = _told(root, "rev-parse", "--show-object-format").decode().strip()
    below = _told(root, "rev-parse", "--show-prefix").decode().strip().rstrip("/")
    with tempfile.TemporaryDirectory(prefix="memobook-objects-") as name:
        empty, own = Path(name), f"--git-dir={name}"
        _told(empty, "init", "--quiet", "--bare", f"--object-format={kind}", name)
        # In quotes, as a colon stands between several.
        quoted = json.dumps(objects, ensure_ascii=False)
        found = {"GIT_ALTERNATE_OBJECT_DIRECTORIES": quoted}
        asked = (own, "archive", "--format=tar", f"{commit}:{below}")
        done = _git(empty, *asked, variables=found)
        if done.returncode != 0 and below and b"not a valid object name" in done.stderr:
            return b""
        if done.returncode != 0:
            raise _failure(root, done)
        return done.stdout


def _inside(member: tarfile.TarInfo, folder: str) -> tarfile.TarInfo | None:
    """Return a file that is to be taken out; None for a link that leads elsewhere."""
    try:
        return tarfile.data_filter(member, folder)
    except tarfile.FilterError:
        return None


def _look_for_repository(root: Path) -> None:
    asked = _git(root, "rev-parse", "--is-inside-work-tree")
    if asked.returncode == 0 and asked.stdout.strip() == b"true":
        return
    said = _said(asked)
    if asked.returncode == 0 or "not a git repository" in said:
        hint = "type: git init && git add . && git commit -m Begin"
        message = f"{root.resolve()} is in no git repository, so it has no revisions"
        raise UsageError(message, hint)
    raise _failure(root, asked)


def _commit(root: Path, revision: str) -> str:
    """Return the full name of a commit."""
    asked = ("rev-parse", "--verify", "--quiet", "--end-of-options")
    found = _git(root, *asked, f"{revision}^{{commit}}")
    if found.returncode == 0:
        return found.stdout.decode().strip()
    if found.stderr:
        raise _failure(root, found)
    names = _told(root, "for-each-ref", "--format=%(refname:short)").decode().split()
    near = get_close_matches(revision, names, n=1)
    hint = f"did you mean {near[0]}?" if near else "see them all: git log --oneline"
    if not names:
        hint = "there is none yet: git add . && git commit -m Begin"
    message = f"git knows no revision {revision}"
    raise UsageError(message, hint)


def _told(root: Path, *arguments: str) -> bytes:
    """Return what git says. Raises MachineError if it fails."""
    done = _git(root, *arguments)
    if done.returncode != 0:
        raise _failure(root, done)
    return done.stdout


# A hook of git says so which repository it is for.
_OF_A_HOOK = frozenset(["GIT_DIR", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_WORK_TREE"])


def _git(
    root: Path, *arguments: str, variables: Mapping[str, str] = MappingProxyType({})
) -> subprocess.CompletedProcess[bytes]:
    kept = {name: v for name, v in os.environ.items() if name not in _OF_A_HOOK}
    try:
        # No shell, and behind --end-of-options a revision is no option of git's.
        return subprocess.run(  # noqa: S603
            ["git", "-C", str(root), *arguments],  # noqa: S607 (the user's own git)
            capture_output=True,
            check=False,
            # What is asked is in English, and nobody is asked for a password.
            env={**kept, "LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", **variables},
        )
    except OSError as error:
        is_there = not isinstance(error, FileNotFoundError)
        said = f"cannot be run: {error.strerror}" if is_there else "is not installed"
        message = f"git {said}, and it knows the revisions"
        hint = "install git, on Debian or Ubuntu: sudo apt install git"
        raise MachineError(message, hint) from None


def _said(done: subprocess.CompletedProcess[bytes]) -> str:
    """Return the first thing that git says of what is wrong."""
    lines = done.stderr.decode("utf-8", "replace").splitlines()
    said = next((line for line in lines if line.strip()), f"exit {done.returncode}")
    return said.removeprefix("fatal: ").removeprefix("error: ")


def _failure(root: Path, done: subprocess.CompletedProcess[bytes]) -> MachineError:
    """Return that git failed; its own words say best what is to be done."""
    hint = f"see what it says: git -C {root} fsck"
    return MachineError(f"git cannot read its repository: {_said(done)}", hint)
