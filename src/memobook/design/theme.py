"""The look of a book: its templates, style sheets, tokens and fonts.

What goes in: the settings and the project's styles/. What comes out: rendered templates
and the style sheets of each medium. The project's file of a name wins over the built-in
one, and `memobook/NAME` always reaches the built-in one. A shelf's styles stand between
them: its sheets before the project's own, its templates also by the name `shelf/NAME`.
"""

from __future__ import annotations

import os
import pathlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from importlib import resources
from typing import Any

from memobook.book.harmless import quoted
from memobook.design.cut import DISPLAY
from memobook.design.fonts import Face, families, find_faces
from memobook.design.marks import mark_sheets
from memobook.design.own_styles import checked
from memobook.design.paper import Paper, paper
from memobook.design.production import production_sheets
from memobook.design.scripts import scripts_in
from memobook.design.section import Stylesheet
from memobook.design.templating import Templates, load_templates
from memobook.design.words import check_words
from memobook.diagnostics import Code, Reporter, Span
from memobook.project.config import Project
from memobook.project.files import Files, RefusedError
from memobook.project.house import SHARED_STYLES
from memobook.project.located import Path

__all__ = ["STYLES", "Theme", "load_theme", "with_values"]

STYLES = "styles"
_FOLDERS = (SHARED_STYLES, STYLES)
"""Of style sheets, templates and fonts; a later one wins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """A book's look, ready to be used."""

    templates: Templates
    tokens: Mapping[str, str]
    """Name of a custom property, with its two hyphens -> its value."""
    faces: tuple[Face, ...]
    uses: Mapping[str, frozenset[str]]
    """Family -> what it is for: text, heading, code, fallback."""
    paper: Paper
    print_sheets: tuple[Stylesheet, ...]
    screen_sheets: tuple[Stylesheet, ...]
    has_own_templates: bool = False
    """Whether the project has templates, which may say other things in each medium."""

    def render(self, template: str, reporter: Reporter, **values: Any) -> str:  # noqa: ANN401 (what templates get)
        """Return a rendered template; report `template-error` and return ""."""
        return self.templates.render(template, values, reporter)


def load_theme(
    project: Project, files: Files, reporter: Reporter, texts: Iterable[str] = ()
) -> Theme:
    """Return the theme of a project; report fonts and words that are nowhere.

    `texts` are what the book says: an installed font that has their script is used.
    """
    check_words(project, reporter)
    page = paper(project.settings)
    found = _families(project, files, texts)
    tokens = _tokens(project, page, found)
    own = {n: _own_sheet(f"{n}.css", files, reporter) for n in ("print", "epub")}
    templates = load_templates(files, _folders(files))
    return Theme(
        templates=templates,
        tokens=tokens,
        faces=_faces(project, files, reporter, found),
        uses=_uses(project, found),
        paper=page,
        print_sheets=(
            Stylesheet("memobook/tokens.css", _token_sheet(tokens, page), True),
            *(
                _filled(sheet, tokens, own["print"], templates.own)
                for sheet in (_builtin("print.css"), *_topics("print"))
            ),
            *mark_sheets(project.settings.text.mark, "print"),
            *production_sheets(project.settings.pdf),
            *own["print"],
        ),
        screen_sheets=(
            _builtin("epub.css"),
            *_topics("epub"),
            *mark_sheets(project.settings.text.mark, "epub"),
            *own["epub"],
        ),
        has_own_templates=bool(templates.own),
    )


_TOPICS = (
    "structure",
    "reuse",
    "blocks",
    "back",
    "languages",
    "index",
    "figures",
)
"""What has sheets of its own: css/NAME.css for both media, NAME-print.css for one."""


def _topics(medium: str) -> Iterator[Stylesheet]:
    folder = resources.files("memobook.design").joinpath("css")
    for topic in _TOPICS:
        for name in (f"{topic}.css", f"{topic}-{medium}.css"):
            if folder.joinpath(name).is_file():
                yield _builtin(name)


def _builtin(name: str) -> Stylesheet:
    text = resources.files("memobook.design").joinpath("css", name).read_text("utf-8")
    return Stylesheet(f"memobook/{name}", text, is_builtin=True)


def _filled(
    sheet: Stylesheet,
    tokens: Mapping[str, str],
    own: tuple[Stylesheet, ...],
    templates: Mapping[str, str],
) -> Stylesheet:
    """Return a built-in sheet with the tokens' values in their places.

    WeasyPrint looks a variable up, and reads its value, for every element that it is
    meant for. A token that the project sets itself stays a variable.
    """
    texts = [*(s.text for s in own), *templates.values()]
    set_again = {name for text in texts for name, _ in _DEFINITION.findall(text)}

    def fixed(values: Iterable[tuple[str, str]]) -> dict[str, str]:
        plain = ((n, v) for n, v in values if "var(" not in v)
        return {n: v for n, v in plain if n not in set_again}

    text = with_values(sheet.text, fixed(tokens.items()))
    derived = fixed(_DEFINITION.findall(text))
    return replace(sheet, text=with_values(text, derived))


_DEFINITION = re.compile(r"(--[\w-]+)\s*:\s*([^;}\"]+)")


def with_values(text: str, values: Mapping[str, str]) -> str:
    """Return a sheet with `values["--name"]` in the place of every `var(--name)`."""
    return re.sub(r"var\((--[\w-]+)\)", lambda m: values.get(m[1], m[0]), text)


def _folders(files: Files) -> tuple[str, ...]:
    return tuple(f for f in _FOLDERS if f in {STYLES, *files.shared})


def _listed(files: Files, pattern: str) -> tuple[str, ...]:
    return tuple(p for f in _folders(files) for p in files.listing(f, pattern))


def _own_sheet(name: str, files: Files, reporter: Reporter) -> tuple[Stylesheet, ...]:
    folders = _folders(files)
    paths = [p for f in folders if files.has(p := f"{f}/{name}", reporter)]
    texts = ((path, files.text(path, reporter)) for path in paths)
    return tuple(
        Stylesheet(path, checked(text, path, files.trust, reporter))
        for path, text in texts
        if text is not None
    )


def _font_folders(files: Files) -> tuple[pathlib.Path, ...]:
    """Return the folders of fonts that are no package's, the project's own first."""
    homes = (files.shared.get(SHARED_STYLES), files.root / STYLES)
    folders = (home / "fonts" for home in reversed(homes) if home)
    # A folder that is a link may lead out of the project.
    return tuple(f for f in folders if os.path.realpath(f) == str(f))


def _tokens(project: Project, page: Paper, found: tuple[str, ...]) -> dict[str, str]:
    style = project.settings.style
    # Each family also stands in for what the others lack.
    spare = (*style.fallback, *found, style.heading_font, style.text_font)
    more = "".join(f", {quoted(family)}" for family in dict.fromkeys(spare))
    text, heading, code = map(
        quoted, (style.text_font, style.heading_font, style.code_font)
    )
    return {
        "--ink": style.ink,
        "--accent": style.accent,
        "--muted": style.muted,
        "--rule": style.rule,
        "--tint": style.tint,
        "--text-font": f"{text}{more}",
        "--display-font": f"{quoted(style.text_font + DISPLAY)}, {text}{more}",
        "--heading-font": f"{heading}{more}",
        "--code-font": f"{code}{more}",
        "--text-size": f"{page.text_size:g}pt",
        "--leading": f"{page.leading:g}pt",
        "--measure": f"{page.measure / page.text_size / 0.352778:.1f}em",
        "--page-width": f"{page.width:g}mm",
        "--page-height": f"{page.height:g}mm",
        "--text-width": f"{page.width - page.inner - page.outer:g}mm",
        "--text-height": f"{page.height - page.top - page.bottom:g}mm",
    }


def _token_sheet(tokens: Mapping[str, str], page: Paper) -> str:
    values = "".join(f"  {name}: {value};\n" for name, value in tokens.items())
    top, bottom, inner, outer = (
        f"{length:g}mm" for length in (page.top, page.bottom, page.inner, page.outer)
    )
    return (
        f":root {{\n{values}}}\n"
        f"@page {{ size: {page.width:g}mm {page.height:g}mm; "
        f"margin: {top} {outer} {bottom} {inner} }}\n"
        f"@page :left {{ margin-left: {outer}; margin-right: {inner} }}\n"
    )


def _families(project: Project, files: Files, texts: Iterable[str]) -> tuple[str, ...]:
    """Return families that the settings do not name, for the scripts of the texts."""
    style = project.settings.style
    named = {style.text_font, style.heading_font, style.code_font, *style.fallback}
    folders = _font_folders(files)
    found = []
    for script in scripts_in(texts, project.settings.book.language):
        if named.isdisjoint(script.families):
            there = (f for f in script.families if find_faces(f, *folders))
            found += [*there][:1]
    return tuple(dict.fromkeys(found))


def _faces(
    project: Project, files: Files, reporter: Reporter, more: tuple[str, ...]
) -> tuple[Face, ...]:
    style = project.settings.style
    folders = _font_folders(files)
    for font in _listed(files, "fonts/*"):
        try:
            files.read(font)  # so that they are inputs of the build
        except RefusedError as error:
            reporter.error(error.code, Span(font), str(error), error.hint)
    wanted: dict[Path, str] = {
        ("text_font",): style.text_font,
        ("heading_font",): style.heading_font,
        ("code_font",): style.code_font,
    }
    wanted |= {("fallback", i): f for i, f in enumerate(style.fallback)}
    found = {family: find_faces(family, *folders) for family in more}
    for path, family in wanted.items():
        found[family] = find_faces(family, *folders)
        if not found[family]:
            near = get_close_matches(family, families(*folders), n=1)
            name = family.lower().replace(" ", "-")
            hint = f"put it into styles/fonts/, or install the package fontpkg-{name}"
            hint = f"did you mean {near[0]}?" if near else hint
            span = project.located.value(("style", *path))
            reporter.error(
                Code.FONT_NOT_FOUND, span, f"no font is called {family}", hint
            )
    order = (*wanted.values(), *more)
    return tuple(face for family in dict.fromkeys(order) for face in found[family])


def _uses(project: Project, found: tuple[str, ...]) -> dict[str, frozenset[str]]:
    style = project.settings.style
    pairs = [
        (style.text_font, "text"),
        (style.heading_font, "heading"),
        (style.code_font, "code"),
        *((family, "fallback") for family in (*style.fallback, *found)),
    ]
    return {f: frozenset(use for g, use in pairs if g == f) for f, _ in pairs}
