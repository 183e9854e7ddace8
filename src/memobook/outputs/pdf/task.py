"""A task for the layout: a section, and all else that its sheet depends on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from memobook.book.rasters import PRINT, Limits
from memobook.bounds import FREE, Bound
from memobook.design.fonts import Face
from memobook.design.section import Section, Stylesheet
from memobook.project.files import BUILT_IN, Sizes
from memobook.project.trust import TRUSTED, Trust

__all__ = ["Task"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """All that a sheet depends on: the key of its place in the cache."""

    section: Section
    stylesheets: tuple[Stylesheet, ...]
    """Built-in ones first."""
    faces: tuple[Face, ...]
    root: Path
    """The project folder, resolved."""
    first_folio: int
    """The number of the first page."""
    on_left: bool
    """Whether the first page is a left-hand one."""
    limits: Limits = PRINT
    """What the pictures may be."""
    trust: Trust = TRUSTED
    """What the project may do."""
    sizes: Sizes = BUILT_IN
    """How much may be read."""
    is_tagged: bool = True
    """Whether the PDF has a structure tree."""
    bound: Bound = FREE
    """What the layout may take: no part of the key."""

    @property
    def variant(self) -> str | None:
        """Without one WeasyPrint tags nothing."""
        return "pdf/ua-1" if self.is_tagged else None
