"""The command line: arguments, exit codes, and the only room that prints.

Exit codes: 0 good, 1 the book has errors, 2 wrong usage, 3 warnings under --strict,
4 the machine lacks something, 130 interrupted. Each command has a file of its name;
engines are imported inside the commands that use them, so that --help is quick.
"""

from __future__ import annotations

from typing import Annotated

import typer

from memobook.cli.build import build
from memobook.cli.check import check
from memobook.cli.clean import clean
from memobook.cli.doctor import doctor
from memobook.cli.explain import explain, schema
from memobook.cli.fetch import fetch
from memobook.cli.links import links
from memobook.cli.new import new
from memobook.cli.preview import preview, watch
from memobook.cli.screen import paper
from memobook.cli.trusting import trust

__all__ = ["app"]

app = typer.Typer(
    name="memobook",
    help="Make a print PDF and an EPUB of a folder of Markdown memos.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (
    new, build, check, links, fetch, preview, watch, trust, clean, doctor, explain,
    schema,
):  # fmt: skip
    app.command()(command)


@app.callback(invoke_without_command=True)
def main(
    *,
    show_version: Annotated[
        bool, typer.Option("--version", help="Print the version.")
    ] = False,
) -> None:
    """Make a print PDF and an EPUB of a folder of Markdown memos."""
    if show_version:
        from importlib.metadata import version

        paper().print(f"memobook {version('memobook')}")
        raise typer.Exit
