"""The schema: whole, valid, and never stricter than memobook is."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from memobook.project.config import split_block
from memobook.project.described import SCHEMA_LINE, schema_file, schema_of
from memobook.project.scaffold import create
from memobook.project.schema import BookFile, MemoBlock
from tests.harness import HARD, ROOT

BOOK = schema_of("book")
MEMO = schema_of("memo")


def plain(data: object) -> Any:
    """Return what TOML or YAML holds as JSON has it: a date is a text."""
    return json.loads(json.dumps(data, default=str))


def books() -> list[Path]:
    cases = ROOT / "tests" / "cases"
    found = [ROOT / "manuscript/book.toml", HARD / "manuscript/book.toml"]
    return found + sorted(cases.glob("*/manuscript/book.toml"))


def keys(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for table in (schema, *schema["$defs"].values()):
        yield from table.get("properties", {}).items()


@pytest.mark.parametrize("schema", [BOOK, MEMO], ids=["book", "memo"])
def test_a_schema_is_valid_and_says_what_it_is(schema):
    jsonschema.Draft202012Validator.check_schema(schema)

    assert schema["$schema"].endswith("2020-12/schema")
    assert schema["$id"].startswith("urn:memobook:")


@pytest.mark.parametrize("schema", [BOOK, MEMO], ids=["book", "memo"])
def test_every_key_has_a_description(schema):
    assert [key for key, facts in keys(schema) if len(facts["description"]) < 5] == []


@pytest.mark.parametrize("path", books(), ids=lambda path: path.parts[-3])
def test_what_memobook_accepts_the_schema_accepts(path):
    try:
        written = tomllib.loads(path.read_text("utf-8"))
        BookFile.model_validate(written)
    except (ValidationError, tomllib.TOMLDecodeError):
        pytest.skip("its settings are wrong on purpose")
    jsonschema.validate(plain(written), BOOK, jsonschema.Draft202012Validator)


def test_the_blocks_of_the_books_fit_the_schema():
    memos = [*ROOT.glob("manuscript/*.md"), *HARD.glob("manuscript/*.md")]
    blocks = [split_block(memo.read_text("utf-8"))[0] for memo in memos]
    written = [plain(yaml.safe_load(block)) for block in blocks if block]

    assert len(written) > 3
    for block in written:
        jsonschema.validate(block, MEMO, jsonschema.Draft202012Validator)


def test_a_bare_name_and_a_bare_quotation_fit():
    block = {"authors": ["Ada Writer"], "epigraph": "Space is big."}

    jsonschema.validate(block, MEMO, jsonschema.Draft202012Validator)


def test_every_example_fits_what_it_is_an_example_of():
    for schema in (BOOK, MEMO):
        for _, facts in keys(schema):
            for example in facts.get("examples", ()):
                whole = {**facts, "$defs": schema["$defs"]}
                jsonschema.validate(example, whole, jsonschema.Draft202012Validator)


GOOD: dict[str, dict[str, object]] = {
    "book": {"title": "A Book", "language": "en"},
    "contents": {"memos": ["one.md"]},
    "pdf": {"paper": "a5"},
    "style": {"ink": "#000000"},
}
# Numbers and truths in quotes are left out: memobook takes them kindly.
wrong = st.lists(st.none(), max_size=2) | st.dictionaries(
    st.sampled_from(["title", "none"]), st.none(), min_size=1, max_size=2
)


@given(
    table=st.sampled_from(sorted(GOOD)),
    key=st.sampled_from(["title", "language", "memos", "paper", "ink", "nothing"]),
    value=wrong,
)
def test_what_the_schema_rejects_memobook_rejects(table, key, value):
    data = {**GOOD, table: {**GOOD[table], key: value}}
    if jsonschema.Draft202012Validator(BOOK).is_valid(data):
        return
    with pytest.raises(ValidationError):
        BookFile.model_validate(data)


@pytest.mark.parametrize("block", [{"titel": "x"}, {"kind": "poem"}, {"contents": 9}])
def test_a_wrong_block_is_wrong_for_both(block):
    assert not jsonschema.Draft202012Validator(MEMO).is_valid(block)
    with pytest.raises(ValidationError):
        MemoBlock.model_validate(block)


def test_a_new_book_has_the_schema_beside_it(tmp_path):
    create(tmp_path / "book", "A Book")

    book = tmp_path / "book/manuscript/book.toml"
    first = book.read_text("utf-8").splitlines()[0]
    assert first == SCHEMA_LINE
    named = book.parent / first.removeprefix("#:schema ")
    assert named.read_bytes() == schema_file()
