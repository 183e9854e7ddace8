"""Send a book as bytes and get it back as bytes.

What goes in: an order. What comes out: a parcel with all that the book is made of, and
from the worker a delivery: outputs, findings, and what is worth keeping in the cache
here. Nobody knows Dask here, so that all of it can be tried in one process.
"""

from __future__ import annotations

import hashlib
import json
import posixpath
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote

from memobook.batch import Outcome, build_whole
from memobook.deliver import write_outputs
from memobook.design.fonts import files_of
from memobook.design.theme import STYLES
from memobook.diagnostics import Diagnostic, MemobookError, Reporter
from memobook.fresh import (
    BUILD,
    Order,
    Record,
    keep_pages,
    keep_record,
    kept_pages,
    kept_record,
)
from memobook.project.config import MANUSCRIPT
from memobook.project.files import ANY_SIZE, MISSING, Files
from memobook.project.house import (
    SHARED_LINKS,
    SHARED_STYLES,
    SHELF_FILE,
    house_of,
)
from memobook.project.trust import Trust
from memobook.store import Store, key_of

__all__ = ["Delivery", "Parcel", "build_parcel", "packed", "received", "unpacked"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A book on its way to a worker."""

    order: Order
    files: Mapping[str, bytes]
    """Path as in Files -> content."""
    entries: Mapping[str, bytes] = field(default_factory=dict)
    """What the cache here has of the book's last build: kind/name -> content."""
    pages: bytes | None = None
    """What is known of the last PDF's pages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What came of a parcel."""

    outcome: Outcome
    """Its order is that of the parcel, and so are the paths of its findings."""
    outputs: Mapping[str, bytes] = field(default_factory=dict)
    """Name in build/ -> content, with the list of what they were made of."""
    entries: Mapping[str, bytes] = field(default_factory=dict)
    """What was made for the cache."""
    used: tuple[str, ...] = ()
    """The names of all entries that the book is made of."""
    record: Record | None = None
    pages: bytes | None = None


# Here, before


def packed(order: Order) -> Parcel:
    """Return the parcel of an order."""
    store = order.store
    return Parcel(
        order=order,
        files=_files(order, store),
        entries=_kept_entries(order, store),
        pages=kept_pages(order, store),
    )


def _files(order: Order, store: Store) -> dict[str, bytes]:
    """Return all that the book may be made of.

    That is manuscript/ and styles/, what the shelf shares, what the last build read,
    and what a text or a style sheet names that lies elsewhere in the project.
    """
    files = Files(order.root.resolve(), trust=order.trust, sizes=ANY_SIZE)
    found: dict[str, bytes] = {}
    for folder in (MANUSCRIPT, STYLES, SHARED_STYLES):
        if folder in {MANUSCRIPT, STYLES, *files.shared}:
            _take(files, files.listing(folder, "**/*"), found)
    record = kept_record(order, store)
    _take(files, record.inputs if record else (), found)
    _take(files, files.shared, found)
    for path in [*found]:
        _take(files, _named_elsewhere(path, found[path]), found)
    return found


def _take(files: Files, paths: Iterable[str], found: dict[str, bytes]) -> None:
    for path in paths:
        # What is not there, or leads outside, is missing on the worker, too.
        with suppress(OSError):
            if path not in found:
                found[path] = files.read(path)


_TEXTS = frozenset({".md", ".toml", ".css", ".j2", ".svg", ".csv"})
_ELSEWHERE = re.compile(r"(?<=<)\.\./[^<>\n]+|\.\./[^\s\"'()<>{}#?\]]+")


def _named_elsewhere(path: str, data: bytes) -> Iterator[str]:
    """Yield what a text names by a path that begins with two dots."""
    if posixpath.splitext(path)[1] in _TEXTS and b"../" in data:
        base = posixpath.dirname(path)
        for name in _ELSEWHERE.findall(data.decode("utf-8", "replace")):
            for each in {name, unquote(name)}:
                yield posixpath.normpath(posixpath.join(base, each))


# What of the cache goes along? Fonts do not: a worker cuts them once for many books.
_KINDS = ("memos", "sheets", "covers")
_FONTS = "fonts"
_SHIPPED = "shipped"
"""The kind of the list of a book's entries."""


def _kept_entries(order: Order, store: Store) -> dict[str, bytes]:
    names = store.load(_SHIPPED, _shipped_key(order), ".json")
    found = ((name, _load(store, name)) for name in json.loads(names or b"[]"))
    return {name: data for name, data in found if data is not None}


def _shipped_key(order: Order) -> str:
    return key_of(str(order.root.resolve()))


def _load(store: Store, name: str) -> bytes | None:
    return store.load(*_parts(name))


def _keep(store: Store, entries: Mapping[str, bytes]) -> None:
    for name, data in entries.items():
        kind, key, suffix = _parts(name)
        store.keep(kind, key, suffix, data)


def _parts(name: str) -> tuple[str, str, str]:
    kind, _, file = name.partition("/")
    key, suffix = posixpath.splitext(file)
    return kind, key, suffix


# On the worker


def unpacked(files: Mapping[str, bytes], folder: Path) -> Path:
    """Write a project's files below a folder; return the project's own."""
    root = folder / "book"
    for path, data in files.items():
        home = folder if path.startswith((SHARED_STYLES, SHARED_LINKS)) else root
        target = home / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    shared = {"styles": SHARED_STYLES, "links": SHARED_LINKS}
    lines = [
        f'{k} = "{path}"' for k, path in shared.items() if (folder / path).exists()
    ]
    text = "\n".join(["[shelf]", 'books = ["book"]', *lines]) if lines else ""
    if text:
        (folder / SHELF_FILE).write_text(f"{text}\n", "utf-8")
    return root


def build_parcel(parcel: Parcel, cache: Path) -> Delivery:
    """Build what is in a parcel, with a cache of which the worker keeps the fonts.

    All else goes back with the delivery, and comes again with the next parcel.
    """
    try:
        return _build_parcel(parcel, cache)
    finally:
        store = replace(parcel.order, cache=cache).store
        for folder in store.folder.glob("[!.]*/"):
            if folder.name != _FONTS:
                shutil.rmtree(folder, ignore_errors=True)


def _build_parcel(parcel: Parcel, cache: Path) -> Delivery:
    with tempfile.TemporaryDirectory(prefix="memobook-") as folder:
        root = unpacked(parcel.files, Path(folder).resolve())
        order = replace(parcel.order, root=root, cache=cache)
        store = order.store
        _keep(store, parcel.entries)
        _keep_pages(parcel.pages, order, store)
        began = _now(Path(folder))
        outcome = build_whole(order)
        return _delivery(parcel, order, store, outcome, began)


def _now(folder: Path) -> int:
    """Return the time by the clock of the files, in nanoseconds."""
    mark = folder / "began"
    mark.touch()
    return mark.stat().st_mtime_ns


def _delivery(
    parcel: Parcel, order: Order, store: Store, outcome: Outcome, began: int
) -> Delivery:
    used = tuple(_used(store, began))
    made = ((name, _load(store, name)) for name in used if name not in parcel.entries)
    entries = {name: data for name, data in made if data is not None}
    found = tuple(
        _as_there(d, order.root, parcel.order.root) for d in outcome.diagnostics
    )
    report = outcome.report and replace(outcome.report, diagnostics=found)
    told = replace(outcome, order=parcel.order, report=report, diagnostics=found)
    if outcome.report is None:
        return Delivery(outcome=told, entries=entries, used=used)
    outputs = [o.path for o in outcome.report.outputs]
    paths = [*outputs, outputs[0].with_suffix(".json")]
    return Delivery(
        outcome=told,
        outputs={path.name: path.read_bytes() for path in paths},
        entries=entries,
        used=used,
        record=kept_record(order, store),
        pages=kept_pages(order, store),
    )


def _used(store: Store, began: int) -> Iterator[str]:
    for kind in _KINDS:
        for path in sorted((store.folder / kind).glob("*")):
            is_entry = not path.name.startswith(".") and path.suffix != ".sha256"
            if is_entry and path.stat().st_mtime_ns >= began:
                yield f"{kind}/{path.name}"


def _as_there(diagnostic: Diagnostic, root: Path, original: Path) -> Diagnostic:
    """Return a finding that names the project as its author does."""

    def said(text: str) -> str:
        return text.replace(str(root), str(original))

    return replace(
        diagnostic,
        span=replace(diagnostic.span, path=said(diagnostic.span.path)),
        message=said(diagnostic.message),
        hint=said(diagnostic.hint),
    )


# Here, behind


def received(delivery: Delivery) -> Outcome:
    """Write what was delivered as a build here would have; return its outcome."""
    outcome = delivery.outcome
    order = outcome.order
    store = order.store
    folder = order.root / BUILD
    with suppress(OSError):  # without a cache the next build takes longer
        _keep(store, delivery.entries)
        names = json.dumps(delivery.used).encode()
        store.keep(_SHIPPED, _shipped_key(order), ".json", names)
    if outcome.report is None:
        return outcome
    reporter = Reporter()
    contents = [(folder / name, data) for name, data in delivery.outputs.items()]
    try:
        write_outputs(folder, contents, reporter, order.trust)
    except MemobookError as error:
        return replace(outcome, report=None, diagnostics=error.diagnostics)
    report = outcome.report.below(folder)
    with suppress(OSError):
        _keep_pages(delivery.pages, order, store)
        _keep_record(delivery.record, order, store)
    return replace(outcome, report=report)


def _keep_pages(pages: bytes | None, order: Order, store: Store) -> None:
    facts = json.loads(pages) if pages else None
    fonts = facts and _fonts_here(facts["fonts"], order.root, order.trust)
    if facts and fonts is not None:
        data = json.dumps({**facts, "fonts": fonts}, sort_keys=True).encode()
        keep_pages(order, store, data)


def _keep_record(record: Record | None, order: Order, store: Store) -> None:
    fonts = _fonts_here(record.fonts, order.root, order.trust) if record else None
    if record is not None and fonts is not None:
        keep_record(order, store, replace(record, fonts=fonts))


def _fonts_here(
    fonts: Mapping[str, str], root: Path, trust: Trust
) -> dict[str, str] | None:
    """Return the paths that fonts have on this machine; None if one is not here.

    `fonts` is the path on another machine -> SHA-256 in hex, as in Record.
    """
    house = house_of(root, trust)
    homes = (root.resolve() / STYLES, house.styles if house else None)
    folders = (home / "fonts" for home in homes if home)
    by_hash = {_digest(path): str(path) for path in files_of(*folders)}
    wanted = [digest for digest in fonts.values() if digest != MISSING]
    if not all(digest in by_hash for digest in wanted):
        return None
    return {by_hash[digest]: digest for digest in wanted}


def _digest(font: Path) -> str:
    status = font.stat()
    return _hashed(font, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=1024)
def _hashed(font: Path, _time: int, _size: int) -> str:
    # Once for all books: else it is most of what the sender has to do for each.
    return hashlib.sha256(font.read_bytes()).hexdigest()
