"""Ace by DAISY, the judge of an EPUB's accessibility, from npm.

It opens the pages in Chromium. Its program ends with 0 whatever it finds, so that the
verdict is read from its report.
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

from memobook.checks.judges.programs import JudgeError, MissingError, run

__all__ = ["INSTALL", "Violation", "ace_version", "check_accessibility", "find_ace"]

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
    """One place that Ace finds fault with."""

    impact: str
    """critical, serious, moderate or minor."""
    rule: str
    """Such as image-alt."""
    message: str
    path: str
    """The document, relative to the package document; or the package document."""
    markup: str
    """The element, with what is in it; may be empty."""
    anchor: str
    """The element's id, if it has one."""


def find_ace(folder: Path | None = None) -> Path:
    """Return Ace's program: from PATH, or as Node looks for it, from a folder upwards.

    Raises MissingError.
    """
    if found := shutil.which(_NAME):
        return Path(found)
    start = (folder or Path.cwd()).resolve()
    for parent in (start, *start.parents):
        path = parent / "node_modules" / ".bin" / _NAME
        if path.is_file():
            return path
    raise MissingError(_NAME, INSTALL)


def ace_version() -> str:
    """Return the version; empty if Ace is not installed."""
    try:
        program = find_ace().resolve()
    except MissingError:
        return ""
    for parent in program.parents:
        path = parent / "package.json"
        if path.is_file():
            facts = json.loads(path.read_text("utf-8"))
            return str(facts.get("version", "")) if facts["name"] == _PACKAGE else ""
    return ""


def check_accessibility(path: Path) -> tuple[Violation, ...]:
    """Return what Ace finds; nothing means that the EPUB passes.

    Raises JudgeError if Ace or a browser is missing, or it gives no report.
    """
    program = find_ace()
    with tempfile.TemporaryDirectory(prefix="memobook-ace-") as folder:
        options = ("--force", "--silent", "--outdir", folder)
        command: list[str | Path] = [program, *options, path]
        done = run(command, environment=_environment())
        try:
            report = json.loads((Path(folder) / "report.json").read_text("utf-8"))
        except (OSError, ValueError):
            message = f"Ace gave no report: {(done.stderr or done.stdout)[-2000:]}"
            raise JudgeError(message) from None
    found = tuple(_violations(report))
    if not found and report["earl:result"]["earl:outcome"] != "pass":
        message = "Ace says that the EPUB fails, and not why"
        raise JudgeError(message)
    return found


def _environment() -> dict[str, str]:
    environment = dict(os.environ)
    if _BROWSER not in environment:
        for name in _BROWSERS:
            if browser := shutil.which(name):
                environment[_BROWSER] = browser
                break
    return environment


def _violations(report: dict[str, Any]) -> Iterator[Violation]:
    for document in report["assertions"]:
        for assertion in document["assertions"]:
            yield _violation(document["earl:testSubject"]["url"], assertion)


def _violation(path: str, assertion: dict[str, Any]) -> Violation:
    test, result = assertion["earl:test"], assertion["earl:result"]
    selectors = result.get("earl:pointer", {}).get("css", [])
    anchors = [str(s)[1:] for s in selectors if str(s).startswith("#")]
    return Violation(
        impact=test["earl:impact"],
        rule=test["dct:title"],
        message=str(result["dct:description"]).split("\n")[0],
        path=path,
        markup=result.get("html", ""),
        anchor=anchors[0] if anchors else "",
    )
