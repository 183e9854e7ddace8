"""Read a project: its settings, its memos, its theme, and what is wrong in them.

What goes in: a project folder. What comes out: a checked book, before its notes are
numbered for an output.
"""

from __future__ import annotations

import os
import posixpath
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path

from memobook.book.conditions import OUTPUTS
from memobook.book.critic import Mode
from memobook.book.model import Source
from memobook.book.reuse import Reuse, expand
from memobook.diagnostics import Code, MemobookError, Reporter, Span
from memobook.intake import Imprint, begin
from memobook.manuscript import Manuscript, Meanwhile, Taken
from memobook.project.config import (
    BOOK_FILE,
    MANUSCRIPT,
    Project,
    load,
    report_unlisted,
)
from memobook.project.files import Files, RefusedError
from memobook.project.house import house_of
from memobook.project.shelf import check_house
from memobook.project.trust import TRUSTED, Trust
from memobook.store import Store
from memobook.workers import Workers, postponed

__all__ = ["expanded", "read"]


_NOTHING = Meanwhile()


def read(
    root: Path,
    epoch: int | None,
    store: Store,
    workers: Workers,
    reporter: Reporter,
    meanwhile: Meanwhile = _NOTHING,
    profiles: tuple[str, ...] = (),
    outputs: tuple[str, ...] = OUTPUTS,
    trust: Trust = TRUSTED,
) -> Manuscript:
    """Return the manuscript; `meanwhile` is done while the workers read its texts."""
    files = Files(root.resolve(), trust=trust)
    project = _loaded(root, files, profiles, reporter)
    sources = _sources(project, files, reporter)
    imprint = _imprint(project)
    texts, asking = expanded(project, sources, files, outputs, reporter)
    begun = begin({o: t.values() for o, t in texts.items()}, imprint, store, workers)
    meanwhile.begun()
    # Not above: the workers are not to wait for all that this loads.
    with postponed():
        from memobook.composing import compose

    taken = Taken(project, files, sources, texts, asking, begun)
    return compose(taken, epoch, reporter, meanwhile.nearly)


def _imprint(project: Project) -> Imprint:
    table, limits = project.settings.book, project.settings.limits
    return Imprint(
        table.imprint, table.epigraph, project.located, table.language, limits
    )


def _loaded(
    root: Path, files: Files, profiles: tuple[str, ...], reporter: Reporter
) -> Project:
    """Return the project in a folder. Raises MemobookError if there is none."""
    if not files.has(BOOK_FILE, reporter) and not reporter.has_errors:
        hint = "run memobook in a project's folder, or make one: memobook new my-book"
        message = f"there is no {BOOK_FILE} in {root}"
        reporter.error(Code.PROJECT_NOT_FOUND, Span(str(root)), message, hint)
    if house := house_of(files.root, files.trust):
        seen = Path(os.path.relpath(house.file, files.root)).as_posix()
        check_house(house, seen, reporter)
    reporter.stop_on_errors()
    project = load(files, reporter, profiles)
    if project is None:
        raise MemobookError(reporter.diagnostics)
    return project


def _sources(project: Project, files: Files, reporter: Reporter) -> dict[str, str]:
    """Return the memos' texts by their paths, as they stand in their files."""
    paths = (item.path for item in project.memos if item.path)
    texts = ((path, files.text(path, reporter)) for path in paths)
    return {path: text for path, text in texts if text is not None}


_Texts = Mapping[str, Source]


def expanded(
    project: Project,
    sources: Mapping[str, str],
    files: Files,
    outputs: tuple[str, ...],
    reporter: Reporter,
) -> tuple[dict[str, _Texts], frozenset[str]]:
    """Return the texts for every output, with all that they take from elsewhere.

    They are the same object where no text asks for the output. Also returns the paths
    of those that do, whichever outputs are wanted.
    """
    found: dict[str, _Texts] = {}
    included: set[str] = set()
    asking: set[str] = set()
    for output in outputs:
        reuse = _reuse(project, output, files)
        made = {p: expand(p, text, reuse, reporter) for p, text in sources.items()}
        for each in made.values():
            included |= each.included
        found[output] = {path: each.source for path, each in made.items()}
        asking |= {path for path, each in made.items() if each.has_output}
        if not asking:
            found = dict.fromkeys(OUTPUTS, found[output])
            break
    report_unlisted(project, frozenset(included), reporter)
    only = found[outputs[0]]
    return {name: found.get(name, only) for name in OUTPUTS}, frozenset(asking)


def _reuse(project: Project, output: str, files: Files) -> Reuse:
    settings = project.settings
    book = settings.book
    facts = {
        "book.title": book.title,
        "book.subtitle": book.subtitle,
        "book.publisher": book.publisher,
        "book.edition": book.edition,
        "book.rights": book.rights,
        "book.date": str(book.date or ""),
    }

    def included(
        name: str, base: str, span: Span, reporter: Reporter
    ) -> tuple[str, str] | None:
        path = posixpath.normpath(f"{posixpath.dirname(base)}/{name}")
        return _included(files, path, name, span, reporter)

    return Reuse(
        output=output,
        variables={**{k: v for k, v in facts.items() if v}, **settings.variables},
        profiles={name: name in project.profiles for name in settings.profiles},
        critic=Mode(settings.text.critic),
        read=included,
    )


def _included(
    files: Files, path: str, name: str, span: Span, reporter: Reporter
) -> tuple[str, str] | None:
    """Return path and text of a file that a text includes; None if it cannot be."""
    try:
        if files.exists(path):
            text = files.text(path, reporter)
            return None if text is None else (path, text)
    except RefusedError as error:
        hint = error.hint or f"copy the file into {MANUSCRIPT}/"
        reporter.error(error.code, span, str(error), hint)
        return None
    folder = posixpath.dirname(path)
    near = get_close_matches(path, _neighbours(files, folder), n=1, cutoff=0.7)
    base = posixpath.dirname(span.path)
    hint = f"did you mean {posixpath.relpath(near[0], base)}?" if near else ""
    hint = hint or f"make the file {path}, or take the include out"
    reporter.error(Code.INCLUDE_MISSING, span, f"there is no file {name}", hint)
    return None


def _neighbours(files: Files, folder: str) -> tuple[str, ...]:
    try:
        return files.listing(folder)
    except OSError:
        return ()
