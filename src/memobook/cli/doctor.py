"""`memobook doctor`: whether this machine has all that memobook needs."""

from __future__ import annotations

import platform

import typer

from memobook.cli.screen import paper
from memobook.diagnostics import MachineError

__all__ = ["doctor"]


def doctor() -> None:
    """Say whether this machine has all that memobook needs."""
    from importlib.metadata import version

    from memobook.outputs.pdf.layout import prepare_process

    paper().print(f"memobook {version('memobook')}, Python {platform.python_version()}")
    for name in ("weasyprint", "ebooklib", "markdown", "pikepdf", "uharfbuzz"):
        paper().print(f"{name} {version(name)}", markup=False)
    try:
        prepare_process()
    except MachineError as error:
        paper().print(f"Pango: missing. {error.message}", markup=False)
        paper().print(f"   type: {error.hint}", markup=False)
        paper().print("   without it, memobook build --format epub still works")
        raise typer.Exit(4) from None
    paper().print("Pango: there")
