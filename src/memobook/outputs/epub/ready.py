"""Do for most files of an EPUB what can be done while its cover is being drawn.

What goes in: pages and resources that are complete. What comes out: the same, parsed
and compressed, for `package` to take where nothing has changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date

from lxml import etree

from memobook.outputs.epub.container import (
    FOLDER,
    Record,
    Resource,
    parse_xml,
    record,
)
from memobook.outputs.epub.navigation import Page, page_path

__all__ = ["Ready", "is_ready", "item_of", "prepare", "tree_of"]


@dataclass(frozen=True, slots=True)
class Ready:
    """A file of the publication for which all is done that can be done before."""

    data: bytes
    record: Record
    tree: etree._Element | None
    """Of a page."""


def prepare(
    pages: Iterable[Page], resources: Iterable[Resource], day: date
) -> Callable[[], dict[str, Ready]]:
    """Begin to parse and to compress files; return what waits for them.

    That returns them by their paths, and raises LossError if a page is not well-formed.
    """
    items = [(item_of(page), True) for page in pages]
    items += [(resource, False) for resource in resources]
    # To parse and to compress does not hold Python's lock.
    pool = ThreadPoolExecutor()
    made = pool.map(lambda item: _ready(item[0], day, is_page=item[1]), items)
    pool.shutdown(wait=False)
    return lambda: {
        item.path: ready for (item, _), ready in zip(items, made, strict=True)
    }


def _ready(item: Resource, day: date, *, is_page: bool) -> Ready:
    return Ready(
        data=item.data,
        record=record(FOLDER + item.path, item.data, day),
        tree=parse_xml(item.data, item.path) if is_page else None,
    )


def item_of(page: Page) -> Resource:
    """Return the file of a page."""
    return Resource(page_path(page.id), "application/xhtml+xml", page.html.encode())


def is_ready(item: Resource, ready: Mapping[str, Ready]) -> bool:
    """Tell whether a file is ready, and has not changed since."""
    return item.path in ready and ready[item.path].data == item.data


def tree_of(page: Resource, ready: Mapping[str, Ready]) -> etree._Element:
    """Return a page's tree; raise LossError if it is not well-formed."""
    found = ready[page.path].tree if page.path in ready else None
    return parse_xml(page.data, page.path) if found is None else found
