"""Read a book's library and the style of its citations.

What goes in: the settings and the project's files. What comes out: a library, or a
diagnostic for everything that is wrong with it.
"""

from __future__ import annotations

from difflib import get_close_matches

from memobook.book.library import (
    BUILT_IN_STYLES,
    Library,
    Work,
    built_in_style,
    is_style,
    read_works,
)
from memobook.diagnostics import Code, Reporter, Span
from memobook.project.config import MANUSCRIPT, Project
from memobook.project.files import Files, RefusedError
from memobook.project.located import Path

__all__ = ["read_library"]


def read_library(project: Project, files: Files, reporter: Reporter) -> Library | None:
    """Return the library of a project; None if it has none."""
    table = project.settings.citations
    if table is None:
        return None
    loading = _Loading(project, files, reporter)
    works: dict[str, Work] = {}
    for index, name in enumerate(table.library):
        works |= loading.works(name, ("citations", "library", index), works)
    style = loading.style(table.style)
    return Library(works, style, project.located.key(("citations",)))


class _Loading:
    """Reads the files that one project's [citations] name."""

    def __init__(self, project: Project, files: Files, reporter: Reporter) -> None:
        self.located = project.located
        self.files = files
        self.reporter = reporter

    def works(self, name: str, where: Path, known: dict[str, Work]) -> dict[str, Work]:
        """Return the works of a file that no file before it has."""
        text = self._text(name, self.located.value(where))
        if text is None:
            return {}
        path = f"{MANUSCRIPT}/{name}"
        try:
            found = read_works(text, path, self.reporter)
        except ImportError:
            hint = 'type: pip install "memobook[cite]"'
            message = "a library of BibTeX needs what is not installed"
            span = self.located.value(where)
            self.reporter.error(Code.EXTRA_MISSING, span, message, hint)
            return {}
        return {key: work for key, work in found.items() if key not in known}

    def style(self, name: str) -> str:
        """Return a style by its name, or of a file."""
        span = self.located.value(("citations", "style"))
        if not name.endswith(".csl"):
            if name in BUILT_IN_STYLES:
                return built_in_style(name)
            near = get_close_matches(name, BUILT_IN_STYLES, n=1, cutoff=0.5)
            hint = f"built in: {', '.join(BUILT_IN_STYLES)}; or name a file that ends"
            hint = f"did you mean {near[0]}?" if near else f"{hint} with .csl"
            message = f"no citation style is called {name}"
            self.reporter.error(Code.CITATION_STYLE, span, message, hint)
            return built_in_style(BUILT_IN_STYLES[1])
        text = self._text(name, span)
        if text is not None and is_style(text):
            return text
        if text is not None:
            message = f"{name} is no CSL style"
            hint = "get it from zotero.org/styles, and save it as it is"
            self.reporter.error(Code.CITATION_STYLE, span, message, hint)
        return built_in_style(BUILT_IN_STYLES[1])

    def _text(self, name: str, span: Span) -> str | None:
        path = f"{MANUSCRIPT}/{name}"
        try:
            return self.files.text(path, self.reporter)
        except RefusedError as error:
            hint = error.hint or f"copy it into {MANUSCRIPT}/"
            self.reporter.error(error.code, span, str(error), hint)
        except OSError:
            message = f"there is no file {path}"
            hint = f"put it into {MANUSCRIPT}/, or mend its name"
            self.reporter.error(Code.LIBRARY_BROKEN, span, message, hint)
        return None
