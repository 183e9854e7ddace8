"""Give a project of a test a history: git, with a name and without asking."""

from __future__ import annotations

import subprocess
from pathlib import Path

_WHO = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")


def git(root: Path, *arguments: str) -> None:
    subprocess.run(
        ["git", *_WHO, *arguments], cwd=root, check=True, capture_output=True
    )


def commit(root: Path, tag: str) -> None:
    """Commit all that is there, in a new repository if there is none."""
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", tag)
    git(root, "tag", tag)
