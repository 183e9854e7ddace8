"""Render templates: the project's own ones, or those that memobook has.

What goes in: the project's styles/ and what a template may say. What comes out: a text,
or a diagnostic with the template's file and line. The project's template of a name wins
over the built-in one, and `memobook/NAME` always reaches the built-in one; that of its
shelf has the name `shelf/NAME`, too.
"""

from __future__ import annotations

import posixpath
import traceback
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from jinja2 import (
    BaseLoader,
    BytecodeCache,
    ChoiceLoader,
    FunctionLoader,
    PackageLoader,
    PrefixLoader,
    StrictUndefined,
    TemplateError,
    TemplateSyntaxError,
)
from jinja2.bccache import Bucket

from memobook.design.page_rules import faults
from memobook.design.sandbox import Sandbox
from memobook.diagnostics import Code, Reporter, Span
from memobook.project.files import Files

__all__ = ["Templates", "load_templates"]

# What does a template raise that is wrong? Its own expressions may raise nearly all
# that Python does: 1 / 0, words[9], a template that includes itself.
_WRONG = (
    ArithmeticError,
    AttributeError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    SyntaxError,
    TemplateError,
    TypeError,
    ValueError,
)


@dataclass(frozen=True, slots=True)
class Templates:
    """All templates of a project."""

    environment: Sandbox
    folder: str
    """Of the project's own."""
    own: Mapping[str, str]
    """Path -> text of each template that is not built in."""

    def render(
        self, template: str, values: Mapping[str, Any], reporter: Reporter
    ) -> str:
        """Return a rendered template; report `template-error` and return ""."""
        self.environment.begin()
        try:
            made = self.environment.get_template(template).render(values)
            return made if self._is_good(made, template, reporter) else ""
        except TemplateSyntaxError as error:
            span = Span(_path(error.filename or template), error.lineno)
            _report(reporter, span, str(error.message))
        except _WRONG as error:
            _report(reporter, self._raised_at(error, template), _said(error))
        return ""

    def _is_good(self, page: str, template: str, reporter: Reporter) -> bool:
        """Tell whether a page may be in a book; report what it must not hold."""
        # What is built in needs no look, which takes longer than to render it.
        found = faults(page) if self.environment.has_used_own else ()
        for fault in found:
            message = f"{fault.what} has no place in a page"
            hint = "take it out: a page neither runs nor loads anything"
            span = self._written_at(fault.written, template)
            reporter.error(Code.TEMPLATE_ERROR, span, message, hint)
        return not found

    def _written_at(self, written: str, template: str) -> Span:
        """Return where a template says something, if it is one of the project's."""
        for path, text in self.own.items():
            start = text.lower().find(written.lower())
            if start >= 0:
                line = text.count("\n", 0, start) + 1
                column = start - text.rfind("\n", 0, start)
                return Span(path, line, column, len(written))
        return Span(f"{self.folder}/{template}")

    def _raised_at(self, error: Exception, template: str) -> Span:
        """Return the last place in a template: the very last frame is inside Jinja."""
        frames = traceback.extract_tb(error.__traceback__)
        for frame in reversed(frames):
            if frame.filename.endswith(".j2"):
                return Span(_path(frame.filename), frame.lineno or 0)
        return Span(f"{self.folder}/{template}")


def load_templates(files: Files, folders: tuple[str, ...]) -> Templates:
    """Return the templates of a project's folders of styles, its own the last one."""
    builtin = PackageLoader("memobook.design", "templates")
    loaders = [_loader(files, folder) for folder in folders]
    shared = {"shelf": loaders[0]} if len(loaders) > 1 else {}
    named = PrefixLoader({"memobook": builtin, **shared})
    order: list[BaseLoader] = [*reversed(loaders), builtin, named]
    environment = Sandbox(
        counts=lambda path: path.startswith(folders),
        loader=ChoiceLoader(order),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=_COMPILED,
    )
    paths = [p for f in folders for p in files.listing(f, "**/*.j2")]
    own = {path: _text(files, path) for path in paths}
    return Templates(environment, folders[-1], own)


def _text(files: Files, path: str) -> str:
    """Return what a template says; nothing of one that cannot be read now."""
    with suppress(OSError):
        return files.read(path).decode("utf-8", "replace")
    return ""


def _loader(files: Files, folder: str) -> FunctionLoader:
    def load(name: str) -> tuple[str, str, None] | None:
        path = f"{folder}/{name}"
        if posixpath.normpath(path) != path or not files.exists(path):
            return None
        return files.read(path).decode("utf-8-sig"), path, None

    return FunctionLoader(load)


class _Compiled(BytecodeCache):
    """Templates as this process has compiled them, for its next build.

    Jinja asks by a hash of the source. In memory only: who loads compiled code from a
    file runs what a stranger may have put there.
    """

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill a bucket with what was dumped for the same source."""
        code = self._code.get((bucket.key, bucket.checksum))
        if code is not None:
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what a bucket holds."""
        self._code[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


_COMPILED = _Compiled()


def _path(filename: str) -> str:
    """Return a template's file as the author knows it."""
    _, found, name = filename.replace("\\", "/").rpartition("/design/templates/")
    return f"memobook/{name}" if found else filename


def _said(error: Exception) -> str:
    match error:
        case RecursionError():
            return "the template nests too deeply, or includes itself"
        case MemoryError() | SyntaxError():
            return "the template is too large or nests too deeply"
        case KeyError():
            return f"there is no {error}"
        case _:
            return str(error)


def _report(reporter: Reporter, span: Span, message: str) -> None:
    # Jinja says what it met in one sentence, and what it makes of it in others.
    said, _, more = message.rstrip(".").partition(". ")
    said = said[:1].lower() + said[1:]
    hint = more or "the README lists what a template may use"
    reporter.error(Code.TEMPLATE_ERROR, span, said, hint)
