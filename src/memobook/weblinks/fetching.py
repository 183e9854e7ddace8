"""The story of `memobook fetch`: save once what the memos name and the web has.

What goes in: a project. What comes out: pictures in manuscript/images/, their addresses
with date and SHA-256 in manuscript/fetched.lock, and a finding for each that could not
be had. A build asks nobody: it takes the file that is recorded.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import unquote, urlsplit

from memobook.aside import write_aside
from memobook.book.references import remote_pictures
from memobook.checks.pictures import SUFFIXES, media_type
from memobook.diagnostics import (
    Code,
    Diagnostic,
    MemobookError,
    Reporter,
    Span,
    UsageError,
)
from memobook.fresh import FORMATS, store_of
from memobook.manuscript import Manuscript
from memobook.project.config import MANUSCRIPT
from memobook.project.fetched import FETCHED_FILE, Fetched, fetched_text, read_lock
from memobook.project.files import Files
from memobook.project.trust import UNTRUSTED
from memobook.reading import read
from memobook.weblinks.download import DownloadError, Terms, download
from memobook.workers import Workers

__all__ = ["Saved", "Wishes", "fetch"]

_IMAGES = f"{MANUSCRIPT}/images"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """How it is to be fetched."""

    again: bool = False
    """Also what was fetched before."""
    may_be_private: bool = False
    """Also from machines of the own network."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of the addresses."""

    files: dict[str, Fetched]
    """What is new, by address."""
    known: int
    """How many were there before."""
    diagnostics: tuple[Diagnostic, ...]


def fetch(
    root: Path,
    wishes: Wishes,
    progress: Callable[[str], None] = lambda _: None,
) -> Saved:
    """Save what the memos of a project name. Raises UsageError and OSError."""
    reporter = Reporter()
    try:
        text = _read(root, reporter)
    except MemobookError as error:
        return Saved({}, 0, error.diagnostics)
    files = text.files
    _check_folder(files)
    found = Reporter()
    recorded = read_lock(files, Reporter())
    wanted = dict(_wanted(text))
    new: dict[str, Fetched] = {}
    for url, span in wanted.items():
        if wishes.again or not _is_there(files, recorded.get(url)):
            progress(url)
            if saved := _saved(url, span, files, wishes, found):
                new[url] = saved
    if new:
        lock = fetched_text({**recorded, **new}).encode()
        write_aside(files.root / FETCHED_FILE, lock, 0o644)
    known = len(wanted) - len(new) - len(found.diagnostics)
    return Saved(new, known, found.diagnostics)


def _read(root: Path, reporter: Reporter) -> Manuscript:
    store = replace(store_of(root, None), is_writable=False)
    with Workers(1, lay_out=False) as workers:
        source = (root, None, store, workers, reporter)
        return read(*source, outputs=FORMATS, trust=UNTRUSTED)


def _wanted(text: Manuscript) -> Iterator[tuple[str, Span]]:
    """Yield each address with the first place that names it."""
    seen: set[str] = set()
    for book in text.gathered.values():
        for memo in book.memos:
            for url, span in remote_pictures(memo):
                if url not in seen:
                    seen.add(url)
                    yield url, span


def _check_folder(files: Files) -> None:
    """Look that a link in the place of the folder leads nowhere else."""
    folder = files.root / _IMAGES
    if os.path.realpath(folder) != str(folder):
        message = f"{_IMAGES} is a link, and leads elsewhere"
        raise UsageError(message, f"put a folder in its place: rm {_IMAGES}")


def _is_there(files: Files, known: Fetched | None) -> bool:
    if known is None:
        return False
    try:
        return hashlib.sha256(files.read(known.file)).hexdigest() == known.sha256
    except OSError:
        return False


def _saved(
    url: str, span: Span, files: Files, wishes: Wishes, reporter: Reporter
) -> Fetched | None:
    terms = Terms(size=files.sizes.file, may_be_private=wishes.may_be_private)
    try:
        data = download(url, terms)
        kind = media_type(data)
        if kind is None:
            message = "what the server sends is no picture that memobook knows"
            raise DownloadError(message)
    except DownloadError as error:
        message = f"the picture {url} cannot be fetched: {error}"
        hint = "save it in manuscript/images/ yourself and name it by its path"
        if "own network" in message:
            hint = "if that is meant, type: memobook fetch --private"
        reporter.error(Code.RESOURCE_REMOTE, span, message, hint)
        return None
    path = f"{_IMAGES}/{_name(url)}.{SUFFIXES[kind]}"
    target = files.root / path
    target.parent.mkdir(parents=True, exist_ok=True)
    write_aside(target, data, 0o644)
    today = dt.datetime.now(dt.UTC).date()
    return Fetched(path, hashlib.sha256(data).hexdigest(), today)


def _name(url: str) -> str:
    """Return a file's name that says what it is and is no other address's."""
    stem = unquote(urlsplit(url).path).rpartition("/")[2].partition(".")[0]
    plain = re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-")[:_LONGEST]
    known = hashlib.sha256(url.encode()).hexdigest()[:_KNOWN_BY]
    return "-".join(filter(None, (plain, known)))


_LONGEST, _KNOWN_BY = 40, 8
"""Characters of a name, and of the hash behind it."""
