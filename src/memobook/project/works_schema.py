"""The settings that say what the text may cite, and what it abbreviates.

What goes in has passed TOML; what comes out is frozen and typed. schema.py has all
other tables, and puts these into their places.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict

from memobook.project.outline_schema import Text

__all__ = ["AbbreviationsTable", "CitationsTable"]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


def _listed(value: object) -> object:
    return (value,) if isinstance(value, str) else value


class AbbreviationsTable(_Table):
    """Abbreviations that are spelled out and listed; without this table none is."""

    terms: dict[Text, Text] = {}
    """WTO = "World Trade Organization"; a memo may have more: *[WTO]: ..."""
    spell_out: Literal["memo", "book", "never"] = "memo"
    """In what an abbreviation is spelled out at its first use."""
    listed: bool = True
    """Whether the book has a list of those that it uses."""


class CitationsTable(_Table):
    """What the text may cite: [@key, p. 12]."""

    library: Annotated[
        tuple[Text, ...],
        BeforeValidator(_listed, json_schema_input_type=tuple[Text, ...] | Text),
    ]
    """CSL-JSON or BibTeX, relative to manuscript/; one file or several."""
    style: Text = "chicago-notes-bibliography"
    """A built-in style, or a file that ends with .csl, relative to manuscript/."""
