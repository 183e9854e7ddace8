"""What a build made, as a value that can be kept and shown again.

What goes in: the figures of a build. What comes out: the same as JSON and back.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from memobook.diagnostics import Diagnostic

__all__ = ["BuildReport", "Output"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """An artifact that was written."""

    path: Path
    size: int
    """Bytes."""
    sha256: str
    """In hex."""
    pages: int | None = None
    """Of a PDF."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildReport:
    """What a build made."""

    outputs: tuple[Output, ...]
    pages: int | None
    """Of the PDF; None if none was made."""
    memos: int
    notes: int
    calls: int
    laid_out: int
    """How many sections were laid out and not found in the cache."""
    diagnostics: tuple[Diagnostic, ...]
    alone: tuple[str, ...] = ()
    """The ids of a book's memos that may be built each alone."""
    lacks_page_list: bool = False
    """Whether the EPUB has none, as no PDF was built from the same sources."""
    nothing_changed: bool = False
    """Whether the outputs of an earlier build were as a new one would make them."""

    def as_dict(self) -> dict[str, Any]:
        """Return the report as JSON can hold it."""
        return {
            **asdict(self),
            "outputs": [{**asdict(o), "path": str(o.path)} for o in self.outputs],
            "diagnostics": [d.as_dict() for d in self.diagnostics],
        }

    @staticmethod
    def from_dict(facts: dict[str, Any]) -> BuildReport:
        """Return the report that as_dict gave."""
        outputs = (Output(**{**o, "path": Path(o["path"])}) for o in facts["outputs"])
        found = (Diagnostic.from_dict(d) for d in facts["diagnostics"])
        facts = {**facts, "alone": tuple(facts["alone"])}
        kept = {**facts, "outputs": tuple(outputs), "diagnostics": tuple(found)}
        return BuildReport(**kept)

    def below(self, folder: Path) -> BuildReport:
        """Return the report with its outputs in a folder, as it is called now."""
        here = (replace(o, path=folder / o.path.name) for o in self.outputs)
        return replace(self, outputs=tuple(here))

    def repeated(self) -> BuildReport:
        """Return the report of a build that found nothing to do."""
        return replace(self, nothing_changed=True, laid_out=0)
