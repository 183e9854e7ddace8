"""The rivals, each given the same book in the form that it likes best.

What goes in: a project. What comes out: commands that make a PDF or an EPUB of it. All
preparation is done before the clock starts: the documents of the one-shot layout come
from memobook's own design, its fonts are cut already, and the Markdown for pandoc is
rid of what pandoc does not know.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import yaml

from memobook.book.assemble import Apparatus, gather, resolved
from memobook.book.model import NoteMode, Repeat, Source
from memobook.book.notes import number_notes
from memobook.book.parse import parse_memo
from memobook.book.references import TARGET
from memobook.design.anchors import code_characters
from memobook.design.cut import cut_faces, needs, weights_in
from memobook.design.fonts import Face
from memobook.design.section import PROJECT_URL, Section
from memobook.design.theme import Theme, load_theme
from memobook.diagnostics import MemobookError, Reporter
from memobook.outputs.pdf.rendering import Renderer
from memobook.project.config import load
from memobook.project.files import Files
from memobook.store import Store
from tests.benchmarks.books import memo_paths
from tests.benchmarks.measure import Command

__all__ = [
    "IMPORT",
    "Rival",
    "one_shot",
    "pandoc",
    "pandoc_epub",
    "pandoc_typst",
    "to_pandoc",
]


def pandoc() -> str:
    """Return the rival's program; its package comes with the group `bench` only."""
    import pypandoc

    return str(pypandoc.get_pandoc_path())


_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Rival:
    """Another way to make the book."""

    name: str
    commands: tuple[Command, ...]
    """Run one after the other."""
    output: Path | None = None
    environment: Mapping[str, str] = field(default_factory=dict)


IMPORT = Rival("import weasyprint", ((sys.executable, "-c", "import weasyprint"),))


# One-shot WeasyPrint


def one_shot(root: Path, folder: Path) -> Rival:
    """Return WeasyPrint with all of the book's sections in one document."""
    folder.mkdir()
    sections, theme = _designed(root, folder)
    base = f"{root.resolve().as_uri()}/"
    html = _joined(sections).replace(PROJECT_URL, base)
    (folder / "book.html").write_text(html, encoding="utf-8")
    sheets = [{"text": _font_rules(theme.faces), "base": base, "builtin": True}]
    for sheet in theme.print_sheets:
        text = re.sub(r"\bbody(?=[.,:\s\[{>])", ".body", sheet.text)
        sheets.append(
            {"text": text, "base": base + sheet.path, "builtin": sheet.is_builtin}
        )
    (folder / "sheets.json").write_text(json.dumps(sheets), encoding="utf-8")
    # The same fonts, and none of the system's.
    fonts = folder / "fonts.conf"
    fonts.write_text('<?xml version="1.0"?><fontconfig/>', encoding="ascii")
    return Rival(
        "one-shot WeasyPrint",
        ((sys.executable, str(_HERE / "oneshot.py"), str(folder)),),
        folder / "book.pdf",
        {"FONTCONFIG_FILE": str(fonts)},
    )


def _designed(root: Path, folder: Path) -> tuple[tuple[Section, ...], Theme]:
    """Return the print sections as they are before a layout, and the look of them."""
    reporter = Reporter()
    files = Files(root.resolve())
    project = load(files, reporter)
    if project is None:
        raise MemobookError(reporter.diagnostics)
    settings = project.settings
    paths = [item.path for item in project.memos if item.path]
    texts = {path: files.text(path, reporter) or "" for path in paths}
    memos = tuple(
        parse_memo(Source(path, text), settings.book.language, reporter)
        for path, text in texts.items()
    )
    date = settings.book.date or dt.date(1980, 1, 1)
    book = resolved(gather(settings, memos, Apparatus(), date, reporter), reporter)
    repeat = Repeat(settings.links.repeat)
    book = number_notes(book, NoteMode(settings.links.notes), repeat, reporter)
    theme = load_theme(project, files, reporter)
    starts_right = settings.pdf.memos_start == "right"
    renderer = Renderer(book, theme, reporter, starts_right)
    guess = renderer.guess({})
    sections = renderer.sections(guess.folios, {})
    reporter.stop_on_errors()
    wanted = needs(
        theme.faces,
        theme.uses,
        text=frozenset("".join(section.html for section in sections)),
        code=code_characters(book),
        extra_weights=weights_in(s for s in theme.print_sheets if not s.is_builtin),
    )
    faces = cut_faces(wanted, Store(folder))
    # Without the store's hashes beside them, which Typst would take for fonts.
    (folder / "faces").mkdir()
    for face in faces:
        shutil.copy(face.path, folder / "faces")
    return sections, replace(theme, faces=faces)


def _joined(sections: tuple[Section, ...]) -> str:
    """Return one document: what was a body becomes a section of the class body."""
    pieces = [_as_section(section) for section in sections]
    first = sections[0]
    return (
        f'<!DOCTYPE html>\n<html lang="{first.language}"><head>'
        f'<meta charset="utf-8"/><title>{first.title}</title></head><body>\n'
        + "\n".join(pieces)
        + "\n</body></html>\n"
    )


def _as_section(section: Section) -> str:
    found = re.search(r'<body class="([\w-]+)"(.*?)>(.*)</body>', section.html, re.S)
    if found is None:
        message = f"section {section.id} has no body: {section.html[:200]}"
        raise ValueError(message)
    kind, attributes, content = found.groups()
    side = "right" if section.starts_right else "page"
    content = content.replace(f'href="{TARGET}', 'href="#')
    return (
        f'<section class="body {kind}" lang="{section.language}" '
        f'style="break-before: {side}"{attributes}>{content}</section>'
    )


def _font_rules(faces: tuple[Face, ...]) -> str:
    return "".join(
        f'@font-face {{ font-family: "{face.family}"; src: url("{face.path.as_uri()}");'
        f" font-style: {'italic' if face.is_italic else 'normal'};"
        f" font-weight: {face.weight or 'normal'} }}\n"
        for face in faces
    )


# Pandoc


def pandoc_epub(root: Path, folder: Path) -> Rival:
    """Return pandoc's way to an EPUB with contents."""
    target = folder / "book.epub"
    return Rival(
        "pandoc to EPUB",
        ((*_pandoc(root, folder), "--to=epub3", f"--output={target}"),),
        target,
    )


def pandoc_typst(root: Path, folder: Path, fonts: Path) -> Rival:
    """Return pandoc's way to Typst, and Typst's to a PDF/UA-1 of the same paper."""
    source, target = root / "manuscript" / "book.typ", folder / "book.pdf"
    look = [
        f"--variable={name}={value}"
        for name, value in (
            ("papersize", "a5"),
            ("fontsize", "9.75pt"),
            ("mainfont", "Literata"),
            ("codefont", "JetBrains Mono"),
        )
    ]
    write = (*_pandoc(root, folder), "--to=typst", *look, f"--output={source}")
    compile_ = (sys.executable, str(_HERE / "typeset.py"), str(source), str(target))
    return Rival("pandoc and Typst", (write, (*compile_, str(fonts))), target)


def _pandoc(root: Path, folder: Path) -> tuple[str, ...]:
    folder.mkdir(exist_ok=True)
    source = folder / "book.md"
    memos = [to_pandoc(p.read_text("utf-8"), p.stem) for p in memo_paths(root)]
    head = '---\ntitle: "A Book"\nlang: en-US\ndate: 2025-09-15\nauthor: memobook\n---'
    source.write_text("\n\n".join([head, *memos]), encoding="utf-8")
    return (
        pandoc(),
        str(source),
        "--from=markdown",
        "--standalone",
        "--toc",
        "--toc-depth=2",
        f"--resource-path={root / 'manuscript'}",
    )


_HEAD = re.compile(r"\A---\n(.*?)\n---\n", re.S)
_CAPTION = r"/// {}-caption\n +attrs: \{{id: ([\w-]+)\}}\n(.*)\n///"


def to_pandoc(text: str, memo: str) -> str:
    """Return a memo in pandoc's Markdown, its names unique in the book."""
    found = _HEAD.match(text)
    block = yaml.safe_load(found[1]) if found else {}
    body = _HEAD.sub("", text)
    title = f"# {block.get('title', memo)} {{#{memo}}}"
    points = "\n".join(f"- {point}" for point in block.get("key_points", ()))
    people = ", ".join(author["name"] for author in block.get("authors", ()))
    front = "\n\n".join(
        [title, block.get("subtitle", ""), people, block.get("abstract", ""), points]
    )
    for pattern, new in (
        (r"(?m)^\*\[\w+\]: .*\n?", ""),  # abbreviations
        (r"(?m)^> \[!\w+\] (.*)$", r"> **\1**\n>"),
        (r"(?m)^(#+ .*)\{#([\w-]+)\}$", rf"\1{{#{memo}-\2}}"),
        (_CAPTION.format("table"), rf": \2 {{#{memo}-\1}}"),
        (
            r"!\[(.*?)\]\((.*?)\)\n\n" + _CAPTION.format("figure"),
            rf'![\4](\2){{#{memo}-\3 alt="\1"}}',
        ),
        (r"(?s)/// html \| aside\.([\w-]+)\n(.*?)\n///", r"::: \1\n\2\n:::"),
        (r"\*([^*\n]+)\*\{lang=(\w+)\}", r"[*\1*]{lang=\2}"),
        (r"\[\^([\w-]+)\]", rf"[^{memo}-\1]"),
        (r"\]\(#([\w-]+)\)", rf"](#{memo}-\1)"),
        (r"\]\(([\w-]+)\.md\)", r"](#\1)"),
        (r"\]\(([\w-]+)\.md#([\w-]+)\)", r"](#\1-\2)"),
    ):
        body = re.sub(pattern, new, body)
    return f"{front}\n\n{body}"
