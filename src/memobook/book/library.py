"""Read the works that a text may cite, and the style in which they are cited.

What goes in: the texts of a library, CSL-JSON or BibTeX, and of a CSL style. What comes
out: works by their keys in the terms of CSL, or everything that is wrong with its
place. How a citation reads is not known here.
https://docs.citationstyles.org/en/stable/specification.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import resources
from typing import Any

from memobook.diagnostics import Code, Reporter, Span

__all__ = ["BUILT_IN_STYLES", "Library", "built_in_style", "is_style", "read_works"]

BUILT_IN_STYLES = (
    "apa",
    "chicago-author-date",
    "chicago-notes-bibliography",
    "harvard-cite-them-right",
    "ieee",
    "modern-language-association",
)
"""Styles that need no file, by Creative Commons BY-SA 3.0 as they say themselves."""

Work = Mapping[str, Any]
"""A work in the terms of CSL-JSON."""


@dataclass(frozen=True, slots=True)
class Library:
    """What a book may cite, and how."""

    works: Mapping[str, Work] = field(default_factory=dict)
    """By key."""
    style: str = ""
    """A CSL style: XML."""
    span: Span = field(default_factory=lambda: Span(""))
    """Where the settings name it."""

    @property
    def makes_notes(self) -> bool:
        """Whether a citation is a note, and not words in the text."""
        return 'class="note"' in self.style[:2000]


def built_in_style(name: str) -> str:
    """Return one of the built-in styles."""
    folder = resources.files("memobook.book").joinpath("citation_styles")
    return folder.joinpath(f"{name}.csl").read_text("utf-8")


def is_style(text: str) -> bool:
    """Tell whether a text is a CSL style."""
    # Not above: `memobook --help` needs none.
    from lxml import etree

    # As a stranger may have written it: no entity is resolved, nothing is loaded.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(text.encode(), parser)
    except (etree.XMLSyntaxError, ValueError):
        return False
    return str(root.tag) == "{http://purl.org/net/xbiblio/csl}style"


def read_works(text: str, path: str, reporter: Reporter) -> dict[str, Work]:
    """Return the works of a library; report what is wrong with it."""
    works: dict[str, Work] = {}
    for work, span in _works(text, path, reporter):
        key = str(work["id"])
        twin = next((k for k in works if k.lower() == key.lower()), None)
        if twin is not None:
            hint = "give one of them another key; capitals make no difference"
            message = f"the key {key} is in the library twice"
            reporter.error(Code.LIBRARY_BROKEN, span, message, hint)
            continue
        works[key] = work
    return works


def _works(text: str, path: str, reporter: Reporter) -> Iterator[tuple[Work, Span]]:
    if path.lower().endswith(".bib"):
        # Not above: it is an extra, and brings what reads BibTeX.
        from memobook.book.bibtex import bibtex_works

        yield from bibtex_works(text, path, reporter)
        return
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        span = Span(path, error.lineno, error.colno)
        message = f"the library is no JSON: {error.msg.lower()}"
        reporter.error(Code.LIBRARY_BROKEN, span, message, "export it again")
        return
    if not isinstance(found, list):
        message = "the library is not a list of works"
        hint = "export it as CSL-JSON: [{...}, {...}]"
        reporter.error(Code.LIBRARY_BROKEN, Span(path, 1, 1), message, hint)
        return
    spans = _spans(text, path)
    for index, work in enumerate(found):
        key = str(work.get("id", "")) if isinstance(work, dict) else ""
        span = spans.get(key, Span(path))
        if fault := _fault(work):
            message = f"work {index + 1} of the library {fault}"
            hint = "a work has an id, a type such as book, and names in lists"
            reporter.error(Code.LIBRARY_BROKEN, span, message, hint)
            continue
        yield work, span


_ID = re.compile(r'"id"\s*:\s*("(?:[^"\\]|\\.)*"|\d+)')


def _spans(text: str, path: str) -> dict[str, Span]:
    """Return where each key is written last, so that of two the second is named."""
    found = {}
    for match in _ID.finditer(text):
        line = text.count("\n", 0, match.start(1)) + 1
        column = match.start(1) - text.rfind("\n", 0, match.start(1))
        found[str(json.loads(match[1]))] = Span(path, line, column, len(match[1]))
    return found


_NAMES = frozenset(
    "author editor translator container-author collection-editor".split()
)
_DATES = frozenset("issued accessed event-date original-date submitted".split())


def _fault(work: object) -> str:
    """Say what makes a work useless; nothing if it is a good one."""
    if not isinstance(work, dict):
        return "is no object"
    if not str(work.get("id", "")).strip():
        return "has no id"
    if not isinstance(work.get("type"), str):
        return "has no type"
    for name, value in work.items():
        if name in _NAMES and not _are_names(value):
            return f"has something else than names as its {name}"
        if name in _DATES and not isinstance(value, dict):
            return f"has something else than a date as its {name}"
    return ""


def _are_names(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(name, dict) and ("family" in name or "literal" in name)
        for name in value
    )
