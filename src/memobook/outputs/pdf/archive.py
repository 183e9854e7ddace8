"""What a PDF for archives carries with it: its colours' profile, and its sources.

What goes in: a PDF that is being written. What comes out: entries of its catalogue.
ISO 19005-3, 6.2.3 and 6.8; ISO 32000-1, 7.11.4
"""

from __future__ import annotations

import hashlib
import posixpath
from collections.abc import Mapping
from datetime import datetime
from importlib.metadata import distribution
from pathlib import Path

from pikepdf.models.metadata import encode_pdf_date

from memobook.outputs.pdf.links import spelt
from memobook.outputs.pdf.writer import Writer

__all__ = ["write_attachments", "write_intent"]

_PROFILE = "weasyprint/pdf/sRGB2014.icc"
"""The profile of the International Color Consortium, which WeasyPrint brings along.

Pillow could make one, but would date it: same input, same bytes.
"""

_CONDITION = spelt("sRGB IEC61966-2.1")


def write_intent(writer: Writer) -> bytes:
    """Write the profile that the book's colours are meant for; return its entry."""
    found = Path(str(distribution("weasyprint").locate_file(_PROFILE)))
    profile = writer.compressed(b"<< /N 3 >>", found.read_bytes())
    intent = b"<< /DestOutputProfile %d 0 R /Info %b /OutputConditionIdentifier %b"
    facts = intent % (profile, _CONDITION, _CONDITION)
    return b"/OutputIntents [ %b /S /GTS_PDFA1 /Type /OutputIntent >> ] " % facts


def write_attachments(
    writer: Writer, sources: Mapping[str, str], modified: datetime
) -> tuple[bytes, bytes]:
    """Attach the sources by their paths; return entries of names and catalogue.

    They all have one date: a file's own would make other bytes on another machine.
    """
    if not sources:
        return b"", b""
    date = spelt(encode_pdf_date(modified))
    found = []
    for path, text in sorted(sources.items()):
        data = text.encode()
        check = hashlib.md5(data, usedforsecurity=False).hexdigest().encode()
        facts = b"<< /CheckSum <%b> /ModDate %b /Size %d >>" % (check, date, len(data))
        head = b"<< /Params %b /Subtype /text#2fmarkdown /Type /EmbeddedFile >>" % facts
        stream = writer.compressed(head, data)
        name = spelt(posixpath.relpath(path))
        entry = b"<< /AFRelationship /Source /EF << /F %d 0 R /UF %d 0 R >>"
        entry += b" /Desc %b /F %b /Type /Filespec /UF %b >>"
        described = spelt(f"The source of {path}")
        file = writer.add(entry % (stream, stream, described, name, name))
        found.append((name, file))
    names = b" ".join(b"%b %d 0 R" % entry for entry in found)
    tree = writer.add(b"<< /Names [ %b ] >>" % names)
    files = b" ".join(b"%d 0 R" % number for _, number in found)
    return b"/EmbeddedFiles %d 0 R " % tree, b"/AF [ %b ] " % files
