"""The registry of links: manuscript/links.toml, a table for every address.

What goes in: the project's files. What comes out: what the registry says of each
address, with the places where it says so. Whether the book has such a link is not
known here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict, RootModel, ValidationInfo
from pydantic.functional_validators import field_validator
from pydantic_core import PydanticCustomError

from memobook.project.located import Located
from memobook.project.values import WebAddress

__all__ = ["REGISTRY_FILE", "LinkEntry", "LinksFile", "Registry"]

REGISTRY_FILE = "manuscript/links.toml"


class LinkEntry(BaseModel):
    """What is known of the page that a link leads to; a note says it."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    title: str = ""
    """Of the page, as the note says it."""
    publisher: str = ""
    """Who publishes the page: a newspaper, an office, an institute."""
    author: str = ""
    """Who wrote the page, as the note says it: the note begins with it."""
    accessed: dt.date | None = None
    """When it was read."""
    archive: WebAddress = ""
    """The address of an archived copy."""
    archived: dt.date | None = None
    """When that was made."""

    @field_validator("archived")
    @classmethod
    def _has_copy(cls, value: dt.date | None, info: ValidationInfo) -> dt.date | None:
        if value and not info.data.get("archive"):
            kind, message = "no_copy", "there is no address of the archived copy"
            context = {"hint": 'add a line `archive = "https://..."`'}
            raise PydanticCustomError(kind, message, context)
        return value


class LinksFile(RootModel[dict[str, LinkEntry]]):
    """manuscript/links.toml: a table for every address."""

    model_config = ConfigDict(frozen=True)


@dataclass(frozen=True, slots=True)
class Registry:
    """What a project's registry says."""

    entries: Mapping[str, LinkEntry] = field(default_factory=dict)
    """By address, as it is written there."""
    located: Located | None = None
    """None if there is no registry."""
    shared: Mapping[str, LinkEntry] = field(default_factory=dict)
    """What the registry of the project's shelf says, which is for other books, too."""
    shared_text: str = ""

    @property
    def text(self) -> str:
        """The file's text."""
        return self.located.text if self.located else ""

    @property
    def texts(self) -> tuple[str, str]:
        """The texts of both files."""
        return self.text, self.shared_text

    @property
    def known(self) -> dict[str, LinkEntry]:
        """What both say; the project's own comes first and so counts."""
        return {
            **self.entries,
            **{u: e for u, e in self.shared.items() if u not in self.entries},
        }
