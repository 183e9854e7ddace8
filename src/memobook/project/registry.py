"""Read the registry of links, manuscript/links.toml, as strictly as book.toml.

What goes in: the project's files. What comes out: the registry, empty where there is
none, and a diagnostic with its place for everything that is wrong in it.
"""

from __future__ import annotations

from memobook.diagnostics import Reporter
from memobook.project.config import validated
from memobook.project.files import Files
from memobook.project.links_schema import REGISTRY_FILE, LinksFile, Registry
from memobook.project.located import read_toml

__all__ = ["read_registry"]


def read_registry(files: Files, reporter: Reporter) -> Registry:
    """Return a project's registry: an input of a build, also where it is missing."""
    if not files.exists(REGISTRY_FILE):
        return Registry()
    text = files.text(REGISTRY_FILE, reporter)
    located = None if text is None else read_toml(text, REGISTRY_FILE, reporter)
    found = validated(LinksFile, located, reporter) if located else None
    return Registry(found.root, located) if found else Registry()
