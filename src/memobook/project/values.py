"""The values that a setting may have: tags, names, lengths, colours, addresses.

What goes in: a value as TOML or YAML has it. What comes out: the value as the book
needs it, or what is wrong with it in the author's words.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from memobook.project.standards import STANDARDS, clash

__all__ = [
    "PATTERNS",
    "USUAL_TAGS",
    "Colour",
    "FileStem",
    "Identifier",
    "LanguageTag",
    "Length",
    "Paper",
    "Role",
    "Slug",
    "StandardName",
    "StandardNames",
    "WebAddress",
]


USUAL_TAGS = frozenset(
    """ar de de-AT de-CH de-DE en en-AU en-CA en-GB en-IE en-IN en-US es es-ES fa fr
    fr-BE fr-CA fr-CH fr-FR he it it-IT ja ja-JP nl nl-NL pl pt pt-BR pt-PT""".split()
)
"""Language tags that are spelt as they should be."""


def _language(tag: str) -> str:
    if tag in USUAL_TAGS:
        return tag
    # Not above: its tables take a twentieth of the time in which a book is read.
    import langcodes

    if not langcodes.tag_is_valid(tag):
        kind, message = "bad_language", "{tag} is not a BCP 47 language tag"
        raise PydanticCustomError(kind, message, {"tag": tag})
    return langcodes.standardize_tag(tag)


def _identifier(value: str) -> str:
    bare = re.sub(r"^(urn:)?isbn:?\s*", "", value, flags=re.IGNORECASE)
    if bare != value or re.fullmatch(r"[\d\- ]{9,16}[\dxX]", bare):
        # Few books have one, and stdnum loads half of what Python knows of networks.
        from stdnum import isbn

        if not isbn.is_valid(bare):
            kind, message = "bad_isbn", "{value} is not an ISBN: a digit is wrong"
            raise PydanticCustomError(kind, message, {"value": value})
        return f"urn:isbn:{isbn.to_isbn13(isbn.compact(bare))}"
    if bare.startswith("10."):
        return f"https://doi.org/{bare}"
    if ":" not in value:
        kind = "bad_identifier"
        message = "{value} is no ISBN, DOI, URN or URL"
        raise PydanticCustomError(kind, message, {"value": value})
    return value


def _paper(name: str) -> str:
    presets = {"letter", "a4", "a5", "6x9in"}
    size = r"\d+(\.\d+)?(mm|cm|in|pt)"
    if name not in presets and not re.fullmatch(f"{size} {size}", name):
        kind = "bad_paper"
        message = "{paper} is no paper: letter, a4, a5, 6x9in or 150mm 230mm"
        raise PydanticCustomError(kind, message, {"paper": name})
    return name


def _listed(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def _standard(name: str) -> str:
    if name not in STANDARDS:
        # Where only the level is missing, the best one is meant.
        short = f"{name.lower()}a"
        near = [short] if short in STANDARDS else None
        near = near or get_close_matches(name.lower(), STANDARDS, n=1)
        known = ", ".join(STANDARDS)
        hint = f"did you mean {near[0]}?" if near else f"known: {known}"
        kind, message = "bad_standard", "{name} is no standard that memobook can meet"
        raise PydanticCustomError(kind, message, {"name": name, "hint": hint})
    return name


def _standards(names: tuple[str, ...]) -> tuple[str, ...]:
    if found := clash(names):
        message, hint = found
        kind, template = "bad_standard", "{problem}"
        raise PydanticCustomError(kind, template, {"problem": message, "hint": hint})
    return names


_COLOUR = r"^#[0-9a-fA-F]{6}$"
_LENGTH = r"^\d+(\.\d+)?(mm|cm|in|pt)$"
_STEM = r"^[A-Za-z0-9][A-Za-z0-9._-]*$"
_ROLE = r"^[a-z]{3}$"
_WEB = r"^https?://\S+$"
_SLUG = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"

PATTERNS = {
    _COLOUR: "a colour such as #8a2f24",
    _LENGTH: "a length such as 11pt or 4.5in",
    _STEM: "a file's name of letters, digits and hyphens, such as my-book",
    _ROLE: "a role of three letters, such as aut, edt or trl",
    _WEB: "an address that begins with https:// or http://",
    _SLUG: "a name of small letters, digits and hyphens, such as export-controls",
}
"""What a pattern asks for, in the author's words."""

LanguageTag = Annotated[str, AfterValidator(_language)]
Identifier = Annotated[str, AfterValidator(_identifier)]
Paper = Annotated[str, AfterValidator(_paper)]
Colour = Annotated[str, Field(pattern=_COLOUR)]
Length = Annotated[str, Field(pattern=_LENGTH)]
FileStem = Annotated[str, Field(pattern=_STEM)]
Role = Annotated[str, Field(pattern=_ROLE)]
WebAddress = Annotated[str, Field(pattern=_WEB)]
Slug = Annotated[str, Field(pattern=_SLUG)]
StandardName = Annotated[
    str,
    AfterValidator(_standard),
    WithJsonSchema({"enum": list(STANDARDS), "type": "string"}),
]
StandardNames = Annotated[
    tuple[StandardName, ...],
    BeforeValidator(
        _listed, json_schema_input_type=tuple[StandardName, ...] | StandardName
    ),
    AfterValidator(_standards),
]
