"""Say what is wrong, where, and what to do about it.

What goes in: a stage's finding. What comes out: a tuple of frozen diagnostics, sorted
by place. No text is formatted and nothing is printed here: that is `console`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any

from memobook.codes import Code

__all__ = [
    "Code",
    "Diagnostic",
    "MachineError",
    "MemobookError",
    "Reporter",
    "Severity",
    "Span",
    "TroubleError",
    "UsageError",
]


class Severity(StrEnum):
    """How bad it is: an error keeps the outputs from being written."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    """Nothing is wrong, but the author should know: what was not checked."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A place in a file of the project."""

    path: str
    """Relative to the project folder, with forward slashes."""
    line: int = 0
    """1-based; 0 means the whole file."""
    column: int = 0
    """1-based, in Unicode code points; 0 means the whole line."""
    length: int = 0
    """In code points; 0 where the end is not known."""

    def __reduce__(self) -> tuple[type[Span], tuple[str, int, int, int]]:
        """Go from process to process in half the time that a dataclass takes."""
        return Span, (self.path, self.line, self.column, self.length)


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding, complete: whoever shows it needs nothing else."""

    span: Span
    severity: Severity
    code: Code
    message: str
    """Lower case, without a full stop, with the author's own words in it."""
    hint: str = ""
    """What to do, with the exact text to write; empty where the message says it."""

    def as_dict(self) -> dict[str, Any]:
        """Return the diagnostic as JSON can hold it."""
        return {
            **asdict(self),
            "severity": self.severity.value,
            "code": self.code.value,
        }

    @staticmethod
    def from_dict(facts: dict[str, Any]) -> Diagnostic:
        """Return the diagnostic that as_dict gave."""
        return Diagnostic(
            span=Span(**facts["span"]),
            severity=Severity(facts["severity"]),
            code=next(c for c in Code if c.value == facts["code"]),
            message=facts["message"],
            hint=facts["hint"],
        )

    @property
    def is_error(self) -> bool:
        """Whether it keeps the outputs from being written."""
        return self.severity is Severity.ERROR

    @property
    def is_fault(self) -> bool:
        """Whether something is wrong."""
        return self.severity is not Severity.INFO


@dataclass(slots=True)
class Reporter:
    """Collects diagnostics for one job: with `Files`, the only thing that is filled."""

    lowered: frozenset[Code] = frozenset()
    """Codes that the book's settings report as warnings."""
    _found: dict[tuple[Span, Code, str], Diagnostic] = field(default_factory=dict)

    def error(self, code: Code, span: Span, message: str, hint: str = "") -> None:
        """Report what must be mended before the book can be published."""
        self.add(Diagnostic(span, Severity.ERROR, code, message, hint))

    def warning(self, code: Code, span: Span, message: str, hint: str = "") -> None:
        """Report what the author should look at."""
        self.add(Diagnostic(span, Severity.WARNING, code, message, hint))

    def info(self, code: Code, span: Span, message: str, hint: str = "") -> None:
        """Tell what is no fault."""
        self.add(Diagnostic(span, Severity.INFO, code, message, hint))

    def add(self, diagnostic: Diagnostic) -> None:
        """Take a diagnostic; the same finding of both outputs counts once."""
        if diagnostic.code in self.lowered and diagnostic.is_error:
            diagnostic = replace(diagnostic, severity=Severity.WARNING)
        key = (diagnostic.span, diagnostic.code, diagnostic.message)
        self._found.setdefault(key, diagnostic)

    def extend(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Take what another process found."""
        for diagnostic in diagnostics:
            self.add(diagnostic)

    def __iter__(self) -> Iterator[Diagnostic]:
        return iter(self.diagnostics)

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """All that was found, sorted by path, line and column."""
        found = self._found.values()
        return tuple(sorted(found, key=lambda d: (d.span, d.code.value, d.message)))

    @property
    def has_errors(self) -> bool:
        """Whether anything keeps the outputs from being written."""
        return any(d.is_error for d in self._found.values())

    def stop_on_errors(self) -> None:
        """Raise MemobookError with all that was found, if there is an error."""
        if self.has_errors:
            raise MemobookError(self.diagnostics)


class MemobookError(Exception):
    """The book cannot be made; carries every diagnostic found so far."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        super().__init__(diagnostics)
        self.diagnostics = diagnostics

    def __str__(self) -> str:
        return "; ".join(f"{d.span.path}: {d.message}" for d in self.diagnostics)


class TroubleError(Exception):
    """It cannot be done, and the book is not to blame; the hint says what to type."""

    def __init__(self, message: str, hint: str = "") -> None:
        # Both go to Exception's args, so that it survives a process pool.
        super().__init__(message, hint)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return self.message


class MachineError(TroubleError):
    """The machine lacks something; the hint says the command that mends it."""


class UsageError(TroubleError):
    """What was asked for is not there: a memo, a revision; the hint says what is."""
