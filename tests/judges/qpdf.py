"""qpdf, the judge of a PDF's syntax: cross references, streams, object types."""

from dataclasses import dataclass
from pathlib import Path

from memobook.checks.judges.programs import find_program, run


@dataclass(frozen=True, slots=True)
class Syntax:
    """What `qpdf --check` says about a PDF."""

    status: int
    """Its exit code: 0 is clean, 2 means errors, 3 means warnings only."""
    output: str
    """Its words, to be shown when an assertion fails."""

    @property
    def clean(self) -> bool:
        """Without error and without warning."""
        return self.status == 0


def check_pdf(path: Path) -> Syntax:
    """Judge a PDF's syntax. Raises JudgeError if qpdf is missing."""
    done = run([find_program("qpdf", package="qpdf"), "--check", path])
    return Syntax(done.returncode, done.stdout + done.stderr)
