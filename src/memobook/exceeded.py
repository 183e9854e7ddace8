"""Tell the author of a work that took too much, or that ended its process.

What goes in: the error of the work, and what it was done for. What comes out: a
diagnostic that names the file, the limit, and how to raise it.
"""

from __future__ import annotations

from concurrent.futures import BrokenExecutor

from memobook.bounds import Bound, ExceededError, Limit
from memobook.diagnostics import Code, Diagnostic, Severity, Span

__all__ = ["died", "exceeded"]

_MEGABYTE = 1 << 20


def exceeded(
    error: ExceededError, span: Span, what: str, bound: Bound, hint: str = ""
) -> Diagnostic:
    """Return what is to be said of `what`, such as “the layout of “Space””.

    `hint` says where to look for the cause.
    """
    message, more = _said(error.limit, bound)
    hints = "; ".join(filter(None, (hint, more)))
    code = Code.LIMIT_EXCEEDED
    return Diagnostic(span, Severity.ERROR, code, f"{what} {message}", hints)


def _said(limit: Limit, bound: Bound) -> tuple[str, str]:
    match limit:
        case Limit.TIME:
            said = f"took more than {_seconds(bound.seconds)} of the processor"
            return said, _raised(bound.more_seconds)
        case Limit.MEMORY:
            said = f"took more than {bound.memory // _MEGABYTE} MB of memory"
            return said, _raised(bound.more_memory)
        case Limit.DEPTH:
            return (
                "goes deeper into itself than memobook can follow",
                "take quotes, lists, tables or elements out of one another",
            )
        case Limit.FILE:
            return "wrote a file of more than 4 GB", "make its pictures smaller"


def _seconds(count: float) -> str:
    """Return a time in words: whole seconds, and tenths only of less than ten."""
    said = f"{round(count, 1 if count < 10 else None):g}"
    return f"{said} second" if said == "1" else f"{said} seconds"


def _raised(setting: str) -> str:
    where = "under [limits] in manuscript/book.toml"
    return f"if it needs more, write {setting} {where}"


def died(error: BrokenExecutor, code: Code, span: Span, what: str) -> Diagnostic:
    """Return what is to be said of a work in which a process ended."""
    hint = (
        "look for a huge picture, table or number; the system ends a process, too, "
        "for want of memory"
    )
    message = f"{what} failed: {error}"
    return Diagnostic(span, Severity.ERROR, code, message, hint)
