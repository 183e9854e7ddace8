"""Say in a PDF what book it is: document information, XMP and the catalogue."""

from __future__ import annotations

from dataclasses import dataclass

import pikepdf
from pikepdf import Name, String
from pikepdf.models.metadata import PdfMetadata, encode_pdf_date

from memobook.book.direction import direction
from memobook.outputs.pdf.leaves import Facts
from memobook.outputs.pdf.links import spelt
from memobook.project.standards import Standards

__all__ = ["Description", "described"]

PDF_UA = "http://www.aiim.org/pdfua/ns/id/"
"""The namespace of the claim to be PDF/UA: ISO 14289-1, clause 5."""

# PDF/A-2 and -3 know no such claim, so it has to be explained. ISO 19005-3, 6.6.2.3.3
_EXTENSION = f"""\
<rdf:Description rdf:about=""
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>{PDF_UA}</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of the PDF/UA standard</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""


@dataclass(frozen=True, slots=True)
class Description:
    """The facts as a PDF spells them."""

    catalogue: bytes
    """Entries of the catalogue: that the PDF is tagged, and more."""
    information: bytes | None
    """None where the XMP alone tells it: ISO 19005-4, 6.1.3."""
    xmp: bytes


def described(facts: Facts) -> Description:
    """Spell the facts, and what the PDF promises to be."""
    standards = facts.standards
    with pikepdf.new() as pdf:
        _write_information(pdf, facts)
        _write_xmp(pdf, facts)
        catalogue = b"/Lang %b " % spelt(facts.language)
        if standards.is_tagged:
            catalogue += b"/MarkInfo << /Marked true >> "
        xmp = pdf.Root.Metadata.read_bytes()
        if standards.accessible and standards.archival in {2, 3}:
            xmp = xmp.replace(b"</rdf:RDF>", _EXTENSION.encode() + b"</rdf:RDF>")
        is_told_twice = standards.archival < 4
        order = b"/Direction /R2L " if direction(facts.language) == "rtl" else b""
        return Description(
            catalogue + b"/ViewerPreferences << %b/DisplayDocTitle true >> " % order,
            pdf.docinfo.unparse(resolved=True) if is_told_twice else None,
            xmp,
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
        "dc:relation": {facts.relation} if facts.relation else set(),
        "pdf:Keywords": ", ".join(facts.subjects),
        "xmp:CreatorTool": "memobook",
        "xmp:CreateDate": date,
        "xmp:ModifyDate": date,
        **_claims(facts.standards),
    }
    # pikepdf would add the time and its own name as the editor.
    with pdf.open_metadata(
        set_pikepdf_as_editor=False, update_docinfo=False
    ) as metadata:
        for key, value in values.items():
            if value:
                metadata[key] = value


def _claims(standards: Standards) -> dict[str, str]:
    """Return what the PDF promises to be, as XMP says it."""
    claims = {}
    if standards.accessible:
        claims["pdfuaid:part"] = str(standards.accessible)
    if standards.accessible == 2:
        claims["pdfuaid:rev"] = "2024"
    if standards.archival:
        claims["pdfaid:part"] = str(standards.archival)
        claims["pdfaid:conformance"] = standards.level
    if standards.archival == 4:
        claims["pdfaid:rev"] = "2020"
    return claims
