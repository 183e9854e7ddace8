"""Read the registry of links, manuscript/links.toml, as strictly as book.toml.

What goes in: the project's files. What comes out: the registry, with what that of its
shelf says, empty where there is none, and a diagnostic with its place for everything
that is wrong in it.
"""

from __future__ import annotations

from dataclasses import replace

from memobook.diagnostics import Reporter
from memobook.project.config import validated
from memobook.project.files import Files
from memobook.project.house import SHARED_LINKS
from memobook.project.links_schema import REGISTRY_FILE, LinksFile, Registry
from memobook.project.located import read_toml

__all__ = ["read_registry"]


def read_registry(files: Files, reporter: Reporter) -> Registry:
    """Return a project's registry: an input of a build, also where it is missing."""
    own = _read(files, REGISTRY_FILE, reporter)
    if SHARED_LINKS not in files.shared:
        return own
    shared = _read(files, SHARED_LINKS, reporter)
    return replace(own, shared=shared.entries, shared_text=shared.text)


def _read(files: Files, path: str, reporter: Reporter) -> Registry:
    if not files.has(path, reporter):
        return Registry()
    text = files.text(path, reporter)
    located = None if text is None else read_toml(text, path, reporter)
    found = validated(LinksFile, located, reporter) if located else None
    return Registry(found.root, located) if found else Registry()
