"""Load a project: check book.toml strictly and say where each mistake stands.

What goes in: a project's files. What comes out: its settings and the paths of its
memos, or every mistake at once with line, column and "did you mean".
"""

from __future__ import annotations

import typing
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, TypeVar

from pydantic import BaseModel, RootModel, ValidationError
from pydantic_core import ErrorDetails

from memobook.diagnostics import Code, Reporter, Span
from memobook.project.contents import Listed, find_listed
from memobook.project.files import BOOK_FILE, MANUSCRIPT, Files, Sizes
from memobook.project.limits_schema import bounded
from memobook.project.located import Located, Path, read_toml
from memobook.project.profiles import profiled, wanted_profiles
from memobook.project.schema import PATTERNS, BookFile, MemoBlock
from memobook.project.trust import TRUSTED, Trust
from memobook.project.yamlblock import read_yaml

__all__ = [
    "BOOK_FILE",
    "MANUSCRIPT",
    "Project",
    "load",
    "read_block",
    "report_unlisted",
    "split_block",
]

_Model = TypeVar("_Model", bound=BaseModel)

# Which code does an error of pydantic have, where it is no wrong value?
# https://docs.pydantic.dev/latest/errors/validation_errors/
_CODES = {
    "extra_forbidden": Code.CONFIG_UNKNOWN_KEY,
    "missing": Code.CONFIG_MISSING_KEY,
    "bad_language": Code.CONFIG_BAD_LANGUAGE,
    "bad_isbn": Code.CONFIG_BAD_ISBN,
    "bad_standard": Code.CONFIG_BAD_STANDARD,
}


@dataclass(frozen=True, slots=True)
class Project:
    """A checked project."""

    settings: BookFile
    memos: tuple[Listed, ...]
    """What is listed and there, in the order of the book."""
    located: Located
    """For diagnostics of later stages about a setting."""
    unlisted: tuple[str, ...] = ()
    """Paths of the Markdown files in manuscript/ that are no memos."""
    profiles: tuple[str, ...] = ()
    """Those that hold."""
    suffix: str = ""
    """Of the outputs' names, so that a draft takes no other book's place."""
    trust: Trust = TRUSTED
    """What it may do."""


def load(
    files: Files, reporter: Reporter, profiles: tuple[str, ...] = ()
) -> Project | None:
    """Load book.toml and find the memos; None if the settings are unusable.

    `profiles` are those that are wanted instead of the book's own.
    """
    text = files.text(BOOK_FILE, reporter)
    written = read_toml(text, BOOK_FILE, reporter) if text is not None else None
    if written is None:
        return None
    held = wanted_profiles(written, profiles, reporter)
    located = profiled(written, held)
    settings = validated(BookFile, located, reporter)
    if settings is None:
        return None
    for name in settings.profiles:
        # What is wrong in a profile that does not hold now shows all the same.
        validated(BookFile, profiled(written, [name]), reporter)
    limits = bounded(settings.limits, files.trust)
    settings = settings.model_copy(update={"limits": limits})
    files.sizes = Sizes(limits.file_mb << 20, limits.total_mb << 20)
    reporter.lowered = _lowered(settings, located, reporter)
    listed, unlisted = find_listed(files, MANUSCRIPT, settings, located, reporter)
    suffix = "".join(f"-{name}" for name in held) if profiles else ""
    return Project(settings, listed, located, unlisted, held, suffix, files.trust)


def report_unlisted(
    project: Project, included: frozenset[str], reporter: Reporter
) -> None:
    """Report the Markdown files that are in no book and in no memo."""
    for path in project.unlisted:
        if path not in included:
            name = path.removeprefix(f"{MANUSCRIPT}/")
            message = f"{name} is not in the book"
            hint = f'add "{name}" to memos in book.toml'
            reporter.warning(Code.CONFIG_MEMO_UNLISTED, Span(path), message, hint)


def split_block(text: str) -> tuple[str, int]:
    """Return a memo's YAML block and the number of lines it takes; ("", 0) if none."""
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        return "", 0
    for index, line in enumerate(lines[1:], start=1):
        if line.rstrip() in {"---", "..."}:
            return "\n".join(lines[1:index]), index + 1
    return "", 0


def read_block(
    text: str, file: str, reporter: Reporter
) -> tuple[MemoBlock, Located | None]:
    """Read a memo's YAML block; an empty one where it is missing.

    Without a place where it is unusable, so that nothing in it is said to be missing.
    """
    block, lines = split_block(text)
    if not lines and text.split("\n")[0].rstrip() == "---":
        message = "the block at the top is not closed"
        hint = "end it with a line that holds only ---"
        reporter.error(Code.BLOCK_NOT_YAML, Span(file, 1), message, hint)
        return MemoBlock(), None
    located = read_yaml(block, file, 2, reporter)
    found = validated(MemoBlock, located, reporter) if located else None
    return (found, located) if found else (MemoBlock(), None)


# What stands in for a required key, so that all other faults show in the same run?
# Places in a list are left out of its paths.
_STAND_INS: dict[Path, object] = {
    ("book",): {},
    ("book", "title"): "Untitled",
    ("book", "language"): "en",
    ("contents",): {},
    ("contents", "memos"): [],
    ("contents", "parts", "title"): "Untitled",
    ("contents", "parts", "memos"): [],
    ("shelf",): {},
    ("shelf", "books"): ["."],
}


def validated(
    model: type[_Model], located: Located, reporter: Reporter
) -> _Model | None:
    """Check data against a model; report every mistake with its place.

    What is wrong is left out then, so that the rest can still be used to find faults.
    Return None if that does not do.
    """
    data = located.data
    faults: set[Path] = set()
    for _ in range(_ROUNDS):
        try:
            return model.model_validate(data)
        except ValidationError as errors:
            found = errors.errors(include_url=False)[:_MOST]
        for error in found:
            path: Path = tuple(error["loc"])
            # What a stand-in lacks is no fault of the author's.
            if not any(path[: len(fault)] == fault for fault in faults):
                _report(model, error, located, reporter)
            faults.add(path)
        for error in reversed(found):
            data = _without_fault(data, error)
    return None


_ROUNDS = 5
_MOST = 100
"""How many mistakes are told in a round: who has more has written something else."""


def _without_fault(data: Any, error: ErrorDetails) -> Any:  # noqa: ANN401 (settings enter here)
    path: Path = tuple(error["loc"])
    keys = tuple(part for part in path if isinstance(part, str))
    is_wanted = error["type"] not in {"extra_forbidden", "two_titles"}
    if keys in _STAND_INS and is_wanted:
        return _replaced(data, path, (_STAND_INS[keys],))
    return _replaced(data, path[:-1] if error["type"] == "missing" else path, ())


def _replaced(data: Any, path: Path, values: tuple[object, ...]) -> Any:  # noqa: ANN401 (settings enter here)
    """Return data with one value, or none, in the place of the one at a path."""
    if not path:
        return values[0] if values else {}
    first, rest = path[0], path[1:]
    if isinstance(data, list) and isinstance(first, int):
        new = (_replaced(data[first], rest, values),) if rest else values
        return [*data[:first], *new, *data[first + 1 :]]
    if isinstance(data, dict):
        below = data.get(str(first), {})
        new = (_replaced(below, rest, values),) if rest else values
        others = {k: v for k, v in data.items() if k != first}
        return {**others, str(first): new[0]} if new else others
    return data


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
        if len(path) == 1:
            hint = f"add a line `[{path[0]}]` and its keys below it"
        elif model is MemoBlock:
            hint = f"add a line `{path[-1]}: ...`"
        reporter.error(code, located.key(path[:-1]), f"{name} is missing", hint)
    else:
        hint = error.get("ctx", {}).get("hint") or _HINTS.get(code, "")
        reporter.error(code, located.value(path), f"{name}: {_problem(error)}", hint)


_HINTS = {
    Code.CONFIG_BAD_DATE: "write a date of the calendar as 2025-06-09",
    Code.CONFIG_BAD_LANGUAGE: "write a tag such as en-US, de or hi",
    Code.CONFIG_BAD_ISBN: "compare it with the book's cover or the agency's letter",
}

# How does pydantic call a problem, and how would an author?
_PROBLEMS = {
    "string_type": "this must be text, in quotes",
    "tuple_type": "this must be a list, in brackets",
    "model_type": "this must be a table, with keys of its own",
    "int_parsing": "this must be a whole number",
    "int_type": "this must be a whole number",
    "string_too_short": "this must not be empty",
}


def _problem(error: ErrorDetails) -> str:
    kind, context = error["type"], error.get("ctx", {})
    if kind in _PROBLEMS:
        return _PROBLEMS[kind]
    if kind.startswith("date"):
        return f"{error['input']} is no date"
    if kind == "string_pattern_mismatch":
        return f"{error['input']} is not {PATTERNS[context['pattern']]}"
    if kind in {"greater_than_equal", "less_than_equal"}:
        word, limit = ("least", "ge") if "ge" in context else ("most", "le")
        return f"{error['input']} is not at {word} {context[limit]}"
    if kind == "literal_error":
        return f"{error['input']} is not {context['expected']}"
    return error["msg"]


def _known_keys(model: type[BaseModel], path: Path) -> list[str]:
    """Return the keys of the table at a path below a model."""
    if issubclass(model, RootModel):  # of tables that the author names
        model = _table(model.model_fields["root"].annotation) or model
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


_FINAL = frozenset(
    code.value
    for code in (
        Code.IMAGE_TOO_LARGE,
        Code.LAYOUT_DIED,
        Code.LIMIT_EXCEEDED,
        Code.MARKDOWN_TOO_DEEP,
        Code.READING_DIED,
    )
)
"""Errors behind which there is nothing that could be built."""


def _lowered(
    settings: BookFile, located: Located, reporter: Reporter
) -> frozenset[Code]:
    known = {code.value: code for code in Code if code.value not in _FINAL}
    for index, name in enumerate(settings.check.warn):
        if name not in known:
            span = located.value(("check", "warn", index))
            near = get_close_matches(name, known, n=1)
            message = f"there is no code {name}"
            hint = f"did you mean {near[0]}?" if near else ""
            if name in _FINAL:
                message = f"{name} cannot be a warning: nothing can be made of it"
                hint = "take it out, and mend what it names"
            reporter.error(Code.CONFIG_WRONG_VALUE, span, message, hint)
    return frozenset(known[n] for n in settings.check.warn if n in known)
