"""Load a shelf: check shelf.toml strictly and find the books that it lists.

What goes in: the file. What comes out: the folders of its books, or every mistake with
line, column and "did you mean". What a shelf gives to a book is found by house.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path, PurePosixPath
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from memobook.diagnostics import Code, Reporter, Span
from memobook.project.config import BOOK_FILE, validated
from memobook.project.house import House, is_listed
from memobook.project.located import Located, read_toml
from memobook.project.opening import text_of
from memobook.project.outline_schema import Text

__all__ = ["Shelf", "ShelfFile", "check_house", "load_shelf"]


def _below(pattern: str) -> str:
    path = PurePosixPath(pattern)
    if path.is_absolute() or ".." in path.parts or "\\" in pattern:
        message = "{pattern} is not below the shelf"
        hint = "move shelf.toml to a folder above all of its books"
    elif any("**" in part and part != "**" for part in path.parts) or "\0" in pattern:
        message = "{pattern} is no pattern"
        hint = "* is any part of a name, ** stands alone for folders in folders"
    else:
        return pattern
    context = {"pattern": pattern, "hint": hint}
    kind = "bad_pattern"
    raise PydanticCustomError(kind, message, context)


Pattern = Annotated[Text, AfterValidator(_below)]


class ShelfTable(BaseModel):
    """Books that are built together."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    books: Annotated[tuple[Pattern, ...], Field(min_length=1)]
    """Project folders below the shelf's, or patterns: books/*, or **."""
    leave_out: tuple[Pattern, ...] = ()
    """Folders or patterns that are not meant."""
    styles: Text | None = None
    """A folder as a book's styles/, which all books share; their own come after it."""
    links: Text | None = None
    """A registry as a book's manuscript/links.toml, which all books share."""
    cache: Text | None = None
    """A folder that is the cache of all books, instead of one for each."""


class ShelfFile(BaseModel):
    """A shelf."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    shelf: ShelfTable


@dataclass(frozen=True, slots=True)
class Shelf:
    """A shelf and what is on it."""

    settings: ShelfTable
    books: tuple[Path, ...]
    """Their folders, sorted, as they are seen from where the shelf's file was named."""


def load_shelf(file: Path, reporter: Reporter) -> Shelf | None:
    """Load a shelf.toml; None if it is unusable.

    Reports `shelf-book-missing` for each line of `books` that finds no book.
    """
    found = _read(file, file.as_posix(), reporter)
    if found is None:
        return None
    settings, located = found
    _check_shared(settings, located, file.parent, reporter)
    books: dict[Path, None] = {}
    for index, pattern in enumerate(settings.books):
        matches = _projects(file.parent, pattern)
        if not matches:
            span = located.value(("shelf", "books", index))
            hint = _hint(file.parent, pattern)
            message = f"there is no book in {pattern}"
            reporter.error(Code.SHELF_BOOK_MISSING, span, message, hint)
        books |= dict.fromkeys(matches)
    table = settings.model_dump()
    listed = (p for p in books if is_listed(_name(p, file.parent), table))
    return Shelf(settings, tuple(sorted(listed)))


def check_house(house: House, seen: str, reporter: Reporter) -> None:
    """Report what is wrong in the shelf.toml of one book; `seen` is its path there.

    Whether its other books are there is not asked.
    """
    found = _read(house.file, seen, reporter)
    if found:
        _check_shared(*found, house.file.parent, reporter)


def _read(
    file: Path, name: str, reporter: Reporter
) -> tuple[ShelfTable, Located] | None:
    span = Span(name)
    try:
        text = text_of(file).replace("\r\n", "\n")
    except UnicodeDecodeError:
        hint = "save the file with the encoding UTF-8"
        reporter.error(Code.SOURCE_NOT_UTF8, span, "the file is not UTF-8", hint)
        return None
    except OSError as error:
        message = f"the shelf cannot be read: {error.strerror or error}"
        reporter.error(Code.PROJECT_NOT_FOUND, span, message)
        return None
    found = Reporter()
    located = read_toml(text, name, found)
    loaded = validated(ShelfFile, located, found) if located else None
    reporter.extend(found)
    # With a mistake in it, what is left might be other books than those meant.
    if found.has_errors or loaded is None or located is None:
        return None
    return loaded.shelf, located


def _check_shared(
    settings: ShelfTable, located: Located, folder: Path, reporter: Reporter
) -> None:
    wanted: Mapping[str, tuple[str | None, str]] = {
        "styles": (settings.styles, "folder"),
        "links": (settings.links, "file"),
    }
    for key, (name, kind) in wanted.items():
        place = folder / name if name else None
        if place and not (place.is_dir() if kind == "folder" else place.is_file()):
            span = located.value(("shelf", key))
            message = f"shelf.{key}: there is no {kind} {name}"
            hint = "its path is relative to the folder of shelf.toml"
            reporter.error(Code.CONFIG_WRONG_VALUE, span, message, hint)


def _projects(folder: Path, pattern: str) -> tuple[Path, ...]:
    """Return the projects that a pattern finds."""
    # A pattern of nothing but a dot is none to pathlib.
    is_here = PurePosixPath(pattern) == PurePosixPath()
    paths = [folder] if is_here else folder.glob(pattern)
    return tuple(sorted({p for p in paths if (p / BOOK_FILE).is_file()}))


def _name(project: Path, folder: Path) -> str:
    return project.relative_to(folder).as_posix()


def _hint(folder: Path, pattern: str) -> str:
    """Return the pattern that was meant, or how to make a book there."""
    there = {_name(p.parents[1], folder) for p in folder.glob(f"*/{BOOK_FILE}")}
    there |= {_name(p.parents[1], folder) for p in folder.glob(f"*/*/{BOOK_FILE}")}
    general = {f"{PurePosixPath(name).parent.as_posix()}/*" for name in there}
    near = get_close_matches(pattern, sorted({*there, *general}), n=1)
    if near:
        return f"did you mean {near[0]}?"
    return f"a book is a folder with {BOOK_FILE}; take the name out"
