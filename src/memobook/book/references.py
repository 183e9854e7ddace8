"""Find out where each link leads and which file each picture is.

What goes in: a book whose anchors have names. What comes out: links to the book's own
anchors as `memobook:anchor`, links to the world as they are, and every link that leads
nowhere reported with its place. No file is looked at here, and nothing is numbered.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from urllib.parse import quote, unquote

from memobook.book.before import rewritten_before
from memobook.book.model import Book, Memo, Picture
from memobook.book.outline import anchor
from memobook.book.tree import Child, Node, nodes, rewrite, text_of
from memobook.book.urls import ALLOWED_SCHEMES, is_whole, scheme, shown
from memobook.diagnostics import Code, Reporter, Span
from memobook.project.config import BOOK_FILE

__all__ = [
    "INSIDE",
    "TARGET",
    "remote_pictures",
    "resolve_links",
    "resolve_pictures",
]

_LENGTH = re.compile(r"\d+(\.\d+)?(%|mm|cm|in|pt|em|px)")

_TO_HOST = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*")
# Nothing opens such an address, and EPUBCheck knows of no such scheme.
# https://www.doi.org/the-identifier/resources/factsheets/doi-resolution-documentation
_DOI = re.compile("^doi:/*", re.IGNORECASE)
# A percent sign says a byte, or it is itself to be said so.
_NO_CHARACTERS = "".join(
    f"{chr(end - 2)}{chr(end - 1)}" for end in range(0x20000, 0xF0000, 0x10000)
)
_NOT_IN_URL = re.compile(
    r'[\s<>"{}|\\^`\x7f-\x9f]|%(?![0-9A-Fa-f]{2})'
    # For private use, and no characters at all.
    r"|[\ue000-\uf8ff\ufdd0-\ufdef\ufff0-\uffff\U000e0000-\U0010ffff]"
    rf"|[{_NO_CHARACTERS}]"
)

_SEEN = frozenset("cite img math svg".split())
"""Elements that show something and have no text, or none yet."""

INSIDE = frozenset(["citation", "term", "xref"])
"""The classes of links that lead to an anchor of the book."""

TARGET = "memobook:"
"""The scheme of a link to an anchor of the book."""


def resolve_links(book: Book, reporter: Reporter) -> Book:
    """Resolve every link; one that leads nowhere keeps its text and is reported."""
    known = (*book.memos, *book.outside)
    anchors = {memo.path: _anchors(memo) for memo in known}
    ids = {memo.path: memo.id for memo in known}
    titles = {memo.id: memo.title for memo in known}
    titles |= {h.anchor: h.title for memo in known for h in memo.headings if h.title}
    memos = []
    for memo in book.memos:
        links = _Links(memo, ids, anchors, titles, reporter)
        memos.append(memo.rewritten(links.resolve))
    others = _Links(None, ids, anchors, titles, reporter)
    back = tuple(replace(p, body=rewrite(p.body, others.resolve)) for p in book.back)
    book = rewritten_before(book, others.resolve)
    return replace(book, memos=tuple(memos), back=back)


def _anchors(memo: Memo) -> frozenset[str]:
    trees = (memo.body, *(n for _, n in memo.footnotes))
    return frozenset(n.get("id") for tree in trees for n in nodes(tree) if n.has("id"))


_Change = Callable[[Node], Child | tuple[Child, ...]]


_OF_LINKS = frozenset("class href note title".split())


def _unlinked(node: Node) -> Child | tuple[Child, ...]:
    """Return what a link says, and its place, to which an index may lead."""
    left = tuple(a for a in node.attributes if a[0] not in _OF_LINKS)
    return replace(node, tag="span", attributes=left) if left else node.children


@dataclass(frozen=True, slots=True)
class _Links:
    """The links of one memo, or of the imprint where there is none."""

    memo: Memo | None
    ids: dict[str, str]
    anchors: dict[str, frozenset[str]]
    titles: dict[str, str]
    """What memos and headings are called, by their anchors."""
    reporter: Reporter

    def resolve(self, node: Node) -> Child | tuple[Child, ...]:
        if node.tag != "a" or node.has("data-note"):
            return node
        if not node.has("href"):
            return node.with_attributes(note=None) if node.has("note") else node
        href = node.get("href").strip()
        if href.startswith(TARGET):
            return node  # memobook made it
        span = node.span or (self.memo.span if self.memo else Span(BOOK_FILE))
        if href in {"", "#"}:
            message = f"the link “{_short(node)}” leads nowhere"
            hint = "write its address in the parentheses, or take the brackets out"
            self.reporter.error(Code.LINK_PLACEHOLDER, span, message, hint)
            return _unlinked(node)
        kind = scheme(href)
        if kind in ALLOWED_SCHEMES and not is_whole(href):
            message = (
                f"{' '.join(href.split())} is no address: nothing can be found there"
            )
            hint = "write the whole address, such as https://example.org/page"
            self.reporter.error(Code.LINK_ADDRESS, span, message, hint)
            return _unlinked(node)
        if kind in ALLOWED_SCHEMES:
            url = _encoded(_DOI.sub("https://doi.org/", href))
            led = node.with_attributes(href=url).with_class("external")
            return _called(led, shown(url))
        if kind or href.startswith("//"):
            message = f"{href} has no scheme that a book should hold"
            hint = "write the whole address, beginning with https://"
            self.reporter.error(Code.LINK_SCHEME, span, message, hint)
            return _unlinked(node)
        return self._internal(node, href, span)

    def _internal(self, node: Node, href: str, span: Span) -> Child | tuple[Child, ...]:
        file, fragment = (unquote(part) for part in _parted(href))
        base = self.memo.path if self.memo else BOOK_FILE
        # A file that is included names others as it sees them.
        folder = posixpath.dirname(node.span.path if node.span else base)
        path = posixpath.normpath(f"{folder}/{file}") if file else base
        if path not in self.ids:
            self._missing(file or href, span)
            return _unlinked(node)
        target = anchor(self.ids[path], fragment)
        if fragment and target not in self.anchors[path]:
            self._no_anchor(path, fragment, span)
            return _unlinked(node)
        led = node.with_attributes(href=TARGET + target).with_class("xref")
        memo = self.ids[path]
        return _called(led, self.titles.get(target, self.titles[memo]))

    def _missing(self, file: str, span: Span) -> None:
        names = [p.removeprefix("manuscript/") for p in self.ids]
        near = get_close_matches(file, names, n=1, cutoff=0.7)
        hint = f"did you mean {near[0]}?" if near else f"memos: {_some(names)}"
        message = f"no memo is called {file}"
        if not near and not file.endswith(".md"):
            hint += "; for a page of the web, begin with https://"
        self.reporter.error(Code.LINK_TARGET_MISSING, span, message, hint)

    def _no_anchor(self, path: str, fragment: str, span: Span) -> None:
        prefix = f"{self.ids[path]}_"
        names = sorted(a.removeprefix(prefix) for a in self.anchors[path])
        near = get_close_matches(fragment, names, n=1, cutoff=0.5)
        hint = f"anchors: {_some(names)}" if names else "it has neither"
        hint = f"did you mean #{near[0]}?" if near else hint
        message = f"{path} has no heading or anchor #{fragment}"
        self.reporter.error(Code.LINK_ANCHOR_MISSING, span, message, hint)


def _called(link: Node, name: str) -> Node:
    """Return a link that says something: where it leads, if it has no words itself."""
    pictures = [n for n in nodes(link) if n.tag in _SEEN]
    if text_of(link).strip() or any(map(_says, pictures)):
        return link
    if not pictures:
        return link.with_children((name,))
    first, attribute = pictures[0], "alt" if pictures[0].tag == "img" else "aria-label"
    said = first.with_items({attribute: name})
    return rewrite(link, lambda node: said if node is first else node)


def _says(picture: Node) -> bool:
    """Tell whether a picture in a link has words, or gets them later."""
    if picture.tag == "svg":
        titles = (n for n in nodes(picture) if n.tag == "title")
        return picture.has("aria-label") or any(text_of(t).strip() for t in titles)
    return picture.tag != "img" or bool(picture.get("alt").strip())


def _parted(href: str) -> tuple[str, str]:
    """Return file and fragment of an address, as they are written."""
    file, _, fragment = href.partition("#")
    return file, fragment


def _encoded(url: str) -> str:
    """Return an address without the characters that none may have, such as spaces.

    https://www.rfc-editor.org/rfc/rfc3987#section-2.2
    """
    # Square brackets may stand only around a host that is a number.
    found = _TO_HOST.match(url)
    host = found[0] if found else ""
    rest = url.removeprefix(host).replace("[", "%5B").replace("]", "%5D")
    before, number_sign, fragment = rest.partition("#")
    rest = before + number_sign + fragment.replace("#", "%23")
    return _NOT_IN_URL.sub(lambda sign: quote(sign[0]), host + rest)


def _some(names: list[str]) -> str:
    return ", ".join(names[:8]) + (", …" if len(names) > 8 else "")


def _short(node: Node) -> str:
    text = " ".join(text_of(node).split())
    return text if len(text) <= 40 else f"{text[:39]}…"


def resolve_pictures(book: Book, reporter: Reporter) -> Book:
    """Give every picture its path in the project, and the memo a list of them."""

    def refuse(node: Node) -> Child:
        if node.tag != "img":
            return node
        message = "a picture has no place in the imprint or the epigraph"
        span = node.span or Span(BOOK_FILE)
        reporter.error(Code.HTML_NOT_ALLOWED, span, message, "put it into a memo")
        return node.get("alt")

    memos = tuple(_pictured(memo, book.fetched, reporter) for memo in book.memos)
    return replace(rewritten_before(book, refuse), memos=memos)


def remote_pictures(memo: Memo) -> tuple[tuple[str, Span], ...]:
    """Return the pictures of a memo that are on the web: address, place."""
    found: list[tuple[str, Span]] = []

    def look(node: Node) -> Node:
        source = node.get("src").strip() if node.tag == "img" else ""
        if scheme(source) in {"http", "https"}:
            found.append((source, node.span or memo.span))
        return node

    memo.rewritten(look)
    return tuple(found)


def _pictured(memo: Memo, fetched: Mapping[str, str], reporter: Reporter) -> Memo:
    found: list[Picture] = []

    def resolve(node: Node) -> Child | tuple[Child, ...]:
        if node.tag != "img":
            return node
        span = node.span or memo.span
        source = node.get("src").strip()
        is_remote = bool(scheme(source)) or source.startswith("//")
        if is_remote and source not in fetched:
            message = f"the picture {source} is not in the project"
            hint = "save it in manuscript/images/ and name it by its path"
            if scheme(source) in {"http", "https"}:
                hint = "type: memobook fetch; it saves the picture in the project"
            reporter.error(Code.RESOURCE_REMOTE, span, message, hint)
            # An index may lead to it.
            name = (("id", node.get("id")),) if node.has("id") else ()
            said = node.get("alt")
            return Node("span", name, (said,), span) if name else said
        if node.has("credit"):
            message = "a picture within a line has no place for a credit"
            hint = "let the picture stand by itself, with empty lines around it"
            reporter.error(Code.HTML_NOT_ALLOWED, span, message, hint)
            node = node.with_attributes(credit=None)
        folder = posixpath.dirname(span.path)
        path = fetched.get(source) or posixpath.normpath(f"{folder}/{unquote(source)}")
        found.append(Picture(path, span))
        if not node.get("alt").strip() and "decorative" not in node.classes:
            message = f"the picture {source} has no alternative text"
            hint = f"write ![what it shows]({source}), or add {{.decorative}}"
            reporter.error(Code.IMAGE_WITHOUT_ALT, span, message, hint)
            # An empty text would say that the picture only decorates.
            node = node.with_attributes(alt=None)
        return _sized(node.with_attributes(src=path))

    rewritten = memo.rewritten(resolve)
    return replace(rewritten, pictures=tuple(found))


def _sized(image: Node) -> Node:
    """Turn a width such as 50% into a style: XHTML takes only pixels."""
    sizes = {name: image.get(name) for name in ("width", "height") if image.has(name)}
    if all(re.fullmatch("[0-9]+", size) for size in sizes.values()):
        return image
    bare = image.with_attributes(width=None, height=None)
    lengths = {n: f"{s}px" if s.isdecimal() else s for n, s in sizes.items()}
    rules = [f"{n}: {s}" for n, s in lengths.items() if _LENGTH.fullmatch(s)]
    return bare.with_attributes(style="; ".join(rules)) if rules else bare
