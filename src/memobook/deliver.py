"""Write the outputs: all of them, or none.

What goes in: what was made of a book. What comes out: files in its build/ folder, with
a list of what they were made of.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from memobook.aside import begin_aside, sweep
from memobook.book.model import Book
from memobook.design.pagination import Pagination
from memobook.diagnostics import Code, MemobookError, Reporter, Span
from memobook.fresh import BUILD
from memobook.project.trust import TRUSTED, Trust
from memobook.report import Output

__all__ = ["Made", "deliver", "write_outputs"]

_ENGINES = ("memobook", "weasyprint", "ebooklib", "markdown", "pikepdf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What was made of a book."""

    book: Book
    """With its notes as they are numbered in the PDF, or else in the EPUB."""
    files: Mapping[str, bytes]
    """Format -> its file's content."""
    pages: int | None
    """Of the PDF."""
    folios: Mapping[str, str]
    """Its page map."""
    pagination: Pagination
    """Where its pages begin, or those of the last PDF; empty if that is not known."""
    inputs: Mapping[str, str]
    """As Files.inputs."""


def deliver(
    made: Made, root: Path, reporter: Reporter, trust: Trust = TRUSTED
) -> tuple[Output, ...]:
    """Write the files into the project's build/ and tell what they are.

    Raises MemobookError if they cannot be written; what was there is then as it was.
    """
    folder = root / BUILD
    outputs = tuple(
        Output(
            path=folder / f"{made.book.name}.{kind}",
            size=len(data),
            sha256=hashlib.sha256(data).hexdigest(),
            pages=made.pages if kind == "pdf" else None,
        )
        for kind, data in made.files.items()
    )
    manifest = json.dumps(_manifest(made, outputs), indent=2) + "\n"
    contents = [(o.path, made.files[o.path.suffix[1:]]) for o in outputs]
    contents.append((folder / f"{made.book.name}.json", manifest.encode()))
    write_outputs(folder, contents, reporter, trust)
    return outputs


def write_outputs(
    folder: Path,
    contents: Sequence[tuple[Path, bytes]],
    reporter: Reporter,
    trust: Trust = TRUSTED,
) -> None:
    """Write all files into a project's build/, or none of them.

    Raises MemobookError if they cannot be written, or if an untrusted project's build/
    leads elsewhere, where they might take the place of other files.
    """
    if folder.is_symlink() and not trust.shares_outside:
        message = f"{BUILD} is a link to {folder.readlink()}"
        hint = trust.hint(f"remove the link: rm {BUILD}")
        reporter.error(Code.OUTPUT_NOT_WRITABLE, Span(BUILD), message, hint)
        raise MemobookError(reporter.diagnostics)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write_all(contents)
    except OSError as error:
        message = f"{BUILD}/ cannot be written: {error.strerror or error}"
        hint = f"make room, or make it writable: chmod u+w {BUILD}"
        if blocked := _in_the_way(folder, (path for path, _ in contents)):
            message, hint = blocked, "move it away: an output is to stand there"
        reporter.error(Code.OUTPUT_NOT_WRITABLE, Span(BUILD), message, hint)
        raise MemobookError(reporter.diagnostics) from None


def _in_the_way(folder: Path, paths: Iterable[Path]) -> str:
    """Say what stands where the outputs go and is none; empty if nothing does."""
    if folder.is_symlink() and not folder.exists():
        return f"{BUILD} is a link to {folder.readlink()}, which is not there"
    if folder.exists() and not folder.is_dir():
        return f"{BUILD} is a file and no folder"
    found = next((path.name for path in paths if path.is_dir()), "")
    return f"{BUILD}/{found} is a folder" if found else ""


def _write_all(contents: Iterable[tuple[Path, bytes]]) -> None:
    """Write files beside their places, then move all of them: never half of one."""
    beside: list[tuple[Path, Path]] = []
    try:
        for path, data in contents:
            sweep(path.parent)
            beside.append((begin_aside(path.parent, data, 0o644), path))
        # Before any is moved: all of them, or none.
        for _, path in beside:
            if path.is_dir():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        for temporary, path in beside:
            temporary.replace(path)
    finally:
        for temporary, _ in beside:
            temporary.unlink(missing_ok=True)


def _manifest(made: Made, outputs: tuple[Output, ...]) -> dict[str, object]:
    return {
        "title": made.book.title,
        "identifier": made.book.identifier,
        "outputs": {o.path.name: {"sha256": o.sha256, "size": o.size} for o in outputs},
        "pages": made.pages,
        "memos": [
            {
                "id": memo.id,
                "path": memo.path,
                "title": memo.title,
                "folio": made.folios.get(memo.id),
                "notes": [
                    {"number": n.number, "kind": n.kind.value, "url": n.url or None}
                    for n in memo.notes
                ],
            }
            for memo in made.book.memos
        ],
        "inputs": dict(sorted(made.inputs.items())),
        "versions": {name: version(name) for name in _ENGINES},
    }
