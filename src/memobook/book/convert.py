"""Convert Markdown to a tree of HTML. The only module that knows Python-Markdown.

What goes in: a text. What comes out: the body that an HTML parser makes of it, with
Python-Markdown's own classes and ids. What they mean is not known here.

Python-Markdown tries every kind of block and of inline text on every piece of text,
which took most of its time. Here it first looks whether the piece has the sign that
such a thing needs. That changes no result, and a test holds that it does not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache
from importlib import import_module
from typing import Any, cast
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.abbr import AbbrTreeprocessor
from markdown.extensions.footnotes import FootnoteExtension
from markdown.extensions.smarty import SmartyExtension
from markdown.inlinepatterns import InlineProcessor as Pattern
from markdown.treeprocessors import InlineProcessor
from markdown.util import INLINE_PLACEHOLDER_RE, AtomicString
from pymdownx import blocks
from pymdownx.blocks import BlocksExtension
from pymdownx.blocks.block import Block
from pymdownx.blocks.html import HTML
from pymdownx.highlight import BlockHtmlFormatter

from memobook.book.attributelists import take_whole_lists
from memobook.book.blocks import end_once, guard_blocks, take_or_leave
from memobook.book.definitions import Definition, Definitions
from memobook.book.eastern import quotations
from memobook.book.extensions import ABBREVIATION, EXTENSIONS, SETTINGS
from memobook.book.footnotes import without_call_links
from memobook.book.htmltree import body_of
from memobook.book.positions import BLOCK
from memobook.book.quotes import quotation_marks
from memobook.book.saying import said_in
from memobook.project.yamlblock import quick_options

__all__ = [
    "BLOCK_NEEDS",
    "NEEDS",
    "converted",
    "converter",
    "defined_footnotes",
    "plain_converter",
    "unused_definitions",
]

blocks.get_frontmatter = quick_options(blocks.get_frontmatter)
# Pygments would make a style sheet for each piece of code; its classes are ours.
BlockHtmlFormatter._create_stylesheet = lambda _: None

# What is no quotation mark, but an apostrophe, which is the same in every language:
# it’s, l’*été*, the ’90s.
_APOSTROPHE = r"(?<=\w)'(?=\w)|(?:(?<=\s\w)|(?<=^\w))'|(?<!\w)'(?=\d\ds)"


def converted(text: str, language: str) -> Element:
    """Return the body of a text; `language` has its own quotation marks."""
    if _BROKEN_OFF:
        # In a converter that did not come to its end, a block may still be open.
        _converter.cache_clear()
    _BROKEN_OFF[:] = [text]
    html = converter(language).reset().convert(text)
    _BROKEN_OFF.clear()
    return body_of(without_call_links(html))


_BROKEN_OFF: list[str] = []
"""The text that is being converted, or that raised an exception."""


def defined_footnotes(language: str) -> tuple[str, ...]:
    """Return the names of the footnotes in the text that was converted last."""
    found = converter(language).registeredExtensions
    notes = next(e for e in found if isinstance(e, FootnoteExtension))
    return tuple(notes.footnotes)


def unused_definitions(language: str) -> tuple[Definition, ...]:
    """Return the addresses that no link uses of the text that was converted last."""
    found = converter(language).references
    return found.unused() if isinstance(found, Definitions) else ()


def converter(language: str) -> Markdown:
    """Return the one converter of a process for languages with the same quotes."""
    return _converter(quotation_marks(language))


@cache
def _converter(marks: tuple[str, ...]) -> Markdown:
    # To make it costs 50 ms; that for English the processes have from their server.
    md = _plain(marks)
    for name, priority in (("inline", 20), ("smarty", 6)):
        md.treeprocessors.register(_Inline.of(md.treeprocessors[name]), name, priority)
    known = cast("AbbrTreeprocessor", md.treeprocessors["abbr"]).abbrs
    md.treeprocessors.register(_Abbreviations(md, known), "abbr", 7)
    for name, sign in BLOCK_NEEDS.items():
        _guard(md.parser.blockprocessors[name], sign)
    guard_blocks(md.parser.blockprocessors["blocks"])
    return md


def plain_converter(language: str) -> Markdown:
    """Return a converter that tries everything on every piece."""
    return _plain(quotation_marks(language))


def _plain(marks: tuple[str, ...]) -> Markdown:
    names = ("left", "right")
    substitutions = {
        **{f"{n}-double-quote": q for n, q in zip(names, marks[:2], strict=True)},
        **{f"{n}-single-quote": q for n, q in zip(names, marks[2:], strict=True)},
    }
    own: tuple[Extension, ...] = (_Smarty(substitutions=substitutions), _Blocks())
    extensions = [*map(_extension, EXTENSIONS), *own]
    md = Markdown(extensions=extensions, output_format="xhtml")
    md.references = Definitions()
    md.inlinePatterns["arithmatex-inline"].compiled_re = _FORMULA
    said = _saying(md)
    for name in _SAYING:
        pattern: Any = md.inlinePatterns[name]
        pattern.unescape = said
    lists, spans = md.treeprocessors["attr_list"], md.inlinePatterns["bracket_span"]
    take_whole_lists(lists, spans, said)
    _require_terms(md.parser.blockprocessors["deflist"])
    _name_formulas(md.parser.blockprocessors["arithmatex-block"])
    end_once(md.parser.blockprocessors["blocks"])
    take_or_leave(md.parser.blockprocessors["blocks"])
    md.parser.blockprocessors["abbr"].RE = ABBREVIATION  # type: ignore[attr-defined]  # not in the stubs
    # Behind escapes and footnotes, before links: [text] may be one of these, too.
    md.inlinePatterns.register(_Bracket(_BRACKET, md), "bracket", 172)
    return md


# pymdownx would read “A$5 or US$6/bottle” as a formula. As with pandoc, a formula has
# no space inside its dollars and no digit behind them; and no letter before them.
_FORMULA = re.compile(
    r"(?:(?<!\\)((?:\\{2})+)(?=\$)"
    r"|(?<![\w\\$])(\$)(?![\s$])((?:\\.|[^\\$\x02\x03])+?)(?<!\s)\$(?![\w$]))"
)
_FORMULA_BLOCK = re.compile(
    r"(?s)^\$\$(?P<math>(?:\\.|[^\\$])+)\$\$[ ]*(?P<names>\{[^{}\n]*\})?[ ]*$"
)


def _name_formulas(processor: Any) -> None:  # noqa: ANN401 (a registry's)
    """Let attributes stand behind a formula's closing dollars, as they do elsewhere."""
    run = processor.run
    processor.pattern = _FORMULA_BLOCK

    def named(parent: Element, blocks: list[str]) -> bool:
        run(parent, blocks)
        made = parent[-1]
        made.text = AtomicString(f"{made.text}\n{processor.match['names'] or ''}")
        return True

    processor.run = named


def _require_terms(processor: Any) -> None:  # noqa: ANN401 (a registry's)
    """Let a text that begins with a colon be one, where no term stands before it.

    Python-Markdown does so at the start of a text, but makes a list without a term of
    it below a heading or a table, which no EPUB may hold.
    """
    test = processor.test

    def has_term(parent: Element, block: str) -> bool:
        if not test(parent, block):
            return False
        term = block[: processor.RE.search(block).start()]
        last = processor.lastChild(parent)
        if last is None or last.tag == "dl" or term.strip():
            return True
        # The title of a callout is none.
        return last.tag == "p" and bool(last.text) and not last.attrib

    processor.test = has_term


_SAYING = ("link", "image_link", "image_reference", "short_image_ref")
"""Patterns that say in an attribute what an author wrote with signs: alt, title."""


def _saying(md: Markdown) -> Callable[[str], str]:
    """Return what says the words of signs in signs: Python-Markdown loses them."""

    def said(found: re.Match[str]) -> str:
        # The processor is another one by now, and has a new stash for each text.
        inline = cast("InlineProcessor", md.treeprocessors["inline"])
        return unstashed(said_in(inline.stashed_nodes.get(found[1], "")))

    def unstashed(text: str) -> str:
        return INLINE_PLACEHOLDER_RE.sub(said, text)

    return unstashed


def _extension(name: str) -> Extension:
    # By its short name, Python-Markdown would look it up in every installed package.
    made = import_module(name).makeExtension(**SETTINGS.get(name, {}))
    return cast("Extension", made)


# [@key] and [see -@key], with whatever stands behind it; no link, no definition.
_BRACKET = r"(?<!!)\[((?:[^\[\]@]*\s)?-?@[\w{][^\[\]]*)\](?!\(|\[(?!-?@))"


class _Bracket(Pattern):
    """Makes <cite refs="@fig:orbits"> of [@fig:orbits]; brackets.py reads it."""

    def handleMatch(  # type: ignore[override]  # noqa: N802 (its name there)
        self, found: re.Match[str], data: str
    ) -> tuple[Element | None, int | None, int | None]:
        """Return the element, or nothing where the author has defined such a link."""
        text = " ".join(self.unescape(found[1]).split())
        if text.lower() in self.md.references:
            return None, None, None
        return Element("cite", {"refs": text}), found.start(), found.end()


class _Description(Block):  # type: ignore[misc]  # pymdownx has no types
    """A long description of the figure above it: /// description."""

    NAME = "description"

    def on_create(self, parent: Element) -> Element:
        """Return the element; figures.py knows what it is."""
        return SubElement(parent, "div", {"class": "description"})


class _HTML(HTML):  # type: ignore[misc]  # as above
    """/// html | section, which is no tag: rawplaces.py looks for another place."""

    def on_create(self, parent: Element) -> Element:
        """Return the element, which says what it was made of."""
        made: Element = super().on_create(parent)
        made.set(*BLOCK)
        return made


class _Blocks(BlocksExtension):  # type: ignore[misc]  # as above
    def extendMarkdownBlocks(self, _: Markdown, blocks: Any) -> None:  # noqa: N802, ANN401 (its name there)
        """Make the blocks known."""
        blocks.register(_Description, {})
        blocks.register(_HTML, {"custom": []})


class _Smarty(SmartyExtension):
    """Knows that an apostrophe is no closing quotation mark, but in English.

    And where words have no spaces between them, a mark is known by its place alone.
    """

    def educateQuotes(self, md: Markdown) -> None:  # noqa: N802 (its name there)
        """Add the pattern for apostrophes before those for quotation marks."""
        self._addPatterns(md, quotations(self.substitutions), "east", 64)  # type: ignore[attr-defined]  # as below
        patterns = ((_APOSTROPHE, ("’",)),)
        self._addPatterns(md, patterns, "apostrophes", 60)  # type: ignore[attr-defined]  # not in the stubs
        super().educateQuotes(md)


BLOCK_NEEDS = {
    "deflist": ":",
    "hashheader": "#",
    "quote": ">",
    "arithmatex-block": "$$",
    "setextheader": "\n",
    "table": "|",
}
"""Kind of block -> what it must hold; their regexes look at every character."""


def _guard(processor: Any, sign: str) -> None:  # noqa: ANN401 (a registry's)
    test = processor.test
    processor.test = lambda parent, block: sign in block and test(parent, block)


# What must a text hold for an inline pattern to match anything?
NEEDS = {
    name: sign
    for sign, names in (
        ("`", "backtick"),
        ("$", "arithmatex-inline"),
        ("+", "keys keys-custom"),
        ("\\", "escape"),
        ("[", "footnote reference link image_link image_reference short_reference"),
        ("[", "short_image_ref bracket_span"),
        ("@", "bracket"),
        ("<", "autolink automail html"),
        ("  \n", "linebreak"),
        ("&", "entity"),
        ("--", "smarty-em-dashes smarty-en-dashes"),
        ("...", "smarty-ellipses"),
        ("'", "smarty-apostrophes-0"),
        ("'", " ".join(f"smarty-quotes-{n}" for n in (0, *range(2, 11)))),
        ('"', " ".join(f"smarty-quotes-{n}" for n in (1, *range(11, 15)))),
        ('"', "smarty-east-0 smarty-east-1"),
        ("'", "smarty-east-2 smarty-east-3"),
    )
    for name in names.split()
}
"""Pattern's name -> text; a pattern that is not here is always tried."""


class _Abbreviations(AbbrTreeprocessor):
    """Looks for abbreviations in a text before it looks where a word begins."""

    @property
    def RE(self) -> Any:  # noqa: N802, ANN401 (its name there)
        """Stand in for the regex of all abbreviations of a text."""
        return self

    @RE.setter
    def RE(self, found: re.Pattern[str] | None) -> None:  # noqa: N802 (as above)
        self._regex = found

    def finditer(self, text: str) -> Iterable[re.Match[str]]:
        """Return what the regex finds."""
        if self._regex is None or not any(name in text for name in self.abbrs):
            return ()
        return self._regex.finditer(text)


class _Inline(InlineProcessor):
    """Looks whether a pattern can match before all that an attempt at it costs.

    For each text Python-Markdown makes an attempt with each of its patterns, most of
    which match nothing: three calls, a look-up and an iterator every time.
    """

    tries: tuple[tuple[str, Callable[[str, int], object]], ...]
    """Of every pattern, in order: what it needs, and its regex's search."""

    @classmethod
    def of(cls, processor: Any) -> _Inline:  # noqa: ANN401 (a registry's)
        """Return a processor with the patterns of another one."""
        made = cls(processor.md)
        made.inlinePatterns = patterns = processor.inlinePatterns
        named = {id(patterns[name]): NEEDS[name] for name in NEEDS if name in patterns}
        made.tries = tuple(
            (named.get(id(p), ""), p.getCompiledRegExp().search) for p in patterns
        )
        return made

    def _InlineProcessor__handleInline(self, data: str, patternIndex: int = 0) -> str:  # noqa: N802, N803 (its names there)
        if isinstance(data, AtomicString):
            return data
        for index, (need, search) in enumerate(self.tries[patternIndex:], patternIndex):
            start = 0
            while need in data and search(data, start):
                pattern = self.inlinePatterns[index]
                data, has_matched, start = self._InlineProcessor__applyPattern(  # type: ignore[attr-defined]  # private
                    pattern, data, index, start
                )
                if not has_matched:
                    break
        return data
