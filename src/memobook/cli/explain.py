"""`memobook explain` and `memobook schema`: what can be looked up."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from memobook.cli.screen import fail, paper
from memobook.diagnostics import Code

__all__ = ["explain", "schema"]


def explain(
    code: Annotated[str, typer.Argument(help="A code, such as link-target-missing.")],
) -> None:
    """Explain a code of a finding."""
    from difflib import get_close_matches

    names = {member.value: member for member in Code}
    if code not in names:
        near = get_close_matches(code, names, n=1)
        hint = f"did you mean {near[0]}?" if near else ", ".join(sorted(names))
        fail(f"there is no code {code}", hint)
    paper().print(f"{code}\n\n{names[code].explanation}", markup=False)


def schema() -> None:
    """Print the JSON Schema of book.toml, of a memo's block, and of shelf.toml."""
    from memobook.project.schema import BookFile, MemoBlock
    from memobook.project.shelf import ShelfFile

    found = {
        "book": BookFile.model_json_schema(),
        "memo": MemoBlock.model_json_schema(),
        "shelf": ShelfFile.model_json_schema(),
    }
    paper().print(json.dumps(found, indent=2), markup=False)
