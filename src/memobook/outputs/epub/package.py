"""Make one EPUB 3.3 file of finished documents. The only module that imports EbookLib.

What goes in: pages, pictures, fonts and a style sheet that are complete. What comes
out: the file as bytes, read back and compared; the caller writes it. EbookLib makes
the package document, the NCX and the container. It gets no content: its own document
class parses a page anew and loses text, and what it packs would be packed again.
https://www.w3.org/TR/epub-33/
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import count
from types import MappingProxyType

from ebooklib import epub
from lxml import etree

from memobook.book.direction import direction
from memobook.book.model import Book, Contributor
from memobook.design.section import Kind
from memobook.outputs.epub import accessibility
from memobook.outputs.epub.accessibility import Certificate
from memobook.outputs.epub.container import (
    FOLDER,
    LossError,
    Resource,
    check_zip,
    pack,
    parse_xml,
)
from memobook.outputs.epub.navigation import Entry, Page, page_path
from memobook.outputs.epub.ready import Ready, is_ready, item_of, tree_of

__all__ = [
    "Entry",
    "LossError",
    "Package",
    "Page",
    "Resource",
    "package",
]

STYLESHEET = "css/book.css"

_OPF = "http://www.idpf.org/2007/opf"
_OPF_PATH = FOLDER + "content.opf"
_DC = "http://purl.org/dc/elements/1.1/"
_OWN = frozenset(["meta", "link"])
"""The elements of the metadata that are not Dublin Core's."""
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_SAFE_PATH = re.compile(r"[A-Za-z0-9][\w.-]*(/[A-Za-z0-9][\w.-]*)*", re.ASCII)

# Which property must an item have in the manifest if it holds an element of this
# namespace? https://www.w3.org/TR/epub-33/#app-item-properties-vocab
_PROPERTIES = {
    "mathml": "{http://www.w3.org/1998/Math/MathML}math",
    "svg": "{http://www.w3.org/2000/svg}svg",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """Everything that goes into one EPUB."""

    book: Book
    pages: tuple[Page, ...]
    """The spine in order; exactly one is the contents page: the navigation document."""
    contents: tuple[Entry, ...]
    """For the NCX of old reading systems, the same as in the navigation document."""
    stylesheet: str
    """The text of css/book.css, @font-face rules included."""
    resources: tuple[Resource, ...] = ()
    """Pictures, and whatever else the pages refer to."""
    fonts: tuple[Resource, ...] = ()
    """Font files and their licences."""
    cover: Resource | None = None
    """The cover's picture; it may also be among the resources."""
    page_source: str = ""
    """What the page list's numbers are those of: the printed edition's ISBN or name."""
    certificate: Certificate | None = None
    """Who says that the book is accessible, if anybody does."""


@dataclass(frozen=True, slots=True)
class _Field:
    """One element of the package's metadata."""

    name: str
    """The name of a Dublin Core element, `meta` or `link`."""
    value: str
    attributes: tuple[tuple[str, str], ...] = ()

    @property
    def tag(self) -> str:
        """The name as lxml says it."""
        return f"{{{_OPF if self.name in _OWN else _DC}}}{self.name}"


def package(p: Package, ready: Mapping[str, Ready] = MappingProxyType({})) -> bytes:
    """Return the EPUB file; what is `ready` and still the same is not done again.

    Equal packages give equal bytes. Raises LossError if the file, read back, is not
    what was given, and ValueError if a path is unsafe, used twice, or there is not
    exactly one contents page.
    """
    items = _items(p)
    _check_given(p, items)
    same = {i.path: ready[i.path] for i in items if is_ready(i, ready)}
    trees = {i.path: tree_of(i, same) for i in items[: len(p.pages)]}
    fields = tuple(_metadata(p, tuple(trees.values())))
    given = {FOLDER + item.path: item.data for item in items}
    made = _write(p, items, trees, fields) | given
    made[_OPF_PATH] = _mend_package(made[_OPF_PATH], p.book.language)
    records = {FOLDER + path: each.record for path, each in same.items()}
    data = pack(made, p.book.date, records)
    entries = check_zip(data, given, {FOLDER + path for path in trees})
    _check_package(parse_xml(entries[_OPF_PATH], _OPF_PATH), p, items, fields)
    return data


def _items(p: Package) -> tuple[Resource, ...]:
    """Return every file with a place in the manifest, the pages first."""
    pages = [item_of(page) for page in p.pages]
    sheet = Resource(STYLESHEET, "text/css", p.stylesheet.encode())
    cover = () if p.cover is None or p.cover in p.resources else (p.cover,)
    return (*pages, sheet, *p.fonts, *cover, *p.resources)


def _check_given(p: Package, items: Sequence[Resource]) -> None:
    """Raise ValueError where EbookLib would write outside its folder, or twice."""
    for reason in _given_faults(p, items):
        raise ValueError(reason)


def _given_faults(p: Package, items: Sequence[Resource]) -> Iterator[str]:
    if [page.kind for page in p.pages].count(Kind.CONTENTS) != 1:
        yield "an EPUB has exactly one contents page"
    ids = Counter(_item_id(i.path) for i in items)
    for item in items:
        if not _SAFE_PATH.fullmatch(item.path):
            yield f"unsafe path in an EPUB: {item.path!r}"
        if ids[_item_id(item.path)] > 1:
            yield f"path used twice in an EPUB: {item.path!r}"


def _item_id(path: str) -> str:
    """Return a manifest id: an XML name, unlike many a path."""
    return "item-" + path.replace("/", "-")


# The package document's metadata


def _metadata(p: Package, trees: Iterable[etree._Element]) -> Iterator[_Field]:
    book = p.book
    yield from _identifiers(book)
    yield from _titles(book)
    languages = dict.fromkeys((book.language, *(m.language for m in book.memos)))
    yield from (_Field("language", language) for language in languages)
    yield from _people(book)
    yield _Field("date", book.date.isoformat())
    for name, value in (
        ("publisher", book.publisher),
        ("rights", book.rights),
        ("description", book.description),
        *(("subject", subject) for subject in book.subjects),
    ):
        if value:
            yield _Field(name, value)
    yield from _collection(book)
    if p.cover:
        # Reading systems older than EPUB 3 find the cover by this.
        item = _item_id(p.cover.path)
        yield _Field("meta", "", (("name", "cover"), ("content", item)))
    yield from _accessibility(p, trees)


def _identifiers(book: Book) -> Iterator[_Field]:
    yield _Field("identifier", book.identifier, (("id", "id"),))
    if book.identifier.startswith("urn:isbn:"):
        yield _refinement("id", "identifier-type", "15", "onix:codelist5")
    elif book.isbn:
        isbn = "urn:isbn:" + book.isbn.replace("-", "")
        yield _Field("identifier", isbn, (("id", "isbn"),))
        yield _refinement("isbn", "identifier-type", "15", "onix:codelist5")


def _titles(book: Book) -> Iterator[_Field]:
    yield _Field("title", book.title, (("id", "title"),))
    yield _refinement("title", "title-type", "main")
    if book.subtitle:
        yield _Field("title", book.subtitle, (("id", "subtitle"),))
        yield _refinement("subtitle", "title-type", "subtitle")


def _people(book: Book) -> Iterator[_Field]:
    """Yield who made the book; the memos' authors if it names none of its own."""
    people = list(book.contributors)
    if not book.authors:
        people = [a for m in book.memos for a in m.authors] + people
    unique = {(c.name, c.role): c for c in reversed(people)}
    for number, person in enumerate(reversed(unique.values()), start=1):
        yield from _person(person, f"person-{number}")


def _person(person: Contributor, field_id: str) -> Iterator[_Field]:
    name = "creator" if person.role == "aut" else "contributor"
    yield _Field(name, person.name, (("id", field_id),))
    yield _refinement(field_id, "role", person.role, "marc:relators")
    if person.sort:
        yield _refinement(field_id, "file-as", person.sort)


def _collection(book: Book) -> Iterator[_Field]:
    if book.host:
        attributes = (("id", "host"), ("property", "belongs-to-collection"))
        yield _Field("meta", book.host.title, attributes)
        yield _refinement("host", "collection-type", "set")
        yield _refinement("host", "dcterms:identifier", book.host.identifier)
        if book.host.position is not None:
            yield _refinement("host", "group-position", str(book.host.position))
    elif book.series:
        attributes = (("id", "series"), ("property", "belongs-to-collection"))
        yield _Field("meta", book.series, attributes)
        yield _refinement("series", "collection-type", "series")
    if book.edition:
        yield _Field("meta", book.edition, (("property", "schema:bookEdition"),))


def _accessibility(p: Package, trees: Iterable[etree._Element]) -> Iterator[_Field]:
    pictures = [r.data for r in (*p.resources, p.cover) if r]
    facts = accessibility.find_facts(trees, pictures, p.stylesheet)
    for name, value in accessibility.properties(facts):
        yield _Field("meta", value, (("property", name),))
    said, language = accessibility.summary(facts, p.book.language, p.book.words)
    named = (("property", "schema:accessibilitySummary"), (_LANG, language))
    yield _Field("meta", said, named)
    if facts.page_breaks or facts.has_page_list:
        source = p.page_source or "none"
        yield _Field("meta", source, (("property", "pageBreakSource"),))
    if p.certificate:
        yield from (_Field(*claim) for claim in accessibility.claims(p.certificate))


def _refinement(target: str, name: str, value: str, scheme: str = "") -> _Field:
    attributes = [("refines", f"#{target}"), ("property", name)]
    if scheme:
        attributes.append(("scheme", scheme))
    return _Field("meta", value, tuple(attributes))


# EbookLib's part


def _write(
    p: Package,
    items: Iterable[Resource],
    trees: dict[str, etree._Element],
    fields: Iterable[_Field],
) -> dict[str, bytes]:
    """Return the entries that EbookLib makes; those of `items` are empty."""
    made = epub.EpubBook()
    made.uid, made.title, made.language = (
        p.book.identifier,
        p.book.title,
        p.book.language,
    )
    made.set_direction(direction(p.book.language))
    # Its own random identifier and its generator go.
    made.metadata = {}
    for field in fields:
        namespace = None if field.name in _OWN else "DC"
        made.add_metadata(namespace, field.name, field.value, dict(field.attributes))
    for item in items:
        made.add_item(_manifest_item(item, _properties(item, p, trees)))
    made.add_item(epub.EpubNcx())
    made.toc = list(_ncx(p.contents, count(1)))
    made.spine = [
        (_item_id(page_path(page.id)), "yes" if page.linear else "no")
        for page in p.pages
        if page.in_spine
    ]
    return _Writer("", made, _options(p.book.date)).written()


class _Writer(epub.EpubWriter):  # type: ignore[misc]  # EbookLib ships no types
    """Writes entries and no zip, which would be dated by the clock, from 1980 on."""

    def written(self) -> dict[str, bytes]:
        self.out = _Entries()
        self.out.writestr("mimetype", "application/epub+zip")
        self._write_container()
        self._write_opf()
        self._write_items()
        return self.out.entries


class _Entries:
    """Stands in for EbookLib's zip."""

    def __init__(self) -> None:
        self.entries: dict[str, bytes] = {}

    def writestr(self, name: str, data: str | bytes) -> None:
        """Take an entry. Raises LossError where a name comes twice."""
        if name in self.entries:
            raise LossError(name, "is in the file twice")
        self.entries[name] = data if isinstance(data, bytes) else data.encode()


def _options(day: date) -> dict[str, object]:
    return {
        "mtime": datetime.combine(day, time(), tzinfo=UTC),
        "package_direction": True,
        "epub3_pages": False,
    }


def _manifest_item(item: Resource, properties: list[str]) -> epub.EpubItem:
    made = epub.EpubItem(_item_id(item.path), item.path, item.media_type, b"")
    made.properties = properties
    return made


def _properties(
    item: Resource, p: Package, trees: dict[str, etree._Element]
) -> list[str]:
    if p.cover and item.path == p.cover.path:
        return ["cover-image"]
    if item.path not in trees:
        return []
    found = [
        name
        for name, tag in _PROPERTIES.items()
        if next(trees[item.path].iter(tag), None) is not None
    ]
    nav = [page_path(page.id) for page in p.pages if page.kind is Kind.CONTENTS]
    return [*found, "nav"] if item.path in nav else found


def _ncx(entries: Iterable[Entry], numbers: Iterator[int]) -> Iterator[object]:
    for entry in entries:
        if entry.children:
            section = epub.Section(entry.title, _first_href(entry))
            yield section, list(_ncx(entry.children, numbers))
        else:
            yield epub.Link(entry.href, entry.title, f"entry-{next(numbers)}")


def _first_href(entry: Entry) -> str:
    """Return where an entry leads: a part without a page leads to its first memo."""
    return entry.href or _first_href(entry.children[0])


def _mend_package(opf: bytes, language: str) -> bytes:
    """Add what EbookLib cannot say: the language of the package's own text."""
    root = parse_xml(opf, _OPF_PATH)
    root.set(_LANG, language)
    # It always declares `rendition:`, which is reserved and not used here.
    root.attrib.pop("prefix", None)
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True))


# Reading back


def _check_package(
    opf: etree._Element,
    p: Package,
    items: Iterable[Resource],
    fields: Iterable[_Field],
) -> None:
    """Raise LossError if the package document lacks a field, an item or a page."""
    for reason in _package_faults(opf, p, items, fields):
        raise LossError(_OPF_PATH, reason)


def _package_faults(
    opf: etree._Element,
    p: Package,
    items: Iterable[Resource],
    fields: Iterable[_Field],
) -> Iterator[str]:
    found = {(e.tag, e.text or "", frozenset(e.attrib.items())) for e in opf[0]}
    for field in fields:
        if (field.tag, field.value, frozenset(field.attributes)) not in found:
            yield f"lacks the {field.name} {field.value!r}"
    hrefs = Counter(e.get("href") for e in opf.iter(f"{{{_OPF}}}item"))
    for item in items:
        if hrefs[item.path] != 1:
            yield f"lists {item.path} {hrefs[item.path]} times"
    spine = [e.get("idref") for e in opf.iter(f"{{{_OPF}}}itemref")]
    if spine != [_item_id(page_path(page.id)) for page in p.pages if page.in_spine]:
        yield "has other pages in its spine than were given"
