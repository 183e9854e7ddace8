"""A sheet: a section as it was laid out, frozen, and kept as bytes between builds.

The bytes are a line of JSON and the PDF, and no pickle: a cache folder may come with a
stranger's project, and reading a pickle runs what is in it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from memobook.design.pagination import Beginning
from memobook.diagnostics import Diagnostic
from memobook.outputs.pdf.counts import NONE, Counts

__all__ = [
    "Dressing",
    "LateNumber",
    "Loss",
    "Place",
    "Sheet",
    "Stamp",
    "from_bytes",
    "to_bytes",
]

_QUOTED = 8
"""How many words of what is lost a message quotes."""


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
class LateNumber:
    """A page number that is written when the book is bound."""

    page: int
    """0-based, within the sheet."""
    anchor: str
    """Whose page it is."""
    places: tuple[int, ...]
    """Where each digit stands in the page's content: its code in hex, as a string."""
    digits: tuple[int, ...]
    """The codes of 0 to 9."""
    width: int
    """Of a digit, in thousandths of the font's size."""


@dataclass(frozen=True, slots=True)
class Loss:
    """Something that is in a section and that nobody will see."""

    kind: str
    """words, cut, link or picture."""
    text: str
    """Its first words; of a picture the alternative text."""

    @property
    def short(self) -> str:
        """The words to quote."""
        found = self.text.split()
        more = " …" if len(found) > _QUOTED else ""
        return " ".join(found[:_QUOTED]) + more


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A laid-out section."""

    section: str
    """The section's id."""
    pdf: bytes
    """A tagged PDF of this section alone."""
    pages: int
    anchors: tuple[tuple[str, Place], ...]
    """Every id of the section's document, sorted by name."""
    text: str = ""
    """The section's own stream of text; see design/stream.py."""
    begins: tuple[Beginning | None, ...] = ()
    """Where in the stream each page begins; None for a page that was left empty."""
    numbers: tuple[LateNumber, ...] = ()
    """In no special order."""
    moved: frozenset[str] = frozenset()
    """Anchors of the notes that are too tall for the foot of a page, or cut off there,
    but only the tallest where several are cut: set them at the memo's end and lay out
    again, until there is none."""
    inputs: tuple[tuple[str, str], ...] = ()
    """Paths that the layout read, with their hashes; see Files.inputs."""
    diagnostics: tuple[Diagnostic, ...] = ()
    lost: tuple[Loss, ...] = ()
    """What is in the section and not to be seen on its pages."""
    counts: Counts = NONE
    """What its PDF holds, and the book's must hold as well."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """A page of a sheet that is drawn on another page: a running head, a digit."""

    sheet: Sheet
    page: int
    """0-based."""
    x: float = 0.0
    """How far it moves to the right, in PDF points."""


@dataclass(frozen=True, slots=True)
class Dressing:
    """What is done to a page when it is bound."""

    shift: float
    """How far its content moves to the right, in PDF points."""
    stamps: tuple[Stamp, ...]


def to_bytes(sheet: Sheet) -> bytes:
    """Return a sheet as bytes that from_bytes reads."""
    head = {
        "section": sheet.section,
        "pages": sheet.pages,
        "anchors": [[name, p.page, p.x, p.y] for name, p in sheet.anchors],
        "text": sheet.text,
        "begins": [b and [b.note, b.offset] for b in sheet.begins],
        "numbers": [asdict(n) for n in sheet.numbers],
        "moved": sorted(sheet.moved),
        "inputs": sheet.inputs,
        "lost": [[loss.kind, loss.text] for loss in sheet.lost],
        "counts": asdict(sheet.counts),
        "diagnostics": [d.as_dict() for d in sheet.diagnostics],
    }
    return json.dumps(head).encode() + b"\n" + sheet.pdf


def from_bytes(data: bytes) -> Sheet:
    """Return the sheet. Raises ValueError or KeyError for bytes that are none."""
    line, _, pdf = data.partition(b"\n")
    head = json.loads(line)
    return Sheet(
        section=head["section"],
        pdf=pdf,
        pages=head["pages"],
        anchors=tuple((n, Place(page, x, y)) for n, page, x, y in head["anchors"]),
        text=head["text"],
        begins=tuple(b and Beginning(*b) for b in head["begins"]),
        numbers=tuple(_late_number(n) for n in head["numbers"]),
        moved=frozenset(head["moved"]),
        inputs=_pairs(head["inputs"]),
        counts=Counts(**head["counts"]),
        lost=tuple(Loss(*loss) for loss in head["lost"]),
        diagnostics=tuple(Diagnostic.from_dict(d) for d in head["diagnostics"]),
    )


def _late_number(facts: dict[str, Any]) -> LateNumber:
    places, digits = tuple(facts["places"]), tuple(facts["digits"])
    return LateNumber(**{**facts, "places": places, "digits": digits})


def _pairs(items: Sequence[Sequence[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((path, digest) for path, digest in items)
