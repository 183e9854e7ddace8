"""Look at an EPUB as it is read: its pages, its contents, and what changed in them.

What goes in: the bytes of an EPUB. What comes out: its files, and facts about them that
the page in the browser needs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import PurePosixPath

from memobook.book.tree import Node, nodes, text_of
from memobook.checks.packed import FOLDER, PackedBook

__all__ = ["BLOCKS", "Document", "Entry", "Texts", "changed_blocks", "marked"]

BLOCKS = "p li dt dd h1 h2 h3 h4 h5 h6 td th figcaption pre figure summary".split()
"""The elements that are marked where a text changed, if none is within another."""
_LEFT_OUT = frozenset({"doc-noteref", "doc-pagebreak", "doc-backlink"})
"""Roles of what may change without the text: numbers of notes and pages."""


@dataclass(frozen=True, slots=True)
class Document:
    """One page of an EPUB."""

    path: str
    """In the EPUB's folder: text/space.xhtml."""
    title: str
    hash: str
    blocks: tuple[str, ...]
    """A hash of each block's text, in order."""
    changed: tuple[int, ...] = ()
    """Which blocks differ from the build before, counted from 0."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the contents, or of the list of pages."""

    title: str
    level: int
    """0 for a memo or a part."""
    href: str
    """In the EPUB's folder: text/space.xhtml#space_history."""


@dataclass(frozen=True, slots=True)
class Texts:
    """An EPUB that is read."""

    title: str = ""
    language: str = "en"
    files: Mapping[str, bytes] = field(default_factory=dict)
    """Path in the EPUB's folder -> content."""
    documents: tuple[Document, ...] = ()
    contents: tuple[Entry, ...] = ()
    page_list: tuple[Entry, ...] = ()
    styles: str = ""
    """A hash of the style sheets."""

    @staticmethod
    def of(data: bytes) -> Texts:
        """Read an EPUB. Raises UnreadableError."""
        book = PackedBook(data)
        roots = dict(zip(book.spine, book.pages.values(), strict=True))
        files = {
            name.removeprefix(FOLDER): content
            for name, content in book.files.items()
            if name.startswith(FOLDER) and not name.endswith("/")
        }
        sheets = (files[name] for name in sorted(files) if name.endswith(".css"))
        return Texts(
            title=next(iter(book.metadata("title")), ""),
            language=next(iter(book.metadata("language")), "en"),
            files=files,
            documents=tuple(
                _document(name.removeprefix(FOLDER), book.files[name], root)
                for name, root in roots.items()
            ),
            contents=_navigation(roots, "toc"),
            page_list=_navigation(roots, "page-list"),
            styles=_hash(b"\n".join(sheets)),
        )


def marked(now: Texts, before: Texts) -> tuple[Document, ...]:
    """Return the documents, those blocks marked that the build before had not.

    If no document differs, the marks stay: the save changed nothing.
    """
    old = {document.path: document for document in before.documents}
    if [d.hash for d in now.documents] == [d.hash for d in before.documents]:
        return before.documents
    return tuple(_marked(d, old.get(d.path)) for d in now.documents)


def _marked(now: Document, before: Document | None) -> Document:
    if before is None:
        return now
    found = changed_blocks(now.blocks, before.blocks)
    return Document(now.path, now.title, now.hash, now.blocks, found)


def changed_blocks(now: Sequence[str], before: Sequence[str]) -> tuple[int, ...]:
    """Return which of the blocks are new.

    >>> changed_blocks("axc", "abc"), changed_blocks("ac", "abc")
    ((1,), ())
    """
    codes = SequenceMatcher(None, before, now, autojunk=False).get_opcodes()
    return tuple(
        n for kind, _, _, a, b in codes if kind != "equal" for n in range(a, b)
    )


def _document(path: str, content: bytes, root: Node) -> Document:
    titles = (text_of(node) for node in nodes(root) if node.tag == "title")
    title = " ".join(next(titles, "").split())
    blocks = tuple(_hash(_said(block).encode()) for block in _blocks(root))
    return Document(path, title, _hash(content), blocks)


def _blocks(root: Node) -> Iterator[Node]:
    for node in nodes(root):
        if node.tag in BLOCKS and not any(n.tag in BLOCKS for n in _below(node)):
            yield node


def _below(node: Node) -> Iterator[Node]:
    return (n for n in nodes(node) if n is not node)


def _said(node: Node) -> str:
    """Return what a block says: its words, its pictures, where its links lead."""
    if node.get("role") in _LEFT_OUT:
        return ""
    inner = "".join(c if isinstance(c, str) else _said(c) for c in node.children)
    return f"{node.get('src')}{node.get('href')}{inner}"


def _navigation(roots: Mapping[str, Node], kind: str) -> tuple[Entry, ...]:
    for path, root in roots.items():
        for node in nodes(root):
            if node.tag == "nav" and kind in node.get("epub:type").split():
                folder = PurePosixPath(path.removeprefix(FOLDER)).parent
                return tuple(_entries(node, folder, 0))
    return ()


def _entries(node: Node, folder: PurePosixPath, level: int) -> Iterator[Entry]:
    for child in node.children:
        if isinstance(child, str):
            continue
        if child.tag == "a":
            yield Entry(_title(child), level, str(folder / child.get("href")))
        else:
            deeper = child.tag == "ol" and node.tag == "li"
            yield from _entries(child, folder, level + deeper)


def _title(node: Node) -> str:
    """Return an entry's title, without the authors behind it."""
    parts = [n for n in nodes(node) if "title" in n.get("class").split()]
    return " ".join(" ".join(map(text_of, parts or [node])).split())


def _hash(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=12).hexdigest()
