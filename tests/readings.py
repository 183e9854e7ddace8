"""Read a built book three times: as its source says it, printed, shown on a screen.

What goes in: a book that was built. What comes out: readings that can be compared as
they are. The notes that a memo should have are counted here anew, by other code than
book/notes.py. No assertion lives here.
"""

from __future__ import annotations

import datetime as dt
import string
from collections.abc import Iterator, Mapping

from memobook.book.model import Memo, NoteMode
from memobook.book.tree import Child, Node, nodes, rewrite, text_of
from memobook.book.urls import same_key, shown
from memobook.checks.printed_readings import from_print
from memobook.checks.readings import (
    Reading,
    even,
    flat,
    from_screen,
    from_source,
    notes_page,
)
from memobook.design.words import words
from memobook.project.links_schema import LinkEntry
from tests.harness import FRONT, Built


def readings(book: Built) -> Iterator[tuple[Memo, Reading, Reading, Reading]]:
    """Yield each memo with its source's, its screen's and its print's reading."""
    labels = words(book.book.language, book.book.words)
    printed_book, screen_book = book.numbered("pdf"), book.numbered("epub")
    for index, memo in enumerate(book.book.memos):
        in_print = printed_book.memos[index]
        on_screen = screen_book.memos[index]
        screen = from_screen(book.epub.pages, on_screen.id, notes_page(on_screen))
        printed = from_print(
            book.pdf, in_print, book.pdf.parts[FRONT + index], screen, labels
        )
        yield memo, from_source(in_print, labels), screen, printed


def expected_notes(memo: Memo, registry: Mapping[str, LinkEntry]) -> dict[int, str]:
    """Return the notes in the order of their first calls, one for each address.

    Of a book in English that leaves where notes stand and repeat at the default.
    """
    of_links = memo.notes_mode not in {NoteMode.INLINE, NoteMode.OFF}
    first: dict[object, Node] = {}
    count: dict[object, int] = {}
    for node in nodes(memo.body):
        if node.has("data-note"):
            key: object = node.get("data-note")
        elif of_links and "external" in node.classes and "no-note" not in node.classes:
            key = (same_key(node.get("href")), node.get("note"))
        else:
            continue
        first.setdefault(key, node)
        count[key] = count.get(key, 0) + 1
    found = {}
    for number, (key, node) in enumerate(first.items(), start=1):
        back = " ".join(string.ascii_lowercase[1 : count[key]])
        found[number] = even(f"{number}. {_note_text(memo, node, registry)} {back}")
    return found


def _note_text(memo: Memo, node: Node, registry: Mapping[str, LinkEntry]) -> str:
    if node.has("data-note"):
        return flat(rewrite(dict(memo.footnotes)[node.get("data-note")], _spelt))
    own = node.get("note") or node.get("title")
    known = registry.get(same_key(node.get("href")), LinkEntry())
    parts = [own] if own else [known.author, known.title]
    if known.publisher not in own:
        parts.append(known.publisher)
    parts.append(shown(node.get("href")))
    if known.accessed:
        parts.append(f"accessed {_day(known.accessed)}")
    if known.archive:
        day = f" {_day(known.archived)}" if known.archived else ""
        parts.append(f"archived{day} at {known.archive}")
    return ", ".join(part for part in parts if part) + "."


def _day(date: dt.date) -> str:
    return f"{date.day} {date:%B %Y}"


def _spelt(node: Node) -> Child | tuple[Child, ...]:
    """Return a link of a footnote with its address behind it, or with its number."""
    if node.has("data-kind"):
        return node.with_children(
            (f"{node.get('data-kind').capitalize()} {node.get('data-number')}",)
        )
    url = node.get("href")
    if "external" not in node.classes or "no-note" in node.classes:
        return node
    said = text_of(node).strip() in {url, shown(url)}
    return node if said else (node, f" ({shown(url)})")
