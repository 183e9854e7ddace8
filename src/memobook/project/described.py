"""The JSON Schema of what an author writes, with a description of every key.

What goes in: the tables of schema.py, whose docstrings are the descriptions. What comes
out: schemas for editors, which show them while book.toml is written.
https://json-schema.org/draft/2020-12/json-schema-core
"""

from __future__ import annotations

import ast
import inspect
import json
from collections.abc import Iterator
from importlib.metadata import version
from typing import Any, Literal

from pydantic import BaseModel

from memobook.project import (
    limits_schema,
    links_schema,
    outline_schema,
    schema,
    shelf,
    works_schema,
)
from memobook.project.links_schema import LinksFile
from memobook.project.schema import BookFile, MemoBlock
from memobook.project.shelf import ShelfFile

__all__ = ["SCHEMA_FILE", "SCHEMA_LINE", "schema_file", "schema_of"]

SCHEMA_FILE = "book.schema.json"
"""Its name, beside book.toml."""
SCHEMA_LINE = f"#:schema ./{SCHEMA_FILE}"
"""The first line of a book.toml whose editor is to know the schema."""

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_MODELS: dict[str, type[BaseModel]] = {
    "book": BookFile,
    "memo": MemoBlock,
    "shelf": ShelfFile,
    "links": LinksFile,
}
_TITLES = {
    "book": "book.toml of memobook",
    "memo": "The block of a memo of memobook",
    "shelf": "shelf.toml of memobook",
    "links": "links.toml of memobook",
}

_ROOMS = (
    limits_schema, links_schema, outline_schema, schema, shelf, works_schema,
)  # fmt: skip
"""Where the tables are."""

# What are the keys whose names are enough for who reads the code?
_PLAIN = {
    "name": "The name, as it is printed.",
    "affiliation": "Where the person works.",
    "title": "The title, as it is printed.",
    "subtitle": "What stands below the title.",
    "authors": "Names, or tables with name, sort, affiliation, place and bio.",
    "date": "A date of the calendar: 2025-06-09.",
    "language": "A BCP 47 tag, if it is not the book's: en-US, de, hi.",
    "description": "One or two sentences for catalogues and shops.",
    "publisher": "Who publishes it.",
    "place": "A city or a country.",
    "edition": "Such as Second edition.",
    "series": "It stands above the title.",
    "rights": "Such as © 2026 Your Name.",
    "subjects": "Headings for catalogues.",
    "contributors": "A table for each person: name, role, sort.",
    "memos": "Paths of memos in their order, relative to manuscript/.",
    "parts": "Tables with a title or a text, and memos.",
    "notes": "How links become notes: footnotes, memo-notes, book-notes, inline, off.",
    "accessibility": "Who has examined the EPUB.",
    "book": "What the title page and the catalogues say.",
    "contents": "The order of the book.",
    "links": "How links become notes.",
    "figures": "How figures and tables are numbered.",
    "pdf": "The print PDF.",
    "epub": "The EPUB.",
    "abbreviations": "Abbreviations that are spelled out and listed.",
    "citations": "What the text may cite.",
    "style": "Colours, fonts and sizes of both outputs.",
    "check": "How strict the checks are.",
    "limits": "How much a build may take.",
    "text": "What is done with the texts before they are read.",
    "shelf": "Books that are built together.",
    "variables": "Texts that {{ name }} stands for.",
    "ink": "The colour of the text.",
    "accent": "The colour of titles and marks.",
    "muted": "The colour of what stands behind: running heads, captions.",
    "rule": "The colour of lines.",
    "tint": "The colour behind code and callouts.",
    "text_font": "The family of the text.",
    "heading_font": "The family of headings.",
    "code_font": "The family of code.",
}
_EXAMPLES: dict[str, list[Any]] = {
    "language": ["en-US", "de", "hi"],
    "date": ["2025-06-09"],
    "identifier": ["978-0-306-40615-7", "10.1000/182"],
    "memos": [["overview.md", "space.md"]],
    "paper": ["a5", "150mm 230mm"],
    "standard": [["pdf/ua-1", "pdf/a-3a"]],
    "accent": ["#8a2f24"],
    "text_size": ["11pt"],
    "leading": ["14pt"],
    "measure": ["4.5in"],
    "bleed": ["3mm"],
    "text_font": ["Literata"],
    "warn": [["parity-words"]],
    "authors": [["Ada Writer"], [{"name": "Ada Writer", "place": "London"}]],
    "role": ["aut", "edt"],
    "style": ["apa"],
}


def schema_of(kind: Literal["book", "memo", "shelf", "links"]) -> dict[str, Any]:
    """Return the schema of book.toml, a memo's block, shelf.toml, or links.toml."""
    model = _MODELS[kind]
    found = model.model_json_schema()
    tables = {model.__name__: found, **found["$defs"]}
    told = _descriptions()
    for name, table in tables.items():
        for key, facts in table.get("properties", {}).items():
            facts.pop("title", None)
            facts["description"] = told.get((name, key)) or _PLAIN[key]
            # A table may have the name of a key that has an example.
            is_table = "$ref" in facts or facts.get("type") == "object"
            if key in _EXAMPLES and not is_table:
                facts["examples"] = _EXAMPLES[key]
    if contents := tables.get("ContentsTable"):
        # A book of parts needs no memos of its own.
        del contents["required"]
        contents["anyOf"] = [{"required": [key]} for key in ("memos", "parts")]
    identity = f"urn:memobook:{version('memobook')}:{kind}"
    return {"$schema": _DRAFT, "$id": identity, **found, "title": _TITLES[kind]}


def schema_file() -> bytes:
    """Return the schema of book.toml as the file that stands beside it."""
    return (json.dumps(schema_of("book"), indent=2) + "\n").encode()


def _descriptions() -> dict[tuple[str, str], str]:
    """Return what the docstrings say: class and key -> description."""
    return {
        (table.name, key): " ".join(text.split())
        for room in _ROOMS
        for table in ast.parse(inspect.getsource(room)).body
        if isinstance(table, ast.ClassDef)
        for key, text in _documented(table)
    }


def _documented(table: ast.ClassDef) -> Iterator[tuple[str, str]]:
    """Yield the fields of a class that have a text behind them."""
    for field, text in zip(table.body, table.body[1:], strict=False):
        if (
            isinstance(field, ast.AnnAssign)
            and isinstance(field.target, ast.Name)
            and isinstance(text, ast.Expr)
            and isinstance(text.value, ast.Constant)
        ):
            yield field.target.id, str(text.value.value)
