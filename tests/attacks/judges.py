"""Judge what a book holds: whether anything in it runs, loads, or leads astray.

What goes in: an EPUB or a PDF. What comes out: what is wrong with it, in words. It knows
nothing of how memobook sees to it, so that both cannot be wrong in the same way.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

import pikepdf
from lxml import etree, html

GOOD_LINKS = ("http:", "https:", "mailto:", "tel:", "doi:", "urn:")
BAD_TAGS = frozenset(
    """applet audio base button embed foreignobject form frame frameset handler
    iframe input isindex keygen layer listener marquee math:annotation-xml object param
    portal script select source template textarea video""".split()
)
BAD_NAMES = frozenset(
    """action background classid codebase data dynsrc formaction lowsrc manifest ping
    poster profile srcdoc srcset""".split()
)
BAD_CSS = re.compile(
    r"(?i)@import|expression\s*\(|behavior\s*:|-moz-binding|javascript:|vbscript:"
    r"|(url|src|image-set)\(\s*[\"']?\s*(?!#|data:(image|font)/|\.\./fonts/)"
)
BAD_PDF = frozenset(
    """/JS /JavaScript /Launch /EmbeddedFile /EmbeddedFiles /SubmitForm /ImportData /GoToR
    /GoToE /RichMedia /Rendition /OpenAction /AA /XFA /AcroForm""".split()
)


def epub_faults(data: bytes) -> list[str]:
    """Return what runs or loads in an EPUB."""
    found: list[str] = []
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        for name in book.namelist():
            text = book.read(name)
            if name.endswith((".xhtml", ".svg", ".opf", ".ncx", ".xml")):
                assert b"<!ENTITY" not in text
                tree = etree.fromstring(text)
                found += (f"{name}: {fault}" for fault in tree_faults(tree))
                for node in tree.xpath("//processing-instruction()"):
                    found.append(f"{name}: {node}")
            elif name.endswith(".css"):
                rules = re.sub(r"/\*.*?\*/", "", text.decode(), flags=re.DOTALL)
                found += (f"{name}: {m[0]}" for m in BAD_CSS.finditer(rules))
    return found


def page_faults(markup: str) -> list[str]:
    """Return what runs or loads in HTML as a browser reads it."""
    return list(tree_faults(html.document_fromstring(f"<body>{markup}</body>")))


def tree_faults(tree: etree._Element) -> Iterator[str]:
    """Yield what runs or loads in a tree."""
    for node in tree.iter():
        if not isinstance(node.tag, str):
            continue
        tag = node.tag.rpartition("}")[2].lower()
        if tag in BAD_TAGS:
            yield f"<{tag}>"
        if tag == "style" and BAD_CSS.search("".join(node.itertext())):
            yield "<style>"
        for name, value in node.items():
            if fault := _fault(tag, name.rpartition("}")[2].lower(), value):
                yield f"<{tag} {name}={value[:60]!r}>: {fault}"


def _fault(tag: str, name: str, value: str) -> str:
    bare = re.sub(r"[\x00-\x20]", "", value).lower()
    has_scheme = re.match(r"[a-z][a-z0-9+.-]*:", bare) or bare.startswith(
        ("//", "\\\\")
    )
    if name.startswith("on"):
        return "a handler"
    if name == "attributename" and bare.rpartition(":")[2].startswith(("href", "on")):
        return "a movement of an address"
    if name in BAD_NAMES or (tag == "meta" and name == "http-equiv"):
        return "an attribute that loads"
    if name in {"href", "src"} and has_scheme:
        is_link = (
            tag in {"a", "link"} and name == "href" and bare.startswith(GOOD_LINKS)
        )
        is_held = tag == "image" and bare.startswith("data:image/")
        return "" if is_link or is_held else "an address"
    is_rule = name == "style" or "url(" in bare
    return "a rule" if is_rule and BAD_CSS.search(value) else ""


def pdf_faults(data: bytes) -> list[str]:
    """Return what runs, is attached, or leads astray in a PDF."""
    with pikepdf.open(io.BytesIO(data)) as book:
        return [fault for item in book.objects for fault in _in_pdf(item, set())]


def _in_pdf(item: object, seen: set[int]) -> Iterator[str]:
    if isinstance(item, pikepdf.Array):
        for one in item:
            if not getattr(one, "is_indirect", False):
                yield from _in_pdf(one, seen)
    elif isinstance(item, (pikepdf.Dictionary, pikepdf.Stream)):
        for key, value in item.items():
            if key in BAD_PDF or (
                isinstance(value, pikepdf.Name) and str(value) in BAD_PDF
            ):
                yield f"{key} {value!r}"[:100]
            is_link = key == "/URI" and isinstance(value, pikepdf.String)
            if is_link and not str(value).startswith(GOOD_LINKS):
                yield f"a link to {str(value)[:60]}"
            if not getattr(value, "is_indirect", False):
                yield from _in_pdf(value, seen)
