"""Turn Markdown memos into a print PDF and an EPUB with link notes.

As a library: `build` and `check` take a project's folder and return values.

    report = memobook.build(Path("my-book"), formats=("epub",))
    for finding in memobook.check(Path("my-book")):
        print(finding.span.path, finding.span.line, finding.message)

`build` raises MemobookError, which holds every finding, if the book has errors,
MachineError if the machine lacks something, and UsageError if there is no such memo or
format. `trust=UNTRUSTED` is for what a stranger wrote. As `build` starts processes, a
script calls it below `if __name__ == "__main__":`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from memobook.diagnostics import (
        Code,
        Diagnostic,
        MachineError,
        MemobookError,
        Severity,
        Span,
        UsageError,
    )
    from memobook.looking import check
    from memobook.pipeline import build
    from memobook.project.trust import TRUSTED, UNTRUSTED, Trust
    from memobook.report import BuildReport, Output

__all__ = [
    "TRUSTED",
    "UNTRUSTED",
    "BuildReport",
    "Code",
    "Diagnostic",
    "MachineError",
    "MemobookError",
    "Output",
    "Severity",
    "Span",
    "Trust",
    "UsageError",
    "build",
    "check",
]

# Where is each? Engines take a second to load, and who wants only a type needs none.
_ROOMS = {
    "TRUSTED": "project.trust",
    "UNTRUSTED": "project.trust",
    "BuildReport": "report",
    "Code": "codes",
    "Diagnostic": "diagnostics",
    "MachineError": "diagnostics",
    "MemobookError": "diagnostics",
    "Output": "report",
    "Severity": "diagnostics",
    "Span": "diagnostics",
    "Trust": "project.trust",
    "UsageError": "diagnostics",
    "build": "pipeline",
    "check": "looking",
}


def __getattr__(name: str) -> object:
    """Load what is asked for: https://peps.python.org/pep-0562/."""
    if name not in _ROOMS:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    found: object = getattr(import_module(f"{__name__}.{_ROOMS[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
