"""A sheet: a section as it was laid out, frozen and picklable, so it can be cached."""

from __future__ import annotations

from dataclasses import dataclass

from memobook.diagnostics import Diagnostic

__all__ = ["Place", "Sheet"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where an anchor stands in a sheet."""

    page: int
    """0-based, within the sheet."""
    x: float
    """PDF points from the left edge of the page."""
    y: float
    """PDF points from the bottom edge of the page, at the top of the anchor's box."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A laid-out section."""

    section: str
    """The section's id."""
    pdf: bytes
    """A tagged PDF of this section alone, its structure mended."""
    pages: int
    anchors: tuple[tuple[str, Place], ...]
    """Every id of the section's document, sorted by name."""
    moved: frozenset[str] = frozenset()
    """Anchors of the notes that are too tall for the foot of a page, or cut off there,
    but only the tallest where several are cut: set them at the memo's end and lay out
    again, until there is none."""
    inputs: tuple[tuple[str, str], ...] = ()
    """Paths that the layout read, with their hashes; see Files.inputs."""
    diagnostics: tuple[Diagnostic, ...] = ()
