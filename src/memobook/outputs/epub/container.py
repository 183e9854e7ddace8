"""The zip around an EPUB: the same bytes for the same entries, and read back.

What goes in: entries as bytes and a date. What comes out: a zip as bytes, or
`LossError`. No file is opened here, and what the entries mean is for `package`.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Container, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from lxml import etree

__all__ = [
    "FOLDER",
    "LossError",
    "Record",
    "Resource",
    "check_zip",
    "pack",
    "parse_xml",
    "record",
    "unpack",
]

FOLDER = "EPUB/"
"""Where the publication stands inside the zip; paths of resources are below it."""

# Which entries must come first, and in which order?
# https://www.w3.org/TR/epub-33/#sec-zip-container-mime
_FIRST = ("mimetype", "META-INF/container.xml", FOLDER + "content.opf")

# Which entries does a reading system parse as XML?
_XML_SUFFIXES = (".xhtml", ".svg", ".opf", ".ncx", ".xml")


@dataclass(frozen=True, slots=True)
class Resource:
    """One file of the publication."""

    path: str
    """Inside the publication: images/3f2a.svg; ASCII letters, digits, `.`, `_`, `-`."""
    media_type: str
    """Such as image/svg+xml. https://www.w3.org/TR/epub-33/#sec-core-media-types"""
    data: bytes


class LossError(Exception):
    """What was packed is not what was given; the author cannot help it.

    The caller reports it as `output-incomplete`.
    """

    def __init__(self, item: str, reason: str) -> None:
        # Both go to Exception's args, so that it survives a process pool.
        super().__init__(item, reason)
        self.item = item
        """The path of the entry, or what of the package document is wrong."""
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.item}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Record:
    """One entry as it will stand in a zip."""

    info: zipfile.ZipInfo
    data: bytes
    """Its header and its compressed content."""


def record(name: str, content: bytes, day: date) -> Record:
    """Return an entry's record: compressed now, wherever it will stand."""
    # A zip knows no date before 1980 and none after 2107.
    stamp = (min(max(day.year, 1980), 2107), day.month, day.day, 0, 0, 0)
    info = zipfile.ZipInfo(name, stamp)
    info.create_system = 3  # Unix, on whatever machine it is made
    info.external_attr = 0o100644 << 16
    stored = name == _FIRST[0]
    info.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(info, content)
        length = out.tell()
    return Record(info, out.getvalue()[:length])


def pack(
    entries: Mapping[str, bytes],
    day: date,
    ready: Mapping[str, Record] = MappingProxyType({}),
) -> bytes:
    """Return the zip: mimetype first and stored, the rest sorted, all of one date.

    `ready` are the records of entries that were made before.
    """
    names = [n for n in _FIRST if n in entries]
    names += sorted(n for n in entries if n not in _FIRST)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            made = ready.get(name) or record(name, entries[name], day)
            info = copy(made.info)
            info.header_offset = out.tell()
            out.write(made.data)
            archive.filelist.append(info)
        # Where the list of all entries goes.
        archive.start_dir = out.tell()
    return out.getvalue()


def unpack(data: bytes) -> dict[str, bytes]:
    """Return a zip's entries in order. Raise LossError where a name comes twice."""
    entries: dict[str, bytes] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for info in archive.infolist():
            if info.filename in entries:
                reason = "is in the file twice"
                raise LossError(info.filename, reason)
            entries[info.filename] = archive.read(info)
    return entries


def check_zip(
    data: bytes, given: Mapping[str, bytes], parsed: Container[str] = ()
) -> dict[str, bytes]:
    """Return a packed zip's entries. Raise LossError if one of `given` changed.

    Every entry that is XML must be well-formed, also those that EbookLib made. Only
    those of `given` that are in `parsed`, and so were, are not parsed a second time.
    """
    entries = unpack(data)
    if next(iter(entries), "") != _FIRST[0]:
        reason = "is not the first entry"
        raise LossError(_FIRST[0], reason)
    for name, content in given.items():
        if name not in entries:
            reason = "is not in the file"
            raise LossError(name, reason)
        if entries[name] != content:
            found, expected = len(entries[name]), len(content)
            reason = f"has other bytes than were given ({found} for {expected})"
            raise LossError(name, reason)
    for name, content in entries.items():
        if name.endswith(_XML_SUFFIXES) and not (name in given and name in parsed):
            parse_xml(content, name)
    return entries


def parse_xml(content: bytes, name: str) -> etree._Element:
    """Return the root element. Raise LossError if it is not well-formed.

    No DTD is read and no entity resolved; `huge_tree` lifts libxml2's limits of 256
    levels and 10 MB, which a long memo may pass.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        reason = f"is not well-formed XML: {error.msg}"
        raise LossError(name, reason) from None
    # With entities left alone, an undefined one is a node and not an error.
    entity = next(root.iter(etree.Entity), None)
    if entity is not None:
        raise LossError(name, f"uses the undefined entity {entity.text}")
    return root
