"""`memobook explain` and `memobook schema`: what can be looked up."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from memobook.cli.screen import fail, paper
from memobook.diagnostics import Code

__all__ = ["explain", "schema"]


class Kind(StrEnum):
    """What has a schema."""

    BOOK = "book"
    MEMO = "memo"
    SHELF = "shelf"
    LINKS = "links"


def _codes(incomplete: str) -> list[str]:
    return [code.value for code in Code if code.value.startswith(incomplete)]


def explain(
    code: Annotated[
        str,
        typer.Argument(
            help="A code, such as link-target-missing.", autocompletion=_codes
        ),
    ],
) -> None:
    """Explain a code of a finding."""
    from difflib import get_close_matches

    names = {member.value: member for member in Code}
    if code not in names:
        near = get_close_matches(code, names, n=1)
        hint = f"did you mean {near[0]}?" if near else ", ".join(sorted(names))
        fail(f"there is no code {code}", hint)
    paper().print(f"{code}\n\n{names[code].explanation}", markup=False)


def schema(
    kind: Annotated[
        Kind | None,
        typer.Argument(help="Of which: book (book.toml), memo, shelf or links."),
    ] = None,
    write: Annotated[
        Path | None,
        typer.Option(
            help="A project's folder: write it beside book.toml, for editors."
        ),
    ] = None,
) -> None:
    """Print the JSON Schema of book.toml, a memo's block, shelf.toml, links.toml."""
    from memobook.project.described import schema_of

    if write is not None:
        _write_schema(write)
        return
    found = (
        schema_of(kind.value) if kind else {k.value: schema_of(k.value) for k in Kind}
    )
    paper().print(json.dumps(found, indent=2), markup=False)


def _write_schema(root: Path) -> None:
    from memobook.aside import write_aside
    from memobook.project.config import BOOK_FILE
    from memobook.project.described import SCHEMA_FILE, SCHEMA_LINE, schema_file
    from memobook.project.opening import bytes_of

    book = root / BOOK_FILE
    path = book.with_name(SCHEMA_FILE)
    try:
        first = bytes_of(book.resolve(), 1 << 30).decode("utf-8", "replace")
        # Aside and moved: a link in its place is not written through.
        write_aside(path, schema_file(), 0o644)
    except OSError as error:
        fail(f"{error.filename}: {error.strerror}", f"name a folder with {BOOK_FILE}")
    paper().print(str(path), markup=False)
    if not first.startswith(SCHEMA_LINE):
        paper().print(f"Write this as the first line of {book}:", markup=False)
        paper().print(SCHEMA_LINE, markup=False)
