"""Read an EPUB back as a reading system gets it, by means that wrote none of it.

What goes in: the bytes of an EPUB. What comes out: its files, its package document and
its pages as trees of nodes, so that source, page and screen are read by one code.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from functools import cached_property, lru_cache
from pathlib import PurePosixPath
from typing import Any

from lxml import etree

from memobook.book.tree import Child, Node, joined, nodes, text_of
from memobook.checks.outputs import UnreadableError

__all__ = ["Link", "PackedBook", "node_of"]

FOLDER = "EPUB/"
"""Where the publication stands in the zip."""

_OPS = "{http://www.idpf.org/2007/ops}"
_OPF = "{http://www.idpf.org/2007/opf}"
_DC = "{http://purl.org/dc/elements/1.1/}"

Link = tuple[str, str]
"""The text of a link, and where it leads."""


class PackedBook:
    """An EPUB as a reading system gets it. Raises UnreadableError if it is none."""

    def __init__(self, data: bytes) -> None:
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                self.entries = tuple(archive.infolist())
                self.files = {name: archive.read(name) for name in archive.namelist()}
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError) as error:
            raise UnreadableError(str(error)) from None

    @cached_property
    def package(self) -> Any:  # noqa: ANN401 (lxml has no types)
        """The package document's root."""
        return self.root(f"{FOLDER}content.opf")

    def root(self, name: str) -> Any:  # noqa: ANN401
        """Return an entry's root element."""
        if name not in self.files:
            message = f"{name} is not in it"
            raise UnreadableError(message)
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True
        )
        try:
            return etree.fromstring(self.files[name], parser)
        except etree.XMLSyntaxError as error:
            message = f"{name} is not well-formed: {error.msg}"
            raise UnreadableError(message) from None

    @cached_property
    def spine(self) -> tuple[str, ...]:
        """The entries that one comes to by turning pages, in order."""
        items = {i.get("id"): i.get("href") for i in self.package.iter(f"{_OPF}item")}
        found = (items.get(r.get("idref")) for r in self.package.iter(f"{_OPF}itemref"))
        return tuple(f"{FOLDER}{href}" for href in found if href)

    @property
    def documents(self) -> tuple[str, ...]:
        """The entries of the spine, and the navigation where that is no page of it."""
        items = self.package.iter(f"{_OPF}item")
        found = (i for i in items if "nav" in i.get("properties", "").split())
        return tuple(
            dict.fromkeys((*self.spine, *(f"{FOLDER}{i.get('href')}" for i in found)))
        )

    @cached_property
    def pages(self) -> dict[str, Node]:
        """The stem of each document's name -> its root, in the order of the spine."""
        return {PurePosixPath(n).stem: node_of(self.root(n)) for n in self.documents}

    def metadata(self, name: str) -> tuple[str, ...]:
        """Return the values of an element of Dublin Core, or of a property."""
        plain = [e.text or "" for e in self.package.iter(f"{_DC}{name}")]
        more = [
            e.text or ""
            for e in self.package.iter(f"{_OPF}meta")
            if e.get("property") == name
        ]
        return (*plain, *more)

    def navigation(self, kind: str) -> tuple[Link, ...]:
        """Return the links of one of the navs, such as toc, parents first."""
        page = self.pages.get("contents")
        for node in nodes(page) if page else ():
            if node.tag == "nav" and kind in node.get("epub:type").split():
                return tuple(
                    (" ".join(text_of(a).split()), a.get("href"))
                    for a in nodes(node)
                    if a.tag == "a"
                )
        return ()


def node_of(element: Any) -> Node:  # noqa: ANN401
    """Return an lxml element as a node, so that all readings are made by one code."""
    children: list[Child] = [text] if (text := element.text) else []
    has_gap = False
    for child in element:
        if isinstance(child.tag, str):
            children.append(node_of(child))
        else:
            has_gap = True  # a comment, around which the text is one
        if text := child.tail:
            children.append(text)
    attributes = tuple((_short(k), v) for k, v in element.items())
    made = joined(children) if has_gap else tuple(children)
    return Node(_short(element.tag), attributes, made)


@lru_cache(maxsize=1024)
def _short(name: str) -> str:
    """Return a name without its namespace, but for one of EPUB's own."""
    return name.replace(_OPS, "epub:").rpartition("}")[2]
