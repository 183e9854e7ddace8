"""The lint of the manuscript: what no reader should meet, found before it is set.

What goes in: the sources and the memos parsed from them. What comes out: diagnostics.
Nothing is changed here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from memobook.book.model import Memo, Source
from memobook.book.positions import code_lines
from memobook.book.tree import VOID, Node, nodes, text_of
from memobook.diagnostics import Code, Reporter, Span
from memobook.project.config import split_block

__all__ = ["RULES", "lint", "lint_titles"]


def lint(source: Source, memo: Memo, reporter: Reporter) -> None:
    """Report what is wrong in one memo, rule by rule."""
    lines = _prose(source.text)
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
            reporter.error(Code.TITLE_DUPLICATE, memo.span, message, hint)


_Rule = Callable[[Source, Memo, list[str], Reporter], None]

_INLINE_CODE = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)")
_AUTOLINK = re.compile(r"<(?:https?:|mailto:|[^\s<>@]+@)[^\s<>]*>")


def _prose(text: str) -> list[str]:
    """Return the lines with blanks for the block, code and autolinks, same columns."""
    _, skip = split_block(text)
    lines = text.split("\n")
    code = code_lines(lines)

    def blank(found: re.Match[str]) -> str:
        return " " * len(found[0])

    return [
        ""
        if index < skip or index in code
        else _AUTOLINK.sub(blank, _INLINE_CODE.sub(blank, line))
        for index, line in enumerate(lines)
    ]


# Headings


def _headings(_: Source, memo: Memo, __: list[str], reporter: Reporter) -> None:
    level = 1
    for node in nodes(memo.body):
        if not re.fullmatch("h[2-6]", node.tag):
            continue
        here = int(node.tag[1])
        if here > level + 1:
            title = " ".join(text_of(node).split())
            message = f"“{title}” is on level {here}, the heading above it on {level}"
            hint = f"begin it with {'#' * (level + 1)}"
            span = node.span or memo.span
            reporter.error(Code.HEADING_LEVEL_SKIPPED, span, message, hint)
        level = here


# Paragraphs

# A line of plain prose: no list, quote, table, heading, block mark, image or HTML.
_PLAIN = re.compile(r"^ {0,3}(?![-+*#>|`~:!<\[/\d]|\w+\))\S")
_OPEN_END = re.compile(r"[^\W\d_][,–—-]?\s*$")


def _cut_paragraphs(
    source: Source, _: Memo, lines: list[str], reporter: Reporter
) -> None:
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
            column = len(line) - len(start) + 1
            words = " ".join(start.split()[:4])
            message = f"the paragraph “{words} …” seems to belong to the one above"
            hint = "take the empty line out, or end the paragraph above with a sign"
            span = Span(source.path, index + 1, column, len(words))
            reporter.error(Code.PARAGRAPH_CUT, span, message, hint)


# Characters

_STRAY = {
    "\u00ad": ("a soft hyphen", "take it out: hyphenation is done by the program"),
    "\f": ("a form feed", "take it out"),
    "\ufffd": ("a replacement character", "write what was meant"),
}


def _stray_characters(
    source: Source, _: Memo, __: list[str], reporter: Reporter
) -> None:
    for number, line in enumerate(source.text.split("\n"), start=1):
        for column, character in enumerate(line, start=1):
            found = _STRAY.get(character)
            if found is None and _is_stray(character):
                found = (f"the control character U+{ord(character):04X}", "take it out")
            if found:
                name, hint = found
                span = Span(source.path, number, column, 1)
                reporter.error(Code.CHARACTER_STRAY, span, f"{name} in the text", hint)


def _is_stray(character: str) -> bool:
    # Direction marks and joiners are format characters that some scripts need.
    return unicodedata.category(character) == "Cc" and character != "\t"


# References


_REFERENCE = re.compile(r"\[([^\[\]]+)\]\[([^\[\]]*)\]")
_CODE = frozenset(["code", "pre", "kbd", "samp"])


def _references(
    source: Source, memo: Memo, lines: list[str], reporter: Reporter
) -> None:
    """Report [text][name] that stayed text, because nothing defines the name."""
    trees = (memo.body, *(note for _, note in memo.footnotes))
    for literal in sorted({m for tree in trees for m in _literal_references(tree)}):
        for number, line in enumerate(lines, start=1):
            column = line.find(literal) + 1
            if column:
                found = _REFERENCE.match(literal)
                name = (found[2] or found[1]) if found else literal
                reporter.error(
                    Code.LINK_REFERENCE_UNDEFINED,
                    Span(source.path, number, column, len(literal)),
                    f"there is no address called {name}",
                    f"add a line `[{name}]: https://...`",
                )


def _literal_references(node: Node) -> Iterator[str]:
    for child in node.children:
        if isinstance(child, str):
            yield from (m[0] for m in _REFERENCE.finditer(child))
        elif child.tag not in _CODE:
            yield from _literal_references(child)


# HTML


# Which end tags may be left out?
# https://html.spec.whatwg.org/multipage/syntax.html#optional-tags
_OPTIONAL = frozenset("p li dt dd tr td th thead tbody tfoot colgroup rp rt".split())


def _unclosed_html(
    source: Source, _: Memo, lines: list[str], reporter: Reporter
) -> None:
    tags = _Tags(source.path, reporter)
    tags.feed("\n".join(lines))
    tags.close()
    for tag, span in tags.open:
        if tag not in _OPTIONAL:
            _report_tag(f"<{tag}> is not closed", f"add </{tag}>", span, reporter)


@dataclass
class _Tags(HTMLParser):
    """Keeps the elements that are open, with the place of each."""

    path: str
    reporter: Reporter
    open: list[tuple[str, Span]] = field(default_factory=list)

    def __post_init__(self) -> None:
        HTMLParser.__init__(self)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in VOID:
            self.open.append((tag, self._span(tag)))

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        if tag not in {name for name, _ in self.open}:
            if tag not in VOID | _OPTIONAL:
                hint = f"take it out, or open <{tag}> before it"
                message = f"</{tag}> closes nothing"
                _report_tag(message, hint, self._span(f"/{tag}"), self.reporter)
            return
        while self.open:
            name, span = self.open.pop()
            if name == tag:
                return
            if name not in _OPTIONAL:
                hint = f"add </{name}> before </{tag}>"
                _report_tag(f"<{name}> is not closed", hint, span, self.reporter)

    def _span(self, tag: str) -> Span:
        line, column = self.getpos()
        return Span(self.path, line, column + 1, len(tag) + 1)


def _report_tag(message: str, hint: str, span: Span, reporter: Reporter) -> None:
    reporter.error(Code.HTML_UNCLOSED, span, message, hint)


RULES: tuple[_Rule, ...] = (
    _headings,
    _cut_paragraphs,
    _stray_characters,
    _references,
    _unclosed_html,
)
