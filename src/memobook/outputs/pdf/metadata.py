"""Say in a PDF what book it is: document information, XMP and the catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pikepdf
from pikepdf import Name, String
from pikepdf.models.metadata import PdfMetadata, encode_pdf_date

from memobook.outputs.pdf.links import spelt

__all__ = ["Description", "Facts", "described"]

PDF_UA = "http://www.aiim.org/pdfua/ns/id/"
"""The namespace of the claim to be PDF/UA: ISO 14289-1, clause 5."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a PDF says of its book."""

    title: str
    authors: tuple[str, ...] = ()
    language: str
    """BCP 47."""
    identifier: str = ""
    """Of the PDF itself, which an EPUB names as the source of its page numbers."""
    description: str = ""
    subjects: tuple[str, ...] = ()
    rights: str = ""
    publisher: str = ""
    modified: datetime
    """With a time zone. The book's date, never the clock: same input, same bytes."""


@dataclass(frozen=True, slots=True)
class Description:
    """The facts as a PDF spells them."""

    catalogue: bytes
    """Entries of the catalogue: that the PDF is tagged, and more."""
    information: bytes
    xmp: bytes


def described(facts: Facts) -> Description:
    """Spell the facts, and that the PDF is tagged and means to be PDF/UA-1."""
    with pikepdf.new() as pdf:
        _write_information(pdf, facts)
        _write_xmp(pdf, facts)
        catalogue = b"/Lang %b /MarkInfo << /Marked true >> " % spelt(facts.language)
        return Description(
            catalogue + b"/ViewerPreferences << /DisplayDocTitle true >> ",
            pdf.docinfo.unparse(resolved=True),
            pdf.Root.Metadata.read_bytes(),
        )


def _write_information(pdf: pikepdf.Pdf, facts: Facts) -> None:
    texts = {
        Name.Title: facts.title,
        Name.Author: ", ".join(facts.authors),
        Name.Subject: facts.description,
        Name.Keywords: ", ".join(facts.subjects),
        Name.Creator: "memobook",
        Name.CreationDate: encode_pdf_date(facts.modified),
        Name.ModDate: encode_pdf_date(facts.modified),
    }
    for key, text in texts.items():
        if text:
            pdf.docinfo[key] = String(text)


def _write_xmp(pdf: pikepdf.Pdf, facts: Facts) -> None:
    PdfMetadata.register_xml_namespace(PDF_UA, "pdfuaid")
    date = facts.modified.isoformat(timespec="seconds")
    values: dict[str, str | list[str] | set[str]] = {
        "dc:title": facts.title,
        "dc:creator": list(facts.authors),
        "dc:language": {facts.language},
        "dc:identifier": facts.identifier,
        "dc:description": facts.description,
        "dc:subject": sorted(facts.subjects),
        "dc:rights": facts.rights,
        "dc:publisher": {facts.publisher} if facts.publisher else set(),
        "pdf:Keywords": ", ".join(facts.subjects),
        "xmp:CreatorTool": "memobook",
        "xmp:CreateDate": date,
        "xmp:ModifyDate": date,
        "pdfuaid:part": "1",
    }
    # pikepdf would add the time and its own name as the editor.
    with pdf.open_metadata(
        set_pikepdf_as_editor=False, update_docinfo=False
    ) as metadata:
        for key, value in values.items():
            if value:
                metadata[key] = value
