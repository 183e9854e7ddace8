"""What happens to a finished file behind memobook's back, for each code that says so.

What goes in: a project that was built. What comes out: the same with one file in build/
changed. The changes are those of faults.py.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.faults import (
    cut,
    late_mimetype,
    no_font_file,
    other_kind,
    removed,
    rewritten,
    said,
    swapped_spine,
    untagged,
)

__all__ = ["DAMAGES", "damage", "fake_ace", "fake_java"]

# What is done to which output of a case?
DAMAGES: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "accessibility-claim": ("epub", said("content.opf", ">readingOrder<", ">MathML<")),
    "epub-invalid": ("epub", late_mimetype),
    "font-not-embedded": ("pdf", rewritten(no_font_file)),
    "output-altered": ("epub", lambda data: data + b" "),
    "output-unreadable": ("pdf", cut),
    "parity-contents": ("epub", said("text/contents.xhtml", "A part", "A piece")),
    "parity-headings": ("pdf", rewritten(other_kind("H2", 0, "H3"))),
    "parity-links": (
        "epub",
        said("text/a.xhtml", "example.org/one", "example.org/two"),
    ),
    "parity-metadata": ("epub", said("content.opf", ">A Case<", ">Another Case<")),
    "parity-notes": ("pdf", rewritten(removed("Note", 0))),
    "parity-order": ("epub", swapped_spine),
    "parity-pictures": ("epub", said("text/a.xhtml", ' alt="A box"', ' alt=""')),
    "parity-tables": ("epub", said("text/a.xhtml", r"<td[^>]*>4</td>", "")),
    "parity-words": ("epub", said("text/a.xhtml", "said", "meant")),
    "pdf-invalid": ("pdf", rewritten(untagged)),
}


def damage(root: Path, name: str) -> None:
    """Spoil an output as a case asks for it."""
    if name in DAMAGES:
        kind, change = DAMAGES[name]
        (path,) = (root / "build").glob(f"*.{kind}")
        path.write_bytes(change(path.read_bytes()))


_REPORT = """{"earl:result": {"earl:outcome": "fail"}, "assertions": [
 {"earl:testSubject": {"url": "text/a.xhtml"}, "assertions": [{
  "earl:test": {"earl:impact": "moderate", "dct:title": "heading-order"},
  "earl:result": {"dct:description": "Heading order invalid",
   "earl:pointer": {"css": ["#a_a-part"]}, "html": ""}}]}]}
"""


def fake_ace(folder: Path) -> None:
    """Write a program that reports what Ace does of a heading's level."""
    _program(
        folder / "ace-puppeteer", f"cat > \"$4/report.json\" <<'END'\n{_REPORT}END"
    )


def fake_java(folder: Path) -> None:
    """Write a program that breaks."""
    _program(folder / "java", "exit 7")


def _program(path: Path, text: str) -> None:
    path.write_text(f"#!/bin/sh\nPATH=/usr/bin:/bin\n{text}\n", "utf-8")
    path.chmod(0o755)
