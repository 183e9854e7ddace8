"""Turn Markdown memos into a print PDF and an EPUB with link notes.

As a library: `build` and `check` take a project's folder and return values.

    report = memobook.build(Path("my-book"), formats=("epub",))
    for finding in memobook.check(Path("my-book")):
        print(finding.span.path, finding.span.line, finding.message)

`build` raises MemobookError, which holds every finding, if the book has errors, and
MachineError if the machine lacks something. As `build` starts processes, a script calls
it below `if __name__ == "__main__":`.
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
    )
    from memobook.looking import check
    from memobook.pipeline import build
    from memobook.report import BuildReport, Output

__all__ = [
    "BuildReport",
    "Code",
    "Diagnostic",
    "MachineError",
    "MemobookError",
    "Output",
    "Severity",
    "Span",
    "build",
    "check",
]

# Where is each? Engines take a second to load, and who wants only a type needs none.
_ROOMS = {
    "BuildReport": "report",
    "Code": "codes",
    "Diagnostic": "diagnostics",
    "MachineError": "diagnostics",
    "MemobookError": "diagnostics",
    "Output": "report",
    "Severity": "diagnostics",
    "Span": "diagnostics",
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
