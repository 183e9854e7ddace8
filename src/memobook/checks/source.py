"""The lint of the manuscript: what no reader should meet, found before it is set.

What goes in: the sources and the memos parsed from them. What comes out: diagnostics.
Nothing is changed here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from memobook.book.captions import CAPTIONS
from memobook.book.marks import lacks
from memobook.book.markup import NOT_XML
from memobook.book.model import Memo, Source
from memobook.book.positions import MARKS, open_fences
from memobook.book.prose import prose
from memobook.book.tables import MOST_SPANNED
from memobook.book.tree import VOID, Node, nodes, text_of
from memobook.checks.abbreviations import unused_abbreviations
from memobook.diagnostics import Code, Reporter, Span
from memobook.project.config import split_block

__all__ = ["RULES", "cut_paragraphs", "is_stray", "lint", "lint_titles"]


def lint(source: Source, memo: Memo, reporter: Reporter) -> None:
    """Report what is wrong in one memo, rule by rule."""
    _, skip = split_block(source.text)
    lines = prose(source.text, skip)
    for rule in RULES:
        rule(source, memo, lines, reporter)


def lint_titles(memos: tuple[Memo, ...], reporter: Reporter) -> None:
    """Report two memos with the same title."""
    first: dict[str, Memo] = {}
    for memo in memos:
        other = first.setdefault(memo.title.casefold(), memo)
        if memo.title and other is not memo:
            message = f"“{memo.title}” is the title of {other.path}, too"
            hint = "give one of them another title"
            span = memo.title_span or memo.span
            reporter.error(Code.TITLE_DUPLICATE, span, message, hint)


_Rule = Callable[[Source, Memo, list[str], Reporter], None]

# Headings

_LEVELS = {f"h{level}": level for level in range(2, 7)}
# Only text has a place; of a heading without any, the line tells.
_NO_WORDS = re.compile(r"[\s>*+-]*(#{1,6})\s*#*\s*$")


def _headings(source: Source, memo: Memo, lines: list[str], reporter: Reporter) -> None:
    level = 1
    bare = _bare_headings(source, lines)
    for node in nodes(memo.body):
        here = _LEVELS.get(node.tag)
        if here is None:
            continue
        title = " ".join(text_of(node).split())
        if not title:
            span = node.span or next(bare, memo.span)
            message = "a heading has no words, which contents and outline would say"
            hint = "write its words; a picture stands in a paragraph of its own"
            reporter.error(Code.HEADING_EMPTY, span, message, hint)
        if here > level + 1:
            message = f"“{title}” is on level {here}, the heading above it on {level}"
            hint = f"begin it with {'#' * (level + 1)}"
            span = node.span or memo.span
            reporter.error(Code.HEADING_LEVEL_SKIPPED, span, message, hint)
        level = here


def _bare_headings(source: Source, lines: list[str]) -> Iterator[Span]:
    for number, line in enumerate(lines, start=1):
        if found := _NO_WORDS.match(line):
            yield Span(source.path, number, found.start(1) + 1, len(found[1]))


# Tables


def _spans(_: Source, memo: Memo, __: list[str], reporter: Reporter) -> None:
    spans = ("colspan", "rowspan")
    for node in () if lacks(memo, spans) else nodes(memo.body):
        for name in spans:
            value = node.get(name).lstrip("0")
            if value.isdecimal() and (len(value), value) > (4, str(MOST_SPANNED)):
                message = f"a cell has {name}={value[:20]}, and {MOST_SPANNED} is most"
                hint = "write as many as the table has"
                span = node.span or memo.span
                reporter.error(Code.LIMIT_EXCEEDED, span, message, hint)


# Captions

_CAPTION_MARK = re.compile(r"[\s>*+-]*(/{3,} *(?:table-|figure-)?caption)\b")


def _captions(source: Source, memo: Memo, lines: list[str], reporter: Reporter) -> None:
    """Report captions below nothing, or below a heading, which would be a figure."""
    figures = () if lacks(memo, ["figcaption"]) else nodes(memo.body)
    for figure in (n for n in figures if n.tag == "figure"):
        blocks = [c for c in figure.children if isinstance(c, Node)]
        caption = next((b for b in blocks if b.tag == "figcaption"), None)
        if caption and all(b is caption or b.tag in _LEVELS for b in blocks):
            words = " ".join(text_of(caption).split()[:6])
            message = (
                f"the caption “{words}” stands below nothing that it could belong to"
            )
            hint = "write it right below its picture, table or other block"
            span = caption.span or _places(source, memo, lines).get(id(caption))
            reporter.error(Code.CAPTION_ALONE, span or memo.span, message, hint)


def _places(source: Source, memo: Memo, lines: list[str]) -> dict[int, Span]:
    """Return where captions between marks begin, by the identity of their nodes."""
    found = [
        Span(source.path, number, mark.start(1) + 1, len(mark[1]))
        for number, line in enumerate(lines, start=1)
        if (mark := _CAPTION_MARK.match(line))
    ]
    captions = [n for n in nodes(memo.body) if n.tag in CAPTIONS and n.span is None]
    # With captions in HTML among them, nobody can tell.
    same = len(found) == len(captions)
    return {id(n): s for n, s in zip(captions, found, strict=True)} if same else {}


# Paragraphs

# A line of plain prose: no list, quote, table, heading, block mark, image or HTML.
_PLAIN = re.compile(r"^ {0,3}(?![-+*#>|`~:!<\[/\d]|\w+\))\S")
_OPEN_END = re.compile(r"[^\W\d_]\s?[,–—-]?\s*$")


def _cut_paragraphs(
    source: Source, _: Memo, lines: list[str], reporter: Reporter
) -> None:
    for index, column in cut_paragraphs(lines):
        words = " ".join(lines[index].split()[:4])
        message = f"the paragraph “{words} …” seems to belong to the one above"
        hint = "take the empty line out, or end the paragraph above with a full stop"
        span = Span(source.path, index + 1, column, len(words))
        reporter.error(Code.PARAGRAPH_CUT, span, message, hint)


def cut_paragraphs(lines: list[str]) -> Iterator[tuple[int, int]]:
    """Yield where a paragraph seems to go on with the one above an empty line.

    Of its first line the index, and the column at which its text begins.
    """
    for index in range(2, len(lines)):
        above, between, line = lines[index - 2 : index + 1]
        start = line.lstrip(" ")
        is_cut = (
            not between.strip()
            and start[:1].islower()
            and _PLAIN.match(line)
            and _PLAIN.match(above)
            and _OPEN_END.search(above)
        )
        if is_cut:
            yield index, len(line) - len(start) + 1


# Code


def _unclosed_code(
    source: Source, _: Memo, lines: list[str], reporter: Reporter
) -> None:
    for span in open_fences(lines, source.path):
        signs = lines[span.line - 1][span.column - 1 :][: span.length]
        message = f"the code that {signs} begins has no end"
        hint = f"write {signs} in a line below it, or a backslash before the signs"
        reporter.error(Code.CODE_UNCLOSED, span, message, hint)


# Characters

_STRAY = {
    "\u00ad": ("a soft hyphen", "take it out: hyphenation is done by the program"),
    "\f": ("a form feed", "take it out"),
    "\ufeff": ("a byte order mark", "take it out"),
    "\ufffd": ("a replacement character", "write what was meant"),
}


def _stray_characters(
    source: Source, _: Memo, __: list[str], reporter: Reporter
) -> None:
    # A text has few characters that differ: only these are looked at.
    stray = {c for c in set(source.text) - {"\n"} if is_stray(c)}
    for number, line in enumerate(source.text.split("\n") if stray else (), start=1):
        for column, character in enumerate(line, start=1):
            if character not in stray:
                continue
            unknown = (f"the character U+{ord(character):04X}", "take it out")
            name, hint = _STRAY.get(character, unknown)
            span = Span(source.path, number, column, 1)
            reporter.error(Code.CHARACTER_STRAY, span, f"{name} in the text", hint)


def is_stray(character: str) -> bool:
    """Tell whether a character has no place in a text."""
    if character in _STRAY:
        return True
    # Direction marks and joiners are format characters that some scripts need. What no
    # XML may hold, and what memobook marks places with, would be lost.
    is_control = unicodedata.category(character) == "Cc" and character != "\t"
    return is_control or bool(NOT_XML.match(character) or MARKS.match(character))


# References


_REFERENCE = re.compile(
    r"(?<!\\)\[((?:[^\[\]\\]|\\.)*[^\[\]\s](?:[^\[\]\\]|\\.)*)\]\[([^\[\]\n]*)\]"
)
_LITERAL = re.compile(r"\]\[([^\[\]]*)\]")


def _references(
    source: Source, memo: Memo, lines: list[str], reporter: Reporter
) -> None:
    """Report [text][name] that stayed text, because nothing defines the name."""
    trees = (memo.body, *(note for _, note in memo.footnotes))
    plain = " ".join(_outside_code(tree) for tree in trees)
    left = {found[1] for found in _LITERAL.finditer(plain)}
    text = "\n".join(lines)
    for found in _REFERENCE.finditer(text) if left else ():
        name = found[2] or " ".join(found[1].split())
        if found[2] not in left or name.startswith("^") or found[1].startswith("^"):
            continue
        line = text.count("\n", 0, found.start()) + 1
        column = found.start() - text.rfind("\n", 0, found.start())
        reporter.error(
            Code.LINK_REFERENCE_UNDEFINED,
            Span(source.path, line, column, len(found[0].split("\n")[0])),
            f"there is no address called {name}",
            f"add a line `[{name}]: https://...`",
        )


def _outside_code(node: Node) -> str:
    return text_of(node, without=frozenset(["code", "pre", "kbd", "samp"]))


# Lists

_ITEM = re.compile(r"^( *)([-*+]|\d{1,9}[.)])( +)(?=\S)")


def _flat_lists(source: Source, _: Memo, lines: list[str], reporter: Reporter) -> None:
    """Report list items that are nested, or a list, on GitHub but not here."""
    above = ""
    open_items: list[re.Match[str]] = []
    for number, raw in enumerate(lines, start=1):
        line = raw.expandtabs(4)
        item = _ITEM.match(line)
        if item:
            follows = ""
            while open_items and len(item[1]) < open_items[-1].end():
                before = open_items.pop()
                if len(before[1]) <= len(item[1]) and above.strip():
                    follows = before[2]
            found = _flat_item(item, len(open_items), above, follows)
            if found:
                span = Span(source.path, number, raw.find(item[2]) + 1, len(item[2]))
                reporter.error(Code.LIST_FLATTENED, span, *found)
            open_items.append(item)
        elif line.strip() and not line.startswith(" ") and not above.strip():
            open_items = []
        above = line


def _flat_item(
    item: re.Match[str], depth: int, above: str, follows: str
) -> tuple[str, str] | None:
    """Return what is wrong with a list item, and a hint.

    `above` is the line above it, and `follows` the mark of the item before it in its
    list, if no empty line stands between.
    """
    mark = item[2]
    is_first = depth == 0 and not follows and mark in {"-", "*", "+", "1."}
    is_other_kind = follows and mark[0].isdigit() != follows[0].isdigit()
    if mark.endswith(")"):
        hint = f"write {mark[:-1]}. instead of {mark}"
        return f"{mark} begins no item of a list", hint
    if depth > len(item[1]) // 4:
        hint = f"begin the line with {4 * depth} spaces"
        return "the item is not nested in the one above", hint
    if is_other_kind or (is_first and _PLAIN.match(above)):
        hint = "put an empty line above it"
        return "the item goes on with the line above", hint
    return None


# HTML


# Which end tags may be left out?
# https://html.spec.whatwg.org/multipage/syntax.html#optional-tags
_OPTIONAL = frozenset("p li dt dd tr td th thead tbody tfoot colgroup rp rt".split())

# A comment, what is no element at all, and a tag.
_MARKUP = re.compile(
    r"""<!--.*?(?:-->|(?P<endless>\Z))
    |   (?P<other><\?[^>]*>?|<!\[[^>]*>?|<![A-Za-z][^>]*>?)
    |   <(?P<end>/?)(?P<tag>[A-Za-z][^\s/<>]*)
        (?:[^<>"']|"[^"]*"|'[^']*')*?(?P<empty>/?)>
    """,
    re.DOTALL | re.VERBOSE,
)


def _unclosed_html(
    source: Source, _: Memo, lines: list[str], reporter: Reporter
) -> None:
    text = "\n".join(lines)
    tags = _Tags(reporter)
    for found in _MARKUP.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        column = found.start() - text.rfind("\n", 0, found.start())
        if found["endless"] is not None:
            span = Span(source.path, line, column, 4)
            tags.report("the comment is not closed", "add -->", span)
        elif found["other"]:
            length = len(found["other"].split("\n")[0])
            message = f"{found['other'].split()[0]} has no place in a book"
            hint = "take it out, or write it as code"
            span = Span(source.path, line, column, length)
            reporter.error(Code.HTML_NOT_ALLOWED, span, message, hint)
        elif found["tag"]:
            name = found["tag"].lower()
            span = Span(source.path, line, column, len(f"<{found['end']}{name}"))
            tags.take(
                name, span, is_end=bool(found["end"]), is_empty=bool(found["empty"])
            )
    tags.end()


@dataclass(frozen=True, slots=True)
class _Tags:
    """Keeps the elements that are open, with the place of each."""

    reporter: Reporter
    open: list[tuple[str, Span]] = field(default_factory=list)

    def take(self, tag: str, span: Span, *, is_end: bool, is_empty: bool) -> None:
        if is_end:
            self._close(tag, span)
        elif tag not in VOID and not is_empty:
            self.open.append((tag, span))

    def end(self) -> None:
        for tag, span in self.open:
            if tag not in _OPTIONAL:
                self.report(f"<{tag}> is not closed", f"add </{tag}>", span)

    def _close(self, tag: str, span: Span) -> None:
        if tag not in {name for name, _ in self.open}:
            if tag not in VOID | _OPTIONAL:
                hint = f"take it out, or open <{tag}> before it"
                self.report(f"</{tag}> closes nothing", hint, span)
            return
        while self.open:
            name, opened = self.open.pop()
            if name == tag:
                return
            if name not in _OPTIONAL:
                hint = f"add </{name}> before </{tag}>"
                self.report(f"<{name}> is not closed", hint, opened)

    def report(self, message: str, hint: str, span: Span) -> None:
        self.reporter.error(Code.HTML_UNCLOSED, span, message, hint)


RULES: tuple[_Rule, ...] = (
    _spans,
    _headings,
    _captions,
    _cut_paragraphs,
    _stray_characters,
    _references,
    _flat_lists,
    _unclosed_code,
    _unclosed_html,
    unused_abbreviations,
)
