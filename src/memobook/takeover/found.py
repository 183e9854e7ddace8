"""Tell what kind of book stands at a path, and read the order of its chapters.

What goes in: a path to an mdBook, a Quarto book, a pandoc file list, a folder of
Markdown or Word files. What comes out: what the book says of itself and its chapters
in order. No chapter is read yet.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from memobook.diagnostics import Reporter
from memobook.project.located import read_own_toml
from memobook.project.yamlblock import read_yaml
from memobook.takeover.home import home_of, is_within

__all__ = ["Chapter", "FoundBook", "find_book"]

WORD = ".docx"
_TEXTS = (".md", ".markdown", ".qmd", WORD)


@dataclass(frozen=True, slots=True)
class Chapter:
    """A file that becomes a memo."""

    path: Path
    title: str = ""
    """As the book's list of chapters says it; empty if the file says it itself."""


@dataclass(frozen=True, slots=True)
class FoundBook:
    """A book as another program has it."""

    kind: str
    """mdBook, Quarto book, pandoc file list, folder of Markdown, Word files."""
    root: Path
    """Where its paths begin."""
    chapters: tuple[Chapter, ...]
    title: str = ""
    subtitle: str = ""
    description: str = ""
    language: str = ""
    authors: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    """What the list of chapters names and is not there, or has no text yet."""
    home: Path = Path()
    """The folder that nothing of it may lie outside of."""


def find_book(path: Path) -> FoundBook:
    """Return the book at a path. Raises FileNotFoundError if there is none.

    A chapter that lies elsewhere, by its name or behind a link, is a missing one.
    """
    found, home = _found(path), home_of(path)
    own = tuple(c for c in found.chapters if is_within(c.path, home))
    strange = tuple(c.title or c.path.name for c in found.chapters if c not in own)
    if strange and not own:
        raise FileNotFoundError(path)
    missing = (*found.missing, *strange)
    return replace(found, chapters=own, missing=missing, home=home)


def _found(path: Path) -> FoundBook:
    if path.is_file():
        return _of_file(path)
    for source in (path / "src", path):
        if (source / "SUMMARY.md").is_file():
            return _mdbook(path, source)
    for name in ("_quarto.yml", "_quarto.yaml"):
        if (path / name).is_file():
            return _quarto(path, _yaml(path / name))
    found = _folder(path)
    if not found.chapters:
        raise FileNotFoundError(path)
    return found


def _of_file(path: Path) -> FoundBook:
    if path.suffix in {".yaml", ".yml"}:
        return _pandoc(path, _yaml(path))
    if path.suffix in {".txt", ".list", ""}:
        names = path.read_text("utf-8").split("\n")
        listed = [n.strip() for n in names if n.strip() and not n.startswith("#")]
        return _listed("pandoc file list", path.parent, ((n, "") for n in listed))
    if path.suffix not in _TEXTS:
        raise FileNotFoundError(path)
    kind = "Word file" if path.suffix == WORD else "Markdown file"
    return FoundBook(kind, path.parent, (Chapter(path),))


# mdBook, and GitBook, which had SUMMARY.md first

_ENTRY = re.compile(r"^\s*(?:[-*+]\s+)?\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^)]*)\)\s*$")


def _mdbook(root: Path, source: Path) -> FoundBook:
    facts: dict[str, Any] = {}
    if (root / "book.toml").is_file():
        facts = read_own_toml((root / "book.toml").read_text("utf-8")).get("book", {})
    if isinstance(facts.get("src"), str) and (root / facts["src"]).is_dir():
        source = root / facts["src"]
    lines = (source / "SUMMARY.md").read_text("utf-8-sig").split("\n")
    entries = (entry for line in lines if (entry := _ENTRY.match(line)))
    listed = ((e[2].partition("#")[0].strip("<> "), _plain(e[1])) for e in entries)
    found = _listed("mdBook", source, listed)
    authors = facts.get("authors", ())
    return FoundBook(
        "mdBook", source, found.chapters, str(facts.get("title", "")), "",
        str(facts.get("description", "")), str(facts.get("language", "")),
        tuple(map(str, authors)) if isinstance(authors, list) else (), found.missing,
    )  # fmt: skip


def _plain(title: str) -> str:
    return re.sub(r"[`*]|\\(?=[^\w\s])", "", title).strip()


def _listed(kind: str, root: Path, entries: Iterable[tuple[str, str]]) -> FoundBook:
    chapters: dict[Path, Chapter] = {}
    missing: list[str] = []
    for name, title in entries:
        path = root / name if name else None
        if path is not None and path.is_file() and path.suffix in _TEXTS:
            chapters.setdefault(path.resolve(), Chapter(path, title))
        elif not re.match("https?:", name):
            missing.append(title or name)
    return FoundBook(kind, root, tuple(chapters.values()), missing=tuple(missing))


# Quarto and pandoc


def _yaml(path: Path) -> dict[str, Any]:
    text = path.read_text("utf-8-sig")
    located = read_yaml(text, path.name, 1, Reporter(), allows_tags=True)
    return located.data if located else {}


def _quarto(root: Path, facts: dict[str, Any]) -> FoundBook:
    book = facts.get("book")
    book = book if isinstance(book, dict) else {}
    names = [*_files(book.get("chapters")), *_files(book.get("appendices"))]
    found = _listed("Quarto book", root, ((name, "") for name in names))
    return FoundBook(
        "Quarto book", root, found.chapters, str(book.get("title", "")),
        str(book.get("subtitle", "")), str(book.get("description", "")),
        str(facts.get("lang", "")), _names(book.get("author")), found.missing,
    )  # fmt: skip


def _files(value: object) -> Iterator[str]:
    """Yield the files of a list of chapters, those of its parts included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from _files(each)
    elif isinstance(value, dict):
        for key in ("part", "file", "href", "chapters"):
            inner = value.get(key)
            if key != "part" or str(inner).endswith(_TEXTS):
                yield from _files(inner)


def _names(value: object) -> tuple[str, ...]:
    if isinstance(value, list):
        return tuple(name for each in value for name in _names(each))
    if isinstance(value, dict):
        return _names(value.get("name"))
    return (str(value),) if value else ()


def _pandoc(path: Path, facts: dict[str, Any]) -> FoundBook:
    names = facts.get("input-files") or facts.get("input-file") or []
    listed = [names] if isinstance(names, str) else list(names)
    found = _listed("pandoc file list", path.parent, ((str(n), "") for n in listed))
    said = facts.get("metadata")
    said = said if isinstance(said, dict) else {}
    return FoundBook(
        "pandoc file list", path.parent, found.chapters, str(said.get("title", "")),
        str(said.get("subtitle", "")), "", str(said.get("lang", "")),
        _names(said.get("author")), found.missing,
    )  # fmt: skip


# A folder

_FIRST = ("readme", "index", "cover", "foreword", "preface", "introduction", "intro")
_LAST = ("appendix", "ap", "glossary", "acknowledgements", "afterword")
_NO_CHAPTER = frozenset(
    "readme contributing license changelog code_of_conduct summary security"
    " pull_request_template issue_template".split()
)
_LINK = re.compile(r"\]\(<?(?!https?:)([^)\s>#]+\.(?:md|markdown))/?(?:#[^)\s>]*)?>?\)")


def _folder(path: Path) -> FoundBook:
    """Read a plain folder: in the order of its README's links, else of its names."""
    there = sorted(
        (p for p in path.rglob("*") if p.suffix in _TEXTS and _is_open(p, path)),
        key=lambda p: _order(p.relative_to(path)),
    )
    chapters = [p for p in there if p.stem.lower() not in _NO_CHAPTER]
    readme = next(
        (p for p in (path / "README.md", path / "readme.md") if p.is_file()), None
    )
    linked: list[Path] = []
    if readme:
        names = _LINK.findall(readme.read_text("utf-8-sig", "replace"))
        found = dict.fromkeys((path / name).resolve() for name in names)
        linked = [p for p in found if p in {c.resolve() for c in chapters}]
    if len(linked) > 1:
        rest = [c for c in chapters if c.resolve() not in linked]
        # What the list does not name is no chapter, if the list names most of them.
        chapters = [*linked, *([] if len(linked) > len(rest) else rest)]
    is_word = chapters and all(c.suffix == WORD for c in chapters)
    kind = "folder of Word files" if is_word else "folder of Markdown"
    return FoundBook(kind, path, tuple(map(Chapter, chapters)))


def _is_open(path: Path, root: Path) -> bool:
    parts = path.relative_to(root).parts
    return path.is_file() and not any(p.startswith((".", "~$", "_")) for p in parts)


def _order(path: Path) -> tuple[Any, ...]:
    """Return what sorts ch2 before ch10, forewords first and appendices last."""
    name = path.stem.lower()
    rank = 0 if name.startswith(_FIRST) else 1
    if re.match(rf"(?:{'|'.join(_LAST)})(?![a-z]{{3}})", name):
        rank = 2
    pieces = re.split(r"(\d+)", path.as_posix().lower())
    return (
        len(path.parts) > 1,
        rank,
        [(int(p), "") if p.isdigit() else (0, p) for p in pieces],
    )
