"""Findings as one SARIF document, which code hosts and editors read.

What goes in: findings with the paths by which whoever reads the document finds them.
What comes out: the text of a log with one run, also of no findings.
https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from memobook.codes import Code
from memobook.console import Placed
from memobook.diagnostics import Severity

__all__ = ["document"]

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"
    "sarif-schema-2.1.0.json"
)

# How does SARIF call a severity?
_LEVELS = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFO: "note",
}


def document(
    found: Sequence[Placed],
    *,
    version: str,
    failures: Sequence[str] = (),
    successful: bool = True,
) -> str:
    """Return all findings of a command as the text of a SARIF log.

    `version` is memobook's; `failures` say what kept it from looking, and
    `successful` whether it came to its end.
    """
    codes = tuple(Code)
    driver = {
        "name": "memobook",
        "semanticVersion": version,
        "rules": [_rule(code) for code in codes],
    }
    invocation: dict[str, Any] = {"executionSuccessful": successful and not failures}
    if failures:
        invocation["toolExecutionNotifications"] = [
            {"level": "error", "message": {"text": _text(text)}} for text in failures
        ]
    run = {
        "tool": {"driver": driver},
        "invocations": [invocation],
        "columnKind": "utf16CodeUnits",
        "results": list(_results(found, codes)),
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2, ensure_ascii=False)


def _rule(code: Code) -> Mapping[str, Any]:
    text = " ".join(code.explanation.split())
    first = re.split(r"(?<=[.!?])\s", text, maxsplit=1)[0]
    return {
        "id": code.value,
        "name": code.value.title().replace("-", ""),
        "shortDescription": {"text": _text(first)},
        "fullDescription": {"text": _text(text)},
        "help": {"text": _text(code.explanation), "markdown": code.explanation},
    }


def _results(
    found: Sequence[Placed], codes: tuple[Code, ...]
) -> Iterator[dict[str, Any]]:
    seen: Counter[str] = Counter()
    for each in found:
        finding = each.diagnostic
        message = finding.message
        if finding.hint:
            message += f"\nhint: {finding.hint}"
        likeness = _likeness(each)
        seen[likeness] += 1
        yield {
            "ruleId": finding.code.value,
            "ruleIndex": codes.index(finding.code),
            "level": _LEVELS[finding.severity],
            "message": {"text": _text(message)},
            "locations": [{"physicalLocation": _location(each)}],
            "partialFingerprints": {"memobook/v1": f"{likeness}:{seen[likeness]}"},
        }


def _likeness(each: Placed) -> str:
    """Return what stays of a finding while lines and pages move around it."""
    finding = each.diagnostic
    # Pages, notes and lines that a message names move, too.
    message = re.sub(r"\d+", "#", finding.message)
    line = (each.line or "").strip()
    facts = "\0".join((finding.code.value, each.path, message, line))
    return hashlib.sha256(facts.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _location(each: Placed) -> dict[str, Any]:
    span = each.diagnostic.span
    place: dict[str, Any] = {"artifactLocation": {"uri": _uri(each.path)}}
    if span.line:
        region = {"startLine": span.line}
        if span.column:
            region["startColumn"] = _units(each.line, span.column)
            if span.length:
                end = span.column + span.length
                region["endColumn"] = _units(each.line, end)
        place["region"] = region
    return place


def _uri(path: str) -> str:
    """Return a path as a reference, which a colon must not turn into a scheme."""
    # Bytes that are not UTF-8 stay themselves. Other lone surrogates are no bytes.
    known = re.sub("[\ud800-\udc7f\udd00-\udfff]", "\N{REPLACEMENT CHARACTER}", path)
    if known.startswith("/"):
        return "file://" + quote(known, errors="surrogateescape")
    return quote(known or ".", safe="/", errors="surrogateescape")


def _units(line: str | None, column: int) -> int:
    """Return a column in code points as one in UTF-16 code units, both from 1."""
    before = (line or "")[: column - 1]
    return column + sum(ord(sign) > 0xFFFF for sign in before)


def _text(text: str) -> str:
    """Return a text in which SARIF sees no link and no placeholder of its own."""
    bare = text.encode("utf-8", "replace").decode("utf-8")
    bare = re.sub(r"([\\\[\]])", r"\\\1", bare) if "](" in bare else bare
    return re.sub(r"\{(\d+)\}", r"{{\1}}", bare) or "(no text)"
