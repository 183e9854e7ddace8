"""What a link's note says: the page's author, title and publisher, its address, dates.

What goes in: what the text and the registry say of a page, and the words of the book's
language. What comes out: texts, and links with the class `address` that have no content
yet: how an address is set, the medium knows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from memobook.book.tree import Child, Node, joined, text_of
from memobook.project.links_schema import LinkEntry

__all__ = ["description", "said_date"]

_NOTHING = LinkEntry()


def description(
    url: str,
    own: tuple[Child, ...],
    entry: LinkEntry | None,
    words: Mapping[str, str],
) -> tuple[Child, ...]:
    """Return what is said of a page, with a full stop that is in no address.

    `own` is what the text says of it: it stands for author and title, and for the
    publisher, too, where it names it.
    """
    entry = entry or _NOTHING
    out: list[Child] = []
    for part in (*_names(own, entry), (_address(url),), *_dates(entry, words)):
        out += [words["comma"], *part] if out else part
    return joined((*out, "."))


def said_date(date: dt.date, words: Mapping[str, str]) -> str:
    """Return a date in the book's language."""
    names = words["months"].split()
    # An author may say them otherwise.
    month = names[date.month - 1] if len(names) == 12 else str(date.month)
    return words["full_date"].format(day=date.day, month=month, year=date.year)


def _names(own: tuple[Child, ...], entry: LinkEntry) -> Iterator[tuple[Child, ...]]:
    if own:
        yield own
    else:
        yield from ((each,) for each in (entry.author, entry.title) if each)
    is_named = entry.publisher.casefold() in text_of(own).casefold()
    if entry.publisher and not is_named:
        yield (entry.publisher,)


def _dates(entry: LinkEntry, words: Mapping[str, str]) -> Iterator[tuple[Child, ...]]:
    if entry.accessed:
        yield (words["accessed"].format(date=said_date(entry.accessed, words)),)
    if entry.archive:
        said = words["archived_at" if entry.archived is None else "archived"]
        before, _, after = said.partition("{address}")
        date = said_date(entry.archived, words) if entry.archived else ""
        before, after = (part.replace("{date}", date) for part in (before, after))
        yield (before, _address(entry.archive), after)


def _address(url: str) -> Node:
    return Node("a", (("class", "address"), ("href", url)))
