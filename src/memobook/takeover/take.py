"""Take over a book: `memobook new DIR --from PATH`, told from its beginning to its end.

What goes in: a book as another program has it, and the folder of the new one. What
comes out: a project that builds, and a list of all that is not as it was. The old book
is only read.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from memobook.book.outline import slug
from memobook.book.prose import prose
from memobook.checks.mends import mended
from memobook.design.fonts import characters_of
from memobook.design.theme import load_theme
from memobook.diagnostics import Diagnostic, Reporter
from memobook.looking import check
from memobook.project.config import MANUSCRIPT, load, split_block
from memobook.project.files import Files
from memobook.project.yamlblock import read_yaml
from memobook.takeover.counts import counted
from memobook.takeover.dialect import Dialect, translated
from memobook.takeover.found import WORD, Chapter, FoundBook, find_book
from memobook.takeover.home import is_within
from memobook.takeover.losses import Ledger
from memobook.takeover.repairs import repaired, without_references
from memobook.takeover.signs import spelt
from memobook.takeover.site import Site, find_site
from memobook.takeover.word import read_word

__all__ = ["LEDGER", "Taken", "take_over"]

LEDGER = "taken-over.txt"
"""The list of what was changed and lost, in the new project's folder."""

_ROUNDS = 8


@dataclass(frozen=True, slots=True)
class Taken:
    """What a takeover made."""

    kind: str
    chapters: int
    before: Counter[str]
    after: Counter[str]
    changed: int
    lost: int
    left: tuple[Diagnostic, ...]
    """What is still wrong in the new book."""


def take_over(source: Path, folder: Path, title: str = "") -> Taken:
    """Make a project of a book. Raises FileNotFoundError if there is none at a path.

    Raises FileExistsError for a file that is in the way, before anything is written,
    and MachineError if Word files cannot be read.
    """
    found = find_book(source.resolve())
    if (folder / MANUSCRIPT).exists():
        raise FileExistsError(folder / MANUSCRIPT)
    work = _Work(found, folder.resolve(), Ledger())
    for name in found.missing:
        work.ledger.lost(
            "the list of chapters", 0, f"{name}: no such file, or no text yet"
        )
    work.find_running_title()
    work.find_site()
    memos = [work.take(chapter) for chapter in found.chapters]
    work.settings(memos, title)
    work.spell_symbols(memos)
    left = work.mend()
    (folder / LEDGER).write_text(work.ledger.text(), "utf-8")
    (folder / ".gitignore").write_text("build/\n", "utf-8")
    changed, lost = work.ledger.counts()
    texts = [(folder / MANUSCRIPT / memo).read_text("utf-8") for memo in memos]
    return Taken(
        found.kind, len(memos), counted(work.old), counted(texts), changed, lost, left
    )


# What points to a file: a link, a picture, a definition, an attribute?
_TARGET = re.compile(
    r"(\]\(\s*<?|^ {0,3}\[[^\]\n]+\]:\s*<?|\b(?:src|href)=[\"'])([^)\s>\"']+)",
    re.MULTILINE,
)
_PICTURE = re.compile(r"\.(?:png|jpe?g|gif|svg|webp|avif|bmp|tiff?)$", re.IGNORECASE)


@dataclass(slots=True)
class _Work:
    """One takeover."""

    found: FoundBook
    folder: Path
    ledger: Ledger
    old: list[str] = field(default_factory=list)
    """The chapters' texts as they were."""
    warn: set[str] = field(default_factory=set)
    running: str = ""
    """The line of a title that is every chapter's, as it is the book's."""
    site: Site = field(default_factory=lambda: Site(Path()))
    _names: dict[Path, str] = field(default_factory=dict)

    def find_running_title(self) -> None:
        """Find a title that most chapters begin with: it is the book's."""
        texts = (c.path for c in self.found.chapters if c.path.suffix != WORD)
        firsts = Counter(_first_line(path) for path in texts)
        del firsts[""]
        for line, count in firsts.most_common(1):
            if count > 1 and count * 2 > len(self.found.chapters):
                self.running = line

    def find_site(self) -> None:
        """Find the site of the pages beside the book that it links to."""
        pointers = [
            (chapter.path.parent.resolve(), pointer[2])
            for chapter in self.found.chapters
            if chapter.path.suffix != WORD
            for pointer in _TARGET.finditer(self._text(chapter, ""))
        ]
        self.site = find_site(self.found.root.resolve(), pointers)

    def take(self, chapter: Chapter) -> str:
        """Write a chapter as a memo; return its path in manuscript/."""
        name = self._name(chapter.path)
        text = self._text(chapter, name)
        self.old.append(text)
        here = chapter.path
        said = self._old_name(here)
        block, skip = split_block(text)
        body = "\n".join(text.split("\n")[skip:])
        if self.running and body.lstrip().startswith(f"{self.running}\n"):
            self.ledger.changed(said, skip + 1, f"{self.running} is the book's title")
            body = body.replace(self.running, "", 1)
        gap = "\n" * skip  # so that lines keep their numbers in the list
        body = translated(
            gap + body, Dialect(said, here.parent, self.ledger, self.found.home)
        )
        mends = mended(body)
        if mends != body:
            self.ledger.changed(said, 0, "lists, breaks or spaces were mended")
        text = _TARGET.sub(lambda m: m[1] + self._target(m[2], here, name), mends)
        head = self._head(block, said, text, chapter)
        self._write(name, f"{head}{text.lstrip(chr(10))}".encode())
        return name

    def _text(self, chapter: Chapter, name: str) -> str:
        path = chapter.path
        if path.suffix == WORD:
            text, pictures = read_word(path)
            for picture, data in pictures.items():
                self._write(posixpath.join(posixpath.dirname(name), picture), data)
            return text
        read = path.read_bytes().decode("utf-8-sig", "replace")
        return read.replace("\r\n", "\n").replace("\r", "\n")

    # Names

    def _old_name(self, path: Path) -> str:
        try:
            return path.resolve().relative_to(self.found.root.resolve()).as_posix()
        except ValueError:
            return path.name

    def _name(self, path: Path) -> str:
        """Return a chapter's path in manuscript/, if it can be the old one."""
        path = path.resolve()
        if path not in self._names:
            stem = re.sub(r"\.\w+$", "", self._old_name(path))
            name = f"{stem}.md"
            while name in self._names.values():
                name = f"{name.removesuffix('.md')}-2.md"
            self._names[path] = name
        return self._names[path]

    def _target(self, target: str, chapter: Path, name: str) -> str:
        """Return where a link or picture leads in the new book; files come along."""
        # GitHub puts this before every name of the author's.
        target = target.replace("#user-content-", "#")
        if re.match(r"[a-z][a-z0-9+.-]+:|//|#", target, re.IGNORECASE):
            return target
        file, sign, fragment = target.partition("#")
        file = unquote(file.rstrip("/") if file.endswith(".md/") else file)
        base = self.found.root if file.startswith("/") else chapter.parent
        path = (base / file.lstrip("/")).resolve()
        folder = posixpath.dirname(name)
        for each in (
            path,
            *(path.with_suffix(s) for s in (".md", ".qmd", ".markdown")),
        ):
            if each in {c.path.resolve() for c in self.found.chapters}:
                return (
                    posixpath.relpath(self._name(each), folder or ".") + sign + fragment
                )
        if not _PICTURE.search(file) or not is_within(path, self.found.home):
            return self._outside(target, chapter)
        try:
            kept = path.relative_to(self.found.root.resolve()).as_posix()
        except ValueError:
            kept = f"images/{path.name}"
        self._write(kept, path.read_bytes())
        return posixpath.relpath(kept, folder or ".").replace(" ", "%20")

    def _outside(self, target: str, chapter: Path) -> str:
        """Return the address of a page beside the book, or the target as it is."""
        url = self.site.url(target, chapter.parent.resolve())
        if url and self.site.address:
            self.ledger.changed(self._old_name(chapter), 0, f"{target} is {url}")
            return url
        return target

    def _write(self, name: str, data: bytes) -> None:
        path = self.folder / MANUSCRIPT / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    # What is said of a chapter and of the book

    def _head(self, block: str, said: str, text: str, chapter: Chapter) -> str:
        """Return a memo's block: what its old one said, and a title if it has none."""
        located = (
            read_yaml(block, said, 2, Reporter(), allows_tags=True) if block else None
        )
        data = located.data if located else {}
        kept: dict[str, object] = {}
        for key, value in data.items():
            new = {"author": "authors", "lang": "language"}.get(key, key)
            if new == "authors":
                kept[new] = [
                    str(v.get("name", v) if isinstance(v, dict) else v)
                    for v in (value if isinstance(value, list) else [value])
                ]
            elif new in {"title", "subtitle", "abstract", "language"} and value:
                kept[new] = " ".join(str(value).split())
            else:
                self.ledger.lost(said, 1, f"{key}: {value}"[:100])
        plain = prose(text)
        heading = next(
            (m for line in plain if (m := re.match(r"#+\s+(\S.*)", line))), None
        )
        has_title = heading is not None and heading[0].startswith("# ")
        if "title" not in kept and not has_title:
            kept["title"] = (
                chapter.title or chapter.path.stem.replace("-", " ").capitalize()
            )
            self.ledger.changed(said, 1, f"its title is {kept['title']}")
        if not kept:
            return ""
        # JSON is YAML, and needs no thought about colons.
        lines = (f"{k}: {json.dumps(v, ensure_ascii=False)}\n" for k, v in kept.items())
        return f"---\n{''.join(lines)}---\n\n"

    def settings(self, memos: list[str], title: str) -> None:
        """Write book.toml."""
        found = self.found
        running = self.running.lstrip("# ").strip()
        name = (
            title
            or found.title
            or running
            or self.folder.name.replace("-", " ").title()
        )
        facts = {"title": name, "language": found.language or _language(self.old)}
        facts |= {"subtitle": found.subtitle, "description": found.description}
        lines = [f"{k} = {_toml(v)}" for k, v in facts.items() if v]
        if not slug(name):
            lines.append(f"name = {_toml(slug(self.folder.name) or 'book')}")
        if found.authors:
            people = ", ".join(f"{{ name = {_toml(a)} }}" for a in found.authors)
            lines.append(f"contributors = [{people}]")
        listed = "".join(f"    {_toml(memo)},\n" for memo in memos)
        text = "[book]\n{}\n\n[contents]\nmemos = [\n{}]\n".format(
            "\n".join(lines), listed
        )
        if self.warn:
            codes = ", ".join(_toml(code) for code in sorted(self.warn))
            text += f"\n[check]\nwarn = [{codes}]\n"
        self._settings = (memos, title)
        self._write("book.toml", text.encode())

    _settings: tuple[list[str], str] = ([], "")

    def spell_symbols(self, memos: list[str]) -> None:
        """Write signs that no font of the book has in another way."""
        files, reporter = Files(self.folder), Reporter()
        project = load(files, reporter)
        if project is None:
            return
        faces = load_theme(project, files, reporter, self.old).faces
        known = frozenset[str]().union(*(characters_of([face]) for face in faces))
        for memo in memos:
            path = self.folder / MANUSCRIPT / memo
            lines = path.read_text("utf-8").split("\n")
            for number, line in enumerate(lines, start=1):
                for sign in sorted(set(line) - known):
                    if other := spelt(sign, known):
                        line = line.replace(sign, other)
                        what = f"{sign} is {other}, as no font has it"
                        self.ledger.changed(f"{MANUSCRIPT}/{memo}", number, what)
                lines[number - 1] = line
            path.write_text("\n".join(lines), "utf-8")

    # What the reading of the new book finds

    def mend(self) -> tuple[Diagnostic, ...]:
        """Mend what is wrong in the new book until nothing more can be mended."""
        for _ in range(_ROUNDS):
            found = [d for d in check(self.folder) if d.is_error]
            if not found or not self._round(found):
                break
        return tuple(d for d in check(self.folder) if d.is_error)

    def _round(self, found: list[Diagnostic]) -> bool:
        tolerated = {d.code.value for d in found} & _TOLERATED
        if tolerated - self.warn:
            self.warn |= tolerated
            self.settings(*self._settings)
        count = 0
        for path in {d.span.path for d in found}:
            count += self._mend_file(path, [d for d in found if d.span.path == path])
        return bool(count or tolerated)

    def _mend_file(self, path: str, found: list[Diagnostic]) -> int:
        file = self.folder / path
        if not file.is_file() or file.suffix != ".md":
            return 0
        lines = file.read_text("utf-8").split("\n")
        count = 0
        names: list[str] = []
        # From the end on, so that places before stay true.
        for each in sorted(found, key=lambda d: d.span, reverse=True):
            index = each.span.line - 1
            made = repaired(lines[index], each) if 0 <= index < len(lines) else None
            if made is None:
                continue
            lines[index] = made.line
            names += [made.name] if made.name else []
            note = self.ledger.lost if made.is_lost else self.ledger.changed
            note(path, each.span.line, made.what)
            count += 1
        text = "\n".join(lines)
        for name in names:
            text = without_references(text, name)
        file.write_text(text, "utf-8")
        return count


def _first_line(path: Path) -> str:
    """Return a chapter's first line, if it is a title."""
    text = path.read_text("utf-8-sig", "replace").lstrip()
    line = text.partition("\n")[0].rstrip()
    return line if line.startswith("# ") else ""


_TOLERATED = frozenset(["image-without-alt", "paragraph-cut", "list-flattened"])
"""Faults of a book that is taken over that are its author's to mend, later."""


_SCRIPTS = (
    ("zh", re.compile("[\u4e00-\u9fff]")),
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("ko", re.compile("[\uac00-\ud7af]")),
    ("ru", re.compile("[\u0400-\u04ff]")),
    ("hi", re.compile("[\u0900-\u097f]")),
    ("ar", re.compile("[\u0600-\u06ff]")),
    ("el", re.compile("[\u0370-\u03ff]")),
)


def _language(texts: list[str]) -> str:
    """Guess a language by its script; a book seldom says it."""
    whole = "".join(texts)
    letters = sum(map(str.isalpha, whole)) or 1
    counts = {tag: len(pattern.findall(whole)) for tag, pattern in _SCRIPTS}
    if counts["ja"] * 5 > counts["zh"]:
        counts["zh"] = 0
    tag = max(counts, key=lambda t: counts[t])
    return tag if counts[tag] * 5 > letters else "en"


def _toml(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
