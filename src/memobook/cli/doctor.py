"""`memobook doctor`: whether this machine has all that memobook needs."""

from __future__ import annotations

import platform

import typer

from memobook.box import network, walls
from memobook.cli.screen import paper
from memobook.diagnostics import MachineError
from memobook.workers import Workers

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
    _tell_walls()


def _tell_walls() -> None:
    """Say how the processes that read and lay out texts are held here."""
    with Workers(1, lay_out=False) as workers:
        found = workers.begun(walls, network()).result()
    paper().print("Workers have")
    for name, said in _WALLS.items():
        has = "yes" if getattr(found, name) else "no, not on this system"
        paper().print(f"   {said}: {has}", markup=False)


# What does each wall keep?
_WALLS = {
    "time": "a limit of time for each text",
    "memory": "a limit of memory for each text",
    "files": "limits of files and descriptors, and no core dumps",
    "network": "no network",
    "privileges": "no way to more rights",
    "environment": "an environment with only what they need",
}
