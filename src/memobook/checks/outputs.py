"""Find the outputs of the last build and tell whether they are true to the sources.

What goes in: a project's files and its book's name. What comes out: the artifacts in
build/ as bytes, and what the build's own list says of them. Nothing is judged here.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from memobook.fresh import BUILD
from memobook.project.files import ANY_SIZE, MISSING, Files

__all__ = ["LastBuild", "UnreadableError", "find_last_build"]


class UnreadableError(Exception):
    """A finished file cannot be read back; the message says why."""


@dataclass(frozen=True, slots=True)
class LastBuild:
    """What the last build left in build/."""

    outputs: Mapping[str, bytes]
    """Format -> the file's content, of those that are there."""
    paths: Mapping[str, Path]
    """Format -> the file's path."""
    stale: str = ""
    """Why the outputs are not those of the sources as they are now; else empty."""
    altered: frozenset[str] = frozenset()
    """The formats whose files are not as they were written."""
    absent: frozenset[str] = frozenset()
    """The formats that were written and are not there any more."""


def find_last_build(root: Path, name: str) -> LastBuild | None:
    """Return the last build of a project; None if there was none.

    What counts is build/<name>.json, which may be moved and copied with its outputs.
    """
    folder = root / BUILD
    # By the same door as the sources: build/ may have come with a stranger's project.
    files = Files(folder.resolve(), sizes=ANY_SIZE)
    try:
        manifest = json.loads(files.read(f"{name}.json"))
        written = {Path(n).suffix[1:]: f for n, f in manifest["outputs"].items()}
        stale = _stale(manifest, Files(root.resolve(), sizes=ANY_SIZE))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    paths = {kind: folder / f"{name}.{kind}" for kind in written}
    outputs = {}
    for kind, path in paths.items():
        with suppress(OSError):
            outputs[kind] = files.read(path.name)
    altered = {
        kind
        for kind, data in outputs.items()
        if hashlib.sha256(data).hexdigest() != written[kind]["sha256"]
    }
    return LastBuild(
        outputs=outputs,
        paths=paths,
        stale=stale,
        altered=frozenset(altered),
        absent=frozenset(written.keys() - outputs.keys()),
    )


def _stale(manifest: Mapping[str, Any], files: Files) -> str:
    for path, digest in manifest["inputs"].items():
        if _digest(files, path) != digest:
            return f"{path} has changed"
    for package, then in manifest["versions"].items():
        if _version(package) != then:
            return f"{package} {then} was used"
    return ""


def _digest(files: Files, path: str) -> str:
    try:
        files.read(path)
    except OSError:
        return MISSING
    return files.inputs[path]


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return MISSING
