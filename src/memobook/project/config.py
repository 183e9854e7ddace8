"""Load a project: check book.toml strictly and say where each mistake stands.

What goes in: a project's files. What comes out: its settings and the paths of its
memos, or every mistake at once with line, column and "did you mean".
"""

from __future__ import annotations

import posixpath
import typing
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from memobook.diagnostics import Code, Reporter, Span
from memobook.project.files import Files, OutsideError
from memobook.project.located import Located, Path, read_toml, read_yaml
from memobook.project.schema import BookFile, MemoBlock

__all__ = ["BOOK_FILE", "MANUSCRIPT", "Project", "load", "read_block", "split_block"]

MANUSCRIPT = "manuscript"
BOOK_FILE = f"{MANUSCRIPT}/book.toml"

_Model = TypeVar("_Model", bound=BaseModel)

# Which code does an error of pydantic have, where it is no wrong value?
# https://docs.pydantic.dev/latest/errors/validation_errors/
_CODES = {
    "extra_forbidden": Code.CONFIG_UNKNOWN_KEY,
    "missing": Code.CONFIG_MISSING_KEY,
    "bad_language": Code.CONFIG_BAD_LANGUAGE,
    "bad_isbn": Code.CONFIG_BAD_ISBN,
}


@dataclass(frozen=True, slots=True)
class Project:
    """A checked project."""

    settings: BookFile
    memos: tuple[tuple[str, Span], ...]
    """Path of each memo that is there, and where it is listed."""
    located: Located
    """For diagnostics of later stages about a setting."""


def load(files: Files, reporter: Reporter) -> Project | None:
    """Load book.toml and find the memos; None if the settings are unusable."""
    text = files.text(BOOK_FILE, reporter)
    located = read_toml(text, BOOK_FILE, reporter) if text is not None else None
    settings = validated(BookFile, located, reporter) if located else None
    if settings is None or located is None:
        return None
    reporter.lowered = _lowered(settings, located, reporter)
    return Project(settings, _memos(files, settings, located, reporter), located)


def split_block(text: str) -> tuple[str, int]:
    """Return a memo's YAML block and the number of lines it takes; ("", 0) if none."""
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        return "", 0
    for index, line in enumerate(lines[1:], start=1):
        if line.rstrip() in {"---", "..."}:
            return "\n".join(lines[1:index]), index + 1
    return "", 0


def read_block(text: str, file: str, reporter: Reporter) -> MemoBlock:
    """Read a memo's YAML block; an empty one where it is missing or unusable."""
    block, _ = split_block(text)
    if not block and text.startswith("---\n"):
        message = "the block at the top is not closed"
        hint = "end it with a line that holds only ---"
        reporter.error(Code.BLOCK_NOT_YAML, Span(file, 1), message, hint)
    located = read_yaml(block, file, 2, reporter)
    found = validated(MemoBlock, located, reporter) if located else None
    return found or MemoBlock()


def validated(
    model: type[_Model], located: Located, reporter: Reporter
) -> _Model | None:
    """Check data against a model; report every mistake with its place."""
    try:
        return model.model_validate(located.data)
    except ValidationError as errors:
        for error in errors.errors(include_url=False):
            _report(model, error, located, reporter)
        return None


def _report(
    model: type[BaseModel], error: ErrorDetails, located: Located, reporter: Reporter
) -> None:
    path: Path = tuple(error["loc"])
    kind = error["type"]
    code = _CODES.get(kind, Code.CONFIG_WRONG_VALUE)
    if kind.startswith("date"):
        code = Code.CONFIG_BAD_DATE
    name = ".".join(str(p) for p in path)
    if code is Code.CONFIG_UNKNOWN_KEY:
        known = _known_keys(model, path[:-1])
        near = get_close_matches(str(path[-1]), known, n=1)
        hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(known)}"
        reporter.error(code, located.key(path), f"unknown key {name}", hint)
    elif code is Code.CONFIG_MISSING_KEY:
        hint = f"add a line `{path[-1]} = ...`"
        reporter.error(code, located.key(path[:-1]), f"{name} is missing", hint)
    else:
        message = error["msg"]
        text = f"{name}: {message[:1].lower()}{message[1:]}"
        reporter.error(code, located.value(path), text, _HINTS.get(code, ""))


_HINTS = {
    Code.CONFIG_BAD_DATE: "write a date of the calendar as 2025-06-09",
    Code.CONFIG_BAD_LANGUAGE: "write a tag such as en-US, de or hi",
    Code.CONFIG_BAD_ISBN: "compare it with the book's cover or the agency's letter",
}


def _known_keys(model: type[BaseModel], path: Path) -> list[str]:
    """Return the keys of the table at a path below a model."""
    for part in path:
        if isinstance(part, str) and part in model.model_fields:
            model = _table(model.model_fields[part].annotation) or model
    return sorted(model.model_fields)


def _table(annotation: object) -> type[BaseModel] | None:
    """Return the table that a type or a list of tables is made of."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    found = (_table(part) for part in typing.get_args(annotation))
    return next((table for table in found if table), None)


def _lowered(
    settings: BookFile, located: Located, reporter: Reporter
) -> frozenset[Code]:
    known = {code.value: code for code in Code}
    for index, name in enumerate(settings.check.warn):
        if name not in known:
            near = get_close_matches(name, known, n=1)
            reporter.error(
                Code.CONFIG_WRONG_VALUE,
                located.value(("check", "warn", index)),
                f"there is no code {name}",
                f"did you mean {near[0]}?" if near else "",
            )
    return frozenset(known[n] for n in settings.check.warn if n in known)


def _memos(
    files: Files, settings: BookFile, located: Located, reporter: Reporter
) -> tuple[tuple[str, Span], ...]:
    there = files.listing(MANUSCRIPT, "**/*.md")
    found: dict[str, Span] = {}
    for index, name in enumerate(settings.contents.memos):
        span = located.value(("contents", "memos", index))
        path = posixpath.normpath(f"{MANUSCRIPT}/{name}")
        if path in found:
            message = f"{name} is listed twice"
            reporter.error(
                Code.CONFIG_MEMO_TWICE, span, message, "take one of them out"
            )
        elif _is_there(files, path, name, span, there, reporter):
            found[path] = span
    if not settings.contents.memos:
        message, hint = "no memo is listed", 'write `memos = ["overview.md"]`'
        reporter.error(
            Code.CONFIG_NO_MEMOS, located.value(("contents", "memos")), message, hint
        )
    for path in sorted(set(there) - set(found)):
        name = path.removeprefix(f"{MANUSCRIPT}/")
        message = f"{name} is not in the book"
        hint = f'add "{name}" to memos in book.toml'
        reporter.warning(Code.CONFIG_MEMO_UNLISTED, Span(path), message, hint)
    return tuple(found.items())


def _is_there(
    files: Files,
    path: str,
    name: str,
    span: Span,
    there: tuple[str, ...],
    reporter: Reporter,
) -> bool:
    try:
        if files.exists(path):
            return True
    except OutsideError as error:
        hint = "move the file into manuscript/"
        reporter.error(Code.FILE_OUTSIDE, span, str(error), hint)
        return False
    names = [p.removeprefix(f"{MANUSCRIPT}/") for p in there]
    near = get_close_matches(name, names, n=1)
    hint = f"did you mean {near[0]}?" if near else f"write {path}, or take it out"
    reporter.error(
        Code.CONFIG_MEMO_MISSING, span, f"there is no {name} in {MANUSCRIPT}/", hint
    )
    return False
