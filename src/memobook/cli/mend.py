"""`memobook check --fix`: what can be mended, as a difference; it writes when told."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from memobook.cli.screen import fail, paper, show
from memobook.console import Format

if TYPE_CHECKING:
    from memobook.mending import Mended

__all__ = ["mend"]


def mend(roots: list[Path], style: Format, *, write: bool) -> int:
    """Show what can be mended in projects, and write it if told; return the exit code.

    1 where something could be mended and was not, so that a script can tell.
    """
    from memobook import mending
    from memobook.diagnostics import Reporter

    left = 0
    for root in roots:
        reporter = Reporter()
        found = tuple(mending.mends(root, reporter))
        for each in found:
            paper().print(each.diff, markup=False)
            if write:
                _write(root, each)
        show(reporter.diagnostics, root, style)
        left += int(reporter.has_errors) + (0 if write else len(found))
        _tell(root, len(found), write=write)
    return 1 if left else 0


def _write(root: Path, found: Mended) -> None:
    from memobook.mending import write

    try:
        write(root, found)
    except OSError as error:
        message = f"{found.path} cannot be written: {error.strerror}"
        fail(message, "make it writable; what was shown before it has been written")


def _tell(root: Path, count: int, *, write: bool) -> None:
    if not count:
        text = "nothing to mend"
    elif write:
        text = f"{count} files mended"
    else:
        text = f"{count} files can be mended: memobook check --fix --write {root}"
    paper().print(f"{root}: {text}", markup=False)
