"""Read manuscript/fetched.lock: which file stands for which address of the web.

What goes in: the project's files. What comes out: address -> path, of what `memobook
fetch` saved once. A build uses no other file for it than the one that is recorded.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError

from memobook.diagnostics import Code, Reporter, Span
from memobook.project.files import MANUSCRIPT, Files

__all__ = ["FETCHED_FILE", "Fetched", "fetched_text", "read_fetched", "read_lock"]

FETCHED_FILE = f"{MANUSCRIPT}/fetched.lock"
_VERSION = 1


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file that was saved once."""

    file: str
    """Its path in the project."""
    sha256: str
    """In hex."""
    date: dt.date
    """When it was saved."""


_FILES = TypeAdapter(dict[str, Fetched])


def read_fetched(files: Files, reporter: Reporter) -> Mapping[str, str]:
    """Return address -> path; report `fetched-altered` for what is another file now."""
    recorded = read_lock(files, reporter)
    for url, found in recorded.items():
        try:
            digest = hashlib.sha256(files.read(found.file)).hexdigest()
        except OSError:
            message = f"{found.file}, fetched from {url}, is not there any more"
        else:
            if digest == found.sha256:
                continue
            message = f"{found.file} is not what was fetched from {url}"
        hint = "type: memobook fetch --again, or bring the old file back"
        reporter.error(Code.FETCHED_ALTERED, Span(FETCHED_FILE), message, hint)
    return {url: found.file for url, found in recorded.items()}


def read_lock(files: Files, reporter: Reporter) -> dict[str, Fetched]:
    """Return what is recorded, by address; nothing where it cannot be read."""
    if not files.has(FETCHED_FILE, reporter):
        return {}
    text = files.text(FETCHED_FILE, reporter)
    try:
        return _FILES.validate_python(json.loads(text or "")["files"])
    except (ValueError, KeyError, TypeError, RecursionError, ValidationError):
        message = f"{FETCHED_FILE} is damaged"
        hint = "remove it and type: memobook fetch"
        reporter.error(Code.FETCHED_ALTERED, Span(FETCHED_FILE), message, hint)
        return {}


def fetched_text(files: Mapping[str, Fetched]) -> str:
    """Return the lock file's text, sorted, so that differences are small."""
    plain = _FILES.dump_python(dict(sorted(files.items())), mode="json")
    data = {"version": _VERSION, "files": plain}
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"
