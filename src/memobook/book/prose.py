"""The prose of a source: its lines with blanks for what is no prose, columns kept.

What goes in: a text. What comes out: as many lines of the same lengths, in which a
search for a footnote or a tag finds none that stands in code. It is a reading by eye,
for diagnostics only; what the text means, Python-Markdown decides.
"""

from __future__ import annotations

import re

from memobook.book.positions import code_lines

__all__ = ["parted", "prose"]

# Which parts of a line are no prose? Between backticks no line is empty. Before each
# stands what it needs at least: most texts do not have it, and then none is looked for.
_BLANKED = (
    (
        "`",
        re.compile(r"(?<![\\`])(`+)(?!`)(?:(?!\n[ \t]*\n).)+?(?<!`)\1(?!`)", re.DOTALL),
    ),
    ("<!--", re.compile(r"<!--.*?-->", re.DOTALL)),
    ("<", re.compile(r"<(?:https?:|mailto:|[^\s<>@]+@)[^\s<>]*>")),
    ("<", re.compile(r"(?<=\]\()[ \t]*<[^<>\n]*>")),
    ("<", re.compile(r"^ {0,3}\[(?!\^)[^\]\n]+\]:[ \t]*<[^<>\n]*>", re.MULTILINE)),
)

# What may have code below it that is indented further, so that four spaces mean no
# code: a list item, a footnote, a definition, an admonition?
_CONTAINER = re.compile(
    r"^ {0,3}(?:[-*+][ \t]|\d+[.)][ \t]|\[\^[^\]]+\]:|:[ \t]|!!!|///)"
)


def prose(text: str, skip: int = 0) -> list[str]:
    """Return the lines of a text's prose; the first `skip` lines are not looked at."""
    lines = ["" if i < skip else line for i, line in enumerate(text.split("\n"))]
    fenced = code_lines(lines)
    lines = ["" if i in fenced else line for i, line in enumerate(lines)]
    indented = _indented_code(lines)
    plain = "\n".join("" if i in indented else line for i, line in enumerate(lines))
    for least, pattern in _BLANKED:
        if least in plain:
            plain = pattern.sub(_blank, plain)
    return plain.split("\n")


def _blank(found: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", found[0])


def _indented_code(lines: list[str]) -> frozenset[int]:
    """Return the indexes of the lines of code that is set off by four spaces."""
    code: set[int] = set()
    after_blank, contained = True, False
    for index, line in enumerate(lines):
        if not line.strip():
            after_blank = True
            continue
        if not line.expandtabs(4).startswith("    "):
            # A line without indent directly below an item still belongs to it.
            is_lazy = contained and not after_blank
            contained = is_lazy or bool(_CONTAINER.match(line))
        elif not contained and (after_blank or index - 1 in code):
            code.add(index)
        after_blank = False
    return frozenset(code)


_QUOTED, _ITEM = re.compile(r"\s*>"), re.compile(r"\s*([-+*]|\d+[.)])\s")
_FENCE = re.compile(r"([ \t]*)/{3,}")


def parted(text: str, lines: list[str]) -> str:
    """Return a text with an empty line between a quotation or list and a `///` below.

    `lines` are its prose. Such a line goes on with neither, and pymdownx comes to no
    end where it does and a block stands in the quotation.
    """
    if "///" not in text:
        return text
    made: list[str] = []
    is_quoted = is_item = False
    for line, here in zip(text.split("\n"), lines, strict=False):
        if fence := _FENCE.match(here):
            # Further in it stands in an item, which it goes on with.
            is_further = len(fence[1].expandtabs(4)) > 3
            if is_quoted or (is_item and not is_further):
                made.append("")
        made.append(line)
        # A line without a sign goes on with the quotation above it.
        is_quoted = bool(_QUOTED.match(here) or (is_quoted and here.strip()))
        is_item = bool(_ITEM.match(here))
    return "\n".join(made)
