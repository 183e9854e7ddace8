"""Find the site that a book was a part of, for its links to the pages around it.

What goes in: where a book's files point. What comes out: the address of a page beside
the book, as `../std/ops/index.html` of a book at https://doc.rust-lang.org/nomicon/.
No setting of mdBook names the site; the book's own full addresses do.
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

__all__ = ["Site", "find_site"]

_PROOFS = 2
"""How many full addresses must name the site."""
_HAS_SCHEME = re.compile(r"[a-z][a-z0-9+.-]+:|//", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Site:
    """Where a book stood."""

    root: Path
    """The folder of its texts."""
    address: str = ""
    """Of the folder that the book's own is in, with a slash at its end; may be ""."""

    def url(self, target: str, folder: Path) -> str:
        """Return the address of a page beside the book; "" for any other target."""
        beside = _beside(target, folder, self.root)
        _, sign, fragment = target.partition("#")
        return f"{self.address}{beside}{sign}{fragment}" if beside else ""


def find_site(root: Path, pointers: Iterable[tuple[Path, str]]) -> Site:
    """Return the site of which full addresses have the pages beside the book.

    `pointers` are a file's folder and what it points to.
    """
    hosts: dict[str, Counter[str]] = {}
    wanted: set[str] = set()
    for folder, target in pointers:
        if _HAS_SCHEME.match(target):
            address, first = _parts(target)
            hosts.setdefault(first, Counter())[address] += 1
        elif beside := _beside(target, folder, root):
            wanted.add(beside.split("/")[0])
    votes = Counter[str]()
    for first in wanted & hosts.keys():
        votes.update(hosts[first])
    ((address, count),) = votes.most_common(1) or [("", 0)]
    return Site(root, address if count >= _PROOFS else "")


def _parts(url: str) -> tuple[str, str]:
    """Return an address up to its path, and the first folder of that."""
    try:
        split = urlsplit(url)
    except ValueError:
        return "", ""
    first = split.path.strip("/").split("/")[0]
    return (f"https://{split.netloc}/", first) if split.netloc else ("", "")


def _beside(target: str, folder: Path, root: Path) -> str:
    """Return std/ops/index.html of what points one folder out of the book."""
    file = unquote(target.partition("#")[0])
    if not file.startswith("../") or not file.endswith((".html", "/")):
        return ""
    here = posixpath.relpath(folder.as_posix(), root.as_posix())
    path = posixpath.normpath(posixpath.join(here, file))
    out = path.removeprefix("../")
    return "" if out == path or out.startswith("..") else out
