"""Compare the registry of links with the links that a book has.

What goes in: the registry and the books that are made of the sources. What comes out: a
warning for every address that no link leads to, and an error for one that is there
twice in two spellings.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from memobook.book.links import external_links
from memobook.book.model import Book
from memobook.book.urls import same_key
from memobook.diagnostics import Code, Reporter
from memobook.project.links_schema import Registry

__all__ = ["check_registry"]


def check_registry(
    registry: Registry, books: Iterable[Book], reporter: Reporter
) -> None:
    """Report what in a registry is of no use."""
    if registry.located is None:
        return
    links = {link.key: link.url for book in books for link in external_links(book)}
    seen: dict[str, str] = {}
    for url in registry.entries:
        span, key = registry.located.key((url,)), same_key(url)
        if key in seen:
            message = f"the registry has {url} twice, as {seen[key]}, too"
            reporter.error(
                Code.REGISTRY_TWICE, span, message, "put the two tables together"
            )
        elif key not in links:
            near = get_close_matches(url, links.values(), n=1, cutoff=0.8)
            hint = "take the table out, or keep it with a comment sign before its lines"
            hint = f"did you mean {near[0]}?" if near else hint
            message = f"no link of the book leads to {url}"
            reporter.warning(Code.REGISTRY_UNUSED, span, message, hint)
        seen.setdefault(key, url)
