"""A small book as its author has it on the desk: in memory, easy to change at random.

What goes in: pieces of text, pictures, style files and settings by their names. What
comes out: the files of a project. Nothing here knows how a book is built, and nothing is
random: whoever changes a draft names the change, so that a failing sequence reads well.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

from fontTools.ttLib import TTFont
from PIL import Image

from tests.harness import HARD

__all__ = [
    "FAULTS",
    "LANGUAGES",
    "PICTURES",
    "PIECES",
    "REGISTRIES",
    "SETTINGS",
    "STYLE_FILES",
    "Draft",
    "Memo",
    "Piece",
    "first_draft",
    "font",
]

# Text

_SENTENCE = (
    "The policy team of number {n} writes memos, and a press makes a book of them."
)
_LONG = " ".join([_SENTENCE, "Nobody waits for a page that has not changed."] * 3)

PIECES = {
    "line": "A short paragraph, number {n}.",
    "paragraph": _LONG,
    "page": "\n\n".join([_LONG] * 5),
    "heading": "## Section {n}",
    "two headings": "## Chapter {n} {{#chapter-{n}}}\n\n### Below chapter {n}\n\nText.",
    "link": 'A [source](https://example.org/{n} "Source {n}") and [it again](https://example.org/{n}).',
    "common link": "A [source of all](https://example.com/all) in the text.",
    "link with own note": 'One [source](https://example.net/{n}){{note="Note {n}"}} and [none](https://example.org/none){{.no-note}}.',
    "footnote": "A claim[^f{n}].\n\n[^f{n}]: See [the source](https://example.org/in-note) of {n}.",
    "tall footnote": "A claim[^t{n}].\n\n[^t{n}]: " + " ".join([_LONG] * 7),
    "table": "| Year | Sum |\n| --- | ---: |\n| {n} | [12](https://example.org/table) |\n| 1990 | 7 |\n\n/// table-caption\nSums of {n}\n///",
    "formula": "Mass is $m_{n}$, and $5 is a price.\n\n$$\nE_{n} = mc^2\n$$ {{#eq:energy-{n}}}\n\nBy [@eq:energy-{n}].",
    "diagram": '```mermaid alt="Two boxes of {n}"\nflowchart LR\n  A{n} --> B{n}\n```',
    "callout": "> [!TIP]\n> Number {n}, with ++ctrl+s++ and [ein Wort]{{lang=de}}.",
    "timeline": "/// html | div.timeline\n{n}\n:   What happened.\n///",
    "code": "```python\ndef answer_{n}():\n    return {n}  # so\n```",
    "list": "- One of {n}\n- Two\n    - Three",
    "quotation": "> “Quoted,” said {n}.",
    "tip": "> [!NOTE] Number {n}\n> Keep it short.",
    "hindi": "भारतीय अंतरिक्ष {n}.",
    "hebrew": "*שלום עולם*{{lang=he dir=rtl}} {n}.",
    "term": "The [treaties]{{.index}} of [{n}]{{index='Number {n}; Law > number {n}'}}.",
    "passage": "It [begins]{{index-from='Passage {n}'}}.\n\nA line.\n\nIt [ends]{{index-to='Passage {n}'}}.",
    "citation": "A claim [@hoyt, p. {n}], and another [see @wu].",
    "section in the index": "## Section {n} {{index='Section {n}'}}\n\nText.",
    "term that leads elsewhere": "[]{{index='Also {n}' see='Of {n}'}} Of [it]{{index='Of {n}'}}.",
    "term in a footnote": "A claim[^i{n}].\n\n[^i{n}]: Of [it]{{index='Note {n}'}}.",
    "greek": "Ἐν ἀρχῇ ἦν {n}.",
    "bracket": "As [@tbl:t{n}], [@{{memo:{other}}}] and [@{{sec:{other}/end}}] say.\n\n| {n} |\n|---|\n| {n} |\n\n/// table-caption\nTable of {n} {{#tbl:t{n}}}\n///",
    "reference below": "See [the end of this memo](#end), says {n}.",
    "memo": "As [another memo]({other}.md) says of {n}.",
    "anchor": "As [its end]({other}.md#end) says of {n}.",
    "credited": '![What {n} shows](images/{other} "Title {n}"){{credit="Photo {n}"}}\n\n/// description\nDescription {n}.\n///',
    "parts": '![A {n}](images/{other} "A"){{#fig:a{n}}} ![B {n}](images/{other})\n\n/// figure-caption\nParts {n}, see [@fig:a{n}]\n\nBy {n} {{.credit}}\n///',
    "wide table": "| A | B {{colspan=2}} | |\n|---|---|---|\n| {n} | 2 | 3 |\n\n/// table-caption\nWide {n} {{.wide}}\n///",
    "turned table": "| A | B |\n|---|---|\n| {n} | 2 |\n\n/// table-caption\nTurned {n} {{.landscape}}\n///",
    "figure": "![What {n} shows](images/{other})\n\n/// figure-caption\nFigure of {n}\n///",
    "variable": "By {{{{ press }}}}, says {n}.",
    "condition": "{{{{ if pdf }}}}\nPrinted, number {n}.\n{{{{ else }}}}\nShown, number {n}.\n{{{{ end }}}}",
    "change": "A {{++new++}} word, an {{--old--}} one and {{~~this~>that~~}} of {n}.",
    "include": "{{{{ include parts/terms.md#term }}}}",
    "csv table": "{{{{ include parts/sums.csv#Sum,Year }}}}\n\n/// table-caption\nSums of {n}\n///",
    "picture": "Before ![what {n} shows](images/{other}) and after.",
}
"""Kind -> text. `{n}` is the piece's own number; `{other}` a memo or a picture."""

_TO_MEMOS = frozenset(["memo", "anchor", "bracket"])
_TO_PICTURES = frozenset(["credited", "figure", "parts", "picture"])


@dataclass(slots=True)
class Piece:
    """A few lines of a memo."""

    kind: str
    number: int
    other: str = ""
    """The stem of the memo or the name of the picture that it points to."""

    def text(self) -> str:
        """Return the Markdown."""
        return PIECES[self.kind].format(n=self.number, other=self.other)


@dataclass(slots=True)
class Memo:
    """A memo of a draft."""

    title: str
    pieces: list[Piece] = field(default_factory=list)
    block: dict[str, str] = field(default_factory=dict)
    """Key -> YAML, after the title."""

    def text(self) -> str:
        """Return the Markdown of the file."""
        block = {"title": self.title, "authors": "[Ada Writer]", **self.block}
        head = "".join(f"{key}: {value}\n" for key, value in block.items())
        body = "\n\n".join(piece.text() for piece in self.pieces)
        # Every memo has an anchor that moves with what stands before it.
        return (
            f"---\n{head}---\n\nIt begins.\n\n{body}\n\n## The end {{#end}}\n\nFin.\n"
        )


# Pictures


def _png(colour: str, height: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (30, height), colour).save(out, "PNG")
    return out.getvalue()


def _svg(colour: str, height: int) -> bytes:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 {height}">'
        f'<rect width="40" height="{height}" fill="{colour}"/></svg>'
    ).encode()


PICTURES = {
    "png": (_png("red", 20), _png("green", 20), _png("blue", 90)),
    "svg": (_svg("red", 20), _svg("red", 60), _svg("blue", 20)),
}
"""Suffix -> what a picture may be."""


@cache
def font(stretch: int) -> bytes:
    """Return the tests' own font with its letters set wider, by units of the font."""
    with TTFont(HARD / "styles/fonts/HardCases-Regular.ttf") as read:
        metrics = read["hmtx"].metrics
        for name, (width, bearing) in metrics.items():
            metrics[name] = (width + stretch if width else 0, bearing)
        out = io.BytesIO()
        read.save(out)
    return out.getvalue()


# Style

STYLE_FILES = {
    "print.css": {
        "colour": "p { color: #333 }",
        "left pages": "@page :left { margin-left: 30mm }",
        "folios": "@page { @bottom-center { content: 'p. ' counter(page) } }",
        "counted": "h2::after { content: ' (' counter(page) ')' }",
        "weight": "h2 { font-weight: 300 }",
        "font": "p { font-family: var(--heading-font) }",
        "token": "h2 { color: var(--accent); font-size: 20pt }",
        "picture": ".opener { background: url(../manuscript/images/cover.png) }",
    },
    "epub.css": {
        "colour": "p { color: #333 }",
        "weight": "h2 { font-weight: 300 }",
        "token": "h2 { color: var(--accent) }",
    },
    "memo.html.j2": {
        "draft": '{% extends "memobook/memo.html.j2" %}'
        "{% block heading %}{{ super() }}<p>Draft</p>{% endblock %}",
        "with a line": '{% extends "memobook/memo.html.j2" %}{% block text %}'
        '{{ super() }}{% include "line.html.j2" ignore missing %}{% endblock %}',
        "with all titles": '{% extends "memobook/memo.html.j2" %}{% block text %}'
        "{{ super() }}{% for m in memos %}<p>{{ m.title }}</p>{% endfor %}{% endblock %}",
    },
    "line.html.j2": {
        "line": "<p>A line of {{ book.title }}.</p>",
        "other line": "<p>Another line.</p>",
    },
    "contents.html.j2": {
        "short": '{% extends "memobook/contents.html.j2" %}{% block entry %}'
        '<p><a href="{{ memo.href }}" data-folio="{{ memo.folio }}">{{ memo.title }}'
        "</a></p>{% endblock %}",
    },
    "cover.html.j2": {
        "foot": '{% extends "memobook/cover.html.j2" %}'
        "{% block foot %}<p>{{ book.year }}, {{ medium }}</p>{% endblock %}",
    },
    "base.html.j2": {
        "style": '{% extends "memobook/base.html.j2" %}{% block head %}'
        "<style>h2 { font-style: italic }</style>{% endblock %}",
    },
    "note-list.html.j2": {
        "plain": '<section class="notes"><h2>{{ words.notes }}</h2>{% for note in notes %}'
        '<aside class="note" role="doc-footnote" id="{{ note.anchor }}">{{ note.blocks }}</aside>'
        "{% endfor %}</section>",
    },
}
"""Name of a file in styles/ -> what may be in it."""

# Settings

_MODES = ('"footnotes"', '"memo-notes"', '"book-notes"', '"inline"', '"off"')

SHAPE = "contents"
"""The setting that says which memos are parts of what."""


def _list(names: list[str]) -> str:
    return f"[{', '.join(map(repr, names))}]"


def _in_parts(names: list[str]) -> dict[str, str]:
    parts = ((f"The {name}", [name]) for name in names[1:])
    tables = (f"{{ title = '{t}', memos = {_list(memos)} }}" for t, memos in parts)
    return {"memos": _list(names[:1]), "parts": f"[{', '.join(tables)}]"}


SHAPES: dict[str, Callable[[list[str]], dict[str, str]]] = {
    "": lambda names: {"memos": _list(names)},
    "parts": _in_parts,
    "matter": lambda names: {
        "front": _list(names[:1]),
        "memos": _list(names[1:2]),
        "back": _list([*names[2:], "authors"]),
    },
    "appendix": lambda names: {
        "memos": _list(names[:1]),
        "appendices": _list(names[1:]),
    },
}
"""How the memos are listed -> the keys of [contents]."""

SETTINGS: dict[str, tuple[str, ...]] = {
    "book.title": ('"A Small Book"', '"Another Book"', '"Größe & Maß"'),
    "book.language": ('"en-US"', '"de"', '"fr"', '"hi"', '"he"'),
    "words.figure": ("", '"Exhibit"'),
    "book.date": ("2025-06-09", "1999-12-31", ""),
    "book.subtitle": ("", '"With a Subtitle"'),
    "book.imprint": ("", '"Made with *care*."'),
    SHAPE: ("", "parts", "matter", "appendix"),
    "contents.number_headings": ("", "2"),
    "contents.memo_contents": ("", "1"),
    "pdf.paper": ('"a5"', '"6x9in"', '"120mm 180mm"'),
    "pdf.picture_dpi": ("", "72"),
    "epub.picture_pixels": ("", "100"),
    "pdf.memos_start": ('"next"', '"right"'),
    "pdf.notes": ("", *_MODES),
    "epub.notes": ("", *_MODES),
    "epub.cover": ("", '"images/cover.png"'),
    "links.notes": _MODES,
    "figures.numbers": ("", '"memo"'),
    "links.sources": ("", '"memo"', '"domain"'),
    "links.repeat": ('"memo"', '"book"', '"page"', '"none"'),
    "style.accent": ('"#8a2f24"', '"#1f4e79"'),
    "style.text_size": ("", '"12pt"'),
    "style.text_font": ('"Literata"', '"Inter"', '"JetBrains Mono"'),
    "style.heading_font": ('"Inter"', '"Literata"'),
    "citations.library": ('"works.json"',),
    "citations.style": ("", '"chicago-author-date"', '"ieee"'),
    "variables.press": ('"The Press"', '"Another Press"'),
    "text.critic": ('"accept"', '"show"', '"reject"'),
    "text.mark": ("", '"Draft"'),
    "pdf.bleed": ("", '"3mm"'),
    "pdf.gray": ("", "true"),
    "check.warn": ("", '["paragraph-cut"]'),
}
"""Key of book.toml -> TOML values; "" stands for a key that is not there."""

REGISTRIES = {
    "none": None,
    "one page": b'["https://example.com/all"]\ntitle = "All"\naccessed = 2025-05-03\n',
    "a copy of it": b'["https://example.com/all"]\narchive = "https://a.example/all"\n',
    "another one": b'["https://example.org/in-note"]\npublisher = "The Press"\n',
}
"""What manuscript/links.toml holds; None for no such file."""

LANGUAGES = ("", "de", "fr")
"""What a memo's own block may say."""

_WORKS = """[
  {"id": "hoyt", "type": "book", "title": "Norms", "issued": {"date-parts": [[2020]]},
   "author": [{"family": "Hoyt", "given": "Anna"}]},
  {"id": "wu", "type": "webpage", "title": "Controls", "URL": "https://example.org/wu",
   "author": [{"family": "Wu", "given": "Xiaodan"}]}
]"""

_PART = "manuscript/parts/terms.md"
_TERMS = b"No memo.\n\n{{ region term }}\nA *term* of {{ press }}.\n{{ end }}\n"
_SHEET = "manuscript/parts/sums.csv"
_SUMS = b'Year,Sum,Note\n1990,"1,200",a\n1991,"see [it](https://example.org/sum)",b\n'
"""What memos include."""

_FALLBACK = '["Noto Sans Devanagari", "Hard Cases"]'


@dataclass(slots=True)
class Draft:
    """All that an author wrote."""

    memos: dict[str, Memo]
    """Stem -> memo, in the order of the book."""
    pictures: dict[str, bytes]
    """Name in images/ -> bytes."""
    styles: dict[str, str | bytes]
    settings: dict[str, str]
    registry: str = "none"
    """One of REGISTRIES."""
    more: dict[str, bytes | None] = field(default_factory=dict)
    """Path -> bytes that stand there instead, or None for a file that is not there."""
    count: int = 0
    """The last number that was given to a piece or a memo."""

    def next(self) -> int:
        """Return a number that nothing else in the draft has."""
        self.count += 1
        return self.count

    def add_memo(self, stem: str, word: str) -> None:
        """Add a memo at the end of the book."""
        self.memos[stem] = Memo(f"{word} {self.next()}")

    def add_piece(self, stem: str, at: int, kind: str, other: int) -> None:
        """Add a piece to a memo; `other` picks what it points to, if it does."""
        names: list[str] = []
        if kind in _TO_MEMOS:
            names = list(self.memos)
        elif kind in _TO_PICTURES:
            names = list(self.pictures)
        target = names[other % len(names)] if names else ""
        self.memos[stem].pieces.insert(at, Piece(kind, self.next(), target))

    def point_elsewhere(self, old: str, new: str | None) -> None:
        """Mend what points to a memo or picture, or take it out if `new` is None."""
        for memo in self.memos.values():
            if new is None:
                memo.pieces = [p for p in memo.pieces if p.other != old]
            for piece in memo.pieces:
                if piece.other == old and new is not None:
                    piece.other = new

    def rename_memo(self, old: str, new: str) -> None:
        """Give a memo's file another name; what points to it still has the old one."""
        names = {stem: new if stem == old else stem for stem in self.memos}
        self.memos = {names[stem]: memo for stem, memo in self.memos.items()}

    def files(self) -> dict[str, bytes]:
        """Return the project: path -> bytes."""
        files: dict[str, bytes | None] = {
            "manuscript/book.toml": self._settings().encode(),
            "manuscript/works.json": _WORKS.encode(),
            **{f"manuscript/{s}.md": m.text().encode() for s, m in self.memos.items()},
            **{f"manuscript/images/{n}": data for n, data in self.pictures.items()},
            _PART: _TERMS,
            _SHEET: _SUMS,
            "manuscript/links.toml": REGISTRIES[self.registry],
        }
        for name, text in self.styles.items():
            files[f"styles/{name}"] = text.encode() if isinstance(text, str) else text
        files |= self.more
        return {path: data for path, data in files.items() if data is not None}

    def _settings(self) -> str:
        settings = dict(self.settings)
        shape = SHAPES[settings.pop(SHAPE, "")]
        contents = shape([f"{stem}.md" for stem in self.memos])
        tables = {"contents": contents, "style": {"fallback": _FALLBACK}}
        for key, value in settings.items():
            table, _, name = key.partition(".")
            if value:
                tables.setdefault(table, {})[name] = value
        return "\n".join(
            f"[{table}]\n" + "".join(f"{k} = {v}\n" for k, v in values.items())
            for table, values in tables.items()
        )


def first_draft() -> Draft:
    """Return the book that every sequence of edits begins with."""
    draft = Draft(
        memos={},
        pictures={"cover.png": PICTURES["png"][0]},
        styles={"fonts/HardCases-Regular.ttf": font(0)},
        settings={key: values[0] for key, values in SETTINGS.items()},
    )
    for stem in ("one", "two"):
        draft.add_memo(stem, "Norms")
        for kind in ("paragraph", "link", "heading", "footnote"):
            draft.add_piece(stem, 99, kind, 0)
    draft.add_piece("two", 0, "anchor", 0)
    draft.add_piece("two", 1, "hebrew", 0)
    draft.add_piece("one", 2, "figure", 0)
    return draft


# Faults: each makes a book that cannot be built of one that can


def _write(path: str, text: str) -> Callable[[Draft], None]:
    return lambda draft: draft.more.update({path: text.encode()})


def _spoil(path: str, data: bytes | None) -> Callable[[Draft], None]:
    return lambda draft: draft.more.update({path: data})


def _append(text: str) -> Callable[[Draft], None]:
    def change(draft: Draft) -> None:
        stem, memo = next(iter(draft.memos.items()))
        draft.more[f"manuscript/{stem}.md"] = f"{memo.text()}\n{text}\n".encode()

    return change


def _set(key: str, value: str) -> Callable[[Draft], None]:
    return lambda draft: draft.settings.update({key: value})


def _remove_linked_memo(draft: Draft) -> None:
    first, *_, last = draft.memos
    draft.add_piece(first, 0, "memo", len(draft.memos) - 1)
    del draft.memos[last]


def _rename_linked_memo(draft: Draft) -> None:
    first, *_, last = draft.memos
    draft.add_piece(first, 0, "anchor", len(draft.memos) - 1)
    draft.rename_memo(last, "elsewhere")


def _remove_shown_picture(draft: Draft) -> None:
    draft.add_piece(next(iter(draft.memos)), 0, "figure", 0)
    del draft.pictures[next(iter(draft.pictures))]


def _damage_cover(draft: Draft) -> None:
    draft.settings["epub.cover"] = '"images/cover.png"'
    draft.pictures["cover.png"] = b"\x89PNG\r\n"


def _lose_memo(draft: Draft) -> None:
    draft.more[f"manuscript/{next(iter(draft.memos))}.md"] = None


def _spoil_memo(draft: Draft) -> None:
    name = f"manuscript/{next(iter(draft.memos))}.md"
    draft.more[name] = b"# One\n\nGr\xf6\xdfe.\n"


def _title_twice(draft: Draft) -> None:
    first, *_, last = draft.memos.values()
    last.title = first.title


def _empty_sheet(draft: Draft) -> None:
    _write(_SHEET, "Year,Sum\n")(draft)
    _append("{{ include parts/sums.csv }}")(draft)


FAULTS: dict[str, Callable[[Draft], None]] = {
    "link to a memo that was removed": _remove_linked_memo,
    "link to a memo that was renamed": _rename_linked_memo,
    "picture that was removed": _remove_shown_picture,
    "memo that is listed and not there": _lose_memo,
    "memo that is not UTF-8": _spoil_memo,
    "title of two memos": _title_twice,
    "bracket that leads nowhere": _append("See [@fig:nothing]."),
    "anchor that is not there": _append("See [it](#nowhere)."),
    "variable that does not exist": _append("By {{ nobody }}."),
    "table without rows": _empty_sheet,
    "include that is not there": _append("{{ include parts/none.md }}"),
    "formula that is none": _append("As $\\foo$ says."),
    "diagram that is none": _append('```mermaid alt="A"\nnothing\n```'),
    "condition that does not end": _append("{{ if pdf }}\n\nText."),
    "change that does not end": _append("A {++new word."),
    "note that is not written": _append("A claim[^none]."),
    "term that leads nowhere": _append("[]{index='Of' see='Nothing'}"),
    "work that nobody wrote": _append("A claim [@nobody]."),
    "library that is none": _write("manuscript/works.json", "[{"),
    "library that is not there": _spoil("manuscript/works.json", None),
    "passage without an end": _append("[Here]{index-from='Law'}"),
    "note that is not called": _append("[^unused]: A note."),
    "heading of level four": _append("#### Too deep"),
    "character that no font has": _append("\U000122ab."),
    "picture on a server": _append("![A map](https://example.org/map.png)"),
    "template that is none": _write("styles/memo.html.j2", "{% broken %}"),
    "template without its variable": _write("styles/cover.html.j2", "{{ nonsense }}"),
    "template without its base": _write("styles/imprint.html.j2", '{% extends "no" %}'),
    "style that does not exist": _write("styles/print.css", "p { colr: red }"),
    "picture of a style that is not there": _write(
        "styles/print.css", ".opener { background: url(none.png) }"
    ),
    "token that does not exist": _write("styles/epub.css", "p { color: var(--no) }"),
    "font that is not there": _set("style.text_font", '"No Such Font"'),
    "fallback that was removed": _spoil("styles/fonts/HardCases-Regular.ttf", None),
    "paper that does not exist": _set("pdf.paper", '"a9"'),
    "key that does not exist": _set("pdf.papre", '"a5"'),
    "settings that are no TOML": _write("manuscript/book.toml", "[book\n"),
    "no settings": _spoil("manuscript/book.toml", None),
    "cover that is not there": _set("epub.cover", '"images/none.png"'),
    "cover that is damaged": _damage_cover,
}
"""What is wrong -> how it gets into a draft."""
