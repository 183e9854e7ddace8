"""The settings that say what stands where: parts, front matter, a memo's headings.

What goes in has passed TOML or YAML; what comes out is frozen and typed. schema.py has
all other tables, and puts these into their places.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

__all__ = [
    "ContentsTable",
    "Depth",
    "Epigraph",
    "MemoKind",
    "PartTable",
    "Text",
    "quoted",
]

Text = Annotated[str, Field(min_length=1)]

MemoKind = Literal[
    "dedication",
    "foreword",
    "preface",
    "introduction",
    "summary",
    "conclusion",
    "epilogue",
    "afterword",
    "acknowledgements",
    "further-reading",
    "glossary",
]
Depth = Annotated[int, Field(ge=0, le=5)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class PartTable(_Table):
    """A part of the book: a page that opens it, and its memos."""

    text: str = ""
    """A file for the page that opens it, which has the part's title; or none."""
    title: Annotated[str, Field(validate_default=True)] = ""
    """Of a part without such a file."""
    memos: tuple[Text, ...]

    @field_validator("title")
    @classmethod
    def _one_title(cls, value: str, info: ValidationInfo) -> str:
        text = info.data.get("text", "")
        if not value and not text:
            kind = message = "missing"
            raise PydanticCustomError(kind, message)
        if value and text:
            kind, message = "two_titles", "{text} has the part’s title already"
            context = {"text": text, "hint": "take one of the two lines out"}
            raise PydanticCustomError(kind, message, context)
        return value


class ContentsTable(_Table):
    """The order of the book. Paths are relative to manuscript/.

    In front and back, "authors" stands for a page about the authors of the memos,
    "figures" and "tables" for lists of all that have a caption; "abbreviations",
    "bibliography" and "sources" put a page there that else stands behind all memos.
    """

    front: tuple[Text, ...] = ()
    """What stands before the memos, with roman page numbers: foreword, summary."""
    memos: tuple[Text, ...]
    """The memos; in a book of parts, those before the first part."""
    parts: tuple[PartTable, ...] = ()
    appendices: tuple[Text, ...] = ()
    """Numbered A, B, …"""
    number_headings: Depth = 0
    """How many levels of headings have numbers: 1 for 2.1, 2 for 2.1.3; 0 for none."""
    memo_contents: Depth = 0
    """How many levels of its headings every memo lists before its text."""
    back: tuple[Text, ...] = ()
    """What stands after the memos: acknowledgements, further reading."""

    @model_validator(mode="before")
    @classmethod
    def _memos_in_parts(cls, data: object) -> object:
        if isinstance(data, dict) and "parts" in data:
            return {"memos": (), **data}
        return data


class Epigraph(_Table):
    """A quotation before a memo's text or the contents; a bare text will do."""

    text: Text
    """Markdown."""
    source: str = ""
    """Who said it, and where; Markdown, one paragraph."""


def quoted(value: object) -> object:
    """Return an epigraph that is written as a bare text as its table."""
    return {"text": value} if isinstance(value, str) else value
