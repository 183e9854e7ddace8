"""Tell whether a build would make what is there already, before an engine is imported.

What goes in: a project and what the last build left about itself. What comes out: that
record, if nothing that the build read, looked for or depends on has changed and its
outputs are still there.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from memobook.aside import sweep
from memobook.project.files import ANY_SIZE, MANUSCRIPT, MISSING, Files
from memobook.project.house import house_of
from memobook.project.trust import TRUSTED, Trust, apart
from memobook.report import BuildReport
from memobook.store import Store, key_of

__all__ = [
    "BUILD",
    "FORMATS",
    "PACKAGES",
    "Order",
    "Record",
    "is_as_it_was",
    "keep_census",
    "keep_pages",
    "keep_record",
    "kept_census",
    "kept_pages",
    "kept_record",
    "store_of",
    "unchanged",
    "versions_of",
]

BUILD = "build"
"""The project's folder of outputs."""
FORMATS = ("pdf", "epub")

_KIND, _SUFFIX = "builds", ".json"
_PAGES = "pages"
"""The kind of what is kept of the last PDF's pages; see lastpdf.py."""

# What does a build depend on beside the project?
PACKAGES = (
    "memobook", "weasyprint", "pydyf", "tinyhtml5", "tinycss2", "cssselect2", "pyphen",
    "ebooklib", "lxml", "markdown", "pymdown-extensions", "pygments", "jinja2",
    "pikepdf", "pillow", "pypdfium2", "uharfbuzz", "fonttools",
    "math-core", "ziamath", "mmdr",
)  # fmt: skip


def store_of(root: Path, cache: Path | None, trust: Trust = TRUSTED) -> Store:
    """Return the store of a project.

    `cache` is a folder to use instead of its shelf's, or of its own. That of an
    untrusted project is among the user's own: what came with it is not believed, and
    nothing is written where one of its links may lead. No store has entries of both.
    """
    house = None if cache else house_of(root, trust)
    shared = house.cache if house else None
    folder = cache or shared or root / BUILD / ".cache"
    if trust.brings_cache:
        return Store(folder.resolve())
    return Store(cache.resolve() / trust.name if cache else apart(folder))


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is wanted of a project; see pipeline.build."""

    root: Path
    formats: tuple[str, ...] = FORMATS
    epoch: int | None = None
    cache: Path | None = None
    """A folder to use instead of its shelf's, or of its own."""
    profiles: tuple[str, ...] = ()
    trust: Trust = TRUSTED
    """What the project may do."""

    @property
    def store(self) -> Store:
        """The store of its builds, opened anew."""
        return store_of(self.root, self.cache, self.trust)

    @property
    def weight(self) -> int:
        """About how much there is to do: the bytes of its texts, and never nothing."""
        texts = (self.root / MANUSCRIPT).rglob("*.md")
        return 1 + sum(text.stat().st_size for text in texts if text.is_file())


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What a build left about itself."""

    inputs: dict[str, str]
    """As Files.inputs."""
    listings: dict[str, str]
    """As Files.listings."""
    fonts: dict[str, str]
    """Path of an installed font -> its SHA-256 in hex."""
    report: dict[str, Any]
    """See BuildReport.as_dict."""
    manifest: str = MISSING
    """SHA-256 of build/<name>.json in hex: a build of one format writes another."""
    pages: str = MISSING
    """Hash of what was kept of the last PDF, when an EPUB was built alone."""


def _was_used(store: Store) -> bool:
    """Tell whether any build has left something about itself."""
    return (store.folder / _KIND).is_dir()


def unchanged(order: Order, memo: str = "") -> BuildReport | None:
    """Return the report of the last build if a new one would make the same.

    `memo` is the one that was built alone.
    """
    store = order.store
    record = kept_record(order, store, memo) if _was_used(store) else None
    if record is None:
        return None
    report = BuildReport.from_dict(record.report).below(order.root / BUILD)
    files = Files(order.root.resolve(), trust=order.trust, sizes=ANY_SIZE)
    same = (
        _digest(_manifest(report)) == record.manifest
        and all(_digest(output.path) == output.sha256 for output in report.outputs)
        and record.pages == _pages_digest(order, store, memo)
        and is_as_it_was(files, record.inputs, record.listings, record.fonts)
    )
    if not same:
        return None
    # The build that made it may have been killed when all was done but this.
    sweep(order.root / BUILD)
    store.sweep()
    return report.repeated()


def is_as_it_was(
    files: Files,
    inputs: Mapping[str, str],
    listings: Mapping[str, str],
    fonts: Mapping[str, str],
) -> bool:
    """Tell whether a project and the fonts are as they are recorded; see Record."""
    return (
        all(_input(files, path) == digest for path, digest in inputs.items())
        and all(files.listing_digest(key) == d for key, d in listings.items())
        and all(_digest(Path(path)) == d for path, d in fonts.items())
    )


def kept_record(order: Order, store: Store, memo: str = "") -> Record | None:
    """Return what the last build left about itself."""
    kept = store.load(_KIND, _key(order, memo), _SUFFIX)
    return None if kept is None else Record(**json.loads(kept))


def keep_record(order: Order, store: Store, record: Record, memo: str = "") -> None:
    """Keep what a build left about itself."""
    facts = {name: getattr(record, name) for name in record.__slots__}
    report = BuildReport.from_dict(record.report).below(order.root / BUILD)
    facts["manifest"] = _digest(_manifest(report))
    facts["pages"] = _pages_digest(order, store, memo)
    data = json.dumps(facts, sort_keys=True).encode()
    store.keep(_KIND, _key(order, memo), _SUFFIX, data)


def keep_pages(order: Order, store: Store, data: bytes, memo: str = "") -> None:
    """Keep what is to be known of the last PDF of a project, or of a memo alone."""
    store.keep(_PAGES, _pages_key(order, memo), _SUFFIX, data)


def kept_pages(order: Order, store: Store, memo: str = "") -> bytes | None:
    """Return what was kept of it."""
    return store.load(_PAGES, _pages_key(order, memo), _SUFFIX)


def _pages_key(order: Order, memo: str) -> str:
    # Whatever was named for it: LastPdf tells whether it is still true.
    return _key(replace(order, formats=(_PAGES,), profiles=()), memo)


_CENSUS = "census"
"""The kind of what is kept of what a build held; see census.py."""
_CENSUS_FORMAT = "2"
"""Raise it when a census is written in another way."""


def keep_census(order: Order, store: Store, data: bytes, memo: str) -> None:
    """Keep what a book or a memo alone held, for the next build to compare."""
    store.keep(_CENSUS, _census_key(order, memo), _SUFFIX, data)


def kept_census(order: Order, store: Store, memo: str = "") -> bytes | None:
    """Return what was kept of it by the last build of whatever format."""
    return store.load(_CENSUS, _census_key(order, memo), _SUFFIX)


def _census_key(order: Order, memo: str) -> str:
    root, profiles = str(order.root.resolve()), ",".join(order.profiles)
    return key_of(_CENSUS_FORMAT, root, profiles, memo)


def _pages_digest(order: Order, store: Store, memo: str) -> str:
    """Return a hash of what an EPUB that is built alone knows of the last PDF."""
    data = None if "pdf" in order.formats else kept_pages(order, store, memo)
    return MISSING if data is None else hashlib.sha256(data).hexdigest()


def _manifest(report: BuildReport) -> Path:
    return report.outputs[0].path.with_suffix(".json")


def _key(order: Order, memo: str) -> str:
    house = house_of(order.root, order.trust)
    shared = repr(house.mounts) if house and house.mounts else ""
    asked = (",".join(order.formats), ",".join(order.profiles), shared, memo)
    root, epoch = str(order.root.resolve()), str(order.epoch)
    return key_of(root, *asked, epoch, *versions_of(PACKAGES))


@cache
def versions_of(packages: tuple[str, ...]) -> tuple[str, ...]:
    """Return packages with their versions, for a key of what depends on them."""
    return tuple(f"{name} {_version(name)}" for name in packages)


def _version(name: str) -> str:
    # Not above: the first build of a project starts its workers before it needs this.
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(name)
    except PackageNotFoundError:
        return MISSING


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return MISSING


def _input(files: Files, path: str) -> str:
    try:
        files.read(path)
    except OSError:
        return MISSING
    return files.inputs[path]
